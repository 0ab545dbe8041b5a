"""Snowy mountains: peaks behind peaks, pine forests, snow underfoot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import skia

from .. import plants, skies
from ..brush import paint as ink
from ..brush import polygon, vertical
from ..colour import argb, mix, oklch, shift
from ..front import grass, near_tone, rank, stones
from ..land import fringe, ground, hills, strew
from ..layers import Backdrop, Band, Layer, Painter, Set

if TYPE_CHECKING:
    import random


def paint(stage: Set) -> Backdrop:
    """Paint the whole place."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    u, horizon, feet = lay.u, lay.horizon, lay.ground
    top = feet - u * (7 if not lay.tall else 9)
    gap = top - horizon

    def pine(air: float) -> Painter:
        return lambda canvas, tall: plants.pine(
            _frosted(stage), canvas, tall, mix(pal.leaf, pal.leaf2, rng.random()), pal.wood, distance=air
        )

    def scatter(band: Band) -> None:
        strew(
            stage,
            band,
            top + u * 1.5,
            lay.height - u * 5,
            3,
            lambda c, s: plants.rock(_frosted(stage), c, s, mix(pal.near, pal.ground2, 0.3)),
            4.5,
        )
        strew(stage, band, top + u, lay.height - u * 2, 12, drift, 5.0)

    def drift(canvas: skia.Canvas, s: float) -> None:
        canvas.drawOval(
            skia.Rect(-s * 1.6, -s * 0.16, s * 1.6, s * 0.2), ink(mix(pal.ground2, pal.mid, 0.25), 0.35, blur=s * 0.1)
        )
        canvas.drawOval(
            skia.Rect(-s * 1.4, -s * 0.26, s * 1.4, s * 0.02), ink(shift(pal.ground, 0.02), 0.7, blur=s * 0.08)
        )

    def needle(canvas: skia.Canvas, size: float) -> None:
        plants.pine(_frosted(stage), canvas, size, pal.fore, pal.fore, distance=0.0)

    back = (
        skies.sky(stage, lay.ground),
        skies.clouds(stage, 3, low=0.55),
        _peaks(stage, horizon + u * 4, u * (44 if lay.tall else 32), depth=0.06, air=0.52, colour=pal.far, count=2),
        _peaks(stage, horizon + u * 5, u * (27 if lay.tall else 20), depth=0.13, air=0.28, colour=pal.mid, count=3),
        hills(
            stage,
            horizon + gap * 0.35 + u * 2,
            u * 6,
            pal.ground2,
            depth=0.25,
            air=0.30,
            waves=2,
            bottom=top + u,
            grow=((15, 7.0, pine(0.46)),),
        ),
        hills(
            stage,
            horizon + gap * 0.75 + u * 2,
            u * 5,
            mix(pal.ground, pal.ground2, 0.5),
            depth=0.5,
            air=0.12,
            waves=2,
            bottom=top + u * 4,
            misty=0.1,
            grow=((5, 15, pine(0.16)), (3, 9, pine(0.2))),
        ),
        ground(
            stage,
            top=top,
            colour=pal.ground,
            dark=mix(pal.ground2, pal.mid, 0.25),
            scatter=scatter,
            lines=mix(pal.ground2, pal.ground, 0.4),
        ),
    )

    def young(canvas: skia.Canvas, size: float) -> None:
        plants.pine(_frosted(stage), canvas, size, near_tone(stage, pal.leaf2), near_tone(stage, pal.wood))

    white = _frosted(stage)
    near = rank(
        white,
        (0.9, 15, young),
        (1.2, 6, stones(white, mix(pal.near, pal.ground2, 0.3))),
        (1.6, 6, grass(stage, mix(pal.leaf, pal.ground2, 0.4))),
        (2.0, 7, drift),
    )
    return Backdrop(
        back,
        (
            near,
            fringe(stage, needle, count=2, size=15, sink=0.25),
        ),
        "snow",
        mix(pal.shade, pal.mid, 0.45),
    )


