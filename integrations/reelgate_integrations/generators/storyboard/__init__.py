"""The storyboard: a procedural animator that needs no weights, and says so."""
