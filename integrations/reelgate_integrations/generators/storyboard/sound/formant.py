"""A voice as source and filter: a gliding harmonic source through moving formants, plus breath.

Additive form of Klatt's parallel synthesiser (1980): every harmonic is one oscillator whose level is the
vocal tract's response at its own frequency at that moment. That keeps glides free of filter artefacts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reelgate_integrations.generators.storyboard.sound.filters import band, coloured, low
from reelgate_integrations.generators.storyboard.sound.signal import (
    RATE,
    TAU,
    Points,
    Wave,
    curve,
    drift,
    length,
    soft_end,
    turn,
)

Mouth = tuple[tuple[float, tuple[float, float, float]], ...]
"""Formants F1, F2, F3 in Hz over position 0..1: the shape of the mouth as it opens and shuts."""

AH = (750.0, 1250.0, 2600.0)
OO = (340.0, 800.0, 2300.0)
EE = (310.0, 2250.0, 3000.0)
OH = (480.0, 880.0, 2500.0)
EH = (560.0, 1800.0, 2600.0)
MM = (260.0, 950.0, 2200.0)


@dataclass(frozen=True, slots=True)
class Call:
    """How one call is made.

    ``pitch`` is Hz over position; ``mouth`` the formants; ``level`` 0..1 over position. ``tilt`` is the source
    in dB an octave, ``breath`` noise relative to tone, ``rough`` 0..1 the depth of a growl of ``growl`` Hz,
    ``vibrato`` (depth as a fraction, Hz). ``times`` is how often it is said (least, most) and ``gap`` seconds
    from one start to the next.
    """

    seconds: float
    pitch: Points
    mouth: Mouth
    level: Points = ((0.0, 0.5), (0.15, 1.0), (0.7, 0.8), (1.0, 0.0))
    tilt: float = -9.0
    breath: float = 0.08
    rough: float = 0.0
    growl: float = 55.0
    vibrato: tuple[float, float] = (0.0, 6.0)
    times: tuple[int, int] = (1, 1)
    gap: float = 0.3


def say(call: Call, rng: np.random.Generator, pitch: float, tract: float, strength: float) -> Wave:
    """One utterance; ``pitch`` and ``tract`` scale the voice and the formants, ``strength`` opens the sound."""
    seconds = call.seconds * rng.uniform(0.9, 1.12) * (0.9 + 0.2 * strength)
    n = length(seconds)
    hertz = curve(call.pitch, n) * pitch * rng.uniform(0.95, 1.06) * drift(rng, n, 9.0, 0.985, 1.015)
    depth, rate = call.vibrato
    if depth:
        hertz = hertz * (1.0 + depth * np.sin(TAU * rate * np.arange(n) / RATE + rng.uniform(0, TAU)))
    level = curve(call.level, n) * np.minimum(1.0, np.arange(1, n + 1) / (0.004 * RATE))
    tone = _tone(call, hertz, tract, strength)
    if call.rough:
        chew = np.sin(turn(call.growl * pitch**0.5 * drift(rng, n, 12.0, 0.8, 1.25)))
        tone = (
            tone * (1.0 - call.rough * (0.5 + 0.5 * chew)) * (1.0 + 0.4 * call.rough * coloured(rng, n, low(180.0)))
        )
    first = call.mouth[len(call.mouth) // 2][1]
    breath = coloured(rng, n, band(first[0] * tract, min(9000.0, first[2] * tract * 1.4)))
    return soft_end((tone + call.breath * breath) * level, 0.012)


def _tone(call: Call, hertz: Wave, tract: float, strength: float) -> Wave:
    """The harmonics of ``hertz`` (n,), each at the level the formants give it, of about unit RMS."""
    n = len(hertz)
    coarse = max(4, n // 128)
    slow = np.interp(np.linspace(0, n - 1, coarse), np.arange(n), hertz)
    places = np.array([place for place, _ in call.mouth])
    formants = [
        np.interp(np.linspace(0.0, 1.0, coarse), places, [shape[i] for _, shape in call.mouth]) * tract
        for i in range(3)
    ]
    angle = turn(hertz) + 0.3
    out = np.zeros(n)
    top = float(hertz.max())
    grid = np.linspace(0, n - 1, coarse)
    for order in range(1, max(2, min(60, int(9000.0 / float(np.median(hertz)))) + 1)):
        if order > 1 and top * order > 16000.0:
            break
        at = slow * order
        reply = np.full(coarse, 0.03)
        for centre, width, weight in zip(formants, (90.0, 130.0, 200.0), (1.0, 0.6, 0.35), strict=True):
            reply = reply + weight / np.sqrt(1.0 + ((at - centre) / (width + 0.06 * centre)) ** 2)
        reply = reply * order ** ((call.tilt + 3.0 * strength) / 6.0206)
        out += np.sin(angle * order) * np.interp(np.arange(n), grid, reply)
    return np.asarray(out / max(1e-9, float(np.sqrt(np.mean(out**2)))))


def speak(
    call: Call, rng: np.random.Generator, pitch: float, tract: float, strength: float
) -> list[tuple[float, Wave]]:
    """The call as often as it is said: (seconds after the first, grain) pairs, no two alike."""
    least, most = call.times
    count = int(rng.integers(least, most + 1))
    out: list[tuple[float, Wave]] = []
    start = 0.0
    for turn_no in range(count):
        fade = 1.0 - 0.12 * turn_no
        out.append((start, say(call, rng, pitch * rng.uniform(0.96, 1.05), tract, strength) * fade))
        start += call.gap * rng.uniform(0.88, 1.15)
    return out
