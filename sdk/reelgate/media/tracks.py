"""Reads one track of an MP4 into facts: codec, size, rate, and whether its tables agree with one another."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from reelgate.media.findings import reject
from reelgate.media.isobmff import Box, body, read_at, table

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SAMPLES = 36_000
"""The most samples (frames, or packets of sound) in one track."""

MAX_SECONDS = 120.0
"""The longest track, in seconds."""

_VIDEO_ENTRIES = {"avc1", "avc3", "hvc1", "hev1", "av01", "vp09"}
_ENCRYPTED = {"encv", "enca", "enct", "encs", "encu"}
_UPRIGHT = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


@dataclass(frozen=True, slots=True)
class VideoTrack:
    """What the boxes say of the pictures.

    ``duration`` is in units of ``timescale``; ``step`` is the one duration of every frame or ``None`` where
    they differ; ``gop`` the longest distance between sync samples in frames; ``closed`` that every sync
    sample starts with an IDR picture and nothing is reordered across it; ``chroma`` H.264's
    ``chroma_format_idc`` (1 is 4:2:0); ``colour`` the nclx quadruple (primaries, transfer, matrix, full range).
    """

    codec: str
    profile: int
    level: int
    chroma: int
    width: int
    height: int
    timescale: int
    duration: int
    samples: int
    step: int | None
    gop: int
    closed: bool
    upright: bool
    colour: tuple[int, int, int, int] | None


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """What the boxes say of the sound; ``object_type`` 2 is AAC-LC (ISO/IEC 14496-3 table 1.17)."""

    codec: str
    object_type: int
    rate: int
    channels: int
    timescale: int
    duration: int
    samples: int


def read_track(file: BinaryIO, trak: Box, size: int) -> VideoTrack | AudioTrack:
    """The facts of one ``trak``; ``size`` is the file's. Raises ``MediaRejected`` for what breaks a rule."""
    mdia = trak.one("mdia")
    handler = body(file, mdia.one("hdlr"), 12)[8:12]
    timescale, duration = _clock(file, mdia.one("mdhd"))
    if duration > MAX_SECONDS * timescale:
        raise reject("too_long", f"a track of {duration / timescale:.0f} seconds")
    _own_data(file, mdia.one("minf", "dinf", "dref"))
    stbl = mdia.one("minf", "stbl")
    kind, entry = _entry(file, stbl.one("stsd"))
    times = table(file, stbl.one("stts"), "II", MAX_SAMPLES)
    sizes = _sizes(file, stbl.one("stsz"))
    count = sum(row[0] for row in times)
    if count != len(sizes):
        raise reject("table_mismatch", f"times for {count} samples, sizes for {len(sizes)}")
    if sum(row[0] * row[1] for row in times) > (MAX_SECONDS + 1) * timescale:
        raise reject("too_long", f"samples that last more than {MAX_SECONDS:g} seconds")
    offsets = list(_offsets(file, stbl, sizes, size))
    if handler == b"soun":
        return _audio(file, kind, entry, timescale, duration, count)
    if handler != b"vide":
        raise reject("track_kind", "a track that is neither picture nor sound")
    sync = _sync(file, stbl, count)
    reordered = bool(stbl.all("ctts"))
    steps = {row[1] for row in times if row[0]}
    codec = _video(file, kind, entry)
    starts = [(offsets[index - 1], sizes[index - 1]) for index in sync]
    return VideoTrack(
        codec=kind,
        profile=codec.profile,
        level=codec.level,
        chroma=codec.chroma,
        width=codec.width,
        height=codec.height,
        timescale=timescale,
        duration=duration,
        samples=count,
        step=steps.pop() if len(steps) == 1 else None,
        gop=max((b - a for a, b in zip(sync, [*sync[1:], count + 1], strict=True)), default=0),
        closed=not reordered and kind == "avc1" and all(_idr(file, *start) for start in starts),
        upright=_matrix(file, trak.one("tkhd")) == _UPRIGHT,
        colour=codec.colour,
    )


