"""Where a body crosses the surface: whole above it; tinted, wavering and fading below; foam, rings and a wake."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin
from typing import TYPE_CHECKING

import numpy as np
import skia

from .brush import paint, stroke, vertical
from .colour import argb, mix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .layers import Water
    from .scene import Instant, Scene

_LINEAR = skia.SamplingOptions(skia.FilterMode.kLinear)
_NEAREST = skia.SamplingOptions()


@dataclass(frozen=True, slots=True)
class Line:
    """The waterline about a body: its height, the detail unit and the time that ripple it."""

    y: float
    u: float
    t: float

    def at(self, x: float) -> float:
        """The surface's height at ``x``, pixels."""
        u, t = self.u, self.t
        return self.y + u * (0.20 * sin(x / (u * 3.1) + 2.1 * t) + 0.12 * sin(x / (u * 1.3) - 3.3 * t))


class Afloat:
    """Sets a body into water. ``pixels`` and ``surface`` are where the body itself has just been drawn."""

    def __init__(self, scene: Scene, water: Water, pixels: NDArray[np.uint8], surface: skia.Surface) -> None:
        self._scene, self._water = scene, water
        self._alpha = pixels[..., 3]
        self._surface = surface
        self._bright = mix(water.foam, 0xFFFFFF, 0.6)

    def draw(self, canvas: skia.Canvas, now: Instant, image: skia.Image, left: int, top: int, line: Line) -> None:
        """Draw ``image``, whose corner belongs at (left, top), into the water."""
        u = line.u
        height, width = self._alpha.shape
        row = min(height - 2, max(1, int(line.y - top)))
        margin = min(row, int(u * 0.5) + 1)
        band = self._alpha[row - margin : row + int(u * 0.6) + 1].max(axis=0)
        crossing = np.flatnonzero(band > 90)
        first = row - margin
        under = self._alpha[first:].any(axis=1)
        rows = int(np.flatnonzero(under)[-1]) + 1 if under.any() else 0
        columns = np.flatnonzero(self._alpha[first : first + rows].any(axis=0)) if rows else crossing
        if columns.size:
            box = skia.IRect(int(columns[0]), first, int(columns[-1]) + 1, first + rows)
            edge = self._edge(left, width, top, line)
            canvas.save()
            canvas.clipPath(edge, skia.ClipOp.kDifference, True)
            if crossing.size:
                self._shade(canvas, left + int(crossing[0]), left + int(crossing[-1]), line)
            self._below(canvas, box, row, left, top, line)
            canvas.restore()
            canvas.save()
            canvas.clipPath(edge, True)
            self._copy(
                canvas, image, skia.Rect(box.left(), first, box.right(), min(height, row + margin + 1)), left, top
            )
            canvas.restore()
        self._copy(canvas, image, skia.Rect(0, 0, width, first), left, top)
        if crossing.size:
            ends = left + int(crossing[0]), left + int(crossing[-1])
            self._rings(canvas, ends, line)
            self._collar(canvas, ends, line)
            if self._scene.way.stride:
                self._wake(canvas, ends[0] if self._scene.facing > 0 else ends[1], line)

    @staticmethod
    def _copy(canvas: skia.Canvas, image: skia.Image, part: skia.Rect, left: int, top: int) -> None:
        canvas.drawImageRect(
            image, part, part.makeOffset(left, top), _NEAREST, None, skia.Canvas.kFast_SrcRectConstraint
        )

    @staticmethod
    def _edge(left: int, width: int, top: int, line: Line) -> skia.Path:
        """Everything above the surface, over the body's width."""
        edge = skia.Path()
        step = max(4.0, line.u * 0.6)
        edge.moveTo(left - step, top - 4)
        for i in range(-1, int(width / step) + 3):
            edge.lineTo(left + i * step, line.at(left + i * step))
        edge.lineTo(left + width + 2 * step, top - 4)
        edge.close()
        return edge

    def _shade(self, canvas: skia.Canvas, x0: int, x1: int, line: Line) -> None:
        """The body's dark reflection, close under it."""
        mid, half, u = (x0 + x1) / 2, (x1 - x0) / 2, line.u
        shade = paint(self._water.deep, 0.30, blur=u * 0.8)
        canvas.drawOval(skia.Rect(mid - half * 1.15, line.y - u * 0.6, mid + half * 1.15, line.y + u * 2.6), shade)

    def _below(self, canvas: skia.Canvas, box: skia.IRect, row: int, left: int, top: int, line: Line) -> None:
        """The submerged part: tinted with the water before it, in strips that waver the more the deeper."""
        water, size, u = self._water, self._scene.layout.size, line.u
        pool = self._surface.getCanvas()
        shallow = argb(mix(water.surface, water.deep, 0.25), 0.42)
        tint = vertical(row - u, row + size * 0.55, [shallow, argb(water.deep, 0.93)])
        tint.setBlendMode(skia.BlendMode.kSrcATop)
        where = skia.Rect(box)
        pool.drawRect(where, tint)
        fade = vertical(row, row + size * 0.62, [0xFF000000, 0xC0000000, 0x00000000], [0, 0.35, 1])
        fade.setBlendMode(skia.BlendMode.kDstIn)
        pool.drawRect(where, fade)
        part = self._surface.makeImageSnapshot(box)
        strip = max(2, int(u * 0.55))
        y = 0
        while y < part.height():
            screen = top + box.top() + y
            swing = u * min(0.9, 0.12 + y / (u * 14))
            dx = swing * (sin(screen / (u * 1.15) + 4.2 * line.t) + 0.5 * sin(screen / (u * 0.7) - 2.7 * line.t))
            source = skia.Rect(0, y, part.width(), min(part.height(), y + strip))
            canvas.drawImageRect(
                part,
                source,
                source.makeOffset(left + box.left() + dx, top + box.top()),
                _LINEAR,
                None,
                skia.Canvas.kFast_SrcRectConstraint,
            )
            y += strip

    def _rings(self, canvas: skia.Canvas, ends: tuple[int, int], line: Line) -> None:
        """Three rings that spread and fade, left behind when it moves."""
        u, scene = line.u, self._scene
        mid, half = (ends[0] + ends[1]) / 2, max(u, (ends[1] - ends[0]) / 2)
        y = line.at(mid)
        for k in range(3):
            age = (line.t * 0.55 + k / 3) % 1.0
            rx, ry = half * (1.02 + 0.75 * age), u * (0.9 + 3.0 * age)
            ring = stroke(self._water.foam, max(1.0, u * 0.24 * (1 - age)), 0.55 * (1 - age) ** 1.3)
            lag = -scene.facing * half * 0.35 * age * (1 if scene.way.stride else 0)
            canvas.drawArc(skia.Rect(mid - rx + lag, y - ry * 0.62, mid + rx + lag, y + ry), 8, 164, False, ring)

    def _collar(self, canvas: skia.Canvas, ends: tuple[int, int], line: Line) -> None:
        """Froth where body and surface meet: a pale streak with uneven bubbles on it."""
        u, t = line.u, line.t
        x0, x1 = ends
        low, high = skia.Path(), skia.Path()
        n = max(8, int((x1 - x0) / (u * 1.15)))
        for i in range(n + 1):
            s = i / n
            chance = sin(127.1 * i + 0.7) * 43758.5453 % 1.0
            x = x0 - u * 0.6 + (x1 - x0 + u * 1.2) * s + u * 0.5 * (chance - 0.5)
            y = line.at(x) + u * 0.45 * sin(pi * s)
            puff = chance * (0.7 + 0.3 * sin(2.3 * t + 9 * chance))
            r = u * (0.16 + 0.62 * puff * puff) * (0.35 + 0.65 * sin(pi * s) ** 0.35)
            low.addOval(skia.Rect(x - r * 1.5 - u * 0.9, y - u * 0.24, x + r * 1.5 + u * 0.9, y + u * 0.3 + r * 0.4))
            high.addOval(skia.Rect(x - r * 0.95, y - r * 0.85, x + r * 0.95, y + r * 0.5))
        canvas.drawPath(low, paint(self._water.foam, 0.55))
        canvas.drawPath(high, paint(self._bright, 0.92))

    def _wake(self, canvas: skia.Canvas, stern: float, line: Line) -> None:
        """Three feathered lines that trail behind."""
        foam, facing, u = self._water.foam, self._scene.facing, line.u
        for k, (drop, length) in enumerate(((0.5, 15), (2.6, 22), (1.5, 10))):
            path = skia.Path()
            path.moveTo(stern + facing * u * 0.5, line.y + u * 0.3)
            for i in range(1, 9):
                s = i / 8
                rise = 0.3 + drop * s**0.8 * 1.4 + 0.22 * s * sin(7 * s + 2.6 * line.t + k)
                path.lineTo(stern - facing * length * u * s, line.y + u * rise)
            end = stern - facing * length * u
            trail = stroke(foam, u * (0.34 - 0.07 * k))
            fading = [argb(foam, 0.65), argb(foam, 0)]
            trail.setShader(skia.GradientShader.MakeLinear([(stern, 0), (end, 0)], fading))
            canvas.drawPath(path, trail)
