"""What stands between the subject and the lens: near plants, things on the ground, hanging boughs."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING

import skia

from . import plants
from .brush import paint, stroke
from .colour import mix, shift

if TYPE_CHECKING:
    from collections.abc import Callable

    from .layers import Band, Layer, Painter, Set


def near_tone(stage: Set, colour: int, share: float = 0.38) -> int:
    """A colour as it looks in the shade close to us: deeper, and a little towards the scene's shadow."""
    return mix(shift(colour, -0.05), stage.palette.shade, share)


def rank(
    stage: Set,
    *painters: tuple[float, float, Painter],
    depth: float = 1.2,
    low: float = 0.62,
    bed: Callable[[Band], None] | None = None,
) -> Layer:
    """Things on the ground nearer to us than the subject: (how many a frame width, size in hundredths, painter).

    They stand about ``low`` of the way from the subject's feet down to the frame's edge, so they never hide feet.
    ``bed`` paints what they stand on.
    """
    lay, rng = stage.layout, stage.rng
    span = lay.height - lay.ground
    most = max(size for _, size, _ in painters) * lay.u
    band = stage.band(lay.ground + span * 0.06 - most * 0.2, lay.height + 8, depth=depth)
    if bed is not None:
        bed(band)
    spots = []
    for count, size, painter in painters:
        n = max(1, round(count * band.period / lay.width))
        for i in range(n):
            y = lay.ground + span * (low + rng.uniform(-0.20, 0.24))
            spots.append((y, (i + rng.uniform(-0.4, 0.4)) * band.period / n, size, painter))
    for y, x, size, painter in sorted(spots, key=lambda spot: spot[0]):
        room = (y - lay.ground) * 0.92
        s = min(size * lay.u * rng.uniform(0.75, 1.15), max(lay.u * 1.5, room))
        with band.at(x, y, s * 2.2) as canvas:
            painter(canvas, s)
    return band.layer(depth, grain=rng.randrange(4))


