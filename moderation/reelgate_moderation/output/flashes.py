"""Photosensitive flashing: how much of the picture flashes more than three times in a second.

A flash is a pair of opposing swings of relative luminance of at least 10 % of its maximum where the darker
side is below 0.80 (WCAG 2.2, success criterion 2.3.1; ITU-R BT.1702-3). More than three flashes in a second
over a quarter of the picture is held. Only what flashes *concurrently* adds up, as the same sources say: it must
be the same quarter that goes bright and dark together, every time. Behind somebody who runs through a wood every
part of the picture does so, each at its own time, and that is no flash. Saturated red is watched apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reelgate_moderation.output.pictures import light_of_rgb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from reelgate.contract import Sample

SWINGS = 7
"""Swings within a second that make more than three flashes."""
AREA = 0.25
"""Share of the picture's cells."""

TOGETHER = 0.05
"""Seconds by which one cell may swing earlier or later than another: a soft flash does not reach all at once."""

_SWING = 0.1
_BRIGHT = 0.8
_RED_SHARE = 0.8


def flashing(samples: Sequence[Sample]) -> tuple[float, float] | None:
    """The second (start, end) in which the picture flashes beyond the limit first, or None."""
    if len(samples) < SWINGS:
        return None
    times = np.array([sample.at for sample in samples])
    light = np.stack([light_of_rgb(sample.rgb).ravel() for sample in samples])
    return _worst(times, swings(light)) or _worst(times, swings(_redness(samples)))


def swings(light: NDArray[np.float32]) -> NDArray[np.int8]:
    """Where a cell's light has turned and gone the other way by a tenth: int8 (samples, cells), 1 up, -1 down."""
    turned = np.zeros(light.shape, np.int8)
    low, high = light[0].copy(), light[0].copy()
    way = np.zeros(light.shape[1], np.int8)
    for step in range(1, len(light)):
        now = light[step]
        up = (now - low >= _SWING) & (low < _BRIGHT) & (way <= 0)
        down = (high - now >= _SWING) & (now < _BRIGHT) & (way >= 0) & ~up
        turned[step] = np.where(up, 1, np.where(down, -1, 0))
        way = np.where(turned[step] != 0, turned[step], way)
        high = np.where(up | down, now, np.maximum(high, now))
        low = np.where(up | down, now, np.minimum(low, now))
    return turned


def _worst(times: NDArray[np.float64], turned: NDArray[np.int8]) -> tuple[float, float] | None:
    """The first second in which enough cells make the swings of one of them along with it."""
    ways = [(turned == way).astype(np.float32) for way in (1, -1)]
    alongside = [_nearby(times, mine) for mine in ways]
    for first, start in enumerate(times):
        last = int(np.searchsorted(times, start + 1.0))
        shared = sum(mine[first:last].T @ near[first:last] for mine, near in zip(ways, alongside, strict=True))
        if float((shared >= SWINGS).mean(axis=1).max()) >= AREA:
            return float(start), float(min(start + 1.0, times[-1]))
    return None


def _nearby(times: NDArray[np.float64], mine: NDArray[np.float32]) -> NDArray[np.float32]:
    """1 where a cell swings at that sample or within ``TOGETHER`` of it, else 0: (samples, cells)."""
    near = np.empty_like(mine)
    for step, at in enumerate(times):
        begin, end = np.searchsorted(times, (at - TOGETHER, at + TOGETHER))
        near[step] = mine[begin:end].max(axis=0)
    return near


def _redness(samples: Sequence[Sample]) -> NDArray[np.float32]:
    """1 where a cell's mean colour is saturated red (R at least 0.8 of R+G+B), else 0: (samples, cells)."""
    rows = []
    for sample in samples:
        height, width = (max(1, side // 8) for side in sample.rgb.shape[:2])
        thin = sample.rgb[::height, ::width][:8, :8].astype(np.float32)
        rows.append((thin[..., 0] >= np.maximum(60.0, _RED_SHARE * thin.sum(axis=-1))).ravel())
    return np.stack(rows).astype(np.float32)
