"""Rain, snow and wind over whatever the place sounds like."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reelgate_integrations.generators.storyboard.sound.beds import gusts
from reelgate_integrations.generators.storyboard.sound.filters import (
    band,
    bump,
    coloured,
    coloured_stereo,
    high,
    slope,
)
from reelgate_integrations.generators.storyboard.sound.signal import gain, lay, length, moments, source, strike
from reelgate_integrations.generators.storyboard.sound.water import bubble

Bus = NDArray[np.float32]


def weather(kind: str, place: str, seed: int, seconds: float) -> Bus | None:
    """The weather as a bus (n, 2), or ``None`` when it makes no sound here (clear, under water, in space)."""
    if place in ("underwater", "space"):
        return None
    rng = source(seed, 12)
    match kind:
        case "rain":
            return _rain(rng, place, seconds)
        case "wind":
            return _wind(rng, seconds)
        case "snow":
            return (gain(-46) * coloured_stereo(rng, length(seconds), band(1800.0, 6000.0), slope(-3.0))).astype(
                np.float32
            )
        case _:
            return None


def _rain(rng: np.random.Generator, place: str, seconds: float) -> Bus:
    """A curtain of far drops, and near ones that can be told apart; on water they ring, indoors they are dull."""
    n = length(seconds)
    top = 1800.0 if place == "room" else 9000.0
    curtain = coloured_stereo(rng, n, band(700.0, top, 1), slope(-1.5)) * gusts(rng, n, 0.75, 0.4)
    bus = (gain(-32) * curtain).astype(np.float32)
    wet = place in ("river", "lake", "sea")
    family = []
    for _ in range(40):
        size = int(rng.integers(200, 620))
        tap = coloured(rng, size, bump(rng.uniform(900.0, 0.55 * top), 700.0), high(400.0)) * strike(
            size, 0.0003, 0.0016
        )
        family.append(bubble(rng, rng.uniform(900.0, 3200.0)) * 0.6 if wet and rng.uniform() < 0.5 else tap)
    for at in moments(rng, seconds, 130.0):
        lay(
            bus,
            family[int(rng.integers(40))],
            length(at),
            gain(-24) * float(rng.beta(1.0, 4.0)),
            rng.uniform(-1.0, 1.0),
        )
    return bus


def _wind(rng: np.random.Generator, seconds: float) -> Bus:
    """Gusts that get brighter as they get stronger, with a moan in the strong ones."""
    n = length(seconds)
    force = gusts(rng, n, 0.2, 0.5)
    body = coloured_stereo(rng, n, band(80.0, 650.0, 1), slope(-3.0)) * force
    edge = coloured_stereo(rng, n, band(500.0, 3200.0), slope(-4.0)) * force**2
    moan = coloured_stereo(rng, n, bump(rng.uniform(330.0, 520.0), 22.0), width=0.5) * force**3
    return np.asarray(gain(-29) * body + gain(-35) * edge + gain(-43) * moan, dtype=np.float32)
