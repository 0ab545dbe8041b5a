from __future__ import annotations

import io
import os
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest
from PIL import Image

from reelgate.contract import Moment
from reelgate.errors import MediaRejected
from reelgate.media.clip import frame_from_rgb, rgb_from_frame
from reelgate.media.decode import count_frames, luma_frames, open_clip, sound_of
from reelgate.media.encode import encode
from reelgate.media.fit import EncodePlan, plan

if TYPE_CHECKING:
    from pathlib import Path


def test_a_reel_comes_back_as_it_went_out(footage: Any, small: EncodePlan, reel: bytes, tmp_path: Path) -> None:
    path = tmp_path / "reel.mp4"
    path.write_bytes(reel)
    clip = open_clip(path)
    assert (clip.width, clip.height, clip.fps, clip.frames, clip.silent) == (96, 96, 24, 24, False)
    sent = list(footage["moving"](24, 96, 96, 24))
    for before, after in zip(sent, clip.open(), strict=True):
        assert after.sound.shape == (2000, 2) and after.sound.dtype == np.float32
        assert np.abs(before.frame.y.astype(int) - after.frame.y).mean() < 3
        assert np.abs(rgb_from_frame(before.frame).astype(int) - rgb_from_frame(after.frame)).mean() < 6


def test_two_readers_of_one_file_do_not_disturb_each_other(reel: bytes) -> None:
    clip = open_clip(io.BytesIO(reel))
    whole = [moment.frame.y for moment in clip.open()]
    one, two = clip.open(), clip.open()
    for _ in range(5):
        next(one)
    for index in range(10):
        assert np.array_equal(next(two).frame.y, whole[index])
        assert np.array_equal(next(one).frame.y, whole[index + 5])


def test_every_third_luma_plane(reel: bytes) -> None:
    every = [moment.frame.y for moment in open_clip(io.BytesIO(reel)).open()]
    third = list(luma_frames(io.BytesIO(reel), every=3))
    assert len(third) == 8
    assert all(np.array_equal(plane, every[3 * index]) for index, plane in enumerate(third))


@pytest.mark.parametrize("fps", [8, 12, 30, 60])
def test_another_rate_shows_the_same_moments(fps: int) -> None:
    """Each frame is as bright as its time is late, so a frame read at another rate tells its own time."""
    made = plan((1, 1), 1, fps=24, short_side=64)
    grey = [np.full((64, 64, 3), 20 + 9 * index, np.uint8) for index in range(24)]
    out = io.BytesIO()
    encode((Moment(frame_from_rgb(rgb), np.zeros((2000, 2), np.float32)) for rgb in grey), made, out)
    clip = open_clip(out, fps=fps)
    moments = list(clip.open())
    assert len(moments) == fps == clip.frames
    assert sum(len(moment.sound) for moment in moments) == 48000
    for index, moment in enumerate(moments):
        told = (float(rgb_from_frame(moment.frame).mean()) - 20) / 9 / 24
        assert abs(told - index / fps) < 1 / fps + 0.5 / 24


