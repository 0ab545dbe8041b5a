from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelgate.contract import Limits
from reelgate.errors import AspectInvalid, MediaRejected, NotOffered, SecondsOutOfRange
from reelgate.media.fit import ASPECTS, plan, plan_like, size_for, smaller

ROOMY = Limits(max_bytes=50_000_000, max_width=1920, max_height=1920, max_seconds=60)


@pytest.mark.parametrize(
    ("aspect", "side", "size"),
    [
        ((9, 16), 720, (720, 1280)),
        ((1, 1), 720, (720, 720)),
        ((16, 9), 720, (1280, 720)),
        ((9, 16), 1080, (1080, 1920)),
    ],
)
def test_sizes(aspect: tuple[int, int], side: int, size: tuple[int, int]) -> None:
    assert size_for(aspect, side) == size


@pytest.mark.parametrize("aspect", [(0, 0), (4, 3), (16, 10), (9, 0), (-9, -16), (18, 32)])
def test_other_shapes_are_refused_kindly(aspect: tuple[int, int]) -> None:
    with pytest.raises(AspectInvalid) as refusal:
        plan(aspect, 8, [ROOMY])
    assert "9:16" in refusal.value.says


@pytest.mark.parametrize("seconds", [0, 0.99, 16.01, -1, math.nan, math.inf])
def test_other_lengths_are_refused(seconds: float) -> None:
    with pytest.raises(SecondsOutOfRange):
        plan((1, 1), seconds, [ROOMY])


@given(
    st.sampled_from(ASPECTS),
    st.floats(1, 16),
    st.integers(200, 1920),
    st.integers(200, 1920),
    st.integers(300_000, 60_000_000),
    st.sampled_from([15, 24, 25, 30, 60]),
)
def test_a_plan_keeps_every_limit(
    aspect: tuple[int, int], seconds: float, width: int, height: int, most: int, fps: int
) -> None:
    limits = Limits(most, width, height, 16)
    try:
        made = plan(aspect, seconds, [ROOMY, limits], fps=fps, short_side=1080)
    except MediaRejected:
        assert most < 25_000 * seconds * 60  # only a byte budget can be too small here
        return
    assert made.width <= width and made.height <= height
    assert made.width % 2 == made.height % 2 == 0
    assert abs(made.width / made.height - aspect[0] / aspect[1]) < 0.02 * aspect[0] / aspect[1]
    assert abs(made.seconds - seconds) <= 0.5 / fps + 1e-9
    assert made.gop <= 2 * fps
    bits = made.max_rate * made.seconds + made.buffer + made.audio_bitrate * made.seconds
    assert bits / 8 < most


def test_the_tightest_target_wins_and_a_long_reel_is_refused_with_its_limit() -> None:
    short = Limits(max_bytes=256_000, max_width=512, max_height=512, max_seconds=3)
    made = plan((1, 1), 3, [ROOMY, short])
    assert (made.width, made.height, made.max_bytes) == (512, 512, 256_000)
    with pytest.raises(SecondsOutOfRange) as refusal:
        plan((1, 1), 8, [ROOMY, short])
    assert "3 seconds" in refusal.value.says


def test_a_place_without_mp4_is_refused() -> None:
    with pytest.raises(NotOffered):
        plan((1, 1), 2, [Limits(1_000_000, 512, 512, 10, containers=("webm",))])


@pytest.mark.parametrize(("side", "fps", "level"), [(720, 24, 31), (720, 30, 31), (720, 60, 32), (1080, 30, 40)])
def test_the_level_is_the_lowest_that_holds_the_picture(side: int, fps: int, level: int) -> None:
    assert plan((9, 16), 4, [ROOMY], fps=fps, short_side=side).level == level


def test_smaller_gets_smaller_until_there_is_nothing_left() -> None:
    made = plan((9, 16), 8, [ROOMY])
    steps = [made]
    with pytest.raises(MediaRejected):
        while True:
            steps.append(smaller(steps[-1]))
            assert len(steps) < 60
    assert len(steps) > 5
    for before, after in pairwise(steps):
        pixels = (before.width * before.height, after.width * after.height)
        assert pixels[1] < pixels[0] or (pixels[1] == pixels[0] and after.max_rate < before.max_rate)


def test_a_foreign_shape_is_kept_and_shrunk_into_the_largest_size() -> None:
    assert (plan_like(640, 480, 100, 25).width, plan_like(640, 480, 100, 25).height) == (640, 480)
    large = plan_like(3840, 2160, 100, 25)
    assert (large.width, large.height) == (1920, 1080)
    with pytest.raises(MediaRejected):
        plan_like(640, 480, 0, 25)
