"""The picture-book hand: rounded shapes, two-tone light, even lines.

Every rig draws through a :class:`Brush`, so that a fox and a bus are lit, rimmed and rounded alike. All
lengths are in the rig's units, colours are ``0xRRGGBB``, angles are radians (clockwise, as y grows downwards).
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import skia

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reelgate_integrations.generators.storyboard.rigs.base import Pose, Skin

Point = tuple[float, float]

_ROUND = 0.5523
_WHITE = 0xFFF8EC
_SMALL = 100.0
"""Half the width plus height, in pixels, below which a true gradient is as quick as opaque steps."""


@lru_cache(maxsize=16384)
def mix(a: int, b: int, t: float) -> int:
    """The colour ``t`` (0..1) of the way from ``a`` to ``b``."""
    t = min(1.0, max(0.0, t))
    ar, ag, ab = a >> 16, (a >> 8) & 255, a & 255
    br, bg, bb = b >> 16, (b >> 8) & 255, b & 255
    return (round(ar + (br - ar) * t) << 16) | (round(ag + (bg - ag) * t) << 8) | round(ab + (bb - ab) * t)


@lru_cache(maxsize=4096)
def _dim(colour: int, shade: int, depth: float) -> int:
    """``colour`` under a filter of ``shade``: multiplied rather than mixed, so that yellow turns amber, not olive."""
    veil = mix(0xFFFFFF, shade, 0.75)
    under = 0
    for s in (16, 8, 0):
        under |= ((colour >> s) & 255) * ((veil >> s) & 255) // 255 << s
    return mix(colour, mix(under, shade, 0.3), depth * 1.2)


def lighter(colour: int, t: float) -> int:
    """``colour`` with warm white mixed in."""
    return mix(colour, _WHITE, t)


def argb(colour: int, alpha: float = 1.0) -> int:
    """``colour`` as skia wants it."""
    return (round(min(1.0, max(0.0, alpha)) * 255) << 24) | colour


def smooth(points: Sequence[Point], *, closed: bool = True, tension: float = 1.0) -> skia.Path:
    """A curve through all ``points`` (Catmull-Rom as cubics); ``tension`` 0 makes it a polygon."""
    n, k = len(points), tension / 6.0
    path = skia.Path()
    path.moveTo(*points[0])
    for i in range(n if closed else n - 1):
        if closed:
            p0, p1, p2, p3 = points[i - 1], points[i], points[(i + 1) % n], points[(i + 2) % n]
        else:
            p0, p1 = points[max(0, i - 1)], points[i]
            p2, p3 = points[i + 1], points[min(n - 1, i + 2)]
        path.cubicTo(
            p1[0] + (p2[0] - p0[0]) * k, p1[1] + (p2[1] - p0[1]) * k,
            p2[0] - (p3[0] - p1[0]) * k, p2[1] - (p3[1] - p1[1]) * k,
            p2[0], p2[1],
        )  # fmt: skip
    if closed:
        path.close()
    return path


def egg(
    x: float, y: float, left: float, right: float, up: float, down: float, full: float = _ROUND, tilt: float = 0.0
) -> skia.Path:
    """An oval about (x, y) with its own reach in each direction; ``full`` above 0.55 squares it off."""
    path = skia.Path()
    path.moveTo(x, y - up)
    path.cubicTo(x + right * full, y - up, x + right, y - up * full, x + right, y)
    path.cubicTo(x + right, y + down * full, x + right * full, y + down, x, y + down)
    path.cubicTo(x - left * full, y + down, x - left, y + down * full, x - left, y)
    path.cubicTo(x - left, y - up * full, x - left * full, y - up, x, y - up)
    path.close()
    if tilt:
        path.transform(skia.Matrix().setRotate(math.degrees(tilt), x, y))
    return path


def ball(x: float, y: float, rx: float, ry: float | None = None, tilt: float = 0.0) -> skia.Path:
    """An ellipse."""
    ry = rx if ry is None else ry
    return egg(x, y, rx, rx, ry, ry, _ROUND, tilt)


def box(x0: float, y0: float, x1: float, y1: float, r: float) -> skia.Path:
    """A rectangle with round corners."""
    return skia.Path.RRect(skia.RRect.MakeRectXY(skia.Rect.MakeLTRB(x0, y0, x1, y1), r, r))


def curve(points: Sequence[Point], steps: int) -> list[Point]:
    """``steps`` + 1 points along the Catmull-Rom curve through ``points``, ends included."""
    out: list[Point] = []
    last = len(points) - 1
    for s in range(steps + 1):
        u = s / steps * last
        i = min(int(u), last - 1)
        f = u - i
        p0, p1, p2 = points[max(0, i - 1)], points[i], points[i + 1]
        p3 = points[min(last, i + 2)]
        out.append((_cubic(p0[0], p1[0], p2[0], p3[0], f), _cubic(p0[1], p1[1], p2[1], p3[1], f)))
    return out


def _cubic(a: float, b: float, c: float, d: float, f: float) -> float:
    return b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a)))


def tube(points: Sequence[Point], widths: Sequence[float], steps: int = 6) -> skia.Path:
    """A limb along ``points`` with the given full widths (one a point) and round ends."""
    spine = curve(points, steps)
    left: list[Point] = []
    right: list[Point] = []
    n = len(spine) - 1
    span = len(widths) - 1
    for i, (x, y) in enumerate(spine):
        (ax, ay), (bx, by) = spine[max(0, i - 1)], spine[min(n, i + 1)]
        length = math.hypot(bx - ax, by - ay) or 1e-6
        nx, ny = -(by - ay) / length, (bx - ax) / length
        u = i / n * span
        k = min(int(u), span - 1)
        half = (widths[k] + (widths[k + 1] - widths[k]) * (u - k)) / 2
        left.append((x + nx * half, y + ny * half))
        right.append((x - nx * half, y - ny * half))
    path = skia.Path()
    path.addPath(smooth([*left, _cap(spine[-2], spine[-1], widths[-1]), *reversed(right),
        _cap(spine[1], spine[0], widths[0])]))
    return path


def _cap(before: Point, end: Point, width: float) -> Point:
    dx, dy = end[0] - before[0], end[1] - before[1]
    length = math.hypot(dx, dy) or 1e-6
    return end[0] + dx / length * width * 0.42, end[1] + dy / length * width * 0.42


def union(*paths: skia.Path) -> skia.Path:
    """One silhouette from several overlapping ones."""
    builder = skia.OpBuilder()
    for path in paths:
        builder.add(path, skia.PathOp.kUnion_PathOp)
    joined: skia.Path = builder.resolve()
    return joined


@dataclass(frozen=True, slots=True)
class Brush:
    """A canvas with a light over it; ``detail`` is pixels a unit here, so that unseen strokes are left out."""

    canvas: skia.Canvas
    light: Point
    detail: float
    skin: Skin

    @classmethod
    def of(cls, canvas: skia.Canvas, pose: Pose, skin: Skin) -> Brush:
        """The brush of one draw call."""
        return cls(canvas, pose.light, pose.detail, skin)

    @contextmanager
    def at(self, x: float, y: float, turn: float = 0.0, sx: float = 1.0, sy: float = 1.0) -> Iterator[Brush]:
        """A brush whose origin is (x, y), turned and scaled; the light stays where it is in the world."""
        self.canvas.save()
        self.canvas.translate(x, y)
        if turn:
            self.canvas.rotate(math.degrees(turn))
        if sx != 1.0 or sy != 1.0:
            self.canvas.scale(sx, sy)
        c, s = math.cos(-turn), math.sin(-turn)
        lx, ly = self.light
        flip = -1.0 if sx < 0 else 1.0
        yield replace(self, light=((lx * c - ly * s) * flip, lx * s + ly * c), detail=self.detail * abs(sy))
        self.canvas.restore()

    @contextmanager
    def inside(self, path: skia.Path) -> Iterator[None]:
        """Everything drawn within is cut to ``path``."""
        self.canvas.save()
        self.canvas.clipPath(path, skia.ClipOp.kIntersect, True)
        yield
        self.canvas.restore()

    def shade(self, colour: int, depth: float = 0.36) -> int:
        """``colour`` out of the light."""
        return _dim(colour, self.skin.shade, depth)

    def fill(self, path: skia.Path, colour: int, alpha: float = 1.0) -> None:
        """One flat colour."""
        self.canvas.drawPath(path, skia.Paint(AntiAlias=True, Color=argb(colour, alpha)))

    def line(self, path: skia.Path, colour: int, width: float, alpha: float = 1.0) -> None:
        """A round-ended stroke of even weight."""
        paint = skia.Paint(
            AntiAlias=True, Color=argb(colour, alpha), Style=skia.Paint.kStroke_Style, StrokeWidth=width,
            StrokeCap=skia.Paint.kRound_Cap, StrokeJoin=skia.Paint.kRound_Join,
        )  # fmt: skip
        self.canvas.drawPath(path, paint)

    def form(
        self, path: skia.Path, colour: int, *, depth: float = 0.36, glow: float = 0.14, edge: float = 0.64,
        soft: float = 0.2, rim: float = 0.0,
    ) -> None:  # fmt: skip
        """A rounded body in two tones: lit towards the light, shaded past a soft terminator, rimmed if asked.

        ``edge`` is where the shade begins (share of the way from the lit spot to the far edge), ``soft`` how
        wide the terminator is, ``rim`` the width of the light on the far edge. On large forms the terminator is laid
        in opaque steps of a few pixels, as gouache is: on a CPU that is several times quicker than a gradient.
        """
        r = path.getBounds()
        hx, hy = r.width() / 2, r.height() / 2
        size = (hx + hy) * self.detail
        if size < 8.0:
            self.fill(path, colour)
            return
        lx, ly = self.light
        cx, cy = r.centerX() + lx * 0.45 * hx, r.centerY() + ly * 0.45 * hy
        dark = self.shade(colour, depth)
        if size < _SMALL:
            place = skia.Matrix.Scale(hx, hy)
            place.postTranslate(r.centerX(), r.centerY())
            tones = [argb(lighter(colour, glow)), argb(colour), argb(colour), argb(dark)]
            self._shade(path, skia.GradientShader.MakeRadial(
                skia.Point(lx * 0.45, ly * 0.45), 1.5, tones,
                [0.0, min(0.4, edge - 0.02), edge, min(1.0, edge + soft)], skia.TileMode.kClamp, 0, place,
            ))  # fmt: skip
            if rim * self.detail > 0.8:
                with self.inside(path):
                    self._rim(path, dark, rim)
            return
        steps = int(min(8.0, max(3.0, soft * size / 6.0)))
        spots = int(min(4.0, size / 40.0)) if glow else 0
        # rings from the lit spot outwards that cover every pixel once: overlapping ones would harden the edge
        rings = [(0.62 * i / spots, lighter(colour, glow * (1 - (i - 1) / spots))) for i in range(1, spots + 1)]
        rings += [(1.5 * (edge + soft * (i + 0.5) / steps), mix(colour, dark, i / steps)) for i in range(steps)]
        with self.inside(path):
            inner = 0.0
            for reach, tone in rings:
                self._ring(cx, cy, hx, hy, inner, reach, tone)
                inner = reach * 0.985
            self._ring(cx, cy, hx, hy, inner, None, dark)
            if rim * self.detail > 0.8:
                self._rim(path, dark, rim)

    def _rim(self, path: skia.Path, dark: int, width: float) -> None:
        """Two crescents along the edge that looks away from the light."""
        lx, ly = self.light
        for share, strength in ((1.3, 0.22), (0.7, 0.5)):
            moved = skia.Path(path)
            moved.transform(skia.Matrix.Translate(lx * width * share, ly * width * share))
            moved.setFillType(skia.PathFillType.kInverseWinding)
            self.fill(moved, mix(dark, self.skin.rim, strength))

    def _shade(self, path: skia.Path, shader: skia.Shader) -> None:
        self.canvas.drawPath(path, skia.Paint(AntiAlias=True, Shader=shader))

    def _ring(self, x: float, y: float, rx: float, ry: float, inner: float, outer: float | None, colour: int) -> None:
        """An elliptic ring, hard-edged so that neighbours abut; without ``outer`` everything beyond ``inner``."""
        path = skia.Path()
        path.setFillType(skia.PathFillType.kEvenOdd if outer else skia.PathFillType.kInverseWinding)
        for reach in (inner, outer or 0.0):
            if reach:
                path.addOval(skia.Rect.MakeLTRB(x - rx * reach, y - ry * reach, x + rx * reach, y + ry * reach))
        self.canvas.drawPath(path, skia.Paint(Color=argb(colour)))

    def fade(self, path: skia.Path, start: Point, end: Point, stops: Sequence[tuple[int, float]]) -> None:
        """``path`` filled along a line from ``start`` to ``end`` with evenly spaced (colour, alpha) ``stops``."""
        r = path.getBounds()
        far = r.width() + r.height() + math.hypot(r.centerX() - start[0], r.centerY() - start[1])
        dx, dy = end[0] - start[0], end[1] - start[1]
        length = math.hypot(dx, dy) or 1e-6
        if (r.width() + r.height()) * self.detail / 2 < _SMALL:
            colours = [argb(c, a) for c, a in stops]
            self._shade(path, skia.GradientShader.MakeLinear([skia.Point(*start), skia.Point(*end)], colours))
            return
        steps = int(min(24.0, max(6.0, length * self.detail / 3.0)))
        last = len(stops) - 1
        with self.inside(path):
            self.canvas.translate(*start)
            self.canvas.rotate(math.degrees(math.atan2(dy, dx)))
            for i in range(steps):
                u = i / (steps - 1) * last
                k = min(int(u), last - 1)
                (c0, a0), (c1, a1) = stops[k], stops[k + 1]
                alpha = a0 + (a1 - a0) * (u - k)
                if alpha < 0.01:
                    continue
                x0 = -far if i == 0 else length * i / steps
                x1 = length + far if i == steps - 1 else length * (i + 1) / steps
                band = skia.Rect.MakeLTRB(x0, -far, x1, far)
                self.canvas.drawRect(band, skia.Paint(Color=argb(mix(c0, c1, u - k), alpha)))

    def blush(self, x: float, y: float, r: float, colour: int, alpha: float, flat: float = 0.8) -> None:
        """A soft round stain: cheeks, glow, occlusion under a chin."""
        if r * self.detail < _SMALL / 2:
            place = skia.Matrix.Scale(r, r * flat)
            place.postTranslate(x, y)
            self._shade(_oval(x, y, r, r * flat), skia.GradientShader.MakeRadial(
                skia.Point(0, 0), 1.0, [argb(colour, alpha), argb(colour, alpha * 0.7), argb(colour, 0.0)],
                [0.0, 0.45, 1.0], skia.TileMode.kClamp, 0, place,
            ))  # fmt: skip
            return
        rings = int(min(6.0, max(2.0, r * self.detail / 6.0)))
        each = 1.0 - (1.0 - alpha) ** (1.0 / rings)
        for i in range(rings):
            reach = r * (1.0 - 0.72 * i / rings)
            self.fill(_oval(x, y, reach, reach * flat), colour, each)


def _oval(x: float, y: float, rx: float, ry: float) -> skia.Path:
    path = skia.Path()
    path.addOval(skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry))
    return path
