"""Air: wing beats and the rush of something passing."""

from __future__ import annotations

import numpy as np

from reelgate_integrations.generators.storyboard.sound.contacts import add
from reelgate_integrations.generators.storyboard.sound.filters import band, coloured, low, slope
from reelgate_integrations.generators.storyboard.sound.signal import Wave, length, soft_end, strike


def flap(rng: np.random.Generator, weight: float, strength: float) -> Wave:
    """One wing beat: a soft clap of air, then the feathers' rustle on the way back."""
    seconds = (0.10 + 0.20 * weight) * rng.uniform(0.9, 1.12)
    n = length(seconds)
    push = coloured(rng, n, band(90.0 + 160.0 * (1 - weight), 1100.0), slope(-3.0)) * strike(n, 0.008, seconds * 0.28)
    feathers = coloured(rng, n, band(1800.0, 6000.0)) * np.sin(np.linspace(0.02, np.pi, n)) ** 2
    feathers = feathers * (0.4 + 0.6 * np.abs(coloured(rng, n, low(120.0, 1))))
    return soft_end(push + feathers * (0.18 + 0.2 * strength), 0.02)


def whoosh(rng: np.random.Generator, weight: float, strength: float) -> Wave:
    """Something rushes by: noise that opens and shuts again, fullest a third of the way through."""
    seconds = (0.38 + 0.3 * weight) * rng.uniform(0.92, 1.1)
    n = length(seconds)
    at = np.linspace(0.0, 1.0, n)
    swell = np.where(at < 0.35, at / 0.35, (1.0 - at) / 0.65) ** 1.6 + 0.004
    open_ = np.sin(np.pi * np.clip(at / 0.8, 0.0, 1.0)) ** 1.5
    dark = coloured(rng, n, band(120.0, 800.0), slope(-3.0))
    mid = coloured(rng, n, band(500.0, 2300.0))
    bright = coloured(rng, n, band(1800.0, 6500.0))
    air = dark * (1.0 - 0.6 * open_) + mid * (0.4 + 0.6 * open_) + bright * open_ * (0.2 + 0.5 * strength)
    return soft_end(air * swell, 0.02)


def puff(rng: np.random.Generator, weight: float, strength: float) -> Wave:
    """A foot pushing off from nothing: a soft breath of air."""
    n = length(0.09 + 0.05 * weight)
    return soft_end(
        add(coloured(rng, n, band(200.0, 1500.0), slope(-3.0)) * strike(n, 0.004, 0.03 + 0.02 * strength))
    )
