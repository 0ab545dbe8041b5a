"""Four-legged animals: one body plan, many builds."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reelgate_integrations.generators.storyboard.rigs import quadruped_head as heads
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
from reelgate_integrations.generators.storyboard.rigs.shapes import Brush, ball, egg, mix, smooth, tube, union

if TYPE_CHECKING:
    import skia

    from reelgate_integrations.generators.storyboard.rigs.base import Pose, Skin
    from reelgate_integrations.generators.storyboard.rigs.shapes import Point

NEAR_HIND, NEAR_FORE, FAR_HIND, FAR_FORE = range(4)


@dataclass(frozen=True, slots=True)
class Build:
    """Proportions of one animal, in any unit (the rig scales itself to a standing height of 1).

    ``leg`` is ground to belly; ``long``, ``back``, ``belly`` the torso's half length and its reach up and down;
    ``head`` the skull's radius at ``head_at`` from the torso's middle; ``neck`` its width there.
    """

    face: heads.Face
    leg: float = 0.3
    leg_width: float = 0.16
    long: float = 0.44
    back: float = 0.27
    belly: float = 0.25
    head: float = 0.26
    head_at: Point = (0.42, -0.24)
    neck: float = 0.36
    tail: str = "short"
    foot: str = "paw"
    belly_patch: float = 0.0
    chest_patch: bool = False
    spots: int = 0
    socks: bool = False
    fur: bool = True
    collar: int | None = None
    mane: bool = False
    speed: float = 1.0
    swims: bool = True


@dataclass(frozen=True, slots=True)
class Frame:
    """How the torso sits: moved, turned and squashed about its own middle."""

    x: float
    y: float
    turn: float
    sx: float
    sy: float

    def place(self, px: float, py: float) -> Point:
        """A torso point in the rig's space."""
        c, s = math.cos(self.turn), math.sin(self.turn)
        px, py = px * self.sx, py * self.sy
        return self.x + px * c - py * s, self.y + px * s + py * c


