"""Layers of scenery: painted once on wide bands that repeat sideways, then slid behind one another."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Protocol

import numpy as np
import skia

from . import brush

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from .layout import Layout
    from .light import Light
    from .palette import Palette

Painter = Callable[["skia.Canvas", float], None]
"""Paints one thing with its foot at the canvas origin, at a size in pixels."""

_NEAREST = skia.SamplingOptions()
_LINEAR = skia.SamplingOptions(skia.FilterMode.kLinear)
_OVERLAP = 2


@dataclass(frozen=True, slots=True)
class View:
    """Where the camera is in one frame: ``x`` is how far it has gone along the ground in pixels, ``t`` seconds.

    ``zoom`` 1 shows the whole frame and larger ones less of it, about the point ``focus``.
    """

    x: float
    t: float
    zoom: float = 1.0
    focus: tuple[float, float] = (0.0, 0.0)

    def enter(self, canvas: skia.Canvas, depth: float) -> None:
        """Scale ``canvas`` for things at ``depth``: the far grows less than the near."""
        if self.zoom != 1.0:
            scale = 1 + (self.zoom - 1) * min(1.25, 0.35 + 0.65 * depth)
            canvas.translate(*self.focus)
            canvas.scale(scale, scale)
            canvas.translate(-self.focus[0], -self.focus[1])


@dataclass(frozen=True, slots=True)
class Layer:
    """One band of scenery, repeating every ``period`` pixels; its top edge lies at ``top``.

    ``depth`` is how fast it slides against the ground (0 stands still like the sky, 1 goes with the ground, more
    is nearer to us); ``drift`` its own motion in pixels a second. ``glow`` adds its light
    instead of covering; ``fixed`` things are so far away that a zoom leaves them as they are.
    """

    image: skia.Image
    pieces: tuple[skia.Rect, ...]
    period: float
    top: float
    depth: float
    drift: float = 0.0
    glow: bool = False
    fixed: bool = False

    def draw(self, canvas: skia.Canvas, view: View, width: int) -> None:
        """Slide into place for ``view``."""
        offset = -((view.x * self.depth + self.drift * view.t) % self.period)
        if view.zoom == 1.0 and self.depth >= 0.6 and not self.drift:
            # whole pixels: what is near moves too fast for the eye to see the rounding, and feet are rounded alike
            offset = float(round(offset))
        sampling = _NEAREST if (view.zoom == 1.0 or self.fixed) and offset == round(offset) else _LINEAR
        over = skia.Paint(BlendMode=skia.BlendMode.kPlus) if self.glow else None
        canvas.save()
        if not self.fixed:
            view.enter(canvas, self.depth)
        while offset < width:
            for piece in self.pieces:
                left = offset + piece.left()
                if left < width and left + piece.width() > 0:
                    # the fast constraint lets samples cross into the neighbouring piece, so no seam shows
                    canvas.drawImageRect(
                        self.image,
                        piece,
                        piece.makeOffset(offset, self.top),
                        sampling,
                        over,
                        skia.Canvas.kFast_SrcRectConstraint,
                    )
            offset += self.period
        canvas.restore()


class Mover(Protocol):
    """Scenery that is drawn afresh each frame: glints, rain, fireflies."""

    def draw(self, canvas: skia.Canvas, view: View) -> None:
        """Draw the state at ``view.t``."""
        ...


@dataclass(frozen=True, slots=True)
class Water:
    """A place's water: the colours of its surface, its depth and its foam."""

    surface: int
    deep: int
    foam: int


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A painted place. ``back`` lies behind the subject and ``front`` before it, each from far to near.

    ``material`` is what feet touch (see :class:`~.timeline.Event`); ``shadow`` colours the ground's shadows.
    """

    back: tuple[Layer | Mover, ...]
    front: tuple[Layer | Mover, ...]
    material: str
    shadow: int
    water: Water | None = None


class Band:
    """A strip being painted: wraps sideways, so a tree at its edge comes in again on the other side."""

    def __init__(self, period: int, top: float, bottom: float) -> None:
        self.period = period
        self.top = int(top)
        self.bottom = ceil(bottom)
        self._pixels = np.zeros((max(1, self.bottom - self.top), period + _OVERLAP, 4), np.uint8)
        self._surface = brush.canvas_over(self._pixels)
        self.canvas: skia.Canvas = self._surface.getCanvas()
        self.canvas.translate(0, -self.top)

    @contextmanager
    def at(self, x: float, y: float, reach: float) -> Iterator[skia.Canvas]:
        """A canvas whose origin is (x, y); what is drawn within ``reach`` of it wraps round."""
        recorder = skia.PictureRecorder()
        yield recorder.beginRecording(skia.Rect(-reach, -self.bottom * 2, reach, self.bottom * 2))
        picture = recorder.finishRecordingAsPicture()
        for turn in (-self.period, 0, self.period):
            if x + turn + reach >= 0 and x + turn - reach <= self.period + _OVERLAP:
                self.canvas.save()
                self.canvas.translate(x + turn, y)
                self.canvas.drawPicture(picture)
                self.canvas.restore()

    def fill(self, path: skia.Path, paint: skia.Paint) -> None:
        """Fill a path that already spans the whole period (a ridge), and its overlap."""
        self.canvas.drawPath(path, paint)
        self.canvas.save()
        self.canvas.translate(self.period, 0)
        self.canvas.drawPath(path, paint)
        self.canvas.restore()

    def wash(self, paint: skia.Paint) -> None:
        """Paint over everything that is already there; the empty parts stay empty when the paint says so."""
        self.canvas.drawRect(skia.Rect(0, self.top, self.period + _OVERLAP, self.bottom), paint)

    def layer(
        self, depth: float, *, drift: float = 0.0, glow: bool = False, fixed: bool = False, grain: int | None = 0
    ) -> Layer:
        """Done painting: mottle it (unless ``grain`` is ``None``) and take the picture."""
        if grain is not None:
            brush.gouache(
                self.canvas,
                skia.Rect(0, self.top, self.period + _OVERLAP, self.bottom),
                grain,
                0.85 if depth < 0.3 else 1.0,
            )
        pieces = painted(self._pixels[..., 3])
        return Layer(self._surface.makeImageSnapshot(), pieces, self.period, self.top, depth, drift, glow, fixed)


def painted(alpha: NDArray[np.uint8], column: int = 96) -> tuple[skia.Rect, ...]:
    """The parts of a picture that are not empty, column by column: nothing else needs to be drawn."""
    width = alpha.shape[1]
    pieces: list[skia.Rect] = []
    for left in range(0, width, column):
        right = min(width, left + column)
        rows = np.flatnonzero(alpha[:, left:right].any(axis=1))
        if not rows.size:
            continue
        top, bottom = float(rows[0]), float(rows[-1] + 1)
        last = pieces[-1] if pieces else None
        if last is not None and last.right() == left and (last.top(), last.bottom()) == (top, bottom):
            pieces[-1] = skia.Rect(last.left(), top, right, bottom)
        else:
            pieces.append(skia.Rect(left, top, right, bottom))
    return tuple(pieces)


@dataclass(slots=True)
class Set:
    """What a place's painter works from; ``rolls`` says that the subject goes on wheels."""

    layout: Layout
    palette: Palette
    light: Light
    rng: random.Random
    weather: str = "clear"
    travel: float = 0.0
    rolls: bool = False

    def band(self, top: float, bottom: float, *, depth: float = 1.0) -> Band:
        """A strip from ``top`` to ``bottom``; as long as the camera's ``travel`` needs, within reason."""
        need = self.layout.width * 1.06 + self.travel * depth
        most = self.layout.width * (2.2 if self.layout.wide else 3.2)
        period = ceil(max(self.layout.width * 1.3, min(need, most)) / 512) * 512
        return Band(period, max(-8.0, top), min(self.layout.height + 8.0, bottom))

    @property
    def snowy(self) -> bool:
        """True when everything lies under snow."""
        return self.weather == "snow"
