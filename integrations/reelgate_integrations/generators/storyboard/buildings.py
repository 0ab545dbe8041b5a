"""Houses, towers and street lamps, painted with their foot at the canvas origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import skia

from .brush import paint, polygon, radial, stroke, vertical
from .colour import argb, mix, oklch, shift
from .front import near_tone

if TYPE_CHECKING:
    from .layers import Painter, Set

LAMPLIGHT = oklch(0.89, 0.12, 82)


def _after_dark(stage: Set) -> bool:
    return stage.light.name in ("night", "sunset")


def tower(stage: Set, canvas: skia.Canvas, w: float, h: float, colour: int, air: float) -> None:
    """A far office tower with a grid of windows."""
    rng, pal = stage.rng, stage.palette
    body = pal.air(colour, air)
    shape = skia.Rect(-w / 2, -h, w / 2, 4)
    canvas.drawRoundRect(shape, w * 0.06, w * 0.06, paint(body))
    lit = 1 if stage.light.toward[0] > 0 else -1
    canvas.drawRect(
        skia.Rect(
            lit * w * 0.5 - (w * 0.22 if lit > 0 else 0),
            -h + w * 0.06,
            lit * w * 0.5 + (0 if lit > 0 else w * 0.22),
            4,
        ),
        paint(mix(shift(body, 0.025), pal.key, 0.08)),
    )
    top = rng.random()
    if top < 0.35:
        canvas.drawRect(skia.Rect(-w * 0.22, -h - w * 0.25, w * 0.22, -h + 2), paint(body))
    elif top < 0.6:
        canvas.drawLine(0, -h, 0, -h - w * 0.7, stroke(body, w * 0.05))
    columns = rng.randint(3, 5)
    size = w / (columns * 1.9 + 0.9)
    rows = int(h / (size * 2.4))
    dark, glow = paint(shift(body, -0.035), 0.8), paint(pal.air(LAMPLIGHT, air * 0.45))
    for r in range(rows):
        for c in range(columns):
            x = -w / 2 + size * (0.9 + c * 1.9)
            y = -h + size * (1.4 + r * 2.4)
            on = _after_dark(stage) and rng.random() < 0.34
            canvas.drawRoundRect(
                skia.Rect.MakeXYWH(x, y, size, size * 1.3), size * 0.15, size * 0.15, glow if on else dark
            )


def house(stage: Set, canvas: skia.Canvas, w: float, h: float, colour: int) -> None:
    """A town house: a shop with an awning below, two or three floors of windows, a cornice or gable."""
    rng, pal = stage.rng, stage.palette
    left, right = -w / 2, w / 2
    canvas.drawRect(
        skia.Rect(left, -h, right, 4),
        vertical(-h, 0, [argb(mix(shift(colour, 0.025), pal.key, 0.08)), argb(shift(colour, -0.03))]),
    )
    trim = mix(shift(colour, 0.10, 0.7), pal.lit(0xFFF4E4), 0.4)
    style = rng.random()
    if style < 0.4:
        canvas.drawPath(
            polygon([(left, -h + 2), (-w * 0.28, -h - w * 0.26), (w * 0.28, -h - w * 0.26), (right, -h + 2)]),
            paint(shift(colour, -0.13, 0.8)),
        )
        canvas.drawRect(skia.Rect(w * 0.12, -h - w * 0.36, w * 0.24, -h - w * 0.1), paint(shift(colour, -0.08)))
        if stage.snowy:
            canvas.drawPath(
                polygon([(left, -h + 2), (-w * 0.28, -h - w * 0.28), (w * 0.28, -h - w * 0.28), (right, -h + 2)]),
                paint(pal.lit(0xF4F7FF)),
            )
    else:
        canvas.drawRect(
            skia.Rect(left - w * 0.02, -h - w * 0.05, right + w * 0.02, -h + w * 0.05),
            paint(trim if not stage.snowy else pal.lit(0xF4F7FF)),
        )
    shop = w * 0.52
    floors = max(1, int((h - shop) / (w * 0.44)))
    step = (h - shop) / floors
    columns = 3 if w < stage.layout.u * 21 else 4
    pane = w / (columns * 2.0)
    for f in range(floors):
        for c in range(columns):
            x = left + w * (c + 0.5) / columns
            _window(stage, canvas, x, -h + step * (f + 0.52), pane, step * 0.52, trim, colour)
    _shop(stage, canvas, w, shop, trim, colour)


def _window(stage: Set, canvas: skia.Canvas, x: float, y: float, w: float, h: float, trim: int, wall: int) -> None:
    rng, pal = stage.rng, stage.palette
    on = _after_dark(stage) and rng.random() < 0.55
    glass = pal.air(LAMPLIGHT, 0.06) if on else mix(pal.middle, pal.shade, 0.42)
    box = skia.Rect(x - w / 2, y - h / 2, x + w / 2, y + h / 2)
    canvas.drawRoundRect(box.makeOutset(w * 0.11, w * 0.11), w * 0.12, w * 0.12, paint(trim))
    canvas.drawRoundRect(box, w * 0.06, w * 0.06, paint(glass))
    if not on:
        canvas.save()
        canvas.clipRect(box, True)
        canvas.drawPath(
            polygon(
                [
                    (x - w * 0.5, y + h * 0.2),
                    (x + w * 0.1, y - h * 0.5),
                    (x + w * 0.42, y - h * 0.5),
                    (x - w * 0.5, y + h * 0.62),
                ]
            ),
            paint(pal.low, 0.28),
        )
        canvas.restore()
    canvas.drawLine(x, y - h / 2, x, y + h / 2, stroke(trim, w * 0.07))
    canvas.drawRect(
        skia.Rect(x - w * 0.66, y + h * 0.5 + w * 0.06, x + w * 0.66, y + h * 0.5 + w * 0.2),
        paint(shift(trim, -0.05)),
    )
    if rng.random() < 0.22:
        leaf = pal.lit(oklch(0.6, 0.12, 142))
        for k in range(5):
            canvas.drawCircle(x + (k - 2) * w * 0.24, y + h * 0.5, w * 0.17, paint(shift(leaf, 0.03 * (k % 2))))


def _shop(stage: Set, canvas: skia.Canvas, w: float, h: float, trim: int, wall: int) -> None:
    rng, pal = stage.rng, stage.palette
    left, right = -w / 2, w / 2
    tone = mix(rng.choice((pal.accent, pal.accent2, mix(pal.accent, pal.accent2, 0.5))), pal.haze, 0.22)
    canvas.drawRect(skia.Rect(left, -h, right, 4), paint(shift(wall, -0.10)))
    on = _after_dark(stage)
    glass = pal.air(LAMPLIGHT, 0.10) if on else mix(pal.middle, pal.shade, 0.36)
    door = rng.choice((-1, 1))
    dx = door * w * 0.30
    canvas.drawRoundRect(
        skia.Rect(dx - w * 0.10, -h * 0.62, dx + w * 0.10, 4), w * 0.02, w * 0.02, paint(shift(tone, -0.12))
    )
    canvas.drawRoundRect(
        skia.Rect(dx - w * 0.065, -h * 0.56, dx + w * 0.065, -h * 0.16), w * 0.02, w * 0.02, paint(glass)
    )
    pane = skia.Rect(
        min(-door * w * 0.44, door * w * 0.14), -h * 0.62, max(-door * w * 0.44, door * w * 0.14), -h * 0.14
    )
    canvas.drawRoundRect(pane, w * 0.02, w * 0.02, paint(glass))
    canvas.save()
    canvas.clipRect(pane, True)
    for k in range(5):
        x = pane.left() + pane.width() * (k + 0.5) / 5
        canvas.drawCircle(
            x,
            pane.bottom() - h * 0.03,
            h * rng.uniform(0.05, 0.10),
            paint(mix(rng.choice((pal.accent, pal.accent2, wall)), glass, 0.35)),
        )
    canvas.restore()
    top, drop = -h * 0.86, h * 0.26
    n = 8
    for k in range(n):
        x0, x1 = left + w * (0.03 + 0.94 * k / n), left + w * (0.03 + 0.94 * (k + 1) / n)
        strip = tone if k % 2 else mix(trim, pal.lit(0xFFF8EC), 0.5)
        canvas.drawRect(skia.Rect(x0, top, x1 + 1, top + drop), paint(strip))
        canvas.drawCircle((x0 + x1) / 2, top + drop, (x1 - x0) / 2, paint(strip))
    canvas.drawRect(
        skia.Rect(left + w * 0.03, top, right - w * 0.03, top + drop),
        vertical(top, top + drop, [argb(pal.shade, 0.0), argb(pal.shade, 0.22)]),
    )


def lamp(stage: Set, canvas: skia.Canvas, h: float) -> None:
    """A street lamp."""
    pal = stage.palette
    iron = mix(pal.shade, pal.ground2, 0.25)
    canvas.drawRect(skia.Rect(-h * 0.013, -h * 0.86, h * 0.013, 2), paint(iron))
    canvas.drawRoundRect(skia.Rect(-h * 0.032, -h * 0.10, h * 0.032, 2), h * 0.01, h * 0.01, paint(iron))
    glass = LAMPLIGHT if _after_dark(stage) else mix(pal.low, iron, 0.2)
    canvas.drawPath(
        polygon([(-h * 0.035, -h * 0.86), (h * 0.035, -h * 0.86), (h * 0.055, -h * 0.96), (-h * 0.055, -h * 0.96)]),
        paint(glass),
    )
    canvas.drawPath(
        polygon([(-h * 0.065, -h * 0.955), (h * 0.065, -h * 0.955), (h * 0.02, -h), (-h * 0.02, -h)]), paint(iron)
    )


def glow_at(stage: Set, canvas: skia.Canvas, h: float) -> None:
    """The bloom round a burning lamp, to be added."""
    for r, a in ((0.16, 0.55), (0.5, 0.20)):
        canvas.drawCircle(
            0,
            -h * 0.91,
            h * r,
            radial(0, -h * 0.91, h * r, [argb(LAMPLIGHT, a), argb(LAMPLIGHT, a * 0.3), argb(LAMPLIGHT, 0)]),
        )


def planter(stage: Set) -> Painter:
    """A wooden box of flowers on the near pavement."""
    pal, rng = stage.palette, stage.rng

    def box(canvas: skia.Canvas, size: float) -> None:
        w, h = size * 1.5, size * 0.42
        leaf = near_tone(stage, pal.leaf, 0.22)
        for k in range(9):
            x = -w * 0.42 + w * 0.84 * k / 8
            canvas.drawCircle(x, -h * 1.25, size * 0.17, paint(shift(leaf, 0.03 * (k % 2))))
        for k in range(7):
            x = -w * 0.38 + w * 0.76 * k / 6
            tone = near_tone(stage, pal.accent if k % 2 else pal.accent2, 0.10)
            y = -h * 1.5 - size * rng.uniform(0.0, 0.18)
            canvas.drawCircle(x, y, size * 0.105, paint(tone))
            canvas.drawCircle(x, y, size * 0.04, paint(near_tone(stage, 0xFFE9A8, 0.1)))
        wood = near_tone(stage, pal.wood, 0.22)
        canvas.drawPath(polygon([(-w / 2, -h * 1.1), (w / 2, -h * 1.1), (w * 0.45, 2), (-w * 0.45, 2)]), paint(wood))
        canvas.drawRect(skia.Rect(-w * 0.53, -h * 1.22, w * 0.53, -h * 0.98), paint(shift(wood, 0.05)))

    return box


def hydrant(stage: Set) -> Painter:
    """A fire hydrant."""
    tone = near_tone(stage, stage.palette.accent, 0.22)

    def post(canvas: skia.Canvas, size: float) -> None:
        w = size * 0.2
        canvas.drawRoundRect(
            skia.Rect(-w * 1.5, -size * 0.10, w * 1.5, 2), w * 0.3, w * 0.3, paint(shift(tone, -0.06))
        )
        canvas.drawRect(skia.Rect(-w, -size * 0.74, w, -size * 0.06), paint(tone))
        canvas.drawRect(skia.Rect(-w, -size * 0.74, -w * 0.35, -size * 0.06), paint(shift(tone, 0.05)))
        canvas.drawCircle(0, -size * 0.74, w, paint(shift(tone, 0.02)))
        canvas.drawRoundRect(
            skia.Rect(-w * 1.3, -size * 0.76, w * 1.3, -size * 0.66), w * 0.2, w * 0.2, paint(shift(tone, 0.06))
        )
        canvas.drawCircle(0, -size * 0.97, w * 0.3, paint(shift(tone, 0.06)))
        for side in (-1, 1):
            canvas.drawCircle(side * w * 1.25, -size * 0.46, w * 0.45, paint(shift(tone, -0.03)))

    return post
