"""From pictures to one sum in which the mark stands out.

Every frame is shrunk, its own slow shades are taken away, what is left is levelled by its local energy, and
the results are added up. The mark is the same in every frame and grows with their number; the picture's own
texture moves and does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_WORKING = 320
"""Short side in pixels that pictures are shrunk towards, by a whole number of times."""

_WIDTH = 96
"""The high-pass's Gaussian deviation is this part of the short side: about one cell."""

_FLOOR = 8.0
_POWER = -0.75
_CLIP = 3.0


@dataclass(frozen=True, slots=True)
class Residuals:
    """Sums of levelled residuals, float32 (h, w): of all frames, and with the first one counted five times.

    A codec draws the first frame most faithfully; on fast pans at high compression it holds most of the mark.
    ``early`` is ``None`` where there is but one frame.
    """

    total: NDArray[np.float32]
    early: NDArray[np.float32] | None

    def each(self) -> list[NDArray[np.float32]]:
        """The sums worth reading, the likelier first."""
        return [self.total] if self.early is None else [self.total, self.early]


def residual_sum(frames: Iterable[NDArray[np.uint8]]) -> Residuals | None:
    """The sums over uint8 luma frames (height, width), or ``None`` when there is no frame.

    Frames of another size than the first are left out.
    """
    shape: tuple[int, ...] = ()
    first = total = np.zeros((0, 0), dtype=np.float32)
    count = 0
    for luma in frames:
        if not shape:
            shape = luma.shape
            first = levelled(shrunk(luma, _times(shape)))
            total = first.copy()
            count = 1
        elif luma.shape == shape:
            total += levelled(shrunk(luma, _times(shape)))
            count += 1
    return Residuals(total, total + 4 * first if count > 1 else None) if shape else None


def _times(shape: tuple[int, ...]) -> int:
    return max(1, round(min(shape) / _WORKING))


def shrunk(luma: NDArray[np.uint8], times: int) -> NDArray[np.float32]:
    """Means of ``times`` x ``times`` squares, float32; what sticks out at right and bottom is dropped."""
    rows, columns = luma.shape[0] // times, luma.shape[1] // times
    if times == 1:
        return luma.astype(np.float32)
    whole = luma[: rows * times, : columns * times]
    lines = np.zeros((rows, columns * times), dtype=np.uint16)
    for offset in range(times):
        lines += whole[offset::times]
    sums = np.zeros((rows, columns), dtype=np.float32)
    for offset in range(times):
        sums += lines[:, offset::times]
    sums *= 1.0 / times**2
    return sums


def levelled(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """The picture less its slow shades, divided by its local energy to the .75, clipped at 3 deviations."""
    sigma = min(picture.shape) / _WIDTH
    step = max(1, int(sigma))
    down, across = (_smoother(length, step, sigma) for length in picture.shape)
    rest = np.asarray(picture - (down @ _blocks(picture, step)) @ across.T, dtype=np.float32)
    energy = _blocks(np.square(rest), step)
    small_down, small_across = (_smoother(length, 1, sigma / step) for length in energy.shape)
    around = (small_down @ energy) @ small_across.T
    weight = np.power(around + np.float32(_FLOOR), np.float32(_POWER))
    down, across = (_smoother(length, step, step / 2) for length in picture.shape)
    rest *= (down @ weight) @ across.T
    deviation = float(np.sqrt(np.dot(rest.ravel(), rest.ravel()) / rest.size))
    if deviation > 0:
        rest *= np.float32(1 / deviation)
    np.clip(rest, -_CLIP, _CLIP, out=rest)
    return rest


def _blocks(values: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    """Means over ``step`` x ``step`` squares; the last line or column is repeated to fill the last square."""
    if step == 1:
        return values
    short = [-length % step for length in values.shape]
    if any(short):
        values = np.pad(values, [(0, short[0]), (0, short[1])], mode="edge")
    lines = values[::step].copy()
    for offset in range(1, step):
        lines += values[offset::step]
    sums = lines[:, ::step].copy()
    for offset in range(1, step):
        sums += lines[:, offset::step]
    sums *= 1.0 / step**2
    return sums


@lru_cache(maxsize=64)
def _smoother(length: int, step: int, sigma: float) -> NDArray[np.float32]:
    """Gaussian smoothing from squares of ``step`` back to pixels, as a matrix (length, squares)."""
    squares = -(-length // step)
    centres = (np.arange(squares) + 0.5) * step
    distance = (np.arange(length) + 0.5)[:, None] - centres[None, :]
    weight = np.exp(-0.5 * (distance / sigma) ** 2)
    weight /= weight.sum(axis=1, keepdims=True)
    return weight.astype(np.float32)
