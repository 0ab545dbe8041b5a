"""A forest: rank behind rank of trunks fading into haze, light shafts, ferns, a bough across the top."""

from __future__ import annotations

import skia

from .. import plants, skies
from ..brush import paint as ink
from ..brush import polygon, radial, two_tone, vertical
from ..colour import argb, mix, shift
from ..front import bough, grass, near_tone, rank, stones
from ..land import fringe, ground, hills, strew
from ..layers import Backdrop, Band, Layer, Set


def paint(stage: Set) -> Backdrop:
    """Paint the whole place."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    u, horizon, feet = lay.u, lay.horizon, lay.ground
    top = feet - u * (7 if not lay.tall else 9)

    def fern(canvas: skia.Canvas, size: float) -> None:
        if stage.snowy:
            plants.tuft(stage, canvas, size * 0.8, mix(pal.leaf2, pal.ground2, 0.4), 5)
        else:
            plants.fern(stage, canvas, size, mix(pal.leaf2, pal.leaf, rng.random() * 0.6))

    def mushroom(canvas: skia.Canvas, size: float) -> None:
        canvas.drawRoundRect(
            skia.Rect(-size * 0.16, -size * 0.6, size * 0.16, 2), size * 0.12, size * 0.12, ink(pal.lit(0xF4E9D6))
        )
        cap = skia.Path()
        cap.addArc(skia.Rect(-size * 0.55, -size, size * 0.55, -size * 0.1), 180, 180)
        cap.close()
        canvas.drawPath(cap, ink(pal.accent))
        for x, y in ((-0.25, -0.68), (0.05, -0.85), (0.3, -0.66)):
            canvas.drawCircle(x * size, y * size, size * 0.08, ink(pal.lit(0xFFF6E6), 0.9))

    def scatter(band: Band) -> None:
        litter = mix(pal.ground2, pal.accent if not stage.snowy else pal.ground2, 0.25)
        strew(
            stage,
            band,
            top + u,
            lay.height - u * 2,
            26,
            lambda c, s: c.drawOval(
                skia.Rect(-s, -s * 0.3, s, s * 0.3), ink(shift(litter, rng.uniform(-0.05, 0.05)), 0.5)
            ),
            0.8,
        )
        strew(stage, band, top + u * 0.2, top + u * 2, 5, fern, 5.2)
        if not stage.snowy:
            strew(stage, band, top + u * 2, lay.height - u * 7, 4, mushroom, 2.6)
        strew(
            stage,
            band,
            top + u * 1.4,
            lay.height - u * 4,
            3,
            lambda c, s: plants.rock(stage, c, s, mix(pal.wood, pal.ground2, 0.6)),
            4.2,
        )

    edge = (
        None
        if stage.snowy
        else (
            lambda canvas, size: plants.tuft(
                stage, canvas, size, mix(pal.leaf, pal.ground, 0.5 + 0.5 * rng.random()), 5
            )
        )
    )

    def dark_fern(canvas: skia.Canvas, size: float) -> None:
        plants.fern(stage, canvas, size, pal.fore, blur=u * 0.3)

    def bush(canvas: skia.Canvas, tall: float) -> None:
        plants.bush(stage, canvas, tall * 1.7, mix(pal.leaf2, pal.leaf, rng.random() * 0.7), distance=0.20)

    back: tuple[Layer, ...] = (
        skies.sky(stage, lay.ground),
        _veil(stage, top),
        _treeline(stage, horizon + u * 3, 0.70, 0.10, 16, 30),
        _trunks(stage, top - u * 2.5, count=10, thick=1.7, air=0.56, depth=0.22, colour=pal.mid),
        hills(stage, top - u * 1.5, u * 3, pal.mid, depth=0.30, air=0.34, waves=3, bottom=top + u * 4, misty=0.2),
        _trunks(stage, top - u * 0.5, count=5, thick=3.0, air=0.28, depth=0.45, colour=pal.near, crowned=True),
        hills(
            stage,
            top + u * 0.5,
            u * 2.2,
            mix(pal.ground2, pal.near, 0.4),
            depth=0.66,
            air=0.12,
            waves=3,
            bottom=top + u * 5,
            misty=0.1,
            grow=((5, 4.6, bush),),
        ),
        _trunks(stage, top + u * 1.2, count=1, thick=5.5, air=0.08, depth=0.82, colour=pal.wood, crowned=True),
        ground(
            stage,
            top=top,
            colour=pal.ground,
            dark=pal.ground2,
            scatter=scatter,
            edge=edge,
            lines=shift(pal.ground, 0.02),
        ),
    )
    if stage.light.name != "night" and stage.weather == "clear":
        back = (*back, _shafts(stage, feet))

    def near_fern(canvas: skia.Canvas, size: float) -> None:
        if stage.snowy:
            plants.tuft(stage, canvas, size * 0.7, near_tone(stage, pal.leaf2), 8)
        else:
            plants.fern(stage, canvas, size, near_tone(stage, pal.leaf2, 0.30))

    near = rank(
        stage,
        (1.6, 12, near_fern),
        (1.0, 6, stones(stage, mix(pal.wood, pal.ground2, 0.5))),
        (2.0, 7, grass(stage, mix(pal.leaf, pal.ground2, 0.5))),
    )
    front = (bough(stage, count=1.3), near, fringe(stage, dark_fern, count=4, size=11))
    return Backdrop(back, front, "snow" if stage.snowy else "grass", mix(pal.shade, pal.ground2, 0.25))


def _veil(stage: Set, bottom: float) -> Layer:
    """A wall of lit mist behind the trees."""
    lay, pal = stage.layout, stage.palette
    band = Band(lay.width, 0, bottom)
    mist = mix(pal.haze, pal.far, 0.45)
    band.wash(vertical(0, bottom, [argb(mist, 0.55), argb(mix(mist, pal.low, 0.5), 0.92)]))
    x, y, r = stage.light.sun[0] * lay.width, lay.horizon * 0.72, lay.u * 60
    glow = mix(mist, pal.glow, 0.5)
    band.canvas.drawCircle(x, y, r, radial(x, y, r, [argb(glow, 0.8), argb(glow, 0.25), argb(glow, 0)]))
    return band.layer(0.0, fixed=True)


def _treeline(stage: Set, base: float, air: float, depth: float, low: float, high: float) -> Layer:
    """A far wall of crowns."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    band = stage.band(base - lay.u * high * 1.4, base + lay.u * 22, depth=depth)
    n = int(band.period / (lay.u * 5))
    for i in range(n):
        tall = lay.u * rng.uniform(low, high)
        x = (i + rng.uniform(-0.4, 0.4)) * band.period / n
        with band.at(x, base, tall) as canvas:
            leaf = mix(pal.leaf, pal.far, 0.55)
            if rng.random() < (0.9 if stage.snowy else 0.55):
                plants.pine(stage, canvas, tall, leaf, pal.wood, distance=air)
            else:
                plants.round_tree(stage, canvas, tall * 0.85, leaf, pal.wood, distance=air)
    band.canvas.drawRect(skia.Rect(0, base - 2, band.period + 2, band.bottom), ink(pal.air(pal.mid, air)))
    return band.layer(depth)


