"""``reelgate dev``: a platform's twin with a chat page, and a service wired to it."""
