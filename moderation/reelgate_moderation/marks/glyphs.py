"""An alphabet of our own, drawn with one rounded stroke, so that a machine without fonts still labels.

Units are tenths of the text size. Baseline 0, small letters 5 high, capitals 7.2, tails down to -2.2. Every
shape is a path of the pen's centre: ``M x y`` sets it down, ``L x y`` draws a line, ``A cx cy rx ry from to``
an arc of an ellipse (degrees, against the clock; a line joins it to where the pen was).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from reelgate.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNITS = 10.0
STROKE = 1.04
"""Width of the pen, in units."""

SPACE = 2.9
GAP = 1.95
"""Room from one letter's rightmost pen centre to the next one's leftmost."""

TALLEST = 7.6
LOWEST = -2.2

_ARC_STEP = 12.0

_SHAPES: dict[str, tuple[float, str]] = {
    "a": (4.3, "M 4.3 2.5 A 2.15 2.5 2.15 2.5 0 360 M 4.3 5 L 4.3 0"),
    "b": (4.3, "M 0 7.6 L 0 0 M 4.3 2.5 A 2.15 2.5 2.15 2.5 0 360"),
    "c": (3.7, "A 2.15 2.5 2.15 2.5 46 314"),
    "d": (4.3, "M 4.3 7.6 L 4.3 0 M 4.3 2.5 A 2.15 2.5 2.15 2.5 0 360"),
    "e": (4.3, "M 0.1 2.6 L 4.28 2.6 A 2.15 2.5 2.15 2.5 2 316"),
    "f": (2.7, "A 2.45 6.2 1.45 1.4 72 180 L 1 0 M 0 4.9 L 2.5 4.9"),
    "g": (4.3, "M 4.3 2.5 A 2.15 2.5 2.15 2.5 0 360 M 4.3 5 L 4.3 0 A 2.15 -0.1 2.15 2.1 0 -145"),
    "h": (4, "M 0 7.6 L 0 0 M 0 2.9 A 2 2.9 2 2.1 180 0 L 4 0"),
    "i": (0, "M 0 5 L 0 0 A 0 7.05 0.18 0.18 0 360"),
    "j": (1.1, "M 1.1 5 L 1.1 -0.7 A -0.2 -0.7 1.3 1.5 0 -95 A 1.1 7.05 0.18 0.18 0 360"),
    "k": (3.6, "M 0 7.6 L 0 0 M 3.4 5 L 0 1.9 M 1.4 3.15 L 3.6 0"),
    "l": (0, "M 0 7.6 L 0 0"),
    "m": (6.6, "M 0 5 L 0 0 M 0 3.1 A 1.65 3.1 1.65 1.9 180 0 L 3.3 0 M 3.3 3.1 A 4.95 3.1 1.65 1.9 180 0 L 6.6 0"),
    "n": (4, "M 0 5 L 0 0 M 0 2.9 A 2 2.9 2 2.1 180 0 L 4 0"),
    "o": (4.4, "A 2.2 2.5 2.2 2.5 0 360"),
    "p": (4.3, "M 0 5 L 0 -2.2 M 4.3 2.5 A 2.15 2.5 2.15 2.5 0 360"),
    "q": (4.3, "M 4.3 5 L 4.3 -2.2 M 4.3 2.5 A 2.15 2.5 2.15 2.5 0 360"),
    "r": (2.4, "M 0 5 L 0 0 M 0 2.9 A 1.9 2.9 1.9 2.1 180 72"),
    "s": (3.3, "A 1.65 3.72 1.5 1.28 32 270 A 1.65 1.22 1.65 1.22 90 -148"),
    "t": (2.5, "M 1 6.7 L 1 1.3 A 2.3 1.3 1.3 1.3 180 282 M 0 4.9 L 2.5 4.9"),
    "u": (4, "M 0 5 L 0 2.1 A 2 2.1 2 2.1 180 360 M 4 5 L 4 0"),
    "v": (4, "M 0 5 L 2 0 L 4 5"),
    "w": (6.2, "M 0 5 L 1.6 0 L 3.1 4.7 L 4.6 0 L 6.2 5"),
    "x": (3.8, "M 0 5 L 3.8 0 M 3.8 5 L 0 0"),
    "y": (4, "M 0 5 L 2.05 0.1 M 4 5 L 1.15 -2.15"),
    "z": (3.5, "M 0 5 L 3.5 5 L 0 0 L 3.5 0"),
    "A": (5.6, "M 0 0 L 2.8 7.2 L 5.6 0 M 1 2.4 L 4.6 2.4"),
    "B": (4.4, "M 0 3.8 L 2.5 3.8 A 2.5 5.5 1.65 1.7 -90 90 L 0 7.2 L 0 0 L 2.5 0 A 2.5 1.9 1.9 1.9 -90 90"),
    "C": (5.5, "A 3.2 3.6 3.2 3.6 46 314"),
    "D": (5.3, "M 0 0 L 0 7.2 L 1.9 7.2 A 1.9 3.6 3.4 3.6 90 -90 L 0 0"),
    "E": (4, "M 4 7.2 L 0 7.2 L 0 0 L 4 0 M 0 3.7 L 3.6 3.7"),
    "F": (3.9, "M 3.9 7.2 L 0 7.2 L 0 0 M 0 3.6 L 3.5 3.6"),
    "G": (6.2, "A 3.2 3.6 3.2 3.6 46 348 L 6.3 3.4 L 3.7 3.4"),
    "H": (5, "M 0 0 L 0 7.2 M 5 0 L 5 7.2 M 0 3.7 L 5 3.7"),
    "I": (0, "M 0 0 L 0 7.2"),
    "J": (3, "M 3 7.2 L 3 2 A 1.5 2 1.5 2 0 -170"),
    "K": (4.6, "M 0 0 L 0 7.2 M 4.4 7.2 L 0 2.7 M 1.7 4.4 L 4.6 0"),
    "L": (3.7, "M 0 7.2 L 0 0 L 3.7 0"),
    "M": (6.4, "M 0 0 L 0 7.2 L 3.2 1.8 L 6.4 7.2 L 6.4 0"),
    "N": (5, "M 0 0 L 0 7.2 L 5 0 L 5 7.2"),
    "O": (6.4, "A 3.2 3.6 3.2 3.6 0 360"),
    "P": (4.4, "M 0 0 L 0 7.2 L 2.4 7.2 A 2.4 5.2 2 2 90 -90 L 0 3.2"),
    "Q": (6.4, "A 3.2 3.6 3.2 3.6 0 360 M 4.1 1.8 L 6.2 -0.5"),
    "R": (4.5, "M 0 0 L 0 7.2 L 2.4 7.2 A 2.4 5.2 2 2 90 -90 L 0 3.2 M 2.3 3.2 L 4.5 0"),
    "S": (4.4, "A 2.2 5.36 2.05 1.84 30 270 A 2.2 1.76 2.2 1.76 90 -152"),
    "T": (4.8, "M 0 7.2 L 4.8 7.2 M 2.4 7.2 L 2.4 0"),
    "U": (4.9, "M 0 7.2 L 0 2.45 A 2.45 2.45 2.45 2.45 180 360 L 4.9 7.2"),
    "V": (5.4, "M 0 7.2 L 2.7 0 L 5.4 7.2"),
    "W": (8, "M 0 7.2 L 2.05 0 L 4 6.8 L 5.95 0 L 8 7.2"),
    "X": (4.9, "M 0 7.2 L 4.9 0 M 4.9 7.2 L 0 0"),
    "Y": (5, "M 0 7.2 L 2.5 3.4 L 5 7.2 M 2.5 3.4 L 2.5 0"),
    "Z": (4.6, "M 0 7.2 L 4.6 7.2 L 0 0 L 4.6 0"),
    "0": (4.6, "A 2.3 3.6 2.3 3.6 0 360"),
    "1": (1.7, "M 0 5.8 L 1.7 7.2 L 1.7 0"),
    "2": (4.4, "A 2.2 5.05 2.05 2.15 165 -38 L 0 0 L 4.4 0"),
    "3": (4.3, "A 2.1 5.45 1.85 1.75 150 -90 A 2.1 1.85 2.2 1.85 90 -152"),
    "4": (4.7, "M 3.5 0 L 3.5 7.2 L 0 2 L 4.7 2"),
    "5": (4.3, "M 4 7.2 L 0.8 7.2 L 0.55 4 A 2.1 2.3 2.2 2.3 128 -150"),
    "6": (4.5, "M 3.5 7.2 L 0.5 3.7 M 4.5 2.3 A 2.25 2.3 2.25 2.3 0 360"),
    "7": (4.3, "M 0 7.2 L 4.3 7.2 L 1.4 0"),
    "8": (4.5, "A 2.25 5.45 1.85 1.75 0 360 M 4.5 1.85 A 2.25 1.85 2.25 1.85 0 360"),
    "9": (4.5, "M 1 0 L 4 3.5 M 4.5 4.9 A 2.25 4.9 2.25 2.3 0 360"),
    "·": (0.6, "A 0.3 2.8 0.3 0.3 0 360"),
    ".": (0, "A 0 0.1 0.18 0.18 0 360"),
    "-": (2.4, "M 0 2.6 L 2.4 2.6"),
}


@dataclass(frozen=True, slots=True)
class Glyph:
    """``width`` between the outermost pen centres, and the pen's path as segments (n, 4): x0 y0 x1 y1."""

    width: float
    segments: NDArray[np.float64]


