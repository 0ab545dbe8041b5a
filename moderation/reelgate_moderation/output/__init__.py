"""Screens what was filmed before anything leaves."""
