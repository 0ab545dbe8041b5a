"""A seeded sample of the bench of chat schedules: duplicates, crashes and lost answers around one command each."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from bench.schedules.plan import drawn
from bench.schedules.play import Stage

from reelgate_integrations.discord.platform import DiscordPlatform
from reelgate_service.db import inbox

if TYPE_CHECKING:
    from pathlib import Path

    from reelgate.chat import Event
    from reelgate.door import Inbound

SAMPLE = (1, 2, 4, 7, 12, 16, 22, 37)
"""Calm and not, late and in time, refused and filmed, with a bot that may look back and one that may not."""

WHISPERED, SEEN = (
    next(
        seed for seed in range(1, 2000)
        if (drawn(seed).refused, drawn(seed).late, drawn(seed).shut, drawn(seed).seen) == (True, True, True, seen)
    )
    for seen in (False, True)
)  # fmt: skip
"""Late refusals of a member who takes no messages: nobody knew of the first, everybody of the other."""


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELGATE_LOG", "off")


def test_a_sample_of_schedules_keeps_every_promise(tmp_path: Path, quiet: None) -> None:
    stage = Stage(tmp_path)
    results = [stage.play(drawn(seed)) for seed in (*SAMPLE, WHISPERED, SEEN)]
    assert [result.wrong for result in results] == [[] for _ in results]
    assert sum(result.kills for result in results) > 0, "the sample kills nobody"
    assert sum(result.struck for result in results) > 0, "the sample loses nothing"
    assert not any(result.held for result in results if drawn(result.seed).calm)


def test_the_bench_sees_a_door_that_does_not_know_an_event_again(
    tmp_path: Path, quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can fail: where a repeated event gets another name, there are two jobs."""
    honest = DiscordPlatform.read

    def forgetful(self: DiscordPlatform, inbound: Inbound) -> list[Event]:
        return [
            replace(event, heard=replace(event.heard, once_key=uuid.uuid4().hex)) for event in honest(self, inbound)
        ]

    monkeypatch.setattr(DiscordPlatform, "read", forgetful)
    seed = next(seed for seed in range(1, 200) if _repeats(seed))
    assert "2 jobs" in Stage(tmp_path).play(drawn(seed)).wrong


def test_the_bench_hears_what_is_said_where_it_may_not_be(
    tmp_path: Path, quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can fail: where it is forgotten that a refusal was whispered, the channel hears of it."""
    honest = inbox.personal
    monkeypatch.setattr(inbox, "personal", lambda *sealed: replace(honest(*sealed), private=False))
    wrong = Stage(tmp_path).play(drawn(WHISPERED)).wrong
    assert "everybody reads of what was whispered" in wrong


def _repeats(seed: int) -> bool:
    schedule = drawn(seed)
    here = not schedule.web_kills and not schedule.late  # what comes late is stale, and refused
    return here and any(fault.trouble == "repeat" for fault in schedule.faults.faults)
