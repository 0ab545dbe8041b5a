"""A beach: sea to the horizon, waves that come and go, palms, shells, sand underfoot."""

from __future__ import annotations

from math import cos, pi, sin

import skia

from .. import plants, skies
from ..brush import paint as ink
from ..brush import stroke
from ..colour import mix, shift
from ..front import grass, rank, starfish, stones
from ..land import fringe, ground, hills, strew
from ..layers import Backdrop, Band, Layer, Mover, Set
from ..water import Glints, Lap, plane, spec


def paint(stage: Set) -> Backdrop:
    """Paint the whole place."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    u, horizon, feet = lay.u, lay.horizon, lay.ground
    top = feet - u * (6.5 if not lay.tall else 9)

    def shell(canvas: skia.Canvas, s: float) -> None:
        tone = rng.choice((pal.accent, pal.accent2, pal.lit(0xFFE9DC)))
        canvas.rotate(rng.uniform(-40, 40))
        if rng.random() < 0.4:
            for i in range(5):
                turn = 2 * pi * i / 5
                canvas.drawLine(
                    0, 0, cos(turn) * s * 0.5, sin(turn) * s * 0.3, stroke(mix(tone, pal.accent, 0.5), s * 0.26)
                )
            return
        fan = skia.Path()
        fan.addArc(skia.Rect(-s * 0.5, -s * 0.5, s * 0.5, s * 0.4), 180, 180)
        fan.lineTo(0, s * 0.22)
        fan.close()
        canvas.drawPath(fan, ink(tone))
        for k in (-0.25, 0, 0.25):
            canvas.drawLine(0, s * 0.15, k * s, -s * 0.36, stroke(shift(tone, -0.1), s * 0.05))

    def ripple(canvas: skia.Canvas, s: float) -> None:
        canvas.drawArc(
            skia.Rect(-s, -s * 0.16, s, s * 0.16),
            10,
            160,
            False,
            stroke(mix(pal.ground2, pal.shade, 0.12), s * 0.06, 0.4),
        )

    def scatter(band: Band) -> None:
        strew(stage, band, top + u * 2, lay.height - u * 3, 24, ripple, 3.2)
        strew(stage, band, top + u * 4, lay.height - u * 4, 7, shell, 2.0)

    def palm(canvas: skia.Canvas, tall: float) -> None:
        plants.palm(stage, canvas, tall, mix(pal.leaf, pal.leaf2, rng.random()), pal.wood, distance=0.34)

    def bush(canvas: skia.Canvas, tall: float) -> None:
        plants.bush(stage, canvas, tall, mix(pal.leaf, pal.leaf2, rng.random()), distance=0.3)

    def near_palm(canvas: skia.Canvas, tall: float) -> None:
        plants.tuft(stage, canvas, tall, pal.fore, blades=8, blur=u * 0.3, spread=0.9)

    back: tuple[Layer | Mover, ...] = (
        skies.sky(stage, lay.ground),
        skies.clouds(stage, 4, low=0.84),
        hills(
            stage,
            horizon + u * 0.2,
            u * 6,
            pal.far,
            depth=0.05,
            air=0.58,
            waves=1,
            rough=0.6,
            bottom=horizon + u * 0.4,
        ),
        plane(stage, horizon, bottom=top + u * 4),
        hills(
            stage,
            horizon + u * 1.2,
            u * 2.6,
            mix(pal.near, pal.ground, 0.3),
            depth=0.14,
            air=0.28,
            waves=1,
            rough=0.3,
            bottom=horizon + u * 1.5,
            grow=((2.6, 17 if lay.tall else 12, palm), (4, 4.4, bush)),
        ),
        Glints(stage, horizon + u * 0.6, bottom=top),
        ground(
            stage,
            top=top,
            colour=pal.ground,
            dark=pal.ground2,
            wave=0.7,
            scatter=scatter,
            lines=mix(pal.ground, pal.ground2, 0.45),
        ),
        Lap(stage, top),
    )
    return Backdrop(
        back,
        (
            rank(
                stage,
                (2.2, 4.5, starfish(stage)),
                (1.6, 10, grass(stage, mix(pal.leaf, pal.ground, 0.35))),
                (0.8, 5, stones(stage, pal.ground2)),
            ),
            fringe(stage, near_palm, count=2, size=12),
        ),
        "sand",
        mix(pal.shade, pal.ground2, 0.35),
        spec(stage),
    )
