"""The subject in its scene: drawn once a frame off screen, then set on the ground, in the air or into the water."""

from __future__ import annotations

from math import pi, sin
from typing import TYPE_CHECKING

import numpy as np
import skia

from .brush import canvas_over, paint, radial, sheet, stroke, vertical
from .colour import argb, mix

if TYPE_CHECKING:
    from .layers import Backdrop
    from .palette import Palette
    from .rigs.base import Skin
    from .scene import Instant, Scene

_LINEAR = skia.SamplingOptions(skia.FilterMode.kLinear)
_ROOM = 0.55
"""Spare room round a rig, in its own heights, for ears, wings, jumps and squash."""


def tinted(skin: Skin, palette: Palette) -> Skin:
    """The subject's colours under the scene's light, a little stronger than the scenery's."""
    from dataclasses import replace

    from .colour import lch, oklch

    def lit(colour: int, keep: float) -> int:
        seen = palette.lit(colour)
        L, c, h = lch(mix(seen, colour, keep))
        return oklch(min(0.98, L + 0.015), c * 1.06, h)

    return replace(
        skin,
        main=lit(skin.main, 0.38),
        second=lit(skin.second, 0.38),
        accent=lit(skin.accent, 0.45),
        dark=lit(skin.dark, 0.25),
        rim=mix(skin.rim, palette.key, 0.45),
        shade=mix(skin.shade, palette.shade, 0.5),
    )


def _up_from(scene: Scene) -> float:
    """How far above its origin a subject's middle is, in pixels."""
    return 0.0 if scene.medium in ("air", "deep") else scene.layout.size * 0.45


def _halo(scene: Scene, palette: Palette) -> skia.Image:
    """A pool of lighter air behind the subject, so that it stands out from whatever it passes."""
    radius = scene.layout.size * (0.55 + 0.42 * max(1.0, scene.rig.width))
    side = int(radius * 2) + 2
    surface = sheet(side, side)
    tone = mix(palette.low, palette.glow, 0.35)
    strong = {"night": 0.30, "day": 0.34}.get(scene.light.name, 0.30)
    colours = [argb(tone, strong), argb(tone, strong * 0.62), argb(tone, strong * 0.16), argb(tone, 0)]
    surface.getCanvas().drawCircle(side / 2, side / 2, radius, radial(side / 2, side / 2, radius, colours))
    return surface.makeImageSnapshot()


