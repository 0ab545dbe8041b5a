"""Plants, painted with their foot at the canvas origin; heights in pixels."""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi, sin
from typing import TYPE_CHECKING

import skia

from .brush import blob, both, less, paint, polygon, stroke, two_tone
from .colour import mix, oklch, shift

if TYPE_CHECKING:
    from .layers import Set

SNOW = (0.965, 0.012, 240)


def _white(stage: Set) -> int:
    return stage.palette.lit(oklch(*SNOW))


def round_tree(
    stage: Set, canvas: skia.Canvas, height: float, leaf: int, wood: int, *, distance: float = 0.0
) -> None:
    """A broad tree: three heaped crowns on a forked trunk; ``distance`` 0..1 is how much air lies before it."""
    rng, light, pal = stage.rng, stage.light.toward, stage.palette
    leaf, wood = pal.air(leaf, distance), pal.air(wood, distance)
    w = height * rng.uniform(0.62, 0.85)
    trunk = height * 0.075
    canvas.drawPath(
        polygon([(-trunk, 2), (-trunk * 0.6, -height * 0.5), (trunk * 0.5, -height * 0.5), (trunk * 1.1, 2)]),
        paint(wood),
    )
    for fork in (-1, 1):
        canvas.drawLine(0, -height * 0.3, fork * w * 0.2, -height * 0.55, stroke(wood, trunk * 0.9))
    crowns = [
        (-w * 0.22, -height * 0.55, w * 0.62, height * 0.44),
        (w * 0.22, -height * 0.57, w * 0.60, height * 0.42),
        (rng.uniform(-0.06, 0.06) * w, -height * 0.75, w * 0.72, height * 0.5),
    ]
    for i, (x, y, cw, ch) in enumerate(crowns):
        shape = blob(rng, x, y, cw, ch, rng.randint(8, 10))
        two_tone(
            canvas, shape, shift(leaf, (i - 1) * 0.018), light, ch * 0.55, contrast=1 - distance * 0.7, warm=pal.key
        )
        if stage.snowy:
            _cap(stage, canvas, shape, ch, distance)
    if distance < 0.3:
        for _ in range(7):
            x, y = rng.uniform(-0.3, 0.3) * w, -height * rng.uniform(0.5, 0.9)
            canvas.drawArc(
                skia.Rect.MakeXYWH(x, y, w * 0.12, w * 0.07),
                200,
                140,
                False,
                stroke(shift(leaf, 0.07), max(1.0, height * 0.008), 0.55),
            )


def _cap(stage: Set, canvas: skia.Canvas, shape: skia.Path, size: float, distance: float) -> None:
    canvas.save()
    canvas.clipPath(shape, True)
    hole = skia.Path(shape)
    hole.offset(0, size * 0.24)
    canvas.drawPath(less(shape, hole), paint(stage.palette.air(_white(stage), distance * 0.8)))
    canvas.restore()


def pine(stage: Set, canvas: skia.Canvas, height: float, leaf: int, wood: int, *, distance: float = 0.0) -> None:
    """A conifer of four or five drooping tiers, each lit on one side, snowed on when it snows."""
    rng, pal = stage.rng, stage.palette
    leaf, wood = pal.air(leaf, distance), pal.air(wood, distance)
    w = height * rng.uniform(0.40, 0.50)
    canvas.drawRect(skia.Rect(-height * 0.028, -height * 0.16, height * 0.028, 2), paint(wood))
    tiers = 5
    lit_side = 1 if stage.light.toward[0] > 0 else -1
    for i in range(tiers):
        part = i / tiers
        base = -height * (0.10 + 0.74 * part)
        half = w * 0.5 * (1 - part) ** 0.85 + w * 0.05
        top = base - height * 0.30 * (1 - 0.25 * part)
        shape = skia.Path()
        shape.moveTo(0, top)
        shape.quadTo(half * 0.35, base - height * 0.08, half, base)
        drops = 4
        for k in range(drops):
            x0 = half - 2 * half * k / drops
            x1 = half - 2 * half * (k + 1) / drops
            shape.quadTo((x0 + x1) / 2, base + height * 0.035, x1, base + (0 if k == drops - 1 else height * 0.004))
        shape.quadTo(-half * 0.35, base - height * 0.08, 0, top)
        shape.close()
        tone = shift(leaf, 0.012 * i)
        canvas.drawPath(shape, paint(shift(tone, -0.045 * (1 - distance))))
        canvas.save()
        canvas.clipPath(shape, True)
        side = skia.Path(shape)
        side.offset(lit_side * half * 0.34, -height * 0.015)
        canvas.drawPath(side, paint(mix(shift(tone, 0.045 * (1 - distance)), pal.key, 0.06), blur=half * 0.06))
        if stage.snowy:
            cap = skia.Path(shape)
            cap.offset(0, height * 0.075)
            canvas.drawPath(less(shape, cap), paint(pal.air(_white(stage), distance * 0.75)))
        canvas.restore()


