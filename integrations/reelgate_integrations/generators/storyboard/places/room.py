"""A room: papered wall, window with the sky in it, pictures, shelf, lamp, plant, rug and floorboards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import skia

from .. import plants
from ..brush import paint as ink
from ..brush import polygon, radial, stroke, vertical
from ..buildings import LAMPLIGHT
from ..colour import argb, mix, oklch, shift
from ..land import fringe
from ..layers import Backdrop, Band, Layer, Set

if TYPE_CHECKING:
    from ..layers import Mover


def paint(stage: Set) -> Backdrop:
    """Paint the whole place."""
    lay, pal = stage.layout, stage.palette
    base = lay.ground - lay.u * (9 if lay.tall else 8)

    def leaves(canvas: skia.Canvas, size: float) -> None:
        plants.fern(stage, canvas, size, pal.fore, blur=lay.u * 0.35)

    back: tuple[Layer | Mover, ...] = (
        _outside(stage, base),
        _wall(stage, base),
        _things(stage, base),
        _floor(stage, base),
    )
    if stage.light.name in ("night", "sunset"):
        back = (*back, _lamplight(stage, base))
    else:
        back = (*back, _sunpatch(stage, base))
    return Backdrop(
        back, (fringe(stage, leaves, count=1, size=16, depth=1.35),), "wood", mix(pal.shade, pal.ground2, 0.3)
    )


def _grid(stage: Set) -> tuple[float, float, float, float]:
    """The window: middle x and y, half width and half height, in pixels."""
    lay = stage.layout
    w = lay.u * (17 if lay.tall else 16)
    side = 1 if stage.light.toward[0] > 0 else -1
    return (
        lay.width * (0.5 + side * (0.20 if lay.tall else 0.24)),
        lay.height * (0.27 if lay.tall else 0.30),
        w,
        w * (1.15 if lay.tall else 0.95),
    )


def _outside(stage: Set, base: float) -> Layer:
    """What the window shows."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    band = stage.band(0, base, depth=0.12)
    band.wash(vertical(0, base * 0.8, [argb(pal.top), argb(pal.middle), argb(pal.low)]))
    for _ in range(int(30 * band.period / lay.width)):
        x, y = rng.uniform(0, band.period), rng.uniform(0.05, 0.5) * base
        if stage.light.moon:
            with band.at(x, y, 4) as canvas:
                canvas.drawCircle(0, 0, lay.u * 0.2, ink(0xFFFFFF, 0.8))
        elif rng.random() < 0.25:
            with band.at(x, y + base * 0.1, lay.u * 10) as canvas:
                for k in range(4):
                    canvas.drawCircle(
                        (k - 1.5) * lay.u * 2.2,
                        -lay.u * (1.2 if k in (1, 2) else 0),
                        lay.u * 2.2,
                        ink(0xFFFFFF, 0.55),
                    )
    for k in range(int(7 * band.period / lay.width)):
        with band.at(
            (k + rng.random()) * band.period / (7 * band.period / lay.width), base * 0.72, lay.u * 12
        ) as canvas:
            plants.round_tree(stage, canvas, lay.u * rng.uniform(9, 15), pal.leaf, pal.wood, distance=0.3)
    return band.layer(0.12)


def _wall(stage: Set, base: float) -> Layer:
    """The wall with its paper and skirting, and a hole where the window is."""
    lay, pal = stage.layout, stage.palette
    u = lay.u
    band = stage.band(0, base + u, depth=0.45)
    wall = pal.far
    band.wash(vertical(0, base, [argb(shift(wall, -0.05)), argb(wall), argb(shift(wall, -0.015))]))
    n = max(4, round(band.period / (u * 4.4)))
    for i in range(n):
        with band.at((i + 0.5) * band.period / n, 0, u * 3) as canvas:
            if i % 2:
                canvas.drawRect(skia.Rect(-u * 1.1, 0, u * 1.1, base), ink(shift(wall, 0.018)))
            else:
                for k in range(int(base / (u * 6)) + 1):
                    canvas.drawCircle(0, k * u * 6 + u * 2, u * 0.42, ink(mix(pal.accent, wall, 0.55), 0.8))
    panel = base - u * 13
    band.canvas.drawRect(
        skia.Rect(0, panel, band.period + 2, base),
        vertical(panel, base, [argb(shift(pal.mid, 0.04)), argb(shift(pal.mid, -0.02))]),
    )
    band.canvas.drawRect(skia.Rect(0, panel - u * 0.7, band.period + 2, panel + u * 0.7), ink(shift(pal.mid, 0.08)))
    n = max(3, round(band.period / (u * 11)))
    for i in range(n):
        with band.at((i + 0.5) * band.period / n, base, u * 6) as canvas:
            canvas.drawRoundRect(
                skia.Rect(-u * 4.3, -u * 10.5, u * 4.3, -u * 3.2),
                u * 0.4,
                u * 0.4,
                stroke(shift(pal.mid, -0.05), u * 0.35, 0.8),
            )
    band.canvas.drawRect(skia.Rect(0, base - u * 1.8, band.period + 2, base + u), ink(shift(pal.mid, 0.10)))
    x, y, w, h = _grid(stage)
    with band.at(x, y, w * 2) as canvas:
        _window(stage, canvas, w, h)
    return band.layer(0.45)