def _trunks(
    stage: Set, foot: float, *, count: int, thick: float, air: float, depth: float, colour: int, crowned: bool = False
) -> Layer:
    """A rank of trunks that leave the frame at the top, with hanging crowns when they are near enough."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    band = stage.band(-8, foot + lay.u * 3, depth=depth)
    n = max(1, round(count * band.period / lay.width))
    body = pal.air(mix(colour, pal.wood, 0.55), air)
    lit = 1 if stage.light.toward[0] > 0 else -1
    if crowned:
        for _ in range(n * 2):
            w = lay.u * rng.uniform(18, 30)
            y = rng.uniform(-0.02, 0.10 if depth > 0.6 else 0.17) * lay.height
            with band.at(rng.uniform(0, band.period), y, w) as canvas:
                two_tone(
                    canvas,
                    skies.leafy(stage, 0, 0, w, w * 0.55),
                    pal.air(pal.leaf2, air),
                    stage.light.toward,
                    w * 0.25,
                    contrast=0.7,
                    warm=pal.key,
                )
    for i in range(n):
        x = (i + rng.uniform(-0.36, 0.36)) * band.period / n
        w = lay.u * thick * rng.uniform(0.7, 1.25)
        lean = rng.uniform(-0.03, 0.03) * foot
        with band.at(x, foot, w * 8) as canvas:
            shape = polygon(
                [
                    (-w * 0.95, 4),
                    (-w * 0.55, -w * 1.2),
                    (-w * 0.42 + lean, -foot - 20),
                    (w * 0.42 + lean, -foot - 20),
                    (w * 0.55, -w * 1.2),
                    (w * 1.0, 4),
                ]
            )
            canvas.drawPath(shape, ink(shift(body, -0.03 * (1 - air))))
            canvas.save()
            canvas.clipPath(shape, True)
            canvas.translate(lit * w * 0.42, 0)
            canvas.drawPath(shape, ink(mix(shift(body, 0.05 * (1 - air)), pal.key, 0.08), blur=w * 0.07))
            canvas.translate(-lit * w * 0.42, 0)
            for _ in range(int(9 * (1 - air))):
                y = -rng.uniform(0.05, 0.95) * foot
                canvas.drawArc(
                    skia.Rect.MakeXYWH(rng.uniform(-0.5, 0.2) * w, y, w * 0.5, w * 0.9),
                    60,
                    150,
                    False,
                    ink(shift(body, -0.08), 0.35),
                )
            if stage.snowy:
                canvas.drawRect(
                    skia.Rect(-lit * w * 0.5 - w * 0.16, -foot, -lit * w * 0.5 + w * 0.16, 0),
                    ink(pal.lit(0xF2F6FF), 0.55 * (1 - air)),
                )
            canvas.restore()
            if rng.random() < 0.6:
                y = -foot * rng.uniform(0.35, 0.75)
                side = rng.choice((-1, 1))
                twig = skia.Path()
                twig.moveTo(0, y)
                twig.quadTo(side * w * 1.6, y - w * 0.4, side * w * 2.6, y - w * 1.9)
                twig.quadTo(side * w * 1.6, y + w * 0.1, 0, y + w * 0.7)
                twig.close()
                canvas.drawPath(twig, ink(shift(body, -0.015)))
    return band.layer(depth, grain=rng.randrange(4))


def _shafts(stage: Set, bottom: float) -> Layer:
    """Slanting light between the trunks, added to what lies behind."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    band = Band(lay.width, 0, bottom + lay.u * 4)
    slope = -stage.light.toward[0] / max(0.3, -stage.light.toward[1])
    for _ in range(4):
        x = rng.uniform(-0.1, 1.1) * lay.width
        w = lay.u * rng.uniform(3, 8)
        shaft = polygon(
            [
                (x - w * 0.4, -10),
                (x + w * 0.4, -10),
                (x + slope * bottom * 0.7 + w, bottom),
                (x + slope * bottom * 0.7 - w, bottom),
            ]
        )
        shaft_paint = vertical(0, bottom, [argb(pal.glow, 0.20), argb(pal.glow, 0.09), argb(pal.glow, 0)])
        shaft_paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, w * 0.3))
        band.canvas.drawPath(shaft, shaft_paint)
    return band.layer(0.0, glow=True, grain=None)
