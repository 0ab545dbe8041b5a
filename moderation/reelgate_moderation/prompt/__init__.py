"""Screens words before anything is filmed."""
