"""Plans one encode backwards from the limits of every place it has to fit, before anything is drawn.

The plan fixes size, length, rate and level; a generator draws at that size, marks are sized for it, the
encoder obeys it and the box reader proves it (:func:`reelgate.media.boxes.prove`).
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reelgate.contract import SAMPLE_RATE, Limits
from reelgate.errors import AspectInvalid, NotOffered, SecondsOutOfRange
from reelgate.media.findings import reject

if TYPE_CHECKING:
    from collections.abc import Sequence

ASPECTS = ((9, 16), (1, 1), (16, 9))
"""The shapes we film, width to height."""

SECONDS = (1.0, 16.0)
"""The shortest and the longest reel, in seconds."""

SIDES = (64, 1080)
"""The smallest and the largest short side we encode, in pixels."""

_LEVELS = (
    (21, 792, 19_800, 5_000_000),
    (22, 1_620, 20_250, 5_000_000),
    (30, 1_620, 40_500, 12_500_000),
    (31, 3_600, 108_000, 17_500_000),
    (32, 5_120, 216_000, 25_000_000),
    (40, 8_192, 245_760, 25_000_000),
    (42, 8_704, 522_240, 62_500_000),
)
"""H.264 Annex A, tables A-1 and A-2: level, macroblocks a frame, macroblocks a second, High profile bit/s."""

_GENEROUS = Limits(max_bytes=100_000_000, max_width=1920, max_height=1920, max_seconds=16.0)
_AUDIO_BITRATE = 128_000


@dataclass(frozen=True, slots=True)
class EncodePlan:
    """Everything the encoder needs to know. Sizes in pixels, rates in bit/s, ``gop`` in frames.

    ``max_rate`` and ``buffer`` are x264's VBV: over the whole file the pictures take at most
    ``max_rate * seconds + buffer`` bits, which with sound and boxes stays within ``max_bytes``.
    """

    container: str
    width: int
    height: int
    fps: int
    frames: int
    crf: int
    max_rate: int
    buffer: int
    max_bytes: int
    gop: int
    level: int
    profile: str = "high"
    preset: str = "veryfast"
    threads: int = 2
    audio_rate: int = SAMPLE_RATE
    audio_bitrate: int = _AUDIO_BITRATE

    @property
    def seconds(self) -> float:
        """The exact length: a whole number of frames."""
        return self.frames / self.fps

    @property
    def samples(self) -> int:
        """How many samples of sound go with the frames."""
        return round(self.frames * self.audio_rate / self.fps)


def plan(
    aspect: tuple[int, int],
    seconds: float,
    targets: Sequence[Limits] = (),
    *,
    fps: int = 24,
    short_side: int = 720,
    crf: int = 22,
    preset: str = "veryfast",
    threads: int = 2,
) -> EncodePlan:
    """The encode that fits every target at once.

    ``aspect`` is one of :data:`ASPECTS`, ``seconds`` within :data:`SECONDS` (rounded to whole frames).
    Raises ``AspectInvalid``, ``SecondsOutOfRange`` (also when a target takes no clip that long),
    ``NotOffered`` (a target takes no MP4) and ``MediaRejected`` (no picture fits the byte budget).
    """
    limits = _tightest(targets)
    if not (math.isfinite(seconds) and SECONDS[0] <= seconds <= SECONDS[1]):
        raise SecondsOutOfRange(f"{seconds} seconds asked, {SECONDS[0]:g} to {SECONDS[1]:g} offered")
    if not 1 <= fps <= 60:
        raise ValueError(f"fps must be 1 to 60, got {fps}")
    frames = round(seconds * fps)
    if frames / fps > limits.max_seconds:
        raise SecondsOutOfRange(
            f"{seconds} seconds asked, the target takes {limits.max_seconds:g}",
            says=f"A reel for this place lasts at most {limits.max_seconds:g} seconds. Please ask for a shorter one.",
        )
    width, height = _within(aspect, short_side, limits)
    return _budgeted(
        EncodePlan(
            container="mp4",
            width=width,
            height=height,
            fps=fps,
            frames=frames,
            crf=crf,
            max_rate=0,
            buffer=0,
            max_bytes=limits.max_bytes,
            gop=2 * fps,
            level=0,
            preset=preset,
            threads=threads,
        )
    )


def plan_like(
    width: int, height: int, frames: int, fps: int, max_bytes: int = 100_000_000, threads: int = 2
) -> EncodePlan:
    """A plan for footage that is already there: its own shape and length, shrunk into 1080x1920 if larger.

    Raises ``MediaRejected`` when it is smaller than we encode or does not fit ``max_bytes``.
    """
    shrink = min(1.0, SIDES[1] / min(width, height), _GENEROUS.max_height / max(width, height))
    across, down = _even(width * shrink), _even(height * shrink)
    if min(across, down) < 2 or not frames:
        raise reject("does_not_fit", f"{frames} frames of {width}x{height} cannot be encoded")
    return _budgeted(
        EncodePlan(
            container="mp4",
            width=across,
            height=down,
            fps=fps,
            frames=frames,
            crf=22,
            max_rate=0,
            buffer=0,
            max_bytes=max_bytes,
            gop=2 * fps,
            level=0,
            threads=threads,
        )
    )


def size_for(aspect: tuple[int, int], short_side: int = 720) -> tuple[int, int]:
    """Width and height with that short side, both even. Raises ``AspectInvalid`` for a shape we don't film."""
    if tuple(aspect) not in ASPECTS:
        raise AspectInvalid(f"aspect {aspect[0]}:{aspect[1]} is not one of 9:16, 1:1, 16:9")
    if not SIDES[0] <= short_side <= SIDES[1]:
        raise ValueError(f"short side must be {SIDES[0]} to {SIDES[1]} pixels, got {short_side}")
    across, down = aspect
    short, long = min(aspect), max(aspect)
    near = _even(short_side)
    far = _even(near * long / short)
    return (near, far) if across <= down else (far, near)


