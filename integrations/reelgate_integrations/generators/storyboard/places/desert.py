"""A desert: mesas far off, dunes with wind ripples, saguaros, stones."""

from __future__ import annotations

import skia

from .. import plants, skies
from ..brush import paint as ink
from ..brush import polygon, stroke
from ..colour import mix, shift
from ..front import agave, grass, rank, stones
from ..land import fringe, ground, hills, strew
from ..layers import Backdrop, Band, Layer, Painter, Set


def paint(stage: Set) -> Backdrop:
    """Paint the whole place."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    u, horizon, feet = lay.u, lay.horizon, lay.ground
    top = feet - u * (7 if not lay.tall else 9)
    gap = top - horizon

    def cactus(air: float) -> Painter:
        return lambda canvas, tall: plants.cactus(
            stage, canvas, tall, mix(pal.leaf, pal.leaf2, rng.random()), distance=air
        )

    def ripple(canvas: skia.Canvas, s: float) -> None:
        canvas.drawArc(
            skia.Rect(-s, -s * 0.2, s, s * 0.2),
            190,
            150,
            False,
            stroke(mix(pal.ground2, pal.shade, 0.10), s * 0.05, 0.4),
        )

    def stone(canvas: skia.Canvas, s: float) -> None:
        plants.rock(stage, canvas, s, mix(pal.mid, pal.ground2, 0.5))

    def scatter(band: Band) -> None:
        strew(stage, band, top + u * 1.5, lay.height - u * 3, 30, ripple, 4.5)
        strew(stage, band, top + u * 1.5, lay.height - u * 5, 5, stone, 2.6)
        strew(
            stage,
            band,
            top + u * 1,
            lay.height - u * 6,
            4,
            lambda c, s: plants.tuft(stage, c, s, mix(pal.leaf, pal.ground, 0.5), 6),
            2.8,
        )

    def spikes(canvas: skia.Canvas, size: float) -> None:
        plants.tuft(stage, canvas, size, pal.fore, blades=9, blur=u * 0.3, spread=1.0)

    back = (
        skies.sky(stage, lay.ground),
        skies.clouds(stage, 2, low=0.5),
        _mesas(stage, horizon + u * 2, air=0.52, depth=0.08),
        hills(
            stage,
            horizon + gap * 0.22 + u * 2,
            u * 6,
            pal.mid,
            depth=0.18,
            air=0.34,
            waves=1,
            rough=0.25,
            bottom=top + u,
            grow=((4, 4.5, cactus(0.42)),),
        ),
        hills(
            stage,
            horizon + gap * 0.62 + u * 2,
            u * 6,
            pal.near,
            depth=0.42,
            air=0.14,
            waves=1,
            rough=0.3,
            bottom=top + u * 4,
            misty=0.12,
            grow=((2, 12, cactus(0.16)),),
            hem=mix(shift(pal.near, 0.05), pal.key, 0.2),
        ),
        ground(
            stage,
            top=top,
            colour=pal.ground,
            dark=pal.ground2,
            wave=2.2,
            scatter=scatter,
            lines=shift(pal.ground, -0.02),
        ),
    )
    near = rank(
        stage,
        (1.2, 10, agave(stage, pal.leaf)),
        (1.6, 6, stones(stage, mix(pal.mid, pal.ground2, 0.5))),
        (1.4, 6, grass(stage, mix(pal.leaf, pal.ground, 0.45))),
    )
    return Backdrop(back, (near, fringe(stage, spikes, count=2, size=9)), "sand", mix(pal.shade, pal.ground2, 0.35))


def _mesas(stage: Set, base: float, *, air: float, depth: float) -> Layer:
    """Flat-topped buttes in bands of rock."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    band = stage.band(base - lay.u * 30, base + lay.u * 8, depth=depth)
    n = max(2, round(2.4 * band.period / lay.width * (1.5 if lay.wide else 1)))
    body = pal.air(pal.far, air)
    for i in range(n):
        w, h = lay.u * rng.uniform(12, 26), lay.u * rng.uniform(8, 19) * (1.35 if lay.tall else 1)
        with band.at((i + rng.uniform(-0.3, 0.3)) * band.period / n, base, w * 1.4) as canvas:
            canvas.drawPath(
                polygon(
                    [
                        (-w * 0.72, 4),
                        (-w * 0.55, -h * 0.45),
                        (-w * 0.44, -h * 0.5),
                        (-w * 0.40, -h),
                        (w * 0.38, -h),
                        (w * 0.43, -h * 0.52),
                        (w * 0.56, -h * 0.46),
                        (w * 0.75, 4),
                    ]
                ),
                ink(body),
            )
            side = 1 if stage.light.toward[0] > 0 else -1
            lit = [
                (0.05 * w * side, -h),
                (side * w * 0.39, -h),
                (side * w * 0.435, -h * 0.5),
                (side * w * 0.56, -h * 0.45),
                (side * w * 0.73, 4),
                (side * w * 0.2, 4),
                (side * w * 0.12, -h * 0.5),
            ]
            canvas.drawPath(polygon(lit), ink(mix(shift(body, 0.04), pal.key, 0.12)))
            for k in (0.22, 0.4):
                canvas.drawLine(
                    -w * 0.40, -h * (1 - k), w * 0.40, -h * (1 - k), stroke(shift(body, -0.03), lay.u * 0.3, 0.6)
                )
    return band.layer(depth, grain=rng.randrange(4))
