"""What happens to a reel whose mark does not read back: filmed stronger, step by step, and never let out unmarked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from reelgate.words import Detection, Once
from reelgate_service.crash import bench
from reelgate_service.crash.life import Practice, event, live
from reelgate_service.crash.processes import forked
from reelgate_service.db import tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reelgate.contract import Clip, Frame, PictureMark


class Noted:
    """The real mark, whose read-back is changed by the test and whose embeddings are noted in a file."""

    def __init__(self, real: PictureMark, notes: Path, changed: Callable[[Detection, int], Detection]) -> None:
        self._real = real
        self._notes = notes
        self._changed = changed

    def embedder(self, width: int, height: int, message: str, format: str, strength: int) -> Callable[[Frame], Frame]:
        with self._notes.open("a") as file:
            file.write(f"{format} {strength}\n")
        return self._real.embedder(width, height, message, format, strength)

    def detect(self, clip: Clip) -> Detection:
        return self._changed(self._real.detect(clip), len(self._notes.read_text().split("\n")) - 1)


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    home = tmp_path / "home"
    return bench.practice_at(f"sqlite:///{home}/reelgate.db", home)


def run(practice: Practice, notes: Path, changed: Callable[[Detection, int], Detection]) -> tuple[object, list[str]]:
    def life() -> str:
        studio = practice.studio()
        studio = replace(studio, picture_mark=Noted(studio.picture_mark, notes, changed))
        return live(practice, studio, event("one", Once.KEY, Once.KEY))

    return forked(life).answer, notes.read_text().split("\n")[:-1]


def test_a_thin_mark_is_filmed_once_more_stronger(practice: Practice, tmp_path: Path) -> None:
    def thin_at_first(found: Detection, films: int) -> Detection:
        return replace(found, p_value=1e-20 if films == 1 else 1e-90)

    state, films = run(practice, tmp_path / "notes", thin_at_first)
    assert (state, films) == ("done", ["full 0", "full 1"])
    assert practice.world.count("charge") == 1, "the footage is collected again, not ordered again"


def test_a_mark_that_stays_thin_is_taken_at_its_strongest(practice: Practice, tmp_path: Path) -> None:
    state, films = run(practice, tmp_path / "notes", lambda found, _: replace(found, p_value=1e-20))
    assert (state, films) == ("done", ["full 0", "full 1", "full 2"])


def test_a_mark_that_never_reads_holds_the_reel(practice: Practice, tmp_path: Path) -> None:
    state, films = run(practice, tmp_path / "notes", lambda _found, _: Detection(None))
    assert (state, films) == ("held", ["full 0", "full 1", "full 2", "short 2"])
    assert practice.world.count("post") == 0
    reasons = forked(
        lambda: [row.reason for row in practice.studio().db.engine.connect().execute(select(tables.Review.reason))]
    ).answer
    assert reasons == ["the mark does not read back"]


def test_another_reels_mark_is_not_taken_for_ours(practice: Practice, tmp_path: Path) -> None:
    state, _ = run(
        practice,
        tmp_path / "notes",
        lambda found, _: replace(found, payload="0123456789abcdef", candidates=("01234567",)),
    )
    assert state == "held"
    assert practice.world.count("post") == 0
