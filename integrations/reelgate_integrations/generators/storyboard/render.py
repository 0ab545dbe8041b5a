"""The frame stream: everything that stands still is painted once, everything that moves once a frame."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import skia

from . import light as lights
from . import palette as palettes
from . import places
from .brush import sheet
from .figure import Figure
from .layers import Layer, Set
from .particles import Particles
from .weather import airborne

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from .layers import Mover, View
    from .scene import Scene


class Stage:
    """A scene made ready to draw; holds one canvas, so one stream at a time draws on it."""

    def __init__(self, scene: Scene, seed: int) -> None:
        lay, plan = scene.layout, scene.plan
        rng = random.Random(f"stage {seed}")  # noqa: S311 - art, not secrets
        self._scene = scene
        self._palette = palettes.choose(plan.place, plan.light, rng, weather=plan.weather, autumn=plan.autumn)
        first, last = scene.camera.view(0.0).x, scene.camera.view(scene.duration).x
        stage = Set(
            lay, self._palette, scene.light, rng, plan.weather, abs(last - first), scene.rig.archetype == "vehicle"
        )
        self._backdrop = places.paint(plan.place, stage)
        self._far, self._near = airborne(stage, plan.place, autumn=plan.autumn)
        self._figure = Figure(scene, self._backdrop, self._palette)
        self._particles = Particles(scene, self._backdrop, self._palette)
        self._finish = lights.finish(lay.width, lay.height, scene.light, self._palette.shade, seed)
        self._pixels = np.zeros((lay.height, lay.width, 4), np.uint8)
        self._surface = sheet(lay.width, lay.height)
        self._order = skia.ImageInfo.Make(lay.width, lay.height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)

    def frame(self, i: int, fps: int) -> NDArray[np.uint8]:
        """Frame ``i`` as uint8 (height, width, 4), opaque sRGB; the next call draws over the same array."""
        now = self._scene.at(i / fps)
        canvas = self._surface.getCanvas()
        view = now.view
        canvas.clear(0xFF000000 | self._palette.haze)
        back = self._backdrop.back
        self._run(canvas, back[:1], view)
        self._run(canvas, self._far, view)
        self._run(canvas, back[1:], view)
        self._figure.draw(canvas, now)
        canvas.save()
        view.enter(canvas, 1.0)
        self._particles.draw(canvas, now)
        canvas.restore()
        self._run(canvas, self._backdrop.front, view)
        self._run(canvas, self._near, view)
        canvas.drawImage(self._finish[i % len(self._finish)], 0, 0)
        self._surface.readPixels(self._order, self._pixels, self._scene.layout.width * 4, 0, 0)
        return self._pixels

    def _run(self, canvas: skia.Canvas, things: tuple[Layer | Mover, ...], view: View) -> None:
        for thing in things:
            if isinstance(thing, Layer):
                thing.draw(canvas, view, self._scene.layout.width)
            else:
                thing.draw(canvas, view)


def pictures(scene: Scene, seed: int, fps: int, frames: int) -> Iterator[NDArray[np.uint8]]:
    """``frames`` pictures in order; each is only good until the next is asked for."""
    stage = Stage(scene, seed)
    for i in range(frames):
        yield stage.frame(i, fps)
