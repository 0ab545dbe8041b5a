"""Water: a plane with long reflections, glints that shimmer, rolling swells, waves lapping on sand, lilies."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING

import skia

from .brush import paint, stroke, vertical
from .colour import argb, mix, oklch, shift
from .layers import Band, Layer, Water

if TYPE_CHECKING:
    from .layers import Set, View


def spec(stage: Set) -> Water:
    """What the subject's own foam and tint are coloured with."""
    pal = stage.palette
    foam = mix(pal.low, 0xFFFFFF, 0.2 if stage.light.moon else 0.72)
    return Water(pal.water, pal.deep, foam)


def plane(stage: Set, top: float, *, bottom: float | None = None) -> Layer:
    """The still part of a water surface: sky colours far off, deep colours near, soft dark bands between."""
    lay, pal, rng, light = stage.layout, stage.palette, stage.rng, stage.light
    foot = lay.height + 8 if bottom is None else bottom
    band = Band(lay.width, top, foot)
    far = mix(pal.low, pal.water, 0.42)
    near = mix(pal.water, pal.deep, 0.50)
    last = mix(pal.deep, pal.shade, 0.30)
    band.wash(vertical(top, lay.height, [argb(far), argb(pal.water), argb(near), argb(last)], [0, 0.22, 0.62, 1]))
    band.canvas.save()
    band.canvas.clipRect(skia.Rect(0, top, lay.width + 4, foot))
    for _ in range(90):
        part = rng.random() ** 1.4
        y = top + (lay.height - top) * part
        w = lay.u * (4 + 26 * part) * rng.uniform(0.6, 1.3)
        h = lay.u * (0.12 + 1.3 * part)
        x = rng.uniform(-0.1, 1.1) * lay.width
        tone = mix(pal.deep, near, 0.4) if rng.random() < 0.55 else mix(pal.middle, pal.water, 0.45)
        band.canvas.drawOval(skia.Rect(x - w, y - h / 2, x + w, y + h / 2), paint(tone, 0.24, blur=h * 0.3))
    if stage.weather in ("clear", "wind"):
        _path_of_light(stage, band, top)
    edge = paint(mix(pal.low, 0xFFFFFF, 0.0 if light.moon else 0.35), 0.5)
    band.canvas.drawRect(skia.Rect(0, top, lay.width + 4, top + max(1.5, lay.u * 0.16)), edge)
    band.canvas.restore()
    return band.layer(0.0, grain=rng.randrange(4))


def _path_of_light(stage: Set, band: Band, top: float) -> None:
    """The lamp's reflection: a column of broken strokes under it, widening towards us."""
    lay, pal, light, rng = stage.layout, stage.palette, stage.light, stage.rng
    x = light.sun[0] * lay.width
    low = light.name != "day"
    span = lay.height - top
    if low:
        band.canvas.drawRect(
            skia.Rect(0, top, lay.width + 4, lay.height),
            skia.Paint(
                AntiAlias=True,
                Shader=skia.GradientShader.MakeRadial(
                    (x, top), lay.width * 0.55, [argb(pal.glow, 0.42), argb(pal.glow, 0)]
                ),
            ),
        )
    for i in range(54 if low else 20):
        part = (i + rng.random()) / 54
        y = top + span * part * 0.9
        w = lay.u * (1.0 + 6.5 * part) * rng.uniform(0.5, 1.4)
        h = lay.u * (0.14 + 0.55 * part)
        dx = rng.gauss(0, 1) * lay.u * (0.4 + 4.5 * part)
        band.canvas.drawOval(
            skia.Rect(x + dx - w, y - h / 2, x + dx + w, y + h / 2),
            paint(pal.glow, (0.75 if low else 0.35) * (1 - 0.8 * part)),
        )