@cache
def glyph(sign: str) -> Glyph:
    """The shape of one sign; raises :class:`BadInput` for one the alphabet does not hold."""
    if sign not in _SHAPES:
        raise BadInput(f"The label's alphabet has no {sign!r}.")
    width, path = _SHAPES[sign]
    return Glyph(width, np.array(_segments(path.split()), dtype=np.float64))


def laid_out(text: str) -> tuple[NDArray[np.float64], float]:
    """All segments of ``text`` on one line, (n, 4) in units, and its width between outermost pen centres."""
    parts: list[NDArray[np.float64]] = []
    pen = 0.0
    for sign in text:
        if sign == " ":
            pen += SPACE
            continue
        shape = glyph(sign)
        parts.append(shape.segments + np.array([pen, 0.0, pen, 0.0]))
        pen += shape.width + GAP
    if not parts:
        raise BadInput("A label needs words.")
    return np.concatenate(parts), pen - GAP


def _segments(path: list[str]) -> list[tuple[float, float, float, float]]:
    """The path as straight pieces; arcs are cut every twelve degrees."""
    found: list[tuple[float, float, float, float]] = []
    here: tuple[float, float] | None = None
    at = 0
    while at < len(path):
        verb = path[at]
        count = 6 if verb == "A" else 2
        numbers = [float(word) for word in path[at + 1 : at + 1 + count]]
        at += 1 + count
        if verb == "M":
            here = (numbers[0], numbers[1])
            continue
        for point in [(numbers[0], numbers[1])] if verb == "L" else _arc(*numbers):
            if here is not None:
                found.append((*here, *point))
            here = point
        if verb == "A" and path[at : at + 1] not in (["L"], ["A"]):
            here = None
    return found


def _arc(cx: float, cy: float, rx: float, ry: float, start: float, end: float) -> list[tuple[float, float]]:
    steps = max(2, round(abs(end - start) / _ARC_STEP))
    angles = np.deg2rad(np.linspace(start, end, steps + 1))
    return [(cx + rx * float(np.cos(angle)), cy + ry * float(np.sin(angle))) for angle in angles]
