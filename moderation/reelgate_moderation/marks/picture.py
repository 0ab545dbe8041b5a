"""The invisible picture mark: a faint static tile in the luma of every frame.

The tile never changes over an asset's time, so a reader may add up as many frames as it has; what changes
slowly is only the mask, which follows the picture. Design and measurements: ``docs/marks.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from reelgate.errors import BadInput
from reelgate_moderation.marks.mask import allowance, block_of, spread
from reelgate_moderation.marks.payload import DEFAULT_KEY, mark_id, message_format
from reelgate_moderation.marks.read import detect_luma, sampled
from reelgate_moderation.marks.tile import pattern, tile_spectrum

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from reelgate.contract import Clip, Frame
    from reelgate.words import Detection

PSNR = (48.0, 46.0, 44.0, 42.0)
"""Nominal PSNR in dB at strength 0 to 3, over what of a picture is opaque: standard, strong, stronger, strongest.

The last is for stickers, which are small, flat and seen against an edge of their own."""

_PEAK = 2.0
_REFRESH = 8
_CUT = 24.0
_UNITS = 64
_OPAQUE = 127


@dataclass(frozen=True, slots=True)
class TilePictureMark:
    """The mark under one or more keys: the first writes, all of them read."""

    keys: tuple[bytes, ...] = (DEFAULT_KEY,)

    def embedder(
        self, width: int, height: int, message: str, format: str, strength: int
    ) -> Callable[[Frame], Frame]:
        """A function that marks frame after frame of one asset, in order.

        ``message`` is 16 hex digits, ``format`` *full* or *short* (which keeps the first 8), ``strength`` 0 to
        3. Only luma changes. Raises :class:`BadInput` for anything else.
        """
        if strength not in range(len(PSNR)):
            raise BadInput(f"A mark's strength is a whole number from 0 to {len(PSNR) - 1}, not {strength}.")
        spectrum = tile_spectrum(mark_id(message), message_format(format), self.keys[0])
        rms = 255.0 / 10 ** (PSNR[strength] / 20)
        return _Embedder(pattern(spectrum, width, height), rms)

    def detect(self, clip: Clip) -> Detection:
        """Read the mark blind, from every third frame of a clip (from all frames of a very short one)."""
        return detect_luma(sampled(clip), self.keys)


class _Embedder:
    """Adds the masked pattern to the frames of one asset, in order.

    The mask is measured on every eighth frame and reached in eight small steps, so the mark never flickers;
    at a scene cut, where no eye could tell, it is taken at once. Amounts are kept in 1/64 grey level. The
    rounding back to whole levels needs no dither: the pattern itself, a sum of a thousand waves with a
    deviation above half a level, spreads over the steps as dither would.
    """

    __slots__ = ("_amount", "_block", "_count", "_last", "_pattern", "_rms", "_step", "_sum")

    def __init__(self, tile: NDArray[np.float32], rms: float) -> None:
        np.clip(tile, -_PEAK, _PEAK, out=tile)
        height, width = tile.shape
        self._pattern = tile
        self._rms = rms
        self._block = block_of(width, height)
        self._count = 0
        self._amount = np.zeros(tile.shape, dtype=np.int16)
        self._step = np.zeros(tile.shape, dtype=np.int16)
        self._sum = np.empty(tile.shape, dtype=np.int16)
        self._last = np.empty((0, 0), dtype=np.int16)

    def __call__(self, frame: Frame) -> Frame:
        luma = frame.y
        if luma.shape != self._pattern.shape:
            raise BadInput("A frame has another size than the mark was made for.")
        glance = luma[:: 2 * self._block, :: 2 * self._block].astype(np.int16)
        cut = self._count == 0 or float(np.abs(glance - self._last).mean()) > _CUT
        self._last = glance
        if cut:
            self._amount = self._wanted(luma, frame.alpha)
            self._step[:] = 0
            self._count = 0
        elif self._count % _REFRESH == 0:
            np.subtract(self._wanted(luma, frame.alpha), self._amount, out=self._step)
            np.floor_divide(self._step + _REFRESH // 2, _REFRESH, out=self._step)
        self._count += 1
        self._amount += self._step
        total = self._sum
        np.multiply(luma, _UNITS, out=total, dtype=np.int16, casting="unsafe")
        total += self._amount
        total += _UNITS // 2
        total >>= 6
        np.clip(total, 0, 255, out=total)
        return replace(frame, y=total.astype(np.uint8))

    def _wanted(self, luma: NDArray[np.uint8], alpha: NDArray[np.uint8] | None) -> NDArray[np.int16]:
        height, width = luma.shape
        amount = spread(allowance(luma, self._block), self._block, width, height)
        amount *= self._pattern
        seen = amount.ravel() if alpha is None else amount[alpha > _OPAQUE]
        rms = float(np.sqrt(np.dot(seen, seen) / max(1, seen.size)))
        amount *= self._rms * _UNITS / (rms or 1.0)
        return np.rint(amount, out=amount).astype(np.int16)
