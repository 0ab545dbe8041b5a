"""Filters in the frequency domain, which NumPy does fast.

Two kinds. *Curves* are magnitudes over Hz: they colour noise, whose phase nobody hears. *Biquads* are the
audio-EQ cookbook's second-order sections, applied by multiplying with their complex response over a padded
FFT: exact and causal, so a filtered event still starts on its own sample.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from reelgate_integrations.generators.storyboard.sound.signal import RATE, TAU, Wave

if TYPE_CHECKING:
    from numpy.typing import NDArray

Curve = Callable[[Wave], Wave]
"""A magnitude response: Hz in, gain out."""

Biquad = tuple[float, float, float, float, float]
"""b0, b1, b2, a1, a2 of one second-order section (a0 = 1)."""

LOOP = 1 << 18
"""Longest stretch of noise made at once (5.5 s); FFT noise is periodic, so longer beds repeat it seamlessly."""


@lru_cache(maxsize=256)
def fast_length(n: int) -> int:
    """The smallest length >= n whose only prime factors are 2, 3 and 5."""
    best = 1 << (n - 1).bit_length()
    five = 1
    while five < best:
        three = five
        while three < best:
            two = three << max(0, (-(-n // three) - 1).bit_length())
            best = min(best, two)
            three *= 3
        five *= 5
    return best


def low(hertz: float, order: int = 2) -> Curve:
    """Butterworth low-pass magnitude."""
    return lambda f: 1.0 / np.sqrt(1.0 + (f / hertz) ** (2 * order))


def high(hertz: float, order: int = 2) -> Curve:
    """Butterworth high-pass magnitude."""
    return lambda f: 1.0 / np.sqrt(1.0 + (hertz / np.maximum(f, 1e-3)) ** (2 * order))


def band(bottom: float, top: float, order: int = 2) -> Curve:
    """A band-pass from ``bottom`` to ``top`` Hz."""
    return lambda f: high(bottom, order)(f) * low(top, order)(f)


def slope(decibels: float, pivot: float = 1000.0) -> Curve:
    """A straight tilt in dB an octave around ``pivot``; -3 is pink, -6 is brown."""
    return lambda f: (np.maximum(f, 20.0) / pivot) ** (decibels / 6.0206)


def bump(hertz: float, width: float, height: float = 1.0) -> Curve:
    """A resonance of ``width`` Hz on top of nothing."""
    return lambda f: height / (1.0 + ((f - hertz) / width) ** 2)


def together(*curves: Curve) -> Curve:
    """The sum of magnitudes, as parallel filters give it."""
    return lambda f: np.asarray(sum(one(f) for one in curves))


def coloured(rng: np.random.Generator, n: int, *curves: Curve) -> NDArray[np.float32]:
    """Noise (n,) of unit RMS whose spectrum is the product of ``curves``."""
    size = LOOP if n > LOOP else fast_length(max(n, 64))
    bins = size // 2 + 1
    grid = np.concatenate(([0.0], np.geomspace(10.0, RATE / 2, 240)))
    shape = np.ones_like(grid)
    for one in curves:
        shape = shape * one(grid)
    shape[0] = 0.0
    magnitude = np.interp(np.arange(bins, dtype=np.float32) * (RATE / size), grid, shape).astype(np.float32)
    spectrum = rng.standard_normal((bins, 2), dtype=np.float32).view(np.complex64)[:, 0] * magnitude
    noise = np.fft.irfft(spectrum, size).astype(np.float32)
    noise *= 1.0 / max(1e-12, float(np.sqrt(np.mean(np.square(noise)))))
    return np.resize(noise, n) if n > size else noise[:n]


def coloured_stereo(rng: np.random.Generator, n: int, *curves: Curve, width: float = 1.0) -> NDArray[np.float32]:
    """Noise (n, 2) of unit RMS; ``width`` 0 is mono, 1 two independent sides."""
    left = coloured(rng, n, *curves)
    other = coloured(rng, n, *curves)
    angle = width * np.pi / 4
    mid, side = float(np.cos(angle)), float(np.sin(angle))
    return np.stack([mid * left + side * other, mid * left - side * other], axis=1).astype(np.float32)


def low_pass(hertz: float, q: float = 0.707) -> Biquad:
    """Cookbook low-pass section."""
    w = TAU * min(hertz, RATE * 0.49) / RATE
    alpha, cos = float(np.sin(w)) / (2 * q), float(np.cos(w))
    a0 = 1 + alpha
    return (1 - cos) / 2 / a0, (1 - cos) / a0, (1 - cos) / 2 / a0, -2 * cos / a0, (1 - alpha) / a0


def high_pass(hertz: float, q: float = 0.707) -> Biquad:
    """Cookbook high-pass section."""
    w = TAU * hertz / RATE
    alpha, cos = float(np.sin(w)) / (2 * q), float(np.cos(w))
    a0 = 1 + alpha
    return (1 + cos) / 2 / a0, -(1 + cos) / a0, (1 + cos) / 2 / a0, -2 * cos / a0, (1 - alpha) / a0


def resonator(hertz: float, q: float) -> Biquad:
    """Cookbook band-pass section of unit peak gain."""
    w = TAU * hertz / RATE
    alpha, cos = float(np.sin(w)) / (2 * q), float(np.cos(w))
    a0 = 1 + alpha
    return alpha / a0, 0.0, -alpha / a0, -2 * cos / a0, (1 - alpha) / a0


def response(sections: tuple[Biquad, ...], size: int) -> NDArray[np.complex64]:
    """The complex response of a cascade at the ``size // 2 + 1`` bins of a real FFT."""
    z = np.exp(np.arange(size // 2 + 1) * (-1j * TAU / size))
    out = np.ones_like(z)
    for b0, b1, b2, a1, a2 in sections:
        out *= (b0 + z * (b1 + z * b2)) / (1.0 + z * (a1 + z * a2))
    return np.asarray(out, dtype=np.complex64)


def causal(x: Wave, *sections: Biquad, ring: float = 0.1) -> NDArray[np.float32]:
    """``x`` (n,) or (n, k) through the cascade along its first axis; ``ring`` s of padding take the tail."""
    size = fast_length(len(x) + round(ring * RATE))
    spectrum = np.fft.rfft(x.astype(np.float32), size, axis=0)
    answer = response(sections, size)
    spectrum *= answer if x.ndim == 1 else answer[:, None]
    return np.fft.irfft(spectrum, size, axis=0)[: len(x)].astype(np.float32)
