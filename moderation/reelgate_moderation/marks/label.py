"""The visible label: a few words burnt into every frame, on a soft dark plate at a reel's lower left, or on the white
tab that a sticker stands on.

Either keeps a contrast of 4.5 to 1 and more (WCAG 2.2, success criterion 1.4.3) over any picture. Everything is
drawn from distances to pen strokes, so it is smooth at every size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from reelgate.media.clip import WHITE
from reelgate.words import SourceType
from reelgate_moderation.marks.glyphs import STROKE, UNITS, laid_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from reelgate.contract import Frame

TEXTS = {
    SourceType.ALGORITHMIC: "Drawn by software · Reelgate",
    SourceType.TRAINED: "AI-generated · Reelgate",
}



@dataclass(frozen=True, slots=True)
class Look:
    """How a label is set.

    ``ink`` and ``plate`` are colours, Y U V limited range, and how far each covers what lies below, 0 to 1.
    ``of_long`` and ``of_short`` give the size of the letters as shares of the picture's sides; the label keeps
    ``margin`` (shares of width and height) from the edges, and ``pad`` (shares of the letters' size) between words
    and plate. It stands at the lower left, or ``centred`` at the lower edge.
    """

    ink: tuple[int, int, int]
    plate: tuple[int, int, int]
    ink_cover: float
    plate_cover: float
    of_long: float
    of_short: float
    margin: tuple[float, float]
    pad: tuple[float, float]
    centred: bool = False


CORNER = Look((229, 128, 128), (22, 131, 127), 0.97, 0.72, 0.025, 0.036, (0.05, 0.05), (0.62, 0.44))
"""On reels: near white, a touch softer, on near black with a breath of blue."""

TAB = Look((52, 135, 125), WHITE, 1.0, 1.0, 0.0, 0.031, (0.03, 0.026), (0.5, 0.34), centred=True)
"""On stickers: dark slate on the white of their edge, which runs round it too."""

_SMALLEST = 9.0
_FEATHER = 0.05


@dataclass(frozen=True, slots=True)
class Art:
    """A drawn label: where its rectangle lies (even numbers), and how much ink and plate cover each pixel.

    ``ink`` and ``plate`` are float32 (rows, columns), 0 to 1; ink lies on top of the plate.
    """

    left: int
    top: int
    ink: NDArray[np.float32]
    plate: NDArray[np.float32]

    @property
    def rows(self) -> slice:
        """The rectangle's rows in a full-size plane."""
        return slice(self.top, self.top + self.ink.shape[0])

    @property
    def columns(self) -> slice:
        """The rectangle's columns in a full-size plane."""
        return slice(self.left, self.left + self.ink.shape[1])


def label_text(source: SourceType) -> str:
    """The words for pictures of that origin."""
    return TEXTS[source]


def label_blender(width: int, height: int, text: str, look: Look = CORNER) -> Callable[[Frame], Frame]:
    """A function that draws ``text`` onto frames of that size; only the label's rectangle changes.

    Frames with alpha get the label laid over them, opaque where it covers. Raises :class:`BadInput` for a sign
    the alphabet does not hold.
    """
    art = label_art(width, height, text, look)
    whole = _layers(art.ink, art.plate, look)
    halved = _layers(_halved(art.ink), _halved(art.plate), look)
    rows, columns = art.rows, art.columns
    half_rows, half_columns = (slice(part.start // 2, part.stop // 2) for part in (rows, columns))

    def blend(frame: Frame) -> Frame:
        planes = []
        for index, plane in enumerate((frame.y, frame.u, frame.v)):
            where = (half_rows, half_columns) if index else (rows, columns)
            layers = halved if index else whole
            under = None if frame.alpha is None else _alpha_at(frame.alpha, rows, columns, halve=index > 0)
            changed = plane.copy()
            changed[where] = layers.over(plane[where], index, under)
            planes.append(changed)
        if frame.alpha is None:
            return replace(frame, y=planes[0], u=planes[1], v=planes[2])
        alpha = frame.alpha.copy()
        alpha[rows, columns] = whole.alpha_over(frame.alpha[rows, columns])
        return replace(frame, y=planes[0], u=planes[1], v=planes[2], alpha=alpha)

    return blend


def label_score(luma: NDArray[np.uint8], text: str, look: Look = CORNER) -> float:
    """How well a picture's luma (height, width) fits ``text`` where the label would stand, -1 to 1.

    The correlation of the luma with the drawn ink, over the plate: near 0 on pictures without the label, above
    .8 where it stands, compressed or resized. 0 where the picture is too small to hold it, or flat.
    """
    art = label_art(luma.shape[1], luma.shape[0], text, look)
    inside = art.plate > 0.9
    seen = luma[art.rows, art.columns][inside].astype(np.float64)
    drawn = art.ink[inside].astype(np.float64)
    if seen.size < 2 or seen.std() < 1.0 or drawn.std() == 0.0:
        return 0.0
    fit = float(np.corrcoef(seen, drawn)[0, 1])
    return fit if look.ink[0] > look.plate[0] else -fit


@lru_cache(maxsize=16)
def label_art(width: int, height: int, text: str, look: Look = CORNER) -> Art:
    """The label for a picture of that size, never wider than the picture less its margins."""
    segments, length = laid_out(text)
    long, short = max(width, height), min(width, height)
    size = max(look.of_long * long, look.of_short * short, _SMALLEST)
    pad_across, pad_down = look.pad
    room = width * (1 - 2 * look.margin[0])
    size = min(size, room / ((length + STROKE) / UNITS + 2 * pad_across))
    unit = size / UNITS
    feather = max(0.5, _FEATHER * size)
    wide = (length + STROKE) * unit + 2 * pad_across * size
    high = (7.2 + STROKE) * unit + 2 * pad_down * size
    # The plate's corner is where it is to a fraction of a pixel: a resized picture holds a resized label.
    corner_x = (width - wide) / 2 if look.centred else width * look.margin[0]
    corner_y = height * (1 - look.margin[1]) - high
    left, top = _even(corner_x - feather), _even(corner_y - feather)
    columns = min(_even(corner_x + wide + feather - left) + 2, width - left)
    rows = min(_even(corner_y + high + feather - top) + 2, height - top)
    x = np.arange(columns, dtype=np.float64) + (0.5 + left - corner_x)
    y = np.arange(rows, dtype=np.float64)[:, None] + (0.5 + top - corner_y)
    plate = _rounded(x - wide / 2, y - high / 2, wide / 2, high / 2, high * 0.34)
    cover = np.clip(0.5 - plate / (2 * feather), 0.0, 1.0)
    cover = cover * cover * (3 - 2 * cover)
    pen_x = x - pad_across * size - STROKE * unit / 2
    baseline = pad_down * size + (7.2 + STROKE / 2) * unit
    ink = _stroked(pen_x, baseline - y[:, 0], segments * unit, STROKE * unit / 2)
    return Art(left, top, ink, cover.astype(np.float32))


@dataclass(frozen=True, slots=True)
class _Layers:
    """Ink over plate, ready to blend: ``keep`` of the picture is left, ``add`` (Y, U, V) is laid on top."""

    keep: NDArray[np.uint16]
    add: tuple[NDArray[np.uint16], ...]

    def over(self, plane: NDArray[np.uint8], index: int, under: NDArray[np.float32] | None) -> NDArray[np.uint8]:
        """The label over part of a plane; ``under`` is that part's own alpha, 0 to 1, where it has one."""
        if under is None:
            return ((plane * self.keep + self.add[index] + 128) >> 8).astype(np.uint8)
        left = self.keep * under
        total = 256 - self.keep + left
        mixed = (plane * left + self.add[index]) / np.maximum(total, 1e-6)
        return np.where(total > 0, np.rint(mixed), plane).astype(np.uint8)

    def alpha_over(self, alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The alpha of label and picture together."""
        return (255 - ((255 - alpha.astype(np.uint16)) * self.keep + 128 >> 8)).astype(np.uint8)


def _layers(ink: NDArray[np.float32], plate: NDArray[np.float32], look: Look) -> _Layers:
    top = ink * look.ink_cover
    below = plate * look.plate_cover * (1 - top)
    keep = np.rint((1 - top - below) * 256).astype(np.uint16)
    add = tuple(
        np.minimum(np.rint((top * over + below * under) * 256), (256 - keep) * 255.0).astype(np.uint16)
        for over, under in zip(look.ink, look.plate, strict=True)
    )
    return _Layers(keep, add)


def _alpha_at(alpha: NDArray[np.uint8], rows: slice, columns: slice, *, halve: bool) -> NDArray[np.float32]:
    part = alpha[rows, columns].astype(np.float32) / np.float32(255)
    return _halved(part) if halve else part


def _halved(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return (values[::2, ::2] + values[1::2, ::2] + values[::2, 1::2] + values[1::2, 1::2]) / np.float32(4)


def _even(value: float) -> int:
    return max(0, int(value) & ~1)


def _rounded(
    x: NDArray[np.float64], y: NDArray[np.float64], half_wide: float, half_high: float, corner: float
) -> NDArray[np.float64]:
    """Signed distance to a rounded rectangle about the origin, negative inside."""
    out_x = np.abs(x) - half_wide + corner
    out_y = np.abs(y) - half_high + corner
    outside = np.hypot(np.maximum(out_x, 0), np.maximum(out_y, 0))
    return outside + np.minimum(np.maximum(out_x, out_y), 0) - corner


def _stroked(
    x: NDArray[np.float64], y: NDArray[np.float64], segments: NDArray[np.float64], radius: float
) -> NDArray[np.float32]:
    """Coverage (rows, columns) of round-ended pen strokes: one pixel of slope about the pen's edge."""
    nearest = np.full((len(y), len(x)), np.inf)
    reach = radius + 1.0
    for x0, y0, x1, y1 in segments:
        columns = np.flatnonzero((x > min(x0, x1) - reach) & (x < max(x0, x1) + reach))
        rows = np.flatnonzero((y > min(y0, y1) - reach) & (y < max(y0, y1) + reach))
        if not columns.size or not rows.size:
            continue
        part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
        away_x, away_y = x[part[1]] - x0, y[part[0], None] - y0
        dx, dy = x1 - x0, y1 - y0
        along = np.clip((away_x * dx + away_y * dy) / max(dx * dx + dy * dy, 1e-12), 0.0, 1.0)
        distance = np.hypot(away_x - along * dx, away_y - along * dy)
        nearest[part] = np.minimum(nearest[part], distance)
    return np.clip(radius + 0.5 - nearest, 0.0, 1.0).astype(np.float32)
