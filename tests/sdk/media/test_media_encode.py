from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import shutil
import subprocess
import tracemalloc
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from reelgate.contract import Limits
from reelgate.errors import MediaRejected
from reelgate.media import boxes
from reelgate.media.decode import open_clip, sound_of
from reelgate.media.encode import encode
from reelgate.media.fit import EncodePlan, plan, smaller

if TYPE_CHECKING:
    from pathlib import Path

needs_ffprobe = pytest.mark.skipif(not shutil.which("ffprobe"), reason="ffprobe is not installed: no second opinion")


def ffprobe(path: Path) -> dict[str, Any]:
    """ffprobe's own view of a file."""
    asked = ["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-show_format", "-count_packets", str(path)]
    return json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)


@pytest.mark.parametrize(("aspect", "fps", "seconds"), [((9, 16), 24, 1.5), ((1, 1), 30, 1.1), ((16, 9), 25, 3)])
def test_the_file_is_what_was_planned(footage: Any, aspect: tuple[int, int], fps: int, seconds: float) -> None:
    made = plan(aspect, seconds, fps=fps, short_side=90)
    out = io.BytesIO()
    calls: list[tuple[int, int]] = []
    moments = footage["moving"](made.frames, made.width, made.height, fps)
    encoded = encode(moments, made, out, lambda done, total: calls.append((done, total)))
    assert encoded == (type(encoded))(len(out.getvalue()), made.frames, made.samples)
    assert calls == [(done, made.frames) for done in range(1, made.frames + 1)]
    facts = boxes.read(out)
    boxes.prove(facts, made)
    assert facts.duration == pytest.approx(made.seconds, abs=1024 / 48000)


@needs_ffprobe
def test_ffprobe_says_the_same_as_our_boxes(reel: bytes, small: EncodePlan, tmp_path: Path) -> None:
    path = tmp_path / "reel.mp4"
    path.write_bytes(reel)
    facts = boxes.read(io.BytesIO(reel))
    said = ffprobe(path)
    video, audio = said["streams"]
    assert facts.audio is not None
    assert (video["width"], video["height"], video["level"]) == (96, 96, facts.video.level)
    assert (video["profile"], video["pix_fmt"], video["has_b_frames"]) == ("High", "yuv420p", 0)
    assert video["r_frame_rate"] == video["avg_frame_rate"] == f"{small.fps}/1"
    assert [video[key] for key in ("color_range", "color_space", "color_transfer", "color_primaries")] == [
        "tv",
        *["bt709"] * 3,
    ]
    assert int(video["nb_read_packets"]) == facts.video.samples == small.frames
    assert int(video["duration_ts"]) == facts.video.duration
    assert (audio["profile"], audio["sample_rate"], audio["channels"]) == ("LC", "48000", 2)
    assert int(audio["nb_read_packets"]) == facts.audio.samples
    assert float(video["start_time"]) == float(audio["start_time"]) == 0.0
    assert "creation_time" not in json.dumps(said) and "encoder" not in json.dumps(said)


@needs_ffprobe
def test_every_group_is_closed_and_of_the_planned_length(footage: Any, tmp_path: Path) -> None:
    made = plan((1, 1), 5, fps=12, short_side=64)
    path = tmp_path / "reel.mp4"
    with path.open("w+b") as out:
        encode(footage["moving"](made.frames, made.width, made.height, made.fps), made, out)
        assert boxes.read(out).video.gop == made.gop == 24
    asked = ["ffprobe", "-v", "error", "-select_streams", "v", "-of", "csv=p=0", "-show_entries"]
    command = [*asked, "frame=pict_type,key_frame", str(path)]
    lines = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    keys = [index for index, line in enumerate(lines) if line.startswith("1,I")]
    assert keys == [0, 24, 48]
    assert not any("B" in line for line in lines)


@pytest.mark.parametrize(("fps", "at"), [(24, 0), (24, 17), (30, 5), (15, 13), (25, 24)])
def test_flash_and_click_stay_together(footage: Any, fps: int, at: int) -> None:
    made = plan((1, 1), 1, fps=fps, short_side=64) if fps != 25 else plan((1, 1), 2, fps=fps, short_side=64)
    out = io.BytesIO()
    encode(footage["flash"](at, made.frames, made.width, made.height, fps), made, out)
    shown = [float(moment.frame.y.mean()) for moment in open_clip(out).open()]
    assert int(np.argmax(shown)) == at
    sound = np.abs(np.concatenate([moment.sound for moment in open_clip(out).open()])[:, 0])
    click = int(np.argmax(sound > 0.25 * sound.max()))
    assert abs(click / 48000 - at / fps) < 0.5 / fps
    if at:  # after the first block there is no fade: exact to a millisecond
        assert abs(click - at * 48000 / fps) < 48


