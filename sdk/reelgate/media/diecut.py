"""The die-cut look of a sticker: an even white edge round whatever is opaque, its hollows filled."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reelgate.media.clip import flattened

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from reelgate.contract import Frame

EDGE = 8 / 512
"""How wide the white edge is, as a share of the frame's short side."""

_HOLLOW = 11 / 512
"""Gaps narrower than twice this are filled, so that a scissor could follow the edge."""

_FIRM = np.clip((np.arange(256) - 144) * 255 // 80, 0, 255).astype(np.uint8)
"""How much of an opacity counts as body: a glow or a wisp of smoke gets no edge of its own."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a sticker's subject leaves free, as shares of the frame: for the edge, and for the label below it."""

    top: float
    side: float
    bottom: float


ROOM = Room(top=0.034, side=0.034, bottom=0.082)


def outliner(width: int, height: int) -> Callable[[Frame], Frame]:
    """A function that puts frames of that size, with alpha, on their white edge.

    What was transparent within the edge becomes white and opaque; everything further out becomes transparent, glows
    and wisps too, and is white underneath, so that no scaler or codec can pull a dark fringe in. A frame without
    alpha is returned as it is.
    """
    short = min(width, height)
    edge, hollow = max(1, round(short * EDGE)), max(1, round(short * _HOLLOW))
    grow, shrink = _disc(edge + hollow), _disc(hollow)

    def outlined(frame: Frame) -> Frame:
        if frame.alpha is None:
            return frame
        # What is narrower than the disc is closed by growing further than needed and shrinking back; the margin
        # lets the edge shrink back from beyond the frame too.
        wide = np.pad(_FIRM[frame.alpha], edge + hollow)
        closed = 255 - _grown(255 - _grown(wide, grow), shrink)
        inner = slice(edge + hollow, -(edge + hollow))
        alpha = _softened(closed)[inner, inner]
        return dataclasses.replace(flattened(frame), alpha=alpha)

    return outlined


def _disc(radius: int) -> list[int]:
    """Half the width of a disc's rows, from its middle row outwards."""
    return [int((radius * radius - row * row + radius * 0.8) ** 0.5) for row in range(radius + 1)]


def _grown(values: NDArray[np.uint8], disc: list[int]) -> NDArray[np.uint8]:
    """Each pixel the largest within a disc about it: rows are widened step by step, then laid over each other."""
    height = len(values)
    out = np.zeros_like(values)
    row = values.copy()
    reach = 0
    for away in range(len(disc) - 1, -1, -1):
        for step in range(reach + 1, disc[away] + 1):
            np.maximum(row[:, step:], values[:, :-step], out=row[:, step:])
            np.maximum(row[:, :-step], values[:, step:], out=row[:, :-step])
        reach = disc[away]
        np.maximum(out[away:], row[: height - away], out=out[away:])
        if away:
            np.maximum(out[:-away], row[away:], out=out[:-away])
    return out


def _softened(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The steps of a disc's rim turned into one smooth slope, a 3 x 3 binomial mean."""
    padded = np.pad(values, 1).astype(np.uint16)
    rows = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    total = rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:] + 8
    softened: NDArray[np.uint8] = (total >> 4).astype(np.uint8)
    return softened