def bush(stage: Set, canvas: skia.Canvas, width: float, leaf: int, *, distance: float = 0.0) -> None:
    """A low round bush."""
    rng, pal = stage.rng, stage.palette
    leaf = pal.air(leaf, distance)
    h = width * rng.uniform(0.5, 0.66)
    for x, y, part in ((-width * 0.24, -h * 0.32, 0.6), (width * 0.25, -h * 0.30, 0.58), (0.0, -h * 0.46, 0.72)):
        shape = blob(rng, x, y, width * part, h * part * 1.25, 8)
        two_tone(canvas, shape, leaf, stage.light.toward, h * 0.5, contrast=1 - distance * 0.6, warm=pal.key)
        if stage.snowy:
            _cap(stage, canvas, shape, h * 0.6, distance)


def tuft(
    stage: Set,
    canvas: skia.Canvas,
    height: float,
    colour: int,
    blades: int = 7,
    *,
    blur: float = 0.0,
    spread: float = 0.5,
) -> None:
    """A tuft of curved grass blades."""
    rng = stage.rng
    for i in range(blades):
        lean = ((i + 0.5) / blades - 0.5) * 2 * spread + rng.uniform(-0.12, 0.12)
        tall = height * rng.uniform(0.65, 1.0)
        base = height * 0.06
        x = lean * height * 0.35
        path = skia.Path()
        path.moveTo(x * 0.4 - base, 2)
        path.quadTo(x * 0.6 - base * 0.4, -tall * 0.55, x * 0.4 + lean * tall * 0.7, -tall)
        path.quadTo(x * 0.6 + base * 0.9, -tall * 0.5, x * 0.4 + base, 2)
        path.close()
        canvas.drawPath(path, paint(shift(colour, rng.uniform(-0.025, 0.035)), blur=blur))


def flower(stage: Set, canvas: skia.Canvas, height: float, petal: int, stem: int) -> None:
    """A daisy-like flower."""
    rng = stage.rng
    bend = rng.uniform(-0.2, 0.2) * height
    path = skia.Path()
    path.moveTo(0, 0)
    path.quadTo(0, -height * 0.5, bend, -height)
    canvas.drawPath(path, stroke(stem, max(1.0, height * 0.07)))
    r = height * 0.20
    n = rng.randint(5, 6)
    for i in range(n):
        turn = 2 * pi * i / n
        canvas.drawOval(
            skia.Rect.MakeXYWH(bend + cos(turn) * r - r * 0.62, -height + sin(turn) * r * 0.8 - r * 0.5, r * 1.24, r),
            paint(petal),
        )
    canvas.drawCircle(bend, -height, r * 0.55, paint(stage.palette.lit(oklch(0.86, 0.15, 88))))


def reed(
    stage: Set, canvas: skia.Canvas, height: float, colour: int, *, blur: float = 0.0, heads: bool = True
) -> None:
    """A clump of reeds with bulrush heads."""
    rng = stage.rng
    for _ in range(rng.randint(5, 8)):
        x = rng.uniform(-0.22, 0.22) * height
        tall = height * rng.uniform(0.6, 1.0)
        lean = rng.uniform(-0.18, 0.18) * height
        line = stroke(shift(colour, rng.uniform(-0.02, 0.03)), max(1.0, height * 0.028))
        if blur:
            line.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
        path = skia.Path()
        path.moveTo(x, 4)
        path.quadTo(x, -tall * 0.5, x + lean, -tall)
        canvas.drawPath(path, line)
        if heads and rng.random() < 0.45:
            head = stroke(mix(colour, stage.palette.wood, 0.75), height * 0.06)
            if blur:
                head.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
            canvas.drawLine(x + lean * 0.72, -tall * 0.86, x + lean * 0.98, -tall * 1.0, head)