def bough(stage: Set, *, count: float = 1.0, colour: int | None = None, long: float = 1.0) -> Layer:
    """Leafy twigs hanging in from the top, dark and out of focus."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    tone = pal.fore if colour is None else colour
    high = lay.height * (0.21 if lay.tall else 0.25)
    band = stage.band(-8, high, depth=1.35)
    n = max(1, round(count * band.period / lay.width))
    for i in range(n):
        x = (i + rng.uniform(0.15, 0.85)) * band.period / n
        reach = lay.u * 24 * long
        with band.at(x, -lay.u * 2, reach * 1.6) as canvas:
            for _ in range(8):
                _twig(stage, canvas, reach * rng.uniform(0.55, 1.0), high, tone)
    return band.layer(1.35, grain=None)


def _twig(stage: Set, canvas: skia.Canvas, reach: float, high: float, tone: int) -> None:
    rng, u = stage.rng, stage.layout.u
    side = rng.choice((-1, 1))
    ex, ey = side * reach, high * rng.uniform(0.25, 0.72)
    bend = skia.Path()
    bend.moveTo(0, -u * 4)
    bend.quadTo(ex * 0.5, -u * 1.0, ex, ey)
    line = stroke(tone, u * 0.55)
    line.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, u * 0.25))
    canvas.drawPath(bend, line)
    for k in range(3, 12):
        s = k / 11
        x = 2 * (1 - s) * s * ex * 0.5 + s * s * ex
        y = (1 - s) ** 2 * -u * 4 + 2 * (1 - s) * s * -u + s * s * ey
        for turn in (-1, 1):
            canvas.save()
            canvas.translate(x, y)
            canvas.rotate(90 + turn * rng.uniform(28, 70) + side * -18)
            size = u * rng.uniform(1.7, 2.9)
            canvas.drawOval(
                skia.Rect(0, -size * 0.40, size * 2.1, size * 0.40),
                paint(shift(tone, rng.choice((0.0, 0.0, 0.035))), blur=u * 0.28),
            )
            canvas.restore()


def flowers(stage: Set) -> Painter:
    """A clump of tall flowers among grass, near to us."""
    pal, rng = stage.palette, stage.rng
    blade = near_tone(stage, mix(pal.ground2, pal.leaf, 0.4), 0.24)

    def clump(canvas: skia.Canvas, size: float) -> None:
        petal = near_tone(stage, rng.choice((pal.accent, pal.accent2, pal.accent)), 0.10)
        plants.tuft(stage, canvas, size * 0.72, blade, 9, spread=0.8)
        for _ in range(rng.randint(2, 4)):
            canvas.save()
            canvas.translate(rng.uniform(-0.42, 0.42) * size, 0)
            plants.flower(stage, canvas, size * rng.uniform(0.62, 1.0), petal, shift(blade, -0.03))
            canvas.restore()

    return clump


def grass(stage: Set, colour: int, *, blades: int = 10, share: float = 0.30) -> Painter:
    """A large tuft of grass, near to us."""
    tone = near_tone(stage, colour, share)
    return lambda canvas, size: plants.tuft(stage, canvas, size, tone, blades, spread=0.75)


def stones(stage: Set, colour: int, share: float = 0.25) -> Painter:
    """Two or three stones together."""
    tone = near_tone(stage, colour, share)

    def heap(canvas: skia.Canvas, size: float) -> None:
        for dx, part in ((-0.5, 0.6), (0.55, 0.45), (0.0, 0.95)):
            canvas.save()
            canvas.translate(dx * size, 0)
            plants.rock(stage, canvas, size * part * 1.2, tone)
            canvas.restore()

    return heap


def agave(stage: Set, colour: int) -> Painter:
    """A rosette of thick pointed leaves."""
    tone = near_tone(stage, colour, 0.22)

    def plant(canvas: skia.Canvas, size: float) -> None:
        for k, turn in enumerate((0.12, 0.88, 0.25, 0.75, 0.38, 0.62, 0.5)):
            a = -pi * turn
            length = size * (0.78 + 0.2 * sin(pi * turn))
            ex, ey = cos(a) * length, sin(a) * length
            px, py = -sin(a) * size * 0.10, cos(a) * size * 0.10
            leaf = skia.Path()
            leaf.moveTo(px * 0.5, 2)
            leaf.quadTo(ex * 0.5 + px * 1.3, ey * 0.55 + py * 1.3, ex, ey)
            leaf.quadTo(ex * 0.5 - px * 1.3, ey * 0.55 - py * 1.3, -px * 0.5, 2)
            leaf.close()
            canvas.drawPath(leaf, paint(shift(tone, 0.022 * (k - 3))))

    return plant


def starfish(stage: Set) -> Painter:
    """A starfish or a fan shell on the sand."""
    pal, rng = stage.palette, stage.rng

    def thing(canvas: skia.Canvas, s: float) -> None:
        tone = near_tone(stage, rng.choice((pal.accent, pal.accent2, pal.lit(0xFFE3D2))), 0.10)
        canvas.drawOval(skia.Rect(-s * 0.75, -s * 0.02, s * 0.75, s * 0.30), paint(pal.shade, 0.18, blur=s * 0.08))
        canvas.save()
        canvas.rotate(rng.uniform(-25, 25))
        if rng.random() < 0.5:
            star = skia.Path()
            for i in range(10):
                r = s * (0.72 if i % 2 == 0 else 0.30)
                x, y = cos(pi * i / 5 - pi / 2) * r, sin(pi * i / 5 - pi / 2) * r * 0.62
                if i == 0:
                    star.moveTo(x, y)
                else:
                    star.lineTo(x, y)
            star.close()
            canvas.drawPath(star, stroke(tone, s * 0.22))
            canvas.drawPath(star, paint(tone))
            for i in range(5):
                a = 2 * pi * i / 5 - pi / 2
                canvas.drawCircle(cos(a) * s * 0.34, sin(a) * s * 0.21, s * 0.055, paint(shift(tone, 0.10)))
        else:
            fan = skia.Path()
            fan.moveTo(0, s * 0.34)
            for i in range(7):
                a = pi * (1.08 + 0.84 * i / 6)
                fan.lineTo(cos(a) * s * 0.72, s * 0.2 + sin(a) * s * 0.62)
            fan.close()
            canvas.drawPath(fan, stroke(tone, s * 0.16))
            canvas.drawPath(fan, paint(tone))
            for i in range(1, 6):
                a = pi * (1.08 + 0.84 * i / 6)
                canvas.drawLine(
                    0, s * 0.3, cos(a) * s * 0.66, s * 0.2 + sin(a) * s * 0.56, stroke(shift(tone, -0.08), s * 0.045)
                )
        canvas.restore()

    return thing
