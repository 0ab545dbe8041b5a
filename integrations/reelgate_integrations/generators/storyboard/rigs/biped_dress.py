"""What two-legged figures wear: each costume draws trunk, limbs and head on the same skeleton.

Trunk space has the hips at the origin and the neck at (0, -trunk); head space is in head radii about the
head's middle.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reelgate_integrations.generators.storyboard.rigs import faces
from reelgate_integrations.generators.storyboard.rigs.motion import wave
from reelgate_integrations.generators.storyboard.rigs.shapes import ball, box, egg, lighter, mix, smooth, tube

if TYPE_CHECKING:
    from collections.abc import Sequence

    import skia

    from reelgate_integrations.generators.storyboard.rigs.base import Pose
    from reelgate_integrations.generators.storyboard.rigs.shapes import Brush, Point

_BLUSH = 0xF2787C
_TROUSERS = 0x4C5B83


@dataclass(frozen=True, slots=True)
class Build:
    """Proportions in any unit: ``leg`` ground to hip, ``trunk`` hip to neck, ``head`` the radius of the head."""

    costume: str = "child"
    leg: float = 0.3
    trunk: float = 0.3
    head: float = 0.26
    leg_width: float = 0.13
    arm: float = 0.26
    arm_width: float = 0.1
    hair: int = 0
    speed: float = 1.0
    swims: bool = True


def leg(b: Brush, k: Build, shape: skia.Path, knee: Point, ankle: Point, *, far: bool) -> None:
    """One leg along the given limb."""
    colour = {"child": mix(_TROUSERS, b.skin.shade, 0.15), "robot": mix(b.skin.main, b.skin.dark,
        0.45)}.get(k.costume, b.skin.main)
    if k.costume == "knight":
        colour = b.skin.second
    if far:
        colour = b.shade(colour, 0.42)
    b.form(shape, colour, edge=0.6)
    if k.costume in ("robot", "knight"):
        w = k.leg_width
        b.form(ball(knee[0], knee[1], w * 0.62), lighter(colour, 0.15))
    if k.costume == "astronaut":
        mid = ((knee[0] * 0.35 + ankle[0] * 0.65), (knee[1] * 0.35 + ankle[1] * 0.65))
        b.line(smooth([(mid[0] - k.leg_width * 0.5, mid[1]), (mid[0], mid[1] + 0.012),
            (mid[0] + k.leg_width * 0.5, mid[1])], closed=False), b.skin.accent, 0.022)


def shoe(b: Brush, k: Build, *, far: bool) -> None:
    """A foot about its ankle."""
    w = k.leg_width
    colour = b.skin.accent if k.costume == "child" else b.skin.second if k.costume == "knight" else mix(b.skin.main,
        b.skin.dark, 0.3)
    if k.costume == "astronaut":
        colour = mix(b.skin.main, b.skin.shade, 0.18)
    if far:
        colour = b.shade(colour, 0.4)
    b.form(egg(w * 0.14, w * 0.02, w * 0.62, w * 0.86, w * 0.5, w * 0.28, 0.64), colour, edge=0.62, glow=0.2)
    b.line(smooth([(-w * 0.44, w * 0.26), (w * 0.9, w * 0.26)], closed=False), b.shade(colour, 0.6), w * 0.09)


def arm(b: Brush, k: Build, points: Sequence[Point], *, far: bool) -> None:
    """One arm, hand last."""
    w = k.arm_width
    sleeve = b.skin.second if k.costume == "knight" else b.skin.main
    hand = b.skin.second if k.costume == "child" else b.skin.accent if k.costume == "astronaut" else mix(b.skin.main,
        b.skin.dark, 0.35)
    if k.costume == "knight":
        hand = mix(b.skin.second, b.skin.dark, 0.3)
    if k.costume == "robot":
        sleeve = mix(b.skin.main, b.skin.dark, 0.35)
    if far:
        sleeve, hand = b.shade(sleeve, 0.42), b.shade(hand, 0.34)
    b.form(ball(points[-1][0], points[-1][1], w * 0.58), hand, edge=0.6)
    wrist = (points[1][0] * 0.16 + points[2][0] * 0.84, points[1][1] * 0.16 + points[2][1] * 0.84)
    b.form(tube([points[0], points[1], wrist], [w * 1.15, w * 1.1, w * 1.12]), sleeve, edge=0.6,
        rim=0.0 if far else 0.01)
    if k.costume in ("robot", "knight"):
        b.form(ball(points[0][0], points[0][1], w * 0.82), b.skin.main if not far else b.shade(b.skin.main, 0.4),
            glow=0.35)


def behind(b: Brush, k: Build, pose: Pose) -> None:
    """What hangs on the back: a pack, a cape."""
    if k.costume == "astronaut":
        b.form(box(-k.trunk * 0.95, -k.trunk * 1.0, -0.02, -k.trunk * 0.02, 0.07),
            mix(b.skin.main, b.skin.shade, 0.28), rim=0.012)
    elif k.costume == "knight":
        blow = {"run": 0.3, "walk": 0.14, "jump": 0.2}.get(pose.action, 0.04) + 0.03 * wave(pose.phase * 2,
            0.3) + 0.02 * pose.idle(4.0)
        lag = 0.05 * wave(pose.phase * 2, 0.55)
        low = k.leg * 0.62
        b.form(smooth([(0.06, -k.trunk * 0.98), (-0.12, -k.trunk * 0.96), (-0.2 - blow * 0.5, -k.trunk * 0.3),
            (-0.22 - blow + lag, low - blow * 0.5), (-0.06 - blow * 0.7, low + lag), (0.08 - blow * 0.3,
            low * 0.9)], tension=0.8), b.skin.accent, rim=0.014)


def trunk(b: Brush, k: Build, pose: Pose) -> None:
    """The body from hips to neck."""
    skin, h = b.skin, k.trunk
    if k.costume == "child":
        flare = 0.025 * wave(pose.phase * 2, 0.4)
        coat = smooth([(-0.08, -h * 1.02), (-0.145, -h * 0.72), (-0.19 - flare, h * 0.04), (-0.11, h * 0.15),
            (0.06, h * 0.16), (0.19 + flare, h * 0.04), (0.145, -h * 0.66), (0.09, -h * 1.02)], tension=0.9)
        b.form(coat, skin.main, edge=0.62, rim=0.014)
        with b.inside(coat):
            b.line(smooth([(0.09, -h * 1.1), (0.1, -h * 0.4), (0.085, h * 0.3)], closed=False),
                b.shade(skin.main, 0.5), 0.012, 0.7)
            b.line(smooth([(-0.2, h * 0.02), (0.0, h * 0.13), (0.2, h * 0.02)], closed=False),
                lighter(skin.main, 0.35), 0.02, 0.8)
        for i in range(3):
            b.fill(ball(0.052 + 0.006 * i, -h * (0.66 - 0.3 * i), 0.014), lighter(skin.main, 0.7))
        scarf = mix(skin.accent, skin.main, 0.08)
        tip = 0.05 * wave(pose.phase * 2, 0.5) + 0.02 * pose.idle(5.0)
        back = {"run": 0.16, "walk": 0.07}.get(pose.action, 0.0)
        b.form(tube([(-0.06, -h * 0.95), (-0.15 - back, -h * (0.75 + back) + tip * 0.5),
            (-0.2 - back * 1.6, -h * (0.42 + back * 1.6) + tip)], [0.08, 0.09, 0.1]), b.shade(scarf, 0.12))
        b.form(egg(0.0, -h * 0.96, 0.125, 0.135, 0.05, 0.055, 0.62), scarf)
    elif k.costume == "robot":
        body = box(-0.2, -h * 1.02, 0.2, h * 0.1, 0.09)
        _metal(b, body, skin.main)
        b.form(box(-0.04, -h * 0.76, 0.15, -h * 0.26, 0.03), mix(skin.main, skin.dark, 0.55), glow=0.0)
        on = 0.5 + 0.5 * wave(pose.turns(0.8))
        b.fill(ball(0.0, -h * 0.6, 0.022), mix(skin.accent, 0xFFFFFF, 0.4 * on))
        b.fill(ball(0.055, -h * 0.6, 0.022), mix(skin.second, skin.dark, 0.5 * on))
        needle = 0.9 * wave(pose.phase, 0.1)
        b.line(smooth([(0.1, -h * 0.34), (0.1 + 0.04 * math.sin(needle), -h * 0.34 - 0.045 * math.cos(needle))],
            closed=False), skin.second, 0.01)
    elif k.costume == "astronaut":
        body = egg(0.0, -h * 0.46, 0.2, 0.19, h * 0.58, h * 0.6, 0.66)
        b.form(body, skin.main, edge=0.6, rim=0.014)
        b.form(box(0.0, -h * 0.66, 0.15, -h * 0.34, 0.025), mix(skin.main, skin.shade, 0.22))
        b.fill(ball(0.04, -h * 0.5, 0.018), skin.accent)
        b.fill(ball(0.095, -h * 0.5, 0.018), 0x57B8C9)
        with b.inside(body):
            b.line(smooth([(-0.24, h * 0.0), (0.0, h * 0.07), (0.24, h * 0.0)], closed=False), skin.accent, 0.028)
    else:
        body = smooth([(-0.11, -h * 1.0), (-0.19, -h * 0.62), (-0.15, h * 0.1), (0.0, h * 0.2), (0.16, h * 0.1),
            (0.19, -h * 0.62), (0.12, -h * 1.0)], tension=0.95)
        _metal(b, body, skin.main)
        skirt = smooth([(-0.16, -h * 0.14), (-0.2, h * 0.3), (0.0, h * 0.36), (0.2, h * 0.3), (0.16, -h * 0.14)],
            tension=0.5)
        b.form(skirt, skin.accent)
        b.line(smooth([(-0.16, -h * 0.12), (0.0, -h * 0.06), (0.17, -h * 0.12)], closed=False),
            mix(skin.dark, 0x7A5230, 0.6), 0.04)
        b.fill(ball(0.09, -h * 0.09, 0.026), 0xF2C14E)


def head(b: Brush, k: Build, pose: Pose, sway: float) -> None:
    """The head in its own radii."""
    {"child": _child, "robot": _robot, "astronaut": _astronaut, "knight": _knight}[k.costume](b, k, pose, sway)


def _face(b: Brush, pose: Pose, *, lid: int, y: float = 0.1, size: float = 0.25, brows: int | None = None) -> None:
    b.blush(-0.24, y + 0.34, 0.24, _BLUSH, 0.55, 0.75)
    b.blush(0.76, y + 0.32, 0.16, _BLUSH, 0.45, 0.9)
    for i, x in enumerate((0.02, 0.66)):
        faces.eye(b, x, y, size * (0.95 if i else 1.0), pose, lid, wide=0.7 if i else 0.84, iris=0.9)
        if brows is not None:
            faces.brow(b, x, y - size * 1.65, size * 1.3, -0.02 if i else 0.02, brows, 0.06)
    b.fill(ball(0.42, y + 0.2, 0.09, 0.06), mix(lid, _BLUSH, 0.42))
    faces.mouth(b, 0.2, y + 0.42, 0.56, y + 0.42, pose, 0.05, drop=0.7)


def _child(b: Brush, k: Build, pose: Pose, sway: float) -> None:
    skin = b.skin
    hair = skin.dark if k.hair != 2 else mix(skin.dark, 0xC77B3B, 0.7)
    if k.hair == 1:
        b.form(smooth([(-0.6, -0.5), (-1.02, -0.1), (-1.05 + sway * 0.7, 0.62), (-0.72 + sway, 0.86), (-0.4, 0.6),
            (0.2, 0.3)]), b.shade(hair, 0.15))
    elif k.hair == 2:
        b.form(ball(-0.86 + sway * 0.3, -0.52 + abs(sway) * 0.2, 0.4), hair)
    else:
        b.form(egg(-0.16, -0.06, 0.94, 0.8, 0.98, 0.72), b.shade(hair, 0.1))
    face = egg(0.06, 0.06, 0.86, 0.86, 0.88, 0.78, 0.58)
    b.form(face, skin.second, edge=0.7, depth=0.24, rim=0.035)
    _face(b, pose, lid=skin.second, brows=hair)
    b.form(ball(-0.52, 0.22, 0.15, 0.19), mix(skin.second, _BLUSH, 0.12), depth=0.2)
    cap = [(-0.62, 0.22), (-0.92, 0.0), (-0.9, -0.55), (-0.4, -1.0), (0.25, -1.04), (0.78, -0.72), (0.94, -0.16),
        (0.72, -0.42), (0.36, -0.56), (0.12, -0.36), (-0.16, -0.52), (-0.36, -0.28), (-0.56, -0.3)]
    b.form(smooth(cap, tension=0.8), hair, glow=0.22, rim=0.035)
    if k.hair != 1:
        tuft = smooth([(-0.2, -0.96), (-0.3 + sway, -1.24), (-0.06 + sway, -1.14), (0.02 + sway * 1.2, -1.3),
            (0.14, -0.98)], tension=0.8)
        b.fill(tuft, hair)
    else:
        b.fill(ball(-0.72, -0.42, 0.14, 0.16), skin.accent)


def _metal(b: Brush, shape: skia.Path, colour: int) -> None:
    """A sharp highlight and a dark band over a rounded plate."""
    b.form(shape, colour, glow=0.25, edge=0.56, soft=0.1, depth=0.42, rim=0.02)
    r = shape.getBounds()
    side = 1.0 if b.light[0] >= 0 else -1.0
    x = r.centerX() + side * r.width() * 0.27
    with b.inside(shape):
        b.fill(egg(x, r.top() + r.height() * 0.3, r.width() * 0.05, r.width() * 0.05, r.height() * 0.2,
            r.height() * 0.22), 0xFFFFFF, 0.7)
        b.fade(shape, (0, r.top() + r.height() * 0.62), (0, r.top() + r.height() * 0.95),
            [(b.skin.dark, 0.0), (b.skin.dark, 0.22), (b.skin.dark, 0.0)])


def _robot(b: Brush, k: Build, pose: Pose, sway: float) -> None:
    skin = b.skin
    b.line(smooth([(0.0, -0.8), (0.02 + sway * 0.4, -1.05), (0.0 + sway * 1.2, -1.26)], closed=False),
        mix(skin.main, skin.dark, 0.5), 0.07)
    b.blush(sway * 1.2, -1.32, 0.34, skin.accent, 0.4, 1.0)
    b.form(ball(sway * 1.2, -1.32, 0.15), skin.accent, glow=0.5)
    b.form(box(-1.02, -0.24, -0.7, 0.3, 0.1), mix(skin.main, skin.dark, 0.35))
    _metal(b, box(-0.9, -0.86, 0.92, 0.78, 0.42), skin.main)
    glass = box(-0.42, -0.5, 0.84, 0.5, 0.3)
    b.fill(glass, mix(skin.dark, 0x1B3B4B, 0.5))
    open_ = max(0.08, 1.0 - pose.blink)
    with b.inside(glass):
        glow = skin.second
        for x, w in ((-0.02 + pose.look[0] * 0.08, 0.17), (0.52 + pose.look[0] * 0.08, 0.15)):
            y = -0.08 + pose.look[1] * 0.08
            b.blush(x, y, w * 2.2, glow, 0.35, 1.0)
            b.fill(egg(x, y, w, w, 0.2 * open_ + 0.02, 0.2 * open_ + 0.02, 0.62), glow)
            if open_ > 0.5:
                b.fill(ball(x + w * 0.3, y - 0.08, 0.045), 0xFFFFFF)
        sag = 0.04 + 0.12 * pose.smile
        b.line(smooth([(0.08, 0.27), (0.26, 0.27 + sag), (0.44, 0.27)], closed=False), glow, 0.06 + 0.1 * pose.mouth)
        b.fill(smooth([(-0.5, -0.4), (-0.1, -0.6), (-0.4, 0.1)], tension=0.2), 0xFFFFFF, 0.12)


def _astronaut(b: Brush, k: Build, pose: Pose, sway: float) -> None:
    skin = b.skin
    b.form(ball(0.0, 0.0, 1.0, 0.98), skin.main, rim=0.04)
    b.form(egg(0.0, 0.88, 0.6, 0.62, 0.14, 0.16, 0.62), skin.accent)
    b.form(ball(-0.82, 0.1, 0.2, 0.28), skin.accent)
    visor = egg(0.2, 0.02, 0.72, 0.7, 0.66, 0.62, 0.64)
    b.fill(egg(0.2, 0.02, 0.79, 0.77, 0.73, 0.69, 0.64), mix(skin.main, skin.shade, 0.45))
    b.fade(visor, (0, -0.7), (0, 0.7), [(0x27406B, 1.0), (0x4A75A8, 1.0)])
    with b.inside(visor), b.at(0.2, 0.12, 0.0, 0.72, 0.72) as f:
        f.form(egg(0.06, 0.06, 0.78, 0.8, 0.84, 0.8), skin.second, depth=0.22)
        f.fill(smooth([(-0.8, 0.0), (-0.7, -0.9), (0.2, -1.1), (0.95, -0.7), (0.9, -0.1), (0.6, -0.5), (0.0, -0.55),
            (-0.5, -0.35)]), skin.dark)
        _face(f, pose, lid=skin.second, y=0.08, size=0.22)
    with b.inside(visor):
        b.fill(smooth([(-0.5, -0.1), (-0.2, -0.52), (0.16, -0.62), (-0.08, -0.3), (-0.3, 0.16)], tension=0.8),
            0xFFFFFF, 0.35)
        b.fill(ball(0.66, 0.34, 0.07, 0.12, 0.6), 0xFFFFFF, 0.4)


def _knight(b: Brush, k: Build, pose: Pose, sway: float) -> None:
    skin = b.skin
    plume = [(-0.1, -0.9), (-0.1, -1.24), (-0.55, -1.28), (-1.05 + sway * 0.4, -0.86), (-1.2 + sway, -0.3),
        (-0.9 + sway * 0.6, -0.42), (-0.72, -0.72)]
    b.form(smooth(plume), skin.accent, rim=0.04)
    _metal(b, egg(0.0, 0.0, 0.92, 0.92, 0.96, 0.88, 0.6), skin.main)
    gap = egg(0.26, 0.04, 0.68, 0.62, 0.3, 0.3, 0.62)
    b.fill(gap, mix(skin.dark, 0x3A2A3A, 0.4))
    with b.inside(gap):
        for i, x in enumerate((0.06, 0.64)):
            faces.eye(b, x, 0.05, 0.22, pose, mix(skin.dark, 0x3A2A3A, 0.4), wide=0.72 if i else 0.86, iris=0.72)
    lift = -0.12 * max(0.0, pose.smile)
    b.form(smooth([(-0.5, -0.2), (-0.3, -0.42 + lift), (0.3, -0.5 + lift), (0.95, -0.3 + lift), (0.96, -0.14),
        (0.3, -0.26), (-0.3, -0.2)], tension=0.8), lighter(skin.main, 0.2))
    for i in range(3):
        b.line(smooth([(0.26 + 0.17 * i, 0.5), (0.27 + 0.16 * i, 0.72)], closed=False),
            mix(skin.main, skin.dark, 0.6), 0.05)
