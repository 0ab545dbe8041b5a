"""What several characters together can hide: number letters, masks, repeats, misspelling, reversal, ROT13.

Each function gives readings that stand in a ``fuzzy`` list, never anything else.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from reelgate_moderation.prompt.characters import LEET, LEET_L
from reelgate_moderation.prompt.lexicon import WORDS_KEPT, shorter, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reelgate_moderation.prompt.lexicon import Lexicon

_LEET_I = str.maketrans(LEET)
_LEET_L = str.maketrans(LEET_L)
_RUN = re.compile(r"(.)\1\1")
_EDGES = "\"'`.,;:?()[]{}<>*_~-–—…“”„«»/\\#=^&%"
_MASK = frozenset("*#%_?")
_TYPO_FROM = 7
_TYPO_UP_TO = 24
_ROT_FROM = 6
_SPELT_LONGEST = 16


@lru_cache(maxsize=WORDS_KEPT)
def word_readings(word: str, lexicon: Lexicon) -> frozenset[str]:
    """Other readings of one word of letters and digits."""
    return frozenset(_word_readings(word, lexicon))


def _word_readings(word: str, lexicon: Lexicon) -> set[str]:
    if lexicon.find(word) or len(word) < 3:
        return set()
    found: set[str] = set()
    if any(c.isdigit() for c in word):
        if any(c.isalpha() for c in word):
            found.update(w for w in (word.translate(_LEET_I), word.translate(_LEET_L)) if w in lexicon.fuzzy)
        if not found and _RUN.search(word):
            found.update(_unrepeated(word.translate(_LEET_I), lexicon))
        return found
    if _RUN.search(word):
        found.update(_unrepeated(word, lexicon))
    if not found and _TYPO_FROM - 1 <= len(word) <= _TYPO_UP_TO:
        found.update(_misspelt(word, lexicon))
    return found


def _unrepeated(word: str, lexicon: Lexicon) -> Iterator[str]:
    known = lexicon.squeezed.get(squeeze(word))
    if known:
        yield known


def _misspelt(word: str, lexicon: Lexicon) -> set[str]:
    """Listed words of seven letters and more that differ by one letter left out, doubled or swapped."""
    found = {w for w in lexicon.shortened.get(word, frozenset()) if len(w) >= _TYPO_FROM}
    for less in shorter(word):
        for known in lexicon.shortened.get(less, frozenset()):
            doubled = known == less and word[-1] == known[-1]
            swapped = len(known) == len(word) and sorted(known) == sorted(word)
            if len(known) >= _TYPO_FROM and (doubled or swapped):
                found.add(known)
    return {w for w in found if w[:2] == word[:2] and not (word + "s" == w or w + "s" == word)}


def chunk_readings(chunk: str, lexicon: Lexicon) -> set[str]:
    """Readings of a chunk with signs in it: signs as letters, signs left out, signs as masks."""
    found: set[str] = set()
    for core in {chunk.strip(_EDGES), chunk.strip(_EDGES + "!|+")}:
        if len(core) < 3 or core.isalpha():
            continue
        bare = "".join(c for c in core if c.isalnum() or c in LEET)
        letters = "".join(c for c in core if c.isalnum())
        candidates = {bare.translate(_LEET_I), bare.translate(_LEET_L), letters, letters.translate(_LEET_I)}
        found.update(c for c in candidates if c in lexicon.fuzzy)
        if not found and any(c in _MASK for c in core[1:]):
            found.update(_unmasked(core, lexicon))
    return found


def _unmasked(core: str, lexicon: Lexicon) -> Iterator[str]:
    """Listed words that fit a mask such as ``m*rd*r``: at most half of it hidden, first letter shown."""
    shown = sum(c.isalpha() for c in core)
    if not core[0].isalpha() or shown < 2 or shown * 2 < len(core):
        return
    pattern = re.compile("".join("." if c in _MASK else re.escape(c) for c in core))
    yield from filter(pattern.fullmatch, lexicon.shapes.get((core[0], len(core)), ()))


def spaced_words(letters: str, lexicon: Lexicon, common: frozenset[str]) -> list[tuple[int, int, str]]:
    """Words spelt by single letters in a row, as (first, last + 1, word); empty when no listed word is there.

    Of all ways to cut the letters into words the one that covers most by listed words wins.
    """
    folded = (letters.translate(_LEET_I), letters.translate(_LEET_L))
    best: list[tuple[int, int, str]] = [(0, 0, "")]
    for end in range(1, len(letters) + 1):
        options = [(best[end - 1][0], 1, "")]
        for size in range(2, min(_SPELT_LONGEST, end) + 1):
            before = best[end - size][0]
            for text in folded:
                piece = text[end - size : end]
                if piece in lexicon.words and (size >= 4 or size == len(letters)):
                    weight = 4 if piece in lexicon.fuzzy else 2
                    options.append((before + weight * size, size, piece))
                elif piece in common:
                    options.append((before + size, size, piece))
        best.append(max(options, key=lambda option: option[0]))
    words: list[tuple[int, int, str]] = []
    end = len(letters)
    while end > 0:
        _, size, word = best[end]
        if word:
            words.append((end - size, end, word))
        end -= size
    listed = any(word in lexicon.fuzzy for _, _, word in words)
    return words[::-1] if listed else []


def unscrambled(
    words: Sequence[str], lexicon: Lexicon, common: frozenset[str], forced: bool
) -> Iterator[tuple[int, str]]:
    """Reversed and ROT13 readings. Reversal counts only where the text makes more sense backwards."""
    backwards = [word[::-1] for word in words]
    known = sum(w in common or w in lexicon.words for w in words)
    known_back = sum(w in common or w in lexicon.words for w in backwards if len(w) > 1)
    if forced or known_back > known:
        yield from ((i, w) for i, w in enumerate(backwards) if w in lexicon.words)
    rotated = [(i, codecs.encode(w, "rot13")) for i, w in enumerate(words) if w.isascii() and len(w) > 2]
    if sum(w in common or w in lexicon.words for _, w in rotated) > known:
        yield from ((i, w) for i, w in rotated if w in lexicon.words)
    else:
        yield from ((i, w) for i, w in rotated if len(w) >= _ROT_FROM and w in lexicon.fuzzy)
