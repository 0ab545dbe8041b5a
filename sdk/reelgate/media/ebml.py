"""Checks the structure of a WebM file (RFC 8794, RFC 9559) before any decoder sees it."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from typing import BinaryIO

from reelgate.media.findings import reject
from reelgate.media.isobmff import read_at

MAX_ELEMENTS = 100_000
"""The most elements in one file (each frame is one)."""

_SEGMENT, _INFO, _TRACKS, _ENTRY, _VIDEO, _CLUSTER, _GROUP = (
    0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0, 0x1F43B675, 0xA0,
)  # fmt: skip
_MASTERS = {0x1A45DFA3, _SEGMENT, _INFO, _TRACKS, _ENTRY, _VIDEO, _CLUSTER, _GROUP}
_DOCTYPE, _SCALE, _DURATION, _KIND, _CODEC, _WIDTH, _HEIGHT = 0x4282, 0x2AD7B1, 0x4489, 0x83, 0x86, 0xB0, 0xBA
_ENCODINGS, _SIMPLE, _BLOCK, _TAGS, _ATTACHED = 0x6D80, 0xA3, 0xA1, 0x1254C367, 0x1941A469
_SMALL = {_DOCTYPE, _SCALE, _DURATION, _KIND, _CODEC, _WIDTH, _HEIGHT}
_CODECS = {b"V_VP8", b"V_VP9", b"V_AV1", b"A_OPUS", b"A_VORBIS"}


@dataclass(slots=True)
class Webm:
    """What the elements say; ``seconds`` is 0 where the file does not tell (a live recording)."""

    doctype: bytes = b""
    kinds: list[int] = field(default_factory=list)
    codecs: list[bytes] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    heights: list[int] = field(default_factory=list)
    blocks: int = 0
    scale: int = 1_000_000
    ticks: float = 0.0
    metadata: bool = False

    @property
    def seconds(self) -> float:
        """The length that the file claims."""
        return self.ticks * self.scale / 1e9


def check_webm(file: BinaryIO, max_pixels: int, max_seconds: float, max_frames: int) -> Webm:
    """Walk every element within budgets; raises ``MediaRejected``."""
    found = Webm()
    size = file.seek(0, io.SEEK_END)
    ends = [size]
    at = count = 0
    while at < size:
        while len(ends) > 1 and at >= ends[-1]:
            ends.pop()
        count += 1
        if count > MAX_ELEMENTS:
            raise reject("box_budget", f"more than {MAX_ELEMENTS} elements")
        head = read_at(file, at, 12, 2)
        kind, taken = _number(head, 0, longest=4, keep_mark=True)
        length, taken = _number(head, taken, longest=8)
        at += taken
        if length is None and kind not in (_SEGMENT, _CLUSTER):
            raise reject("box_size", "an element without a length that needs one")
        end = ends[-1] if length is None else at + length
        if end > ends[-1]:
            raise reject("truncated", "an element that runs over its end")
        _note(found, file, kind or 0, at, end - at)
        if kind not in _MASTERS:
            at = end
        elif length is not None:  # one without a length ends where the next of its kind begins
            ends.append(end)
            if len(ends) > 16:
                raise reject("box_depth", "elements are nested more than 16 deep")
    _judge(found, max_pixels, max_seconds, max_frames)
    return found


def _number(head: bytes, at: int, longest: int, keep_mark: bool = False) -> tuple[int | None, int]:
    """A variable-length number and where it ends; ``None`` when all its bits say that it is not known."""
    width = 9 - head[at].bit_length() if at < len(head) else 9
    if width > longest or at + width > len(head):
        raise reject("malformed", "an element whose name or length cannot be read")
    value = int.from_bytes(head[at : at + width], "big")
    if keep_mark:
        return value, at + width
    value &= (1 << 7 * width) - 1
    return (None if value == (1 << 7 * width) - 1 else value), at + width


def _note(found: Webm, file: BinaryIO, kind: int, at: int, size: int) -> None:
    """Remember what one element says."""
    if kind in (_SIMPLE, _BLOCK):
        found.blocks += 1
    elif kind == _ENCODINGS:
        raise reject("encrypted", "a track that is encrypted or compressed")
    elif kind in (_TAGS, _ATTACHED):
        found.metadata = True
    elif kind in _SMALL:
        if not 1 <= size <= 64:
            raise reject("box_size", f"a value of {size} bytes")
        data = read_at(file, at, size, size)
        if kind == _DOCTYPE:
            found.doctype = data.rstrip(b"\0")
        elif kind == _CODEC:
            found.codecs.append(data.rstrip(b"\0"))
        elif kind == _DURATION:
            found.ticks = struct.unpack(">f" if size == 4 else ">d", data)[0] if size in (4, 8) else float("nan")
        elif kind == _SCALE:
            found.scale = int.from_bytes(data, "big")
        else:
            lists = {_KIND: found.kinds, _WIDTH: found.widths, _HEIGHT: found.heights}
            lists[kind].append(int.from_bytes(data, "big"))


def _judge(found: Webm, max_pixels: int, max_seconds: float, max_frames: int) -> None:
    """The rules of the house."""
    if found.doctype != b"webm":
        raise reject("not_webm", "a Matroska file that is not WebM")
    if sorted(found.kinds) not in ([1], [1, 2]) or len(found.widths) != 1 or len(found.heights) != 1:
        raise reject("track_count", "expected one picture track and at most one sound track")
    if not set(found.codecs) <= _CODECS or len(found.codecs) != len(found.kinds):
        raise reject("codec", "a codec that is not taken")
    width, height = found.widths[0], found.heights[0]
    if not width or not height or width * height > max_pixels:
        raise reject("too_many_pixels", f"{width}x{height}, over 0 and at most {max_pixels} pixels are taken")
    if not 0 <= found.seconds <= max_seconds:
        raise reject("too_long", f"at most {max_seconds:g} seconds are taken")
    if not 0 < found.blocks <= 3 * max_frames:
        raise reject("sample_budget", f"{found.blocks} blocks")
