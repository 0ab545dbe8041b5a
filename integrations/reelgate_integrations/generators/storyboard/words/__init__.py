"""The words the storyboard knows, as tables: who, what they do, where, when, how it looks."""

from __future__ import annotations


def each(text: str) -> frozenset[str]:
    """The words of a line."""
    return frozenset(text.split())