class Quadruped:
    """A :class:`~.base.Rig` for any :class:`Build`."""

    archetype = "quadruped"

    def __init__(self, build: Build) -> None:
        self.build = build
        self._middle = -(build.leg + build.belly * 0.72)
        top = -(self._middle + build.head_at[1]) + build.head * 0.95
        self._scale = 1.0 / top
        front = build.head_at[0] + build.head * build.face.reach
        self.width = (front + build.long + heads.TAILS[build.tail]) * self._scale
        self.waterline = (-self._middle + build.back * 0.12) * self._scale if build.swims else 0.0
        stride = build.leg + 0.1
        rate = build.speed
        self._gaits = {
            "stand": Gait(0.35, 0.0, 1.0, (0, 0, 0, 0)),
            "walk": Gait(1.5 * rate, 1.35 * stride, 0.64, (0.0, 0.25, 0.5, 0.75), 0.3 * build.leg, 0.02, 2, 0.025),
            "run": Gait(2.3 * rate, 3.1 * stride, 0.3, (0.0, 0.5, 0.1, 0.6), 0.5 * build.leg, 0.03, 1, 0.13, 0.07),
            "jump": Gait(0.9 * rate, 1.7 * stride, 0.5, (0.0, 0.06, 0.0, 0.06), 0.35 * build.leg, 0.0, 1, 0.16, 0.42),
            "dance": Gait(1.0, 0.0, 0.6, (0.0, 0.5, 0.5, 0.0), 0.6 * build.leg, 0.05, 2, 0.1),
            "swim": Gait(1.1, 0.75, 0.5, (0.0, 0.5, 0.5, 0.0), 0.0, 0.025, 1, 0.045),
            "sleep": Gait(0.22, 0.0, 1.0, (0, 0, 0, 0)),
        }

    def actions(self) -> tuple[str, ...]:
        """All it can act; swimming first for those at home in water is the cast's choice."""
        return tuple(a for a in self._gaits if a != "swim" or self.build.swims)

    def _action(self, action: str) -> str:
        action = {"fly": "swim", "drive": "run"}.get(action, action)
        return action if action in self._gaits else "stand"

    def cycle(self, action: str) -> tuple[float, float]:
        """Cycles a second and heights travelled a cycle."""
        gait = self._gaits[self._action(action)]
        return gait.rate, gait.stride * self._scale

    def contacts(self, action: str) -> tuple[Contact, ...]:
        """Footfalls, landings and strokes within one cycle."""
        action = self._action(action)
        gait = self._gaits[action]
        if action in ("walk", "run", "dance"):
            strength = {"walk": 0.4, "run": 0.8, "dance": 0.5}[action]
            return tuple(Contact(o % 1.0, "step", strength) for o in sorted(set(gait.offsets)))
        if action == "jump":
            return (Contact(0.0, "land", 0.9), Contact(0.56, "bounce", 0.5))
        if action == "swim":
            return (Contact(0.2, "stroke", 0.6), Contact(0.7, "stroke", 0.5))
        return ()

    def lift(self, action: str, phase: float) -> float:
        """How far the whole figure is off the ground at ``phase``, in units (for its shadow)."""
        action = self._action(action)
        gait = self._gaits[action]
        if action == "jump":
            return gait.air * flight(phase, 0.56, 1.0) * self._scale
        if action == "run":
            return gait.air * (flight(phase, 0.4, 0.5) + flight(phase, 0.9, 1.0)) * 0.5 * self._scale
        return 0.0

    def feet(self, pose: Pose) -> tuple[tuple[float, float, bool], ...]:
        """Near hind, near fore, far hind, far fore: (x, y, planted) in units; the legs are drawn to these points."""
        return tuple((x * self._scale, y * self._scale, foot_.planted) for x, y, foot_ in self._feet(pose))

    def _feet(self, pose: Pose) -> list[tuple[float, float, Foot]]:
        b, action = self.build, self._action(pose.action)
        gait = self._gaits[action]
        rise = self.lift(action, pose.phase) / self._scale
        out = []
        for leg in range(4):
            rest = (b.long * 0.6 if leg % 2 else -b.long * 0.62) + (0.07 if leg >= 2 else -0.02)
            ground = -0.03 if leg >= 2 else 0.0
            step = foot(gait, pose.phase, leg)
            if action == "swim":
                a = math.tau * (pose.phase - gait.offsets[leg])
                x, y = rest + 0.17 * math.cos(a) + (0.05 if leg % 2 else -0.08), -0.08 + 0.11 * math.sin(a)
                out.append((x, y + self._frame(pose).y - self._middle, replace(step, swing=0.5)))
            elif action == "sleep":
                out.append((rest + (0.1 if leg % 2 else 0.14), ground, step))
            elif leg == NEAR_FORE and pose.greet and action == "stand":
                out.append(self._raised(pose, rest))
            else:
                tuck = rise * 0.25 if action == "jump" else 0.0
                out.append((rest + step.x + tuck * (0.3 if leg % 2 else -0.5), ground - step.lift - rise, step))
        return out

    def _raised(self, pose: Pose, rest: float) -> tuple[float, float, Foot]:
        """The near fore paw waving: held up before the chest, swinging about its shoulder."""
        b = self.build
        turn = 1.2 + 0.48 * wave(pose.turns(1.7))
        long = b.leg * 0.9 + b.belly * 0.45
        x, y = self._frame(pose).place(b.long * 0.62, b.belly * 0.35)
        x, y = x + long * math.sin(turn), y + long * math.cos(turn)
        return rest + (x - rest) * pose.greet, y * pose.greet, Foot(0.0, 0.0, 0.0)

    def _frame(self, pose: Pose) -> Frame:
        b, action = self.build, self._action(pose.action)
        gait = self._gaits[action]
        p, squash = pose.phase, max(-0.35, min(0.35, pose.squash))
        y = self._middle
        turn = pose.lean
        y -= gait.bob * wave(p * gait.beats, 0.1)
        turn += gait.pitch * wave(p, 0.35)
        if action == "jump":
            rise = flight(p, 0.56, 1.0)
            crouch = pulse(p, 0.36, 0.2)
            land = pulse(p, 0.07, 0.13)
            squash += 0.2 * crouch + 0.24 * land - 0.16 * pulse(p, 0.6, 0.14)
            y -= gait.air * rise - 0.11 * crouch - 0.12 * land
            turn = pose.lean - 0.26 * pulse(p, 0.6, 0.2) + 0.2 * pulse(p, 0.93, 0.14)
        elif action == "run":
            y -= self.lift(action, p) / self._scale
            squash -= 0.05 * wave(p, 0.1)
        elif action == "swim":
            y += 0.012 * wave(pose.turns(0.45))
            turn -= 0.06
        elif action == "sleep":
            y = -b.belly * 0.94
        elif action == "dance":
            squash += 0.09 * wave(p * 2, 0.3)
        else:
            turn += 0.008 * wave(p) - 0.14 * pose.greet
        puff = 0.012 * breath(pose.turns(0.2 if action == "sleep" else 0.32)) * (2.0 if action == "sleep" else 1.0)
        return Frame(0.02 * wave(p) if action == "dance" else 0.0, y, turn, 1.0 + squash * 0.7 + puff * 0.4,
            1.0 - squash + puff)

    def draw(self, canvas: skia.Canvas, pose: Pose, skin: Skin) -> None:
        """Draw far limbs, tail, torso, near limbs and head, back to front."""
        brush = Brush.of(canvas, pose, skin)
        # in the air its origin is its middle, as a bird's is
        drop = -self._middle * self._scale if pose.action == "fly" else 0.0
        with brush.at(0.0, drop, 0.0, self._scale, self._scale) as b:
            frame, feet = self._frame(pose), self._feet(pose)
            for leg in (FAR_HIND, FAR_FORE):
                self._leg(b, pose, frame, leg, feet[leg])
            for leg in (NEAR_HIND, NEAR_FORE):
                self._leg(b, pose, frame, leg, feet[leg], under=True)
            with b.at(frame.x, frame.y, frame.turn, frame.sx, frame.sy) as t:
                self._tail(t, pose)
                self._torso(t, pose)
            self._leg(b, pose, frame, NEAR_HIND, feet[NEAR_HIND])
            if not pose.greet:
                self._leg(b, pose, frame, NEAR_FORE, feet[NEAR_FORE])
            self._head(b, pose, frame)
            if pose.greet:
                self._leg(b, pose, frame, NEAR_FORE, feet[NEAR_FORE])

    def _torso(self, b: Brush, pose: Pose) -> None:
        k, skin = self.build, b.skin
        trunk = egg(0, 0, k.long, k.long * 0.96, k.back, k.belly, 0.6)
        hx, hy = k.head_at
        root = min(k.neck * 1.3, (k.back + k.belly) * 0.72)
        neck = [(k.long * 0.42, (k.belly - k.back) * 0.4), (hx * 0.86, hy * 0.55), (hx, hy)]
        shape = union(trunk, tube(neck, [root, k.neck, k.neck * 0.85]))
        b.form(shape, skin.main, edge=0.62, soft=0.24, depth=0.3, rim=0.016)
        with b.inside(shape):
            if k.belly_patch:
                x, deep = k.long * 0.08, k.belly * k.belly_patch
                b.fade(egg(x, k.belly * 1.1, k.long * 0.9, k.long, deep, k.belly), (0, k.belly * 1.1 - deep),
                    (0, k.belly), [(skin.second, 0.0), (b.shade(skin.second, 0.12), 0.9)])
            if k.chest_patch:
                b.form(egg(k.long * 0.9, k.back * 0.1, k.long * 0.3, k.long * 0.3, k.back * 1.1, k.back * 0.75,
                    tilt=-0.3), skin.second)
            for i in range(k.spots):
                sx, sy = -k.long * 0.75 + i * k.long * 0.42, (-0.45, -0.05, -0.5, 0.0, -0.4)[i % 5] * k.back
                b.fill(egg(sx, sy, 0.1, 0.08, 0.07, 0.08), mix(skin.main, skin.accent, 0.8), 0.9)
            # the head's own shadow on the chest
            b.blush(hx - k.head * 0.25, hy + k.head * 0.62, k.head * 1.05, b.shade(skin.main, 0.7), 0.3, 0.7)
            if k.collar is not None:
                ring = [(hx + k.head * 1.03 * math.cos(a), hy + k.head * 1.03 * math.sin(a)) for a in (0.6, 1.1, 1.6,
                    2.1, 2.6, 3.1)]
                b.line(smooth(ring, closed=False), k.collar, 0.05)
                b.form(ball(ring[1][0], ring[1][1] + 0.045, 0.036), 0xF6C445, glow=0.5)
            if k.mane:
                crest = [(hx - k.head * 0.2, hy - k.head), (hx - k.head * 0.9, hy - k.head * 0.3),
                    (k.long * 0.5, hy * 0.52), (k.long * 0.2, -k.back * 0.95), (k.long * 0.42,
                    -k.back * 0.6), (k.long * 0.6, hy * 0.42), (k.long * 0.72, hy * 0.62), (hx, hy)]
                b.form(smooth(crest, tension=0.9), skin.accent)
            if k.fur and b.detail > 160:
                for x, y, turn in ((-0.62, -0.42, 0.5), (-0.42, -0.62, 0.25), (-0.5, -0.1, 0.4), (-0.12, -0.66, 0.1),
                    (0.08, 0.3, 0.0)):
                    with b.at(x * k.long, y * k.back, turn) as tick:
                        tick.line(smooth([(0.03, -0.012), (0.0, 0.0), (-0.035, -0.006)], closed=False),
                            b.shade(skin.main, 0.34), 0.012, 0.75)

    def _limb(self, frame: Frame, leg: int, at: tuple[float, float, Foot], *, asleep: bool) -> tuple[Point, Point,
        Point]:
        """Hip, knee and ankle of one leg."""
        k, fore = self.build, leg % 2 == 1
        dx, dy = (k.long * 0.58 if fore else -k.long * 0.57) + (0.05 if leg >= 2 else 0.0), k.belly * 0.1
        hip = frame.place(dx, dy)
        ankle = (at[0], at[1] - k.leg_width * 0.42)
        rest = -(self._middle + dy) - k.leg_width * 0.42
        if asleep:
            return hip, ((hip[0] + ankle[0]) / 2, (hip[1] + ankle[1]) / 2 + 0.02), ankle
        return hip, joint(*hip, *ankle, rest * 1.015, 1.0 if fore else -1.0), ankle

    def _leg(self, b: Brush, pose: Pose, frame: Frame, leg: int, at: tuple[float, float, Foot], *,
        under: bool = False) -> None:
        """One leg; a near one is laid ``under`` the torso first and then faded in over it, so that no seam shows."""
        k, far, fore = self.build, leg >= 2, leg % 2 == 1
        fx, fy, step = at
        width = k.leg_width
        colour = b.shade(b.skin.main, 0.4) if far else b.skin.main
        hip, knee, ankle = self._limb(frame, leg, at, asleep=self._action(pose.action) == "sleep")
        shape = tube([hip, knee, ankle], [width * (1.45 if fore else 1.6), width * 1.14, width * 0.95])
        deep = b.shade(colour, 0.14)
        if far or under:
            b.fill(shape, colour if far else deep)
            if under:
                return
        else:
            belly = frame.place(0.0, k.belly * 0.6)[1]
            top, low = min(hip[1], ankle[1] - 0.02), ankle[1]
            cut = min(0.9, max(0.3, (belly - top) / max(0.05, low - top)))
            b.fade(shape, (hip[0], top), (hip[0], top + (low - top) * cut), [(colour, 0.0), (deep, 1.0)])
            middle = ((knee[0] + ankle[0]) / 2, (knee[1] + ankle[1]) / 2)
            shin = tube([knee, middle, ankle], [width * 1.1, width, width * 0.95], 4)
            b.fade(shin, (ankle[0], knee[1] - width * 0.3), (ankle[0], ankle[1]),
                [(colour, 0.0), (colour, 0.7), (colour, 1.0)])
            if k.socks:
                b.fade(shin, (ankle[0], knee[1]), ankle, [(b.skin.dark, 0.0), (b.skin.dark, 1.0)])
        tip = 0.0 if step.planted else 0.5 * math.sin(math.pi * (step.swing or 0.0)) * (1 if fore else 1.2)
        self._paw(b, fx, fy, tip, colour, far)

    def _paw(self, b: Brush, x: float, y: float, tip: float, colour: int, far: bool) -> None:
        k, w = self.build, self.build.leg_width
        with b.at(x, y - w * 0.3, tip) as f:
            if k.foot == "hoof":
                shape = smooth([(-w * 0.42, -w * 0.2), (w * 0.36, -w * 0.22), (w * 0.58, w * 0.3),
                    (-w * 0.46, w * 0.3)], tension=0.5)
                f.form(shape, f.skin.dark if not far else f.shade(f.skin.dark, 0.3), glow=0.25)
                return
            shape = egg(w * 0.1, w * 0.02, w * 0.6, w * 0.66, w * 0.34, w * 0.28, 0.62)
            if k.socks:
                colour = f.shade(f.skin.dark, 0.3) if far else f.skin.dark
            f.form(shape, colour, edge=0.66, depth=0.28, glow=0.08)
            if k.foot == "toes":
                nail = mix(colour, f.skin.second, 0.75)
                for i in range(3):
                    f.fill(ball(w * (0.62 - 0.26 * i), w * 0.17, w * 0.11, w * 0.12), nail)
            elif self.build.foot == "paw" and f.detail > 150:
                for i in range(2):
                    tx = w * (0.5 - 0.26 * i)
                    f.line(smooth([(tx, w * 0.05), (tx + w * 0.05, w * 0.22)], closed=False), f.shade(colour, 0.6),
                        w * 0.06)

    def _tail(self, b: Brush, pose: Pose) -> None:
        k, action = self.build, self._action(pose.action)
        rate = 0.3 if action == "sleep" and not pose.loop else 1.0
        wag = wave(pose.phase * rate, 0.15) + 0.4 * pose.idle(3.0)
        late = wave(pose.phase * rate, 0.32) + 0.4 * pose.idle(3.0, late=0.2)
        heads.tail(b, k.tail, -k.long * 0.93, -k.back * 0.3, wag, late, drooped=action == "sleep")

    def _head(self, b: Brush, pose: Pose, frame: Frame) -> None:
        k, action = self.build, self._action(pose.action)
        hx, hy = frame.place(*k.head_at)
        gait = self._gaits[action]
        nod = 0.05 * wave(pose.phase * gait.beats, 0.3) if gait.bob else 0.02 * wave(pose.phase, 0.2)
        turn = frame.turn * 0.35 + nod + 0.025 * pose.idle() + 0.06 * pose.look[1]
        if action == "sleep":
            hy = min(-k.head * 0.62, hy + k.leg * 0.25)
            turn = 0.16
        elif action == "swim":
            hy -= 0.03
            turn -= 0.05
        elif action == "jump":
            turn += 0.12 * wave(pose.phase, 0.2)
        elif action == "dance":
            turn += 0.2 * wave(pose.phase, 0.15)
            hx += 0.03 * wave(pose.phase, 0.2)
        hy += 0.012 * wave(pose.phase * gait.beats, 0.28) if gait.bob else 0.0
        with b.at(hx, hy, turn, k.head * (1 + pose.squash * 0.2), k.head * (1 - pose.squash * 0.25)) as h:
            sway = 0.14 * wave(pose.phase * gait.beats, 0.45) + 0.1 * pose.idle(7.0)
            heads.draw(h, k.face, pose, sway)
