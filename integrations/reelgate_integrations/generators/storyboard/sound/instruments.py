"""The band: plucked, struck, blown and drawn tones, and soft drums, all additive and short."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reelgate_integrations.generators.storyboard.sound.contacts import add
from reelgate_integrations.generators.storyboard.sound.filters import band, coloured
from reelgate_integrations.generators.storyboard.sound.signal import RATE, TAU, Wave, length, soft_end, strike, turn

if TYPE_CHECKING:
    from collections.abc import Callable

Partials = tuple[tuple[float, float, float], ...]
"""(ratio to the fundamental, level, decay in seconds at middle C)."""

KALIMBA: Partials = ((1.0, 1.0, 0.55), (2.0, 0.12, 0.25), (5.4, 0.14, 0.06), (9.1, 0.05, 0.03))
MARIMBA: Partials = ((1.0, 1.0, 0.30), (3.93, 0.25, 0.09), (9.2, 0.08, 0.03))
GLOCK: Partials = ((1.0, 1.0, 0.7), (2.76, 0.3, 0.3), (5.4, 0.15, 0.12))
UKULELE: Partials = (
    (1.0, 1.0, 0.35),
    (2.0, 0.62, 0.28),
    (3.0, 0.38, 0.2),
    (4.0, 0.2, 0.13),
    (5.0, 0.13, 0.1),
    (6.0, 0.07, 0.07),
)
PIANO: Partials = (
    (1.0, 1.0, 0.9),
    (2.001, 0.45, 0.7),
    (3.004, 0.22, 0.45),
    (4.009, 0.13, 0.3),
    (5.016, 0.08, 0.2),
    (6.03, 0.05, 0.15),
)
PIZZICATO: Partials = ((1.0, 1.0, 0.16), (2.0, 0.5, 0.11), (3.0, 0.3, 0.08), (4.0, 0.16, 0.05), (5.0, 0.1, 0.04))
VIBES: Partials = ((1.0, 1.0, 0.9), (4.0, 0.18, 0.25), (10.0, 0.03, 0.05))


def hertz(pitch: int) -> float:
    """Frequency of a MIDI note, A4 = 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69) / 12.0))


def struck(partials: Partials, pitch: int, seconds: float) -> Wave:
    """A plucked or struck note that rings a little past its written length."""
    base = hertz(pitch)
    faster = (261.6 / base) ** 0.4
    longest = max(decay for _, _, decay in partials) * faster
    n = length(min(longest * 5.0, seconds + 0.5))
    at = np.arange(n) / RATE
    out = np.zeros(n)
    for ratio, level, decay in partials:
        if base * ratio < 15000.0:
            out += level * np.sin(TAU * base * ratio * at + 0.2) * strike(n, 0.0015, decay * faster)
    return soft_end(out, min(0.12, n / RATE / 3))


def flute(pitch: int, seconds: float) -> Wave:
    """A soft blown tone with a late vibrato."""
    n = length(seconds + 0.08)
    at = np.arange(n) / RATE
    wobble = 1.0 + 0.005 * np.sin(TAU * 5.2 * at) * np.clip(at / 0.4 - 0.3, 0.0, 1.0)
    angle = turn(hertz(pitch) * wobble)
    rise = np.minimum(1.0, np.arange(1, n + 1) / (0.05 * RATE))
    return soft_end((np.sin(angle) + 0.22 * np.sin(2 * angle) + 0.08 * np.sin(3 * angle)) * rise * 0.8, 0.09)


def pad(pitch: int, seconds: float) -> Wave:
    """Soft drawn strings: two slightly apart players, slow to speak and slow to leave."""
    n = length(seconds + 0.35)
    at = np.arange(n) / RATE
    base = hertz(pitch)
    out = np.zeros(n)
    for detune in (0.9985, 1.0015):
        angle = TAU * base * detune * at
        for order in range(1, 6):
            out += np.sin(order * angle + order) / order**1.6 / (1.0 + (base * order / 1500.0) ** 2)
    swell = np.minimum(1.0, np.arange(1, n + 1) / (0.25 * RATE))
    return soft_end(out * swell * 0.5, 0.34)


def bass(pitch: int, seconds: float) -> Wave:
    """A round plucked bass with enough overtones for a phone's loudspeaker."""
    return struck(((1.0, 1.0, 0.5), (2.0, 0.6, 0.35), (3.0, 0.3, 0.2), (4.0, 0.15, 0.1)), pitch, seconds)


def drum(rng: np.random.Generator) -> Wave:
    """A felt-soft kick."""
    n = length(0.22)
    fall = 58.0 + 70.0 * np.exp(-np.arange(n) / (0.02 * RATE))
    tap = coloured(rng, 500, band(600.0, 2500.0)) * strike(500, 0.001, 0.003)
    return soft_end(add(np.sin(turn(fall)) * strike(n, 0.002, 0.07), 0.08 * tap))


def shaker(rng: np.random.Generator) -> Wave:
    """One shake of seeds."""
    n = length(rng.uniform(0.06, 0.09))
    return soft_end(coloured(rng, n, band(4500.0, 11000.0)) * np.sin(np.linspace(0.03, np.pi, n)) ** 2 * 0.4)


def wood(rng: np.random.Generator) -> Wave:
    """A small wood block."""
    n = length(0.09)
    angle = np.arange(n) * (TAU * rng.uniform(790.0, 830.0) / RATE)
    return soft_end(np.sin(angle) * strike(n, 0.0005, 0.018) + 0.4 * np.sin(2.6 * angle) * strike(n, 0.0005, 0.007))


LEADS: dict[str, Callable[[int, float], Wave]] = {
    "kalimba": lambda pitch, seconds: struck(KALIMBA, pitch, seconds),
    "marimba": lambda pitch, seconds: struck(MARIMBA, pitch, seconds),
    "glockenspiel": lambda pitch, seconds: struck(GLOCK, pitch, seconds) * 0.6,
    "ukulele": lambda pitch, seconds: struck(UKULELE, pitch, seconds),
    "piano": lambda pitch, seconds: struck(PIANO, pitch, seconds),
    "pizzicato": lambda pitch, seconds: struck(PIZZICATO, pitch, seconds),
    "vibraphone": lambda pitch, seconds: struck(VIBES, pitch, seconds),
    "flute": flute,
}
BANDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "calm": (("kalimba", "flute", "vibraphone", "piano"), ("kalimba", "piano", "vibraphone")),
    "cheerful": (("marimba", "glockenspiel", "ukulele", "flute"), ("ukulele", "marimba", "pizzicato")),
    "wistful": (("piano", "flute", "vibraphone"), ("piano", "kalimba")),
    "tense": (("pizzicato", "vibraphone", "marimba"), ("pizzicato",)),
}
"""Which instruments may lead and which may accompany, by mood."""
