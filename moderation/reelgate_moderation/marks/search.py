"""Finding the tile in a picture that was resized, turned, mirrored, squeezed or cropped.

The sync lines are peaks in the sum's spectrum at keyed places. Every guess at the geometry predicts 28 places;
the guess whose places hold the most power wins. This only uses magnitudes, so cropping does not matter here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reelgate_moderation.marks.lattice import Lattice, upright
from reelgate_moderation.marks.tile import SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CAP = 12.0
_STEP = 4
_KEEP_APART = 0.04


@dataclass(frozen=True, slots=True)
class Peaks:
    """Power over its surroundings, capped at 12: ``power`` is float32 (rows, columns / 2 + 1)."""

    power: NDArray[np.float32]
    columns: int


@dataclass(frozen=True, slots=True)
class Guess:
    """One geometry: its lattice (shift unknown), and its score in deviations above chance."""

    lattice: Lattice
    score: float
    total: float


@dataclass(frozen=True, slots=True)
class Field:
    """A set of geometries: all combinations of mirror, aspect, turn in degrees and scale."""

    mirrors: tuple[bool, ...]
    aspects: tuple[float, ...]
    turns: NDArray[np.float64]
    scales: NDArray[np.float64]

    @property
    def size(self) -> int:
        """How many geometries it holds."""
        return len(self.mirrors) * len(self.aspects) * len(self.turns) * len(self.scales)


NEAR = Field((False,), (1.0,), np.linspace(-1, 1, 5), np.linspace(0.97, 1.03, 13))
FAR = Field(
    (False, True),
    (1.0, 0.95, 1 / 0.95, 0.9, 1 / 0.9),
    np.linspace(-12, 12, 49),
    np.exp(np.arange(np.log(0.42), np.log(3.4), 0.01)),
)


def peaks(total: NDArray[np.float32]) -> Peaks:
    """The levelled spectrum of a sum."""
    height, width = total.shape
    rows, columns = (max(1024, 1 << (length - 1).bit_length()) for length in (height, width))
    window = np.sqrt(np.hanning(height + 2)[1:-1, None] * np.hanning(width + 2)[None, 1:-1]).astype(np.float32)
    spectrum = np.fft.rfft2(total * window, (rows, columns))
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    power /= _surroundings(power)
    widest = np.maximum(power, np.roll(power, -1, axis=0))
    widest[:, :-1] = np.maximum(widest[:, :-1], widest[:, 1:])
    return Peaks(np.minimum(widest, _CAP), columns)


def look(
    found: Peaks, shape: tuple[int, ...], lines: NDArray[np.int64], field: Field, keep: int
) -> list[Guess]:
    """The ``keep`` best geometries of ``field``, best first, no two nearly the same."""
    rows, columns = len(found.power), found.columns
    cell = upright(shape).matrix[0, 0]
    middle = _middle(found, lines, cell)
    best: list[Guess] = []
    scales = field.scales[:, None]
    angles = np.deg2rad(field.turns)
    cosine, sine = np.cos(angles), np.sin(angles)
    for mirror in field.mirrors:
        for aspect in field.aspects:
            root = np.sqrt(aspect)
            across = lines[:, 0] / root * (-1 if mirror else 1)
            down = lines[:, 1] * root
            sums = np.empty((len(angles), len(field.scales)), dtype=np.float32)
            for turn in range(len(angles)):
                # Frequencies follow the map's transpose, for the map turn @ squeeze @ mirror.
                x = (cosine[turn] * across - sine[turn] * down) * (cell * columns / SIDE)
                y = (sine[turn] * across + cosine[turn] * down) * (cell * rows / SIDE)
                sums[turn] = _power_at(found, scales * x, scales * y).sum(axis=1)
            for index in np.argsort(sums, axis=None)[: -4 * keep - 1 : -1]:
                turn, scale = np.unravel_index(index, sums.shape)
                c, s = cosine[turn], sine[turn]
                turned = np.array([[c / root, s / root], [-s * root, c * root]])
                if mirror:
                    turned[0] *= -1
                lattice = Lattice(turned * field.scales[scale] * cell, np.zeros(2))
                total = float(sums[turn, scale])
                best.append(Guess(lattice, (total - middle[0]) / middle[1], total))
    return _distinct(sorted(best, key=lambda guess: -guess.total), keep)


def _power_at(found: Peaks, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float32]:
    """Power at spectrum places (bins); 1 beyond the spectrum's edge, where nothing can be seen."""
    rows, half = found.power.shape
    flipped = x < 0
    column = np.rint(np.where(flipped, -x, x) - 0.5).astype(np.int64)
    row = np.rint(np.where(flipped, -y, y) - 0.5).astype(np.int64)
    outside = (column >= half) | (np.abs(row) >= rows // 2)
    power: NDArray[np.float32] = found.power[row % rows, np.minimum(column, half - 1)]
    power[outside] = 1.0
    return power


def _middle(found: Peaks, lines: NDArray[np.int64], cell: float) -> tuple[float, float]:
    """Mean and deviation of the summed power at so many places chosen by chance."""
    reach = slice(int(3 * cell * found.columns / SIDE), int(20 * cell * found.columns / SIDE))
    sample = found.power[:, reach]
    count = len(lines)
    return float(sample.mean()) * count, float(sample.std()) * np.sqrt(count) + 1e-9


def _surroundings(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean power over some 3 x 3 squares of 4 bins, at every bin: about the room between two sync lines."""
    rows, columns = power.shape
    wide = -(-columns // _STEP)
    padded = np.pad(power, [(0, 0), (0, wide * _STEP - columns)], mode="edge")
    squares = padded.reshape(rows // _STEP, _STEP, wide, _STEP).mean(axis=(1, 3))
    squares = (np.roll(squares, 1, 0) + squares + np.roll(squares, -1, 0)) / 3
    edged = np.pad(squares, [(0, 0), (1, 1)], mode="edge")
    squares = (edged[:, :-2] + squares + edged[:, 2:]) / 3
    spread = np.repeat(np.repeat(squares, _STEP, axis=0), _STEP, axis=1)[:, :columns]
    return np.asarray(np.maximum(spread, 1e-12), dtype=np.float32)


def _distinct(guesses: list[Guess], keep: int) -> list[Guess]:
    chosen: list[Guess] = []
    for guess in guesses:
        size = np.abs(guess.lattice.matrix).max()
        if all(np.abs(guess.lattice.matrix - other.lattice.matrix).max() > _KEEP_APART * size for other in chosen):
            chosen.append(guess)
            if len(chosen) == keep:
                break
    return chosen
