"""The carrier: a periodic tile of 64 x 64 cells, drawn from a key.

In the tile's own 64 x 64 discrete Fourier transform, 28 pairs of lines are the *sync*: keyed places, keyed
phases, equal amplitude, a fifth of the energy. They are what a reader looks for when a picture was resized,
turned, cropped or mirrored. All other lines carry the *payload*: every cell belongs to one coded symbol, with
a keyed sign, and the field is shaped towards low frequencies, which codecs keep.

One key has 16 *variants* (16 chip patterns, 4 sets of sync phases); the mark id chooses among them. Averaging
many marked files then no longer isolates one fixed pattern that could be subtracted.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from reelgate_moderation.marks import keyed
from reelgate_moderation.marks.code import code
from reelgate_moderation.marks.payload import message_bits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reelgate.words import MarkFormat

SIDE = 64
"""Cells along each side of the tile."""

CELLS = SIDE * SIDE
CELLS_ACROSS = 90
"""Cells along a picture's short side: the cell follows the picture's size, so resizing keeps the count."""

LINES = 28
PHASE_SETS = 4
VARIANTS = 16

_SYNC_SHARE = 0.2
_SLOPE = 0.5
_LOWEST = 2.5
_RING = (6.0, 20.0)
_OFF_AXIS = 3


def cell_size(width: int, height: int) -> float:
    """Pixels along a cell's side in a picture of that size."""
    return min(width, height) / CELLS_ACROSS


def frequencies() -> NDArray[np.float64]:
    """The signed frequency of each row or column of the tile's transform, in cycles a tile."""
    return np.fft.fftfreq(SIDE, 1 / SIDE).astype(np.float64)


def radius() -> NDArray[np.float64]:
    """How far each line of the transform lies from zero, (64, 64), in cycles a tile."""
    axis = frequencies()
    return np.hypot(axis[:, None], axis[None, :])