def _clock(file: BinaryIO, mdhd: Box) -> tuple[int, int]:
    """Timescale and duration of a track."""
    data = body(file, mdhd, 20)
    if data[0] == 1 and len(data) >= 32:
        timescale, duration = struct.unpack_from(">IQ", data, 20)
    else:
        timescale, duration = struct.unpack_from(">II", data, 12)
    if not timescale:
        raise reject("timescale", "a track whose clock stands still")
    return timescale, duration


def _matrix(file: BinaryIO, tkhd: Box) -> tuple[int, ...]:
    """The nine numbers that turn and scale the picture."""
    data = body(file, tkhd, 84)
    at = 52 if data[0] == 1 else 40
    if len(data) < at + 36:
        raise reject("box_size", "a track header that is cut short")
    return struct.unpack_from(">9I", data, at)


def _own_data(file: BinaryIO, dref: Box) -> None:
    """Refuse data that lies in another file."""
    data = body(file, dref, 8)
    (count,) = struct.unpack_from(">I", data, 4)
    at = 8
    if count != 1:
        raise reject("external_data", f"{count} data references, expected one")
    if len(data) < at + 12:
        raise reject("truncated", "a data reference that is cut short")
    size, kind, flags = struct.unpack_from(">I4sI", data, at)
    if kind != b"url " or not flags & 1 or size != 12:
        raise reject("external_data", "a data reference to somewhere else")


def _entry(file: BinaryIO, stsd: Box) -> tuple[str, Box]:
    """The one sample entry: its four letters, and where it lies."""
    head = body(file, stsd, 16)
    count, size, name = struct.unpack_from(">II4s", head, 4)
    kind = name.decode("latin-1")
    if count != 1:
        raise reject("sample_entries", f"{count} sample descriptions, expected one")
    if kind in _ENCRYPTED:
        raise reject("encrypted", "a track that is encrypted")
    if size < 16 or 8 + size > stsd.size:
        raise reject("box_size", "a sample description larger than its box")
    return kind, Box(kind, stsd.payload + 8, stsd.payload + 16, stsd.payload + 8 + size)


def _inner(file: BinaryIO, entry: Box, skip: int) -> Iterator[tuple[str, bytes]]:
    """The small boxes inside a sample entry, after ``skip`` bytes of fixed fields."""
    data = body(file, entry, skip)
    at = skip
    for _ in range(64):
        if len(data) - at < 8:
            return
        size, name = struct.unpack_from(">I4s", data, at)
        if size < 8 or at + size > len(data):
            raise reject("box_size", "a box in a sample description that runs over its end")
        if name == b"sinf":
            raise reject("encrypted", "a track that is encrypted")
        yield name.decode("latin-1"), data[at + 8 : at + size]
        at += size
    raise reject("box_budget", "a sample description of more than 64 boxes")


@dataclass(frozen=True, slots=True)
class _Codec:
    width: int
    height: int
    profile: int = 0
    level: int = 0
    chroma: int = 0
    colour: tuple[int, int, int, int] | None = None


def _video(file: BinaryIO, kind: str, entry: Box) -> _Codec:
    """A visual sample entry (14496-12 section 12.1) and its avcC (14496-15 section 5.3.3)."""
    if kind not in _VIDEO_ENTRIES:
        raise reject("codec", "a picture codec that is not taken")
    width, height = struct.unpack_from(">HH", body(file, entry, 78), 24)
    if not width or not height:
        raise reject("picture_size", "a picture without size")
    profile = level = chroma = 0
    colour = None
    for name, data in _inner(file, entry, 78):
        if name == "avcC" and len(data) >= 7:
            profile, level = data[1], data[3]
            chroma = _chroma(data, profile)
        elif name == "colr" and data[:4] == b"nclx" and len(data) >= 11:
            colour = (*struct.unpack_from(">HHH", data, 4), data[10] >> 7)
    return _Codec(width, height, profile, level, chroma, colour)


def _chroma(avcc: bytes, profile: int) -> int:
    """``chroma_format_idc``: 4:2:0 by definition below High, written after the parameter sets from High up."""
    if profile in (66, 77, 88):
        return 1
    at = 6
    for sets in (avcc[5] & 31, None):
        if sets is None:
            if at >= len(avcc):
                return 0
            sets, at = avcc[at], at + 1
        for _ in range(sets):
            if at + 2 > len(avcc):
                return 0
            at += 2 + int.from_bytes(avcc[at : at + 2], "big")
    return avcc[at] & 3 if at < len(avcc) else 0


