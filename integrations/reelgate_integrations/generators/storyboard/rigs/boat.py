"""Boats: a sailing boat, a rowing boat and a little steamer, rocking on the water."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import skia

from reelgate_integrations.generators.storyboard.rigs import faces
from reelgate_integrations.generators.storyboard.rigs.base import Contact
from reelgate_integrations.generators.storyboard.rigs.motion import flight, wave
from reelgate_integrations.generators.storyboard.rigs.shapes import Brush, ball, box, egg, lighter, mix, smooth, tube

if TYPE_CHECKING:
    from reelgate_integrations.generators.storyboard.rigs.base import Pose, Skin
    from reelgate_integrations.generators.storyboard.rigs.shapes import Point

_WOOD = 0xA9713F
_GLASS = 0x9FD3DE


@dataclass(frozen=True, slots=True)
class Build:
    """``kind`` is ``sailboat rowboat ship``; ``width`` is bow to stern in heights, ``rock`` the swing in radians."""

    kind: str = "sailboat"
    width: float = 0.86
    rock: float = 0.06
    rate: float = 0.4
    speed: float = 0.5


class Boat:
    """A :class:`~.base.Rig` whose origin is the middle of its hull at the waterline."""

    archetype = "boat"
    waterline = 0.01

    def __init__(self, build: Build) -> None:
        self.build = build
        self.width = build.width

    def actions(self) -> tuple[str, ...]:
        """All it can act, sailing (or rowing, or steaming) first."""
        return ("swim", "drive", "run", "stand", "jump", "dance", "sleep")

    def _action(self, action: str) -> str:
        action = {"walk": "swim", "fly": "jump"}.get(action, action)
        return action if action in self.actions() else "swim"

    def cycle(self, action: str) -> tuple[float, float]:
        """Rocks (or strokes) a second and heights travelled in one."""
        k = self.build
        rate, pace = {"swim": (1.0, 1.0), "drive": (1.0, 1.0), "run": (1.6, 1.3),
            "jump": (1.2, 1.2)}.get(self._action(action), (0.7, 0.0))
        return k.rate * rate, k.speed / k.rate * pace

    def contacts(self, action: str) -> tuple[Contact, ...]:
        """Oar strokes, and the slap of the bow."""
        action = self._action(action)
        if self.build.kind == "rowboat" and action in ("swim", "drive", "run"):
            return (Contact(0.1, "stroke", 0.6),)
        if action == "jump":
            return (Contact(0.0, "splash", 0.8),)
        return (Contact(0.3, "splash", 0.3),) if action in ("swim", "drive", "run") else ()

    def lift(self, action: str, phase: float) -> float:
        """How far a wave throws it up, in units."""
        return 0.16 * flight(phase, 0.45, 1.0) if self._action(action) == "jump" else 0.0

    def draw(self, canvas: skia.Canvas, pose: Pose, skin: Skin) -> None:
        """Draw rigging, hull (below the water too) and crew."""
        k, p, action = self.build, pose.phase, self._action(pose.action)
        size = {"run": 1.5, "jump": 1.8, "dance": 2.2, "sleep": 0.5, "stand": 0.7}.get(action, 1.0)
        squash = max(-0.3, min(0.3, pose.squash))
        turn = pose.lean + k.rock * size * (0.8 * wave(p, 0.1) + 0.3 * pose.idle(1.0))
        y = 0.014 * size * wave(p, 0.35) - self.lift(action, p)
        with Brush.of(canvas, pose, skin).at(0.0, y, turn, 1 + squash * 0.7, 1 - squash) as b:
            {"sailboat": _sailboat, "rowboat": _rowboat, "ship": _ship}[k.kind](b, k, pose)


def _hull(b: Brush, points: list[Point], colour: int, stripe: int) -> skia.Path:
    """Planks with a bright strake under the rail and red antifouling below the water."""
    shape = smooth(points, tension=0.75)
    b.form(shape, colour, edge=0.58, soft=0.2, rim=0.014)
    r = shape.getBounds()
    with b.inside(shape):
        b.fill(box(r.left() - 0.1, 0.035, r.right() + 0.1, r.bottom() + 0.1, 0.0), mix(0xB4473C, b.skin.shade, 0.25),
            0.9)
        for i in range(2):
            v = -0.02 - 0.045 * i
            b.line(smooth([(r.left(), v - 0.03), (0.0, v + 0.012), (r.right(), v - 0.035)], closed=False),
                b.shade(colour, 0.35), 0.007, 0.7)
        top = points[0][1]
        b.line(smooth([(points[0][0], top + 0.022), (0.0, top + 0.06), (points[2][0], points[2][1] + 0.022)],
            closed=False), stripe, 0.022)
    return shape


def _sailboat(b: Brush, k: Build, pose: Pose) -> None:
    skin, p = b.skin, pose.phase
    full = 0.75 + 0.16 * wave(p, 0.2) + 0.06 * pose.idle(quick=1.4)
    if pose.action in ("stand", "sleep"):
        full *= 0.55
    mast = (0.02, -0.9)
    swing = 0.02 * wave(p, 0.3)
    boom = (-0.38 - swing, -0.2)
    b.line(smooth([(0.02, -0.08), mast], closed=False), b.shade(_WOOD, 0.15), 0.024)
    b.line(smooth([mast, (0.41, -0.13)], closed=False), b.shade(_WOOD, 0.5), 0.005, 0.8)
    # mainsail: luff on the mast, leech bowed by the wind
    bow = 0.1 * full
    sail = _sail([(0.0, -0.87), (0.0, -0.19)], boom, (-0.16 - bow * 1.1, -0.6), 0.04 * full)
    b.form(sail, skin.second, edge=0.62, soft=0.26, depth=0.28, glow=0.3, rim=0.012)
    with b.inside(sail):
        b.fill(smooth([(-0.5, -0.42), (-0.2, -0.4 + 0.02 * full), (0.05, -0.44), (0.05, -0.31),
            (-0.2, -0.27 + 0.02 * full), (-0.5, -0.3)]), skin.accent)
        for i in range(3):
            v = -0.34 - 0.17 * i
            b.line(smooth([(0.0, v), (-0.16, v + 0.03 + 0.02 * full), (-0.4, v + 0.02)], closed=False),
                b.shade(skin.second, 0.3), 0.006, 0.6)
        b.fill(egg(-0.12, -0.5, 0.075, 0.06, 0.2, 0.2, tilt=0.25), 0xFFFFFF, 0.22)
    jib = _sail([(0.05, -0.8), (0.4, -0.15)], (0.07, -0.2), (0.07 + 0.0, -0.45), 0.03 * full, lee=0.05 * full)
    b.form(jib, mix(skin.second, skin.main, 0.14), edge=0.6, soft=0.24, depth=0.28, glow=0.25, rim=0.012)
    b.line(smooth([(0.03, -0.18), (boom[0] - 0.015, boom[1] + 0.002)], closed=False), b.shade(_WOOD, 0.2), 0.02)
    flag = [(mast[0] - 0.18 * u, mast[1] - 0.03 + 0.025 * u * wave(pose.turns(1.6), u * 0.8))
        for u in (0.0, 0.35, 0.7, 1.0)]
    back = [(x, y + 0.06 * (1 - 0.7 * i / 3)) for i, (x, y) in enumerate(flag)]
    b.form(smooth([*flag, *reversed(back)], tension=0.8), skin.accent)
    _mate(b, -0.22, -0.19, 0.085, pose)
    _hull(b, [(-0.4, -0.13), (0.0, -0.09), (0.47, -0.16), (0.36, -0.02), (0.2, 0.09), (-0.06, 0.12), (-0.3, 0.09),
        (-0.41, -0.02)], skin.main, lighter(skin.second, 0.2))


def _sail(luff: list[Point], clew: Point, leech: Point, foot_sag: float, lee: float = 0.0) -> skia.Path:
    """A sail between its luff (head, tack) and ``clew``; the free edges bow through ``leech`` and by ``foot_sag``."""
    (hx, hy), (tx, ty) = luff
    path = skia.Path()
    path.moveTo(hx, hy)
    path.quadTo((hx + tx) / 2 + lee, (hy + ty) / 2 - lee * 0.4, tx, ty)
    path.quadTo((tx + clew[0]) / 2, (ty + clew[1]) / 2 + foot_sag, clew[0], clew[1])
    path.quadTo(leech[0] - 0.02, leech[1], hx, hy)
    path.close()
    return path


def _mate(b: Brush, x: float, y: float, r: float, pose: Pose, reach: Point | None = None) -> None:
    """Crew: a round face under a cap, striped jersey."""
    skin = b.skin
    late = 0.1 * wave(pose.phase, 0.3) + 0.05 * pose.idle()
    jersey = lighter(skin.second, 0.3)
    coat = egg(x, y + r * 1.5, r * 0.85, r * 0.85, r * 1.0, r * 1.3, 0.6)
    b.form(coat, jersey, depth=0.3)
    with b.inside(coat):
        for i in range(3):
            b.line(smooth([(x - r, y + r * (1.05 + 0.45 * i)), (x, y + r * (1.15 + 0.45 * i)),
                (x + r, y + r * (1.05 + 0.45 * i))], closed=False), mix(skin.main, skin.dark, 0.3), r * 0.16)
    if reach:
        b.form(tube([(x, y + r * 1.1), ((x + reach[0]) / 2, (y + r + reach[1]) / 2 + r * 0.5), reach],
            [r * 0.5, r * 0.46, r * 0.4], 5), b.shade(jersey, 0.12))
        b.form(ball(*reach, r * 0.25), 0xE9B48E)
    with b.at(x + r * 0.1, y, late, r, r) as h:
        h.form(ball(0, 0, 1.0, 0.96), 0xEDBB93, depth=0.22)
        h.blush(-0.1, 0.36, 0.28, 0xF2787C, 0.5, 0.8)
        for i, ex in enumerate((0.1, 0.66)):
            faces.eye(h, ex, 0.02, 0.25 - 0.02 * i, pose, 0xEDBB93, wide=0.7 if i else 0.84, iris=0.9)
        h.blush(0.8, 0.34, 0.16, 0xF2787C, 0.4, 0.9)
        faces.mouth(h, 0.24, 0.46, 0.6, 0.44, pose, 0.06, drop=0.7)
        h.form(smooth([(-1.0, -0.2), (-0.8, -0.85), (0.1, -1.15), (0.85, -0.75), (1.25, -0.28), (0.6, -0.36),
            (-0.3, -0.34)], tension=0.85), skin.accent, rim=0.06)


def _rowboat(b: Brush, k: Build, pose: Pose) -> None:
    skin, p = b.skin, pose.phase
    rowing = pose.action not in ("stand", "sleep")
    a = math.tau * p if rowing else 0.6
    hand = (0.18 + 0.15 * math.cos(a), -0.3 + 0.05 * math.sin(a))
    # the blade goes the other way about the rowlock, dipping as the hand rises
    lock = (0.0, -0.14)
    blade = (lock[0] - (hand[0] - 0.16) * 2.6 - 0.04, lock[1] + (-(hand[1] + 0.1)) * 0.9 + 0.02)
    far = [(-0.5, -0.15), (0.1, -0.12), (0.72, -0.2), (0.4, 0.0), (-0.4, 0.0)]
    b.fill(smooth([(x + 0.03, y - 0.055) for x, y in far], tension=0.7), b.shade(skin.main, 0.55))
    lean = 0.16 * math.cos(a) if rowing else 0.0
    with b.at(-0.06, -0.14, lean) as m:
        _mate(m, 0.0, -0.46, 0.2, pose, reach=(hand[0] + 0.04, hand[1] + 0.14))
    _hull(b, [(-0.62, -0.2), (0.05, -0.13), (0.74, -0.26), (0.6, -0.04), (0.4, 0.1), (0.0, 0.14), (-0.4, 0.11),
        (-0.58, -0.02)], skin.main, lighter(skin.second, 0.2))
    b.line(smooth([(hand[0] - 0.02, hand[1]), lock, blade], closed=False), lighter(_WOOD, 0.15), 0.035)
    with b.at(*blade, math.atan2(blade[1] - lock[1], blade[0] - lock[0])) as o:
        o.form(egg(0.06, 0.0, 0.1, 0.12, 0.05, 0.05, 0.62), skin.second)
    b.form(ball(*lock, 0.03), mix(skin.dark, 0x8A8690, 0.4))


def _ship(b: Brush, k: Build, pose: Pose) -> None:
    skin = b.skin
    for i in range(4):
        u = (pose.turns(0.35) + i / 4) % 1.0
        b.fill(ball(-0.08 - 0.6 * u - 0.04 * wave(u), -0.86 - 0.3 * u, 0.05 + 0.13 * u), 0xF4EEE6,
            0.55 * (1 - u) * min(1.0, u * 6))
    for x, tall in ((-0.12, 0.34), (0.14, 0.3)):
        funnel = smooth([(x - 0.075, -0.46), (x - 0.085, -0.46 - tall), (x + 0.065, -0.46 - tall),
            (x + 0.075, -0.46)], tension=0.25)
        b.form(funnel, skin.accent, edge=0.56, soft=0.12, glow=0.3, rim=0.012)
        with b.inside(funnel):
            b.fill(box(x - 0.2, -0.5 - tall, x + 0.2, -0.4 - tall, 0.0), mix(skin.dark, skin.shade, 0.2))
            b.fill(box(x - 0.2, -0.36 - tall, x + 0.2, -0.3 - tall, 0.0), skin.second)
    deck = box(-0.46, -0.48, 0.44, -0.2, 0.05)
    b.form(deck, skin.second, depth=0.26, rim=0.012)
    bridge = box(0.16, -0.6, 0.42, -0.44, 0.04)
    b.form(bridge, lighter(skin.second, 0.2), depth=0.26)
    for i in range(5):
        b.form(ball(-0.36 + 0.14 * i, -0.34, 0.038), mix(_GLASS, skin.shade, 0.2), glow=0.5)
    b.form(box(0.25, -0.56, 0.4, -0.49, 0.02), _GLASS, glow=0.4)
    hull = _hull(b, [(-0.72, -0.3), (0.0, -0.22), (0.86, -0.38), (0.68, -0.08), (0.52, 0.14), (0.0, 0.17),
        (-0.48, 0.15), (-0.68, -0.04)], skin.main, lighter(skin.second, 0.2))
    with b.inside(hull):
        for i in range(6):
            b.form(ball(-0.46 + 0.17 * i, -0.1, 0.034), lighter(skin.second, 0.3))
            b.fill(ball(-0.46 + 0.17 * i, -0.1, 0.022), mix(skin.dark, _GLASS, 0.3))
    b.line(smooth([(0.62, -0.34), (0.62, -0.62)], closed=False), b.shade(_WOOD, 0.2), 0.016)
    flag = [(0.62 - 0.16 * u, -0.61 + 0.02 * u * wave(pose.turns(1.5), u * 0.8)) for u in (0.0, 0.5, 1.0)]
    b.form(smooth([*flag, *[(x, y + 0.08) for x, y in reversed(flag)]], tension=0.6), skin.accent)
