"""From a rough guess at the geometry to the exact lattice, on the sync lines' phases.

First without phases (the power of the 28 lines, by pattern search over the map's four numbers), then the shift
(the keyed phases turn into one peak, tried for each phase set), then all six numbers together by Newton's
method. All on sums over 24 blocks, so a trial costs microseconds, not a pass over the picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reelgate_moderation.marks.lattice import Lattice, LocalLines, local_lines
from reelgate_moderation.marks.tile import SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reelgate_moderation.marks.tile import Carrier

_STEPS = (1.0, 0.5, 0.25, 0.12)
_TRIES = 6
_GRID = 256
_TRIALS = np.stack(np.meshgrid(*[[0, 1, 2]] * 4, indexing="ij"), axis=-1).reshape(-1, 4)


def aligned(total: NDArray[np.float32], guess: Lattice, ground: Carrier) -> Lattice:
    """The lattice near ``guess`` on which the sync lines stand highest, with its shift."""
    lattice = guess
    for steps in (_STEPS, _STEPS[2:]):
        local = local_lines(total, lattice, ground.lines)
        lattice = local.moved(lattice, _strongest(local, steps))
    local = local_lines(total, lattice, ground.lines)
    sums = local.values.sum(axis=1)
    shift, phases = _shift(sums, ground)
    lattice = Lattice(lattice.matrix, lattice.shift + shift)
    for _ in range(2):
        local = local_lines(total, lattice, ground.lines)
        lattice = _polish(local, lattice, ground.lines, phases)
    return lattice


def _strongest(local: LocalLines, steps: tuple[float, ...]) -> NDArray[np.float64]:
    """The change of the map (4,) with the most power in the lines, by pattern search with shrinking steps."""
    values = local.values.astype(np.complex64)
    level = np.mean(np.abs(values) ** 2, axis=1, keepdims=True)
    values /= np.sqrt(level).astype(np.float32) + 1e-20
    slopes = local.slopes.astype(np.float32)
    moved = np.zeros(4)
    for step in steps:
        # Per number: the phase factors for one step back, none, one step on.
        factors = np.exp(1j * step * slopes[..., None] * np.array([-1, 0, 1], dtype=np.float32)).astype(np.complex64)
        for _ in range(_TRIES):
            here = values * np.exp(1j * (slopes @ moved.astype(np.float32))).astype(np.complex64)
            one = here[..., None, None] * factors[..., 0, :, None] * factors[..., 1, None, :]
            two = factors[..., 2, :, None] * factors[..., 3, None, :]
            count, blocks = here.shape
            sums = one.reshape(count, blocks, 9).transpose(0, 2, 1) @ two.reshape(count, blocks, 9)
            power = np.minimum(sums.real**2 + sums.imag**2, 400.0).sum(axis=0).reshape(-1)
            best = int(np.argmax(power))
            if power[best] <= power[40] * (1 + 1e-6):
                break
            moved = moved + step * (_TRIALS[best] - 1)
    return moved


def _shift(sums: NDArray[np.complex128], ground: Carrier) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The shift in cells at which one phase set agrees best with the lines' phases, and that set."""
    unit = sums / (np.abs(sums) + 1e-20) * np.minimum(np.abs(sums) / (np.median(np.abs(sums)) + 1e-20), 2.0)
    across, down = ground.lines.T
    best = (-1.0, np.zeros(2), ground.phases[0])
    for phases in ground.phases:
        # The lines hold exp(i (phase + 2 pi k shift / 64)): taking the phase away leaves one plane wave.
        grid = np.zeros((_GRID, _GRID), dtype=np.complex128)
        grid[down % _GRID, across % _GRID] = unit * np.exp(-1j * phases)
        surface = np.fft.fft2(grid).real
        peak = int(np.argmax(surface))
        row, column = divmod(peak, _GRID)
        if surface[row, column] > best[0]:
            best = (float(surface[row, column]), np.array([column, row]) * (SIDE / _GRID), phases)
    return best[1], best[2]


def _polish(
    local: LocalLines, lattice: Lattice, lines: NDArray[np.int64], phases: NDArray[np.float64]
) -> Lattice:
    """Newton's method on the map and the shift together, for the largest sum of lines in phase."""
    level = np.sqrt(np.mean(np.abs(local.values) ** 2)) + 1e-20
    values = (local.values * np.exp(-1j * phases)[:, None] / level).ravel()
    turns = np.broadcast_to(-2 * np.pi / SIDE * lines[:, None, :], (*local.values.shape, 2))
    slopes = np.concatenate([local.slopes, turns], axis=-1).reshape(-1, 6)
    moved = np.zeros(6)
    for _ in range(4):
        now = values * np.exp(1j * (slopes @ moved))
        gradient = -(now.imag @ slopes)
        bend = (slopes * np.maximum(now.real, 0.0)[:, None]).T @ slopes + 1e-3 * np.diag((slopes**2).sum(axis=0))
        moved += np.clip(np.linalg.solve(bend, gradient), -0.5, 0.5)
    moved = np.clip(moved, -1.0, 1.0)
    finer = local.moved(lattice, moved[:4])
    return Lattice(finer.matrix, finer.shift + moved[4:])
