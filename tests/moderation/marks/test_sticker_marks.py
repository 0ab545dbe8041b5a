"""Label and mark on pictures that are clear round their edge."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from reelgate.contract import Clip, Frame, Moment
from reelgate.media.clip import flattened
from reelgate.media.diecut import outliner
from reelgate.words import SourceType
from reelgate_moderation.marks.label import TAB, TEXTS, label_art, label_blender, label_score
from reelgate_moderation.marks.picture import PSNR, TilePictureMark
from reelgate_moderation.provenance.readers import HouseReader

ID = "0123456789abcdef"
SIDE = 512
DRAWN = TEXTS[SourceType.ALGORITHMIC]


def shape(index: int, frames: int) -> Frame:
    """A soft grey body that sways; black under what is clear, as an encoder leaves it."""
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    middle = SIDE * (0.5 + 0.03 * np.sin(2 * np.pi * index / frames))
    inside = ((columns - middle) / 200) ** 2 + ((rows - 240) / 180) ** 2 < 1
    luma = np.where(inside, 110 + 40 * np.sin((columns - middle) / 60) + 20 * np.cos(rows / 45), 16)
    half = np.full((SIDE // 2, SIDE // 2), 128, np.uint8)
    return Frame(luma.astype(np.uint8), half, half.copy(), np.where(inside, 255, 0).astype(np.uint8))


def dressed(frames: int) -> list[Frame]:
    label, outline = label_blender(SIDE, SIDE, DRAWN, TAB), outliner(SIDE, SIDE)
    return [outline(label(shape(index, frames))) for index in range(frames)]


def clip_of(frames: list[Frame]) -> Clip:
    silence = np.zeros((3200, 2), np.float32)
    return Clip(SIDE, SIDE, 15, len(frames) / 15, lambda: (Moment(each, silence) for each in frames), silent=True)


def test_the_tab_is_white_dark_lettered_centred_and_opaque() -> None:
    art = label_art(SIDE, SIDE, DRAWN, TAB)
    made = dressed(1)[0]
    assert made.alpha is not None
    assert abs(art.left + art.ink.shape[1] / 2 - SIDE / 2) <= 2
    inside = art.plate > 0.99
    assert made.alpha[art.rows, art.columns][inside].min() == 255
    luma = made.y[art.rows, art.columns].astype(float)
    ink, paper = luma[art.ink > 0.99].mean(), luma[inside & (art.ink == 0)].mean()

    def light(value: float) -> float:
        return float((((value - 16) / 219 + 0.055) / 1.055) ** 2.4)

    assert (light(paper) + 0.05) / (light(ink) + 0.05) > 4.5
    rows = np.flatnonzero((art.ink > 0.5).any(axis=1))
    assert rows[-1] - rows[0] >= 10  # capitals and tails, in pixels of 512


def test_the_reader_finds_the_tab_and_takes_it_for_no_other_text() -> None:
    clip = clip_of(dressed(8))
    seen = HouseReader().label(clip, [])
    assert (seen.found, seen.text) == (True, DRAWN)
    luma = flattened(dressed(1)[0]).y
    assert label_score(luma, DRAWN, TAB) > 0.9
    assert label_score(luma, TEXTS[SourceType.TRAINED], TAB) < 0.4
    assert label_score(flattened(outliner(SIDE, SIDE)(shape(0, 1))).y, DRAWN, TAB) < 0.4


@pytest.mark.parametrize("strength", range(len(PSNR)))
def test_the_mark_is_as_strong_as_it_says_over_what_can_be_seen(strength: int) -> None:
    frame = dressed(1)[0]
    assert frame.alpha is not None
    embed = TilePictureMark().embedder(SIDE, SIDE, ID, "full", strength)
    made = embed(frame)
    change = made.y.astype(float) - frame.y
    psnr = 10 * np.log10(255**2 / np.mean(np.square(change[frame.alpha > 127])))
    assert psnr == pytest.approx(PSNR[strength], abs=0.6)
    assert made.alpha is frame.alpha


@pytest.mark.parametrize("format", ["full", "short"])
def test_a_mark_on_clear_ground_is_read_from_all_frames_together(format: str) -> None:
    frames = dressed(12)
    embed = TilePictureMark().embedder(SIDE, SIDE, ID, format, 2)
    marked = [embed(each) for each in frames]
    # whatever lies under the clear parts is not looked at
    hidden = [dataclasses.replace(each, y=np.where(each.alpha == 0, 16, each.y).astype(np.uint8)) for each in marked]
    for shown in (marked, hidden):
        found = TilePictureMark().detect(clip_of(shown))
        assert found.p_value <= 1e-6
        assert found.payload == (ID if format == "full" else None)
        assert found.candidates == (() if format == "full" else (ID[:8],))
    assert TilePictureMark().detect(clip_of(frames)).payload is None


def test_a_picture_that_is_clear_all_over_is_marked_without_a_fault() -> None:
    frame = dataclasses.replace(shape(0, 1), alpha=np.zeros((SIDE, SIDE), np.uint8))
    made = TilePictureMark().embedder(SIDE, SIDE, ID, "full", 3)(frame)
    assert made.y.shape == frame.y.shape
