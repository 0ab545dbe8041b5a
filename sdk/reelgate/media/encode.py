"""The one encoder: a stream of moments in, one planned MP4 out; no list of frames is ever held.

What the file must be and how it comes to be so:

- *No edit list.* There are no B-frames, so decode order is display order and the first picture starts at 0.
  AAC puts 1024 samples of encoder delay in front; usually an edit list hides them. Here the packet that
  holds only that delay is left out instead: the decoder's first packet is then the sound at 0 and picture
  and sound agree to the sample, in every player. The price is the overlap of the first block: the first
  21 ms of sound come in as a fade.
- *Closed groups of pictures* of a fixed length, each starting with an IDR picture.
- *Index first* (``moov`` before ``mdat``), so that playing can start before the file has arrived.
- *Deterministic.* No times, a fixed number of x264 threads (frame threads in its deterministic mode), exact
  flags in muxer and codecs: the same moments and plan give the same bytes. x264's macroblock tree is off:
  with it about one encode in fifty of a small picture came out different; without it some hundred agreed,
  and at ``crf`` 22 quality and size are those of 20 with it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.codec.context import Flags as CodecFlags
from av.video.reformatter import ColorRange, Colorspace

from reelgate.errors import OutOfSpace
from reelgate.media.clip import video_frame
from reelgate.media.files import Window
from reelgate.media.findings import reject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

    from reelgate.contract import Moment
    from reelgate.media.fit import EncodePlan

_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Encoded:
    """What was written: bytes, frames, and samples of sound."""

    size: int
    frames: int
    samples: int


def encode(
    moments: Iterator[Moment],
    plan: EncodePlan,
    out: BinaryIO,
    on_progress: Callable[[int, int], None] | None = None,
) -> Encoded:
    """Write ``moments`` into ``out`` (empty, seekable, readable) as ``plan`` says.

    ``on_progress(done, total)`` is called after each frame. Sound is cut or padded with silence to the
    pictures' exact length. Raises ``MediaRejected`` when a frame has another size, when there are more or
    fewer frames than planned, or when the file is larger than ``plan.max_bytes`` (ask
    :func:`reelgate.media.fit.smaller` for another plan); ``OutOfSpace`` when the disk is full.
    """
    frames = 0
    try:
        with av.open(
            out, "w", format="mp4", options=_container_options(plan), io_open=lambda *_: Window(out)
        ) as container:
            video, audio = _video(container, plan), _audio(container, plan)
            sound = _Sound(container, audio, plan.samples)
            for moment in moments:
                _check(moment, plan, frames)
                picture = video_frame(moment.frame)
                picture.pts = frames
                picture.time_base = Fraction(1, plan.fps)
                container.mux(video.encode(picture))
                sound.take(moment.sound)
                frames += 1
                if on_progress:
                    on_progress(frames, plan.frames)
            if frames != plan.frames:
                raise reject("not_as_planned", f"the footage has {frames} frames, {plan.frames} were planned")
            sound.end()
            container.mux(video.encode(None))
    except OSError as cause:
        if cause.errno == 28:
            raise OutOfSpace("the disk filled up while encoding") from cause
        raise
    size = out.seek(0, io.SEEK_END)
    if size > plan.max_bytes:
        raise reject("too_large", f"the file takes {size} bytes, {plan.max_bytes} were planned")
    return Encoded(size, frames, plan.samples)


def _container_options(plan: EncodePlan) -> dict[str, str]:
    return {
        "movflags": "+faststart",
        "use_editlist": "0",
        "fflags": "+bitexact",
        "movie_timescale": str(plan.audio_rate),
        "video_track_timescale": str(plan.fps * 512),
    }


def _video(container: OutputContainer, plan: EncodePlan) -> VideoStream:
    """The picture track: H.264 High, 4:2:0, BT.709 limited, constant rate and group length."""
    stream = container.add_stream(
        "libx264",
        rate=plan.fps,
        options={
            "preset": plan.preset,
            "crf": str(plan.crf),
            "profile": plan.profile,
            "level": f"{plan.level / 10:.1f}",
            "x264-params": (
                f"bframes=0:keyint={plan.gop}:min-keyint={plan.gop}:scenecut=0:open-gop=0"
                f":vbv-maxrate={plan.max_rate // 1000}:vbv-bufsize={plan.buffer // 1000}"
                f":mbtree=0:threads={plan.threads}:sliced-threads=0:force-cfr=1"
            ),
        },
    )
    context = stream.codec_context
    stream.width, stream.height, stream.pix_fmt = plan.width, plan.height, "yuv420p"
    stream.time_base = Fraction(1, plan.fps)
    context.time_base = Fraction(1, plan.fps)
    context.framerate = Fraction(plan.fps)
    context.colorspace = Colorspace.ITU709
    context.color_range = ColorRange.MPEG
    context.color_primaries = 1
    context.color_trc = 1
    context.flags |= CodecFlags.bitexact
    return stream


def _audio(container: OutputContainer, plan: EncodePlan) -> AudioStream:
    """The sound track: AAC-LC, stereo."""
    stream = container.add_stream("aac", rate=plan.audio_rate, layout="stereo", format="fltp")
    stream.bit_rate = plan.audio_bitrate
    stream.codec_context.flags |= CodecFlags.bitexact
    return stream


def _check(moment: Moment, plan: EncodePlan, index: int) -> None:
    """One frame against the plan."""
    height, width = moment.frame.y.shape
    if (width, height) != (plan.width, plan.height):
        raise reject("not_as_planned", f"frame {index} is {width}x{height}, {plan.width}x{plan.height} was planned")
    if index >= plan.frames:
        raise reject("not_as_planned", f"the footage has more than the planned {plan.frames} frames")


class _Sound:
    """Cuts the blocks of sound into AAC's own, keeps the total exact and drops the encoder's delay."""

    def __init__(self, container: OutputContainer, stream: AudioStream, total: int) -> None:
        self._container = container
        self._stream = stream
        self._left = total
        self._at = 0
        self._rest = np.zeros((0, 2), np.float32)

    def take(self, block: NDArray[np.float32]) -> None:
        """Add one block, float32 (n, 2)."""
        self._rest = np.concatenate([self._rest, block[: self._left]])
        self._left -= min(self._left, len(block))
        while len(self._rest) >= _BLOCK:
            self._encode(self._rest[:_BLOCK])
            self._rest = self._rest[_BLOCK:]

    def end(self) -> None:
        """Fill what is missing with silence and flush."""
        while self._left:
            self.take(np.zeros((min(self._left, 16 * _BLOCK), 2), np.float32))
        if len(self._rest):
            self._encode(self._rest)
        self._mux(self._stream.encode(None))

    def _encode(self, block: NDArray[np.float32]) -> None:
        bounded = np.nan_to_num(np.clip(block, -1.0, 1.0)).astype(np.float32)
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(bounded.T), format="fltp", layout="stereo")
        frame.sample_rate = self._stream.rate
        frame.time_base = Fraction(1, self._stream.rate)
        frame.pts = self._at
        self._at += len(block)
        self._mux(self._stream.encode(frame))

    def _mux(self, packets: list[Packet[AudioStream]]) -> None:
        for packet in packets:
            if packet.pts is not None and packet.pts >= 0:
                self._container.mux(packet)