class Glints:
    """Lens-shaped lights that swell and fade in place; nearer ones are larger and slide faster."""

    def __init__(self, stage: Set, top: float, *, bottom: float | None = None) -> None:
        lay, rng, pal, light = stage.layout, stage.rng, stage.palette, stage.light
        self._width = lay.width
        self._foot = lay.height * 0.97 if bottom is None else bottom
        span = lay.height - top
        sun = light.sun[0] * lay.width
        self._marks = []
        for _ in range(84):
            part = rng.random() ** 1.25 * (self._foot - top) / span
            y = top + span * part
            depth = 0.25 + 0.75 * min(1.3, (y - top) / max(1.0, lay.ground - top))
            x = rng.uniform(0, lay.width * 1.2) if rng.random() < 0.7 else sun + rng.gauss(0, 0.12) * lay.width
            self._marks.append(
                (
                    x,
                    y,
                    lay.u * (0.7 + 3.6 * part) * rng.uniform(0.6, 1.5),
                    lay.u * (0.10 + 0.34 * part),
                    depth,
                    rng.uniform(0, 2 * pi),
                    rng.uniform(1.1, 2.6),
                )
            )
        bright = mix(pal.glow, 0xFFFFFF, 0.25) if not light.moon else mix(pal.glow, pal.low, 0.35)
        self._bright = paint(bright, 0.62 if not light.moon else 0.42)
        self._dim = paint(mix(pal.low, pal.water, 0.3), 0.5)

    def draw(self, canvas: skia.Canvas, view: View) -> None:
        """Shimmer."""
        bright, dim = skia.Path(), skia.Path()
        wrap = self._width * 1.2
        for i, (x, y, w, h, depth, turn, pace) in enumerate(self._marks):
            swell = 0.5 + 0.5 * sin(turn + pace * view.t)
            if swell < 0.08:
                continue
            px = (x - view.x * depth + 3 * h * sin(turn * 3 + 0.8 * view.t)) % wrap - self._width * 0.1
            half = w * swell
            (bright if i % 3 else dim).addOval(
                skia.Rect(px - half, y - h * 0.5 * swell, px + half, y + h * 0.5 * swell)
            )
        canvas.save()
        view.enter(canvas, 0.6)
        canvas.drawPath(dim, self._dim)
        canvas.drawPath(bright, self._bright)
        canvas.restore()


class Swell:
    """One long travelling wave: a lit shoulder that melts into the water behind it, and broken crest lights."""

    def __init__(self, stage: Set, y: float, depth: float, size: float) -> None:
        lay, pal, rng = stage.layout, stage.palette, stage.rng
        self._y, self._depth, self._width, self._u = y, depth, lay.width, lay.u
        self._size = size
        self._high = size * lay.u * 1.5
        self._length = lay.u * (30 + 16 * size)
        self._turn = rng.uniform(0, 2 * pi)
        self._pace = rng.uniform(0.75, 1.05)
        part = min(1.0, (y - lay.horizon) / (lay.height - lay.horizon))
        body = mix(mix(pal.water, pal.deep, 0.30 + 0.6 * part), pal.shade, 0.12 * part)
        lit = mix(shift(body, 0.075), pal.low, 0.16)
        self._fall = lay.u * 6.5 * size
        self._body = vertical(
            y - self._high, y + self._fall, [argb(lit, 0.95), argb(body, 0.85), argb(body, 0.0)], [0, 0.28, 1]
        )
        self._crest = paint(mix(pal.low, 0xFFFFFF, 0.10 if stage.light.moon else 0.45), 0.55)

    def _height(self, x: float, view: View) -> float:
        turn = 2 * pi * (x + view.x * self._depth) / self._length + self._turn
        return self._y - self._high * (
            0.5 + 0.34 * sin(turn - self._pace * view.t) + 0.16 * sin(2.3 * turn + 1.4 * view.t)
        )

    def draw(self, canvas: skia.Canvas, view: View) -> None:
        """Roll."""
        step = self._u * 1.5
        left = -self._width * 0.05
        n = int(self._width * 1.1 / step) + 2
        body = skia.Path()
        body.moveTo(left, self._y + self._fall)
        for i in range(n + 1):
            body.lineTo(left + i * step, self._height(left + i * step, view))
        body.lineTo(left + n * step, self._y + self._fall)
        body.close()
        lights = skia.Path()
        every = self._length * 0.37
        first = int((view.x * self._depth + left) / every)
        for k in range(first, first + int(self._width * 1.1 / every) + 3):
            x = k * every - view.x * self._depth + 0.3 * every * sin(12.9 * k)
            w = self._u * self._size * (1.6 + 1.1 * sin(78.2 * k + 0.9 * view.t))
            if w > 0:
                y = self._height(x, view) + self._u * 0.25 * self._size
                lights.addOval(skia.Rect(x - w, y - self._u * 0.13, x + w, y + self._u * 0.13 * self._size))
        canvas.save()
        view.enter(canvas, self._depth)
        canvas.drawPath(body, self._body)
        canvas.drawPath(lights, self._crest)
        canvas.restore()


