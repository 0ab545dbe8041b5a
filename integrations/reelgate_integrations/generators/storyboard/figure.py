"""The subject in its scene: drawn once a frame off screen, then set on the ground, in the air or into the water."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import skia

from .afloat import Afloat, Line
from .brush import canvas_over, paint, radial, sheet
from .colour import argb, lch, mix, oklch

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

    def lit(colour: int, keep: float) -> int:
        seen = palette.lit(colour)
        L, c, h = lch(mix(seen, colour, keep))
        # never duller than most of its own colour: it is the most colourful thing on the page
        return oklch(min(0.98, L + 0.015), max(c * 1.06, 0.85 * lch(colour)[1]), h)

    return replace(
        skin,
        main=lit(skin.main, 0.46),
        second=lit(skin.second, 0.38),
        accent=lit(skin.accent, 0.5),
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
        self._afloat = None
        if scene.waterline is not None and backdrop.water is not None:
            self._afloat = Afloat(scene, backdrop.water, self._pixels, self._surface)
        self._halo = _halo(scene, palette)

    def draw(self, canvas: skia.Canvas, now: Instant) -> None:
        """Shadow, body, and the water round it."""
        scene = self._scene
        zoom = now.view.zoom
        fx, fy = now.view.focus
        sx = now.x - (round(now.view.x) if zoom == 1.0 else now.view.x)
        sy = now.y
        if zoom != 1.0:
            sx, sy = fx + (sx - fx) * zoom, fy + (sy - fy) * zoom
        ground = scene.layout.ground if zoom == 1.0 else fy + (scene.layout.ground - fy) * zoom
        spread = self._halo.width() / 2
        canvas.drawImage(self._halo, round(sx - spread), round(min(sy, ground) - _up_from(scene) * zoom - spread))
        image, left, top = self._shoot(now, sx, sy, zoom)
        if self._afloat is not None:
            self._afloat.draw(canvas, now, image, left, top, Line(ground, scene.layout.u * zoom, now.pose.t))
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
            canvas.drawImage(image, 0, 0, _LINEAR, self._cast)
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
