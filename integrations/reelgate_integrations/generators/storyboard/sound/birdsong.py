"""Whistled voices: birds, crickets, mice and dolphins, made of short gliding tones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reelgate_integrations.generators.storyboard.sound.signal import (
    RATE,
    TAU,
    Wave,
    chain,
    length,
    soft_end,
    turn,
)


@dataclass(frozen=True, slots=True)
class Species:
    """A song: between ``notes`` syllables around ``centre`` Hz, each ``syllable`` s long every ``gap`` s.

    ``glide`` is how far a syllable bends (as a ratio), ``spread`` how far syllables lie apart (in octaves),
    ``trill`` (depth, Hz) of a fast warble and ``repeat`` the chance that a syllable is said again.
    """

    centre: float
    notes: tuple[int, int]
    syllable: tuple[float, float]
    gap: tuple[float, float]
    glide: float
    spread: float
    trill: tuple[float, float] = (0.0, 30.0)
    repeat: float = 0.4


SONGS = {
    "finch": Species(3900.0, (4, 8), (0.05, 0.11), (0.09, 0.15), 1.35, 0.5, (0.02, 38.0), 0.5),
    "robin": Species(2900.0, (4, 7), (0.10, 0.18), (0.16, 0.26), 1.25, 0.6, (0.01, 26.0), 0.2),
    "tit": Species(4300.0, (4, 6), (0.09, 0.12), (0.14, 0.17), 0.92, 0.28, (0.0, 30.0), 0.0),
    "warbler": Species(3300.0, (6, 11), (0.04, 0.08), (0.06, 0.10), 1.5, 0.7, (0.04, 45.0), 0.3),
    "cuckoo": Species(600.0, (2, 2), (0.16, 0.20), (0.33, 0.36), 0.98, 0.0, (0.0, 5.0), 0.0),
    "mouse": Species(5200.0, (2, 4), (0.03, 0.06), (0.07, 0.12), 1.3, 0.2, (0.0, 30.0), 0.4),
    "dolphin": Species(5200.0, (1, 3), (0.22, 0.40), (0.35, 0.5), 1.7, 0.4, (0.03, 24.0), 0.1),
    "chick": Species(3000.0, (2, 5), (0.06, 0.09), (0.15, 0.24), 0.72, 0.15, (0.0, 30.0), 0.6),
    "hawk": Species(2500.0, (1, 1), (0.55, 0.8), (0.8, 0.9), 0.72, 0.0, (0.02, 32.0), 0.0),
}  # fmt: skip


def syllable(
    rng: np.random.Generator, hertz: float, seconds: float, glide: float, trill: tuple[float, float]
) -> Wave:
    """One whistle that bends by ``glide`` and may warble."""
    n = length(seconds)
    at = np.linspace(0.0, 1.0, n)
    bend = float(np.log(glide))
    path = hertz * np.exp(bend * (at - 0.5 + 0.25 * np.sin(np.pi * at) * rng.uniform(-1, 1)))
    depth, rate = trill
    path = path * (1.0 + depth * np.sin(TAU * rate * at * seconds + rng.uniform(0, TAU)))
    angle = turn(np.asarray(path)) + 0.4
    tone = np.sin(angle) + 0.12 * np.sin(2 * angle) + 0.04 * np.sin(3 * angle)
    swell = np.minimum(1.0, np.arange(1, n + 1) / (0.004 * RATE)) * (1.0 - at**2.2)
    return soft_end(tone * swell, 0.006)


def song(species: Species, rng: np.random.Generator, pitch: float = 1.0) -> Wave:
    """One phrase of a song, never twice the same."""
    count = int(rng.integers(species.notes[0], species.notes[1] + 1))
    grains: list[Wave] = []
    gaps: list[float] = []
    tone = species.centre * pitch * rng.uniform(0.93, 1.07)
    hertz, bend, seconds = tone, species.glide, float(rng.uniform(*species.syllable))
    for number in range(count):
        if number == 0 or rng.uniform() > species.repeat:
            hertz = tone * 2.0 ** (species.spread * rng.uniform(-0.5, 0.5))
            bend = species.glide if rng.uniform() < 0.6 else 1.0 / species.glide
            seconds = float(rng.uniform(*species.syllable))
        if species is SONGS["cuckoo"]:
            hertz = tone if number == 0 else tone * 0.8
        grains.append(syllable(rng, hertz, seconds, bend, species.trill) * rng.uniform(0.7, 1.0))
        gaps.append(max(seconds * 1.1, float(rng.uniform(*species.gap))))
    return chain(grains, gaps)


def cricket(rng: np.random.Generator, seconds: float) -> Wave:
    """A field cricket through the whole of ``seconds``: chirps of three or four pulses near 4.5 kHz."""
    n = length(seconds)
    out = np.zeros(n, dtype=np.float32)
    hertz = rng.uniform(3900.0, 5000.0)
    rate = rng.uniform(1.6, 2.6)
    pulses = int(rng.integers(3, 5))
    pulse = length(0.016)
    shape = np.sin(np.linspace(0.0, np.pi, pulse)) ** 1.4
    tone = np.sin(np.arange(pulse) * (TAU * hertz / RATE)) * shape
    at = float(rng.uniform(0.0, 1.0 / rate))
    while at < seconds:
        for number in range(pulses):
            start = round((at + number * 0.028) * RATE)
            stop = min(n, start + pulse)
            if stop > start:
                out[start:stop] += (tone[: stop - start] * (0.6 + 0.4 * number / pulses)).astype(np.float32)
        at += rng.uniform(0.94, 1.07) / rate
    return out