def _frosted(stage: Set) -> Set:
    """The same stage, seen as snowed on: these mountains are white in any weather."""
    return Set(stage.layout, stage.palette, stage.light, stage.rng, "snow", stage.travel)


def _jag(
    rng: random.Random, x: float, base: float, half: float, high: float
) -> tuple[list[tuple[float, float]], int]:
    """A peak's outline from left foot to right foot and the index of its summit."""
    left, right = [], []
    n = 6
    for i in range(n):
        s = i / n
        left.append(
            (
                x - half * (1 - s) + rng.uniform(-0.04, 0.04) * half,
                base - high * s**1.12 + rng.uniform(-0.02, 0.02) * high,
            )
        )
        right.append(
            (
                x + half * (1 - s) + rng.uniform(-0.04, 0.04) * half,
                base - high * s**1.12 + rng.uniform(-0.02, 0.02) * high,
            )
        )
    return [*left, (x, base - high), *reversed(right)], n


def _peaks(stage: Set, base: float, height: float, *, depth: float, air: float, colour: int, count: int) -> Layer:
    """A range of peaks, each with a lit and a shaded face and a torn snow cap."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    band = stage.band(base - height * 1.15, base + lay.u * 10, depth=depth)
    n = max(2, round(count * band.period / lay.width * (1.6 if lay.wide else 1.0)))
    snow = pal.air(pal.lit(oklch(0.975, 0.01, 240)), air * 0.6)
    lit = 1 if stage.light.toward[0] > 0 else -1
    order = sorted(range(n), key=lambda _: rng.random())
    for i in order:
        high = height * rng.uniform(0.62, 1.1)
        half = high * rng.uniform(0.75, 1.0)
        x = (i + rng.uniform(-0.3, 0.3)) * band.period / n
        with band.at(x, base, half * 1.3) as canvas:
            outline, summit = _jag(rng, 0, 0, half, high)
            body = pal.air(colour, air)
            shape = polygon(outline)
            canvas.drawPath(shape, ink(shift(body, -0.035)))
            ledge = [
                (
                    rng.uniform(-0.10, 0.10) * half * (k > 0) + (0.03 if k % 2 else -0.05) * half * k,
                    -high * (1 - k / 6),
                )
                for k in range(7)
            ]
            side = outline[summit:] if lit > 0 else outline[: summit + 1][::-1]
            face = polygon([*ledge, *reversed(side)])
            canvas.save()
            canvas.clipPath(shape, True)
            canvas.drawPath(face, ink(mix(shift(body, 0.045), pal.key, 0.14)))
            cap = [(-half * 1.2, -high * 1.2), (half * 1.2, -high * 1.2)]
            teeth = 9
            for k in range(teeth + 1):
                cx = half * 0.62 * (1 - 2 * k / teeth)
                cap.append(
                    (
                        cx,
                        -high
                        * (
                            0.80
                            - 0.26 * abs(1 - 2 * k / teeth) ** 1.2
                            - (0.13 if k % 2 else 0.0) * rng.uniform(0.6, 1.3)
                        ),
                    )
                )
            white = polygon(cap)
            canvas.drawPath(white, ink(mix(snow, body, 0.34)))
            canvas.clipPath(face, True)
            canvas.drawPath(white, ink(mix(snow, pal.key, 0.10)))
            canvas.restore()
    band.canvas.drawRect(
        skia.Rect(0, base - 1, band.period + 2, band.bottom), ink(pal.air(colour, min(1.0, air + 0.25)))
    )
    foot = vertical(base - height * 0.55, base, [argb(pal.haze, 0), argb(pal.haze, 0.55)])
    foot.setBlendMode(skia.BlendMode.kSrcATop)
    band.wash(foot)
    return band.layer(depth, grain=rng.randrange(4))
