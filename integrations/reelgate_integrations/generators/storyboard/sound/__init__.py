"""The scene's own sound, synthesised from the same timeline as the picture."""
