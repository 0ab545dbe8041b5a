"""Heads and tails of four-legged animals.

A head is drawn in three-quarter view in its own units: the skull is a ball of radius 1 about the origin, the
muzzle comes forward of it, the near eye sits near the middle and the far one towards the contour.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reelgate_integrations.generators.storyboard.rigs import faces
from reelgate_integrations.generators.storyboard.rigs.motion import wave
from reelgate_integrations.generators.storyboard.rigs.shapes import (
    ball,
    egg,
    lighter,
    mix,
    smooth,
    tube,
)

if TYPE_CHECKING:

    from reelgate_integrations.generators.storyboard.rigs.base import Pose
    from reelgate_integrations.generators.storyboard.rigs.shapes import Brush, Point

_BLUSH = 0xF2787C
_INNER = 0xEFA9A0

TAILS = {"short": 0.06, "bob": 0.1, "stub": 0.05, "curl": 0.12, "cat": 0.3, "brush": 0.44, "tuft": 0.36, "hair": 0.2}
"""How far each kind of tail stands out behind."""


@dataclass(frozen=True, slots=True)
class Face:
    """One animal's head, in skull radii.

    ``muzzle`` is an :func:`~.shapes.egg` (x, y, left, right, up, down, full); ``pale`` colours it with the skin's
    second colour. ``ears`` is one of ``tiny round point floppy long fan horse``; ``nose`` is ``button``,
    ``small``, ``nostrils`` or ``trunk``.
    """

    muzzle: tuple[float, float, float, float, float, float, float] = (0.55, 0.34, 0.5, 0.46, 0.36, 0.34, 0.58)
    pale: bool = False
    skull: tuple[float, float, float, float] = (0.95, 0.92, 0.92, 0.86)
    eye: float = 0.25
    eyes: tuple[Point, Point] = ((-0.02, -0.12), (0.62, -0.14))
    ears: str = "round"
    ear: float = 0.4
    nose: str = "button"
    nose_size: float = 0.2
    mane: str = ""
    ruff: bool = False
    mask: bool = False
    whiskers: bool = False
    tusks: bool = False
    patch: bool = False
    blush: float = 0.4
    iris: int = 0x7A4E36

    @property
    def reach(self) -> float:
        """How far the nose is in front of the skull's middle."""
        return self.muzzle[0] + self.muzzle[3]


def draw(b: Brush, face: Face, pose: Pose, sway: float) -> None:
    """The whole head, far ear to whiskers; ``sway`` swings what hangs or stands loose."""
    skin = b.skin
    if face.mane == "lion":
        _lion_mane(b, sway)
    _ear(b, face, pose, sway, far=True)
    skull = egg(0.0, 0.0, *face.skull, 0.57)
    b.form(skull, skin.main, edge=0.68, soft=0.2, rim=0.05)
    if face.patch:
        with b.inside(skull):
            b.fill(egg(-0.1, -0.2, 0.5, 0.4, 0.6, 0.42, tilt=-0.3), mix(skin.main, skin.accent, 0.85))
    if face.ruff:
        _ruff(b, face)
    if face.blush:
        b.blush(-0.22, 0.3, 0.36, _BLUSH, face.blush, 0.75)
    _muzzle(b, face, pose)
    for i, (x, y) in enumerate(face.eyes):
        size = face.eye * (0.94 if i else 1.0)
        lid = mix(skin.main, skin.accent, 0.8) if face.patch and not i else skin.main
        faces.eye(b, x, y, size, pose, lid, wide=0.74 if i else 0.9, glow=face.iris)
    if face.mane == "horse":
        _forelock(b, sway)
    _ear(b, face, pose, sway, far=False)


