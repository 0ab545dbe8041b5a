"""Posable characters and vehicles, one file each, all drawn by the same hand."""