def palm(
    stage: Set, canvas: skia.Canvas, height: float, leaf: int, wood: int, *, distance: float = 0.0, blur: float = 0.0
) -> None:
    """A leaning palm with drooping fronds."""
    rng, pal = stage.rng, stage.palette
    leaf, wood = pal.air(leaf, distance), pal.air(wood, distance)
    lean = rng.choice((-1, 1)) * height * rng.uniform(0.10, 0.22)
    trunk = skia.Path()
    thick = height * 0.035
    trunk.moveTo(-thick, 2)
    trunk.quadTo(-thick * 0.4, -height * 0.5, lean - thick * 0.5, -height * 0.86)
    trunk.lineTo(lean + thick * 0.5, -height * 0.86)
    trunk.quadTo(thick * 1.2, -height * 0.5, thick * 1.2, 2)
    trunk.close()
    canvas.drawPath(trunk, paint(wood, blur=blur))
    for i in range(9):
        turn = pi * (1.08 + 0.84 * i / 8 + rng.uniform(-0.03, 0.03))
        if i % 2:
            turn = pi * (1.0 + 1.0 * i / 8)
        length = height * rng.uniform(0.30, 0.40)
        x, y = lean, -height * 0.86
        ex, ey = x + cos(turn) * length, y + sin(turn) * length * 0.55 + length * (0.18 + 0.42 * abs(cos(turn)))
        mx, my = x + cos(turn) * length * 0.6, y + sin(turn) * length * 0.8
        frond = skia.Path()
        frond.moveTo(x, y)
        frond.quadTo(mx, my - length * 0.10, ex, ey)
        frond.quadTo(mx - sin(turn) * 2, my + length * 0.17, x, y + thick)
        frond.close()
        lit = cos(turn) * stage.light.toward[0] > 0
        canvas.drawPath(frond, paint(shift(leaf, 0.04 if lit else -0.03), blur=blur))


def cactus(stage: Set, canvas: skia.Canvas, height: float, leaf: int, *, distance: float = 0.0) -> None:
    """A saguaro with two arms."""
    leaf = stage.palette.air(leaf, distance)
    w = height * 0.15
    shape = skia.Path()
    shape.addRoundRect(skia.Rect(-w / 2, -height, w / 2, w / 2), w / 2, w / 2)
    for side, low, high in ((-1, 0.42, 0.74), (1, 0.54, 0.84)):
        arm = skia.Path()
        x = side * w * 1.25
        arm.addRoundRect(
            skia.Rect(min(0, x) - w * 0.3, -height * low - w * 0.3, max(0, x) + w * 0.3, -height * low + w * 0.3),
            w * 0.3,
            w * 0.3,
        )
        arm.addRoundRect(
            skia.Rect(x - w * 0.33, -height * high, x + w * 0.33, -height * low + w * 0.3), w * 0.33, w * 0.33
        )
        shape = both(shape, arm)
    two_tone(canvas, shape, leaf, stage.light.toward, w, contrast=1 - distance * 0.6, warm=stage.palette.key)


def fern(stage: Set, canvas: skia.Canvas, height: float, colour: int, *, blur: float = 0.0) -> None:
    """A fern: arching fronds from one foot."""
    rng = stage.rng
    for i in range(7):
        turn = -pi * (0.12 + 0.76 * i / 6 + rng.uniform(-0.03, 0.03))
        length = height * rng.uniform(0.8, 1.05)
        ex, ey = cos(turn) * length, sin(turn) * length * 0.9 + abs(cos(turn)) * length * 0.25
        for k in range(2, 11):
            s = k / 11
            x, y = ex * s, sin(turn) * length * 1.25 * s * (1 - s * 0.35) + (ey - sin(turn) * length * 0.81) * s * s
            leaf = height * 0.16 * (1 - s * 0.75)
            canvas.save()
            canvas.translate(x, y)
            canvas.rotate(cos(turn) * 60 * s)
            tone = paint(shift(colour, 0.03 if i % 2 else -0.01), blur=blur)
            canvas.drawOval(skia.Rect(-leaf * 0.28, -leaf, leaf * 0.28, leaf), tone)
            canvas.restore()


def rock(stage: Set, canvas: skia.Canvas, width: float, colour: int, *, distance: float = 0.0) -> None:
    """A round-shouldered rock, half in the ground."""
    rng, pal = stage.rng, stage.palette
    colour = pal.air(colour, distance)
    h = width * rng.uniform(0.45, 0.65)
    points = []
    for i in range(8):
        turn = pi + pi * i / 7
        r = rng.uniform(0.88, 1.08)
        points.append((cos(turn) * width / 2 * r, sin(turn) * h * r))
    shape = skia.Path()
    shape.moveTo(points[0][0], h * 0.08)
    for (x0, y0), (x1, y1) in pairwise(points):
        shape.quadTo(x0, y0, (x0 + x1) / 2, (y0 + y1) / 2)
    shape.lineTo(points[-1][0], h * 0.08)
    shape.close()
    two_tone(canvas, shape, colour, stage.light.toward, h, contrast=1.2 - distance, warm=pal.key)
    if stage.snowy:
        _cap(stage, canvas, shape, h, distance)