def _audio(file: BinaryIO, kind: str, entry: Box, timescale: int, duration: int, count: int) -> AudioTrack:
    """An audio sample entry and its esds."""
    if kind not in ("mp4a", "Opus", ".mp3"):
        raise reject("codec", "a sound codec that is not taken")
    channels, _, _, _, rate = struct.unpack_from(">HHHHI", body(file, entry, 28), 16)
    rate >>= 16
    object_type = 0
    for name, data in _inner(file, entry, 28):
        if name == "esds":
            config = _specific(data[4:])
            if len(config) >= 2:
                bits = int.from_bytes(config[:2], "big")
                object_type = bits >> 11
                channels = (bits >> 3) & 15 or channels
    return AudioTrack(kind, object_type, rate, channels, timescale, duration, count)


def _specific(data: bytes) -> bytes:
    """The AudioSpecificConfig in an elementary stream descriptor (14496-1 section 7.2.6), or nothing."""
    at = 0
    for _ in range(8):
        if at >= len(data):
            break
        tag, at = data[at], at + 1
        size = 0
        for _ in range(4):
            if at >= len(data):
                return b""
            byte, at = data[at], at + 1
            size = size << 7 | byte & 127
            if byte < 128:
                break
        if tag == 5:
            return data[at : at + size]
        at += {3: 3, 4: 13}.get(tag, size)
    return b""


def _sizes(file: BinaryIO, stsz: Box) -> list[int]:
    """The size of each sample in bytes."""
    fixed, count = struct.unpack_from(">II", body(file, stsz, 12), 4)
    if count > MAX_SAMPLES:
        raise reject("sample_budget", f"{count} samples, at most {MAX_SAMPLES} are taken")
    return [fixed] * count if fixed else [row[0] for row in table(file, stsz, "I", MAX_SAMPLES, head=8)]


def _offsets(file: BinaryIO, stbl: Box, sizes: list[int], size: int) -> Iterator[int]:
    """Where each sample starts; every one must lie within the file."""
    if stbl.all("co64"):
        chunks = [row[0] for row in table(file, stbl.one("co64"), "Q", MAX_SAMPLES)]
    else:
        chunks = [row[0] for row in table(file, stbl.one("stco"), "I", MAX_SAMPLES)]
    runs = table(file, stbl.one("stsc"), "III", MAX_SAMPLES)
    sample = 0
    for index, (first, per_chunk, _) in enumerate(runs):
        last = runs[index + 1][0] if index + 1 < len(runs) else len(chunks) + 1
        if not 1 <= first < last <= len(chunks) + 1:
            raise reject("table_mismatch", "chunks that are out of order")
        for chunk in range(first - 1, last - 1):
            at = chunks[chunk]
            if sample + per_chunk > len(sizes):
                raise reject("table_mismatch", "chunks that hold more samples than there are")
            for _ in range(per_chunk):
                yield at
                at += sizes[sample]
                sample += 1
            if at > size:
                raise reject("truncated", "samples that lie beyond the end of the file")
    if sample != len(sizes):
        raise reject("table_mismatch", f"chunks for {sample} samples, sizes for {len(sizes)}")


def _sync(file: BinaryIO, stbl: Box, count: int) -> list[int]:
    """The numbers (from 1) of the samples one can start at."""
    if not stbl.all("stss"):
        return list(range(1, count + 1))
    sync = [row[0] for row in table(file, stbl.one("stss"), "I", MAX_SAMPLES)]
    if sync != sorted(set(sync)) or (sync and not 1 <= sync[0] <= sync[-1] <= count):
        raise reject("table_mismatch", "sync samples that are out of order")
    return sync


def _idr(file: BinaryIO, at: int, size: int) -> bool:
    """True when the sample's first slice belongs to an IDR picture (H.264 table 7-1, type 5)."""
    end = at + size
    for _ in range(16):
        if at + 5 > end:
            return False
        head = read_at(file, at, 5, 5)
        kind = head[4] & 31
        if 1 <= kind <= 5:
            return kind == 5
        at += 4 + int.from_bytes(head[:4], "big")
    return False
