"""Turns RGB pictures into frames and back, and threads taps through a clip.

A frame is BT.709 limited range 4:2:0 (ITU-R BT.709-6: luma 16-235, chroma 16-240). The conversion is
swscale's with the matrix and both ranges named, never guessed from the picture's size, and with exact
rounding, so the same picture gives the same bytes on every machine.
"""

from __future__ import annotations

import dataclasses
import threading
from typing import TYPE_CHECKING

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from reelgate.contract import Clip, Frame, Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from av.video.plane import VideoPlane
    from numpy.typing import NDArray

EXACT = (
    Interpolation.BILINEAR
    | Interpolation.ACCURATE_RND
    | Interpolation.FULL_CHR_H_INP
    | Interpolation.FULL_CHR_H_INT
    | Interpolation.BITEXACT
)
"""swscale flags: full chroma, exact rounding, the same bytes with and without vector units."""

WHITE = (231, 128, 128)
"""The white that stickers are cut out of, Y U V limited range: 250 of 255, so that a mark can go both ways in it."""

_SMOOTH = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.BITEXACT


class _Scalers(threading.local):
    """swscale contexts: costly to make, and not to be shared between threads."""

    def __init__(self) -> None:
        self.inward = VideoReformatter()
        self.outward = VideoReformatter()
        self.sideways = VideoReformatter()


_scalers = _Scalers()


def frame_from_rgb(rgb: NDArray[np.uint8]) -> Frame:
    """The frame of an sRGB picture, uint8 (height, width, 3); raises ``ValueError`` on odd sizes."""
    return _inward(rgb, 3, "rgb24")


def frame_from_rgba(rgba: NDArray[np.uint8], keep_alpha: bool = False) -> Frame:
    """The frame of an sRGB picture with straight alpha, uint8 (height, width, 4).

    ``keep_alpha`` copies the fourth channel into ``Frame.alpha``; otherwise it is dropped, and the picture
    is taken as opaque. Raises ``ValueError`` on odd sizes.
    """
    frame = _inward(rgba, 4, "rgba")
    if not keep_alpha:
        return frame
    return dataclasses.replace(frame, alpha=np.ascontiguousarray(rgba[..., 3]))


def rgb_from_frame(frame: Frame) -> NDArray[np.uint8]:
    """The sRGB picture of a frame, uint8 (height, width, 3); alpha is ignored."""
    height, width = frame.y.shape
    out = _scalers.outward.reformat(
        video_frame(frame),
        format="rgb24",
        src_colorspace=Colorspace.ITU709,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
        interpolation=EXACT,
        threads=1,
    )
    return plane(out.planes[0], width * 3).reshape(height, width, 3)


def video_frame(frame: Frame) -> av.VideoFrame:
    """The frame as av's own, yuv420p with the colours tagged; the planes are copied."""
    height, width = frame.y.shape
    out = av.VideoFrame(width, height, "yuv420p")
    for target, source in zip(out.planes, (frame.y, frame.u, frame.v), strict=True):
        room = np.frombuffer(memoryview(target), np.uint8).reshape(target.height, target.line_size)
        room[:, : target.width] = source
    tag(out)
    return out


def tag(picture: av.VideoFrame) -> None:
    """Write BT.709 and limited range onto an av frame, so that encoders and scalers need not guess."""
    picture.colorspace = Colorspace.ITU709
    picture.color_range = ColorRange.MPEG
    picture.color_primaries = 1
    picture.color_trc = 1


def frame_of(picture: av.VideoFrame) -> Frame:
    """Our frame of an av frame, which must be yuv420p or yuva420p; unpadded planes share its memory."""
    y, u, v, *alpha = (plane(each, each.width) for each in picture.planes)
    return Frame(y, u, v, alpha[0] if alpha else None)


def plane(source: VideoPlane, width: int) -> NDArray[np.uint8]:
    """One plane of an av frame as contiguous uint8 (height, ``width``).

    av may pad every line; such planes are copied without the padding, others are the frame's own memory
    (which the array keeps alive).
    """
    lines = np.frombuffer(memoryview(source), np.uint8).reshape(source.height, source.line_size)
    return np.ascontiguousarray(lines[:, :width])


def scaled(frame: Frame, width: int, height: int) -> Frame:
    """The frame at another even size, bicubic; alpha is scaled with it."""
    if frame.y.shape == (height, width):
        return frame
    source = video_frame(frame)
    out = frame_of(_scalers.sideways.reformat(source, width=width, height=height, interpolation=_SMOOTH, threads=1))
    if frame.alpha is None:
        return out
    veil = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(frame.alpha), format="gray")
    thin = veil.reformat(width=width, height=height, interpolation=_SMOOTH, threads=1)
    return dataclasses.replace(out, alpha=plane(thin.planes[0], width))


def black(width: int, height: int) -> Frame:
    """An opaque black frame."""
    half = (height // 2, width // 2)
    return Frame(np.full((height, width), 16, np.uint8), np.full(half, 128, np.uint8), np.full(half, 128, np.uint8))


def flattened(frame: Frame) -> Frame:
    """The frame opaque: one with alpha is laid on the white of :data:`WHITE`, which a sticker's own edge has."""
    if frame.alpha is None:
        return frame
    cover = frame.alpha.astype(np.uint16)
    half = (cover[::2, ::2] + cover[1::2, ::2] + cover[::2, 1::2] + cover[1::2, 1::2] + 2) >> 2
    planes = [
        ((plane * over + white * (255 - over) + 127) // 255).astype(np.uint8)
        for plane, over, white in zip((frame.y, frame.u, frame.v), (cover, half, half), WHITE, strict=True)
    ]
    return Frame(*planes)


def tee(clip: Clip, *taps: Callable[[int, Moment], None]) -> Clip:
    """The same clip; whenever it is read, each tap is shown every moment and its index, in order."""

    def stream() -> Iterator[Moment]:
        for index, moment in enumerate(clip.open()):
            for tap in taps:
                tap(index, moment)
            yield moment

    return dataclasses.replace(clip, open=stream)


def mapped(clip: Clip, change: Callable[[int, Moment], Moment]) -> Clip:
    """The clip with ``change(index, moment)`` in place of each moment."""

    def stream() -> Iterator[Moment]:
        for index, moment in enumerate(clip.open()):
            yield change(index, moment)

    return dataclasses.replace(clip, open=stream)


def _inward(pixels: NDArray[np.uint8], channels: int, layout: str) -> Frame:
    """One picture through swscale into 4:2:0."""
    if pixels.ndim != 3 or pixels.shape[2] != channels or pixels.dtype != np.uint8:
        raise ValueError(f"expected uint8 (height, width, {channels}), got {pixels.dtype} {pixels.shape}")
    if pixels.shape[0] % 2 or pixels.shape[1] % 2 or not pixels.size:
        raise ValueError(f"width and height must be even and not zero, got {pixels.shape[1]}x{pixels.shape[0]}")
    source = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(pixels), format=layout)
    return frame_of(
        _scalers.inward.reformat(
            source,
            format="yuv420p",
            src_colorspace=Colorspace.ITU709,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            interpolation=EXACT,
            threads=1,
        )
    )
