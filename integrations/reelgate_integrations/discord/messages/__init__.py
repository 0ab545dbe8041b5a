"""Our messages at Discord: how they are written, and how they are found again."""