def test_a_cut_off_file_is_refused_while_reading(reel: bytes) -> None:
    half = io.BytesIO(reel[: len(reel) * 2 // 3])
    with pytest.raises(MediaRejected):
        for _ in open_clip(half).open():
            pass


def webm(sizes: list[tuple[int, int]], codec: str = "libvpx") -> bytes:
    """A WebM whose header tells the first size and whose key frames have all of them, one after another."""
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as container:
        stream = container.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = *sizes[0], "yuv420p"
        for index, (width, height) in enumerate(sizes):
            coder = av.CodecContext.create(codec, "w")
            coder.width, coder.height, coder.pix_fmt = width, height, "yuv420p"  # type: ignore[attr-defined]
            coder.time_base = Fraction(1, 10)
            coder.open()
            frame = av.VideoFrame.from_ndarray(np.full((height, width, 3), 90, np.uint8)).reformat(format="yuv420p")
            frame.pts, frame.time_base = 0, Fraction(1, 10)
            for packet in [*coder.encode(frame), *coder.encode(None)]:  # type: ignore[attr-defined]
                packet.stream = stream
                packet.pts = packet.dts = index * 100
                packet.time_base = Fraction(1, 1000)
                container.mux(packet)
    return out.getvalue()


def test_a_webm_is_read() -> None:
    assert count_frames(io.BytesIO(webm([(64, 48)] * 4))) == (64, 48, 4)


@pytest.mark.parametrize("last", [(128, 96), (62, 48), (2080, 2048)])
def test_a_size_that_jumps_is_refused_at_the_frame_where_it_does(last: tuple[int, int]) -> None:
    with pytest.raises(MediaRejected):
        count_frames(io.BytesIO(webm([(64, 48)] * 3 + [last])))


def test_a_frame_over_the_budget_is_refused() -> None:
    with pytest.raises(MediaRejected):
        open_clip(io.BytesIO(webm([(128, 128)])), max_pixels=128 * 127)


def opened_by_name(path: Path) -> bool:
    """True when plain av, given the name, reads the playlist's other file: the danger is real here."""
    try:
        with av.open(str(path), options={"safe": "0", "allowed_extensions": "ALL"}) as container:
            return next(container.decode(video=0), None) is not None
    except (av.error.FFmpegError, ValueError):
        return False


PLAYLISTS = {
    "ffconcat": "ffconcat version 1.0\nfile secret.mp4\n",
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.mp4\n#EXT-X-ENDLIST\n",
    "hls-file": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{path}\n#EXT-X-ENDLIST\n",
    "dash": '<?xml version="1.0"?><MPD><Period><BaseURL>secret.mp4</BaseURL></Period></MPD>',
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
    "subfile": "subfile,,start,0,end,0,,:secret.mp4",
}


@pytest.mark.parametrize("kind", PLAYLISTS)
@pytest.mark.parametrize("dressed", [False, True])
def test_a_playlist_dressed_as_a_video_is_refused_and_opens_nothing(
    kind: str, dressed: bool, reel: bytes, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(reel)
    os.utime(secret, ns=(1, 10**9))  # read before written: the next read moves the time of access
    path = tmp_path / "clip.mp4"
    script = PLAYLISTS[kind].format(path=secret).encode()
    path.write_bytes(b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + script if dressed else script)
    before = secret.stat().st_atime_ns
    with pytest.raises(MediaRejected):
        open_clip(path)
    assert secret.stat().st_atime_ns == before


def test_the_danger_is_real_for_those_who_open_by_name(reel: bytes, tmp_path: Path) -> None:
    """If this ever fails, the test above has lost its teeth."""
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(reel)
    path = tmp_path / "clip.mp4"
    path.write_text(PLAYLISTS["ffconcat"])
    assert opened_by_name(path)


def saved(picture: Image.Image, form: str, **options: Any) -> io.BytesIO:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_a_clip_of_one_frame(form: str) -> None:
    clip = open_clip(saved(Image.new("RGB", (61, 40), (30, 160, 90)), form))
    (moment,) = clip.open()
    assert (clip.width, clip.height, clip.frames, clip.silent) == (62, 40, 1, True)
    assert np.abs(rgb_from_frame(moment.frame)[20, 30].astype(int) - (30, 160, 90)).max() <= 4
    assert not moment.sound.any()


def test_a_picture_keeps_its_alpha_and_stands_upright() -> None:
    cut = Image.new("RGBA", (20, 10), (200, 20, 20, 40))
    (moment,) = open_clip(saved(cut, "PNG")).open()
    assert moment.frame.alpha is not None and (moment.frame.alpha == 40).all()
    half = np.zeros((40, 80, 3), np.uint8)
    half[:, :40] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # stored lying on its left side
    clip = open_clip(saved(Image.fromarray(half), "JPEG", exif=exif, quality=95))
    (moment,) = clip.open()
    assert (clip.width, clip.height) == (40, 80)
    assert moment.frame.y[:36].mean() > 220 and moment.frame.y[-36:].mean() < 30


def test_colours_of_foreign_matrices_are_turned_into_ours() -> None:
    """An untagged small video is BT.601: its green must not stay as it lies in the file."""
    colour = (20, 220, 60)
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=10, options={"crf": "5", "threads": "1"})
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for index in range(3):
            rgb = av.VideoFrame.from_ndarray(np.full((64, 64, 3), colour, np.uint8))
            frame = rgb.reformat(format="yuv420p", dst_colorspace=5, dst_color_range=1, src_color_range=2)
            frame.pts, frame.time_base = index, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    moment = next(open_clip(out).open())
    assert np.abs(rgb_from_frame(moment.frame)[32, 32].astype(int) - colour).max() <= 5
    wanted = frame_from_rgb(np.full((64, 64, 3), colour, np.uint8))
    assert abs(int(moment.frame.y[32, 32]) - int(wanted.y[32, 32])) <= 2


def test_a_picture_has_no_sound() -> None:
    assert sound_of(saved(Image.new("RGB", (8, 8)), "PNG")).shape == (0, 2)
