"""The conformance kit for picture marks: run :func:`check_picture_mark` on yours.

Every failure is an ``AssertionError`` that says in one sentence what is wrong. Nothing is encoded here: a mark
that fails is broken, one that passes may still be weak.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

from reelgate.contract import Moment, PictureMark
from reelgate.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reelgate.contract import Clip

MESSAGE = "0f1e2d3c4b5a6978"
OTHER = "89abcdef01234567"

MIN_PSNR = 42.0
"""Decibels of luma: below this a mark of strength 0 is not invisible."""


def check_picture_mark(mark: PictureMark, stranger: PictureMark, clips: Mapping[str, Clip]) -> None:
    """Check what every picture mark must do; ``stranger`` is the same mark under another key.

    On each of ``clips`` (named, unmarked, a dozen frames of any size you mean to serve) it reads back what it
    wrote in either format, finds nothing in the pictures as they came or under another key, is faint, keeps
    its hands off the caller's arrays, and marks the same frames the same way twice. It refuses nonsense.
    """
    assert isinstance(mark, PictureMark), "the mark lacks one of embedder, detect"
    assert clips, "the kit needs at least one clip"
    for name, clip in clips.items():
        _check_reading(mark, stranger, clip, name)
        _check_faint(mark, clip, name)
        _check_refusals(mark, clip)


def marked_clip(mark: PictureMark, clip: Clip, message: str, format: str = "full", strength: int = 0) -> Clip:
    """``clip`` with ``mark`` in every frame; each reading starts a fresh embedder."""

    def moments() -> Iterator[Moment]:
        embed = mark.embedder(clip.width, clip.height, message, format, strength)
        for moment in clip.open():
            yield Moment(embed(moment.frame), moment.sound)

    return dataclasses.replace(clip, open=moments)


def _check_reading(mark: PictureMark, stranger: PictureMark, clip: Clip, name: str) -> None:
    bare = mark.detect(clip)
    assert bare.payload is None and not bare.candidates, f"{name}: found a message in pictures that carry none"
    full = mark.detect(marked_clip(mark, clip, MESSAGE))
    assert full.payload == MESSAGE, f"{name}: the full message was read as {full.payload}"
    assert full.p_value < 1e-6, f"{name}: the message was read, but with p = {full.p_value:g}"
    short = mark.detect(marked_clip(mark, clip, OTHER, "short"))
    assert short.payload is None, f"{name}: a short message is no whole id, so it must not be a payload"
    assert short.candidates == (OTHER[:8],), f"{name}: the short message was read as {short.candidates}"
    foreign = stranger.detect(marked_clip(mark, clip, MESSAGE))
    assert foreign.payload is None, f"{name}: another key read the message"


def _check_faint(mark: PictureMark, clip: Clip, name: str) -> None:
    embed = mark.embedder(clip.width, clip.height, MESSAGE, "full", 0)
    again = mark.embedder(clip.width, clip.height, MESSAGE, "full", 0)
    for moment in clip.open():
        frame = moment.frame
        kept = [plane.tobytes() for plane in (frame.y, frame.u, frame.v)]
        made = embed(frame)
        assert kept == [plane.tobytes() for plane in (frame.y, frame.u, frame.v)], (
            f"{name}: the embedder wrote into the caller's frame"
        )
        assert made.y.tobytes() == again(frame).y.tobytes(), f"{name}: the same frames were marked differently"
        noise = float(((made.y.astype("float64") - frame.y) ** 2).mean())
        assert noise > 0 or made.u.tobytes() != kept[1] or made.v.tobytes() != kept[2], (
            f"{name}: the embedder changed nothing"
        )
        psnr = 10 * math.log10(255**2 / noise) if noise else math.inf
        assert psnr >= MIN_PSNR, f"{name}: strength 0 gives {psnr:.1f} dB, at least {MIN_PSNR:g} is wanted"


def _check_refusals(mark: PictureMark, clip: Clip) -> None:
    for message, kind in (("", "full"), ("XYZ", "full"), (MESSAGE.upper(), "full"), (MESSAGE, "medium")):
        try:
            mark.embedder(clip.width, clip.height, message, kind, 0)
        except BadInput:
            continue
        raise AssertionError(f"the embedder took message {message!r} in format {kind!r}")
