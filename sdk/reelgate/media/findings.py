"""What the media door says of a file, and the one way its parts refuse."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reelgate.errors import MediaRejected


class Entry(StrEnum):
    """May this file come in? ``SANITIZE``: yes, once it has been decoded and encoded again."""

    ACCEPT = "accept"
    SANITIZE = "sanitize"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Inspection:
    """The door's verdict on one file: a stable ``code``, and a ``detail`` for the operator."""

    verdict: Entry
    code: str
    detail: str


def reject(code: str, detail: str) -> MediaRejected:
    """The error for a file that stays outside; ``code`` is one stable word, kept at the front of the detail."""
    return MediaRejected(f"{code}: {detail}")


def refused(error: MediaRejected) -> Inspection:
    """The verdict that :func:`reject` meant."""
    code, separator, detail = error.detail.partition(": ")
    if not separator or not code.replace("_", "").isalpha():
        return Inspection(Entry.REJECT, error.code, error.detail)
    return Inspection(Entry.REJECT, code, detail)
