"""Motion as closed-form functions of time: no state, so the same pose is always the same picture.

A gait's phase counts cycles; a foot's own phase runs 0..1 with 0 the moment it touches down. In stance it goes
straight back at exactly the speed of travel (so it does not slide); in swing it comes forward on a Hermite arc
that leaves and meets the ground at the ground's own speed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

TAU = math.tau


def wave(phase: float, shift: float = 0.0) -> float:
    """A sine with one turn a unit of phase."""
    return math.sin(TAU * (phase - shift))


def ease(x: float) -> float:
    """Slow in, slow out, over 0..1."""
    x = min(1.0, max(0.0, x))
    return x * x * (3.0 - 2.0 * x)


def lerp(a: float, b: float, t: float) -> float:
    """``t`` of the way from ``a`` to ``b``."""
    return a + (b - a) * t


def pulse(phase: float, at: float, width: float) -> float:
    """A soft bump of height 1 about ``at`` within the cycle, ``width`` cycles to each side."""
    d = abs((phase - at + 0.5) % 1.0 - 0.5)
    return ease(1.0 - d / width)


def settle(since: float, rate: float = 3.0, damping: float = 4.0) -> float:
    """A spring let go at ``since`` = 0: starts at 1 and rings down to 0 (rate in turns a second)."""
    if since < 0.0:
        return 0.0
    return math.exp(-damping * since) * math.cos(TAU * rate * since)


def breath(turns: float) -> float:
    """-1..1, quicker in than out, as lungs go; one breath a turn."""
    p = turns % 1.0
    return math.cos(math.pi * (p / 0.4 if p < 0.4 else 1.0 + (p - 0.4) / 0.6)) * -1.0


@dataclass(frozen=True, slots=True)
class Gait:
    """A way of going: cycles a second, units a cycle, and per leg when it touches down.

    ``duty`` is the share of the cycle a foot is on the ground, ``lift`` how high it swings, ``bob`` how far the
    body goes up and down (``beats`` times a cycle), ``pitch`` how far it rocks, ``air`` how high it leaves
    the ground.
    """

    rate: float
    stride: float
    duty: float
    offsets: tuple[float, ...]
    lift: float = 0.1
    bob: float = 0.0
    beats: int = 2
    pitch: float = 0.0
    air: float = 0.0


@dataclass(frozen=True, slots=True)
class Foot:
    """One foot: ``x`` from its rest place (to the front), ``lift`` above ground, ``swing`` 0..1, None in stance."""

    x: float
    lift: float
    swing: float | None

    @property
    def planted(self) -> bool:
        """True while it carries weight."""
        return self.swing is None


def foot(gait: Gait, phase: float, leg: int) -> Foot:
    """Where one foot is at ``phase`` of the cycle."""
    p = (phase - gait.offsets[leg]) % 1.0
    if p == 1.0:
        p = 0.0  # the remainder of a tiny negative number rounds up to the whole
    half = gait.stride * gait.duty / 2.0
    if p < gait.duty:
        return Foot(half - gait.stride * p, 0.0, None)
    s = (p - gait.duty) / (1.0 - gait.duty)
    slope = -gait.stride * (1.0 - gait.duty) * 0.6
    h00, h01 = 1 - s * s * (3 - 2 * s), s * s * (3 - 2 * s)
    x = -half * h00 + half * h01 + slope * (s * (1 - s) ** 2 - s * s * (1 - s))
    return Foot(x, gait.lift * math.sin(math.pi * s**0.8) ** 1.2, s)


def flight(phase: float, start: float, end: float) -> float:
    """A ballistic hop, 0..1, in the air between ``start`` and ``end`` of the cycle."""
    p = phase % 1.0
    if not start < p < end:
        return 0.0
    u = (p - start) / (end - start)
    return 4.0 * u * (1.0 - u)


def joint(ax: float, ay: float, bx: float, by: float, length: float, bend: float) -> tuple[float, float]:
    """The knee between hip a and ankle b of a limb ``length`` long; ``bend`` picks and scales the side."""
    dx, dy = bx - ax, by - ay
    d = math.hypot(dx, dy) or 1e-6
    out = math.sqrt(max(0.0, length * length - d * d)) / 2.0
    out = min(out, length * 0.35) * bend
    return (ax + bx) / 2 + dy / d * out, (ay + by) / 2 - dx / d * out
