from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelgate.contract import Clip, Frame, Moment
from reelgate.media.clip import black, frame_from_rgb, frame_from_rgba, mapped, rgb_from_frame, scaled, tee

if TYPE_CHECKING:
    from numpy.typing import NDArray


def bt709(rgb: NDArray[np.uint8]) -> tuple[NDArray[np.float64], ...]:
    """ITU-R BT.709-6, items 3.2 to 3.5, in floating point."""
    red, green, blue = (rgb[..., channel] / 255 for channel in range(3))
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748


COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255), (255, 0, 255), (255, 255, 255)]


@pytest.mark.parametrize("colour", [*COLOURS, (0, 0, 0), (128, 128, 128), (201, 34, 97)])
@pytest.mark.parametrize("size", [(2, 2), (16, 16), (46, 62), (128, 90)])
def test_a_plain_colour_is_the_standard_s_and_comes_back(colour: tuple[int, ...], size: tuple[int, int]) -> None:
    picture = np.full((*size, 3), colour, np.uint8)
    frame = frame_from_rgb(picture)
    for plane, wanted in zip((frame.y, frame.u, frame.v), bt709(picture), strict=True):
        assert np.abs(plane - wanted[0, 0]).max() <= 0.6
    assert np.abs(rgb_from_frame(frame).astype(int) - picture).max() <= 2


def test_the_matrix_is_not_the_one_of_standard_definition() -> None:
    green = frame_from_rgb(np.full((16, 16, 3), (0, 255, 0), np.uint8))
    assert abs(int(green.y[0, 0]) - (16 + 219 * 0.7152)) < 1
    assert abs(int(green.y[0, 0]) - (16 + 219 * 0.587)) > 20


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_any_even_size_agrees_with_the_standard_in_every_pixel(half_height: int, half_width: int, seed: int) -> None:
    small = np.random.default_rng(seed).integers(0, 256, (half_height, half_width, 3), dtype=np.uint8)
    picture = small.repeat(2, 0).repeat(2, 1)
    frame = frame_from_rgb(picture)
    luma, _, _ = bt709(picture)
    assert frame.y.shape == picture.shape[:2]
    assert frame.u.shape == frame.v.shape == small.shape[:2]
    assert np.abs(frame.y - luma).max() <= 0.6
    assert rgb_from_frame(frame).shape == picture.shape
    assert all(plane.flags.c_contiguous for plane in (frame.y, frame.u, frame.v))


def test_chroma_of_a_flat_block_is_that_of_the_standard() -> None:
    blocks = np.random.default_rng(3).integers(0, 256, (6, 7, 3), dtype=np.uint8)
    frame = frame_from_rgb(blocks.repeat(16, 0).repeat(16, 1))
    _, blue, red = bt709(blocks)
    assert np.abs(frame.u[4::8, 4::8] - blue).max() <= 0.6
    assert np.abs(frame.v[4::8, 4::8] - red).max() <= 0.6


def test_alpha_is_kept_only_when_asked_and_never_changes_the_colours() -> None:
    rgba = np.random.default_rng(5).integers(0, 256, (34, 50, 4), dtype=np.uint8)
    with_alpha, without = frame_from_rgba(rgba, keep_alpha=True), frame_from_rgba(rgba)
    assert without.alpha is None
    assert with_alpha.alpha is not None
    assert np.array_equal(with_alpha.alpha, rgba[..., 3])
    plain = frame_from_rgb(np.ascontiguousarray(rgba[..., :3]))
    assert np.array_equal(with_alpha.y, plain.y)
    assert np.array_equal(with_alpha.u, plain.u)


def test_a_view_with_strides_is_read_as_it_looks() -> None:
    wide = np.random.default_rng(6).integers(0, 256, (20, 40, 3), dtype=np.uint8)
    view = wide[::-1, ::2]
    assert np.array_equal(frame_from_rgb(view).y, frame_from_rgb(view.copy()).y)


@pytest.mark.parametrize("shape", [(3, 4, 3), (4, 3, 3), (0, 4, 3), (4, 4), (4, 4, 4)])
def test_what_is_no_even_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected|even"):
        frame_from_rgb(np.zeros(shape, np.uint8))


def test_black_is_the_black_of_a_black_picture() -> None:
    frame, drawn = black(12, 8), frame_from_rgb(np.zeros((8, 12, 3), np.uint8))
    assert np.array_equal(frame.y, drawn.y)
    assert np.array_equal(frame.u, drawn.u)
    assert np.array_equal(frame.v, drawn.v)


def test_scaling_keeps_colour_and_alpha() -> None:
    rgba = np.full((60, 80, 4), (200, 40, 90, 77), np.uint8)
    smaller = scaled(frame_from_rgba(rgba, keep_alpha=True), 40, 30)
    assert smaller.y.shape == (30, 40)
    assert smaller.alpha is not None
    assert np.abs(smaller.alpha.astype(int) - 77).max() <= 1
    assert np.abs(rgb_from_frame(smaller).astype(int) - (200, 40, 90)).max() <= 3


def test_threads_convert_side_by_side_without_mixing() -> None:
    pictures = [np.full((64, 64, 3), (level, 255 - level, 30), np.uint8) for level in range(0, 256, 32)]
    wanted = [frame_from_rgb(picture).y for picture in pictures]
    wrong: list[int] = []

    def convert(index: int) -> None:
        good = sum(np.array_equal(frame_from_rgb(pictures[index]).y, wanted[index]) for _ in range(40))
        wrong.append(40 - good)

    threads = [threading.Thread(target=convert, args=(index,)) for index in range(len(pictures))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == [0] * len(pictures)


def test_taps_see_every_moment_and_a_change_reaches_the_reader() -> None:
    def stream() -> list[Moment]:
        return [Moment(black(4, 4), np.full((2, 2), index, np.float32)) for index in range(3)]

    clip = Clip(4, 4, 24, 3 / 24, lambda: iter(stream()))
    seen: list[tuple[int, float]] = []
    watched = tee(clip, lambda index, moment: seen.append((index, float(moment.sound[0, 0]))))
    white = Frame(np.full((4, 4), 235, np.uint8), *(np.full((2, 2), 128, np.uint8),) * 2)
    changed = mapped(watched, lambda _, moment: Moment(white, moment.sound))
    for _ in range(2):
        assert [int(moment.frame.y[0, 0]) for moment in changed.open()] == [235] * 3
    assert seen == [(0, 0.0), (1, 1.0), (2, 2.0)] * 2