class Figure:
    """Draws one scene's subject."""

    def __init__(self, scene: Scene, backdrop: Backdrop, palette: Palette) -> None:
        self._scene, self._backdrop = scene, backdrop
        self._skin = tinted(scene.skin, palette)
        lay = scene.layout
        most = 1.4 if scene.camera.move in ("zoom_in", "zoom_out") else 1.1
        size = lay.size * most
        self._half = int(size * (max(scene.rig.width, 0.9) * 0.5 + _ROOM * 1.15)) + 4
        self._up = int(size * (1.0 + _ROOM * 1.6)) + 4
        self._down = (
            int(size * (1.15 if scene.medium in ("air", "deep") or scene.rig.archetype == "boat" else 0.62)) + 4
        )
        self._pixels = np.zeros((self._up + self._down, self._half * 2, 4), np.uint8)
        self._surface = canvas_over(self._pixels)
        self._canvas = self._surface.getCanvas()
        self._shadow = backdrop.shadow
        self._contact = paint(
            self._shadow, 0.42 * min(1.0, scene.light.shadow / 0.34), blur=max(1.0, lay.size * 0.022)
        )
        self._wide = paint(self._shadow, 0.20, blur=max(1.5, lay.size * 0.06))
        self._cast = skia.Paint(ColorFilter=skia.ColorFilters.Blend(argb(self._shadow), skia.BlendMode.kSrcIn))
        self._cast.setAlphaf(min(0.36, scene.light.shadow * 0.85))
        self._wet = backdrop.water
        self._halo = _halo(scene, palette)

    def draw(self, canvas: skia.Canvas, now: Instant) -> None:
        """Shadow, body, and the water round it."""
        scene = self._scene
        zoom = 1.0 + (now.view.zoom - 1.0)
        fx, fy = now.view.focus
        sx = now.x - (round(now.view.x) if zoom == 1.0 else now.view.x)
        sy = now.y
        if zoom != 1.0:
            sx, sy = fx + (sx - fx) * zoom, fy + (sy - fy) * zoom
        ground = scene.layout.ground if zoom == 1.0 else fy + (scene.layout.ground - fy) * zoom
        spread = self._halo.width() / 2
        canvas.drawImage(self._halo, round(sx - spread), round(min(sy, ground) - _up_from(scene) * zoom - spread))
        image, left, top = self._shoot(now, sx, sy, zoom)
        if scene.waterline is not None:
            self._float(canvas, now, image, left, top, sx, ground, zoom)
            return
        if scene.medium == "ground":
            self._ground_shadow(canvas, now, image, sx, sy, zoom)
        elif scene.medium == "air" and scene.plan.place not in ("space",):
            self._far_shadow(canvas, sx, ground, (ground - sy) / scene.layout.height)
        canvas.drawImage(image, left, top)

    def _shoot(self, now: Instant, sx: float, sy: float, zoom: float) -> tuple[skia.Image, int, int]:
        """The subject alone, as an image and where its corner belongs on screen."""
        scene = self._scene
        left, top = int(sx) - self._half, int(sy) - self._up
        size = scene.layout.size * zoom
        canvas = self._canvas
        canvas.clear(0)
        canvas.save()
        canvas.translate(sx - left, sy - top)
        canvas.scale(size * scene.facing, size)
        scene.rig.draw(canvas, now.pose, self._skin)
        canvas.restore()
        return self._surface.makeImageSnapshot(), left, top

    def _lift(self, now: Instant) -> float:
        lift = getattr(self._scene.rig, "lift", None)
        return float(lift(now.pose.action, now.pose.phase)) if lift is not None else 0.0

    def _ground_shadow(
        self, canvas: skia.Canvas, now: Instant, image: skia.Image, sx: float, sy: float, zoom: float
    ) -> None:
        """Contact shadow, tighter the nearer the body is to the ground, and the body's own slanting shape."""
        scene = self._scene
        size = scene.layout.size * zoom
        lift = self._lift(now)
        light = scene.light
        if light.shadow > 0.2:
            canvas.save()
            canvas.translate(sx, sy + lift * size * 0.1)
            matrix = skia.Matrix()
            matrix.setAll(1, -light.slant, 0, 0, light.flat, 0, 0, 0, 1)
            canvas.concat(matrix)
            canvas.translate(-self._half - (sx - int(sx)), -self._up)
            canvas.drawImage(image, 0, lift * size * 0.0, _LINEAR, self._cast)
            canvas.restore()
        tight = 1 / (1 + lift * 3)
        w = size * scene.rig.width * (0.44 - 0.10 * min(1.0, lift * 2))
        h = size * 0.055
        self._wide.setAlphaf(0.22 * tight)
        canvas.drawOval(skia.Rect(sx - w * 1.12, sy - h * 1.3, sx + w * 1.12, sy + h * 1.6), self._wide)
        self._contact.setAlphaf(0.40 * tight)
        canvas.drawOval(skia.Rect(sx - w * 0.9, sy - h * 0.6, sx + w * 0.9, sy + h * 0.8), self._contact)

    def _far_shadow(self, canvas: skia.Canvas, sx: float, ground: float, height: float) -> None:
        """A faint shadow far below something that flies."""
        size = self._scene.layout.size
        w = size * self._scene.rig.width * 0.34
        self._wide.setAlphaf(max(0.05, 0.20 - 0.25 * height))
        canvas.drawOval(skia.Rect(sx - w, ground - size * 0.04, sx + w, ground + size * 0.06), self._wide)

    def _float(
        self,
        canvas: skia.Canvas,
        now: Instant,
        image: skia.Image,
        left: int,
        top: int,
        sx: float,
        line: float,
        zoom: float,
    ) -> None:
        """Above the surface as it is; below it tinted, deeper and wavering; foam where it crosses."""
        water = self._wet
        assert water is not None
        u, t = self._scene.layout.u * zoom, now.pose.t
        width, height = self._pixels.shape[1], self._pixels.shape[0]
        row = min(height - 1, max(0, int(line - top)))
        band = self._pixels[max(0, row - int(u)) : row + int(u * 0.6) + 1, :, 3].max(axis=0)
        covered = np.flatnonzero(band > 90)
        ends = (left + int(covered[0]), left + int(covered[-1])) if covered.size else None

        def surface(x: float) -> float:
            return line + u * (0.20 * sin(x / (u * 3.1) + 2.1 * t) + 0.12 * sin(x / (u * 1.3) - 3.3 * t))

        edge = skia.Path()
        step = max(4.0, u * 0.6)
        n = int(width / step) + 1
        edge.moveTo(left, top)
        edge.lineTo(left, surface(left))
        for i in range(n + 1):
            x = left + i * step
            edge.lineTo(x, surface(x))
        edge.lineTo(left + width + step, top)
        edge.close()
        deep = self._below(image, row, u)
        canvas.save()
        canvas.clipPath(edge, skia.ClipOp.kDifference, True)
        if ends is not None:
            mid, half = (ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / 2
            canvas.drawOval(
                skia.Rect(mid - half * 1.15, line - u * 0.6, mid + half * 1.15, line + u * 2.6),
                paint(water.deep, 0.30, blur=u * 0.8),
            )
        strip = max(2, int(u * 0.55))
        y = max(0, row - int(u))
        depth = 0.0
        while y < height:
            amp = u * min(0.9, 0.12 + depth / (u * 14))
            dx = amp * sin((top + y) / (u * 1.15) + 4.2 * t) + 0.5 * amp * sin((top + y) / (u * 0.7) - 2.7 * t)
            source = skia.Rect(0, y, width, min(height, y + strip))
            canvas.drawImageRect(
                deep, source, source.makeOffset(left + dx, top), _LINEAR, None, skia.Canvas.kFast_SrcRectConstraint
            )
            y += strip
            depth += strip
        canvas.restore()
        canvas.save()
        canvas.clipPath(edge, True)
        canvas.drawImage(image, left, top)
        canvas.restore()
        if ends is not None:
            self._foam(canvas, now, ends, surface, u, zoom)
        _ = sx

    def _below(self, image: skia.Image, row: int, u: float) -> skia.Image:
        """The submerged part, tinted with the water that lies before it."""
        water = self._wet
        assert water is not None
        canvas = self._canvas
        tint = vertical(
            row - u,
            row + self._scene.layout.size * 0.55,
            [argb(mix(water.surface, water.deep, 0.25), 0.42), argb(water.deep, 0.93)],
        )
        tint.setBlendMode(skia.BlendMode.kSrcATop)
        canvas.drawRect(skia.Rect(0, row - u * 2, self._pixels.shape[1], self._pixels.shape[0]), tint)
        fade = vertical(row, row + self._scene.layout.size * 0.62, [0xFF000000, 0xC0000000, 0x00000000], [0, 0.35, 1])
        fade.setBlendMode(skia.BlendMode.kDstIn)
        canvas.drawRect(skia.Rect(0, row, self._pixels.shape[1], self._pixels.shape[0]), fade)
        return self._surface.makeImageSnapshot()

    def _foam(
        self, canvas: skia.Canvas, now: Instant, ends: tuple[int, int], surface: object, u: float, zoom: float
    ) -> None:
        """A bright collar at the waterline, rings that spread from it, and a wake astern."""
        from collections.abc import Callable
        from typing import cast

        height = cast(Callable[[float], float], surface)
        water, scene, t = self._wet, self._scene, now.pose.t
        assert water is not None
        x0, x1 = ends
        mid, half = (x0 + x1) / 2, max(u, (x1 - x0) / 2)
        for k in range(3):
            age = (t * 0.55 + k / 3) % 1.0
            rx, ry = half * (1.02 + 0.75 * age), u * (0.9 + 3.0 * age)
            ring = stroke(water.foam, max(1.0, u * 0.24 * (1 - age)), 0.55 * (1 - age) ** 1.3)
            lag = -scene.facing * half * 0.35 * age * (1 if scene.way.stride else 0)
            canvas.drawArc(
                skia.Rect(mid - rx + lag, height(mid) - ry * 0.62, mid + rx + lag, height(mid) + ry),
                8,
                164,
                False,
                ring,
            )
        low, high = skia.Path(), skia.Path()
        n = max(8, int((x1 - x0) / (u * 1.15)))
        for i in range(n + 1):
            s = i / n
            x = x0 - u * 0.6 + (x1 - x0 + u * 1.2) * s
            taper = sin(pi * min(1.0, max(0.0, s))) ** 0.35
            y = height(x) + u * 0.45 * sin(pi * s)
            chance = sin(127.1 * i + 0.7) * 43758.5453 % 1.0
            puff = chance * (0.7 + 0.3 * sin(2.3 * t + 9 * chance))
            r = u * (0.16 + 0.62 * puff * puff) * (0.35 + 0.65 * taper)
            x += u * 0.5 * (chance - 0.5)
            low.addOval(skia.Rect(x - r * 1.5 - u * 0.9, y - u * 0.24, x + r * 1.5 + u * 0.9, y + u * 0.30 + r * 0.4))
            high.addOval(skia.Rect(x - r * 0.95, y - r * 0.85, x + r * 0.95, y + r * 0.5))
        canvas.drawPath(low, paint(water.foam, 0.55))
        canvas.drawPath(high, paint(mix(water.foam, 0xFFFFFF, 0.6), 0.92))
        if scene.way.stride:
            self._wake(canvas, now, x0 if scene.facing > 0 else x1, height, u)
        _ = zoom

    def _wake(self, canvas: skia.Canvas, now: Instant, stern: float, height: object, u: float) -> None:
        """Two feathered lines that trail behind."""
        water, facing, t = self._wet, self._scene.facing, now.pose.t
        assert water is not None
        for k, (drop, length) in enumerate(((0.5, 15), (2.6, 22), (1.5, 10))):
            path = skia.Path()
            y0 = self._scene.layout.ground if now.view.zoom == 1.0 else float(height(stern))  # type: ignore[operator]
            path.moveTo(stern + facing * u * 0.5, y0 + u * 0.3)
            for i in range(1, 9):
                s = i / 8
                x = stern - facing * length * u * s
                y = y0 + u * (0.3 + drop * s**0.8 * 1.4 + 0.22 * s * sin(7 * s + 2.6 * t + k))
                path.lineTo(x, y)
            end = stern - facing * length * u
            line = stroke(water.foam, u * (0.34 - 0.07 * k))
            line.setShader(
                skia.GradientShader.MakeLinear([(stern, 0), (end, 0)], [argb(water.foam, 0.65), argb(water.foam, 0)])
            )
            canvas.drawPath(path, line)
