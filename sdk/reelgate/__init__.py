"""Reelgate: connect a chat or photo app to a text-to-video generator, safely."""
