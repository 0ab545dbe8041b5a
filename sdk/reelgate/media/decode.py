"""Reads a file as a clip, through file objects only: av never gets a name it could open.

Every demuxer but the expected one is switched off, every further open is refused, decoding takes one thread,
and each decoded frame is held against one pixel budget (a header may lie, and sizes may jump midway).
Foreign files are read here too, but only inside :mod:`reelgate.media.sandbox`.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

import av
import numpy as np
from av.error import FFmpegError
from av.video.reformatter import ColorRange, Colorspace

from reelgate.contract import SAMPLE_RATE, Clip, Frame, Moment
from reelgate.media.clip import EXACT, frame_of
from reelgate.media.files import reading
from reelgate.media.findings import reject
from reelgate.media.picture import frame_times, read_frames, read_picture
from reelgate.media.sniff import HEAD, MediaKind, sniff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.container import InputContainer
    from numpy.typing import NDArray

MAX_VIDEO_PIXELS = 4 * 1024 * 1024
"""The largest frame of a video, in pixels."""

MAX_FRAMES = 36_000
"""The most frames of a video."""

MAX_SECONDS = 120.0
"""The longest video, in seconds."""

_DEMUXERS = {MediaKind.MP4: "mov,mp4,m4a,3gp,3g2,mj2", MediaKind.WEBM: "matroska,webm"}
_CODECS = "h264,hevc,av1,libdav1d,vp8,vp9,libvpx,libvpx-vp9,aac,mp3,mp3float,opus,vorbis"
_BROKEN = (FFmpegError, ValueError, OSError, EOFError, ArithmeticError, MemoryError, LookupError, TypeError)
_UNTAGGED = 2
_LINGER = 0.5
"""How long the last picture may stand in for missing ones, in seconds."""


def open_clip(source: Path | BinaryIO, *, fps: int | None = None, max_pixels: int = MAX_VIDEO_PIXELS) -> Clip:
    """The clip in ``source``: MP4 or WebM, an animated WebP, GIF or PNG, or a picture as a single frame.

    ``fps`` is the rate to read at (frames are repeated or left out by their times); ``None`` takes the
    file's own, rounded. ``open()`` starts again each time, also several at once. A file object must be
    seekable and stay open. Raises ``MediaRejected``, now or while reading, for what is broken or too large.
    """
    kind = _kind(source)
    if not kind.moving:
        times = frame_times(source)
        return _still(source, fps or 24) if len(times) == 1 else _animation(source, times, fps)
    with _opened(source, kind, max_pixels) as container:
        stream = container.streams.video[0]
        rate = fps or max(1, min(60, round(stream.average_rate or stream.base_rate or 24)))
        total = max(1, round(_seconds(container) * rate))
        silent = not container.streams.audio
        first = next(_pictures(container, max_pixels), None)
        if first is None:
            raise reject("no_media", "the video holds no frame")
        turns = _quarter_turns(first)
        height, width = _frame(first, turns).y.shape

    def moments() -> Iterator[Moment]:
        sound = _sound(source, kind, total, rate)
        for frame in _paced(source, kind, total, rate, max_pixels):
            yield Moment(frame, next(sound))

    return Clip(width, height, rate, total / rate, moments, silent)


def luma_frames(source: Path | BinaryIO, every: int = 1) -> Iterator[NDArray[np.uint8]]:
    """The luma plane, uint8 (height, width), of every ``every``-th frame in order; sound is not touched."""
    kind = _kind(source)
    if not kind.moving:
        yield read_picture(source).y
        return
    with _opened(source, kind, MAX_VIDEO_PIXELS) as container:
        for index, picture in enumerate(_pictures(container, MAX_VIDEO_PIXELS)):
            if index % every == 0:
                yield _frame(picture, _quarter_turns(picture)).y


def count_frames(source: Path | BinaryIO) -> tuple[int, int, int]:
    """Decode a whole video, pictures and sound: width, height and how many frames came out."""
    kind = _kind(source)
    width = height = frames = 0
    with _opened(source, kind, MAX_VIDEO_PIXELS) as container:
        _seconds(container)
        for picture in _pictures(container, MAX_VIDEO_PIXELS):
            width, height, frames = picture.width, picture.height, frames + 1
    if not frames:
        raise reject("no_media", "the video holds no frame")
    for _ in _heard(source, kind):
        pass
    return width, height, frames


def sound_of(source: Path | BinaryIO) -> NDArray[np.float32]:
    """The whole sound of a video, float32 (n, 2) at 48 kHz; (0, 2) when it has none."""
    kind = _kind(source)
    if not kind.moving:
        return np.zeros((0, 2), np.float32)
    return np.concatenate([np.zeros((0, 2), np.float32), *_heard(source, kind)])


def _kind(source: Path | BinaryIO) -> MediaKind:
    with reading(source) as file:
        return sniff(file.read(HEAD))


def _still(source: Path | BinaryIO, fps: int) -> Clip:
    """A picture as a clip of one frame, without sound."""
    height, width = read_picture(source).y.shape

    def moments() -> Iterator[Moment]:
        yield Moment(read_picture(source), np.zeros((round(SAMPLE_RATE / fps), 2), np.float32))

    return Clip(width, height, fps, 1 / fps, moments, silent=True)


def _animation(source: Path | BinaryIO, times: list[int], fps: int | None) -> Clip:
    """A picture that moves, once round, without sound: for each moment the frame on show in its middle."""
    seconds = sum(times) / 1000
    if seconds > MAX_SECONDS:
        raise reject("too_long", f"{seconds:g} seconds long, at most {MAX_SECONDS:g} are taken")
    rate = fps or max(1, min(60, round(len(times) / seconds)))
    total = max(1, round(seconds * rate))
    height, width = read_picture(source).y.shape

    def moments() -> Iterator[Moment]:
        frames = read_frames(source)
        frame, ends, shown = next(frames), times[0], 0
        for index in range(total):
            while ends <= (index + 0.5) * 1000 / rate and shown + 1 < len(times):
                frame, shown = next(frames, frame), shown + 1
                ends += times[shown]
            samples = round((index + 1) * SAMPLE_RATE / rate) - round(index * SAMPLE_RATE / rate)
            yield Moment(frame, np.zeros((samples, 2), np.float32))

    return Clip(width, height, rate, total / rate, moments, silent=True)


@contextmanager
def _opened(source: Path | BinaryIO, kind: MediaKind, max_pixels: int) -> Iterator[InputContainer]:
    """The file in av, everything else shut; what av raises inside becomes ``MediaRejected``."""
    options = {
        "format_whitelist": _DEMUXERS[kind],
        "protocol_whitelist": "",
        "codec_whitelist": _CODECS,
        "max_pixels": str(max_pixels),
        "threads": "1",
    }
    with reading(source) as file:
        try:
            with av.open(
                file,
                "r",
                format="mp4" if kind is MediaKind.MP4 else "matroska",
                options=options,
                io_open=_refuse,
                metadata_errors="replace",
            ) as container:
                if len(container.streams.video) != 1 or len(container.streams.audio) > 1:
                    raise reject("track_count", "expected one picture track and at most one sound track")
                yield container
        except _BROKEN as cause:
            raise reject("unreadable", f"the {kind.value} video cannot be read: {type(cause).__name__}") from cause


def _refuse(url: str, flags: int, options: dict[str, str]) -> object:
    """Called when a demuxer asks for a second file."""
    raise reject("asks_for_another_file", "the file asks for another file")


def _seconds(container: InputContainer) -> float:
    """The length of the picture track in seconds."""
    stream = container.streams.video[0]
    if stream.duration and stream.time_base:
        seconds = float(stream.duration * stream.time_base)
    else:
        seconds = (container.duration or 0) / 1_000_000
    if not 0 < seconds <= MAX_SECONDS:
        raise reject("too_long", f"{seconds:g} seconds long, over 0 and at most {MAX_SECONDS:g} are taken")
    return seconds


def _pictures(container: InputContainer, max_pixels: int) -> Iterator[av.VideoFrame]:
    """The decoded frames of the picture track, each checked against the budget and the first one's size."""
    stream = container.streams.video[0]
    stream.codec_context.thread_count = 1
    size: tuple[int, int] | None = None
    for count, picture in enumerate(container.decode(stream)):
        if count >= MAX_FRAMES:
            raise reject("sample_budget", f"more than {MAX_FRAMES} frames")
        if picture.width * picture.height > max_pixels or min(picture.width, picture.height) < 2:
            raise reject("too_many_pixels", f"frame {count} is {picture.width}x{picture.height}")
        size = size or (picture.width, picture.height)
        if size != (picture.width, picture.height):
            raise reject("size_jumps", f"the size jumps at frame {count}")
        yield picture


