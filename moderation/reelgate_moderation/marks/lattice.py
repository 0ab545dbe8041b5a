"""Where the tile lies in a picture, and the sum folded onto it.

A :class:`Lattice` is an affine map from picture to tile: cell = matrix @ (x, y) + shift, with (x, y) in
pixels of the working sum (pixel centres at halves) and cell centres at whole numbers.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reelgate_moderation.marks.tile import CELLS_ACROSS, SIDE, frequencies

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FINE = 4
"""Bins along a cell when folding: the phase error at the highest line is then under a tenth of a radian."""

_BLOCKS = (4, 6)
"""Squares along the short and the long side for the local line sums."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """``matrix`` is (2, 2) in cells a pixel, ``shift`` (2,) in cells; both take (across, down)."""

    matrix: NDArray[np.float64]
    shift: NDArray[np.float64]


def upright(shape: tuple[int, ...]) -> Lattice:
    """The lattice of a picture that was at most resized: ``shape`` is (height, width) of the sum."""
    return Lattice(np.eye(2) * (CELLS_ACROSS / min(shape)), np.zeros(2))


def mirrored(shape: tuple[int, ...]) -> Lattice:
    """The lattice of a picture that was flipped left to right, and at most resized besides."""
    cells = CELLS_ACROSS / min(shape)
    return Lattice(np.diag([-cells, cells]), np.array([shape[1] * cells, 0.0]))


def fold(total: NDArray[np.float32], lattice: Lattice) -> NDArray[np.complex128]:
    """The 64 x 64 Fourier lines of the sum on the lattice, in the tile's own order."""
    height, width = total.shape
    (xx, xy), (yx, yy) = lattice.matrix * _FINE
    x = (np.arange(width) + 0.5).astype(np.float64)
    y = (np.arange(height) + 0.5).astype(np.float64)[:, None]
    bins = SIDE * _FINE
    across = _wrapped(xx * x + (xy * y + lattice.shift[0] * _FINE), bins)
    down = _wrapped(yx * x + (yy * y + lattice.shift[1] * _FINE), bins)
    down *= bins
    down += across
    folded = np.bincount(down.ravel(), weights=total.ravel(), minlength=bins * bins).reshape(bins, bins)
    lines = np.fft.fft2(folded)
    axis = frequencies()
    index = axis.astype(np.int64) % bins
    centre = np.exp(-2j * np.pi * axis * (0.5 / _FINE) / SIDE)
    kept: NDArray[np.complex128] = lines[index[:, None], index[None, :]] * centre[:, None] * centre[None, :]
    return kept


def _wrapped(places: NDArray[np.float64], bins: int) -> NDArray[np.int32]:
    np.floor(places, out=places)
    return places.astype(np.int32) & np.int32(bins - 1)


@dataclass(frozen=True, slots=True)
class LocalLines:
    """The sync lines summed block by block under one lattice.

    ``values`` is complex (lines, blocks); ``slopes`` (lines, blocks, 4) says how many radians each phase
    moves when the map's four numbers move by one cell at the picture's edge. A small change of the map is
    then only a turn of each block's phase.
    """

    values: NDArray[np.complex128]
    slopes: NDArray[np.float64]
    reach: NDArray[np.float64]
    centre: NDArray[np.float64]

    def moved(self, lattice: Lattice, step: NDArray[np.float64]) -> Lattice:
        """The lattice after a change ``step`` (4,) in cells at the edge, turning about the picture's centre."""
        change = step.reshape(2, 2) / self.reach[None, :]
        return Lattice(lattice.matrix + change, lattice.shift - change @ self.centre)


def local_lines(total: NDArray[np.float32], lattice: Lattice, lines: NDArray[np.int64]) -> LocalLines:
    """The sums of ``total`` over 4 x 6 blocks at the frequencies of ``lines`` (n, 2)."""
    height, width = total.shape
    rows, columns = _BLOCKS if height <= width else _BLOCKS[::-1]
    cycles = lines @ lattice.matrix / SIDE
    x = np.arange(width) + 0.5
    y = np.arange(height) + 0.5
    across = -2 * np.pi * np.outer(x, cycles[:, 0])
    turn = 2 * np.pi * lines @ lattice.shift / SIDE
    down = np.exp(-1j * (2 * np.pi * np.outer(y, cycles[:, 1]) + turn)).astype(np.complex64)
    waves = np.concatenate([np.cos(across), np.sin(across)], axis=1).astype(np.float32)
    edges_x = np.linspace(0, width, columns + 1).astype(np.int64)
    edges_y = np.linspace(0, height, rows + 1).astype(np.int64)
    count = len(lines)
    values = np.empty((count, rows, columns), dtype=np.complex128)
    for column, (left, right) in enumerate(itertools.pairwise(edges_x)):
        part = total[:, left:right] @ waves[left:right]
        wave = (part[:, :count] + 1j * part[:, count:]) * down
        values[:, :, column] = np.add.reduceat(wave, edges_y[:-1], axis=0).T
    reach = np.array([width / 2, height / 2])
    places = np.stack(
        np.meshgrid((edges_x[:-1] + edges_x[1:]) / width - 1, (edges_y[:-1] + edges_y[1:]) / height - 1), axis=-1
    ).reshape(-1, 2)
    slopes = -2 * np.pi / SIDE * lines[:, None, :, None] * places[None, :, None, :]
    return LocalLines(values.reshape(count, -1), slopes.reshape(count, rows * columns, 4), reach, reach.copy())