@dataclass(frozen=True, slots=True)
class Chips:
    """Which cell carries which symbol with which sign, for one format and variant.

    ``order`` is (4096,): the cell at place j belongs to symbol j modulo the number of symbols; ``sign`` is
    float32 (4096,) in that same order.
    """

    order: NDArray[np.int64]
    sign: NDArray[np.float32]

    def spread(self, symbols: NDArray[np.float32]) -> NDArray[np.float32]:
        """The chip field (64, 64) that carries ``symbols``."""
        field = np.empty(CELLS, dtype=np.float32)
        field[self.order] = np.resize(symbols, CELLS) * self.sign
        return field.reshape(SIDE, SIDE)

    def gather(self, cells: NDArray[np.float32], symbols: int) -> NDArray[np.float32]:
        """Soft symbols (``symbols``,) from a received cell field (64, 64): each the sum of its signed cells."""
        signed = np.zeros(-(-CELLS // symbols) * symbols, dtype=np.float32)
        signed[:CELLS] = cells.reshape(-1)[self.order] * self.sign
        soft: NDArray[np.float32] = signed.reshape(-1, symbols).sum(axis=0)
        return soft


@dataclass(frozen=True, slots=True)
class Carrier:
    """Everything a key fixes. ``lines`` is int (28, 2) of (across, down); ``phases`` is (4, 28) in radians."""

    key: bytes
    lines: NDArray[np.int64]
    phases: NDArray[np.float64]


@cache
def carrier(key: bytes) -> Carrier:
    """The carrier of ``key``."""
    return Carrier(key, _pick_lines(key), keyed.angles(key, "sync phases", PHASE_SETS * LINES).reshape(-1, LINES))


@lru_cache(maxsize=256)
def chips(key: bytes, format: MarkFormat, variant: int) -> Chips:
    """The chip pattern of one format and variant under ``key``."""
    name = f"{format.value} {variant}"
    return Chips(keyed.permutation(key, f"cells {name}", CELLS), keyed.signs(key, f"signs {name}", CELLS))


def variant_of(message: str, key: bytes) -> int:
    """Which variant carries ``message``; it depends on the id's first 32 bits, which both formats hold."""
    return hmac.digest(key, b"variant " + message[:8].encode(), "sha256")[0] % VARIANTS


@lru_cache(maxsize=16)
def tile_spectrum(message: str, format: MarkFormat, key: bytes) -> NDArray[np.complex128]:
    """The marked tile's transform (64, 64), scaled so that the tile has variance 1.

    The half-way lines (32) are left empty: a tile is then exactly its Fourier series between the cells too.
    """
    ground = carrier(key)
    variant = variant_of(message, key)
    symbols = code(format).encode(message_bits(message, format, key))
    payload = np.fft.fft2(chips(key, format, variant).spread(symbols)) * payload_gain(ground)
    sync = np.zeros((SIDE, SIDE), dtype=np.complex128)
    wave = np.exp(1j * ground.phases[variant % PHASE_SETS])
    across, down = ground.lines.T
    sync[down, across] = wave
    sync[-down, -across] = wave.conj()
    both: NDArray[np.complex128] = _unit(payload) * (1 - _SYNC_SHARE) ** 0.5 + _unit(sync) * _SYNC_SHARE**0.5
    return both


def payload_gain(ground: Carrier) -> NDArray[np.float64]:
    """How much of each line the payload may use: r to the power -.5, nothing near zero or on the sync."""
    distance = radius()
    gain = np.maximum(distance, 3.0) ** -_SLOPE
    gain[distance < _LOWEST] = 0.0
    gain[SIDE // 2, :] = gain[:, SIDE // 2] = 0.0
    across, down = ground.lines.T
    gain[down, across] = gain[-down, -across] = 0.0
    return gain


def pattern(spectrum: NDArray[np.complex128], width: int, height: int) -> NDArray[np.float32]:
    """The tile repeated over a picture from its top left corner, float32 (height, width), variance near 1.

    Pixel (x, y) lies at ((x + .5) / cell, (y + .5) / cell) in tile coordinates, where cell centres are whole
    numbers. The Fourier series is summed exactly, as two matrix products.
    """
    cell = cell_size(width, height)
    half = SIDE // 2
    down = _waves(height, cell, frequencies())
    across = _waves(width, cell, np.arange(half, dtype=np.float64))
    kept = spectrum[:, :half].copy()
    kept[:, 1:] *= 2.0
    columns = (kept.astype(np.complex64) @ across.T) / CELLS
    product = down.real @ columns.real
    product -= down.imag @ columns.imag
    return product


def _waves(length: int, cell: float, lines: NDArray[np.float64]) -> NDArray[np.complex64]:
    places = (np.arange(length) + 0.5) / cell
    waves: NDArray[np.complex64] = np.exp(2j * np.pi / SIDE * places[:, None] * lines[None, :]).astype(np.complex64)
    return waves


def _unit(spectrum: NDArray[np.complex128]) -> NDArray[np.complex128]:
    scale: float = np.sqrt(np.sum(np.abs(spectrum) ** 2)) / CELLS
    return spectrum / scale


def _pick_lines(key: bytes) -> NDArray[np.int64]:
    """The sync lines: in a ring, off the axes, apart from each other and from each other's mirror images.

    Candidates are taken in keyed order. The ring holds some 450 of them, and each line chosen rules out
    fewer than 40, so a keyed order could only rarely run dry; then the next keyed order is tried.
    """
    reach = np.arange(-20, 21)
    across, down = (axis.ravel() for axis in np.meshgrid(reach, np.arange(_OFF_AXIS, 21)))
    distance = np.hypot(across, down)
    inside = (distance >= _RING[0]) & (distance <= _RING[1]) & (np.abs(across) >= _OFF_AXIS)
    candidates = np.stack([across[inside], down[inside]], axis=1)
    for attempt in range(64):
        chosen: list[NDArray[np.int64]] = []
        for index in keyed.permutation(key, f"sync lines {attempt}", len(candidates)):
            if all(_apart(candidates[index], other) for other in chosen):
                chosen.append(candidates[index])
                if len(chosen) == LINES:
                    return np.stack(chosen)
    raise AssertionError("no keyed order gave 28 sync lines")


def _apart(one: NDArray[np.int64], other: NDArray[np.int64]) -> bool:
    mirrored = one * np.array([-1, 1])
    return bool(np.abs(one - other).sum() >= 3 and np.abs(mirrored - other).sum() >= 2)
