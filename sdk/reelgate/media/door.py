"""The one door for foreign files: sniff, check the structure, then decode in a child; the caller never does.

``inspect`` says whether a file may come in. ``sanitize`` makes the file that does: decoded and encoded again
by our own encoder, so that nothing of the foreign bytes is ever served, stored or decoded elsewhere.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from reelgate.errors import MediaRejected
from reelgate.media import boxes
from reelgate.media.ebml import check_webm
from reelgate.media.findings import Entry, Inspection, refused, reject
from reelgate.media.lockdown import Limits
from reelgate.media.pictures import check_picture
from reelgate.media.sniff import HEAD, MediaKind, sniff
from reelgate.media.tracks import MAX_SAMPLES, MAX_SECONDS, VideoTrack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reelgate.media.zygote import Zygote

MAX_BYTES = 64 * 1024 * 1024
"""The largest file that comes in, in bytes."""

MAX_VIDEO_PIXELS = 4 * 1024 * 1024
"""The largest frame of a video, in pixels."""

MAX_FPS = 120
"""The fastest video, in frames a second."""

PROBE = Limits()
"""What looking at one picture may cost."""

PROBE_VIDEO = Limits(cpu_seconds=40, wall_seconds=60.0)
"""What looking at one video may cost: every frame of two minutes is decoded."""

REMAKE = Limits(cpu_seconds=120, wall_seconds=150.0)
"""What encoding one file again may cost."""

_MARKUP = (b"<html", b"<!doctype", b"<script", b"<svg", b"<body", b"<iframe", b"<?php", b"<?xml-stylesheet")
_PROGRAMS = (b"%pdf-", b"%!ps", b"#extm3u", b"ffconcat", b"pk\x03\x04", b"rar!\x1a", b"7z\xbc\xaf", b"\x7felf")
_STRANGERS = (*_MARKUP, *_PROGRAMS)
"""How files of other kinds begin, in lower case; found inside a picture or behind it they make a polyglot."""


def inspect(source: Path | BinaryIO, zygote: Zygote) -> Inspection:
    """The verdict on one file; never raises for what is in it, only ``Unavailable`` without a zygote."""
    try:
        with _opened(source) as file:
            kind, notes = _structure(file)
            limits = PROBE_VIDEO if kind.moving else PROBE
            found = zygote.run("probe", file, wants={"moving": kind.moving}, limits=limits).result()
    except MediaRejected as error:
        return refused(error)
    except OSError as error:
        return Inspection(Entry.REJECT, "unreadable", f"the file cannot be opened: {error.strerror}")
    frames = f"{found['frames']} frames" if found["frames"] != 1 else "1 frame"
    shape = f"{kind.value} {found['width']}x{found['height']}, {frames}"
    if notes:
        return Inspection(Entry.SANITIZE, notes[0], f"{shape}; comes in without: {', '.join(notes)}")
    return Inspection(Entry.ACCEPT, "ok", shape)


def sanitize(
    source: Path | BinaryIO, out: BinaryIO, zygote: Zygote, wants: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """Write the file that may come in to ``out`` (a real file, open for reading and writing).

    The answer is that of :func:`reelgate.media.jobs.sanitize`. Raises ``MediaRejected``.
    """
    with _opened(source) as file:
        kind, _ = _structure(file)
        asked = {**(wants or {}), "moving": kind.moving}
        answer = zygote.run("sanitize", file, out, wants=asked, limits=REMAKE).result()
        out.seek(0, io.SEEK_END)
        return answer


@contextmanager
def _opened(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    """The file at a descriptor of its own (what lies in memory is copied to an unnamed file)."""
    if isinstance(source, Path):
        if not source.exists():
            raise reject("unreadable", "there is no such file")
        if not source.is_file():
            raise reject("unreadable", "not an ordinary file")
        with source.open("rb") as file:
            yield file
        return
    with tempfile.TemporaryFile() as copy:
        source.seek(0)
        shutil.copyfileobj(source, copy)
        copy.flush()
        yield copy


def _structure(file: BinaryIO) -> tuple[MediaKind, tuple[str, ...]]:
    """The kind of the file and what should not be in it, by structure alone. Raises ``MediaRejected``."""
    size = file.seek(0, io.SEEK_END)
    if not size:
        raise reject("empty", "a file without a byte")
    if size > MAX_BYTES:
        raise reject("too_large", f"{size} bytes, at most {MAX_BYTES} are taken")
    file.seek(0)
    kind = sniff(file.read(HEAD))
    if kind is MediaKind.MP4:
        return kind, _mp4(file)
    if kind is MediaKind.WEBM:
        found = check_webm(file, MAX_VIDEO_PIXELS, MAX_SECONDS, MAX_SAMPLES)
        return kind, ("metadata",) if found.metadata else ()
    file.seek(0)
    data = file.read()
    structure = check_picture(kind, data)
    _strangers(data[:4096])
    tail = data[structure.end :]
    _strangers(tail)
    return kind, (*(("trailing_data",) if tail.strip(b"\0") else ()), *structure.notes)


def _mp4(file: BinaryIO) -> tuple[str, ...]:
    """The box reader's facts against the limits for what comes in."""
    facts = boxes.read(file)
    video = facts.video
    if video.width * video.height > MAX_VIDEO_PIXELS:
        raise reject("too_many_pixels", f"{video.width}x{video.height} is over {MAX_VIDEO_PIXELS} pixels")
    if not video.duration or video.samples > MAX_FPS * (video.duration / video.timescale + 1):
        raise reject("too_fast", f"{video.samples} frames in {video.duration / video.timescale:g} seconds")
    file.seek(0)
    _strangers(file.read(4096))
    return tuple(_mp4_notes(facts, video))


def _mp4_notes(facts: boxes.FileFacts, video: VideoTrack) -> Iterator[str]:
    if facts.metadata:
        yield "metadata"
    if facts.edit_list:
        yield "edit_list"
    if not video.upright:
        yield "turned"
    if video.step is None:
        yield "variable_rate"
    if video.codec != "avc1":
        yield "codec"


def _strangers(data: bytes) -> None:
    """Refuse what another program would take for a page, a script, a document or an archive."""
    lowered = data.lower()
    for start in _STRANGERS:
        if start in lowered:
            raise reject("polyglot", "a file that is something else as well")
