"""Cuts a folded text into tokens and finds the readings each token may hide.

Every token keeps its plain word. Further readings are added only when they are words of a ``fuzzy`` list,
so harmless texts with digits, dots or odd spelling gain nothing and lose nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from reelgate_moderation.prompt.disguises import chunk_readings, spaced_words, unscrambled, word_readings
from reelgate_moderation.prompt.language import ENGLISH, FUNCTION_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reelgate_moderation.prompt.lexicon import Lexicon
    from reelgate_moderation.prompt.normalise import Folded

_SIGNS = "\u3040-\u30ff\u3400-\u9fff\u3005"
_WORD = re.compile(rf"[{_SIGNS}]+|[\u2600-\u27bf\U0001f300-\U0001faff]|[^\W_{_SIGNS}]+(?:'[^\W_{_SIGNS}]+)*")
_CHUNK = re.compile(r"\S+")
_SIGN_RUN = re.compile(rf"[{_SIGNS}]")
_JOIN_MOST = 4
_CHUNK_LONGEST = 48


@dataclass(frozen=True, slots=True)
class Token:
    """One word. ``start`` and ``end`` are offsets into the folded text; ``hidden`` are its other readings."""

    word: str
    start: int
    end: int
    hidden: frozenset[str] = frozenset()

    @property
    def words(self) -> tuple[str, ...]:
        """The plain word first, then what it may hide."""
        return (self.word, *self.hidden)


def tokens(folded: Folded, lexicon: Lexicon) -> list[Token]:
    """The tokens of ``folded`` in order."""
    common = FUNCTION_WORDS
    text = folded.text
    plain: list[Token] = []
    for match in _WORD.finditer(text):
        if _SIGN_RUN.match(match[0]):
            plain.extend(_signs(match[0], match.start(), lexicon))
        else:
            plain.append(Token(match[0].removesuffix("'s"), match.start(), match.end()))
    hidden: dict[int, set[str]] = {}
    for index, token in enumerate(plain):
        if token.word not in common:
            found = word_readings(token.word, lexicon)
            if found:
                hidden.setdefault(index, set()).update(found)
    _read_chunks(text, plain, lexicon, hidden)
    _read_joins(text, plain, lexicon, hidden)
    for index, word in unscrambled([t.word for t in plain], lexicon, common, folded.reversed_by_control):
        hidden.setdefault(index, set()).add(word)
    read = [Token(t.word, t.start, t.end, frozenset(hidden[i])) if i in hidden else t for i, t in enumerate(plain)]
    return _read_spaced(text, read, lexicon, common)


def _signs(run: str, offset: int, lexicon: Lexicon) -> list[Token]:
    """Words of a run of kana and Han that stand in a list (longest first); the rest in between as one."""
    found: list[Token] = []
    start = rest = 0
    while start < len(run):
        sizes = range(min(lexicon.longest_sign.get(run[start], 0), len(run) - start), 0, -1)
        size = next((n for n in sizes if run[start : start + n] in lexicon.signs), 0)
        if size:
            if rest < start:
                found.append(Token(run[rest:start], offset + rest, offset + start))
            found.append(Token(run[start : start + size], offset + start, offset + start + size))
            start += size
            rest = start
        else:
            start += 1
    if rest < len(run):
        found.append(Token(run[rest:], offset + rest, offset + len(run)))
    return found


def _read_chunks(text: str, plain: Sequence[Token], lexicon: Lexicon, hidden: dict[int, set[str]]) -> None:
    """Readings of whatever stands between two spaces and is more than plain letters."""
    starts = {token.start: index for index, token in enumerate(plain)}
    for match in _CHUNK.finditer(text):
        chunk = match[0]
        if chunk.isalnum() or len(chunk) > _CHUNK_LONGEST or not any(c.isalpha() for c in chunk):
            continue
        found = chunk_readings(chunk, lexicon)
        if found:
            first = next((starts[p] for p in range(match.start(), match.end()) if p in starts), None)
            if first is not None:
                hidden.setdefault(first, set()).update(found)


def _read_joins(text: str, plain: Sequence[Token], lexicon: Lexicon, hidden: dict[int, set[str]]) -> None:
    """Two short neighbours that make one listed word together, as in ``mur der``."""
    for index, (one, two) in enumerate(pairwise(plain)):
        if len(one.word) > _JOIN_MOST or len(two.word) > _JOIN_MOST or one.word in ENGLISH or two.word in ENGLISH:
            continue
        if text[one.end : two.start] not in {" ", "  ", "\n"}:
            continue
        joined = one.word + two.word
        if len(joined) >= 5 and joined in lexicon.fuzzy:
            hidden.setdefault(index, set()).add(joined)


def _read_spaced(text: str, read: list[Token], lexicon: Lexicon, common: frozenset[str]) -> list[Token]:
    """Replace runs of single letters, as in ``k i l l`` or ``k.i.l.l``, by the words they spell."""
    out: list[Token] = []
    index = 0
    while index < len(read):
        stop = index
        while (
            stop < len(read)
            and len(read[stop].word) == 1
            and (stop == index or read[stop].start - read[stop - 1].end <= 3)
        ):
            stop += 1
        run = read[index:stop]
        if len(run) >= 3:
            letters = "".join(token.word for token in run)
            words = spaced_words(letters, lexicon, common)
            out.extend(
                Token(letters[a:b], run[a].start, run[b - 1].end, frozenset({word})) for a, b, word in words
            ) if words else out.extend(run)
            index = stop
        else:
            out.append(read[index])
            index += 1
    return out
