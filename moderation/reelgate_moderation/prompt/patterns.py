"""What is seen in letters and digits rather than in words: personal data, ages, encoded or assembled text."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from reelgate.words import Reason
from reelgate_moderation.policy.policy import Category

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reelgate_moderation.prompt.lexicon import Lexicon

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,24}){1,4}")
_DIGITS = re.compile(r"(?<![\w.])\+?\(?\d[\d ().-]{6,22}\d(?!\w)")
_NATIONAL_ID = re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")
_ADDRESS = re.compile(
    r"\b\d{1,5} (?:[A-Z][a-z]+ ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct)\b"
)
_CARD_LENGTHS = range(13, 20)
_PHONE_LENGTHS = range(9, 16)
_ENCODED = re.compile(r"(?<![\w/+])[A-Za-z0-9+/]{16,}={0,2}(?![\w/+])")
_AGE = re.compile(r"\b(\d{1,2})[- ]?(?:years?|yrs?)[- ]?old\b|\bage[d]? (\d{1,2})\b|\b(\d{1,2}) ?yo\b", re.ASCII)
_QUOTED = re.compile(r"[\"“”«»]([A-Za-z]{1,6})[\"“”«»]")
_ADULT = 18


def personal(text: str) -> Iterator[Reason]:
    """Personal data spelt out in the original text: mail addresses, phone, card and national numbers."""
    for match in _EMAIL.finditer(text):
        yield _found(Category.PRIVACY_PII, 1, 0.6, match.span(), "privacy.email_address")
    for match in _NATIONAL_ID.finditer(text):
        yield _found(Category.PRIVACY_PII, 2, 0.85, match.span(), "privacy.national_number")
    for match in _ADDRESS.finditer(text):
        yield _found(Category.PRIVACY_PII, 1, 0.6, match.span(), "privacy.street_address")
    for match in _DIGITS.finditer(text):
        digits = [int(c) for c in match[0] if c.isdigit()]
        if len(digits) in _CARD_LENGTHS and luhn(digits):
            yield _found(Category.PRIVACY_PII, 2, 0.85, match.span(), "privacy.card_number")
        elif len(digits) in _PHONE_LENGTHS:
            yield _found(Category.PRIVACY_PII, 1, 0.6, match.span(), "privacy.phone_number")


def _found(category: Category, severity: int, score: float, span: tuple[int, int], rule: str) -> Reason:
    return Reason(str(category), severity, score, span=span, evidence=rule)


def luhn(digits: list[int]) -> bool:
    """The check digit of payment cards (ISO/IEC 7812-1 annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def ages(folded: str) -> Iterator[tuple[int, int]]:
    """Where a folded text gives an age below eighteen in years."""
    for match in _AGE.finditer(folded):
        if 0 < int(next(g for g in match.groups() if g)) < _ADULT:
            yield match.span()


def encoded(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Base64 that decodes to readable words: its span and the words."""
    for match in _ENCODED.finditer(text):
        core = match[0].rstrip("=")
        try:
            plain = base64.b64decode(core + "=" * (-len(core) % 4), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
        letters = sum(c.isalpha() or c == " " for c in plain)
        if plain.isprintable() and letters > 0.85 * len(plain):
            yield match.span(), plain


def assembled(text: str, lexicon: Lexicon) -> tuple[int, int] | None:
    """Where short quoted pieces in a row spell a listed word, as when two signs are read one after the other."""
    pieces = list(_QUOTED.finditer(text))
    for first in range(len(pieces)):
        joined = pieces[first][1].lower()
        for last in range(first + 1, min(first + 5, len(pieces))):
            joined += pieces[last][1].lower()
            if joined in lexicon.fuzzy:
                return pieces[first].start(), pieces[last].end()
    return None
