"""The air between a sound and the listener: distance, and the room that answers.

Distance makes an event quieter, duller and wetter. Each place has an impulse response of early echoes and a
decaying tail, made of noise and applied by FFT; the music has a small hall of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reelgate_integrations.generators.storyboard.sound.filters import band, coloured, fast_length, low
from reelgate_integrations.generators.storyboard.sound.signal import RATE, length, source, strike

Bus = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Room:
    """How a place answers: ``decay`` s to -60 dB, ``dull`` Hz where it rolls off, ``wet`` its level, ``echoes``
    distinct reflections as (seconds, level), and ``muffle`` Hz above which nothing passes directly."""

    decay: float
    dull: float
    wet: float
    echoes: tuple[tuple[float, float], ...] = ()
    muffle: float = 0.0


OPEN = Room(0.35, 3500.0, 0.10)
ROOMS = {
    "river": Room(0.6, 3800.0, 0.16), "lake": Room(1.1, 3000.0, 0.18, ((0.24, 0.10),)), "meadow": OPEN,
    "forest": Room(0.9, 2600.0, 0.26, ((0.045, 0.2), (0.08, 0.15))), "beach": OPEN, "sea": OPEN,
    "street": Room(1.0, 4200.0, 0.26, ((0.031, 0.35), (0.058, 0.25), (0.121, 0.16))),
    "snow": Room(0.18, 1800.0, 0.06), "underwater": Room(1.8, 800.0, 0.45, (), 900.0),
    "space": Room(2.6, 5200.0, 0.38), "room": Room(0.45, 5200.0, 0.30, ((0.007, 0.4), (0.013, 0.3), (0.021, 0.25))),
    "desert": OPEN, "air": OPEN,
}  # fmt: skip
HALL = Room(1.3, 4200.0, 0.32, ((0.019, 0.2), (0.033, 0.15)))


def answer(room: Room, seed: int) -> Bus:
    """The room's impulse response (n, 2), of unit gain where it passes sound, times its wet level."""
    rng = source(seed, 21)
    n = length(room.decay)
    bus = np.zeros((n + length(0.15), 2), dtype=np.float32)
    for side in (0, 1):
        bright = coloured(rng, n, band(180.0, room.dull)) * strike(n, 0.012, room.decay / 9.0)
        dark = coloured(rng, n, band(120.0, room.dull * 0.4)) * strike(n, 0.02, room.decay / 6.9)
        bus[:n, side] += (bright + dark).astype(np.float32)
    in_band = room.dull / (RATE / 2)
    bus *= np.float32(np.sqrt(in_band / np.mean(np.sum(np.square(bus), axis=0))))
    grain = coloured(rng, 480, low(room.dull)) * strike(480, 0.0004, 0.0015)
    grain /= float(np.sqrt(np.sum(np.square(grain))))
    for at, level in room.echoes:
        for side in (0, 1):
            start = round(at * rng.uniform(0.9, 1.1) * RATE)
            bus[start : start + 480, side] += (grain[: len(bus) - start] * level).astype(np.float32)
    return bus * np.float32(room.wet)


def reverberate(sends: list[tuple[NDArray[np.float32], Bus]], n: int) -> Bus:
    """The sum (n, 2) of mono sends through their impulse responses, in one pair of inverse transforms."""
    size = fast_length(n + max(len(reply) for _, reply in sends))
    total = np.zeros((2, size // 2 + 1), dtype=np.complex64)
    for send, reply in sends:
        if np.any(send):
            total += np.fft.rfft(send, size)[None, :] * np.fft.rfft(reply.T, size)
    return np.asarray(np.fft.irfft(total, size)[:, :n].T, dtype=np.float32)
