"""How everything is painted: rounded two-tone shapes with a little gouache grain.

Shapes are drawn once a clip on wide periodic bands (see ``layers``), so they may take their time. All sizes
are pixels unless said otherwise.
"""

from __future__ import annotations

from functools import lru_cache
from math import cos, pi, sin
from typing import TYPE_CHECKING

import numpy as np
import skia

from .colour import argb, mix, shift

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from numpy.typing import NDArray


FAST = skia.kBGRA_8888_ColorType
"""The order of bytes that the software rasteriser has hand-written loops for: ten times as fast as the others."""


def paint(colour: int, alpha: float = 1.0, *, blur: float = 0.0) -> skia.Paint:
    """A smooth filling paint; ``blur`` is the sigma of a soft edge."""
    made = skia.Paint(AntiAlias=True, Color=argb(colour, alpha))
    if blur > 0:
        made.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    return made


def stroke(colour: int, width: float, alpha: float = 1.0) -> skia.Paint:
    """A round-ended line."""
    made = skia.Paint(AntiAlias=True, Color=argb(colour, alpha), Style=skia.Paint.kStroke_Style, StrokeWidth=width)
    made.setStrokeCap(skia.Paint.kRound_Cap)
    made.setStrokeJoin(skia.Paint.kRound_Join)
    return made


def vertical(y0: float, y1: float, colours: Sequence[int], stops: Sequence[float] | None = None) -> skia.Paint:
    """A paint that runs down from ``y0`` to ``y1`` through ARGB ``colours``."""
    shader = skia.GradientShader.MakeLinear([(0, y0), (0, y1)], list(colours), list(stops) if stops else None)
    return skia.Paint(AntiAlias=True, Shader=shader)


def radial(x: float, y: float, radius: float, colours: Sequence[int]) -> skia.Paint:
    """A paint that runs outwards from a point through ARGB ``colours``."""
    return skia.Paint(AntiAlias=True, Shader=skia.GradientShader.MakeRadial((x, y), radius, list(colours)))


def polygon(points: Sequence[tuple[float, float]]) -> skia.Path:
    """A closed path with straight sides."""
    path = skia.Path()
    path.addPoly([skia.Point(x, y) for x, y in points], True)
    return path


def ridge(rng: random.Random, period: float, height: float, waves: int, rough: float = 0.5) -> NDArray[np.float64]:
    """Heights 0..``height`` along one period (one value a 4 px step), meeting smoothly where it wraps.

    ``waves`` is how many hills there are in a period, ``rough`` how much smaller ones add.
    """
    x = np.linspace(0, 2 * pi, max(8, int(period / 4)) + 1)
    total = np.zeros_like(x)
    strength = 1.0
    count = waves
    for _ in range(5):
        total += strength * np.sin(count * x + rng.uniform(0, 2 * pi))
        total += 0.6 * strength * np.sin((count + 1) * x + rng.uniform(0, 2 * pi))
        strength *= rough
        count = count * 2 + 1
    total -= total.min()
    return np.asarray(total / total.max() * height)


def ridge_path(heights: NDArray[np.float64], period: float, base: float, bottom: float) -> skia.Path:
    """The land under a ridge whose zero height lies at ``base``, down to ``bottom``."""
    step = period / (len(heights) - 1)
    points = [(0.0, bottom), *((i * step, base - float(h)) for i, h in enumerate(heights)), (period, bottom)]
    return polygon(points)


def at(heights: NDArray[np.float64], period: float, x: float) -> float:
    """The ridge's height at ``x`` (wrapped)."""
    place = (x % period) / period * (len(heights) - 1)
    low = int(place)
    share = place - low
    return float(heights[low] * (1 - share) + heights[min(low + 1, len(heights) - 1)] * share)


