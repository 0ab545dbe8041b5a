"""Water: splashes, strokes, wading and the bubbles under all of them.

A bubble rings like a small bell whose pitch rises as it nears the surface (Minnaert 1933); a splash is an
impact, a sheet of spray, and a cloud of bubbles.
"""

from __future__ import annotations

import numpy as np

from reelgate_integrations.generators.storyboard.sound.contacts import add
from reelgate_integrations.generators.storyboard.sound.filters import band, coloured, high, low, slope
from reelgate_integrations.generators.storyboard.sound.signal import (
    RATE,
    Wave,
    length,
    soft_end,
    strike,
    turn,
)


def bubble(rng: np.random.Generator, hertz: float) -> Wave:
    """One bubble (about 25 to 90 ms)."""
    decay = 14.0 / hertz + 0.003
    n = length(min(0.12, decay * 6))
    at = np.arange(n) / RATE
    rise = hertz * (1.0 + rng.uniform(0.1, 0.9) * at / (decay * 4))
    return soft_end(np.sin(turn(rise) + 0.3) * strike(n, 0.0012, decay), 0.004)


def bubbles(rng: np.random.Generator, seconds: float, count: int, bottom: float, top: float) -> Wave:
    """A cloud of ``count`` bubbles (one at least): the first at once, many soon, the small ones last."""
    out = np.zeros(length(seconds + 0.13))
    shares = np.sort(rng.beta(1.0, 2.4, count))
    for share in shares - shares[0]:
        hertz = bottom * (top / bottom) ** float(rng.beta(1.6 + share, 1.8))
        grain = bubble(rng, hertz) * rng.uniform(0.25, 1.0) * (bottom / hertz) ** 0.35
        start = round(float(share) * seconds * RATE)
        out[start : start + len(grain)] += grain[: len(out) - start]
    return out


def spray(rng: np.random.Generator, seconds: float, bright: float, attack: float) -> Wave:
    """A sheet of drops: hissing noise torn into grains, getting duller as it falls back."""
    n = length(seconds)
    torn = 0.45 + 0.55 * np.abs(coloured(rng, n, low(90.0, 1)))
    sheen = coloured(rng, n, band(1500.0, 4000.0 + 5000.0 * bright), slope(-2.0)) * strike(n, attack, seconds * 0.16)
    wash = coloured(rng, n, band(350.0, 1900.0), slope(-3.0)) * strike(n, attack * 1.5, seconds * 0.26)
    return (0.7 * sheen + 0.9 * wash) * torn


def splash(rng: np.random.Generator, weight: float, strength: float) -> Wave:
    """Something falls into water or breaks its surface."""
    size = 0.35 * weight + 0.65 * strength
    n = length(0.12 + 0.12 * size)
    plunge = coloured(rng, n, low(260.0 - 120.0 * weight), high(45.0)) * strike(n, 0.002, 0.035 + 0.04 * size)
    slap = coloured(rng, 1440, band(500.0, 5200.0)) * strike(1440, 0.0005, 0.007)
    body = spray(rng, 0.45 + 0.75 * size, 0.3 + 0.7 * strength, 0.006)
    cloud = bubbles(rng, 0.25 + 0.5 * size, round(10 + 22 * size), 330.0 - 150.0 * weight, 2600.0)
    late = np.concatenate((np.zeros(length(0.05)), cloud))
    return soft_end(add(plunge * (0.4 + 0.7 * size), slap * 0.6, body * 0.8, late * 0.55), 0.05)


def stroke(rng: np.random.Generator, weight: float, strength: float) -> Wave:
    """A limb drawn through water: a swell of wash with gurgles at its end."""
    seconds = (0.34 + 0.22 * weight) * rng.uniform(0.9, 1.12)
    n = length(seconds)
    swell = np.sin(np.linspace(0.05, np.pi, n)) ** 1.3
    wash = coloured(rng, n, band(280.0, 1500.0 + 1500.0 * strength), slope(-3.0))
    drawn = wash * swell * (0.55 + 0.45 * np.abs(coloured(rng, n, low(40.0, 1))))
    touch = bubble(rng, rng.uniform(420.0, 760.0)) * 0.7
    gurgle = bubbles(rng, seconds * 0.7, round(7 + 9 * strength), 300.0 - 120.0 * weight, 1500.0)
    late = np.concatenate((np.zeros(length(seconds * 0.3)), gurgle))
    return soft_end(add(touch, drawn * 0.8, late * 0.6), 0.03)


def wade(rng: np.random.Generator, weight: float, strength: float) -> Wave:
    """A step in the shallows: a plop, a small splash, a drip or two."""
    plop = bubble(rng, rng.uniform(260.0, 420.0) * (1.3 - 0.6 * weight))
    small = splash(rng, weight * 0.5, strength * 0.35) * 0.7
    drips = bubbles(rng, 0.28, 4, 700.0, 2400.0)
    return soft_end(add(plop, small, np.concatenate((np.zeros(length(0.09)), drips * 0.4))), 0.03)


def dive(rng: np.random.Generator, weight: float, strength: float) -> Wave:
    """A limb or fin moving under water: a dull push and a few bubbles, no surface."""
    n = length(0.32 + 0.25 * weight)
    push = (
        coloured(rng, n, band(60.0, 420.0 + 300.0 * strength), slope(-3.0))
        * np.sin(np.linspace(0.08, np.pi, n)) ** 1.2
    )
    return soft_end(add(push, bubbles(rng, 0.3, round(4 + 6 * strength), 380.0, 1400.0) * 0.5), 0.03)
