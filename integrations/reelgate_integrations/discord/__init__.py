"""The platform Discord: slash commands over HTTP, answers as messages."""