class Lap:
    """The thin edge of the sea running up the sand and drawing back, with foam."""

    def __init__(self, stage: Set, top: float) -> None:
        lay, pal = stage.layout, stage.palette
        self._top, self._u, self._width, self._depth = top, lay.u, lay.width, 0.9
        self._sheet = paint(mix(pal.water, pal.low, 0.45), 0.62)
        self._foam = stroke(mix(pal.low, 0xFFFFFF, 0.2 if stage.light.moon else 0.8), lay.u * 0.42, 0.9)
        self._wet = paint(mix(pal.ground2, pal.deep, 0.30), 0.45)

    def _edge(self, view: View, reach: float, turn: float) -> skia.Path:
        path = skia.Path()
        step = self._u * 2.2
        n = int(self._width * 1.12 / step) + 2
        for i in range(n):
            x = -self._width * 0.06 + i * step
            world = x + view.x * self._depth
            y = (
                self._top
                + reach
                + self._u * (0.75 * sin(world / (self._u * 9) + turn) + 0.4 * sin(world / (self._u * 3.7) - turn))
            )
            if i == 0:
                path.moveTo(x, y)
            else:
                path.lineTo(x, y)
        return path

    def draw(self, canvas: skia.Canvas, view: View) -> None:
        """Run up and draw back."""
        breath = 0.5 - 0.5 * cos(2 * pi * view.t / 4.4)
        canvas.save()
        view.enter(canvas, self._depth)
        for paint_, reach in ((self._wet, 3.5), (self._sheet, 0.5 + 2.3 * breath)):
            edge = self._edge(view, self._u * reach, 0.4)
            sheet = skia.Path(edge)
            sheet.lineTo(self._width * 1.1, self._top - self._u * 2.0)
            sheet.lineTo(-self._width * 0.1, self._top - self._u * 2.0)
            sheet.close()
            canvas.drawPath(sheet, paint_)
        canvas.drawPath(edge, self._foam)
        canvas.restore()


def lilies(stage: Set, y: float, *, depth: float, count: int, size: float) -> Layer:
    """Lily pads on the water at ``y``, some in flower."""
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    s = size * lay.u
    band = stage.band(y - s * 3, y + s * 2, depth=depth)
    n = max(1, round(count * band.period / lay.width))
    pad = mix(pal.leaf, pal.water, 0.15)
    for i in range(n):
        x = (i + rng.uniform(-0.3, 0.3)) * band.period / n
        for _ in range(rng.randint(2, 4)):
            w = s * rng.uniform(0.7, 1.25)
            h = w * 0.30
            with band.at(x + rng.uniform(-2.2, 2.2) * s, y + rng.uniform(-0.7, 0.7) * s * 0.7, s * 3) as canvas:
                canvas.drawOval(skia.Rect(-w * 1.02, -h * 0.72, w * 1.02, h * 1.35), paint(pal.deep, 0.4))
                shape = skia.Path()
                start = rng.uniform(200, 330)
                shape.moveTo(0, 0)
                shape.arcTo(skia.Rect(-w, -h, w, h), start, 330, False)
                shape.close()
                canvas.drawPath(shape, paint(shift(pad, -0.05)))
                canvas.save()
                canvas.clipPath(shape, True)
                canvas.translate(stage.light.toward[0] * w * 0.1, -h * 0.18)
                canvas.drawPath(shape, paint(shift(pad, 0.03)))
                canvas.restore()
                if rng.random() < 0.35:
                    petal = pal.accent
                    for layer, k in ((0.62, 7), (0.4, 5)):
                        for j in range(k):
                            turn = pi * (0.08 + 0.84 * j / (k - 1))
                            px, py = -cos(turn) * w * 0.42 * layer, -sin(turn) * w * 0.42 * layer - w * 0.05
                            canvas.drawOval(
                                skia.Rect(px - w * 0.12, py - w * 0.16, px + w * 0.12, py + w * 0.12),
                                paint(shift(petal, 0.06 if layer < 0.5 else 0.0)),
                            )
                    canvas.drawCircle(0, -w * 0.12, w * 0.09, paint(pal.lit(oklch(0.86, 0.15, 88))))
    return band.layer(depth)