def _paced(source: Path | BinaryIO, kind: MediaKind, total: int, rate: int, max_pixels: int) -> Iterator[Frame]:
    """Exactly ``total`` frames at ``rate``: for each moment the picture that is on show in its middle."""
    with _opened(source, kind, max_pixels) as container:
        pictures = _pictures(container, max_pixels)
        current = next(pictures, None)
        if current is None:
            raise reject("no_media", "the video holds no frame")
        turns = _quarter_turns(current)
        following = next(pictures, None)
        frame = _frame(current, turns)
        for index in range(total):
            middle = (index + 0.5) / rate
            shown = current
            while following is not None and _time(following) <= middle:
                shown, following = following, next(pictures, None)
            if shown is not current:
                current, frame = shown, _frame(shown, turns)
            if following is None and middle - _time(current) > _LINGER + 1 / rate:
                raise reject("truncated", "the video ends before its time")
            yield frame


def _time(picture: av.VideoFrame) -> float:
    """When the picture is shown, in seconds."""
    if picture.pts is None or picture.time_base is None:
        raise reject("malformed", "a frame carries no time")
    return float(picture.pts * picture.time_base)


def _quarter_turns(picture: av.VideoFrame) -> int:
    """How often to turn the picture left by 90 degrees so that it stands upright."""
    return round(picture.rotation / 90) % 4


