"""Stickers as files: the white edge, the loop within its bytes, the reader that proves it, and reading it back."""

from __future__ import annotations

import dataclasses
import io
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from reelgate.contract import Frame, Limits, Moment
from reelgate.errors import MediaRejected, NotOffered, SecondsOutOfRange
from reelgate.media import loop, webp
from reelgate.media.clip import flattened, frame_from_rgba, rgb_from_frame
from reelgate.media.decode import open_clip
from reelgate.media.diecut import outliner
from reelgate.media.door import inspect
from reelgate.media.zygote import Zygote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIDE = 128
SILENCE = np.zeros((0, 2), np.float32)


def ball(index: int, frames: int, side: int = SIDE) -> Frame:
    """A red ball that goes once round the middle; straight alpha, black where there is nothing."""
    rows, columns = np.mgrid[0:side, 0:side]
    turn = 2 * np.pi * index / frames
    away = np.hypot(columns - side * (0.5 + 0.1 * np.cos(turn)), rows - side * (0.5 + 0.1 * np.sin(turn)))
    cover = np.clip(side * 0.2 - away + 0.5, 0, 1)
    rgba = np.zeros((side, side, 4), np.uint8)
    rgba[cover > 0] = (200, 30, 30, 0)
    rgba[..., 3] = np.rint(cover * 255)
    return frame_from_rgba(rgba, keep_alpha=True)


def moments(frames: int, side: int = SIDE) -> Iterator[Moment]:
    outlined = outliner(side, side)
    return (Moment(outlined(ball(index, frames, side)), SILENCE) for index in range(frames))


def noise(frames: int, side: int) -> Iterator[Moment]:
    rng = np.random.default_rng(3)
    for _ in range(frames):
        rgba = rng.integers(0, 256, (side, side, 4), np.uint8)
        rgba[..., 3] = 255
        rgba[:8, :8, 3] = 0
        yield Moment(frame_from_rgba(rgba, keep_alpha=True), SILENCE)


@pytest.fixture(scope="module")
def plan() -> loop.LoopPlan:
    return loop.plan(1.2, [Limits(500_000, SIDE, SIDE, 10.0, ("webp",))])


@pytest.fixture(scope="module")
def sticker(plan: loop.LoopPlan) -> bytes:
    out = io.BytesIO()
    loop.encode(moments(plan.frames), plan, out)
    return out.getvalue()


def test_the_edge_is_even_white_and_opaque_and_nothing_dark_is_left_round_it() -> None:
    frame = ball(0, 1, 512)
    made = outliner(512, 512)(frame)
    assert made.alpha is not None
    assert frame.alpha is not None
    row = made.alpha[256].astype(int)
    body = np.flatnonzero(frame.alpha[256] > 127)
    solid = np.flatnonzero(row > 127)
    assert abs((body[0] - solid[0]) - 8) <= 1
    assert abs((solid[-1] - body[-1]) - 8) <= 1
    column = np.flatnonzero(made.alpha[:, 307] > 127)
    tall = np.flatnonzero(frame.alpha[:, 307] > 127)
    assert abs((tall[0] - column[0]) - 8) <= 1
    for dark in (0, 255):
        seen = rgb_from_frame(made).astype(float) * (made.alpha[..., None] / 255) + dark * (
            1 - made.alpha[..., None] / 255
        )
        ring = (made.alpha > 250) & (frame.alpha == 0)
        assert seen[ring].min() > 200  # the ball's own colour may bleed a little through chroma, but nothing black
    outside = made.alpha == 0
    assert rgb_from_frame(made)[outside].min() >= 245
    assert (flattened(made).y[outside] == 231).all()