def smaller(plan: EncodePlan) -> EncodePlan:
    """The next smaller encode of the same footage: coarser first, then fewer pixels.

    While only ``crf`` and ``max_rate`` change the same frames can be encoded again; when the size changes
    they must be drawn or scaled anew. Raises ``MediaRejected`` when there is nothing smaller.
    """
    if plan.crf < 32:
        crf = min(32, plan.crf + 4)
        return dataclasses.replace(plan, crf=crf, max_rate=plan.max_rate * 3 // 4, buffer=plan.buffer * 3 // 4)
    width, height = _even(plan.width * 0.75), _even(plan.height * 0.75)
    if min(width, height) < SIDES[0]:
        raise reject("does_not_fit", f"nothing smaller than {plan.width}x{plan.height} at crf {plan.crf}")
    return _budgeted(dataclasses.replace(plan, width=width, height=height, crf=24))


def _tightest(targets: Sequence[Limits]) -> Limits:
    """What all targets take together."""
    every = [*targets, _GENEROUS]
    if any("mp4" not in each.containers for each in every):
        raise NotOffered("a target takes no mp4")
    return Limits(
        max_bytes=min(each.max_bytes for each in every),
        max_width=min(each.max_width for each in every),
        max_height=min(each.max_height for each in every),
        max_seconds=min(each.max_seconds for each in every),
    )


def _within(aspect: tuple[int, int], short_side: int, limits: Limits) -> tuple[int, int]:
    """The wanted size, shrunk until it fits."""
    width, height = size_for(aspect, short_side)
    shrink = min(1.0, limits.max_width / width, limits.max_height / height)
    side = int(short_side * shrink)
    while side >= SIDES[0]:
        width, height = size_for(aspect, side)
        if width <= limits.max_width and height <= limits.max_height:
            return width, height
        side -= 1
    raise reject("does_not_fit", f"no picture of this shape fits {limits.max_width}x{limits.max_height}")


def _budgeted(plan: EncodePlan) -> EncodePlan:
    """The plan with the rate its bytes and its level allow; the buffer is one second of the rate."""
    blocks = -(-plan.width // 16) * -(-plan.height // 16)
    boxes = 4096 + 24 * (plan.frames + plan.samples // 1024 + 2)
    sound = plan.audio_bitrate * 1.1 * plan.seconds / 8
    room = plan.max_bytes * 0.97 - boxes - sound
    ceiling = max(1_500_000, 12_000_000 * blocks // 8_160)
    rate = int(min(ceiling, room * 8 / (plan.seconds + 1)))
    if rate < 8 * blocks * plan.fps // 24:
        raise reject("does_not_fit", f"{plan.max_bytes} bytes for {plan.seconds:g} s of {plan.width}x{plan.height}")
    for level, most_blocks, most_a_second, most_bits in _LEVELS:
        if blocks <= most_blocks and blocks * plan.fps <= most_a_second and rate <= most_bits:
            return dataclasses.replace(plan, max_rate=rate, buffer=rate, level=level)
    raise reject("does_not_fit", f"no H.264 level holds {plan.width}x{plan.height} at {plan.fps} fps")


def _even(value: float) -> int:
    """The nearest even whole number."""
    return 2 * round(value / 2)