def _frame(picture: av.VideoFrame, turns: int) -> Frame:
    """The picture in our colours, upright and of even size (an odd last row or column is dropped)."""
    planes = frame_of(_house_colours(picture))
    height, width = planes.y.shape[0] & ~1, planes.y.shape[1] & ~1

    def upright(plane: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.uint8]:
        return np.ascontiguousarray(np.rot90(plane[:rows, :columns], turns))

    return Frame(
        upright(planes.y, height, width),
        upright(planes.u, height // 2, width // 2),
        upright(planes.v, height // 2, width // 2),
        None if planes.alpha is None else upright(planes.alpha, height, width),
    )


def _house_colours(picture: av.VideoFrame) -> av.VideoFrame:
    """The picture as BT.709 limited-range 4:2:0; what is tagged so is passed on untouched.

    An untagged matrix is taken as BT.709 above standard definition and as BT.601 below, as players do.
    """
    layout = picture.format.name
    full = picture.color_range == ColorRange.JPEG or layout.startswith("yuvj") or picture.format.is_rgb
    matrix = picture.colorspace
    if matrix in (Colorspace.DEFAULT, _UNTAGGED):
        matrix = Colorspace.ITU709 if max(picture.width, picture.height) >= 1280 else Colorspace.ITU601
    if layout in ("yuv420p", "yuva420p") and matrix == Colorspace.ITU709 and not full:
        return picture
    return picture.reformat(
        format="yuva420p" if any(part.is_alpha for part in picture.format.components) else "yuv420p",
        src_colorspace=matrix,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
        dst_color_range=ColorRange.MPEG,
        interpolation=EXACT,
        threads=1,
    )


def _sound(source: Path | BinaryIO, kind: MediaKind, total: int, rate: int) -> Iterator[NDArray[np.float32]]:
    """The sound of each of ``total`` frames, zeros where there is none."""
    pieces = _heard(source, kind)
    rest = np.zeros((0, 2), np.float32)
    for index in range(total):
        need = round((index + 1) * SAMPLE_RATE / rate) - round(index * SAMPLE_RATE / rate)
        while len(rest) < need:
            piece = next(pieces, None)
            if piece is None:
                piece = np.zeros((need - len(rest), 2), np.float32)
            rest = np.concatenate([rest, piece])
        yield rest[:need]
        rest = rest[need:]


def _heard(source: Path | BinaryIO, kind: MediaKind) -> Iterator[NDArray[np.float32]]:
    """The decoded sound from second 0 on, in pieces of float32 (n, 2) at 48 kHz."""
    with _opened(source, kind, MAX_VIDEO_PIXELS) as container:
        if not container.streams.audio:
            return
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="flt", layout="stereo", rate=SAMPLE_RATE)
        lead: int | None = None
        left = round(MAX_SECONDS * SAMPLE_RATE)
        frames: Iterator[av.AudioFrame | None] = chain(container.decode(stream), [None])
        for heard in frames:
            if lead is None and heard is not None:
                lead = round(float((heard.pts or 0) * (heard.time_base or 0)) * SAMPLE_RATE)
                if lead > 0:
                    yield np.zeros((min(lead, left), 2), np.float32)
            for piece in resampler.resample(heard):
                block = np.clip(piece.to_ndarray().reshape(-1, 2), -1.0, 1.0).astype(np.float32, copy=False)
                early = min(len(block), max(0, -(lead or 0)))
                lead = (lead or 0) + early
                block = block[early:][:left]
                left -= len(block)
                if len(block):
                    yield block
