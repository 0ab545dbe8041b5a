"""Skies: the gradient, the lamp in it with its glow, stars and drifting clouds."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING

import skia

from .brush import blob, paint, radial, two_tone, vertical
from .colour import argb, mix, oklch, shift
from .layers import Band, Layer

if TYPE_CHECKING:
    from .layers import Set


def sky(stage: Set, bottom: float, *, lamp: bool = True) -> Layer:
    """The still sky, down to ``bottom``, with sun or moon and stars."""
    lay, pal, light = stage.layout, stage.palette, stage.light
    band = Band(lay.width, 0, bottom)
    canvas = band.canvas
    canvas.drawRect(
        skia.Rect(0, 0, lay.width + 4, bottom),
        vertical(0, lay.horizon, [argb(pal.top), argb(pal.middle), argb(pal.low)], [0, 0.62, 1]),
    )
    if light.stars and stage.weather == "clear":
        _stars(stage, canvas)
    if lamp:
        _lamp(stage, canvas)
    return band.layer(0.0, fixed=True, grain=stage.rng.randrange(4))


def _stars(stage: Set, canvas: skia.Canvas) -> None:
    lay, rng = stage.layout, stage.rng
    count = int(stage.light.stars * lay.width * lay.height / 1e6)
    white = oklch(0.96, 0.03, 95)
    for _ in range(count):
        x, y = rng.uniform(0, lay.width), lay.horizon * rng.random() ** 1.3
        fade = 1 - (y / lay.horizon) ** 1.5
        r = lay.u * (0.10 + 0.22 * rng.random() ** 4)
        canvas.drawCircle(x, y, r, paint(white, fade * rng.uniform(0.35, 0.95)))
        if r > lay.u * 0.24:
            canvas.drawCircle(x, y, r * 3.2, paint(white, fade * 0.16, blur=r))


def _lamp(stage: Set, canvas: skia.Canvas) -> None:
    lay, pal, light = stage.layout, stage.palette, stage.light
    x, y = light.sun[0] * lay.width, light.sun[1] * lay.height
    r = light.disc * lay.u * 0.82
    veil = 0.35 if stage.weather in ("rain", "snow") else 1.0
    low = light.name in ("dawn", "sunset")
    reach = lay.u * (62 if low else 40)
    canvas.drawCircle(
        x,
        y,
        reach,
        radial(
            x,
            y,
            reach,
            [
                argb(pal.glow, (0.62 if low else 0.34) * veil),
                argb(pal.glow, (0.20 if low else 0.10) * veil),
                argb(pal.glow, 0),
            ],
        ),
    )
    if veil < 1:
        return
    canvas.drawCircle(x, y, r * 1.55, radial(x, y, r * 1.55, [argb(pal.glow, 0.9), argb(pal.glow, 0)]))
    if light.moon:
        canvas.drawCircle(x, y, r, paint(pal.glow))
        sea = shift(pal.glow, -0.06, 1.2)
        for turn, far, size in ((0.6, 0.38, 0.26), (2.2, 0.30, 0.20), (3.9, 0.52, 0.15), (5.2, 0.45, 0.12)):
            canvas.drawCircle(x + cos(turn) * r * far, y + sin(turn) * r * far, r * size, paint(sea, 0.55))
    else:
        canvas.drawCircle(x, y, r, paint(mix(pal.glow, 0xFFFFFF, 0.35)))


def clouds(stage: Set, count: int, *, depth: float = 0.05, low: float = 0.72, big: float = 1.0) -> Layer:
    """A drifting band of flat-bottomed clouds between the top of the frame and ``low`` of the horizon."""
    lay, pal, light, rng = stage.layout, stage.palette, stage.light, stage.rng
    band = stage.band(0, lay.horizon, depth=depth)
    white = mix(pal.low, 0xFFFFFF, 0.10 if light.moon else 0.62)
    if light.moon:
        white = mix(pal.middle, pal.low, 0.7)
    under = mix(white, pal.middle, 0.55)
    if light.name in ("sunset", "dawn"):
        white = mix(pal.glow, pal.low, 0.35)
        under = mix(pal.low, pal.top, 0.34)
    n = max(2, round(count * band.period / max(lay.width, lay.height * 0.6)))
    for i in range(n):
        x = (i + rng.uniform(-0.3, 0.3)) * band.period / n
        y = lay.horizon * rng.uniform(0.14, low)
        near = 1 - y / lay.horizon
        w = lay.u * rng.uniform(16, 30) * (0.42 + near) * big
        h = w * rng.uniform(0.22, 0.32)
        with band.at(x, y, w) as canvas:
            shape = _puff(stage, w, h)
            canvas.saveLayerAlpha(None, 235 if not light.moon else 165)
            two_tone(canvas, shape, mix(white, under, 0.30), light.toward, h * 0.9, contrast=0.35, warm=white)
            canvas.save()
            canvas.clipPath(shape, True)
            canvas.drawRect(
                skia.Rect(-w, -h, w, h), vertical(-h * 0.25, h * 0.42, [argb(under, 0), argb(under, 0.85)])
            )
            canvas.restore()
            canvas.restore()
    return band.layer(depth, drift=lay.u * rng.uniform(0.45, 0.9), grain=2)


def _puff(stage: Set, w: float, h: float) -> skia.Path:
    """A cloud: heaped circles on a flat base."""
    rng = stage.rng
    path = skia.Path()
    base = h * 0.40
    path.addRoundRect(skia.Rect(-w * 0.5, base - h * 0.30, w * 0.5, base), h * 0.15, h * 0.15)
    n = rng.randint(5, 7)
    for i in range(n):
        place = (i + 0.5) / n - 0.5
        tall = sin((place + 0.5) * pi) ** 0.8
        r = h * (0.24 + 0.26 * tall) * rng.uniform(0.85, 1.2)
        path.addCircle(place * w * 0.80, base - r * rng.uniform(1.0, 1.25) - h * 0.12 * tall, r)
    return path


def leafy(stage: Set, x: float, y: float, w: float, h: float) -> skia.Path:
    """A leafy outline, for trees and bushes."""
    return blob(stage.rng, x, y, w, h, stage.rng.randint(8, 11))
