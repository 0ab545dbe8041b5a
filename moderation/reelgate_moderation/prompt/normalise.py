"""Folds a text to plain lower-case letters and remembers where every letter came from.

``fold`` undoes what a single character can hide: case, compatibility forms, accents, look-alikes,
invisible and direction-changing signs. What takes several characters to hide (number letters, spaced or
repeated letters, reversed words) is read in :mod:`reelgate_moderation.prompt.tokens`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from reelgate_moderation.prompt.characters import hidden, read_as

_OVERRIDE = "\u202e"
_VOICING = frozenset("\u3099\u309a")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. ``origin[i]`` is the offset of the original character that letter ``i`` came from.

    ``disguised`` holds the original offsets whose reading undid a disguise; ``reversed_by_control`` says
    that a right-to-left override stands in the text; ``smuggled`` is the text hidden in tag characters.
    """

    text: str
    origin: tuple[int, ...]
    length: int
    disguised: frozenset[int]
    reversed_by_control: bool
    smuggled: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original offsets of ``text[start:end]``: never empty, never outside the original."""
        if not self.origin or self.length == 0:
            return (0, self.length)
        first = self.origin[min(max(start, 0), len(self.origin) - 1)]
        last = self.origin[min(max(end - 1, 0), len(self.origin) - 1)]
        return (first, max(last, first) + 1)


def fold(text: str) -> Folded:
    """``text`` folded; works on any string, lone surrogates included."""
    out: list[str] = []
    origin: list[int] = []
    disguised: list[int] = []
    smuggled: list[str] = []
    for index, sign in enumerate(text):
        read, undone = read_as(sign)
        if undone:
            disguised.append(index)
            smuggled.append(hidden(sign))
        if read in _VOICING and out:
            joined = unicodedata.normalize("NFC", out[-1] + read)
            if len(joined) == 1:
                out[-1] = joined
                continue
        for letter in read:
            out.append(letter)
            origin.append(index)
    return Folded(
        text="".join(out),
        origin=tuple(origin),
        length=len(text),
        disguised=frozenset(disguised),
        reversed_by_control=_OVERRIDE in text,
        smuggled="".join(smuggled),
    )
