"""PDQ: a 256-bit perceptual hash of a picture and how much the picture gives to hash.

Written from the published description ("The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing
Algorithm", Facebook, 2019): luma; two passes of a box filter along rows and columns (a Jarosz filter) down to
64x64; the 16x16 low frequencies of a discrete cosine transform; one bit for each coefficient above the median.

The filter and the picking of every n-th pixel are linear and work on rows and columns apart, so for one
picture size both are a single matrix each way, kept for the next frame of that size.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BITS = 256
MATCH = 31
"""Two hashes at most this many bits apart are taken for the same picture."""
LEAST_QUALITY = 50
"""Below this quality (0 to 100) a picture is too flat for its hash to mean anything."""

_SIDE = 64
_LOW = 16
_PASSES = 2


def pdq(luma: NDArray[np.uint8] | NDArray[np.float32]) -> tuple[int, int]:
    """The hash as a 256-bit whole number and the quality 0 to 100 of a luma picture (height, width).

    Values run from 0 to 255. Raises ``ValueError`` for anything that is not a picture.
    """
    if luma.ndim != 2 or 0 in luma.shape:
        raise ValueError(f"expected a luma picture (height, width), got {luma.shape}")
    height, width = luma.shape
    small = _shrink(height) @ luma.astype(np.float32) @ _shrink(width).T
    waves = _cosines() @ small @ _cosines().T
    return _number(waves), quality(small)


def pdq_rgb(rgb: NDArray[np.uint8]) -> tuple[int, int]:
    """As :func:`pdq`, of an sRGB picture, uint8 (height, width, 3)."""
    return pdq(rgb.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32))


def quality(small: NDArray[np.float32]) -> int:
    """How much detail the 64x64 picture has, 0 to 100: the sum of its steps between neighbours."""
    down = np.trunc((small[:-1] - small[1:]) * np.float32(100 / 255))
    along = np.trunc((small[:, :-1] - small[:, 1:]) * np.float32(100 / 255))
    return min(100, int((np.abs(down).sum() + np.abs(along).sum()) // 90))


def to_hex(number: int) -> str:
    """The hash as 64 hex digits, as hash banks exchange it."""
    return f"{number:064x}"


def from_hex(text: str) -> int:
    """The hash of 64 hex digits; raises ``ValueError``."""
    if len(text) != BITS // 4 or not text.isascii() or not text.isalnum():
        raise ValueError("a PDQ hash has 64 hex digits")
    return int(text, 16)


def distance(one: int, other: int) -> int:
    """In how many of 256 bits two hashes differ."""
    return (one ^ other).bit_count()


def _number(waves: NDArray[np.float32]) -> int:
    """One bit for each of 16x16 coefficients, set where it exceeds the (lower) median; the first is the lowest."""
    flat = waves.ravel()
    median = np.partition(flat, BITS // 2 - 1)[BITS // 2 - 1]
    return int.from_bytes(np.packbits(flat > median, bitorder="little").tobytes(), "little")


@lru_cache(maxsize=64)
def _shrink(size: int) -> NDArray[np.float32]:
    """The matrix (64, ``size``) that filters one axis twice and keeps 64 of its places."""
    box = _box(size)
    places = ((np.arange(_SIDE) + 0.5) * size / _SIDE).astype(int)
    kept = box[places]
    for _ in range(_PASSES - 1):
        kept = kept @ box
    return np.asarray(kept, np.float32)


def _box(size: int) -> NDArray[np.float64]:
    """The running mean over a window of ``size``/128 places (rounded up), cut short at both ends."""
    window = -(-size // (2 * _SIDE))
    after = (window + 2) // 2 - 1
    before = window - 1 - after
    place = np.arange(size)
    apart = place[None, :] - place[:, None]
    inside = (apart <= after) & (apart >= -before)
    return np.asarray(inside / inside.sum(axis=1, keepdims=True), np.float64)


@lru_cache(maxsize=1)
def _cosines() -> NDArray[np.float32]:
    """The rows 1 to 16 of the 64-point DCT-II matrix: (16, 64)."""
    row = np.arange(1, _LOW + 1)[:, None]
    column = np.arange(_SIDE)[None, :]
    return np.asarray(np.sqrt(2.0 / _SIDE) * np.cos(np.pi / (2 * _SIDE) * row * (2 * column + 1)), np.float32)
