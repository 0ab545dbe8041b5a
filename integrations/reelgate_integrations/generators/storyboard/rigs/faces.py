"""Eyes, lids, mouths and cheeks: the part of a figure that is looked at first.

A face changes before a body does: eyes are large and dark with a highlight towards the light, lids close from
above over a curved edge, and a shut eye is one calm or one happy arc.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import skia

from reelgate_integrations.generators.storyboard.rigs.shapes import ball, lighter, mix, smooth

if TYPE_CHECKING:
    from reelgate_integrations.generators.storyboard.rigs.base import Pose
    from reelgate_integrations.generators.storyboard.rigs.shapes import Brush

_SCLERA = 0xFFFBF2
_MOUTH = 0x8E3B46
_TONGUE = 0xF08A8A


def eye(
    b: Brush, x: float, y: float, r: float, pose: Pose, lid: int, *, wide: float = 0.9, iris: float = 0.86,
    glow: int = 0x7A4E36, rest: float = 0.05,
) -> None:  # fmt: skip
    """One eye of height 2 ``r`` centred on (x, y).

    ``wide`` is width over height, ``iris`` the dark part's share (a big one looks young), ``glow`` the colour
    low in the iris, ``rest`` how far the lid hangs when open, ``lid`` its colour.
    """
    rx = r * wide
    shut = rest + (1.0 - rest) * min(1.0, max(0.0, pose.blink))
    if shut > 0.8:
        _shut(b, x, y, rx, r, pose, lid)
        return
    # lids meet a little below the middle, so that a closing eye stays round and kind
    tall, low = r * (1.0 - shut), y + r * 0.3 * shut
    opening = ball(x, low, rx, tall)
    if pose.smile > 0.1:
        cheek = ball(x, low + tall * 1.3 + r * (0.66 - 0.36 * pose.smile), rx * 1.6, r * 0.6)
        opening = skia.Op(opening, cheek, skia.PathOp.kDifference_PathOp)
    b.fill(opening, _SCLERA)
    with b.inside(opening):
        lx, ly = pose.look
        ix, iy = x + lx * rx * (1.12 - iris), y + ly * r * (1.12 - iris) - r * 0.02
        ir = r * iris
        b.fill(ball(ix, iy, ir * wide, ir), b.skin.dark)
        b.blush(ix, iy + ir * 0.5, ir * 0.78, glow, 0.9, 0.62)
        side = 1.0 if b.light[0] >= 0 else -1.0
        b.fill(ball(ix + side * rx * 0.27, iy - r * 0.34, r * 0.3 * max(0.78, wide), r * 0.31), 0xFFFFFF)
        b.fill(ball(ix - side * rx * 0.32, iy + r * 0.34, r * 0.13), 0xFFFFFF, 0.85)
    ink = mix(lid, b.skin.dark, 0.75)
    arc = ((-0.8, 0.6), (-0.42, 0.93), (0.3, 0.97), (0.8, 0.6))
    b.line(smooth([(x + rx * u, low - tall * v) for u, v in arc], closed=False), ink, r * (0.12 + 0.08 * shut))


def _shut(b: Brush, x: float, y: float, rx: float, r: float, pose: Pose, lid: int) -> None:
    bow = 0.34 * r if pose.smile < 0.75 or pose.action == "sleep" else -0.42 * r
    arc = smooth([(x - rx * 0.92, y + 0.12 * r - bow * 0.5), (x, y + 0.12 * r + bow),
        (x + rx * 0.92, y + 0.12 * r - bow * 0.5)], closed=False, tension=1.4)
    b.line(arc, mix(lid, b.skin.dark, 0.85), r * 0.18)


def brow(b: Brush, x: float, y: float, width: float, tilt: float, colour: int, weight: float) -> None:
    """A brow over an eye; ``tilt`` positive lifts its front end."""
    half = width / 2
    b.line(smooth([(x - half, y + tilt), (x, y - width * 0.16), (x + half, y - tilt)], closed=False), colour, weight)


def mouth(b: Brush, x0: float, y0: float, x1: float, y1: float, pose: Pose, weight: float, *,
    drop: float = 0.35) -> None:
    """A mouth from its near corner (x0, y0) to (x1, y1); it bows with the smile and opens by ``drop`` x its width."""
    width = abs(x1 - x0)
    sag = width * (0.06 + 0.22 * pose.smile)
    mx, my = (x0 + x1) / 2, (y0 + y1) / 2
    upper = skia.Path()
    upper.moveTo(x0, y0)
    upper.quadTo(mx, my + sag * 1.6, x1, y1)
    if pose.mouth > 0.06:
        inside = skia.Path(upper)
        depth = width * drop * pose.mouth
        inside.cubicTo(x1, y1 + depth * 1.5, x0 + (x1 - x0) * 0.2, my + sag + depth * 1.9, x0, y0)
        inside.close()
        b.fill(inside, mix(_MOUTH, b.skin.dark, 0.35))
        with b.inside(inside):
            b.fill(ball(mx, my + sag + depth * 1.25, width * 0.36, depth * 0.62), _TONGUE)
    b.line(upper, b.skin.dark, weight)
    if pose.smile > 0.15:
        tick = weight * 1.3
        b.line(smooth([(x0 - tick, y0 + tick * 0.3), (x0, y0 - tick * 0.2), (x0 + tick * 0.6, y0 - tick * 0.9)],
            closed=False), b.skin.dark, weight * 0.8)


def nose(b: Brush, x: float, y: float, rx: float, ry: float) -> None:
    """A button nose with a wet glint towards the light."""
    b.form(ball(x, y, rx, ry), lighter(b.skin.dark, 0.06), glow=0.2)
    b.fill(ball(x + b.light[0] * rx * 0.35, y - ry * 0.42, rx * 0.34, ry * 0.24), 0xFFFFFF, 0.75)