def test_narrow_gaps_are_closed_and_glows_get_no_edge() -> None:
    rgba = np.zeros((512, 512, 4), np.uint8)
    rgba[200:300, 150:240] = rgba[200:300, 252:340] = (20, 90, 160, 255)
    rgba[100:140, 400:440] = (255, 240, 200, 120)
    made = outliner(512, 512)(frame_from_rgba(rgba, keep_alpha=True))
    assert made.alpha is not None
    assert made.alpha[220:280, 240:252].min() == 255
    assert made.alpha[90:150, 390:450].max() == 0


def test_an_opaque_frame_is_left_alone() -> None:
    frame = dataclasses.replace(ball(0, 1), alpha=None)
    assert outliner(SIDE, SIDE)(frame) is frame


def test_a_loop_is_what_was_planned_by_its_own_chunks_and_by_pillow(plan: loop.LoopPlan, sticker: bytes) -> None:
    facts = webp.read(io.BytesIO(sticker))
    webp.prove(facts, plan)
    assert (facts.width, facts.height, facts.frames, facts.loop) == (SIDE, SIDE, plan.frames, 0)
    assert facts.seconds == pytest.approx(1.2)
    assert not facts.metadata
    with Image.open(io.BytesIO(sticker)) as image:
        assert (image.size, getattr(image, "n_frames", 1), image.info["loop"]) == ((SIDE, SIDE), plan.frames, 0)
        corner = image.convert("RGBA").getpixel((0, 0))
        assert isinstance(corner, tuple)
        assert corner[3] == 0


def test_the_same_frames_give_the_same_bytes(plan: loop.LoopPlan, sticker: bytes) -> None:
    again = io.BytesIO()
    loop.encode(moments(plan.frames), plan, again)
    assert again.getvalue() == sticker


def test_webpinfo_agrees(sticker: bytes, tmp_path: Path) -> None:
    if shutil.which("webpinfo") is None:
        pytest.skip("webpinfo is not installed: no second opinion on WebP (apt-get install webp)")
    (tmp_path / "sticker.webp").write_bytes(sticker)
    said = subprocess.run(
        ["webpinfo", str(tmp_path / "sticker.webp")], capture_output=True, text=True, check=True
    ).stdout
    assert "No error detected" in said
    assert "Loop count : 0" in re.sub(r" +", " ", said)
    assert said.count("Duration: ") == 18


@pytest.mark.parametrize(
    ("change", "claim"),
    [
        ({"max_bytes": 100}, "100 bytes"),
        ({"width": 126}, "126x128"),
        ({"frames": 16}, "1.06667 seconds"),
        ({"spare": 2}, "at most 9 frames"),
    ],
)
def test_a_file_that_is_not_as_planned_is_found_out(
    plan: loop.LoopPlan, sticker: bytes, change: dict[str, int], claim: str
) -> None:
    with pytest.raises(MediaRejected, match=claim):
        webp.prove(webp.read(io.BytesIO(sticker)), dataclasses.replace(plan, **change))


def test_a_loop_that_ends_or_has_no_alpha_is_found_out(plan: loop.LoopPlan) -> None:
    for options, claim in (({"loop": 3}, "looping for ever"), ({"loop": 0}, "transparent")):
        out = io.BytesIO()
        mode = "RGB" if claim == "transparent" else "RGBA"
        colours = [(30 * k % 256, 80, 90, 120)[: len(mode)] for k in range(plan.frames)]
        images = [Image.new(mode, (SIDE, SIDE), colour) for colour in colours]
        images[0].save(out, "WEBP", save_all=True, append_images=images[1:], duration=66, **options)
        with pytest.raises(MediaRejected, match=claim):
            webp.prove(webp.read(out), plan)


@pytest.mark.parametrize("cut", [4, 13, 40, 200, -3])
def test_a_damaged_file_is_refused_by_name_and_never_crashes(sticker: bytes, cut: int) -> None:
    with pytest.raises(MediaRejected):
        webp.read(io.BytesIO(sticker[:cut]))


