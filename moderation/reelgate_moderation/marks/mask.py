"""How strongly each place of a picture may carry the mark.

The mask is nearly flat on purpose. Codecs spend their fewest bits exactly where texture hides most, so a mask
that follows texture loses more in the encoder than it gains for the eye: textured places get at most 1.8 times
what flat ones get, and dark and bright places up to 1.8 and 1.5 times what middle grey gets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MIDDLE = 127.0


def block_of(width: int, height: int) -> int:
    """Side in pixels of the blocks a mask is measured on: half a cell, so fine against the mark's waves."""
    return max(2, round(min(width, height) / 180))


def allowance(luma: NDArray[np.uint8], block: int) -> NDArray[np.float32]:
    """What each ``block`` x ``block`` square may carry, float32 (rows, columns), 1 for plain middle grey.

    Squares that stick out at the right and lower edge are left out; :func:`spread` repeats the last ones.
    """
    rows, columns = luma.shape[0] // block, luma.shape[1] // block
    # Two sampled lines a square are enough for a mean and a deviation, and cost a fraction of all of them.
    picked = luma[: rows * block].reshape(rows, block, -1)[:, [0, block // 2], : columns * block]
    values = picked.astype(np.float32).reshape(rows, 2, columns, block)
    mean = np.einsum("rkcb->rc", values) / (2 * block)
    square = np.einsum("rkcb,rkcb->rc", values, values) / (2 * block)
    deviation = np.sqrt(np.maximum(square - mean * mean, 0.0))
    light = np.where(
        mean < _MIDDLE,
        1 + 0.8 * (1 - np.sqrt(np.maximum(mean, 0.0) / _MIDDLE)),
        1 + 0.5 * (mean - _MIDDLE) / (255 - _MIDDLE),
    )
    result = _soften(light * (1 + 0.8 * deviation / (deviation + 6)))
    return result.astype(np.float32)


def spread(mask: NDArray[np.float32], block: int, width: int, height: int) -> NDArray[np.float32]:
    """The mask at full size, float32 (height, width), linear between the squares' centres."""
    down = _between(len(mask), block, height)
    across = _between(mask.shape[1], block, width)
    return np.asarray((down @ mask) @ across.T, dtype=np.float32)


def _soften(values: NDArray[np.float64]) -> NDArray[np.float64]:
    padded = np.pad(values, 1, mode="edge")
    lines = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    softened: NDArray[np.float64] = (lines[:, :-2] + 2 * lines[:, 1:-1] + lines[:, 2:]) / 4
    return softened


def _between(count: int, block: int, length: int) -> NDArray[np.float32]:
    """The matrix (length, count) of linear interpolation from square centres to pixels."""
    place = np.clip((np.arange(length) + 0.5) / block - 0.5, 0, count - 1)
    first = np.minimum(place.astype(np.int64), max(count - 2, 0))
    share = (place - first).astype(np.float32)
    matrix = np.zeros((length, count), dtype=np.float32)
    pixels = np.arange(length)
    matrix[pixels, first] = 1 - share
    if count > 1:
        matrix[pixels, first + 1] = share
    return matrix
