"""Cars, buses and trucks: rounded tin toys on wheels that turn at ground speed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reelgate_integrations.generators.storyboard.rigs import vehicle_bodies as bodies
from reelgate_integrations.generators.storyboard.rigs.base import Contact
from reelgate_integrations.generators.storyboard.rigs.motion import flight, pulse, wave
from reelgate_integrations.generators.storyboard.rigs.shapes import Brush, ball, lighter, mix, smooth

if TYPE_CHECKING:
    import skia

    from reelgate_integrations.generators.storyboard.rigs.base import Pose, Skin


@dataclass(frozen=True, slots=True)
class Build:
    """Proportions in heights: ``wheel`` is a wheel's radius, ``axles`` where they stand, ``long`` the half length."""

    kind: str = "car"
    wheel: float = 0.2
    axles: tuple[float, ...] = (-0.5, 0.5)
    long: float = 0.85
    soft: float = 1.0


class Vehicle:
    """A :class:`~.base.Rig` on wheels; one cycle is one turn of a wheel."""

    archetype = "vehicle"
    waterline = 0.0

    def __init__(self, build: Build) -> None:
        self.build = build
        self.width = build.long * 2.0
        turn = math.tau * build.wheel
        self._cycles = {
            "drive": (1.5, turn), "run": (2.6, turn), "stand": (0.5, 0.0),
            "jump": (0.8, turn), "dance": (1.0, 0.0), "sleep": (0.25, 0.0),
        }  # fmt: skip

    def actions(self) -> tuple[str, ...]:
        """All it can act, driving first."""
        return tuple(self._cycles)

    def _action(self, action: str) -> str:
        action = {"walk": "drive", "swim": "drive", "fly": "drive"}.get(action, action)
        return action if action in self._cycles else "drive"

    def cycle(self, action: str) -> tuple[float, float]:
        """Turns of a wheel a second and heights travelled a turn."""
        return self._cycles[self._action(action)]

    def contacts(self, action: str) -> tuple[Contact, ...]:
        """Bumps and landings within one cycle."""
        action = self._action(action)
        if action == "jump":
            return (Contact(0.0, "land", 0.9),)
        return (Contact(0.0, "bounce", 0.3), Contact(0.5, "bounce", 0.3)) if action == "dance" else ()

    def lift(self, action: str, phase: float) -> float:
        """How far the wheels are off the ground at ``phase``, in units (for its shadow)."""
        return 0.4 * flight(phase, 0.5, 1.0) if self._action(action) == "jump" else 0.0

    def wheel_angle(self, pose: Pose) -> float:
        """How far the wheels have turned, in radians."""
        return math.tau * pose.phase if self._cycles[self._action(pose.action)][1] else 0.0

    def draw(self, canvas: skia.Canvas, pose: Pose, skin: Skin) -> None:
        """Draw far wheels, body on its springs, near wheels."""
        k, action, p = self.build, self._action(pose.action), pose.phase
        b = Brush.of(canvas, pose, skin)
        rise = self.lift(action, p)
        squash = max(-0.35, min(0.35, pose.squash))
        heave, pitch = 0.0, pose.lean
        if action in ("drive", "run"):
            rough = 1.0 if action == "drive" else 1.7
            heave = rough * k.soft * (0.007 * wave(pose.turns(2.3)) + 0.008 * wave(p) + 0.006 * pose.idle(quick=4))
            pitch += rough * k.soft * (0.008 * wave(pose.turns(1.7), 0.2) + 0.006 * wave(p,
                0.3)) - (0.012 if action == "run" else 0.0)
        elif action == "dance":
            heave = 0.04 * wave(p * 2)
            pitch += 0.07 * wave(p)
        elif action == "jump":
            squash += 0.1 * pulse(p, 0.38, 0.16) + 0.14 * pulse(p, 0.06, 0.13) - 0.08 * pulse(p, 0.6, 0.14)
            pitch += -0.14 * pulse(p, 0.64, 0.18) + 0.1 * pulse(p, 0.92, 0.14)
        elif action == "stand":
            heave = 0.009 * wave(p) + 0.003 * wave(pose.turns(9))
            pitch += 0.006 * wave(p, 0.2)
        else:
            squash += 0.015 * wave(p)
        droop = 0.03 if rise > 0.02 else 0.0
        for x in k.axles:
            self._wheel(b, pose, x + 0.07, -rise - 0.035 + droop, far=True)
        with b.at(0.0, -k.wheel - rise + heave, pitch, 1 + squash * 0.6, 1 - squash) as t:
            bodies.draw(t, k.kind, k.long, pose)
        for x in k.axles:
            self._wheel(b, pose, x, -rise + droop, far=False)

    def _wheel(self, b: Brush, pose: Pose, x: float, y: float, *, far: bool) -> None:
        r, skin = self.build.wheel, b.skin
        y -= r
        tyre = mix(skin.dark, skin.shade, 0.25)
        if far:
            b.fill(ball(x, y, r), b.shade(tyre, 0.3))
            return
        b.form(ball(x, y, r), tyre, edge=0.62, glow=0.18)
        b.form(ball(x, y, r * 0.64), mix(0xD9D6D2, skin.main, 0.08), edge=0.55, soft=0.14, glow=0.5)
        turn = self.wheel_angle(pose)
        speed = pose.action == "run"
        with b.at(x, y, turn) as w:
            for i in range(5):
                a = math.tau * i / 5
                c, s = math.cos(a), math.sin(a)
                w.line(smooth([(c * r * 0.2, s * r * 0.2), (c * r * 0.5, s * r * 0.5)], closed=False),
                    mix(skin.dark, 0x8A8690, 0.55), r * 0.14, 0.55 if speed else 0.9)
            w.fill(ball(r * 0.83, 0.0, r * 0.06), lighter(tyre, 0.3), 0.8)
        b.form(ball(x, y, r * 0.24), skin.accent, glow=0.4)