def _window(stage: Set, canvas: skia.Canvas, w: float, h: float) -> None:
    pal, u = stage.palette, stage.layout.u
    trim = pal.lit(oklch(0.95, 0.02, 85))
    box = skia.Rect(-w, -h, w, h)
    canvas.drawRect(box.makeOutset(u * 1.3, u * 1.3), ink(trim))
    hole = skia.Paint(BlendMode=skia.BlendMode.kClear)
    canvas.drawRect(box, hole)
    canvas.drawRect(skia.Rect(-u * 0.45, -h, u * 0.45, h), ink(trim))
    canvas.drawRect(skia.Rect(-w, -u * 0.45, w, u * 0.45), ink(trim))
    canvas.drawRect(skia.Rect(-w - u * 2, h + u * 1.2, w + u * 2, h + u * 2.5), ink(shift(trim, -0.05)))
    cloth = mix(pal.accent, pal.far, 0.30)
    for side in (-1, 1):
        for k in range(4):
            x0 = side * (w + u * 2.8 - k * u * 1.9)
            fold = skia.Path()
            fold.moveTo(x0, -h - u * 3)
            fold.quadTo(x0 + side * u * 1.2, 0, x0 + side * u * 0.5, h + u * 5)
            fold.lineTo(x0 - side * u * 1.8, h + u * 5)
            fold.quadTo(x0 - side * u * 0.6, 0, x0 - side * u * 2.0, -h - u * 3)
            fold.close()
            canvas.drawPath(fold, ink(shift(cloth, 0.035 if k % 2 else -0.025)))
    canvas.drawLine(-w - u * 6, -h - u * 3, w + u * 6, -h - u * 3, stroke(pal.wood, u * 0.8))


