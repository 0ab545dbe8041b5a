"""The word lists: which words and phrases carry which tag.

A list file is TOML; each table is a tag, each key in it a language, each value entries divided by commas
or line ends. An entry is one word or several (a phrase). In a word

- ``stab+v`` also means stabs, stabbed, stabbing; ``knife+n`` also means knives;
- ``tot*`` means every word that starts so (single words only);
- ``a|the`` means either; a trailing ``?`` says the word may be missing; a lone ``_`` is any one word.

``fuzzy = true`` lets a tag's words be found in disguise (misspelt, masked, reversed, run together).
``neutral`` is a special tag: its phrases clear every other tag from the words they cover.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import product
from typing import TYPE_CHECKING

from reelgate_moderation.errors import RulesInvalid
from reelgate_moderation.prompt.inflect import forms
from reelgate_moderation.prompt.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NEUTRAL = "neutral"
_NONE: frozenset[str] = frozenset()
_MIN_PREFIX = 3
_FUZZY_FROM = 6

WORDS_KEPT = 16_384
"""Of how many words it is remembered what they are: few words make up most of what people write."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row: each place takes any word of its set, or any word at all where it is ``None``."""

    places: tuple[frozenset[str] | None, ...]
    tag: str


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """All lists, indexed. ``words`` maps a word to its tags, ``signs`` the words of scripts without spaces."""

    words: Mapping[str, frozenset[str]]
    prefixes: Mapping[str, frozenset[str]]
    signs: Mapping[str, frozenset[str]]
    phrases: Mapping[str, tuple[Phrase, ...]]
    fuzzy: frozenset[str]
    squeezed: Mapping[str, str]
    shortened: Mapping[str, frozenset[str]]
    shapes: Mapping[tuple[str, int], tuple[str, ...]]
    longest_sign: Mapping[str, int]
    longest_prefix: int
    tags: frozenset[str]

    def find(self, word: str) -> frozenset[str]:
        """The tags of ``word``, by itself or by how it starts; empty when it is in no list."""
        return _find(self, word)


@lru_cache(maxsize=WORDS_KEPT)
def _find(lexicon: Lexicon, word: str) -> frozenset[str]:
    found = lexicon.words.get(word, _NONE)
    for size in range(_MIN_PREFIX, min(lexicon.longest_prefix, len(word)) + 1):
        more = lexicon.prefixes.get(word[:size])
        if more:
            found = found | more
    return found


