"""Says what an MP4 file is, from its own boxes, and proves that it is what was planned.

The reader knows nothing of the encoder: it is pure Python on ISO/IEC 14496-12, so a flag that did not reach
the file is found out here.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from reelgate.media.findings import reject
from reelgate.media.isobmff import Box, body, read_at, walk
from reelgate.media.tracks import MAX_SECONDS, AudioTrack, VideoTrack, read_track

if TYPE_CHECKING:
    from reelgate.media.fit import EncodePlan

C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""The extended type of the box that holds a C2PA manifest store (C2PA 2.2, section A.5)."""

_BT709_LIMITED = (1, 1, 1, 0)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the boxes say. ``size`` in bytes, ``duration`` in seconds as the movie header has it."""

    brand: str
    size: int
    duration: float
    moov_first: bool
    edit_list: bool
    c2pa: bool
    metadata: bool
    video: VideoTrack
    audio: AudioTrack | None


def read(file: BinaryIO) -> FileFacts:
    """The facts of an MP4 with one picture track and at most one sound track.

    Raises ``MediaRejected``, and nothing else, for whatever breaks the format, a budget or a rule of the
    house (encryption, fragments, data in other files, further tracks).
    """
    try:
        return _read(file)
    except (struct.error, ValueError, OverflowError, IndexError) as cause:
        raise reject("malformed", f"boxes that cannot be read: {type(cause).__name__}") from cause


def _read(file: BinaryIO) -> FileFacts:
    whole = walk(file)
    if not whole.children or whole.children[0].kind != "ftyp":
        raise reject("not_mp4", "the file does not begin with its type")
    brand = body(file, whole.children[0], 8)[:4].decode("latin-1")
    kinds = [box.kind for box in whole.children]
    if {"moof", "styp", "sidx"} & set(kinds):
        raise reject("fragmented", "a file in fragments")
    moov = whole.one("moov")
    inside = {box.kind for box in moov.walk()}
    if "mvex" in inside:
        raise reject("fragmented", "a file in fragments")
    if "pssh" in inside | set(kinds) or "sinf" in inside:
        raise reject("encrypted", "a file that is encrypted")
    if "cmov" in inside:
        raise reject("compressed_index", "an index that is compressed")
    if "mdat" not in kinds:
        raise reject("no_media", "a file without media data")
    traks = moov.all("trak")
    if not 1 <= len(traks) <= 2:
        raise reject("track_count", f"{len(traks)} tracks, one of picture and at most one of sound are taken")
    tracks = [read_track(file, trak, whole.end) for trak in traks]
    videos = [track for track in tracks if isinstance(track, VideoTrack)]
    sounds = [track for track in tracks if isinstance(track, AudioTrack)]
    if len(videos) != 1 or len(sounds) > 1:
        raise reject("track_count", f"{len(videos)} picture and {len(sounds)} sound tracks")
    if not videos[0].samples:
        raise reject("no_media", "a picture track without pictures")
    return FileFacts(
        brand=brand,
        size=whole.end,
        duration=_movie_seconds(file, moov.one("mvhd")),
        moov_first=kinds.index("moov") < kinds.index("mdat"),
        edit_list="elst" in inside,
        c2pa=any(_is_c2pa(file, box) for box in whole.children),
        metadata="meta" in kinds or any(box.kind == "ilst" and box.children for box in moov.walk()),
        video=videos[0],
        audio=sounds[0] if sounds else None,
    )


def prove(facts: FileFacts, plan: EncodePlan) -> None:
    """Raise ``MediaRejected`` naming the first claim of ``plan`` that the file does not keep."""
    for claim, kept in _claims(facts, plan):
        if not kept:
            raise reject("not_as_planned", claim)


def _claims(facts: FileFacts, plan: EncodePlan) -> list[tuple[str, bool]]:
    video, audio = facts.video, facts.audio
    end = plan.frames * video.timescale
    claims = [
        (f"at most {plan.max_bytes} bytes", facts.size <= plan.max_bytes),
        ("index before media data", facts.moov_first),
        ("no edit list", not facts.edit_list),
        ("H.264", video.codec == "avc1"),
        ("High profile", video.profile == 100),
        (f"level at most {plan.level / 10}", 0 < video.level <= plan.level),
        ("4:2:0", video.chroma == 1),
        ("BT.709, limited range", video.colour == _BT709_LIMITED),
        (f"{plan.width}x{plan.height}", (video.width, video.height) == (plan.width, plan.height)),
        ("not turned", video.upright),
        (f"{plan.frames} frames", video.samples == plan.frames),
        (f"constant {plan.fps} frames a second", (video.step or 0) * plan.fps == video.timescale),
        (f"{plan.seconds:g} seconds of pictures", video.duration * plan.fps == end),
        ("closed groups of pictures", video.closed),
        (f"a group at most {plan.gop} frames long", 0 < video.gop <= plan.gop),
        ("a sound track", audio is not None),
    ]
    if audio is not None:
        claims += [
            ("AAC-LC", audio.codec == "mp4a" and audio.object_type == 2),
            (f"{plan.audio_rate} Hz", audio.rate == audio.timescale == plan.audio_rate),
            ("stereo", audio.channels == 2),
            ("sound as long as the pictures", 0 <= audio.duration - plan.samples < 1024),
        ]
    return claims


def _movie_seconds(file: BinaryIO, mvhd: Box) -> float:
    """The movie's length in seconds."""
    data = body(file, mvhd, 20)
    if data[0] == 1 and len(data) >= 32:
        timescale, duration = struct.unpack_from(">IQ", data, 20)
    else:
        timescale, duration = struct.unpack_from(">II", data, 12)
    if not timescale or duration > MAX_SECONDS * timescale:
        raise reject("too_long", "a movie header without a clock, or of more than the longest time")
    return float(duration / timescale)


def _is_c2pa(file: BinaryIO, box: Box) -> bool:
    return box.kind == "uuid" and read_at(file, box.payload - 16, 16, 16) == C2PA_UUID
