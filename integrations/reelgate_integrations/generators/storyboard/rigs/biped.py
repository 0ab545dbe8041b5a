"""Two-legged figures: a child, a robot, an astronaut, a knight."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from reelgate_integrations.generators.storyboard.rigs import biped_dress as dress
from reelgate_integrations.generators.storyboard.rigs.base import Contact
from reelgate_integrations.generators.storyboard.rigs.motion import (
    Foot,
    Gait,
    breath,
    flight,
    foot,
    joint,
    pulse,
    wave,
)
from reelgate_integrations.generators.storyboard.rigs.shapes import Brush, tube

if TYPE_CHECKING:
    import skia

    from reelgate_integrations.generators.storyboard.rigs.base import Pose, Skin
    from reelgate_integrations.generators.storyboard.rigs.biped_dress import Build
    from reelgate_integrations.generators.storyboard.rigs.shapes import Point

NEAR, FAR = 0, 1


class Biped:
    """A :class:`~.base.Rig` on two legs, dressed by its build's costume."""

    archetype = "biped"

    def __init__(self, build: Build) -> None:
        self.build = build
        top = build.leg + build.trunk + build.head * 1.86
        self._scale = 1.0 / top
        self.width = build.head * 2.5 * self._scale
        self.waterline = (build.leg + build.trunk * 0.72) * self._scale if build.swims else 0.0
        stride, rate = build.leg, build.speed
        self._gaits = {
            "stand": Gait(0.35, 0.0, 1.0, (0.0, 0.0)),
            "walk": Gait(1.15 * rate, 1.9 * stride, 0.58, (0.0, 0.5), 0.3 * stride, 0.022, 2, 0.03),
            "run": Gait(1.7 * rate, 3.6 * stride, 0.32, (0.0, 0.5), 0.62 * stride, 0.03, 2, 0.04, 0.05),
            "jump": Gait(0.9 * rate, 1.2 * stride, 0.5, (0.0, 0.03), 0.2 * stride, 0.0, 1, 0.05, 0.36),
            "dance": Gait(1.0, 0.0, 0.5, (0.0, 0.5), 0.5 * stride, 0.03, 2, 0.09),
            "swim": Gait(0.9, 0.6, 0.5, (0.0, 0.5), 0.0, 0.02, 1, 0.05),
            "fly": Gait(0.5, 0.9, 0.5, (0.0, 0.5), 0.0, 0.02, 1, 0.06),
            "sleep": Gait(0.22, 0.0, 1.0, (0.0, 0.0)),
        }

    def actions(self) -> tuple[str, ...]:
        """All it can act."""
        return tuple(a for a in self._gaits if a != "swim" or self.build.swims)

    def _action(self, action: str) -> str:
        action = {"drive": "run"}.get(action, action)
        if action == "swim" and not self.build.swims:
            action = "fly"
        return action if action in self._gaits else "stand"

    def cycle(self, action: str) -> tuple[float, float]:
        """Cycles a second and heights travelled a cycle."""
        gait = self._gaits[self._action(action)]
        return gait.rate, gait.stride * self._scale

    def contacts(self, action: str) -> tuple[Contact, ...]:
        """Footfalls, landings and strokes within one cycle."""
        action = self._action(action)
        if action in ("walk", "run", "dance"):
            strength = {"walk": 0.4, "run": 0.7, "dance": 0.5}[action]
            return (Contact(0.0, "step", strength), Contact(0.5, "step", strength))
        if action == "jump":
            return (Contact(0.0, "land", 0.8), Contact(0.5, "bounce", 0.4))
        if action == "swim":
            return (Contact(0.25, "stroke", 0.5),)
        return ()

    def lift(self, action: str, phase: float) -> float:
        """How far the whole figure is off the ground at ``phase``, in units (for its shadow)."""
        action = self._action(action)
        air = self._gaits[action].air * self._scale
        if action == "jump":
            return air * flight(phase, 0.53, 1.0)
        if action == "run":
            return air * (flight(phase, 0.34, 0.5) + flight(phase, 0.84, 1.0))
        return 0.0

    def feet(self, pose: Pose) -> tuple[tuple[float, float, bool], ...]:
        """Near and far foot: (x, y, planted) in units; the legs are drawn to these points."""
        return tuple((x * self._scale, y * self._scale, step.planted) for x, y, step in self._feet(pose))

    def _feet(self, pose: Pose) -> list[tuple[float, float, Foot]]:
        b, action = self.build, self._action(pose.action)
        gait = self._gaits[action]
        rise = self.lift(action, pose.phase) / self._scale
        out = []
        for leg in (NEAR, FAR):
            side = -0.075 if leg == NEAR else 0.075
            ground = 0.0 if leg == NEAR else -0.022
            step = foot(gait, pose.phase, leg)
            if action == "fly":
                drift = 0.05 * wave(pose.phase, 0.3 * leg)
                x, y, turn, _ = self._hips(pose)
                trail = (-math.sin(turn - 0.25 + 0.3 * leg) * b.leg * 0.94,
                    math.cos(turn - 0.25 + 0.3 * leg) * b.leg * 0.94)
                out.append((x + trail[0] + side * 0.5, y + trail[1] + drift, Foot(0.0, 0.0, 0.5)))
            elif action == "swim":
                kick = wave(pose.phase * 2, 0.5 * leg)
                out.append((side - 0.12 + 0.08 * kick, -0.1 * b.leg + 0.04 * wave(pose.phase * 2, 0.5 * leg + 0.25),
                    Foot(0.0, 0.0, 0.5)))
            elif action == "sleep":
                out.append((side + b.leg * 1.05, ground, step))
            else:
                tuck = rise * 0.22 if action == "jump" else 0.0
                out.append((side + step.x - tuck * (0.7 if leg == NEAR else 0.1),
                    ground - step.lift - rise + tuck * 0.3, step))
        return out

    def _hips(self, pose: Pose) -> tuple[float, float, float, float]:
        """Hip x, hip y, the trunk's turn, and the squash with the action's own added."""
        b, action = self.build, self._action(pose.action)
        gait, p = self._gaits[action], pose.phase
        squash = max(-0.35, min(0.35, pose.squash))
        x, y, turn = 0.0, -b.leg, pose.lean
        y -= gait.bob * wave(p * gait.beats, 0.12)
        if action == "walk":
            turn += 0.04 + gait.pitch * wave(p * 2, 0.3)
        elif action == "run":
            turn += 0.17 + gait.pitch * wave(p * 2, 0.3)
            y -= self.lift(action, p) / self._scale - 0.02
        elif action == "jump":
            crouch, land = pulse(p, 0.38, 0.2), pulse(p, 0.07, 0.14)
            squash += 0.12 * crouch + 0.16 * land - 0.12 * pulse(p, 0.62, 0.14)
            y -= gait.air * flight(p, 0.53, 1.0) - b.leg * (0.36 * crouch + 0.4 * land)
            turn += 0.2 * crouch + 0.12 * land - 0.12 * pulse(p, 0.66, 0.16)
        elif action == "swim":
            turn += 0.3 + gait.pitch * wave(p)
            y += 0.012 * wave(pose.turns(0.45))
        elif action == "fly":
            turn += 0.75 + gait.pitch * wave(p)
            y += 0.02 * wave(p, 0.2)
        elif action == "dance":
            x = 0.05 * wave(p)
            turn += gait.pitch * wave(p, 0.04)
            squash += 0.06 * wave(p * 2, 0.3)
        elif action == "sleep":
            y = -b.leg_width * 0.75
            turn -= 0.28 + 0.025 * wave(p)
        else:
            x = 0.008 * wave(p)
        return x, y, turn, squash

    def _hand(self, pose: Pose, side: int) -> tuple[float, float]:
        """A hand's place below its shoulder in the trunk's space, in arm lengths."""
        action, p = self._action(pose.action), pose.phase
        shift = 0.5 if side == FAR else 0.0
        if action in ("walk", "run"):
            swing = wave(p, shift - 0.18) * (0.5 if action == "walk" else 0.95)
            fold = 0.12 if action == "walk" else 0.5
            return math.sin(-swing) * 0.9 + fold * 0.6, math.cos(swing) * (0.95 - fold * 0.7)
        if action == "jump":
            up = flight(p, 0.5, 1.0) ** 0.5
            back = pulse(p, 0.4, 0.2)
            a = 0.25 + up * 2.4 - back * 0.9
            return math.sin(a) * (1.0 if side == FAR else 0.5 - 1.3 * up), math.cos(a) * 0.95
        if action == "dance":
            a = 1.9 + 0.75 * wave(p * 2, shift)
            return (math.sin(a) * (0.85 if side == FAR else -0.85)), math.cos(a) * 0.95
        if action == "swim":
            a = math.tau * (p + shift)
            return 0.72 + 0.42 * math.cos(a), 0.08 + 0.42 * math.sin(a)
        if action == "fly":
            drift = 0.12 * wave(p, shift)
            return (0.75, -0.6 + drift) if side == FAR else (-0.35 + drift, 0.8)
        if action == "sleep":
            return 0.35, 0.8
        if pose.greet and side == NEAR and action == "stand":
            a = 2.0 + 0.42 * wave(pose.turns(1.7))
            return -math.sin(a) * 1.25, 0.92 + (math.cos(a) - 0.92) * pose.greet
        sway = 0.05 * pose.idle(side * 2.0) + 0.03 * wave(p)
        return (-0.3 if side == NEAR else 0.36) + sway, 0.92

    def draw(self, canvas: skia.Canvas, pose: Pose, skin: Skin) -> None:
        """Draw far limbs, trunk, near leg, head and near arm, back to front."""
        brush, k = Brush.of(canvas, pose, skin), self.build
        # in the air its origin is its middle, as a bird's is
        drop = (k.leg + k.trunk * 0.5) * self._scale if self._action(pose.action) == "fly" else 0.0
        with brush.at(0.0, drop, 0.0, self._scale, self._scale) as b:
            x, y, turn, squash = self._hips(pose)
            feet = self._feet(pose)
            puff = 0.012 * breath(pose.turns(0.3))
            sx, sy = 1 + squash * 0.7 + puff * 0.4, 1 - squash + puff
            c, s = math.cos(turn), math.sin(turn)
            for leg in (FAR, NEAR):
                self._leg(b, pose, (x + (0.055 if leg == FAR else -0.055) * c, y + 0.02), feet[leg], leg)
                if leg == FAR:
                    with b.at(x, y, turn, sx, sy) as t:
                        dress.behind(t, k, pose)
                        self._arm(t, pose, FAR)
            with b.at(x, y, turn, sx, sy) as t:
                dress.trunk(t, k, pose)
            neck = (x + (k.trunk * sy) * s, y - (k.trunk * sy) * c)
            with b.at(x, y, turn, sx, sy) as t:
                self._arm(t, pose, NEAR)
            late = 0.05 * wave(pose.phase * 2,
                0.35) if self._gaits[self._action(pose.action)].bob else 0.015 * wave(pose.phase, 0.2)
            tilt = turn * (0.3 if turn < 0.5 else 0.1) + late + 0.03 * pose.idle() + 0.08 * pose.look[1]
            if self._action(pose.action) == "sleep":
                tilt = 0.24
            with b.at(neck[0] + 0.02, neck[1] - k.head * 0.8 * (1 - squash * 0.3), tilt, k.head * (1 + squash * 0.2),
                k.head * (1 - squash * 0.25)) as h:
                sway = 0.16 * wave(pose.phase * 2, 0.5) + 0.08 * pose.idle(7.0)
                dress.head(h, k, pose, sway)

    def _leg(self, b: Brush, pose: Pose, hip: Point, at: tuple[float, float, Foot], leg: int) -> None:
        k, w = self.build, self.build.leg_width
        fx, fy, step = at
        ankle = (fx, fy - w * 0.42)
        knee = joint(*hip, *ankle, (k.leg - 0.02 - w * 0.42) * 1.02, 1.0)
        if self._action(pose.action) == "sleep":
            knee = ((hip[0] + ankle[0]) / 2, ankle[1] - 0.05)
        shape = tube([hip, knee, ankle], [w * 1.15, w, w * 0.88])
        tip = 0.0
        if step.swing is not None and pose.action not in ("swim", "fly"):
            tip = 0.75 * math.sin(math.pi * step.swing) * (1.0 - 1.5 * step.swing)
        if self._action(pose.action) == "sleep":
            tip = -1.0
        dress.leg(b, k, shape, knee, ankle, far=leg == FAR)
        with b.at(fx, fy - w * 0.3, tip) as f:
            dress.shoe(f, k, far=leg == FAR)

    def _arm(self, b: Brush, pose: Pose, side: int) -> None:
        k = self.build
        shoulder = (0.1 if side == FAR else -0.1, -k.trunk * 0.8)
        hx, hy = self._hand(pose, side)
        hand = (shoulder[0] + hx * k.arm, shoulder[1] + hy * k.arm)
        elbow = joint(*shoulder, *hand, k.arm * 1.05, -1.0)
        dress.arm(b, k, [shoulder, elbow, hand], far=side == FAR)