class _Builder:
    def __init__(self) -> None:
        self.words: dict[str, set[str]] = {}
        self.prefixes: dict[str, set[str]] = {}
        self.signs: dict[str, set[str]] = {}
        self.phrases: dict[str, list[Phrase]] = {}
        self.fuzzy: set[str] = set()
        self.tags: set[str] = set()

    def add(self, tag: str, entry: str, fuzzy: bool) -> None:
        self.tags.add(tag)
        parts = entry.split()
        if len(parts) > 1:
            self._phrase(tag, parts)
            return
        for choice in entry.split("|"):
            if choice.endswith("*"):
                stem = fold(choice[:-1]).text
                if len(stem) < _MIN_PREFIX:
                    raise RulesInvalid(f"in {tag}: a word start needs at least {_MIN_PREFIX} letters")
                self.prefixes.setdefault(stem, set()).add(tag)
                continue
            for word in map(_as_token, forms(fold(choice).text)):
                if is_sign_word(word):
                    self.signs.setdefault(word, set()).add(tag)
                    continue
                self.words.setdefault(word, set()).add(tag)
                if fuzzy and len(word) > 3:
                    self.fuzzy.add(word)

    def _phrase(self, tag: str, parts: list[str]) -> None:
        options: list[list[frozenset[str] | str | None]] = []
        for part in parts:
            optional = part.endswith("?")
            bare = part.removesuffix("?")
            if "?" in bare or "*" in bare:
                raise RulesInvalid(f"in {tag}: {' '.join(parts)!r} has a sign that only fits at another place")
            words = frozenset(_as_token(word) for choice in bare.split("|") for word in forms(fold(choice).text))
            place = None if bare == "_" else words
            options.append([place, ""] if optional else [place])
        for choice in product(*options):
            places = tuple(place for place in choice if not isinstance(place, str))
            if not places or places[0] is None:
                raise RulesInvalid(f"in {tag}: a phrase must start with a word of its own")
            phrase = Phrase(places, tag)
            for word in places[0]:
                self.phrases.setdefault(word, []).append(phrase)

    def build(self) -> Lexicon:
        shortened: dict[str, set[str]] = {}
        shapes: dict[tuple[str, int], list[str]] = {}
        for word in sorted(self.fuzzy):
            shapes.setdefault((word[0], len(word)), []).append(word)
            if len(word) >= _FUZZY_FROM:
                for less in shorter(word):
                    shortened.setdefault(less, set()).add(word)
        return Lexicon(
            words=_freeze(self.words),
            prefixes=_freeze(self.prefixes),
            signs=_freeze(self.signs),
            phrases={word: tuple(found) for word, found in self.phrases.items()},
            fuzzy=frozenset(self.fuzzy),
            squeezed={squeeze(word): word for word in sorted(self.fuzzy)},
            shortened=_freeze(shortened),
            shapes={shape: tuple(words) for shape, words in shapes.items()},
            longest_sign=_longest(self.signs),
            longest_prefix=max((len(stem) for stem in self.prefixes), default=0),
            tags=frozenset(self.tags),
        )


def _longest(signs: Iterable[str]) -> dict[str, int]:
    """The length of the longest word that starts with a sign."""
    found: dict[str, int] = {}
    for word in signs:
        found[word[0]] = max(len(word), found.get(word[0], 0))
    return found


def _freeze(table: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(found) for key, found in table.items()}


def _as_token(word: str) -> str:
    """A word as the tokeniser gives it: without the ending of a possessive."""
    return word.removesuffix("'s")


def is_sign_word(word: str) -> bool:
    """True for words of a script written without spaces (kana, Han) and for emoji."""
    return bool(word) and (ord(word[0]) >= 0x2600)


def squeeze(word: str) -> str:
    """``word`` with every run of one letter cut to a single letter."""
    return "".join(letter for i, letter in enumerate(word) if i == 0 or word[i - 1] != letter)


def shorter(word: str) -> Iterable[str]:
    """``word`` and every text got by leaving out one letter after the first."""
    yield word
    for i in range(1, len(word)):
        yield word[:i] + word[i + 1 :]


def build(sources: Iterable[tuple[str, str]]) -> Lexicon:
    """A lexicon of ``(name, TOML text)`` pairs; raises :class:`RulesInvalid` naming the file and the tag."""
    builder = _Builder()
    for name, text in sources:
        try:
            tables = tomllib.loads(text)
        except tomllib.TOMLDecodeError as cause:
            raise RulesInvalid(f"{name}: not valid TOML: {cause}") from cause
        for tag, table in tables.items():
            if not isinstance(table, dict):
                raise RulesInvalid(f"{name}: {tag} must be a table of languages")
            fuzzy = table.get("fuzzy", False) is True
            for language, entries in table.items():
                if language == "fuzzy":
                    continue
                if not isinstance(entries, str):
                    raise RulesInvalid(f"{name}: {tag}.{language} must be a text of entries")
                for entry in entries.replace("\n", ",").split(","):
                    if entry.strip():
                        builder.add(tag, entry.strip(), fuzzy)
    return builder.build()


@cache
def shipped() -> Lexicon:
    """The lexicon of the lists that ship with the package, built once."""
    folder = resources.files("reelgate_moderation.prompt").joinpath("lists")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return build([(f.name, f.read_text("utf-8")) for f in files])
