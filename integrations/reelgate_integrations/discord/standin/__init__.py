"""The rooms of Discord's twin: what it enforces, what it remembers, how it answers."""
