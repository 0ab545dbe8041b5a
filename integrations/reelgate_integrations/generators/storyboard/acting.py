"""Faces: blinks, glances, mouths and smiles over time. A face changes before a body does."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin
from typing import TYPE_CHECKING

from .motion import ease

if TYPE_CHECKING:
    import random

_SHUT = 0.17
_CALL = 0.55


@dataclass(frozen=True, slots=True)
class Face:
    """What a face does: ``blinks`` and ``calls`` are times in seconds, ``glances`` (time, x, y) in order.

    ``smile`` is its resting mood, ``asleep`` keeps the eyes shut, ``talks`` moves the mouth throughout.
    """

    blinks: tuple[float, ...]
    glances: tuple[tuple[float, float, float], ...]
    calls: tuple[float, ...]
    smile: float
    asleep: bool = False
    talks: bool = False

    def blink(self, t: float) -> float:
        """0 open to 1 shut."""
        if self.asleep:
            return 1.0
        for at in self.blinks:
            x = (t - at) / _SHUT
            if 0 <= x <= 1:
                return float(sin(pi * x) ** 0.7)
        return 0.0

    def gather(self, t: float) -> float:
        """How far a body squashes (or, negative, stretches) before and after its calls."""
        total = 0.0
        for at in self.calls:
            x = t - at
            total += 0.05 * ease((x + 0.22) / 0.14) * (1 - ease((x + 0.04) / 0.10))
            total -= 0.045 * ease((x + 0.02) / 0.08) * (1 - ease((x - 0.28) / 0.25))
        return total

    def look(self, t: float) -> tuple[float, float]:
        """Where the eyes point: they hold, then jump within a tenth of a second."""
        x = y = 0.0
        for at, gx, gy in self.glances:
            share = ease((t - at) / 0.12)
            x, y = x + (gx - x) * share, y + (gy - y) * share
        return x, y

    def mouth(self, t: float) -> float:
        """0 shut to 1 open."""
        most = 0.0
        for at in self.calls:
            x = (t - at) / _CALL
            if -0.15 <= x <= 1:
                most = max(most, sin(pi * (x + 0.15) / 1.15) ** 0.8)
        if self.asleep:
            return 0.12 + 0.1 * sin(2 * pi * 0.22 * t)
        if self.talks:
            most = max(most, 0.35 + 0.35 * sin(9.1 * t) * sin(3.3 * t + 1))
        return min(1.0, max(0.0, most))


def face(action: str, mood: str, duration: float, rng: random.Random, *, voiced: bool, talks: bool) -> Face:
    """A face for the whole scene: blinks 2 to 6 s apart, a glance at us near the end, one or two calls."""
    blinks = []
    t = rng.uniform(0.9, 2.2)
    while t < duration - 0.3:
        blinks.append(t)
        if rng.random() < 0.18:
            blinks.append(t + 0.28)
        t += rng.uniform(2.0, 6.0)
    glances = [(0.0, 0.35, 0.0)]
    t = rng.uniform(0.8, 1.6)
    while t < duration - 1.6:
        glances.append((t, rng.choice((0.5, 0.25, -0.35, 0.6)), rng.choice((0.0, -0.3, 0.25, 0.1))))
        t += rng.uniform(1.0, 2.6)
    if duration > 2.5:
        glances.append((duration - 1.25, -0.15, 0.05))
    calls: list[float] = []
    if voiced and action != "sleep" and duration >= 1.8:
        calls.append(duration * rng.uniform(0.42, 0.55))
        if duration > 7:
            calls.append(duration * rng.uniform(0.80, 0.86))
    smile = {"calm": 0.45, "cheerful": 0.85, "wistful": -0.1, "tense": 0.0}[mood]
    return Face(tuple(blinks), tuple(glances), tuple(calls), smile, action == "sleep", talks)
