"""What the chats have in common: the buttons under our messages, and every sentence that we say there."""
