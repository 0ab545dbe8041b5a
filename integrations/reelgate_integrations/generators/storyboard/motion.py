"""How a subject gets about: cycles and root motion over time, in step with its rig's stride.

Root motion is the rig's own stride times its phase, so a planted foot stays where it is whatever the pace does.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import random

    from numpy.typing import NDArray

    from .rigs.base import Rig

FINE = 96
"""Steps a second in which motion is integrated."""


def ease(x: float) -> float:
    """0 to 1, slow in and slow out."""
    x = min(1.0, max(0.0, x))
    return x * x * (3 - 2 * x)


@dataclass(frozen=True, slots=True)
class Travel:
    """A path through time, on a fine grid of ``FINE`` steps a second.

    ``phase`` counts gait cycles, ``going`` is the momentary pace (1 is the rig's usual one), ``stride`` is units a
    cycle.
    """

    phase: NDArray[np.float64]
    going: NDArray[np.float64]
    stride: float

    def phase_at(self, t: float) -> float:
        """Cycles since the start at ``t`` seconds."""
        return float(np.interp(t * FINE, np.arange(len(self.phase)), self.phase))

    def way_at(self, t: float) -> float:
        """Units travelled since the start."""
        return self.phase_at(t) * self.stride

    def going_at(self, t: float) -> float:
        """The pace at ``t``."""
        return float(np.interp(t * FINE, np.arange(len(self.going)), self.going))

    def when(self, phase: float) -> float | None:
        """The time at which ``phase`` is reached, or ``None`` when it never is."""
        if phase < self.phase[0] or phase > self.phase[-1]:
            return None
        return float(np.interp(phase, self.phase, np.arange(len(self.phase)))) / FINE


def travel(rig: Rig, action: str, duration: float, pace: float, rng: random.Random) -> Travel:
    """How ``rig`` goes about ``action`` for ``duration`` seconds."""
    rate, stride = rig.cycle(action)
    t = np.arange(int(duration * FINE) + FINE) / FINE
    start = rng.random()
    if action == "drive" and rig.archetype == "vehicle":
        pull = np.clip((t - 0.25) / min(2.4, duration * 0.45), 0, 1)
        going = 0.10 + 0.90 * pull * pull * (3 - 2 * pull)
        going = going * (1 + 0.04 * np.sin(2 * pi * 0.21 * t + start * 6))
    elif action in ("walk", "run"):
        pull = np.clip(t / 0.9, 0, 1)
        going = 0.82 + 0.18 * pull * pull * (3 - 2 * pull)
        going = going * (1 + 0.05 * np.sin(2 * pi * 0.17 * t + start * 6))
    elif action in ("swim", "fly"):
        going = 1 + 0.14 * np.sin(2 * pi * 0.23 * t + start * 6)
    else:
        going = np.ones_like(t)
    phase = np.concatenate([[0.0], np.cumsum(going[:-1])]) * rate * pace / FINE
    if action in ("walk", "run", "dance", "fly", "swim"):
        phase = phase + (0.0 if action != "fly" else round(start * 4) / 4)
    return Travel(phase, going * pace, stride)


def bob(action: str, t: float, turn: float) -> tuple[float, float]:
    """How far a floating or flying body rises (its own heights) and tilts (radians, nose down) at ``t``."""
    if action == "fly":
        a, b = 2 * pi * 0.22, 2 * pi * 0.09
        rise = 0.16 * sin(a * t + turn) + 0.12 * sin(b * t + 2 * turn)
        speed = 0.16 * a * cos(a * t + turn) + 0.12 * b * cos(b * t + 2 * turn)
        return rise, -0.55 * speed
    a = 2 * pi * 0.36
    rise = 0.030 * sin(a * t + turn) + 0.014 * sin(2.3 * a * t + 1 + turn)
    return rise, 0.035 * sin(a * t + turn + 0.9)
