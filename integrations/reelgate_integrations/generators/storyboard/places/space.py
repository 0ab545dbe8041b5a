"""The moon (or a small planet): stars, a nebula, a ringed planet, craters underfoot."""

from __future__ import annotations

import skia

from .. import plants
from ..brush import paint as ink
from ..brush import radial, stroke, two_tone, vertical
from ..colour import argb, mix, oklch, shift
from ..front import rank, stones
from ..land import fringe, ground, hills, strew
from ..layers import Backdrop, Band, Layer, Set


def paint(stage: Set) -> Backdrop:
    """Paint the whole place."""
    lay, pal = stage.layout, stage.palette
    u, horizon, feet = lay.u, lay.horizon, lay.ground
    top = feet - u * (7 if not lay.tall else 9)
    body = shift(pal.ground, 0.10)
    dark = shift(pal.ground2, 0.02)

    def crater(canvas: skia.Canvas, s: float) -> None:
        canvas.drawOval(skia.Rect(-s, -s * 0.30, s, s * 0.30), ink(shift(dark, -0.03), 0.9))
        canvas.drawOval(skia.Rect(-s * 0.94, -s * 0.20, s * 0.94, s * 0.30), ink(mix(body, dark, 0.6)))
        canvas.drawArc(
            skia.Rect(-s * 1.02, -s * 0.32, s * 1.02, s * 0.32),
            10,
            160,
            False,
            stroke(shift(body, 0.06), s * 0.06, 0.8),
        )

    def stone(canvas: skia.Canvas, s: float) -> None:
        plants.rock(stage, canvas, s, dark)

    def scatter(band: Band) -> None:
        strew(stage, band, top + u * 1.5, lay.height - u * 3, 9, crater, 4.0)
        strew(stage, band, top + u * 1.0, lay.height - u * 5, 8, stone, 2.0)

    def boulder(canvas: skia.Canvas, s: float) -> None:
        plants.rock(stage, canvas, s * 1.4, mix(pal.deep, pal.shade, 0.4))

    back = (
        _heaven(stage, top + u * 2),
        _planet(stage),
        hills(
            stage,
            horizon + u * 4,
            u * 13,
            pal.far,
            depth=0.12,
            air=0.30,
            waves=3,
            rough=0.62,
            bottom=top + u * 2,
            misty=0.3,
        ),
        hills(
            stage,
            top - u * 1.5,
            u * 7,
            mix(pal.near, dark, 0.5),
            depth=0.34,
            air=0.12,
            waves=2,
            rough=0.5,
            bottom=top + u * 3,
            misty=0.1,
        ),
        ground(stage, top=top, colour=body, dark=dark, wave=2.4, scatter=scatter, lines=mix(body, dark, 0.4)),
    )
    near = rank(stage, (1.2, 8, stones(stage, dark)), (1.6, 6.5, crater))
    return Backdrop(
        back, (near, fringe(stage, boulder, count=1, size=9, sink=0.1)), "sand", mix(pal.shade, pal.deep, 0.5)
    )


def _heaven(stage: Set, bottom: float) -> Layer:
    """A deep sky with a nebula in two tones and many stars."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    band = Band(lay.width, 0, bottom)
    deep = mix(pal.deep, pal.top, 0.4)
    band.wash(vertical(0, bottom, [argb(shift(deep, -0.03)), argb(deep), argb(mix(deep, pal.accent2, 0.22))]))
    for tone, x, y, r in (
        (pal.water, 0.25, 0.25, 42),
        (pal.accent2, 0.7, 0.42, 48),
        (pal.water, 0.85, 0.12, 34),
        (pal.accent, 0.35, 0.55, 30),
    ):
        px, py = (x + rng.uniform(-0.1, 0.1)) * lay.width, (y + rng.uniform(-0.06, 0.06)) * bottom
        for k in range(4):
            cx, cy = px + rng.uniform(-9, 9) * lay.u * k * 0.5, py + rng.uniform(-5, 5) * lay.u * k * 0.5
            band.canvas.drawCircle(
                cx, cy, lay.u * r * 0.6, radial(cx, cy, lay.u * r * 0.6, [argb(tone, 0.16), argb(tone, 0)])
            )
    for _ in range(int(420 * lay.width * lay.height / 1e6)):
        dot = lay.u * (0.07 + 0.24 * rng.random() ** 5)
        star = oklch(0.96, 0.04, rng.choice((60, 95, 240)))
        x, y = rng.uniform(0, lay.width), rng.uniform(0, bottom)
        band.canvas.drawCircle(x, y, dot, ink(star, rng.uniform(0.35, 1.0)))
        if dot > lay.u * 0.22:
            band.canvas.drawCircle(x, y, dot * 3, ink(star, 0.2, blur=dot))
    return band.layer(0.0, fixed=True, grain=1)


def _planet(stage: Set) -> Layer:
    """A striped planet with a ring, and a small moon."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    band = stage.band(0, lay.horizon + lay.u * 10, depth=0.03)
    x, y = stage.light.sun[0] * lay.width, lay.height * rng.uniform(0.17, 0.24)
    r = lay.u * rng.uniform(9, 13) * (1.0 if not lay.wide else 0.85)
    with band.at(x, y, r * 2.4) as canvas:
        canvas.drawCircle(0, 0, r * 1.9, radial(0, 0, r * 1.9, [argb(pal.accent, 0.34), argb(pal.accent, 0)]))
        canvas.save()
        canvas.rotate(-18)
        disc = skia.Path.Circle(0, 0, r)
        two_tone(
            canvas,
            disc,
            mix(pal.accent, pal.top, 0.08),
            (stage.light.toward[0], stage.light.toward[1]),
            r * 1.1,
            contrast=1.8,
        )
        canvas.save()
        canvas.clipPath(disc, True)
        for k, (drop, h) in enumerate(((-0.5, 0.16), (-0.12, 0.22), (0.34, 0.13), (0.66, 0.1))):
            canvas.drawOval(
                skia.Rect(-r * 1.3, r * drop - r * h * 0.5, r * 1.3, r * drop + r * h * 0.5),
                ink(shift(pal.accent, 0.06 if k % 2 else -0.07), 0.5),
            )
        canvas.restore()
        for wide, alpha in ((1.72, 0.9), (1.45, 0.6)):
            ring = stroke(mix(pal.accent2, 0xFFFFFF, 0.35), r * 0.10, alpha)
            canvas.drawArc(
                skia.Rect(-r * wide, -r * 0.34 * wide * 0.7, r * wide, r * 0.34 * wide * 0.7), -12, 204, False, ring
            )
        canvas.restore()
    with band.at(x - stage.light.toward[0] * lay.u * 36, y + lay.u * 15, lay.u * 8) as canvas:
        two_tone(
            canvas,
            skia.Path.Circle(0, 0, lay.u * 2.6),
            mix(pal.accent2, pal.top, 0.2),
            stage.light.toward,
            lay.u * 3,
            contrast=1.6,
        )
    return band.layer(0.03, grain=2)