def test_the_sound_comes_back_sample_for_sample(footage: Any, reel: bytes, small: EncodePlan) -> None:
    sent = np.concatenate([moment.sound for moment in footage["moving"](small.frames, 96, 96, small.fps)])
    heard = sound_of(io.BytesIO(reel))[: len(sent)]
    assert len(heard) == len(sent) == 48000
    assert np.abs(heard[2048:] - sent[2048:]).max() < 0.03
    assert np.abs(heard[:1024]).max() <= 0.35


def test_the_same_footage_gives_the_same_bytes(footage: Any, small: EncodePlan, reel: bytes) -> None:
    seen = {hashlib.sha256(reel).hexdigest()}
    clutter = []
    for turn in range(12):  # with other memory around each time
        clutter.append(bytes([turn + 1]) * (40_000 * turn + 1))
        again = io.BytesIO()
        encode(footage["moving"](small.frames, 96, 96, small.fps), small, again)
        seen.add(hashlib.sha256(again.getvalue()).hexdigest())
    assert len(seen) == 1


@pytest.mark.parametrize("most", [120_000, 300_000, 900_000])
def test_even_noise_stays_within_the_bytes(footage: Any, most: int) -> None:
    """Noise is the worst that can be filmed: the plan's rate must hold, at worst after a smaller plan."""
    made = plan((1, 1), 3, [Limits(most, 320, 320, 16)], short_side=160)
    for _ in range(8):
        out = io.BytesIO()
        try:
            encoded = encode(footage["noisy"](made.frames, made.width, made.height, made.fps), made, out)
        except MediaRejected as error:
            assert error.detail.startswith("too_large")
            made = smaller(made)
            continue
        assert encoded.size == len(out.getvalue()) <= most
        return
    pytest.fail("no plan got within the bytes")


def test_footage_of_another_size_or_length_is_refused(footage: Any, small: EncodePlan) -> None:
    with pytest.raises(MediaRejected, match="frame 0 is 64x96"):
        encode(footage["moving"](small.frames, 64, 96, small.fps), small, io.BytesIO())
    with pytest.raises(MediaRejected, match="23 frames, 24"):
        encode(footage["moving"](23, 96, 96, small.fps), small, io.BytesIO())
    with pytest.raises(MediaRejected, match="more than the planned"):
        encode(footage["moving"](25, 96, 96, small.fps), small, io.BytesIO())


@pytest.mark.parametrize("scale", [0.0, 0.5, 1.7])
def test_sound_of_another_length_is_cut_or_filled(footage: Any, small: EncodePlan, scale: float) -> None:
    def crooked() -> Any:
        for moment in footage["moving"](small.frames, 96, 96, small.fps):
            count = int(len(moment.sound) * scale)
            yield dataclasses.replace(moment, sound=np.resize(moment.sound, (count, 2)).astype(np.float32))

    out = io.BytesIO()
    encode(crooked(), small, out)
    boxes.prove(boxes.read(out), small)


def test_broken_samples_of_sound_do_no_harm(footage: Any, small: EncodePlan) -> None:
    def loud() -> Any:
        for moment in footage["moving"](small.frames, 96, 96, small.fps):
            sound = moment.sound.copy()
            sound[::7], sound[3::11] = np.nan, np.inf
            yield dataclasses.replace(moment, sound=sound)

    out = io.BytesIO()
    encode(loud(), small, out)
    assert np.isfinite(sound_of(out)).all()


def test_memory_does_not_grow_with_length(footage: Any) -> None:
    def peak(seconds: float) -> int:
        made = plan((1, 1), seconds, short_side=256)
        tracemalloc.start()
        encode(footage["moving"](made.frames, made.width, made.height, made.fps), made, io.BytesIO())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    frame = 256 * 256 * 3 // 2
    assert peak(4) - peak(1) < 24 * frame  # 72 frames more, far fewer held
