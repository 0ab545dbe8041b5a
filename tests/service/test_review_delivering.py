"""The last step: one message, whatever the chat answers, and none that was called off in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.service.test_review_money import Desk, desk, raises

from reelgate.errors import AnswerLost, PlatformBusy, PlatformFault
from reelgate.words import Once
from reelgate_moderation.review.desk import Choice
from reelgate_service.crash.practice import PracticePlatform, World
from reelgate_service.db import jobs, reviews, tables
from reelgate_service.steps import delivering

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reelgate.contract import Receipt

__all__ = ["desk"]


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/reelgate.db"


class MoodyChat(PracticePlatform):
    """A practice chat whose verbs may be replaced."""

    def __init__(self, once: Once, world: World) -> None:
        super().__init__(once, world)
        self.world = world
        self.moods: dict[str, Callable[..., Any]] = {}

    def deliver(self, address: Any, parcel: Any, key: str) -> Receipt:
        return self.moods.get("deliver", super().deliver)(address, parcel, key)

    def find(self, address: Any, key: str) -> Receipt | None:
        return self.moods.get("find", super().find)(address, key)


def chat(desk: Desk, once: Once, monkeypatch: pytest.MonkeyPatch) -> MoodyChat:
    made = MoodyChat(once, desk.generators["key"].world)
    monkeypatch.setattr(type(desk.studio), "platforms", lambda _self, _slug, _app: made)
    return made


@pytest.mark.parametrize("trouble", [PlatformBusy(retry_after=1), PlatformFault(), AnswerLost()])
def test_a_message_that_cannot_be_looked_up_yet_is_not_given_up(
    desk: Desk, trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = chat(desk, Once.LOOKUP, monkeypatch)

    def lose(address: Any, parcel: Any, key: str) -> Receipt:
        PracticePlatform.deliver(there, address, parcel, key)
        raise AnswerLost

    there.moods.update(deliver=lose, find=raises(trouble))
    desk.ask(Once.KEY)
    for _ in range(4):
        assert desk.work() == "delivering"
        desk.wait()
    there.moods.clear()
    assert desk.work() == "done"
    assert there.world.count("post") == 1


def test_a_chat_that_is_down_for_long_costs_no_reel(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    there = chat(desk, Once.NONE, monkeypatch)
    there.moods["deliver"] = raises(PlatformBusy(retry_after=0.1))
    desk.ask(Once.KEY)
    waited = 0.0
    for _ in range(40):
        if desk.work() == "held":
            break
        waited += desk.wait()
    assert waited > 900
    assert (desk.row().state, desk.review().kind) == ("held", "fault")
    there.moods.clear()
    assert reviews.decide(desk.db, desk.review().id, Choice.RESEND, "me") == "delivering"
    assert desk.work() == "done"
    assert there.world.count("post") == 1


def test_what_was_called_off_before_it_was_there_is_never_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = delivering.lacking

    def called_off(*args: Any) -> str:
        assert jobs.request_cancel(desk.db, "local", desk.job_id) == "sealed"
        return lacking(*args)

    desk.ask(Once.KEY)
    with desk.db.write("test") as session:
        session.get_one(tables.Job, desk.job_id).platform = "api"
    monkeypatch.setattr(delivering, "lacking", called_off)
    desk.work()
    desk.wait()
    desk.work()
    assert desk.row().state == "cancelled"
