"""Feet and bodies meeting the ground: modal impacts, crunches and rustles by material and weight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reelgate_integrations.generators.storyboard.sound.filters import band, coloured, high, low, slope
from reelgate_integrations.generators.storyboard.sound.signal import (
    RATE,
    TAU,
    Wave,
    length,
    moments,
    soft_end,
    strike,
    turn,
)


@dataclass(frozen=True, slots=True)
class Ground:
    """How a material answers a foot.

    ``thud`` is the level of the low body sound, ``modes`` its ringing partials as (Hz, level, decay s),
    ``grit`` the band in Hz of its loose noise, ``crumbs`` how many small grains follow over ``spread`` s, and
    ``hiss`` how much smooth noise is under them.
    """

    thud: float
    modes: tuple[tuple[float, float, float], ...]
    grit: tuple[float, float]
    crumbs: int
    spread: float
    hiss: float


_ROAD = ((740.0, 0.5, 0.014), (1730.0, 0.45, 0.008), (3100.0, 0.25, 0.005))
_WOOD = ((172.0, 1.0, 0.06), (415.0, 0.7, 0.035), (860.0, 0.4, 0.02), (1540.0, 0.2, 0.01))
GROUNDS = {
    "grass": Ground(0.8, (), (1600.0, 6500.0), 14, 0.10, 0.45),
    "sand": Ground(0.7, (), (700.0, 3600.0), 30, 0.13, 0.7),
    "snow": Ground(0.5, (), (500.0, 2600.0), 60, 0.16, 0.35),
    "road": Ground(0.8, _ROAD, (2200.0, 7000.0), 5, 0.04, 0.3),
    "wood": Ground(0.7, _WOOD, (1500.0, 5000.0), 2, 0.02, 0.12),
}  # fmt: skip


def thud(rng: np.random.Generator, weight: float, strength: float) -> Wave:
    """A soft body of sound whose pitch falls as it lands; heavier is lower and longer."""
    n = length(0.10 + 0.16 * weight)
    top = 190.0 - 110.0 * weight
    hertz = top * (0.55 + 0.45 * np.exp(-np.arange(n) / (0.018 * RATE))) * rng.uniform(0.92, 1.08)
    tone = np.sin(turn(hertz) + 0.6) * strike(n, 0.001, 0.03 + 0.05 * weight)
    skin = coloured(rng, n, low(500.0 + 900.0 * strength)) * strike(n, 0.0006, 0.010 + 0.01 * weight)
    return np.asarray(tone + 0.5 * skin)


def crumbs(rng: np.random.Generator, ground: Ground, strength: float) -> Wave:
    """The loose part: small grains, dense at first, over a bed of hiss."""
    seconds = ground.spread * (0.8 + 0.6 * strength)
    n = length(seconds + 0.05)
    bottom, top = ground.grit
    grit = coloured(rng, n, band(bottom, top * rng.uniform(0.8, 1.2)))
    shape = np.zeros(n)
    for at in rng.beta(1.1, 2.2, round(ground.crumbs * (0.7 + 0.6 * strength))) * seconds:
        start = round(float(at) * RATE)
        speck = strike(round(rng.uniform(0.002, 0.007) * RATE), 0.0004, 0.002) * rng.uniform(0.2, 1.0)
        shape[start : start + len(speck)] += speck[: n - start]
    swell = strike(n, 0.004, seconds * 0.45)
    return grit * shape + ground.hiss * coloured(rng, n, band(bottom, top), slope(-2.0)) * swell


def creak(rng: np.random.Generator, strength: float) -> Wave:
    """Packed snow giving way: a burst of stick-slip ticks that slow down."""
    n = length(0.12)
    rate = rng.uniform(150.0, 210.0) * np.linspace(1.25, 0.75, n)
    ticks = np.maximum(0.0, np.sin(turn(rate))) ** 8
    return ticks * coloured(rng, n, band(700.0, 2400.0)) * strike(n, 0.02, 0.05) * (0.6 + 0.4 * strength)


def ring(rng: np.random.Generator, modes: tuple[tuple[float, float, float], ...], lower: float) -> Wave:
    """A struck body: its modes, each a little off, each with its own decay (modal synthesis)."""
    n = length(0.02 + 6.0 * max(decay for _, _, decay in modes))
    at = np.arange(n) / RATE
    out = np.zeros(n)
    for hertz, level, decay in modes:
        tuned = hertz * lower * rng.uniform(0.96, 1.04)
        out += level * rng.uniform(0.7, 1.3) * np.sin(TAU * tuned * at + 0.4) * strike(n, 0.0004, decay)
    return out


def add(*parts: Wave) -> Wave:
    """Sounds that start together."""
    out = np.zeros(max(len(part) for part in parts))
    for part in parts:
        out[: len(part)] += part
    return out


def step(rng: np.random.Generator, material: str, weight: float, strength: float) -> Wave:
    """One dry footfall; water and air are not ground and are made elsewhere."""
    ground = GROUNDS.get(material, GROUNDS["grass"])
    parts = [
        thud(rng, weight, strength) * ground.thud * (0.5 + 0.9 * weight) * rng.uniform(0.85, 1.15),
        crumbs(rng, ground, strength) * rng.uniform(0.45, 0.7),
    ]
    if ground.modes:
        parts.append(ring(rng, ground.modes, 1.25 - 0.45 * weight) * 0.8)
    if material == "snow":
        parts.append(creak(rng, strength) * 0.9)
    return soft_end(add(*parts))


def land(rng: np.random.Generator, material: str, weight: float, strength: float) -> Wave:
    """A whole body coming down: a longer, lower step with a second, softer settling."""
    first = step(rng, material, min(1.0, weight + 0.25), min(1.0, strength + 0.2))
    later = step(rng, material, weight, strength * 0.5) * 0.3
    gap = length(rng.uniform(0.07, 0.11))
    return add(first, np.concatenate((np.zeros(gap), later)))


def bounce(rng: np.random.Generator, material: str, weight: float, strength: float) -> Wave:
    """A springy push-off: a rubbery tone that rises and wobbles, on a soft tap."""
    n = length(0.26)
    base = (230.0 - 110.0 * weight) * rng.uniform(0.9, 1.1)
    at = np.arange(n) / RATE
    hertz = base * (1.0 + 0.7 * at / 0.26 + 0.10 * np.sin(TAU * 16.0 * at))
    angle = turn(hertz) + 0.5
    tone = (np.sin(angle) + 0.35 * np.sin(2 * angle) + 0.15 * np.sin(3 * angle)) * strike(n, 0.003, 0.07)
    return soft_end(add(tone * 0.5, step(rng, material, weight * 0.6, strength * 0.6) * 0.6), 0.02)


def rattle(rng: np.random.Generator, seconds: float, rate: float) -> Wave:
    """Irregular small knocks, as loose parts make them."""
    out = np.zeros(length(seconds) + length(0.05))
    for at in [0.0, *moments(rng, seconds, rate)]:
        knock = coloured(rng, 480, band(900.0, 5000.0), high(300.0)) * strike(480, 0.0003, 0.002)
        start = round(at * RATE)
        out[start : start + 480] += knock[: len(out) - start] * rng.uniform(0.3, 1.0)
    return out
