"""The invisible mark is faint, calm, exact after real encoders, and never invented."""

from __future__ import annotations

import dataclasses
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from bench.marks import footage as f

from reelgate.contract import Clip, Frame, Moment, PictureMark
from reelgate.errors import BadInput
from reelgate.testing.marks import check_picture_mark
from reelgate.words import MarkFormat
from reelgate_moderation.marks.despread import log_chance
from reelgate_moderation.marks.match import match_luma
from reelgate_moderation.marks.picture import TilePictureMark
from reelgate_moderation.marks.read import detect_luma

MARK = TilePictureMark()
ID = "5ee1a7e0c0ffee42"
SOUND = np.zeros((2000, 2), np.float32)


def marked(frames: list[f.Luma], message: str = ID, kind: str = "full", strength: int = 0) -> list[f.Luma]:
    height, width = frames[0].shape
    embed = MARK.embedder(width, height, message, kind, strength)
    return [embed(f.frame_of(luma)).y for luma in frames]


@cache
def plain(kind: str, width: int, height: int, count: int) -> tuple[f.Luma, ...]:
    return tuple(f.footage(kind, width, height, count, seed=3))


def clip_of(frames: list[f.Luma]) -> Clip:
    height, width = frames[0].shape
    return Clip(
        width, height, 24, len(frames) / 24, lambda: (Moment(f.frame_of(luma), SOUND) for luma in frames), silent=True
    )


def psnr(frames: list[f.Luma], others: list[f.Luma]) -> float:
    noise = np.mean([np.mean((a.astype(float) - b) ** 2) for a, b in zip(frames, others, strict=True)])
    return float(10 * np.log10(255**2 / noise))


def test_it_keeps_the_contract() -> None:
    clips = {kind: clip_of(list(plain(kind, 256, 456, 8))) for kind in ("dark",)}
    check_picture_mark(MARK, TilePictureMark((b"a key that nobody else has",)), clips)


@pytest.mark.parametrize("kind", ["texture", "dark", "cartoon"])
@pytest.mark.parametrize(("strength", "least"), [(0, 47.0), (1, 45.0), (2, 43.0)])
def test_it_is_faint(kind: str, strength: int, least: float) -> None:
    frames = list(plain(kind, 360, 640, 10))
    assert least <= psnr(frames, marked(frames, strength=strength)) <= least + 2


SHAPES = [("texture", 720, 1280, 24), ("dark", 1280, 720, 24), ("cartoon", 720, 720, 24), ("title", 720, 1280, 48)]


@pytest.mark.parametrize(("kind", "width", "height", "count"), SHAPES)
def test_the_whole_message_survives_compression_and_resizing(kind: str, width: int, height: int, count: int) -> None:
    source = marked(list(plain(kind, width, height, count)))
    harsh = f.through_h264(source, 28)
    small = f.through_h264(f.each(source, lambda luma: f.resized(luma, 0.7)), 23)
    for frames in (harsh, small):
        found = detect_luma(frames[::3])
        assert found.payload == ID
        assert found.format is MarkFormat.FULL
        assert found.p_value < 1e-9


@pytest.mark.parametrize(
    "change",
    [
        f.mirrored,
        lambda luma: f.cropped(luma, 0.71),
        lambda luma: f.turned(luma, 5),
        lambda luma: f.resized(luma, 1.5),
    ],
    ids=["mirrored", "cropped", "turned", "enlarged"],
)
def test_the_reader_finds_the_tile_where_it_went(change: f.Change) -> None:
    frames = f.through_h264(marked(list(plain("cartoon", 720, 720, 24))), 23)
    assert detect_luma(f.each(frames[::3], change)).payload == ID


@pytest.mark.parametrize("size", [(256, 456), (456, 256), (256, 256), (160, 288)])
@pytest.mark.parametrize("kind", ["texture", "dark", "cartoon"])
def test_eight_small_frames_are_enough(kind: str, size: tuple[int, int]) -> None:
    frames = f.through_h264(marked(list(plain(kind, *size, 8))), 23)
    found = MARK.detect(clip_of(frames))
    assert found.payload == ID
    assert found.p_value < 1e-6


def test_a_short_message_is_a_candidate_only() -> None:
    frames = f.through_h264(marked(list(plain("dark", 256, 456, 8)), kind="short", strength=2), 28)
    found = MARK.detect(clip_of(frames))
    assert found.payload is None
    assert found.candidates == (ID[:8],)
    assert found.format is MarkFormat.SHORT


def test_one_picture_is_enough() -> None:
    (frame,) = marked(list(plain("texture", 720, 720, 1)), strength=1)
    assert detect_luma([f.through_jpeg(frame, 60)]).payload == ID


