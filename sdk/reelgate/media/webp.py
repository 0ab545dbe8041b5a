"""Says what an animated WebP is, from its own chunks, and proves that it is what was planned.

The reader knows nothing of the encoder: it is pure Python on RFC 9649 (the WebP container), so an option that did
not reach the file is found out here.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from reelgate.media.findings import reject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reelgate.media.loop import LoopPlan

MAX_BYTES = 64 * 1024 * 1024
_ANIMATED, _XMP, _EXIF, _ALPHA = 0x02, 0x04, 0x08, 0x10
_MOST_CHUNKS = 20_000


@dataclass(frozen=True, slots=True)
class WebpFacts:
    """What the chunks say: pixels, bytes, how long each frame stands in milliseconds, and how often it is shown.

    ``loop`` 0 is for ever. ``frame_alpha`` counts the frames that hold opacity of their own.
    """

    size: int
    width: int
    height: int
    durations: tuple[int, ...]
    loop: int
    alpha: bool
    frame_alpha: int
    c2pa: bool
    metadata: bool

    @property
    def frames(self) -> int:
        """How many frames there are; 0 in a still picture."""
        return len(self.durations)

    @property
    def seconds(self) -> float:
        """The length of one round."""
        return sum(self.durations) / 1000


def read(file: BinaryIO) -> WebpFacts:
    """The facts of an extended WebP. Raises ``MediaRejected``, and nothing else, for what breaks the format."""
    file.seek(0)
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise reject("too_large", f"at most {MAX_BYTES} bytes are taken")
    try:
        return _read(data)
    except (struct.error, IndexError) as cause:
        raise reject("malformed", f"chunks that cannot be read: {type(cause).__name__}") from cause


def prove(facts: WebpFacts, plan: LoopPlan) -> None:
    """Raise ``MediaRejected`` naming the first claim of ``plan`` that the file does not keep."""
    frames = plan.frames // plan.spare
    claims = (
        (f"at most {plan.max_bytes} bytes", facts.size <= plan.max_bytes),
        (f"{plan.width}x{plan.height}", (facts.width, facts.height) == (plan.width, plan.height)),
        ("animated", facts.frames > 1),
        ("transparent where there is nothing", facts.alpha and facts.frame_alpha > 0),
        ("looping for ever", facts.loop == 0),
        (f"{plan.seconds:g} seconds", abs(facts.seconds - plan.seconds) <= 0.001),
        # a frame that repeats the one before is written as one that stands longer
        (f"at most {frames} frames", facts.frames <= frames),
        ("no frame shorter than planned", min(facts.durations, default=0) >= plan.seconds * 1000 // frames),
        ("no metadata", not facts.metadata),
    )
    for claim, kept in claims:
        if not kept:
            raise reject("not_as_planned", claim)


def _read(data: bytes) -> WebpFacts:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise reject("not_webp", "the file does not begin as a WebP")
    end = 8 + int(struct.unpack_from("<I", data, 4)[0])
    if end != len(data):
        raise reject("truncated", "a WebP whose length is not what it says")
    chunks = list(_chunks(data, 12, end))
    if not chunks or chunks[0][0] != b"VP8X" or chunks[0][2] < 10:
        raise reject("not_extended", "a WebP that says nothing of animation or opacity")
    head = chunks[0][1]
    flags = data[head]
    durations, loops, frame_alpha = [], [], 0
    for kind, at, size in chunks[1:]:
        if kind == b"ANIM":
            loops.append(struct.unpack_from("<H", data, at + 4)[0])
        elif kind == b"ANMF":
            durations.append(_three(data, at + 12))
            frame_alpha += any(inner[0] in (b"ALPH", b"VP8L") for inner in _chunks(data, at + 16, at + size))
    if len(loops) != int(bool(durations)) or bool(flags & _ANIMATED) != bool(durations):
        raise reject("malformed", "a WebP that contradicts itself about being animated")
    kinds = {kind for kind, _, _ in chunks}
    return WebpFacts(
        size=len(data),
        width=_three(data, head + 4) + 1,
        height=_three(data, head + 7) + 1,
        durations=tuple(durations),
        loop=loops[0] if loops else 1,
        alpha=bool(flags & _ALPHA),
        frame_alpha=frame_alpha,
        c2pa=b"C2PA" in kinds,
        metadata=bool(flags & (_XMP | _EXIF)) or bool(kinds & {b"EXIF", b"XMP "}),
    )


def _chunks(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, first byte and length of each chunk between two places."""
    for _ in range(_MOST_CHUNKS):
        if at == end:
            return
        kind, size = struct.unpack_from("<4sI", data, at)
        if size > end - at - 8:
            raise reject("truncated", "a WebP chunk that runs over the end")
        yield kind, at + 8, size
        at += 8 + size + (size & 1)
    raise reject("too_many_parts", f"more than {_MOST_CHUNKS} chunks")


def _three(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 3], "little")
