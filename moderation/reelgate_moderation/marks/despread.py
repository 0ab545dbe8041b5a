"""From a folded sum to a message, with the odds that it is none.

**The bound.** A received cell field x (4096 values) is fixed by the picture; the signs s of a chip pattern are
keyed and know nothing of the picture. For any one code word c, the statistic T = sum(s c x) / |x| then
exceeds t with probability at most exp(-t^2 / 2) (Hoeffding), whatever the picture looks like. A message of b
id bits has 2^b valid code words, so among N fields, filters and chip patterns tried the chance that any picture
shows a valid word at T is at most N 2^b exp(-T^2 / 2). That is the p-value reported, and a message is
reported only when it is below 1e-9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reelgate.words import MarkFormat
from reelgate_moderation.marks.code import code
from reelgate_moderation.marks.payload import ID_BITS, message_id
from reelgate_moderation.marks.tile import VARIANTS, chips, payload_gain, radius

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reelgate_moderation.marks.tile import Carrier

GATE = np.log(1e-9)
"""A message is believed when the logarithm of its chance bound is below this."""

_FILTERS = 3
_DECODED = 2
_WORTH_DECODING = 2.4
"""Deviations of energy below which no code word stands a chance; the best of 32 idle books reaches 2.1."""


@dataclass(frozen=True, slots=True)
class Word:
    """A message that passed its check: ``id`` in hex, ``z`` its signal-to-noise, ``log_chance`` the bound."""

    id: str
    format: MarkFormat
    z: float
    log_chance: float


@dataclass(frozen=True, slots=True)
class Soft:
    """Soft symbols under one chip pattern; ``excess`` is their energy over chance, in deviations."""

    format: MarkFormat
    variant: int
    symbols: NDArray[np.float32]
    norm: float
    excess: float


def read_word(lines: NDArray[np.complex128], ground: Carrier, folds: int) -> Word | None:
    """The message on a folded sum (64, 64), or ``None``. ``folds`` counts the folded sums tried, this one too."""
    tried = folds * _FILTERS * len(MarkFormat) * VARIANTS
    for cells in cell_fields(lines, ground):
        for soft in ranked(cells, ground)[:_DECODED]:
            if soft.excess < _WORTH_DECODING:
                break
            word = _decoded(soft, ground.key, tried)
            if word is not None:
                return word
    return None


def ranked(cells: NDArray[np.float32], ground: Carrier) -> list[Soft]:
    """Soft symbols of every format and variant, the most energetic first."""
    norm = float(np.linalg.norm(cells))
    if norm == 0.0:
        return []
    found = []
    for kind in MarkFormat:
        count = code(kind).symbols
        for variant in range(VARIANTS):
            symbols = chips(ground.key, kind, variant).gather(cells, count)
            energy = float(np.dot(symbols, symbols)) / norm**2
            found.append(Soft(kind, variant, symbols, norm, (energy - 1.0) * np.sqrt(count / 2)))
    return sorted(found, key=lambda soft: -soft.excess)


def log_chance(statistic: float, bits: int, tried: int) -> float:
    """Logarithm of the bound: ``tried`` code books of 2^``bits`` words, best at ``statistic``."""
    return min(0.0, float(np.log(tried) + bits * np.log(2) - statistic**2 / 2)) if statistic > 0 else 0.0


def _decoded(soft: Soft, key: bytes, tried: int) -> Word | None:
    coder = code(soft.format)
    bits = coder.decode(soft.symbols)
    found = message_id(bits, soft.format, key)
    if found is None:
        return None
    agreed = coder.encode(bits) * soft.symbols
    chance = log_chance(float(agreed.sum()) / soft.norm, ID_BITS[soft.format], tried)
    if chance > GATE:
        return None
    return Word(found, soft.format, float(np.sqrt(agreed.size) * agreed.mean() / agreed.std()), chance)


def cell_fields(lines: NDArray[np.complex128], ground: Carrier) -> list[NDArray[np.float32]]:
    """The cell fields (64, 64) under three line filters.

    The first divides every line by the strength around it, so that what the picture or the codec left in some
    directions drowns nothing; the second trusts weak lines less still, as after harsh compression; the third
    is blind to the picture and only undoes the tile's own slope. The chip signs know nothing of any of them.
    """
    gain = payload_gain(ground)
    power = np.abs(lines) ** 2 * (gain > 0)
    around = _around(power) / np.maximum(_around((gain > 0).astype(np.float64)), 1e-9)
    around += 1e-3 * around.mean() + 1e-12
    shapes = (around**-0.5, gain / around, radius() ** 0.5)
    return [np.fft.ifft2(lines * shape * (gain > 0)).real.astype(np.float32) for shape in shapes]


def _around(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums over 5 x 5 lines, wrapped as frequencies are."""
    for axis in (0, 1):
        values = sum((np.roll(values, step, axis) for step in (-2, -1, 1, 2)), values)
    return values
