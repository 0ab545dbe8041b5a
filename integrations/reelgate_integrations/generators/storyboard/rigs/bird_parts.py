"""The parts of birds: bodies, wings with feathers, beaks and feet.

Body space has the body's middle at the origin with the bird upright; head space is in head radii.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reelgate_integrations.generators.storyboard.rigs import faces
from reelgate_integrations.generators.storyboard.rigs.motion import lerp, wave
from reelgate_integrations.generators.storyboard.rigs.shapes import ball, egg, lighter, mix, smooth, tube

if TYPE_CHECKING:
    from reelgate_integrations.generators.storyboard.rigs.base import Pose
    from reelgate_integrations.generators.storyboard.rigs.motion import Foot
    from reelgate_integrations.generators.storyboard.rigs.shapes import Brush, Point

_BLUSH = 0xF2787C


@dataclass(frozen=True, slots=True)
class Build:
    """Proportions in any unit.

    ``round_`` and ``tall`` are the body's half width and half height when perched, ``head`` the head's radius
    (0 lets head and body be one shape), ``kind`` picks face and markings: ``sparrow parrot owl penguin``.
    """

    kind: str = "sparrow"
    round_: float = 0.34
    tall: float = 0.34
    head: float = 0.27
    leg: float = 0.14
    tail: float = 0.3
    wing: float = 0.75
    flies: bool = True
    swims: bool = False
    hops: bool = True
    flap: float = 3.0


def body(b: Brush, k: Build, pose: Pose) -> None:
    """The trunk with its breast."""
    w, h = k.round_, k.tall
    shape = smooth([(-w * 0.2, -h * 1.05), (-w * 0.86, -h * 0.45), (-w * 1.0, h * 0.3), (-w * 0.55, h * 0.92),
        (w * 0.1, h * 1.0), (w * 0.8, h * 0.62), (w * 1.0, -h * 0.05), (w * 0.72, -h * 0.75), (w * 0.3, -h * 1.08)])
    b.form(shape, b.skin.main, edge=0.6, rim=0.016)
    with b.inside(shape):
        if k.kind == "penguin":
            b.form(egg(w * 0.42, h * 0.12, w * 0.72, w * 0.8, h * 1.05, h * 0.86), b.skin.second, depth=0.24)
        elif k.kind == "owl":
            b.form(egg(w * 0.36, h * 0.2, w * 0.66, w * 0.7, h * 0.8, h * 0.9), b.skin.second, depth=0.26)
            for i in range(3):
                for j in range(3 - i % 2):
                    x, y = w * (0.06 + 0.32 * j + 0.16 * (i % 2)), h * (-0.15 + 0.32 * i)
                    b.line(smooth([(x - 0.03, y), (x, y + 0.03), (x + 0.03, y)], closed=False),
                        mix(b.skin.second, b.skin.main, 0.75), 0.016)
        else:
            b.form(egg(w * 0.55, h * 0.34, w * 0.72, w * 0.7, h * 0.85, h * 0.8), b.skin.second, depth=0.26)


def tail(b: Brush, k: Build, pose: Pose) -> None:
    """Tail feathers; the tip follows late."""
    w, h, n = k.round_, k.tall, k.tail
    flick = 0.12 * wave(pose.phase, 0.35) + 0.06 * pose.idle(3.0)
    if k.kind == "penguin":
        b.form(smooth([(-w * 0.7, h * 0.62), (-w * 1.12, h * 0.98 + flick * 0.2), (-w * 0.4, h * 0.96)]),
            b.shade(b.skin.main, 0.2))
        return
    count = 3 if k.kind != "parrot" else 4
    for i in range(count):
        spread = (i - (count - 1) / 2) * 0.16
        rest, fan = (2.3, 0.6) if k.kind == "parrot" else (2.45, 1.0)
        a = rest + spread * fan + flick * (0.6 + 0.2 * i)
        x0, y0 = -w * 0.66, h * 0.46
        tone = (b.skin.main, b.skin.accent, b.skin.second,
            b.skin.main)[i] if k.kind == "parrot" else b.shade(b.skin.main, 0.12 + 0.13 * i)
        end = (x0 + n * 1.15 * math.cos(a), y0 + n * 1.15 * math.sin(a))
        mid = (x0 + n * 0.6 * math.cos(a - 0.05), y0 + n * 0.6 * math.sin(a - 0.05))
        b.form(tube([(x0 + 0.08, y0 - 0.06), mid, end], [0.1, 0.15, 0.1], 5), tone)


def leg(b: Brush, k: Build, hip: Point, at: Point, step: Foot, *, far: bool) -> None:
    """A thin leg and a three-toed foot, or a webbed one."""
    colour = b.skin.accent if k.kind == "penguin" else mix(b.skin.accent, b.skin.dark, 0.25)
    if far:
        colour = b.shade(colour, 0.4)
    x, y = at
    tip = 0.5 * math.sin(math.pi * (step.swing or 0.0)) if not step.planted else 0.0
    if k.kind == "penguin":
        b.form(tube([hip, ((hip[0] + x) / 2, (hip[1] + y) / 2), (x, y - 0.03)], [0.13, 0.11, 0.09], 4), colour)
        with b.at(x, y, tip) as f:
            f.form(smooth([(-0.09, -0.05), (0.0, -0.07), (0.16, -0.03), (0.15, 0.0), (-0.09, 0.0)], tension=0.7),
                colour)
        return
    knee = ((hip[0] + x) / 2 - 0.025, (hip[1] + y) / 2)
    b.line(smooth([hip, knee, (x, y - 0.02)], closed=False), colour, 0.035)
    with b.at(x, y, tip) as f:
        for tx in (-0.06, 0.06, 0.105):
            f.line(smooth([(0.0, -0.022), (tx * 0.6, -0.026), (tx, -0.008)], closed=False), colour, 0.03)


def tucked_feet(b: Brush, k: Build) -> None:
    """Feet drawn up under a flying bird."""
    colour = mix(b.skin.accent, b.skin.dark, 0.3)
    for i in range(2):
        x = -k.round_ * (0.45 - 0.22 * i)
        b.line(smooth([(x, k.tall * 0.62), (x - 0.06, k.tall * 0.78), (x - 0.13, k.tall * 0.8)], closed=False),
            colour if i else b.shade(colour, 0.35), 0.034)


def side_wing(b: Brush, k: Build, open_: float, *, far: bool) -> None:
    """A wing at the side: folded along the body at 0, held out at 1 (flippers and dancing)."""
    w, h = k.round_, k.tall
    colour = b.shade(b.skin.main, 0.4 if far else 0.14)
    x, y = (w * 0.35 if far else -w * 0.3), -h * 0.5
    turn = lerp(0.24, 2.0, open_) if not far else lerp(-0.1, -1.8, open_)
    long = h * (1.3 if k.kind == "penguin" else 1.22)
    with b.at(x, y, turn) as s:
        if k.kind == "penguin":
            s.form(smooth([(-0.09, -0.06), (0.08, -0.05), (0.1, long * 0.5), (0.02, long), (-0.08, long * 0.6)]),
                colour, rim=0.012)
            return
        shape = smooth([(-0.02, -0.1), (w * 0.42, h * 0.1), (w * 0.4, long * 0.55), (w * 0.02, long * 1.02),
            (-w * 0.26, long * 0.72), (-w * 0.34, h * 0.2)])
        s.form(shape, colour, rim=0.014)
        if far:
            return
        band = b.skin.accent if k.kind == "parrot" else lighter(b.skin.main, 0.3)
        with s.inside(shape):
            for i in range(3):
                v = long * (0.42 + 0.2 * i)
                s.line(smooth([(-w * 0.4, v - 0.05), (0.0, v + 0.06), (w * 0.42, v - 0.06)], closed=False),
                    band if i == 0 else s.shade(colour, 0.3), 0.022 if i else 0.035, 0.85)


def wing(b: Brush, k: Build, phase: float, *, far: bool) -> None:
    """A beating wing, seen a little from above: two hinged panels, the hand trailing the arm.

    A wing is a sheet with ``s`` along the span and ``c`` along the chord; only the part of the span that points
    up or down is seen at full length, so mid-stroke it opens towards the viewer.
    """
    up, late = _stroke(phase), _stroke(phase - 0.065)
    fold = max(0.0, wave(phase, 0.45)) ** 1.5
    span = k.wing * (1.0 - 0.24 * fold) * (0.92 if far else 1.0)
    x0, y0 = (k.round_ * 0.34, -k.tall * 0.36) if far else (k.round_ * 0.12, -k.tall * 0.16)
    tip_side = -0.62 if far else 0.58
    a1, a2 = 1.15 * up + 0.12, 1.3 * late + (0.0 if far else 0.05)

    def at(s: float, c: float) -> Point:
        arm, hand = min(s, 0.45), max(0.0, s - 0.45)
        rise = arm * math.sin(a1) + hand * math.sin(a2)
        out = arm * math.cos(a1) + hand * math.cos(a2)
        chord = k.wing * (0.62 + 0.1 * math.sin(math.pi * s) - 0.34 * s * s)
        back = (0.1 + 0.5 * fold) * s * s + 0.06 * s
        return x0 + k.wing * (0.1 * math.sin(math.pi * min(1.0,
            s * 1.4)) - back) - c * chord, y0 - span * rise + tip_side * span * out

    base = b.shade(b.skin.main, 0.42 if far else 0.08)
    count = 7
    edge: list[Point] = [at(0.0, 0.1), at(0.25, -0.06), at(0.45, -0.05), at(0.75, 0.02), at(0.96, 0.24),
        at(1.04, 0.6)]
    for i in range(count + 1):
        s = 1.0 - 0.96 * i / count
        edge.append(at(s, 1.02 if i < count else 0.86))
        if i < count:
            edge.append(at(s - 0.56 / count, 0.86))
    outline = smooth(edge, tension=0.85)
    b.form(outline, base, edge=0.7, rim=0.0 if far else 0.014)
    tips = b.skin.accent if k.kind == "parrot" else mix(base, b.skin.dark, 0.45)
    with b.inside(outline):
        if not far:
            covert = smooth([at(-0.1, -0.2), at(0.3, -0.2), at(0.8, -0.1), at(0.9, 0.32), at(0.6, 0.46), at(0.3, 0.5),
                at(-0.1, 0.55)])
            b.fill(covert, lighter(b.skin.main, 0.16) if k.kind != "parrot" else b.skin.accent, 0.9)
        for i in range(count):
            s = 1.0 - 0.96 * (i + 0.6) / count
            b.line(smooth([at(0.24 + s * 0.6, 0.5), at(s, 0.88)], closed=False), tips, 0.014, 0.55)


def _stroke(phase: float) -> float:
    """1 at the top, -1 at the bottom; the down-stroke takes 0.42 of the cycle."""
    p = phase % 1.0
    if p < 0.42:
        return math.cos(math.pi * p / 0.42)
    return -math.cos(math.pi * (p - 0.42) / 0.58)


def head(b: Brush, k: Build, pose: Pose) -> None:
    """The head with beak and eyes."""
    {"owl": _owl, "parrot": _parrot, "penguin": _penguin}.get(k.kind, _sparrow)(b, k, pose)


def _beak(b: Brush, x: float, y: float, long: float, deep: float, gape: float, colour: int) -> None:
    b.form(smooth([(x, y + 0.02), (x + long * 0.5, y + deep * 0.35 + gape * 0.3),
        (x + long * 0.78, y + deep * 0.3 + gape * 0.5), (x + 0.02,
        y + deep * 0.8 + gape * 0.15)], tension=0.6), b.shade(colour, 0.3))
    b.form(smooth([(x - 0.02, y - deep * 0.8), (x + long * 0.55, y - deep * 0.45 - gape * 0.1),
        (x + long, y + 0.06 - gape * 0.12), (x + long * 0.4, y + deep * 0.3), (x,
        y + deep * 0.35)], tension=0.7), colour)


def _sparrow(b: Brush, k: Build, pose: Pose) -> None:
    skin = b.skin
    tuft = 0.1 * wave(pose.phase, 0.4)
    b.form(smooth([(-0.3, -0.82), (-0.62 - tuft, -1.22), (-0.2 - tuft, -1.12), (-0.16 - tuft, -1.34), (0.22, -0.92)],
        tension=0.8), b.shade(skin.main, 0.12))
    skull = ball(0.0, 0.0, 1.0, 0.96)
    b.form(skull, skin.main, edge=0.68, rim=0.045)
    with b.inside(skull):
        b.form(egg(0.48, 0.56, 0.9, 0.66, 0.6, 0.6), skin.second, depth=0.2)
    b.blush(-0.02, 0.36, 0.3, _BLUSH, 0.6, 0.75)
    _beak(b, 0.72, 0.22, 0.62, 0.24, pose.mouth, skin.accent)
    faces.eye(b, 0.14, -0.06, 0.3, pose, skin.main, iris=0.9)
    faces.eye(b, 0.74, -0.1, 0.26, pose, skin.main, wide=0.6, iris=0.9)


def _parrot(b: Brush, k: Build, pose: Pose) -> None:
    skin = b.skin
    crest = 0.12 * wave(pose.phase, 0.4) + 0.06 * pose.idle()
    for i in range(3):
        b.form(tube([(-0.2 + 0.16 * i, -0.7), (-0.4 + 0.1 * i - crest, -1.1 - 0.06 * i),
            (-0.5 + 0.12 * i - crest * 2,
            -1.36 - 0.04 * i)], [0.24, 0.26, 0.14], 5), (skin.accent, skin.second, skin.main)[i])
    skull = ball(0.0, 0.0, 0.98, 0.98)
    b.form(skull, skin.main, edge=0.68, rim=0.045)
    patch = egg(0.4, 0.02, 0.6, 0.5, 0.44, 0.5)
    with b.inside(skull):
        b.form(patch, 0xFFF4E4, depth=0.2)
    b.form(smooth([(0.66, 0.36), (0.98, 0.48 + pose.mouth * 0.25), (0.86, 0.78 + pose.mouth * 0.3), (0.58, 0.6)],
        tension=0.8), mix(skin.dark, skin.shade, 0.25))
    b.form(smooth([(0.58, -0.12), (1.0, -0.18), (1.32, 0.2), (1.2, 0.72), (1.02, 0.5), (0.62, 0.46)], tension=0.9),
        mix(skin.dark, 0x5A5060, 0.6), glow=0.35)
    faces.eye(b, 0.16, -0.1, 0.27, pose, 0xF6E3CC, iris=0.82)
    faces.eye(b, 0.64, -0.2, 0.2, pose, 0xF6E3CC, wide=0.6, iris=0.82)


def _owl(b: Brush, k: Build, pose: Pose) -> None:
    skin = b.skin
    for side in (-1, 1):
        x = 0.1 + 0.62 * side
        b.form(smooth([(x - 0.26, -0.6), (x + 0.16 * side, -1.22), (x + 0.26, -0.56)], tension=0.6),
            b.shade(skin.main, 0.1))
    b.form(egg(0.0, 0.0, 1.05, 1.05, 0.92, 0.9, 0.6), skin.main, edge=0.68, rim=0.045)
    b.form(ball(-0.16, 0.06, 0.58), skin.second, depth=0.18)
    b.form(ball(0.66, 0.04, 0.48, 0.56), skin.second, depth=0.18)
    faces.eye(b, -0.1, 0.02, 0.4, pose, skin.main, wide=0.96, iris=0.74, glow=0xE8A13C)
    faces.eye(b, 0.66, 0.0, 0.37, pose, skin.main, wide=0.82, iris=0.74, glow=0xE8A13C)
    b.form(smooth([(0.18, 0.14), (0.46, 0.12), (0.4, 0.42 - pose.mouth * 0.05), (0.34, 0.54)], tension=0.7),
        skin.accent)
    if pose.mouth > 0.1:
        b.fill(ball(0.34, 0.6, 0.09, 0.1 * pose.mouth), skin.dark)


def _penguin(b: Brush, k: Build, pose: Pose) -> None:
    skin = b.skin
    skull = egg(0.0, 0.0, 1.0, 1.0, 0.98, 1.0)
    b.form(skull, skin.main, edge=0.7, rim=0.045)
    with b.inside(skull):
        b.fill(egg(0.06, 0.14, 0.46, 0.4, 0.56, 0.9), skin.second)
        b.fill(egg(0.72, 0.12, 0.4, 0.5, 0.54, 0.9), skin.second)
        b.fill(ball(0.38, 0.92, 0.5, 0.42), skin.second)
    b.blush(-0.14, 0.5, 0.26, _BLUSH, 0.55, 0.75)
    faces.eye(b, 0.06, 0.06, 0.27, pose, skin.second, iris=0.9)
    faces.eye(b, 0.72, 0.04, 0.25, pose, skin.second, wide=0.66, iris=0.9)
    _beak(b, 0.44, 0.34, 0.62, 0.18, pose.mouth, skin.accent)