@pytest.mark.parametrize("kind", ["texture", "dark", "cartoon", "title"])
def test_unmarked_pictures_say_nothing(kind: str) -> None:
    frames = f.through_h264(list(plain(kind, 360, 640, 6)), 23)
    found = detect_luma(frames)
    assert found.payload is None
    assert found.candidates == ()
    assert found.format is None
    assert found.p_value > 1e-3


@pytest.mark.parametrize("frames", [[], [np.full((360, 640), 90, np.uint8)], [np.zeros((40, 64), np.uint8)]])
def test_nothing_to_read_is_no_message(frames: list[f.Luma]) -> None:
    found = detect_luma(frames)
    assert (found.payload, found.candidates, found.p_value) == (None, (), 1.0)


def test_pure_noise_says_nothing() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (4, 360, 640), dtype=np.uint8)
    found = detect_luma(list(noise))
    assert (found.payload, found.candidates) == (None, ())
    assert found.p_value > 1e-3


def test_another_key_reads_nothing_and_own_keys_read_too() -> None:
    frames = marked(list(plain("cartoon", 360, 640, 8)))
    own = b"an operator's own secret key"
    assert detect_luma(frames, (own,)).payload is None
    private = TilePictureMark((own,))
    embed = private.embedder(360, 640, ID, "full", 0)
    secret = [embed(f.frame_of(luma)).y for luma in plain("cartoon", 360, 640, 8)]
    assert detect_luma(secret).payload is None
    assert TilePictureMark((b"yet another key", own)).detect(clip_of(secret)).payload == ID


def test_the_mark_does_not_flicker() -> None:
    """On a picture that stands still but for its light, the mark moves by at most a level, and rarely."""
    still = plain("cartoon", 360, 640, 1)[0]
    frames = [np.clip(still.astype(int) + step // 2, 0, 255).astype(np.uint8) for step in range(32)]
    added = [after.astype(int) - before for after, before in zip(marked(frames), frames, strict=True)]
    for earlier, later in pairwise(added):
        change = np.abs(later - earlier)
        assert change.max() <= 1
        assert change.mean() < 0.03


def test_a_cut_takes_the_new_mask_at_once() -> None:
    flat = np.full((360, 640), 200, np.uint8)
    rough = plain("texture", 640, 360, 1)[0]
    alone = marked([rough])[0]
    after_cut = marked([flat, flat, rough])[2]
    assert np.array_equal(alone, after_cut)


def test_only_luma_changes_and_alpha_stays() -> None:
    luma = plain("dark", 360, 640, 1)[0]
    random = np.random.default_rng(2)
    half = random.integers(0, 256, (2, 320, 180), dtype=np.uint8)
    frame = Frame(luma, half[0], half[1], random.integers(0, 256, luma.shape, dtype=np.uint8))
    for plane in (frame.y, frame.u, frame.v):
        plane.flags.writeable = False
    made = MARK.embedder(360, 640, ID, "full", 0)(frame)
    assert made.u is frame.u
    assert made.v is frame.v
    assert made.alpha is frame.alpha
    assert made.y.dtype == np.uint8


@pytest.mark.parametrize("level", [0, 1, 254, 255])
def test_black_and_white_do_not_wrap_round(level: int) -> None:
    luma = np.full((256, 256), level, np.uint8)
    made = marked([luma], strength=2)[0]
    assert np.abs(made.astype(int) - level).max() < 12


def test_nonsense_is_refused() -> None:
    with pytest.raises(BadInput):
        MARK.embedder(360, 640, ID, "full", 4)
    with pytest.raises(BadInput):
        MARK.embedder(360, 640, ID, "full", 0)(f.frame_of(np.zeros((100, 100), np.uint8)))
    assert isinstance(MARK, PictureMark)
    assert dataclasses.replace(MARK) == MARK


def test_a_registry_knows_what_is_too_weak_to_read() -> None:
    issued = [f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}" for number in range(1, 40)] + [ID]
    frames = f.through_h264(marked(list(plain("dark", 256, 256, 4))), 32)
    assert detect_luma(frames).payload is None
    found = match_luma(frames, issued)
    assert [candidate.id for candidate in found] == [ID]
    assert match_luma(frames, issued[:-1]) == []
    assert match_luma(list(plain("dark", 256, 256, 4)), issued) == []


def test_the_chance_bound_holds_on_random_signs() -> None:
    """Hoeffding against what random signs really do: the bound may be loose, never too tight."""
    random = np.random.default_rng(4)
    field = random.standard_t(2, size=4096)
    signs = random.choice([-1.0, 1.0], size=(4000, 4096))
    statistic = signs @ field / np.linalg.norm(field)
    for level in (0.5, 1.5, 2.5):
        assert np.mean(statistic > level) <= np.exp(log_chance(level, 0, 1)) + 0.01
    assert log_chance(-1.0, 64, 10) == 0.0
    assert log_chance(13.0, 64, 1000) == pytest.approx(np.log(1000) + 64 * np.log(2) - 84.5)
