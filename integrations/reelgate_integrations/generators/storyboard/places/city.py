"""A city street: skyline, rows of houses and shops, lamps, kerb and road."""

from __future__ import annotations

from typing import TYPE_CHECKING

import skia

from .. import plants, skies
from ..brush import paint as ink
from ..brush import stroke, vertical
from ..buildings import glow_at, house, hydrant, lamp, planter, tower
from ..colour import argb, mix, shift
from ..front import near_tone, rank
from ..land import fringe
from ..layers import Backdrop, Band, Layer, Set

if TYPE_CHECKING:
    from ..layers import Mover


def paint(stage: Set) -> Backdrop:
    """Paint the whole place."""
    lay, pal = stage.layout, stage.palette
    u, feet = lay.u, lay.ground
    # walkers keep to the pavement, wheels to the road
    back_, front_ = (12.0, 7.5) if stage.rolls else (6.5, -5.5)
    kerb, edge = feet - u * back_ * (1.2 if lay.tall else 1.0), feet - u * front_ * (1.2 if lay.tall else 1.0)

    def bush(canvas: skia.Canvas, size: float) -> None:
        plants.bush(stage, canvas, size * 1.3, pal.fore)

    def bed(band: Band) -> None:
        # the pavement on our side of the road
        top = feet + (lay.height - feet) * 0.70
        stone = near_tone(stage, pal.ground, 0.30)
        box = skia.Rect(0, top, band.period + 2, lay.height + 8)
        band.canvas.drawRect(box, vertical(top, lay.height, [argb(stone), argb(mix(stone, pal.shade, 0.35))]))
        band.canvas.drawRect(skia.Rect(0, top, band.period + 2, top + u * 0.7), ink(shift(stone, 0.06)))
        n = max(4, round(band.period / (u * 11)))
        for i in range(n):
            with band.at(i * band.period / n, top, u * 20) as canvas:
                canvas.drawLine(0, u * 0.7, -u * 5, lay.height - top, stroke(shift(stone, -0.05), u * 0.16, 0.7))

    near = rank(stage, (0.9, 10, planter(stage)), (0.7, 8, hydrant(stage)), low=0.92, bed=bed)

    back: tuple[Layer | Mover, ...] = (
        skies.sky(stage, lay.ground),
        skies.clouds(stage, 3, low=0.6),
        _towers(stage, kerb - u * 2, air=0.62, depth=0.08, low=34, high=62),
        _towers(stage, kerb - u * 1, air=0.42, depth=0.18, low=24, high=44),
        _row(stage, kerb),
        _pavement(stage, kerb, edge),
        *_lamps(stage, kerb + u * 0.8),
    )
    return Backdrop(
        back,
        (near, fringe(stage, bush, count=1, size=9, sink=0.1)),
        "snow" if stage.snowy else "road",
        mix(pal.shade, pal.ground2, 0.2),
    )


def _towers(stage: Set, foot: float, *, air: float, depth: float, low: float, high: float) -> Layer:
    lay, rng, pal = stage.layout, stage.rng, stage.palette
    if lay.tall:
        low, high = low * 1.15, high * 1.25
    band = stage.band(foot - high * lay.u * 1.1, foot + lay.u * 2, depth=depth)
    x = 0.0
    while x < band.period - lay.u * 4:
        w = lay.u * rng.uniform(8, 15)
        with band.at(x + w / 2, foot, w * 1.5) as canvas:
            tower(stage, canvas, w, lay.u * rng.uniform(low, high), mix(pal.far, pal.mid, rng.random()), air)
        x += w * rng.uniform(0.85, 1.25)
    foot_mist = vertical(foot - high * lay.u * 0.6, foot, [argb(pal.haze, 0), argb(pal.haze, 0.5)])
    foot_mist.setBlendMode(skia.BlendMode.kSrcATop)
    band.wash(foot_mist)
    return band.layer(depth, grain=rng.randrange(4))


def _row(stage: Set, foot: float) -> Layer:
    """The houses across the street, with shops below and flats above."""
    lay, rng, pal = stage.layout, stage.rng, stage.palette
    high = 46 if lay.tall else 40
    band = stage.band(foot - lay.u * (high + 12), foot + lay.u, depth=0.55)
    x = 0.0
    walls = [
        pal.mid,
        pal.near,
        mix(pal.mid, pal.accent2, 0.35),
        mix(pal.near, pal.accent, 0.25),
        mix(pal.mid, pal.haze, 0.4),
    ]
    last = -1
    while x < band.period - lay.u * 6:
        w = lay.u * rng.uniform(17, 25)
        left = band.period - x - w
        if left < lay.u * 12:
            w += left
        pick = rng.choice([k for k in range(len(walls)) if k != last])
        last = pick
        with band.at(x + w / 2, foot, w) as canvas:
            house(stage, canvas, w, lay.u * rng.uniform(high * 0.62, high), pal.air(walls[pick], 0.14))
        x += w
    return band.layer(0.55, grain=rng.randrange(4))


