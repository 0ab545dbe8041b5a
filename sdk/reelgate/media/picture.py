"""Reads one still picture as a frame, with Pillow limited to the kind that was sniffed."""

from __future__ import annotations

import struct
import warnings
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from PIL import Image, ImageOps, ImageSequence

from reelgate.media.clip import frame_from_rgb, frame_from_rgba
from reelgate.media.files import reading
from reelgate.media.findings import reject
from reelgate.media.sniff import HEAD, MediaKind, sniff

# Pillow imports its readers when the first picture is opened; in a locked-down child that is too late.
Image.preinit()
Image.init()

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from reelgate.contract import Frame

MAX_IMAGE_PIXELS = 16 * 1024 * 1024
"""The largest still picture, in pixels."""

MAX_FRAMES = 600
"""The most frames of an animation."""

_FORMATS = {MediaKind.JPEG: "JPEG", MediaKind.PNG: "PNG", MediaKind.WEBP: "WEBP", MediaKind.GIF: "GIF"}
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""What Pillow's readers raise on files that are not well formed."""


def read_picture(source: Path | BinaryIO, max_pixels: int = MAX_IMAGE_PIXELS) -> Frame:
    """The (first) picture in ``source``, turned upright by its EXIF orientation; alpha is kept.

    An odd last row or column is repeated once, since frames have even sizes. Raises ``MediaRejected``.
    """
    return _frame(read_pixels(source, max_pixels))


def read_pixels(source: Path | BinaryIO, max_pixels: int = MAX_IMAGE_PIXELS) -> NDArray[np.uint8]:
    """The (first) picture upright, uint8 (height, width, 3), or 4 with straight alpha. Raises ``MediaRejected``."""
    with _opened(source, max_pixels) as image:
        upright = ImageOps.exif_transpose(image)
        return np.asarray(upright.convert("RGBA" if upright.has_transparency_data else "RGB"))


def draw_all(source: Path | BinaryIO, max_pixels: int = MAX_IMAGE_PIXELS) -> tuple[int, int, int]:
    """Decode every frame of a picture or animation: width, height and how many. Raises ``MediaRejected``."""
    with _opened(source, max_pixels) as image:
        count = 0
        for frame in ImageSequence.Iterator(image):
            if frame.width * frame.height > max_pixels or count >= MAX_FRAMES:
                raise reject("too_costly", f"frame {count} is {frame.width}x{frame.height}")
            frame.load()
            count += 1
        return image.width, image.height, count


def frame_times(source: Path | BinaryIO, max_pixels: int = MAX_IMAGE_PIXELS) -> list[int]:
    """How long each frame of a picture or animation stands, in milliseconds; one without a time stands for 100."""
    with _opened(source, max_pixels) as image:
        if getattr(image, "n_frames", 1) == 1:
            return [100]
        times: list[int] = []
        for frame in ImageSequence.Iterator(image):
            if len(times) >= MAX_FRAMES:
                raise reject("too_costly", f"more than {MAX_FRAMES} frames")
            frame.load()
            times.append(max(1, round(frame.info.get("duration") or 100)))
        return times


def read_frames(source: Path | BinaryIO, max_pixels: int = MAX_IMAGE_PIXELS) -> Iterator[Frame]:
    """Every frame of a picture or animation, as it is seen; alpha is kept. Raises ``MediaRejected``."""
    with _opened(source, max_pixels) as image:
        for count, frame in enumerate(ImageSequence.Iterator(image)):
            if count >= MAX_FRAMES:
                raise reject("too_costly", f"more than {MAX_FRAMES} frames")
            yield _frame(np.asarray(frame.convert("RGBA" if frame.has_transparency_data else "RGB")))


def _frame(pixels: NDArray[np.uint8]) -> Frame:
    """The frame of a picture of any size."""
    height, width = pixels.shape[:2]
    pixels = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    if pixels.shape[2] == 4:
        return frame_from_rgba(pixels, keep_alpha=True)
    return frame_from_rgb(pixels)


@contextmanager
def _opened(source: Path | BinaryIO, max_pixels: int) -> Iterator[Image.Image]:
    """The picture in Pillow; what Pillow raises on a broken one becomes ``MediaRejected``."""
    with reading(source) as file, warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        warnings.simplefilter("ignore", UserWarning)
        kind = sniff(file.read(HEAD))
        if kind.moving:
            raise reject("wrong_kind", "a video, not a picture")
        file.seek(0)
        try:
            with Image.open(file, formats=[_FORMATS[kind]]) as image:
                if image.width * image.height > max_pixels:
                    raise reject("too_many_pixels", f"{image.width}x{image.height} is over {max_pixels} pixels")
                yield image
        except _BROKEN as cause:
            raise reject("unreadable", f"the {kind.value} picture cannot be read: {type(cause).__name__}") from cause
