"""Holds what we enforce and what we send against the official files of the platforms."""
