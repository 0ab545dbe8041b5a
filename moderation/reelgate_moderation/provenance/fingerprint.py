"""The picture's fingerprint: what the ledger keeps to tell our reel from another that only carries its mark.

Two PDQ hashes a second, at most 32. A later copy may be resized, compressed again or cut shorter; each of its
hashes is held against the nearest of the recorded ones, and the copy counts as alike when their median
distance is within the limit. PDQ: Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ
Image-Hashing Algorithm", 2019.

That paper takes 31 of 256 bits as the same picture, for a search among millions. Here one entry is compared,
the one an id already led to, so the limit is a quarter of the bits: strangers differ by half of them (128,
give or take 10), and hard compression of a soft scene was measured to cost 54 to 78 (an edged one: 2 to 12).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING

from reelgate.errors import BadInput
from reelgate.media.clip import flattened

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from reelgate.contract import Clip

    Hasher = Callable[[NDArray[np.uint8]], tuple[int, int]]
    """Takes luma, uint8 (height, width); gives the 256-bit hash and its quality, 0 to 100."""

LIMIT = 64
LEAST_QUALITY = 25
PER_SECOND = 2
MOST = 32
_TEXT = re.compile(r"pdq1(:[0-9a-f]{64}){0,32}")


class Likeness(StrEnum):
    """How a file relates to a ledger entry."""

    SAME = "same"
    ALIKE = "alike"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """PDQ hashes of a clip in order of time; empty when every picture was too plain to be told apart."""

    hashes: tuple[int, ...]

    @property
    def text(self) -> str:
        """As the ledger stores it: ``pdq1`` and each hash in 64 hex digits."""
        return ":".join(["pdq1", *(f"{one:064x}" for one in self.hashes)])


def from_text(text: str) -> Fingerprint:
    """The fingerprint in a ledger's text; raises :class:`BadInput` for anything else."""
    if not _TEXT.fullmatch(text):
        raise BadInput("that is no fingerprint of edition pdq1")
    return Fingerprint(tuple(int(part, 16) for part in text.split(":")[1:]))


def fingerprint_of(clip: Clip, hasher: Hasher) -> Fingerprint:
    """The fingerprint of ``clip``, read once and never further than its 32nd sample."""
    step = max(1, round(clip.fps / PER_SECOND))
    kept: list[int] = []
    for index, moment in enumerate(clip.open()):
        if index >= step * MOST:
            break
        if index % step == 0:
            value, quality = hasher(flattened(moment.frame).y)
            if quality >= LEAST_QUALITY:
                kept.append(value)
    return Fingerprint(tuple(kept))


def distance(copy: Fingerprint, recorded: Fingerprint) -> float | None:
    """The median of the bits in which each hash of ``copy`` differs from the nearest recorded; 0 to 256."""
    if not copy.hashes or not recorded.hashes:
        return None
    return float(median(min((one ^ other).bit_count() for other in recorded.hashes) for one in copy.hashes))


def likeness(copy: Fingerprint, recorded: Fingerprint | None) -> Likeness:
    """Whether the pictures of ``copy`` are those that were ``recorded``; never ``SAME``, which bytes decide."""
    bits = distance(copy, recorded) if recorded is not None else None
    if bits is None:
        return Likeness.UNKNOWN
    return Likeness.ALIKE if bits <= LIMIT else Likeness.DIFFERENT
