"""Small pictures of frames: for screening, and for seeing how light changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reelgate.contract import Frame

LONGEST = 256
"""The longer side of a sample is at most this many pixels."""

CELLS = 16
"""A picture is watched for flashes in up to 16 x 16 cells."""

_GREY = 128.0


def small_rgb(frame: Frame) -> NDArray[np.uint8]:
    """The frame as sRGB, uint8 (height, width, 3), each side divided by one whole number (area mean).

    BT.709 limited range to full range (ITU-R BT.709-6, 3.2-3.5). Transparent parts show mid grey.
    """
    longest = max(frame.y.shape)
    step = 1 if longest <= LONGEST else 2 * -(-longest // (2 * LONGEST))
    luma = (_mean(frame.y, step) - 16.0) / 219.0
    if step == 1:
        height, width = luma.shape
        blue, red = (_mean(np.repeat(np.repeat(p, 2, 0), 2, 1), 1)[:height, :width] for p in (frame.u, frame.v))
    else:
        blue, red = _mean(frame.u, step // 2), _mean(frame.v, step // 2)
    height, width = min(luma.shape[0], blue.shape[0]), min(luma.shape[1], blue.shape[1])
    luma = luma[:height, :width]
    pb = (blue[:height, :width] - np.float32(128)) / 224.0
    pr = (red[:height, :width] - np.float32(128)) / 224.0
    rgb = np.stack((luma + 1.5748 * pr, luma - 0.18732 * pb - 0.46812 * pr, luma + 1.8556 * pb), axis=-1)
    rgb *= 255.0
    if frame.alpha is not None:
        opaque = (_mean(frame.alpha, step)[:height, :width] / 255.0)[..., None]
        rgb = rgb * opaque + _GREY * (1.0 - opaque)
    return np.asarray(np.clip(np.rint(rgb), 0, 255), np.uint8)


def light_of_frame(frame: Frame) -> NDArray[np.float32]:
    """Relative luminance 0 to 1 of up to 16 x 16 cells, from every few luma pixels: cheap, for every frame."""
    stride = max(1, min(frame.y.shape) // (4 * CELLS))
    thin = frame.y[::stride, ::stride]
    return linear(np.clip((_cells(thin) - 16.0) / 219.0, 0.0, 1.0))


def light_of_rgb(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Relative luminance 0 to 1 (WCAG 2.2) of up to 16 x 16 cells of a sample."""
    linear_rgb = np.stack([linear(_cells(rgb[..., channel]) / 255.0) for channel in range(3)], axis=-1)
    return (linear_rgb @ np.array([0.2126, 0.7152, 0.0722], np.float32)).astype(np.float32)


def linear(value: NDArray[np.float32]) -> NDArray[np.float32]:
    """sRGB's transfer curve undone (IEC 61966-2-1)."""
    curved = ((np.maximum(value, 0.04045) + 0.055) / 1.055) ** 2.4
    return np.where(value <= 0.04045, value / 12.92, curved).astype(np.float32)


def _cells(plane: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Mean of each of up to 16 x 16 cells of equal size; a rest at the right and lower edge is left out."""
    down, along = max(1, plane.shape[0] // CELLS), max(1, plane.shape[1] // CELLS)
    height, width = min(CELLS, plane.shape[0]), min(CELLS, plane.shape[1])
    cut = plane[: height * down, : width * along]
    return np.asarray(cut.reshape(height, down, width, along).mean(axis=(1, 3), dtype=np.float32))


def _mean(plane: NDArray[np.uint8], step: int) -> NDArray[np.float32]:
    """Area mean over ``step`` x ``step`` pixels; a rest smaller than a step is left out."""
    if step == 1:
        return plane.astype(np.float32)
    height, width = plane.shape[0] // step, plane.shape[1] // step
    cut = plane[: height * step, : width * step]
    return np.asarray(cut.reshape(height, step, width, step).mean(axis=(1, 3), dtype=np.float32))
