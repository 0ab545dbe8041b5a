"""Bodywork: tin with a sharp highlight and a dark band, glass with two glints.

A body is drawn with its origin at axle height amid the axles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reelgate_integrations.generators.storyboard.rigs.motion import wave
from reelgate_integrations.generators.storyboard.rigs.shapes import ball, box, egg, lighter, mix, smooth

if TYPE_CHECKING:
    import skia

    from reelgate_integrations.generators.storyboard.rigs.base import Pose
    from reelgate_integrations.generators.storyboard.rigs.shapes import Brush

_GLASS = 0x9FD3DE
_LAMP = 0xFFF0B8
_TAIL_LAMP = 0xE0453F


def draw(b: Brush, kind: str, long: float, pose: Pose) -> None:
    """One body: ``car bus truck``."""
    {"car": _car, "bus": _bus, "truck": _truck}[kind](b, long, pose)


def _tin(b: Brush, shape: skia.Path, colour: int, band: float) -> None:
    """Painted metal: two tones, a sharp line of sky above and a dark band low down."""
    b.form(shape, colour, glow=0.22, edge=0.6, soft=0.14, depth=0.34, rim=0.018)
    r = shape.getBounds()
    with b.inside(shape):
        y = r.top() + r.height() * band
        b.fade(box(r.left(), y, r.right(), r.bottom(), 0.0), (0, y), (0, r.bottom()),
            [(b.skin.shade, 0.0), (b.skin.shade, 0.3), (b.skin.shade, 0.12)])


def _glass(b: Brush, shape: skia.Path) -> None:
    """A window: sky gradient, a darker foot, two glints."""
    r = shape.getBounds()
    b.fade(shape, (0, r.top()), (0, r.bottom()), [(lighter(_GLASS, 0.45), 1.0),
        (mix(_GLASS, b.skin.shade, 0.3), 1.0)])
    with b.inside(shape):
        w, h = r.width(), r.height()
        for x, wide in ((0.3, 0.14), (0.56, 0.06)):
            x0 = r.left() + w * x
            b.fill(smooth([(x0 + h * 0.3, r.top() - 0.02), (x0 + h * 0.3 + w * wide, r.top() - 0.02),
                (x0 - h * 0.3 + w * wide, r.bottom() + 0.02), (x0 - h * 0.3,
                r.bottom() + 0.02)], tension=0.0), 0xFFFFFF, 0.4)
    b.line(shape, b.shade(b.skin.main, 0.5), 0.014, 0.8)


def _lamps(b: Brush, front: float, back: float, y: float, r: float) -> None:
    b.blush(front + 0.04, y, r * 2.6, _LAMP, 0.26, 1.0)
    b.form(ball(front, y, r * 1.15), mix(0xD9D6D2, b.skin.shade, 0.2), glow=0.4)
    b.form(ball(front + r * 0.12, y, r * 0.85), _LAMP, depth=0.12, glow=0.5)
    b.form(egg(back, y, r * 0.5, r * 0.5, r * 0.8, r * 0.8, 0.62), _TAIL_LAMP)


def _driver(b: Brush, x: float, y: float, size: float, pose: Pose) -> None:
    """A passenger behind glass: a simple round head that nods late."""
    nod = 0.08 * wave(pose.turns(1.7), 0.4)
    coat, face = b.skin.accent, mix(0xE9B48E, b.skin.shade, 0.1)
    b.fill(egg(x - size * 0.1, y + size * 1.7, size * 1.1, size * 1.0, size * 0.9, size * 0.9),
        mix(coat, b.skin.shade, 0.25))
    with b.at(x + nod * 0.1, y, nod) as h:
        h.fill(ball(0, 0, size, size * 0.98), face)
        h.fill(egg(-size * 0.1, -size * 0.3, size * 1.0, size * 1.0, size * 0.82, size * 0.3),
            mix(b.skin.dark, 0x5A3A2A, 0.5))
        open_ = size * 0.2 * (1.0 - 0.9 * pose.blink)
        h.fill(ball(size * 0.3, size * 0.08, size * 0.13, max(open_, size * 0.03)), b.skin.dark)
        h.fill(ball(size * 0.74, size * 0.08, size * 0.11, max(open_, size * 0.03)), b.skin.dark)
        h.line(smooth([(size * 0.38, size * 0.45), (size * 0.56, size * 0.45 + size * 0.16 * pose.smile),
            (size * 0.76, size * 0.42)], closed=False), b.skin.dark, size * 0.09)


def _arch(b: Brush, x: float, r: float) -> None:
    """The dark hollow a wheel sits in."""
    b.fill(egg(x, 0.0, r, r, r, r * 0.75, 0.56), mix(b.skin.dark, b.skin.shade, 0.3))


def _car(b: Brush, long: float, pose: Pose) -> None:
    skin = b.skin
    cabin = smooth([(-0.6, -0.2), (-0.5, -0.5), (-0.28, -0.74), (0.06, -0.79), (0.3, -0.66), (0.48, -0.36),
        (0.56, -0.2)], tension=0.9)
    _tin(b, cabin, skin.main, 0.8)
    rear = smooth([(-0.49, -0.3), (-0.42, -0.5), (-0.26, -0.65), (-0.1, -0.69), (-0.1, -0.3)], tension=0.62)
    front = smooth([(-0.03, -0.3), (-0.03, -0.69), (0.1, -0.69), (0.24, -0.6), (0.4, -0.32)], tension=0.62)
    for pane in (rear, front):
        _glass(b, pane)
    with b.inside(front):
        _driver(b, 0.1, -0.43, 0.12, pose)
        r = front.getBounds()
        b.fill(smooth([(r.left() + 0.22, r.top()), (r.left() + 0.28, r.top()), (r.left() + 0.12, r.bottom()),
            (r.left() + 0.06, r.bottom())], tension=0.0), 0xFFFFFF, 0.35)
    body = smooth([(-long + 0.03, -0.12), (-long + 0.08, -0.28), (-0.62, -0.36), (-0.3, -0.34), (0.2, -0.34),
        (0.55, -0.33), (long - 0.1, -0.24), (long - 0.01, -0.1), (long, 0.06), (long - 0.08, 0.12), (0.0,
        0.13), (-long + 0.06, 0.12), (-long + 0.0, 0.04)], tension=0.9)
    _tin(b, body, skin.main, 0.58)
    with b.inside(body):
        b.line(smooth([(-long, -0.1), (-0.3, -0.14), (0.4, -0.14), (long, -0.06)], closed=False), skin.second, 0.045)
        b.line(smooth([(-0.7, -0.29), (-0.2, -0.29), (0.5, -0.27)], closed=False), 0xFFFFFF, 0.022, 0.55)
        b.line(smooth([(-0.06, -0.36), (-0.07, -0.1), (-0.03, 0.1)], closed=False), b.shade(skin.main, 0.5), 0.012,
            0.7)
        b.line(smooth([(-0.24, -0.2), (-0.15, -0.2)], closed=False), lighter(skin.second, 0.5), 0.028)
    for x in (-0.5, 0.5):
        _arch(b, x, 0.245)
    bumper = mix(0xD9D6D2, skin.shade, 0.1)
    b.form(box(long - 0.1, 0.03, long + 0.03, 0.12, 0.045), bumper, glow=0.5)
    b.form(box(-long - 0.03, 0.03, -long + 0.1, 0.12, 0.045), bumper, glow=0.5)
    _lamps(b, long - 0.09, -long + 0.07, -0.1, 0.075)


def _bus(b: Brush, long: float, pose: Pose) -> None:
    skin = b.skin
    body = smooth([(-long, -0.7), (-long + 0.1, -0.82), (0.0, -0.85), (long - 0.16, -0.82), (long - 0.03, -0.7),
        (long, -0.2), (long, 0.05), (long - 0.06, 0.1), (0.0, 0.1), (-long + 0.04, 0.1), (-long - 0.01,
        0.02)], tension=0.55)
    _tin(b, body, skin.main, 0.72)
    with b.inside(body):
        b.fill(box(-long - 0.1, -0.9, long + 0.1, -0.73, 0.0), skin.second)
        b.line(smooth([(-long, -0.2), (long, -0.2)], closed=False), skin.second, 0.05)
        b.line(smooth([(-long + 0.08, -0.79), (long - 0.2, -0.79)], closed=False), 0xFFFFFF, 0.02, 0.55)
    step = (long * 2 - 0.5) / 4
    for i in range(4):
        x = -long + 0.1 + i * step
        pane = box(x, -0.67, x + step - 0.06, -0.32, 0.05)
        _glass(b, pane)
        if i in (1, 2):
            with b.inside(pane):
                _driver(b, x + step * 0.42, -0.4 + 0.02 * i, 0.1, pose)
    wind = smooth([(long - 0.32, -0.68), (long - 0.1, -0.68), (long - 0.03, -0.5), (long - 0.02, -0.28),
        (long - 0.32, -0.28)], tension=0.3)
    _glass(b, wind)
    with b.inside(wind):
        _driver(b, long - 0.19, -0.42, 0.11, pose)
    for x in (-long * 0.6, long * 0.56):
        _arch(b, x, 0.2)
    b.form(box(long - 0.1, 0.02, long + 0.03, 0.1, 0.04), mix(0xD9D6D2, skin.shade, 0.1), glow=0.5)
    _lamps(b, long - 0.06, -long + 0.04, -0.08, 0.06)


def _truck(b: Brush, long: float, pose: Pose) -> None:
    skin = b.skin
    b.form(box(-long, -0.02, long - 0.1, 0.1, 0.03), mix(skin.dark, skin.shade, 0.4))
    crate = box(-long, -0.78, long * 0.3, 0.0, 0.06)
    _tin(b, crate, skin.second, 0.75)
    with b.inside(crate):
        for i in range(5):
            x = -long + (i + 0.7) * long * 0.24
            b.line(smooth([(x, -0.8), (x, 0.0)], closed=False), b.shade(skin.second, 0.26), 0.014, 0.7)
        b.fill(box(-long - 0.1, -0.42, long, -0.26, 0.0), skin.accent, 0.95)
    cab = smooth([(long * 0.34, -0.62), (long * 0.38, -0.7), (long * 0.66, -0.7), (long * 0.76, -0.62),
        (long * 0.86, -0.3), (long * 0.98, -0.22), (long, 0.02), (long - 0.04, 0.1), (long * 0.34, 0.1)], tension=0.6)
    _tin(b, cab, skin.main, 0.7)
    pane = smooth([(long * 0.44, -0.6), (long * 0.65, -0.6), (long * 0.71, -0.54), (long * 0.79, -0.3),
        (long * 0.44, -0.3)], tension=0.35)
    _glass(b, pane)
    with b.inside(pane):
        _driver(b, long * 0.58, -0.4, 0.11, pose)
    b.line(smooth([(long * 0.42, -0.22), (long * 0.9, -0.2)], closed=False), lighter(skin.main, 0.55), 0.02, 0.8)
    b.line(smooth([(long * 0.47, -0.14), (long * 0.54, -0.14)], closed=False), lighter(skin.second, 0.4), 0.026)
    b.form(box(long * 0.3, -0.86, long * 0.345, -0.1, 0.02), mix(0xD9D6D2, skin.shade, 0.25), glow=0.5)
    for x in (-long * 0.68, -long * 0.26, long * 0.66):
        _arch(b, x, 0.21)
    b.form(box(long - 0.12, 0.02, long + 0.03, 0.11, 0.04), mix(0xD9D6D2, skin.shade, 0.1), glow=0.5)
    _lamps(b, long - 0.06, -long + 0.04, -0.09, 0.06)
