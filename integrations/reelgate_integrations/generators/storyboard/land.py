"""Land: hills, ground and what lies about on it; shared by the places so that they are one world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import skia

from . import plants
from .brush import at, paint, ridge, ridge_path, stroke, vertical
from .colour import argb, mix, shift
from .layers import Painter

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from .layers import Band, Layer, Set

Grow = tuple[float, float, Painter]
"""How many a frame width, how tall in hundredths, and the painter (canvas, height)."""


def hills(
    stage: Set,
    base: float,
    height: float,
    colour: int,
    *,
    depth: float,
    air: float,
    waves: int = 2,
    rough: float = 0.45,
    bottom: float | None = None,
    grow: tuple[Grow, ...] = (),
    misty: float = 0.35,
    hem: int | None = None,
) -> Layer:
    """A range of hills whose feet stand at ``base``, seen through ``air`` 0..1, with things growing on the crest.

    ``misty`` is how much haze lies at its foot; ``hem`` colours a lit edge along the crest.
    """
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    foot = bottom if bottom is not None else base + height
    tallest = max((tall for _, tall, _ in grow), default=0.0) * lay.u
    band = stage.band(base - height * 1.05 - tallest * 1.3, foot, depth=depth)
    heights = ridge(rng, band.period, height, waves, rough)
    body = pal.air(colour, air)
    _grow(stage, band, heights, base, grow)
    path = ridge_path(heights, band.period, base, foot + 8)
    light = mix(shift(body, 0.03, 1.05), pal.key, 0.10 * (1 - air))
    band.fill(
        path, vertical(base - height, base + height * 0.35, [argb(light), argb(body), argb(pal.air(body, misty))])
    )
    if hem is not None:
        line = stroke(hem, max(1.5, lay.u * 0.22), 0.8)
        band.fill(path, line)
    return band.layer(depth, grain=rng.randrange(4))


def _grow(stage: Set, band: Band, heights: NDArray[np.float64], base: float, grow: tuple[Grow, ...]) -> None:
    lay, rng = stage.layout, stage.rng
    todo: list[tuple[float, float, Painter]] = []
    for count, tall, painter in grow:
        n = max(1, round(count * band.period / lay.width))
        todo += [
            ((i + rng.uniform(-0.42, 0.42)) * band.period / n, tall * lay.u * rng.uniform(0.72, 1.2), painter)
            for i in range(n)
        ]
    for x, tall, painter in todo:
        foot = base - at(heights, band.period, x)
        with band.at(x, foot + tall * 0.03, tall * 1.2) as canvas:
            painter(canvas, tall)


def ground(
    stage: Set,
    *,
    top: float,
    colour: int,
    dark: int,
    wave: float = 1.6,
    scatter: Callable[[Band], None] | None = None,
    edge: Painter | None = None,
    lines: int | None = None,
) -> Layer:
    """What the subject stands on, at depth 1: from ``top`` to the frame's bottom, growing darker towards us.

    ``edge`` paints something along the far edge (grass), ``scatter`` strews details, ``lines`` colours soft strokes
    that run along the ground and show its motion.
    """
    lay, pal, rng = stage.layout, stage.palette, stage.rng
    band = stage.band(top - lay.u * 7, lay.height + 8)
    heights = ridge(rng, band.period, lay.u * wave, 2, 0.4)
    path = ridge_path(heights, band.period, top, lay.height + 16)
    if edge is not None:
        n = int(band.period / (lay.u * 2.1))
        for i in range(n):
            x = (i + rng.uniform(-0.4, 0.4)) * band.period / n
            with band.at(x, top - at(heights, band.period, x) + lay.u * 0.6, lay.u * 6) as canvas:
                edge(canvas, lay.u * rng.uniform(1.6, 3.4))
    warm = mix(shift(colour, 0.025), pal.key, 0.12)
    band.fill(
        path,
        vertical(
            top - lay.u * 2,
            lay.height,
            [argb(warm), argb(colour), argb(dark), argb(mix(dark, pal.shade, 0.42))],
            [0, 0.22, 0.62, 1],
        ),
    )
    if lines is not None:
        _strokes(stage, band, top + lay.u * 1.5, lines)
    if scatter is not None:
        scatter(band)
    return band.layer(1.0, grain=rng.randrange(4))


def _strokes(stage: Set, band: Band, top: float, colour: int) -> None:
    """Long flat brush strokes, larger towards us."""
    lay, rng = stage.layout, stage.rng
    span = lay.height - top
    n = int(46 * band.period / lay.width)
    for _ in range(n):
        part = rng.random()
        y = top + span * part
        w = lay.u * rng.uniform(3, 11) * (0.5 + part)
        h = lay.u * (0.22 + 0.8 * part)
        with band.at(rng.uniform(0, band.period), y, w) as canvas:
            canvas.drawOval(
                skia.Rect(-w / 2, -h / 2, w / 2, h / 2),
                paint(shift(colour, rng.uniform(-0.03, 0.03)), 0.34, blur=h * 0.22),
            )


def strew(
    stage: Set,
    band: Band,
    top: float,
    bottom: float,
    count: int,
    painter: Painter,
    size: float,
) -> None:
    """Paint ``count`` things a frame width between two heights, sorted from far to near and growing towards us.

    The painter gets the canvas and a size in pixels, ``size`` hundredths at the subject's feet.
    """
    lay, rng = stage.layout, stage.rng
    n = max(1, round(count * band.period / lay.width))
    spots = sorted((rng.uniform(top, bottom), rng.uniform(0, band.period)) for _ in range(n))
    for y, x in spots:
        grown = 0.7 + 0.75 * (y - top) / max(1.0, lay.height - top)
        s = size * lay.u * grown * rng.uniform(0.75, 1.2)
        with band.at(x, y, s * 2.5) as canvas:
            painter(canvas, s)


def fringe(
    stage: Set,
    painter: Painter,
    *,
    count: int,
    size: float,
    depth: float = 1.55,
    sink: float = 0.0,
) -> Layer:
    """The dark soft things right before the lens, along the frame's bottom; kept off its middle."""
    lay, rng = stage.layout, stage.rng
    tall = size * lay.u
    if lay.tall:
        tall *= 1.25
    band = stage.band(lay.height - tall * 1.5, lay.height + 8, depth=depth)
    n = max(2, round(count * band.period / lay.width))
    for i in range(n):
        x = (i + rng.uniform(-0.3, 0.3)) * band.period / n
        with band.at(x, lay.height + tall * (0.12 + sink), tall * 1.6) as canvas:
            painter(canvas, tall * rng.uniform(0.6, 1.1))
    return band.layer(depth, grain=None)


def grass_fringe(stage: Set, *, size: float = 9.0) -> Layer:
    """Blurred dark grass at the bottom of the frame."""
    u = stage.layout.u
    fore = stage.palette.fore

    def blades(canvas: skia.Canvas, tall: float) -> None:
        plants.tuft(stage, canvas, tall, fore, blades=9, blur=u * 0.28, spread=0.7)

    return fringe(stage, blades, count=7, size=size)