def _pavement(stage: Set, kerb: float, edge: float) -> Layer:
    """Pavement, kerb stone and road."""
    lay, rng, pal = stage.layout, stage.rng, stage.palette
    u = lay.u
    band = stage.band(kerb - 2, lay.height + 8)
    walk = mix(pal.ground, pal.low, 0.18) if not stage.snowy else pal.ground
    road = pal.ground2
    band.wash(vertical(kerb, edge, [argb(shift(walk, -0.05)), argb(walk)]))
    lower = skia.Rect(0, edge, band.period + 2, lay.height + 8)
    band.canvas.drawRect(
        lower,
        vertical(
            edge, lay.height, [argb(shift(road, -0.04)), argb(road), argb(mix(road, pal.shade, 0.5))], [0, 0.25, 1]
        ),
    )
    band.canvas.drawRect(skia.Rect(0, edge - u * 0.2, band.period + 2, edge + u * 0.55), ink(shift(walk, 0.05)))
    band.canvas.drawRect(skia.Rect(0, edge + u * 0.55, band.period + 2, edge + u * 1.1), ink(shift(road, -0.10)))
    n = max(4, round(band.period / (u * 9)))
    for i in range(n):
        with band.at(i * band.period / n, kerb, u * 8) as canvas:
            canvas.drawLine(0, 0, -(edge - kerb) * 0.4, edge - kerb, stroke(shift(walk, -0.06), u * 0.14, 0.7))
    row = kerb + (edge - kerb) * 0.42
    band.canvas.drawLine(0, row, band.period + 2, row, stroke(shift(walk, -0.05), u * 0.12, 0.6))
    n = max(2, round(band.period / (u * 26)))
    feet = lay.ground
    mark = edge + (feet + (lay.height - feet) * 0.70 - edge) * (0.66 if stage.rolls else 0.5)
    for i in range(n):
        with band.at((i + 0.5) * band.period / n, mark, u * 12) as canvas:
            canvas.drawRoundRect(
                skia.Rect(-u * 6, -u * 0.65, u * 6, u * 0.65),
                u * 0.5,
                u * 0.5,
                ink(mix(road, pal.lit(0xFFF3DC), 0.62)),
            )
    for _ in range(int(26 * band.period / lay.width)):
        w = u * rng.uniform(3, 11)
        with band.at(rng.uniform(0, band.period), rng.uniform(edge + u * 2, lay.height), w) as canvas:
            canvas.drawOval(
                skia.Rect(-w, -u * 0.3, w, u * 0.3), ink(shift(road, rng.uniform(-0.035, 0.035)), 0.5, blur=u * 0.2)
            )
    if stage.snowy:
        for _ in range(int(9 * band.period / lay.width)):
            w = u * rng.uniform(5, 12)
            with band.at(rng.uniform(0, band.period), edge + u * 0.4, w) as canvas:
                canvas.drawOval(skia.Rect(-w, -u * 0.8, w, u * 0.8), ink(pal.lit(0xF4F7FF), blur=u * 0.15))
    if stage.weather == "rain" or stage.light.moon:
        _wet(stage, band, edge)
    return band.layer(1.0, grain=rng.randrange(4))


def _wet(stage: Set, band: Band, edge: float) -> None:
    """Light lying on the road: wet in the rain, lamp-lit at night."""
    lay, rng, pal = stage.layout, stage.rng, stage.palette
    for _ in range(int(9 * band.period / lay.width)):
        w = lay.u * rng.uniform(1.5, 4.5)
        tone = rng.choice((pal.accent, pal.accent2, pal.glow, pal.middle))
        h = lay.u * rng.uniform(8, 20)
        with band.at(rng.uniform(0, band.period), edge + lay.u * 1.2, w * 3) as canvas:
            canvas.drawRect(skia.Rect(-w, 0, w, h), _soft(tone, h, w))


def _soft(tone: int, h: float, w: float) -> skia.Paint:
    made = vertical(0, h, [argb(tone, 0.26), argb(tone, 0)])
    made.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, w * 0.5))
    return made


def _lamps(stage: Set, foot: float) -> tuple[Layer, ...]:
    """Street lamps and trees on the pavement; after dark the lamps' glow is a layer of its own."""
    lay, rng, pal = stage.layout, stage.rng, stage.palette
    tall = lay.u * (34 if lay.tall else 30)
    band = stage.band(foot - tall * 1.35, foot + lay.u, depth=0.8)
    light_band = stage.band(foot - tall * 1.35, foot + lay.u, depth=0.8)
    n = max(1, round(1.3 * band.period / (lay.u * 80)))
    for i in range(n):
        x = (i + 0.28 + rng.uniform(-0.1, 0.1)) * band.period / n
        with band.at(x, foot, tall * 0.4) as canvas:
            lamp(stage, canvas, tall)
        with light_band.at(x, foot, tall) as canvas:
            glow_at(stage, canvas, tall)
        with band.at(x + band.period / n * 0.45, foot, tall) as canvas:
            plants.round_tree(stage, canvas, tall * 0.72, pal.leaf, pal.wood, distance=0.08)
    lamps = band.layer(0.8, grain=rng.randrange(4))
    if stage.light.name in ("night", "sunset"):
        return lamps, light_band.layer(0.8, glow=True, grain=None)
    return (lamps,)
