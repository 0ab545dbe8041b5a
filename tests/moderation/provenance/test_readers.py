"""The house's readers on clips with and without what they look for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import av
import pytest

from reelgate.media.clip import frame_of, video_frame
from reelgate.media.decode import open_clip
from reelgate.words import SourceType
from reelgate_moderation.marks.label import TEXTS, label_blender, label_text
from reelgate_moderation.provenance.readers import FOUND, HouseReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DRAWN = label_text(SourceType.ALGORITHMIC)


def labelled(source: Path, out: Path, text: str, crf: int) -> Path:
    """The clip with ``text`` blended into every frame, encoded again."""
    with av.open(str(source)) as given, av.open(str(out), "w", format="mp4") as made:
        size = given.streams.video[0]
        blend = label_blender(size.width, size.height, text)
        video = made.add_stream("libx264", rate=24, options={"crf": str(crf), "preset": "veryfast", "threads": "1"})
        video.width, video.height, video.pix_fmt = size.width, size.height, "yuv420p"
        for frame in given.decode(video=0):
            made.mux(video.encode(video_frame(blend(replace(frame_of(frame), alpha=None)))))
        made.mux(video.encode(None))
    return out


@pytest.mark.parametrize("text", TEXTS.values())
@pytest.mark.parametrize("crf", [20, 34])
def test_the_label_is_found_and_read(text: str, crf: int, reel_maker: Callable[..., Path], tmp_path: Path) -> None:
    clip = open_clip(labelled(reel_maker(seed=1), tmp_path / "out.mp4", text, crf))
    seen = HouseReader().label(clip, [])
    assert (seen.found, seen.text) == (True, text)
    assert seen.score > FOUND


def test_words_a_manifest_names_are_looked_for_too(reel_maker: Callable[..., Path], tmp_path: Path) -> None:
    words = "Made in a workshop"
    clip = open_clip(labelled(reel_maker(seed=1), tmp_path / "out.mp4", words, 20))
    assert HouseReader().label(clip, [words]).text == words
    assert not HouseReader().label(clip, []).found


@pytest.mark.parametrize("seed", range(1, 8))
def test_no_label_is_seen_where_there_is_none(seed: int, reel_maker: Callable[..., Path]) -> None:
    seen = HouseReader().label(open_clip(reel_maker(seed=seed)), [DRAWN, "\u4e00\U0001f980 no such sign", ""])
    assert (seen.found, seen.text) == (False, "")
    assert abs(seen.score) < FOUND / 1.5


def test_there_is_no_sound_mark_to_find(reel_maker: Callable[..., Path]) -> None:
    found = HouseReader().sound(open_clip(reel_maker(seed=1)))
    assert (found.payload, found.p_value) == (None, 1.0)
