"""Rules: which tags close to each other mean what.

A rule fires where one token of each group in ``near`` stands within ``window`` tokens, unless a tag of
``unless`` stands anywhere in the text or a tag of ``unless_near`` within the window. ``ordered`` asks for the
groups in their order. ``softened`` lowers severity by one (never below ``floor``) where the text speaks of
teaching or play-acting; ``helped`` lowers it by two where words of help stand near; ``lifts`` raises it by one
where one of its tags stands near.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from reelgate_moderation.errors import RulesInvalid
from reelgate_moderation.policy.policy import Category
from reelgate_moderation.prompt.lexicon import NEUTRAL
from reelgate_moderation.prompt.lexicon import shipped as shipped_lexicon

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reelgate_moderation.prompt.lexicon import Lexicon
    from reelgate_moderation.prompt.tokens import Token

SOFTENER = frozenset({"softener"})
HELPING = frozenset({"helping"})
_HELP_REACH = 14
_FIELDS = frozenset(
    {"name", "category", "severity", "score", "near", "window", "ordered", "anywhere"}
    | {"unless", "unless_near", "softened", "helped", "floor", "lifts"}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``near`` is one set of tags for each token that must stand there."""

    name: str
    category: Category
    severity: int
    score: float
    near: tuple[frozenset[str], ...]
    window: int = 8
    ordered: bool = False
    anywhere: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    unless_near: frozenset[str] = frozenset()
    softened: bool = False
    helped: bool = False
    floor: int = 0
    lifts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that fired on the tokens ``first`` to ``last``; ``hidden`` when it needed a disguised reading."""

    rule: Rule
    severity: int
    score: float
    first: int
    last: int
    hidden: bool


class Tagged:
    """Where each tag stands in a text, as sorted token indices.

    A neutral phrase clears the words it covers from every tag that was found by fewer words than it has.
    """

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon) -> None:
        sizes: dict[tuple[str, int], int] = {}
        plain: set[tuple[str, int]] = set()
        neutral: dict[int, int] = {}
        for index, token in enumerate(tokens):
            for word in token.words:
                found = [(tag, 1) for tag in _sign_or_word(word, lexicon)]
                found.extend(
                    (phrase.tag, len(phrase.places))
                    for phrase in lexicon.phrases.get(word, ())
                    if _fits(phrase.places, tokens, index)
                )
                for tag, size in found:
                    if tag == NEUTRAL:
                        for covered in range(index, index + size):
                            neutral[covered] = max(size, neutral.get(covered, 0))
                        continue
                    sizes[tag, index] = max(size, sizes.get((tag, index), 0))
                    if word == token.word:
                        plain.add((tag, index))
        self._plain = plain
        self._sizes = {spot: size for spot, size in sizes.items() if neutral.get(spot[1], 0) < size}
        self.spots: dict[str, list[int]] = {}
        for tag, index in sorted(self._sizes):
            self.spots.setdefault(tag, []).append(index)

    def end(self, tags: frozenset[str], index: int) -> int:
        """The last token of the longest phrase at ``index`` that carries one of ``tags``."""
        return index + max(self._sizes.get((tag, index), 1) for tag in tags) - 1

    def near(self, tags: frozenset[str], low: int, high: int, beside: set[int]) -> int | None:
        """The token with one of ``tags`` between ``low`` and ``high`` that is not in ``beside``, or None."""
        for tag in sorted(tags):
            found = self.spots.get(tag)
            if found:
                for index in found[bisect_left(found, low) : bisect_right(found, high)]:
                    if index not in beside:
                        return index
        return None

    def any(self, tags: frozenset[str]) -> bool:
        """Whether one of ``tags`` stands anywhere."""
        return any(tag in self.spots for tag in tags)

    def is_hidden(self, tags: frozenset[str], index: int) -> bool:
        """Whether the token got its tag only by a disguised reading."""
        return not any((tag, index) in self._plain for tag in tags)


def _sign_or_word(word: str, lexicon: Lexicon) -> frozenset[str]:
    return lexicon.signs.get(word) or lexicon.find(word)


def _fits(places: Sequence[frozenset[str] | None], tokens: Sequence[Token], at: int) -> bool:
    if at + len(places) > len(tokens):
        return False
    for step in range(1, len(places)):  # the first word is what the phrase was found by
        place = places[step]
        if place is not None and place.isdisjoint(tokens[at + step].words):
            return False
    return True


@dataclass(frozen=True, slots=True)
class Book:
    """Rules in their order, and for each tag the places of those that begin with it."""

    rules: tuple[Rule, ...]
    beginning: Mapping[str, tuple[int, ...]]

    def __len__(self) -> int:
        return len(self.rules)

    @staticmethod
    def of(rules: Sequence[Rule]) -> Book:
        """The book of these rules."""
        beginning: dict[str, list[int]] = {}
        for place, rule in enumerate(rules):
            for tag in rule.near[0]:
                beginning.setdefault(tag, []).append(place)
        return Book(tuple(rules), {tag: tuple(places) for tag, places in beginning.items()})


def apply(book: Book, tagged: Tagged) -> list[Hit]:
    """Every rule that fires, once each, at its first place."""
    soft = tagged.any(SOFTENER)
    # Most rules speak of what is not in a text at all.
    places = {place for tag in tagged.spots for place in book.beginning.get(tag, ())}
    return [hit for place in sorted(places) if (hit := _fire(book.rules[place], tagged, soft)) is not None]


def _fire(rule: Rule, tagged: Tagged, soft: bool) -> Hit | None:
    if rule.anywhere and not tagged.any(rule.anywhere):
        return None
    if rule.unless and tagged.any(rule.unless):
        return None
    anchors = sorted({i for tag in rule.near[0] for i in tagged.spots.get(tag, ())})
    for anchor in anchors:
        found = _reach(rule, tagged, anchor)
        if found is None:
            continue
        first = min(found)
        last = max(tagged.end(tags, at) for tags, at in zip(rule.near, found, strict=True))
        if rule.unless_near and tagged.near(rule.unless_near, first - 3, last + 3, set()) is not None:
            continue
        severity, score = rule.severity, rule.score
        if rule.lifts and tagged.near(rule.lifts, first - rule.window, last + rule.window, set()) is not None:
            severity, score = severity + 1, score + (1 - score) * 0.5
        if rule.helped and tagged.near(HELPING, first - _HELP_REACH, last + _HELP_REACH, set()) is not None:
            severity, score = max(0, severity - 2), score * 0.35
        elif rule.softened and soft and severity > rule.floor:
            severity, score = severity - 1, score * 0.6
        hidden = any(tagged.is_hidden(tags, at) for tags, at in zip(rule.near, found, strict=True))
        return Hit(rule, min(severity, 3), score, first, last, hidden)
    return None


def _reach(rule: Rule, tagged: Tagged, anchor: int) -> list[int] | None:
    """The tokens that satisfy the groups of ``rule`` from ``anchor`` on, or None."""
    found = [anchor]
    for tags in rule.near[1:]:
        low = found[-1] + 1 if rule.ordered else anchor - rule.window
        index = tagged.near(tags, low, anchor + rule.window, set(found))
        if index is None:
            return None
        found.append(index)
    return found


def parse(text: str, lexicon: Lexicon) -> Book:
    """The rules written in ``text`` (TOML); raises :class:`RulesInvalid` naming the rule and the field."""
    try:
        rows = tomllib.loads(text).get("rule", [])
    except tomllib.TOMLDecodeError as cause:
        raise RulesInvalid(f"rules: not valid TOML: {cause}") from cause
    return Book.of([_rule(row, lexicon) for row in rows])


def _rule(row: Mapping[str, object], lexicon: Lexicon) -> Rule:
    name = str(row.get("name", ""))
    unknown = set(row) - _FIELDS
    if unknown or not name:
        raise RulesInvalid(f"rule {name!r}: unknown field {sorted(unknown)}" if unknown else "a rule has no name")

    def tags(field: str, words: object) -> frozenset[str]:
        found = frozenset(str(words).split())
        if found - lexicon.tags:
            raise RulesInvalid(f"rule {name!r}: {field} names tags in no list: {sorted(found - lexicon.tags)}")
        return found

    near = row.get("near")
    severity, score = row.get("severity"), row.get("score")
    if not isinstance(near, list) or not near:
        raise RulesInvalid(f"rule {name!r}: near needs a list of tags")
    if not isinstance(severity, int) or not 0 <= severity <= 3:
        raise RulesInvalid(f"rule {name!r}: severity is a whole number from 0 to 3")
    if not isinstance(score, float) or not 0 < score < 1:
        raise RulesInvalid(f"rule {name!r}: score lies between 0 and 1")
    try:
        category = Category(str(row.get("category")))
    except ValueError as cause:
        raise RulesInvalid(f"rule {name!r}: unknown category") from cause
    return Rule(
        name=name,
        category=category,
        severity=severity,
        score=score,
        near=tuple(tags("near", group) for group in near),
        window=int(str(row.get("window", 8))),
        ordered=row.get("ordered") is True,
        anywhere=tags("anywhere", row.get("anywhere", "")),
        unless=tags("unless", row.get("unless", "")),
        unless_near=tags("unless_near", row.get("unless_near", "")),
        softened=row.get("softened") is True,
        helped=row.get("helped") is True,
        floor=int(str(row.get("floor", 0))),
        lifts=tags("lifts", row.get("lifts", "")),
    )


@cache
def shipped() -> Book:
    """The rules that ship with the package, over the lists that ship with it."""
    folder = resources.files("reelgate_moderation.prompt").joinpath("rulebook")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    books = [parse(file.read_text("utf-8"), shipped_lexicon()) for file in files]
    return Book.of([rule for book in books for rule in book.rules])
