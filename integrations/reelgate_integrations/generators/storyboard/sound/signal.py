"""Time-domain building blocks: clocks, envelopes, slow curves and laying grains on a bus.

A *grain* is a short mono array at 48 kHz whose first sample is where the sound starts; a *bus* is a float32
array (n, 2). Levels are linear amplitudes unless a name says dB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reelgate.contract import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

RATE = SAMPLE_RATE

Wave = NDArray[np.floating[Any]]
"""Any real signal or curve."""

Points = tuple[tuple[float, float], ...]
"""A curve as (position 0..1, value) pairs in rising order of position."""

TAU = 2.0 * np.pi


def gain(decibels: float) -> float:
    """The linear factor of a level in dB."""
    return float(10.0 ** (decibels / 20.0))


def source(seed: int, *path: int) -> np.random.Generator:
    """Randomness for one part of one reel: the same ``seed`` and ``path`` give the same numbers anywhere."""
    return np.random.default_rng([abs(seed), int(seed < 0), *path])


def length(seconds: float) -> int:
    """Samples in ``seconds``, at least one."""
    return max(1, round(seconds * RATE))


def clock(seconds: float) -> Wave:
    """Seconds since the start, one value a sample."""
    return np.arange(length(seconds)) / RATE


def strike(n: int, attack: float, decay: float) -> Wave:
    """An envelope (n,), above zero from its first sample: up in ``attack`` s, down by 1/e in ``decay`` s."""
    at = np.arange(n)
    rise = np.minimum(1.0, (at + 1) / max(1.0, attack * RATE))
    return np.asarray(rise * np.exp(-at / (decay * RATE)))


def curve(points: Points, n: int) -> Wave:
    """The points as (n,) values, eased between them so that nothing has a corner."""
    if len(points) == 1:
        return np.full(n, points[0][1])
    xs = np.array([point[0] for point in points])
    ys = np.array([point[1] for point in points])
    at = np.linspace(0.0, 1.0, n)
    left = np.clip(np.searchsorted(xs, at, side="right") - 1, 0, len(xs) - 2)
    span = np.maximum(xs[left + 1] - xs[left], 1e-9)
    share = np.clip((at - xs[left]) / span, 0.0, 1.0)
    share = share * share * (3.0 - 2.0 * share)
    return np.asarray(ys[left] + (ys[left + 1] - ys[left]) * share)


def drift(rng: np.random.Generator, n: int, hertz: float, low: float, high: float) -> Wave:
    """A slow random curve (n,) between ``low`` and ``high`` that turns about ``hertz`` times a second."""
    knots = rng.uniform(low, high, int(n / RATE * hertz) + 3)
    at = np.arange(n, dtype=np.float32) * np.float32(hertz / RATE)
    left = at.astype(np.int32)
    share = at - left
    share *= share * (3.0 - 2.0 * share)
    return np.asarray(knots[left] * (1.0 - share) + knots[left + 1] * share)


def smooth(x: Wave, seconds: float) -> Wave:
    """A running mean over ``seconds`` around each sample; the ends count as they are."""
    reach = max(1, length(seconds) // 2)
    padded = np.concatenate((np.full(reach, x[0]), x, np.full(reach, x[-1])))
    total = np.cumsum(np.concatenate(([0.0], padded)))
    wide = 2 * reach + 1
    return np.asarray((total[wide:] - total[:-wide]) / wide)


def turn(hertz: Wave) -> Wave:
    """The phase in radians of an oscillator whose frequency is ``hertz`` (n,), starting at 0."""
    return np.asarray(np.cumsum(hertz) * (TAU / RATE))


def soft_end(grain: Wave, seconds: float = 0.008) -> Wave:
    """The grain with its last ``seconds`` faded to zero, so that it cannot click."""
    n = min(len(grain), length(seconds))
    out = np.array(grain)
    out[-n:] *= 0.5 + 0.5 * np.cos(np.linspace(0.0, np.pi, n))
    return out


def loudest(grain: Wave, seconds: float = 0.05) -> float:
    """RMS of the loudest stretch of ``seconds``: how loud a short sound feels."""
    n = length(seconds)
    power = np.cumsum(np.concatenate(([0.0], np.square(grain, dtype=np.float64))))
    if len(grain) <= n:
        return float(np.sqrt(power[-1] / n))
    return float(np.sqrt(np.max(power[n:] - power[:-n]) / n))


def levelled(grain: Wave, decibels: float, seconds: float = 0.05) -> Wave:
    """The grain scaled so that its loudest ``seconds`` have this RMS (dB relative to full scale)."""
    rms = loudest(grain, seconds)
    return grain * (gain(decibels) / rms) if rms > 1e-9 else grain


def rounded(grain: Wave, crest: float = 4.5) -> Wave:
    """The grain with peaks beyond ``crest`` times its loudest RMS bent over, as tape does to a sharp knock."""
    knee = crest * max(loudest(grain), 1e-9)
    return np.asarray(knee * np.tanh(grain / knee))


def pan_gains(pan: float) -> tuple[float, float]:
    """Left and right gains of equal power for ``pan`` -1..1; the middle is (0.707, 0.707)."""
    angle = (float(np.clip(pan, -1.0, 1.0)) + 1.0) * np.pi / 4.0
    return float(np.cos(angle)), float(np.sin(angle))


def lay(bus: NDArray[np.float32], grain: Wave, start: int, level: float = 1.0, pan: float = 0.0) -> None:
    """Add a mono grain to a stereo bus so that its first sample falls on ``start``; what sticks out is cut."""
    skip = max(0, -start)
    first = max(0, start)
    stop = min(len(bus), start + len(grain))
    if stop <= first:
        return
    piece = grain[skip : skip + stop - first]
    left, right = pan_gains(pan)
    bus[first:stop, 0] += (piece * (left * level)).astype(np.float32)
    bus[first:stop, 1] += (piece * (right * level)).astype(np.float32)


def chain(grains: Sequence[Wave], gaps: Sequence[float]) -> Wave:
    """Grains one after another, the next starting ``gaps[i]`` seconds after the i-th began."""
    starts = [0]
    for gap in gaps[: len(grains) - 1]:
        starts.append(starts[-1] + round(gap * RATE))
    out = np.zeros(max(start + len(grain) for start, grain in zip(starts, grains, strict=True)))
    for start, grain in zip(starts, grains, strict=True):
        out[start : start + len(grain)] += grain
    return out


def moments(rng: np.random.Generator, seconds: float, rate: float) -> list[float]:
    """Poisson moments in ``seconds`` at ``rate`` a second, in order."""
    count = int(rng.poisson(max(0.0, seconds * rate)))
    return sorted(float(at) for at in rng.uniform(0.0, seconds, count))
