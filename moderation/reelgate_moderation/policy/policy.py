"""What may be filmed and shown, as data: category x severity x surface -> decision.

Severity runs from 0 (named, harmless in context) over 1 (mild or doubtful) and 2 (clear) to 3 (the worst).
A surface is where the reel will be seen. The words for members stand beside the grid, so that an
operator who changes a rule can change the sentence that explains it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from reelgate.words import Decision, stricter

if TYPE_CHECKING:
    from collections.abc import Mapping

SEVERITIES = 4
SURFACES = ("dm", "public", "age_gated", "minors")
LANGUAGES = ("en", "de", "fr", "es", "pt", "ja")


class Category(StrEnum):
    """The sixteen categories of the base policy."""

    SEXUAL = "sexual"
    SEXUAL_MINORS = "sexual_minors"
    MINORS_PRESENT = "minors_present"
    VIOLENCE = "violence"
    GORE = "gore"
    SELF_HARM = "self_harm"
    HATE_HARASSMENT = "hate_harassment"
    EXTREMISM = "extremism"
    ILLEGAL_REGULATED = "illegal_regulated"
    PUBLIC_FIGURE_LIKENESS = "public_figure_likeness"
    PRIVATE_PERSON_LIKENESS = "private_person_likeness"
    COPYRIGHT_TRADEMARK = "copyright_trademark"
    DECEPTION_MISINFORMATION = "deception_misinformation"
    ELECTIONS_POLITICS = "elections_politics"
    PRIVACY_PII = "privacy_pii"
    INJECTION_EVASION = "injection_evasion"


class Finding(StrEnum):
    """What can be wrong with a finished reel apart from what it shows."""

    EMPTY = "empty"
    BLANK = "blank"
    FROZEN = "frozen"
    FLASHING = "flashing"
    CLIPPED = "clipped"
    LOUD = "loud"
    UNREADABLE = "unreadable"


HARD = Category.SEXUAL_MINORS
"""The category that is blocked at every severity on every surface; no policy file can loosen it."""

UNCLEAR = "unclear"
"""The key of the sentence for words or pictures that could not be judged by machine."""


_CATEGORIES = frozenset(str(category) for category in Category)
_FINDINGS = frozenset(str(finding) for finding in Finding)


@dataclass(frozen=True, slots=True)
class Policy:
    """A validated policy. Make one with :func:`reelgate_moderation.policy.loader.load`.

    ``grid[category][surface]`` holds one decision for each severity 0 to 3. ``findings`` says what happens
    to a reel with a technical fault. ``messages[language][key]`` are sentences for members, keyed by
    category, by finding, and by ``unclear``. Words longer than ``longest`` characters go to review.
    """

    name: str
    version: str
    grid: Mapping[Category, Mapping[str, tuple[Decision, ...]]]
    findings: Mapping[Finding, Decision]
    messages: Mapping[str, Mapping[str, str]] = field(repr=False)
    longest: int = 20_000

    @property
    def stamp(self) -> str:
        """``name@version``, pinned by every verdict."""
        return f"{self.name}@{self.version}"

    def decide(self, category: str, severity: int, surface: str) -> Decision:
        """The decision for one reason, whose ``category`` may also name a finding.

        A surface we do not know gets the strictest of all surfaces; a category we do not know is reviewed.
        """
        if category in _FINDINGS:
            return self.findings[Finding(category)]
        if category not in _CATEGORIES:
            return Decision.REVIEW
        known = Category(category)
        if known is HARD:
            return Decision.BLOCK
        level = min(max(severity, 0), SEVERITIES - 1)
        row = self.grid[known]
        if surface in row:
            return row[surface][level]
        worst = Decision.ALLOW
        for cells in row.values():
            worst = stricter(worst, cells[level])
        return worst

    def message(self, key: str, language: str) -> str:
        """The sentence for ``key`` in ``language`` (``pt-BR`` counts as ``pt``), or in English."""
        short = language.replace("_", "-").split("-", 1)[0].lower()
        book = self.messages.get(short) or self.messages["en"]
        return book.get(key) or book[UNCLEAR]