def test_a_crowded_loop_is_born_within_its_bytes_by_leaving_out_every_second_frame() -> None:
    plan = loop.LoopPlan(SIDE, SIDE, 15, 12, 90_000)
    out = io.BytesIO()
    made = loop.encode(noise(12, SIDE), plan, out)
    facts = webp.read(out)
    webp.prove(facts, plan)
    assert made.size == len(out.getvalue()) <= 90_000
    assert facts.frames == 6
    assert facts.seconds == pytest.approx(0.8, abs=0.002)
    with pytest.raises(MediaRejected, match="does_not_fit"):
        loop.encode(noise(12, SIDE), dataclasses.replace(plan, max_bytes=20_000), io.BytesIO())


def test_plans_fit_their_targets() -> None:
    assert loop.plan(2.4).max_bytes < 500_000
    assert loop.plan(2.4, [Limits(262_144, 320, 320, 5.0, ("webp", "png"))]).width == 320
    with pytest.raises(NotOffered):
        loop.plan(2.4, [Limits(500_000, 512, 512, 3.0, ("mp4",))])
    for seconds in (0.5, 3.1, float("nan")):
        with pytest.raises(SecondsOutOfRange):
            loop.plan(seconds)
    with pytest.raises(MediaRejected, match="does_not_fit"):
        loop.plan(2.0, [Limits(30_000, 512, 512, 3.0, ("webp",))])


def test_frames_must_be_as_planned(plan: loop.LoopPlan) -> None:
    with pytest.raises(MediaRejected, match="not_as_planned"):
        loop.encode(moments(plan.frames - 1), plan, io.BytesIO())
    with pytest.raises(MediaRejected, match="not_as_planned"):
        loop.encode(moments(plan.frames + 1), plan, io.BytesIO())
    with pytest.raises(MediaRejected, match="not_as_planned"):
        loop.encode(moments(plan.frames, 64), plan, io.BytesIO())


def test_a_sticker_reads_back_as_a_silent_clip_with_alpha(plan: loop.LoopPlan, sticker: bytes) -> None:
    clip = open_clip(io.BytesIO(sticker))
    assert (clip.fps, clip.frames, clip.silent) == (plan.fps, plan.frames, True)
    wanted = [outliner(SIDE, SIDE)(ball(index, plan.frames)) for index in range(plan.frames)]
    read = list(clip.open())
    assert sum(len(moment.sound) for moment in read) == 57_600
    for moment, drawn in zip(read, wanted, strict=True):
        assert moment.frame.alpha is not None
        assert drawn.alpha is not None
        assert np.abs(moment.frame.alpha.astype(int) - drawn.alpha).mean() < 2
        assert np.abs(flattened(moment.frame).y.astype(int) - flattened(drawn).y).mean() < 4


def test_frames_that_stand_longer_are_shown_longer() -> None:
    out = io.BytesIO()
    images = [Image.new("RGB", (32, 32), (shade, shade, shade)) for shade in (0, 120, 250)]
    images[0].save(out, "WEBP", save_all=True, append_images=images[1:], duration=[100, 300, 200], lossless=True)
    levels = [int(moment.frame.y.mean()) // 60 for moment in open_clip(io.BytesIO(out.getvalue()), fps=10).open()]
    assert levels == [0, 1, 1, 1, 3, 3]


def test_the_door_lets_a_signed_or_plain_sticker_in(sticker: bytes, tmp_path: Path) -> None:
    chunk = b"C2PA" + (8).to_bytes(4, "little") + b"manifest"
    body = sticker[8:] + chunk
    signed = b"RIFF" + len(body).to_bytes(4, "little") + body
    for name, data in (("plain.webp", sticker), ("signed.webp", signed)):
        (tmp_path / name).write_bytes(data)
    with Zygote() as zygote:
        found = [inspect(tmp_path / name, zygote) for name in ("plain.webp", "signed.webp")]
    assert [(one.verdict.value, one.detail) for one in found] == [("accept", "webp 128x128, 18 frames")] * 2
    assert webp.read(io.BytesIO(signed)).c2pa
