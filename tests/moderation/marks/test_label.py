"""The visible label can be read on anything, stays in its rectangle, and needs no font."""

from __future__ import annotations

import string

import numpy as np
import pytest
from bench.marks import footage as f

from reelgate.contract import Frame
from reelgate.errors import BadInput
from reelgate.media.clip import frame_from_rgb, rgb_from_frame
from reelgate.words import SourceType
from reelgate_moderation.marks.glyphs import TALLEST, glyph, laid_out
from reelgate_moderation.marks.label import TEXTS, label_art, label_blender, label_score, label_text

SIZES = [(720, 1280), (1280, 720), (720, 720), (256, 456), (512, 512), (1080, 1920)]
DRAWN = TEXTS[SourceType.ALGORITHMIC]


def grounds(width: int, height: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(1)
    shade = np.linspace(0, 255, width).astype(np.uint8)
    return {
        "white": np.full((height, width, 3), 255, np.uint8),
        "black": np.zeros((height, width, 3), np.uint8),
        "grey": np.full((height, width, 3), 128, np.uint8),
        "yellow": np.full((height, width, 3), (255, 255, 0), np.uint8),
        "ramp": np.repeat(np.broadcast_to(shade, (height, width))[..., None], 3, axis=2),
        "noise": random.integers(0, 256, (height, width, 3), dtype=np.uint8),
    }


def luminance(rgb: np.ndarray) -> np.ndarray:
    """Relative luminance as WCAG 2.2 defines it."""
    value = rgb.astype(float) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("ground", ["white", "black", "grey", "yellow", "ramp", "noise"])
def test_the_words_stand_out_from_any_picture(ground: str) -> None:
    width, height = 720, 1280
    made = rgb_from_frame(label_blender(width, height, DRAWN)(frame_from_rgb(grounds(width, height)[ground])))
    art = label_art(width, height, DRAWN)
    light = luminance(made[art.rows, art.columns])
    ink = light[art.ink > 0.99]
    plate = light[(art.ink == 0) & (art.plate > 0.99)]
    assert (np.percentile(ink, 5) + 0.05) / (np.percentile(plate, 95) + 0.05) >= 4.5


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("source", list(SourceType))
def test_it_is_large_enough_and_off_the_edges(size: tuple[int, int], source: SourceType) -> None:
    width, height = size
    art = label_art(width, height, label_text(source))
    rows, columns = np.nonzero(art.plate > 0.5)
    assert np.ptp(rows) >= 0.05 * min(size)
    left, right = art.left + columns.min(), art.left + columns.max()
    bottom = art.top + rows.max()
    assert 0.04 * width <= left < right <= 0.96 * width
    assert 0.9 * height <= bottom <= 0.96 * height
    assert art.plate[art.ink > 0].min() > 0.9, "every stroke lies on the plate"
    assert all(number % 2 == 0 for number in (art.left, art.top, *art.ink.shape))


def test_only_the_rectangle_changes() -> None:
    width, height = 360, 640
    random = np.random.default_rng(2)
    frame = Frame(
        random.integers(0, 256, (height, width), dtype=np.uint8),
        *random.integers(0, 256, (2, height // 2, width // 2), dtype=np.uint8),
    )
    kept = frame.y.copy()
    made = label_blender(width, height, DRAWN)(frame)
    art = label_art(width, height, DRAWN)
    assert np.array_equal(frame.y, kept)
    for before, after, step in ((frame.y, made.y, 1), (frame.u, made.u, 2), (frame.v, made.v, 2)):
        outside = np.ones(before.shape, bool)
        outside[art.top // step : art.rows.stop // step, art.left // step : art.columns.stop // step] = False
        assert np.array_equal(before[outside], after[outside])
        assert not np.array_equal(before, after)


def test_a_clear_sticker_gets_an_opaque_label() -> None:
    luma = np.full((512, 512), 180, np.uint8)
    grey = f.frame_of(luma)
    alpha = np.zeros((512, 512), np.uint8)
    alpha[:300] = 255
    made = label_blender(512, 512, DRAWN)(Frame(luma, grey.u, grey.v, alpha))
    art = label_art(512, 512, DRAWN)
    assert made.alpha is not None
    covered = made.alpha[art.rows, art.columns]
    assert covered[art.ink > 0.99].min() > 240
    assert covered[art.plate > 0.99].min() > 150
    assert np.array_equal(made.alpha[:300], alpha[:300])
    assert not alpha[300:].any()
    # Where nothing lay under it, the colour is the label's own, not a mixture with what could not be seen.
    clear_plate = made.y[art.rows, art.columns][(art.ink == 0) & (art.plate > 0.99)]
    assert clear_plate.max() < 40


def test_opaque_alpha_looks_like_none() -> None:
    luma = next(f.footage("texture", 512, 512, 1))
    grey = f.frame_of(luma)
    blend = label_blender(512, 512, DRAWN)
    without = blend(grey)
    opaque = blend(Frame(luma, grey.u, grey.v, np.full((512, 512), 255, np.uint8)))
    assert np.abs(without.y.astype(int) - opaque.y).max() <= 1
    assert np.abs(without.u.astype(int) - opaque.u).max() <= 1
    assert opaque.alpha is not None
    assert opaque.alpha.min() == 255


def test_the_alphabet_holds_what_labels_need() -> None:
    shapes = {}
    for sign in string.ascii_letters + string.digits + "·.-":
        shape = glyph(sign)
        assert shape.segments.shape[1] == 4
        assert shape.segments[:, 1::2].max() <= TALLEST
        assert shape.segments[:, ::2].min() >= -1.6
        shapes[sign] = shape.segments.tobytes()
    assert len(set(shapes.values())) == len(shapes), "no two signs look the same"
    assert laid_out("a b")[1] > laid_out("ab")[1]
    for text in ("Drawn ✏", "", "   "):
        with pytest.raises(BadInput):
            label_blender(720, 1280, text)


@pytest.mark.parametrize("kind", ["texture", "dark", "cartoon"])
def test_the_label_is_found_after_compression_and_not_where_it_is_missing(kind: str) -> None:
    plain = list(f.footage(kind, 720, 720, 2))
    blend = label_blender(720, 720, DRAWN)
    labelled = f.through_h264([blend(f.frame_of(luma)).y for luma in plain], 28)
    small = f.resized(labelled[0], 0.5)
    assert label_score(labelled[0], DRAWN) > 0.8
    assert label_score(small, DRAWN) > 0.6
    assert label_score(labelled[0], TEXTS[SourceType.TRAINED]) < 0.4
    assert abs(label_score(f.through_h264(plain, 28)[0], DRAWN)) < 0.3
