"""Birds: perched, hopping or waddling, flying, and one that swims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reelgate_integrations.generators.storyboard.rigs import bird_parts as parts
from reelgate_integrations.generators.storyboard.rigs.base import Contact
from reelgate_integrations.generators.storyboard.rigs.motion import (
    Foot,
    Gait,
    breath,
    ease,
    flight,
    foot,
    pulse,
    wave,
)
from reelgate_integrations.generators.storyboard.rigs.shapes import Brush, smooth

if TYPE_CHECKING:
    import skia

    from reelgate_integrations.generators.storyboard.rigs.base import Pose, Skin
    from reelgate_integrations.generators.storyboard.rigs.bird_parts import Build

NEAR, FAR = 0, 1


class Bird:
    """A :class:`~.base.Rig` with wings. Perched its origin is the ground; flying or swimming, its body's middle."""

    archetype = "bird"

    def __init__(self, build: Build) -> None:
        self.build = build
        self._middle = -(build.leg + build.tall * 0.92)
        top = -self._middle + build.tall * 0.62 + build.head * 1.45
        self._scale = 1.0 / top
        self.width = (build.round_ * 2.2 + build.tail * 0.8 + 0.1) * self._scale
        self.waterline = 0.1 if build.swims else 0.0
        offsets = (0.0, 0.02) if build.hops else (0.0, 0.5)
        hop = (2.2, 0.34, 0.46, offsets, 0.0, 0.0, 1, 0.06, 0.1) if build.hops else (1.6, 0.3, 0.62, offsets, 0.07,
            0.015, 2, 0.0, 0.0)
        fast = (2.9, 0.6, 0.4, offsets, 0.02, 0.0, 1, 0.1, 0.16) if build.hops else (2.6, 0.46, 0.55, offsets, 0.1,
            0.02, 2, 0.0, 0.0)
        self._gaits = {
            "stand": Gait(0.4, 0.0, 1.0, (0.0, 0.0)),
            "walk": Gait(*hop),
            "run": Gait(*fast),
            "jump": Gait(1.0, 0.4, 0.5, (0.0, 0.02), 0.03, 0.0, 1, 0.1, 0.34),
            "fly": Gait(build.flap, 1.5 / build.flap * 2.2, 0.5, (0.0, 0.0), 0.0, 0.05, 1),
            "swim": Gait(1.2, 0.7, 0.5, (0.0, 0.5), 0.0, 0.03, 1),
            "dance": Gait(1.0, 0.0, 0.5, (0.0, 0.5), 0.06, 0.02, 2),
            "sleep": Gait(0.22, 0.0, 1.0, (0.0, 0.0)),
        }

    def actions(self) -> tuple[str, ...]:
        """All it can act; those that fly do so unasked."""
        no = {a for a, can in (("fly", self.build.flies), ("swim", self.build.swims)) if not can}
        rest = tuple(a for a in self._gaits if a not in no)
        return ("fly", *(a for a in rest if a != "fly")) if self.build.flies else rest

    def _action(self, action: str) -> str:
        action = {"drive": "run"}.get(action, action)
        if action == "swim" and not self.build.swims:
            action = "fly"
        if action == "fly" and not self.build.flies:
            action = "jump"
        return action if action in self._gaits else "stand"

    def cycle(self, action: str) -> tuple[float, float]:
        """Cycles (hops, steps or wing beats) a second and heights travelled a cycle."""
        gait = self._gaits[self._action(action)]
        return gait.rate, gait.stride * self._scale

    def contacts(self, action: str) -> tuple[Contact, ...]:
        """Steps, landings and wing beats within one cycle."""
        action = self._action(action)
        if action == "fly":
            return (Contact(0.25, "flap", 0.5),)
        if action in ("walk", "run", "dance"):
            if self.build.hops and action != "dance":
                return (Contact(0.0, "step", 0.25),)
            return (Contact(0.0, "step", 0.3), Contact(0.5, "step", 0.3))
        if action == "jump":
            return (Contact(0.0, "land", 0.4), Contact(0.55, "flap", 0.4))
        if action == "swim":
            return (Contact(0.3, "stroke", 0.4),)
        return ()

    def lift(self, action: str, phase: float) -> float:
        """How far the whole figure is off the ground at ``phase``, in units (for its shadow)."""
        action = self._action(action)
        gait = self._gaits[action]
        if not gait.air:
            return 0.0
        return gait.air * flight(phase, gait.duty + 0.02, 1.0) * self._scale

    def feet(self, pose: Pose) -> tuple[tuple[float, float, bool], ...]:
        """Near and far foot: (x, y, planted) in units; empty in the air or water."""
        if self._action(pose.action) in ("fly", "swim"):
            return ()
        return tuple((x * self._scale, y * self._scale, step.planted) for x, y, step in self._feet(pose))

    def _feet(self, pose: Pose) -> list[tuple[float, float, Foot]]:
        action = self._action(pose.action)
        gait, w = self._gaits[action], self.build.round_
        rise = self.lift(action, pose.phase) / self._scale
        out = []
        for leg in (NEAR, FAR):
            step = foot(gait, pose.phase, leg)
            out.append(((-0.34 if leg == NEAR else 0.26) * w + step.x,
                (-0.015 if leg == FAR else 0.0) - step.lift - rise, step))
        return out

    def draw(self, canvas: skia.Canvas, pose: Pose, skin: Skin) -> None:
        """Draw the bird in the air, in the water or on its feet."""
        action = self._action(pose.action)
        with Brush.of(canvas, pose, skin).at(0.0, 0.0, 0.0, self._scale, self._scale) as b:
            if action == "fly":
                self._fly(b, pose)
            elif action == "swim":
                self._swim(b, pose)
            else:
                self._perch(b, pose, action)

    def _perch(self, b: Brush, pose: Pose, action: str) -> None:
        k, p = self.build, pose.phase
        gait, feet = self._gaits[action], self._feet(pose)
        squash = max(-0.35, min(0.35, pose.squash))
        x, y, turn, open_ = 0.0, self._middle, pose.lean, 0.0
        if gait.air:
            rise = flight(p, gait.duty + 0.02, 1.0)
            squash += 0.12 * pulse(p, gait.duty - 0.12, 0.16) + 0.14 * pulse(p, 0.06, 0.12) - 0.1 * pulse(p,
                gait.duty + 0.1, 0.14)
            y -= gait.air * rise - 0.05 * pulse(p, gait.duty - 0.1, 0.18)
            turn += gait.pitch * wave(p, 0.3)
            open_ = rise if action == "jump" else 0.15 * rise
        elif action in ("walk", "run"):
            turn += (0.11 if action == "walk" else 0.16) * wave(p, 0.16)
            y -= gait.bob * wave(p * 2, 0.1)
            open_ = 0.16 if k.kind == "penguin" else 0.0
        elif action == "dance":
            turn += 0.15 * wave(p)
            squash += 0.07 * wave(p * 2, 0.2)
            open_ = 0.45 + 0.4 * wave(p * 2, 0.1)
        elif action == "sleep":
            y += k.leg * 0.9
            squash += 0.08
        else:
            turn += 0.012 * wave(p)
        near = max(open_, pose.greet * (0.86 + 0.16 * wave(pose.turns(1.7)))) if action == "stand" else open_
        puff = 0.014 * breath(pose.turns(0.25 if action == "sleep" else 0.5))
        sx, sy = 1 + squash * 0.7 + puff, 1 - squash + puff
        for leg in (FAR, NEAR):
            fx, fy, step = feet[leg]
            if action != "sleep":
                hip = (x + (0.2 if leg == FAR else -0.24) * k.round_ - turn * 0.1, y + k.tall * 0.66)
                parts.leg(b, k, hip, (fx, fy), step, far=leg == FAR)
        with b.at(x, y, turn, sx, sy) as t:
            parts.tail(t, k, pose)
            if open_ > 0.02:
                parts.side_wing(t, k, open_, far=True)
            parts.body(t, k, pose)
            parts.side_wing(t, k, near, far=False)
            nod = 0.1 * wave(p * max(1, gait.beats), 0.3) if gait.stride else 0.03 * pose.idle()
            dip = 0.06 if action == "sleep" else 0.0
            hx = k.round_ * 0.26 + 0.02 * wave(p * 2, 0.3) * (1.0 if gait.stride else 0.0)
            with t.at(hx, -k.tall * 0.62 - k.head * 0.42 + dip, nod - turn * 0.7 + 0.08 * pose.look[1] + dip * 3,
                k.head, k.head) as h:
                parts.head(h, k, pose)

    def _fly(self, b: Brush, pose: Pose) -> None:
        k, p = self.build, pose.phase % 1.0
        y = 0.05 * wave(p, 0.28)
        squash = max(-0.35, min(0.35, pose.squash)) + 0.03 * wave(p, 0.1)
        with b.at(0.0, y, pose.lean - 0.08 + 0.03 * wave(p, 0.4), 1 + squash * 0.7, 1 - squash) as t:
            parts.wing(t, k, p, far=True)
            with t.at(-k.round_ * 0.1, 0.0, 1.05, 1.0, 1.0) as lying:
                parts.tail(lying, k, pose)
                parts.body(lying, k, pose)
            parts.tucked_feet(t, k)
            with t.at(k.round_ * 0.86, -k.tall * 0.42, -pose.lean * 0.5 + 0.04 * wave(p, 0.5) + 0.1 * pose.look[1],
                k.head, k.head) as h:
                parts.head(h, k, pose)
            parts.wing(t, k, p, far=False)

    def _swim(self, b: Brush, pose: Pose) -> None:
        k, p = self.build, pose.phase
        paddle = wave(p, 0.1)
        with b.at(0.0, 0.03 * wave(p), pose.lean + 0.05 * wave(p, 0.25), 1.0, 1.0) as t:
            with t.at(0.0, 0.04, 1.18) as lying:
                parts.tail(lying, k, pose)
                parts.side_wing(lying, k, 0.4 - 0.35 * paddle, far=True)
                parts.body(lying, k, pose)
            for side in (FAR, NEAR):
                kick = 0.12 * wave(p * 2, 0.5 * side)
                web = smooth([(-k.tall * 0.9, 0.14), (-k.tall * 1.15, 0.17 + kick), (-k.tall * 1.28, 0.1 + kick),
                    (-k.tall * 0.95, 0.08)])
                t.form(web, t.shade(t.skin.accent, 0.4 if side == FAR else 0.0))
            with t.at(k.tall * 0.92, -0.12, 0.05 * wave(p, 0.4) + 0.1 * pose.look[1], k.head, k.head) as h:
                parts.head(h, k, pose)
            with t.at(0.0, 0.04, 1.18) as lying:
                parts.side_wing(lying, k, 0.08 + 0.5 * ease(0.5 + 0.5 * paddle), far=False)