def two_tone(
    canvas: skia.Canvas,
    path: skia.Path,
    colour: int,
    light: tuple[float, float],
    size: float,
    *,
    contrast: float = 1.0,
    warm: int | None = None,
) -> None:
    """Fill ``path`` with a lit side and a shaded side; ``light`` points to where light comes from."""
    dark = shift(colour, -0.075 * contrast, 1.0, 8)
    bright = (
        mix(shift(colour, 0.055 * contrast, 1.04, -6), warm, 0.12)
        if warm is not None
        else shift(colour, 0.055 * contrast, 1.04, -6)
    )
    canvas.drawPath(path, paint(dark))
    canvas.save()
    canvas.clipPath(path, True)
    moved = skia.Path(path)
    moved.offset(light[0] * size * 0.22, light[1] * size * 0.22)
    canvas.drawPath(moved, paint(colour, blur=size * 0.05))
    moved = skia.Path(path)
    moved.offset(light[0] * size * 0.50, light[1] * size * 0.50)
    canvas.drawPath(moved, paint(bright, 0.85, blur=size * 0.07))
    canvas.restore()


def blob(rng: random.Random, x: float, y: float, w: float, h: float, lumps: int = 9) -> skia.Path:
    """A leafy or cloudy outline: circles round an oval, joined."""
    path = skia.Path()
    path.addOval(skia.Rect.MakeXYWH(x - w * 0.40, y - h * 0.40, w * 0.80, h * 0.80))
    for i in range(lumps):
        turn = 2 * pi * (i + rng.uniform(-0.25, 0.25)) / lumps
        r = min(w, h) * rng.uniform(0.19, 0.29)
        circle = skia.Path.Circle(x + cos(turn) * (w / 2 - r), y + sin(turn) * (h / 2 - r), r)
        path.addPath(circle)
    return path


def less(one: skia.Path, other: skia.Path) -> skia.Path:
    """What is in ``one`` but not in ``other``; nothing when the outlines cannot be told apart."""
    try:
        return skia.Op(one, other, skia.PathOp.kDifference_PathOp)
    except RuntimeError:
        return skia.Path()


def both(one: skia.Path, other: skia.Path) -> skia.Path:
    """What is in either path."""
    joined = skia.Path(one)
    joined.addPath(other)
    return joined


@lru_cache(maxsize=8)
def grain_tile(seed: int, size: int = 512, scale: float = 1.35, strength: float = 0.036) -> skia.Image:
    """A seamless square of black and white mottle of the given ``strength`` (alpha), for the gouache look."""
    noise = np.random.default_rng(seed).standard_normal((size, size))
    f = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.fftfreq(size)[None, :]) * size
    shaped = np.fft.fft2(noise) * (1 / (1 + (f / (size / 26)) ** scale))
    field = np.real(np.fft.ifft2(shaped))
    field = np.clip(field / (field.std() * 2.2), -1, 1)
    alpha = (np.abs(field) * strength * 255).astype(np.uint8)
    white = np.where(field > 0, 255, 0).astype(np.uint8)
    return veil(white, alpha)


def canvas_over(pixels: NDArray[np.uint8]) -> skia.Surface:
    """A surface that draws into ``pixels``, uint8 (height, width, 4), premultiplied BGRA; it keeps no copy."""
    return skia.Surface(pixels, FAST, skia.kPremul_AlphaType)


def sheet(width: int, height: int) -> skia.Surface:
    """A surface of its own, empty."""
    return skia.Surface(skia.ImageInfo.Make(width, height, FAST, skia.kPremul_AlphaType))


def veil(colour: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> skia.Image:
    """A picture of straight ``colour``, (height, width) grey or (height, width, 3), with opacity ``alpha``."""
    if colour.ndim == 2:
        colour = np.repeat(colour[..., None], 3, axis=2)
    pixels = np.concatenate([colour, alpha[..., None]], axis=2)
    straight = skia.Image.fromarray(np.ascontiguousarray(pixels), skia.kRGBA_8888_ColorType, copy=True)
    # drawn once onto a raster surface: premultiplied pixels are the ones that are fast to draw
    surface = sheet(straight.width(), straight.height())
    surface.getCanvas().drawImage(straight, 0, 0)
    return surface.makeImageSnapshot()


def gouache(canvas: skia.Canvas, rect: skia.Rect, seed: int, strength: float = 1.0) -> None:
    """Mottle whatever is already painted inside ``rect``; transparent parts stay so."""
    tile = grain_tile(seed % 4)
    shader = tile.makeShader(skia.TileMode.kRepeat, skia.TileMode.kRepeat, skia.SamplingOptions())
    over = skia.Paint(Shader=shader, BlendMode=skia.BlendMode.kSrcATop)
    over.setAlphaf(strength)
    canvas.drawRect(rect, over)
