"""Stickers as files: plans and writes an animated WebP that loops for ever, born within its byte budget.

WebP is written with Pillow, whose libwebp can spend few bits on the opacity and many on the colours: the edge of a
sticker needs a dozen steps of opacity, not 256, and its colours carry the invisible mark. All frames of a loop
are held while it is written (at most :data:`MAX_FRAMES` of them), because the encoder has to try more than once.
"""

from __future__ import annotations

import dataclasses
import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from PIL import Image

from reelgate.contract import Limits
from reelgate.errors import NotOffered, OutOfSpace, SecondsOutOfRange
from reelgate.media.clip import rgb_from_frame
from reelgate.media.encode import Encoded
from reelgate.media.findings import reject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from reelgate.contract import Frame, Moment

SECONDS = (1.0, 3.0)
"""The shortest and the longest sticker, in seconds."""

SIDE = 512
"""Width and height of a sticker in pixels: what chats that know stickers ask for."""

FPS = 15
"""Frames a second: drawn on twos, near enough, so that each frame may take more bytes."""

MAX_FRAMES = 72

_USUAL = Limits(max_bytes=500_000, max_width=SIDE, max_height=SIDE, max_seconds=SECONDS[1], containers=("webp",))
_SMALLEST = 96
_MANIFEST = 24_000
"""Bytes kept free for the manifest that is signed into the file."""

_QUALITIES = (88, 84, 78, 72, 66, 60)
_COLOURS = {88: 1.0, 84: 0.84, 78: 0.70, 72: 0.64, 66: 0.60, 60: 0.57}
"""About what the colours take at each quality, as shares of the first: to skip a try that cannot fit."""

_OPACITY = 40
"""The quality of opacity: ten steps of it. From 50 on every frame costs two to three times as much for its edge."""


@dataclass(frozen=True, slots=True)
class LoopPlan:
    """Everything the encoder needs to know: pixels, frames a second, frames, and the most bytes, manifest excluded.

    ``spare`` is how much is left out to draw the rest better: 1 keeps every frame if it fits, 2 every second.
    """

    width: int
    height: int
    fps: int
    frames: int
    max_bytes: int
    spare: int = 1

    @property
    def seconds(self) -> float:
        """The exact length: a whole number of frames."""
        return self.frames / self.fps


def plan(seconds: float, targets: Sequence[Limits] = (), *, fps: int = FPS) -> LoopPlan:
    """The square loop that fits every target at once.

    Raises ``SecondsOutOfRange`` (also when a target takes none that long), ``NotOffered`` (a target takes no WebP)
    and ``MediaRejected`` (no picture fits).
    """
    every = [_USUAL, *targets]
    if any("webp" not in each.containers for each in every):
        raise NotOffered("a target takes no webp", says="Stickers cannot be sent to that place.")
    longest = min(each.max_seconds for each in every)
    if not (math.isfinite(seconds) and SECONDS[0] <= seconds <= longest):
        raise SecondsOutOfRange(
            f"{seconds} seconds asked, {SECONDS[0]:g} to {longest:g} offered",
            says=f"A sticker lasts {SECONDS[0]:g} to {longest:g} seconds.",
        )
    side = min(SIDE, *(min(each.max_width, each.max_height) for each in every)) // 2 * 2
    most = min(each.max_bytes for each in every) - _MANIFEST
    if side < _SMALLEST or most < _MANIFEST:
        raise reject("does_not_fit", f"no sticker fits {side} pixels a side and {most} bytes")
    # an even number, so that every second one can be left out and the loop still closes
    return LoopPlan(side, side, fps, 2 * round(seconds * fps / 2), most)


def encode(
    moments: Iterator[Moment],
    plan: LoopPlan,
    out: BinaryIO,
    on_progress: Callable[[int, int], None] | None = None,
) -> Encoded:
    """Write ``moments`` into ``out`` as the best animated WebP within ``plan.max_bytes``; sound is left out.

    The finest of six qualities that fits is taken with every frame, else with every second one shown twice as
    long. Raises ``MediaRejected`` when a frame has another size, when there are more or fewer than planned, or when
    nothing fits; ``OutOfSpace`` when the disk is full.
    """
    pictures: list[NDArray[np.uint8]] = []
    for moment in moments:
        _check(moment.frame, plan, len(pictures))
        pictures.append(_straight(moment.frame))
        if on_progress:
            on_progress(len(pictures), plan.frames)
    if len(pictures) != plan.frames:
        raise reject("not_as_planned", f"the footage has {len(pictures)} frames, {plan.frames} were planned")
    step = plan.spare
    while step <= 2:
        data = _best(pictures[::step], step * 1000 / plan.fps, plan.max_bytes)
        if data is not None:
            return _written(data, len(pictures[::step]), out)
        step += 1
    raise reject("does_not_fit", f"{plan.frames} frames of {plan.width}x{plan.height} in {plan.max_bytes} bytes")


def calmer(plan: LoopPlan) -> LoopPlan:
    """The same loop with every second frame left out, so that each keeps more of what it carries."""
    return dataclasses.replace(plan, spare=2)


def _check(frame: Frame, plan: LoopPlan, index: int) -> None:
    height, width = frame.y.shape
    if (width, height) != (plan.width, plan.height) or index >= min(plan.frames, MAX_FRAMES):
        raise reject("not_as_planned", f"frame {index} is {width}x{height}, {plan.width}x{plan.height} was planned")


def _straight(frame: Frame) -> NDArray[np.uint8]:
    """The frame as sRGB with straight alpha, uint8 (height, width, 4)."""
    rgb = rgb_from_frame(frame)
    alpha = np.full(frame.y.shape, 255, np.uint8) if frame.alpha is None else frame.alpha
    return np.dstack([rgb, alpha])


def _best(pictures: list[NDArray[np.uint8]], milliseconds: float, most: int) -> bytes | None:
    """The finest file within ``most`` bytes, or ``None``."""
    first = 0
    for quality in _QUALITIES:
        if first * _COLOURS[quality] > most:
            continue
        data = _webp(pictures, milliseconds, quality)
        if len(data) <= most:
            return data
        first = first or len(data)
    return None


def _webp(pictures: list[NDArray[np.uint8]], milliseconds: float, quality: int) -> bytes:
    images = [Image.fromarray(each) for each in pictures]
    ends = [round(milliseconds * (index + 1)) for index in range(len(images))]
    kept = io.BytesIO()
    images[0].save(
        kept,
        "WEBP",
        save_all=True,
        append_images=images[1:],
        duration=[end - start for start, end in zip([0, *ends], ends, strict=False)],
        loop=0,
        quality=quality,
        alpha_quality=_OPACITY,
        method=4,
        kmin=0,
        kmax=0,
    )
    return kept.getvalue()


def _written(data: bytes, frames: int, out: BinaryIO) -> Encoded:
    try:
        out.write(data)
        out.flush()
    except OSError as cause:
        if cause.errno == 28:
            raise OutOfSpace("the disk filled up while writing a sticker") from cause
        raise
    return Encoded(len(data), frames, 0)