def _muzzle(b: Brush, face: Face, pose: Pose) -> None:
    skin = b.skin
    colour = skin.second if face.pale else skin.main
    x, y, left, right, up, down, _ = face.muzzle
    gape = min(1.0, max(0.0, pose.mouth))
    if face.nose == "trunk":
        _trunk(b, face, pose)
        return
    if face.nose == "nostrils":
        _snout(b, face, pose, colour)
        return
    if gape > 0.05:
        jaw = egg(x - left * 0.1, y + down * 0.35, left * 0.62, right * 0.62, down * 0.4, down * (0.72 + 0.55 * gape))
        b.form(jaw, b.shade(colour, 0.12))
        with b.inside(jaw):
            b.fill(egg(x, y + down * 0.75, left * 0.5, right * 0.5, down * 0.5, down * (0.1 + 0.5 * gape)), 0x7B2F3B)
            b.fill(ball(x + 0.02, y + down * (0.85 + 0.5 * gape), left * 0.36, down * 0.24), 0xF08A8A)
    shape = egg(*face.muzzle)
    b.form(shape, colour, edge=0.66, depth=0.26, glow=0.2)
    nx, ny = x + right * 0.62, y - up * 0.52
    weight = 0.05
    b.line(smooth([(nx, ny + 0.1), (nx - 0.02, y + down * 0.28)], closed=False), skin.dark, weight)
    corner = (x - left * 0.5, y + down * (0.42 - 0.3 * pose.smile))
    middle = (nx - 0.02, y + down * 0.28)
    b.line(smooth([corner, ((corner[0] + middle[0]) / 2, y + down * (0.44 + 0.16 * pose.smile)), middle],
        closed=False), skin.dark, weight)
    far = (x + right * 0.9, y + down * (0.24 - 0.16 * pose.smile))
    b.line(smooth([middle, ((far[0] + middle[0]) / 2, y + down * 0.42), far], closed=False), skin.dark, weight)
    size = face.nose_size
    if face.nose == "small":
        tip = smooth([(nx - size, ny - size * 0.5), (nx + size * 0.8, ny - size * 0.5),
            (nx + size * 0.05, ny + size * 0.65)], tension=0.7)
        b.fill(tip, mix(0xE08A8C, skin.dark, 0.15))
    else:
        faces.nose(b, nx, ny, size, size * 0.78)
    if face.whiskers and b.detail > 40:
        for i in range(3):
            wy = y + 0.06 + 0.09 * i
            b.line(smooth([(x - left * 0.55, wy), (x - left * 1.2, wy - 0.06 + 0.06 * i),
                (x - left * 1.75, wy - 0.08 + 0.12 * i)], closed=False), lighter(skin.second, 0.4), 0.02, 0.9)


def _snout(b: Brush, face: Face, pose: Pose, colour: int) -> None:
    """A broad snout with nostrils on top: hippo and horse."""
    skin = b.skin
    x, y, left, right, up, down, full = face.muzzle
    gape = min(1.0, max(0.0, pose.mouth))
    broad = right > 0.5
    ink = mix(skin.main, skin.dark, 0.72)
    tone = mix(colour, skin.second, 0.0 if face.pale else 0.34)
    drop = down * 0.75 * gape
    jaw = egg(x - left * 0.04, y + down * 0.3 + drop, left * 0.72, right * 0.8, down * 0.6, down * 0.86, full)
    b.form(jaw, b.shade(tone, 0.1), edge=0.6, depth=0.3)
    if gape > 0.06:
        with b.inside(jaw):
            b.fill(egg(x - left * 0.05, y + down * 0.2 + drop * 0.6, left * 0.62, right * 0.7, down * 0.8,
                down * (0.3 + 0.42 * gape), full), 0x8A3444)
            b.fill(ball(x + right * 0.05, y + down * 0.62 + drop * 0.95, left * 0.4, down * 0.36), 0xF49A9A)
            if broad:
                for tx in (-0.12, 0.46):
                    b.fill(egg(x + right * tx, y + down * 0.62 + drop * 0.96, 0.085, 0.085, 0.12, 0.12, 0.66),
                        0xFFF9EA)
    shape = egg(x, y - 0.05 * gape, left, right, up, down, full)
    b.form(shape, tone, edge=0.66, soft=0.22, depth=0.24, glow=0.24, rim=0.035)
    if broad:
        for nx, w in ((x + right * 0.26, 0.18), (x + right * 0.86, 0.15)):
            top = y - up * 0.66 - 0.05 * gape
            b.form(egg(nx, top, w * 1.2, w * 1.1, 0.16, 0.2), tone, depth=0.1, glow=0.3)
            b.fill(egg(nx + 0.02, top - 0.02, w * 0.5, w * 0.44, 0.07, 0.075, tilt=-0.3), ink)
    else:
        for nx, w in ((x + right * 0.35, 0.08), (x + right * 0.78, 0.06)):
            b.fill(egg(nx, y - up * 0.12, w, w, 0.09, 0.07, tilt=0.5), mix(colour, skin.dark, 0.75))
    curl = (left + right) * 0.16 * pose.smile
    corner = (x - left * 0.72, y + down * 0.44 - curl)
    end = (x + right * 0.78, y + down * 0.5 - curl * 0.62)
    low = y + down * (0.56 + 0.2 * pose.smile)
    points = [corner, (x - left * 0.44, low - curl * 0.22), (x + right * 0.1, low), end]
    b.line(smooth(points, closed=False), ink, 0.05)
    if pose.smile > 0.1:
        b.line(smooth([(corner[0] - 0.09, corner[1] + 0.02), (corner[0], corner[1] - 0.02),
            (corner[0] + 0.05, corner[1] - 0.1)], closed=False), ink, 0.045)


