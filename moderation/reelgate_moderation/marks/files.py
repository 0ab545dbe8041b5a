"""Marks whole files: a video is decoded and encoded once, a picture is written anew."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from reelgate.contract import Clip, Moment
from reelgate.errors import BadInput
from reelgate.media.clip import black, frame_from_rgb, mapped, scaled
from reelgate.media.decode import open_clip
from reelgate.media.encode import encode
from reelgate.media.fit import plan_like
from reelgate.media.picture import draw_all, read_pixels
from reelgate.media.sniff import HEAD, MediaKind, sniff
from reelgate.media.still import write_still

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from reelgate.contract import Frame, PictureMark

STRENGTHS = {True: 0, False: 1}
"""The strength for moving and for still pictures: a still has no second frame to read the mark from."""

_LUMA_RANGE = 219.0


def mark_file(
    file: BinaryIO, out: BinaryIO, mark: PictureMark, message: str, format: str, kind: MediaKind, strength: int
) -> None:
    """Write ``file``, a picture or video, into ``out`` as ``kind``, marked.

    Raises ``MediaRejected`` for what cannot be read, :class:`BadInput` for a video asked as a picture, the
    other way round, or an animation.
    """
    head = file.read(HEAD)
    file.seek(0)
    moving = sniff(head).moving
    if moving != kind.moving or kind is MediaKind.WEBM:
        raise BadInput("A video is marked into an .mp4 file, a picture into a .png, .jpg or .webp file.")
    if moving:
        _video(file, out, mark, message, format, strength)
        return
    if draw_all(file)[2] > 1:
        raise BadInput("That picture is animated. Please make it a video first.")
    file.seek(0)
    pixels = read_pixels(file)
    embed = mark.embedder(*_even_size(pixels), message, format, strength)
    write_still(marked_pixels(pixels, embed), kind, out)


def marked_pixels(pixels: NDArray[np.uint8], embed: Callable[[Frame], Frame]) -> NDArray[np.uint8]:
    """``pixels``, uint8 (height, width, 3 or 4), with what ``embed`` adds to luma added to red, green and blue.

    So a picture keeps its own full-size colours: only the mark goes through the frame's luma.
    """
    height, width = pixels.shape[:2]
    across, down = _even_size(pixels)
    padded = np.pad(pixels[..., :3], ((0, down - height), (0, across - width), (0, 0)), mode="edge")
    frame = frame_from_rgb(padded)
    added = embed(frame).y.astype(np.float32) - frame.y
    change = np.rint(added[:height, :width, None] * np.float32(255 / _LUMA_RANGE)).astype(np.int16)
    marked = pixels.copy()
    marked[..., :3] = np.clip(pixels[..., :3] + change, 0, 255)
    return marked


def rehearse(mark: PictureMark, message: str, format: str) -> None:
    """Mark a small video and pictures of our own: libraries load parts of themselves when first used."""
    frame = black(128, 128)
    clip = Clip(128, 128, 24, 1 / 12, lambda: iter([Moment(frame, np.zeros((2000, 2), np.float32))] * 2))
    made = io.BytesIO()
    encode(clip.open(), plan_like(clip.width, clip.height, clip.frames, clip.fps, threads=1), made)
    made.seek(0)
    mark_file(made, io.BytesIO(), mark, message, format, MediaKind.MP4, 0)
    for kind in (MediaKind.PNG, MediaKind.JPEG, MediaKind.WEBP):
        still = io.BytesIO()
        write_still(np.zeros((128, 128, 3), np.uint8), kind, still)
        still.seek(0)
        mark_file(still, io.BytesIO(), mark, message, format, kind, 0)


def _video(file: BinaryIO, out: BinaryIO, mark: PictureMark, message: str, format: str, strength: int) -> None:
    clip = open_clip(file)
    plan = plan_like(clip.width, clip.height, clip.frames, clip.fps, threads=1)
    embed = mark.embedder(plan.width, plan.height, message, format, strength)

    def marked(_: int, moment: Moment) -> Moment:
        return Moment(embed(scaled(moment.frame, plan.width, plan.height)), moment.sound)

    encode(mapped(clip, marked).open(), plan, out)


def _even_size(pixels: NDArray[np.uint8]) -> tuple[int, int]:
    height, width = pixels.shape[:2]
    return width + width % 2, height + height % 2