def _things(stage: Set, base: float) -> Layer:
    """Pictures, a shelf of books, a lamp and a potted plant, standing before the wall."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    u = lay.u
    band = stage.band(0, base + u * 4, depth=0.62)
    side = -1 if stage.light.toward[0] > 0 else 1
    x = lay.width * (0.5 + side * 0.30)
    with band.at(x, base + u * 2.2, u * 18) as canvas:
        _shelf(stage, canvas, u * (17 if lay.tall else 18), u * 25)
    with band.at(
        x + side * -u * (20 if not lay.tall else 14), lay.height * (0.30 if lay.tall else 0.26), u * 10
    ) as canvas:
        canvas.drawRoundRect(skia.Rect(-u * 5, -u * 6.2, u * 5, u * 6.2), u * 0.5, u * 0.5, ink(pal.wood))
        canvas.drawRect(skia.Rect(-u * 4, -u * 5.2, u * 4, u * 5.2), ink(mix(pal.low, pal.far, 0.2)))
        canvas.drawPath(
            polygon(
                [
                    (-u * 4, u * 5.2),
                    (-u * 4, u * 1),
                    (-u * 1, -u * 2),
                    (u * 1.4, u * 1.6),
                    (u * 2.6, u * 0.2),
                    (u * 4, u * 2),
                    (u * 4, u * 5.2),
                ]
            ),
            ink(mix(pal.leaf, pal.far, 0.25)),
        )
        canvas.drawCircle(u * 1.8, -u * 2.6, u * 1.1, ink(pal.accent))
    far = band.period * 0.72
    with band.at(far, base + u * 2.4, u * 18) as canvas:
        canvas.drawPath(
            polygon([(-u * 3, 0), (-u * 4, -u * 7), (u * 4, -u * 7), (u * 3, 0)]), ink(mix(pal.accent, pal.wood, 0.3))
        )
        canvas.translate(0, -u * 6.5)
        plants.fern(stage, canvas, u * 10, pal.leaf)
    with band.at(x + side * u * 1, base + u * 2.2 - u * 25, u * 9) as canvas:
        _table_lamp(stage, canvas, u * 9)
    _ = rng
    return band.layer(0.62)


def _shelf(stage: Set, canvas: skia.Canvas, w: float, h: float) -> None:
    pal, rng = stage.palette, stage.rng
    wood = pal.wood
    canvas.drawRoundRect(skia.Rect(-w / 2, -h, w / 2, 0), w * 0.02, w * 0.02, ink(shift(wood, -0.05)))
    rows = 3
    for r in range(rows):
        y0, y1 = -h + h * r / rows + h * 0.025, -h + h * (r + 1) / rows - h * 0.02
        canvas.drawRect(skia.Rect(-w * 0.46, y0, w * 0.46, y1), ink(shift(wood, -0.13)))
        x = -w * 0.44
        while x < w * 0.38:
            bw, bh = w * rng.uniform(0.045, 0.10), (y1 - y0) * rng.uniform(0.6, 0.9)
            if rng.random() < 0.82:
                tone = mix(rng.choice((pal.accent, pal.accent2, pal.leaf, pal.mid, pal.water)), pal.far, 0.2)
                canvas.drawRoundRect(skia.Rect(x, y1 - bh, x + bw * 0.94, y1), bw * 0.1, bw * 0.1, ink(tone))
                canvas.drawRect(
                    skia.Rect(x, y1 - bh * 0.8, x + bw * 0.94, y1 - bh * 0.72), ink(shift(tone, 0.1), 0.7)
                )
            x += bw
        canvas.drawRect(skia.Rect(-w / 2, y1, w / 2, y1 + h * 0.03), ink(shift(wood, 0.03)))
    canvas.drawRect(skia.Rect(-w * 0.53, -h - h * 0.02, w * 0.53, -h + h * 0.02), ink(shift(wood, 0.04)))


def _table_lamp(stage: Set, canvas: skia.Canvas, h: float) -> None:
    pal = stage.palette
    on = stage.light.name in ("night", "sunset")
    canvas.drawRoundRect(skia.Rect(-h * 0.18, -h * 0.12, h * 0.18, 0), h * 0.05, h * 0.05, ink(pal.accent2))
    canvas.drawRect(skia.Rect(-h * 0.04, -h * 0.5, h * 0.04, -h * 0.08), ink(pal.accent2))
    canvas.drawPath(
        polygon([(-h * 0.40, -h * 0.44), (h * 0.40, -h * 0.44), (h * 0.24, -h), (-h * 0.24, -h)]),
        ink(LAMPLIGHT if on else pal.lit(oklch(0.92, 0.05, 85))),
    )


def _floor(stage: Set, base: float) -> Layer:
    """Floorboards and a rug where the subject stands."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    u = lay.u
    band = stage.band(base, lay.height + 8)
    band.wash(
        vertical(
            base,
            lay.height,
            [argb(shift(pal.ground, -0.03)), argb(pal.ground), argb(mix(pal.ground2, pal.shade, 0.35))],
            [0, 0.4, 1],
        )
    )
    y, gap = base, u * 1.8
    while y < lay.height:
        band.canvas.drawLine(
            0, y, band.period + 2, y, stroke(mix(pal.ground2, pal.shade, 0.3), max(1.0, u * 0.14), 0.6)
        )
        n = max(2, round(band.period / (gap * 9)))
        for i in range(n):
            with band.at((i + rng.random()) * band.period / n, y, gap) as canvas:
                canvas.drawLine(
                    0, 0, -gap * 0.1, gap, stroke(mix(pal.ground2, pal.shade, 0.3), max(1.0, u * 0.12), 0.6)
                )
        y += gap
        gap *= 1.22
    with band.at(lay.width * 0.5, lay.ground + u * 1.5, lay.width) as canvas:
        w = min(lay.width * 0.62, u * 58)
        h = (lay.height - lay.ground) * 0.40
        for k, tone in (
            (1.0, pal.accent2),
            (0.90, mix(pal.far, pal.low, 0.4)),
            (0.82, pal.accent2),
            (0.5, mix(pal.accent, pal.accent2, 0.4)),
        ):
            canvas.drawOval(skia.Rect(-w * k, -h * k * 0.8, w * k, h * k * 1.1), ink(mix(tone, pal.ground2, 0.28)))
    return band.layer(1.0)


def _sunpatch(stage: Set, base: float) -> Layer:
    """The window's light lying across wall and floor."""
    lay, pal = stage.layout, stage.palette
    band = Band(lay.width, 0, lay.height + 8)
    x, y, w, h = _grid(stage)
    lean = -stage.light.toward[0]
    foot = lay.height * 0.96
    beam = polygon(
        [
            (x - w, y - h),
            (x + w, y - h),
            (x + w + lean * lay.width * 0.55, foot),
            (x - w * 1.3 + lean * lay.width * 0.55, foot),
        ]
    )
    tone = vertical(y - h, foot, [argb(pal.glow, 0.02), argb(pal.glow, 0.16)])
    tone.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, lay.u * 2.2))
    band.canvas.drawPath(beam, tone)
    return band.layer(0.0, glow=True, grain=None)


def _lamplight(stage: Set, base: float) -> Layer:
    """The lamp's warm pool."""
    lay = stage.layout
    band = Band(lay.width, 0, lay.height + 8)
    side = -1 if stage.light.toward[0] > 0 else 1
    x, y = lay.width * (0.5 + side * 0.30), base - lay.u * 29
    for r, a in ((lay.u * 16, 0.34), (lay.u * 58, 0.26)):
        band.canvas.drawCircle(
            x, y, r, radial(x, y, r, [argb(LAMPLIGHT, a), argb(LAMPLIGHT, a * 0.35), argb(LAMPLIGHT, 0)])
        )
    return band.layer(0.0, glow=True, grain=None)