def _trunk(b: Brush, face: Face, pose: Pose) -> None:
    """A trunk that swings late after the head, and the mouth behind it."""
    skin = b.skin
    s = 0.16 * wave(pose.phase, 0.2) + 0.14 * pose.idle(2.0)
    s2 = 0.2 * wave(pose.phase, 0.38) + 0.2 * pose.idle(2.0, late=0.25)
    up = {"swim": 0.75, "fly": 0.75, "jump": 0.75, "dance": 0.75, "sleep": 0.42}.get(pose.action, 0.0)
    faces.mouth(b, 0.2, 0.5, 0.62, 0.62, pose, 0.05)
    if face.tusks:
        b.form(tube([(0.5, 0.5), (0.62, 0.74), (0.84, 0.84)], [0.14, 0.12, 0.05], 5), 0xFFF6E2)
    points = [
        (0.5, 0.08), (0.86 + 0.1 * up, 0.42 - 0.2 * up), (0.98 + s * 0.6 + 0.4 * up, 0.95 - 0.72 * up),
        (1.02 + s + 0.5 * up, 1.36 - 1.35 * up), (1.26 + s2 + 0.3 * up, 1.5 - 1.9 * up),
    ]  # fmt: skip
    shape = tube(points, [0.7, 0.56, 0.42, 0.34, 0.26], 10)
    b.form(shape, skin.main, edge=0.62, rim=0.04)
    with b.inside(shape):
        for i in range(4):
            px, py = points[2 + i // 2] if i % 2 else ((points[1 + i // 2][0] + points[2 + i // 2][0]) / 2,
                (points[1 + i // 2][1] + points[2 + i // 2][1]) / 2)
            b.line(smooth([(px - 0.24, py + 0.02), (px, py + 0.06), (px + 0.2, py)], closed=False),
                b.shade(skin.main, 0.35), 0.03, 0.6)


def _ear(b: Brush, face: Face, pose: Pose, sway: float, *, far: bool) -> None:
    skin = b.skin
    e = face.ear
    colour = b.shade(skin.main, 0.25) if far else skin.main
    inner = mix(_INNER, skin.main, 0.25 if not far else 0.45)
    twitch = 0.16 * max(0.0, wave(pose.turns(0.37), 0.2 if far else 0.6)) ** 12
    turn = sway * (0.8 if far else 1.0) + twitch
    x, y = (0.48, -0.76) if far else (-0.5, -0.72)
    kind = face.ears
    if kind == "fan":
        x, y = (0.55, -0.5) if far else (-0.5, -0.42)
        with b.at(x, y, turn * 0.7 + (0.1 if far else -0.05), -1.0 if not far else 0.6, 1.0) as ear:
            shape = smooth([(-0.1, -0.15), (0.35, -0.5), (0.95, -0.4), (1.15, 0.15), (0.85, 0.75), (0.45, 0.95),
                (0.15, 0.55)])
            ear.form(shape, colour, rim=0.04)
            ear.fill(smooth([(0.1, -0.05), (0.4, -0.3), (0.85, -0.22), (0.95, 0.15), (0.72, 0.58), (0.45, 0.68),
                (0.2, 0.35)]), inner, 0.8)
        return
    if kind == "floppy":
        x, y = (0.62, -0.62) if far else (-0.62, -0.6)
        with b.at(x, y, (-turn if far else turn) * 1.3 + (-0.42 if far else 0.3)) as ear:
            ear.form(egg(0, e * 0.95, e * 0.52, e * 0.62, e * 1.1, e * 1.1, 0.6), mix(colour, skin.accent, 0.75),
                rim=0.04)
        return
    lean = {"tiny": (-0.5, 0.35), "round": (-0.42, 0.34), "point": (-0.3, 0.24), "long": (-0.16, 0.2),
        "horse": (-0.2, 0.15)}[kind]
    if kind in ("tiny", "round"):
        x, y = (0.5, -0.78) if far else (-0.56, -0.72)
    # long ears lie back when their owner sleeps or hurries
    back = {"sleep": 0.95, "run": 0.55, "jump": 0.4}.get(pose.action, 0.0) if kind == "long" else 0.0
    with b.at(x, y, lean[1 if far else 0] + (turn if far else -turn) - back) as ear:
        w = 0.85 if far else 1.0
        if kind in ("tiny", "round"):
            ear.form(egg(0, -e * 0.4, e * 0.62 * w, e * 0.62 * w, e * 0.66, e * 0.8), colour, rim=0.03)
            ear.fill(egg(0.02, -e * 0.34, e * 0.36 * w, e * 0.36 * w, e * 0.4, e * 0.55), inner)
        elif kind in ("point", "horse"):
            tall = e * (1.7 if kind == "point" else 1.5)
            half = e * (0.72 if kind == "point" else 0.42) * w
            outline = smooth([(-half, 0.28), (-half * 0.75, -tall * 0.45), (half * 0.08, -tall),
                (half * 0.85, -tall * 0.4), (half, 0.28)], tension=0.75)
            ear.form(outline, colour, rim=0.03)
            ear.fill(smooth([(-half * 0.5, 0.05), (-half * 0.42, -tall * 0.4), (half * 0.06, -tall * 0.76),
                (half * 0.5, -tall * 0.36), (half * 0.55, 0.05)], tension=0.75), inner)
            if face.mask:
                ear.fill(smooth([(-half * 0.46, -tall * 0.66), (half * 0.08, -tall * 1.01),
                    (half * 0.52, -tall * 0.66)], tension=0.5), skin.dark, 0.9)
        else:
            bend = sway * 2.2
            points = [(0.0, 0.1), (-0.05 - bend * 0.1, -e * 1.1), (-0.12 - bend * 0.5, -e * 2.1)]
            ear.form(tube(points, [e * 0.62, e * 0.86 * w, e * 0.5], 8), colour, rim=0.03)
            ear.fill(tube([(0.0, -0.1), points[1], (points[2][0], -e * 1.95)], [e * 0.26, e * 0.44 * w, e * 0.2], 8),
                inner)


def _ruff(b: Brush, face: Face) -> None:
    """Pale cheeks that end in tufts."""
    shape = smooth([(0.15, 0.02), (-0.28, 0.12), (-0.72, 0.2), (-1.12, 0.42), (-0.84, 0.5), (-0.98, 0.78),
        (-0.6, 0.76), (-0.42, 0.98), (-0.05, 0.86), (0.5, 0.8), (0.7, 0.4)], tension=0.7)
    b.form(shape, b.skin.second, depth=0.24, edge=0.66)


def _lion_mane(b: Brush, sway: float) -> None:
    """Two wreaths of locks; the outer follows the head late."""
    skin = b.skin
    for ring, (radius, count, colour) in enumerate(((1.46, 13, b.shade(skin.accent, 0.26)), (1.22, 11, skin.accent))):
        points: list[Point] = []
        for i in range(count * 2):
            a = math.tau * (i + 0.5 * ring) / (count * 2) - sway * (0.5 - 0.3 * ring)
            r = radius * (1.04 if i % 2 else 0.9) + (0.05 * math.sin(a) if ring == 0 else 0.0)
            points.append((-0.1 + r * math.cos(a) * 0.92, 0.02 + r * math.sin(a)))
        b.form(smooth(points, tension=1.25), colour, edge=0.66, rim=0.04)


def _forelock(b: Brush, sway: float) -> None:
    skin = b.skin
    b.form(smooth([(-0.35, -0.98), (0.1, -1.1), (0.42, -0.86), (0.5 + sway, -0.42), (0.28 + sway, -0.5),
        (0.2 + sway, -0.36), (0.02, -0.62)], tension=0.8), skin.accent)


def tail(b: Brush, kind: str, x: float, y: float, wag: float, late: float, *, drooped: bool) -> None:
    """A tail rooted at (x, y) of the torso; the tip follows the root late."""
    skin = b.skin
    w, w2 = 0.06 * wag, 0.1 * late
    sink = 0.09 if drooped else 0.0
    if kind == "short":
        b.form(tube([(x + 0.06, y), (x - 0.06, y + 0.02 + w * 0.4), (x - 0.1, y + 0.1 + w2 * 0.5)],
            [0.07, 0.055, 0.045]), b.shade(skin.main, 0.12))
    elif kind == "bob":
        points = [(x - 0.03 + 0.13 * math.cos(a) * (1 if i % 2 else 0.86),
            y + w * 0.3 + 0.13 * math.sin(a) * (1 if i % 2 else 0.86)) for i, a in ((i,
            math.tau * i / 16) for i in range(16))]
        b.form(smooth(points), skin.second)
    elif kind == "stub":
        b.form(ball(x + 0.01, y + w * 0.2, 0.08, 0.075), skin.main)
    elif kind == "curl":
        b.form(tube([(x + 0.08, y + 0.02), (x - 0.08, y - 0.06 + sink), (x - 0.11 + w, y - 0.22 + sink),
            (x - 0.01 + w2, y - 0.33 + sink * 1.5)], [0.13, 0.12, 0.1, 0.07], 8), skin.main, rim=0.012)
    elif kind == "cat":
        b.form(tube([(x + 0.08, y + 0.05), (x - 0.12, y + 0.02 + w * 0.4), (x - 0.22 + w * 0.3, y - 0.2 + sink * 1.8),
            (x - 0.16 + w2, y - 0.42 + sink * 3.2), (x - 0.24 + w2 * 1.4,
            y - 0.55 + sink * 4.4)], [0.1, 0.1, 0.095, 0.09, 0.075], 12), skin.main, rim=0.012)
    elif kind == "brush":
        points = [(x + 0.08, y + 0.06), (x - 0.14, y + 0.07 + w * 0.4), (x - 0.3, y - 0.06 + w + sink),
            (x - 0.42 + w2 * 0.4, y - 0.3 + w2 + sink * 2.4)]
        shape = tube(points, [0.12, 0.24, 0.29, 0.08], 8)
        b.form(shape, skin.main, rim=0.012)
        with b.inside(shape):
            tx, ty = points[-1]
            with b.at(tx, ty, 0.5 - (0.6 if drooped else 0.0)) as t:
                zig = smooth([(0.22, 0.16), (0.1, 0.11), (0.06, 0.2), (-0.02, 0.12), (-0.09, 0.2), (-0.14, 0.11),
                    (-0.3, 0.14), (-0.2, -0.2), (0.2, -0.2)], tension=0.6)
                t.form(zig, skin.second, depth=0.2)
    elif kind == "tuft":
        end = (x - 0.34 + w2, y + 0.12 + w2 * 0.6 + sink)
        b.form(tube([(x + 0.06, y), (x - 0.16, y + 0.02 + w * 0.5), (x - 0.26, y + 0.16 + w), end],
            [0.07, 0.05, 0.045, 0.04], 8), b.shade(skin.main, 0.1))
        b.form(smooth([(end[0] + 0.05, end[1] + 0.03), (end[0] + 0.03, end[1] - 0.07), (end[0] - 0.13, end[1] - 0.04),
            (end[0] - 0.09, end[1] + 0.07)]), skin.accent)
    elif kind == "hair":
        b.form(smooth([(x + 0.08, y - 0.06), (x - 0.08, y - 0.08), (x - 0.22 + w, y + 0.1), (x - 0.24 + w2, y + 0.42),
            (x - 0.14 + w2, y + 0.34), (x - 0.1 + w2 * 0.8, y + 0.44), (x - 0.04 + w,
            y + 0.16)], tension=0.9), skin.accent)
