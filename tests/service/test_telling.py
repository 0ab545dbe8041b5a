"""Whoever waits in a chat hears how it ended, once: a reel, or a kind sentence, whatever the chat answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from tests.service.test_review_delivering import MoodyChat
from tests.service.test_review_money import Desk, desk

from reelgate.contract import Receipt
from reelgate.errors import (
    AnswerLost,
    GeneratorFault,
    GeneratorQuota,
    GeneratorRefused,
    NotOffered,
    PlaceGone,
    PlatformBusy,
    TooBig,
)
from reelgate.words import Once
from reelgate_moderation.review.desk import Choice
from reelgate_service.chat.hearing import Said
from reelgate_service.chat.phrases import Phrase, say
from reelgate_service.db import inbox, jobs, queries, reviews, tables
from reelgate_service.worker import teller, withdrawals

if TYPE_CHECKING:
    from pathlib import Path

    from reelgate.contract import PlatformFacts
    from reelgate.errors import ReelgateError

__all__ = ["desk"]


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/reelgate.db"


class Talk(MoodyChat):
    """A chat that remembers, in order, what it was asked to say; keys are remembered for ``memory`` seconds."""

    memory = 1e9
    patience = 0.0

    def __init__(self, desk: Desk) -> None:
        super().__init__(Once.KEY, desk.generators["key"].world)
        self.heard: list[str] = []
        self.sentences: dict[str, str] = {}
        self.withdrawn: list[str] = []
        self.addresses: list[Any] = []
        self.aloud: Any = None

    @property
    def facts(self) -> PlatformFacts:
        return replace(super().facts, patience=self.patience)

    def progress(self, address: Any, sentence: str, buttons: Any = ()) -> None:
        self.heard.append(sentence)

    def deliver(self, address: Any, parcel: Any, key: str) -> Receipt:
        self.heard.append("(reel)")
        self.addresses.append(address)
        return super().deliver(address, parcel, key)

    def decline(self, address: Any, sentence: str, key: str, buttons: Any = (), aloud: Any = None) -> Receipt:
        self.aloud = aloud
        self.addresses.append(address)
        if "decline" in self.moods:
            self.moods["decline"](sentence, key)
        self.heard.append(sentence)
        self.sentences[key] = sentence
        return Receipt(f"said-{key}")

    def repeatable(self, address: Any, since: float, now: float) -> bool:
        return now - since <= self.memory

    def withdraw(self, address: Any, message_id: str) -> None:
        self.withdrawn.append(message_id)


@pytest.fixture
def talk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Talk:
    made = Talk(desk)
    monkeypatch.setattr(type(desk.studio), "platforms", lambda _self, _slug, _app: made)
    monkeypatch.setattr(teller, "EVERY_S", 0.0)
    return made


def ask(
    desk: Desk, words: str = "a paper boat on a pond", language: str = "en", *, private: bool | None = None
) -> None:
    asked = inbox.Acceptance(
        "local", "practice", "practice", "k", "k", "reel", "key",
        {"seconds": 1.0, "fps": 8, "aspect": [9, 16], "short_side": 256, "seed": 7}, words, {"room": "practice"},
        language=language, tell=True,
    )  # fmt: skip
    if private is not None:
        said = Said("working", private=private)
        asked = replace(asked, private=private, answer=said.kept())
    desk.job_id = inbox.accept(desk.db, desk.studio.vault, asked, deadline_ms=86_400_000, max_queue=9).job_id


def finish(desk: Desk) -> str:
    for _ in range(60):
        state = desk.work()
        if state in {"done", "refused", "failed", "cancelled", "expired", "held", "review"}:
            return state
        desk.wait()
    raise AssertionError(f"still {state}")


def test_a_reel_is_told_of_on_the_way_and_nothing_is_said_after_it(desk: Desk, talk: Talk) -> None:
    ask(desk, language="de")
    assert finish(desk) == "done"
    assert talk.heard[-1] == "(reel)"
    assert say(Phrase.FILMING, "de") in talk.heard or any("%" in one for one in talk.heard)
    assert len(set(talk.heard)) == len(talk.heard), "nothing is said twice"


def test_a_refusal_is_said_once_in_the_members_language(desk: Desk, talk: Talk) -> None:
    ask(desk, "a naked child", language="de")
    assert finish(desk) == "refused"
    (sentence,) = talk.sentences.values()
    assert sentence == desk.row().error_says
    assert "Bitte" in sentence or "bitte" in sentence
    with desk.db.read() as session:
        effect = session.scalars(select(tables.Effect).where(tables.Effect.purpose == "decline")).one()
    assert effect.state == "done"


@pytest.mark.parametrize("private", [True, False, None])
def test_the_platform_is_told_what_nobody_else_may_hear(desk: Desk, talk: Talk, private: bool | None) -> None:
    """What was answered privately at the door stays private to the end, a reel as well as a refusal."""
    ask(desk, private=private)
    assert finish(desk) == "done"
    (address,) = talk.addresses
    assert address.private is bool(private)
    assert dict(address.place) == {"room": "practice"}, "what we keep there ourselves is no platform's business"


def test_why_a_film_was_refused_is_not_said_where_others_read(desk: Desk, talk: Talk) -> None:
    ask(desk, "a naked child", language="de")
    assert finish(desk) == "refused"
    assert talk.aloud.sentence == say(Phrase.NOT_MADE, "de")
    assert [each.action for each in talk.aloud.buttons] == ["edit", "why"]


@pytest.mark.parametrize(
    ("trouble", "open_"),
    [
        (GeneratorFault(charged_cents=7), True),
        (GeneratorQuota(charged_cents=7), False),
        (GeneratorRefused(), False),
    ],
)
def test_a_failure_that_can_be_mended_is_said_openly(
    desk: Desk, talk: Talk, trouble: ReelgateError, open_: bool
) -> None:
    """And one that cannot be looks there like a refusal: a neutral sentence must give nobody away."""
    ask(desk)

    def fail(*_: object) -> Any:
        raise trouble

    desk.generators["key"].moods["start"] = fail
    assert finish(desk) in {"failed", "refused"}
    assert len(talk.sentences) == 1
    assert (talk.aloud is None) == open_
    if talk.aloud is not None:
        assert [each.action for each in talk.aloud.buttons] == ["edit", "why"], "alike for every such end"


def test_a_generator_that_fails_for_good_is_told_of(desk: Desk, talk: Talk) -> None:
    ask(desk)

    def fail(*_: object) -> Any:
        raise GeneratorFault(charged_cents=7)

    desk.generators["key"].moods["start"] = fail
    assert finish(desk) == "failed"
    assert list(talk.sentences.values()) == [say(Phrase.FAILED_RETRY, "en")]
    assert desk.budget() == (7, 0)


@pytest.mark.parametrize("trouble", [PlatformBusy(retry_after=3), AnswerLost()])
def test_a_sentence_that_does_not_get_through_is_said_again(desk: Desk, talk: Talk, trouble: Exception) -> None:
    ask(desk, "a naked child")
    troubles = [trouble] * 4

    def moody(sentence: str, key: str) -> None:
        if troubles:
            raise troubles.pop()

    talk.moods["decline"] = moody
    assert finish(desk) == "refused"
    assert len(talk.sentences) == 1
    assert not troubles


@pytest.mark.parametrize("trouble", [PlaceGone(), TooBig(), NotOffered()])
def test_a_job_ends_also_where_nobody_can_be_told(desk: Desk, talk: Talk, trouble: Exception) -> None:
    ask(desk, "a naked child")

    def gone(*_: object) -> None:
        raise trouble

    talk.moods["decline"] = gone
    assert finish(desk) == "refused"
    assert desk.row().error_code == "refused"
    assert desk.budget() == (0, 0)


def test_a_key_that_is_forgotten_is_not_simply_sent_again(desk: Desk, talk: Talk) -> None:
    """Kind key past its window is looked up; where that cannot be, a person decides."""
    ask(desk)
    talk.memory = 5.0

    def lose(address: Any, parcel: Any, key: str) -> Receipt:
        talk.world.happen("post", key)
        desk.clock.advance(60)
        raise AnswerLost

    talk.moods["deliver"] = lose
    assert finish(desk) == "held"
    del talk.moods["deliver"]
    assert talk.world.count("post", desk.job_id) == 1
    assert reviews.decide(desk.db, desk.review().id, Choice.ADOPT, "person", external_id="there") == "delivering"
    assert finish(desk) == "done"
    assert talk.world.count("post", desk.job_id) == 1


def test_a_key_that_is_forgotten_is_adopted_where_it_can_be_seen(desk: Desk, talk: Talk) -> None:
    ask(desk)
    talk.memory = 5.0

    def lose(address: Any, parcel: Any, key: str) -> Receipt:
        talk.world.happen("post", key)
        desk.clock.advance(60)
        raise AnswerLost

    talk.moods["deliver"] = lose
    talk.moods["find"] = lambda address, key: Receipt(talk.world.first("post", key) or "")
    assert finish(desk) == "done"
    assert talk.world.count("post", desk.job_id) == 1


def test_a_no_to_a_repeat_says_nothing_of_the_lost_call_before_it(desk: Desk, talk: Talk) -> None:
    """Else "not now" would have us forget the lost one, and post it again under a key that is long forgotten."""
    ask(desk)
    talk.memory = 5.0
    answers = ["lost", "busy"]

    def moody(address: Any, parcel: Any, key: str) -> Receipt:
        if not answers:
            return Receipt(talk.world.happen("post", key))
        if answers.pop(0) == "busy":
            raise PlatformBusy(retry_after=60)
        talk.world.happen("post", key)
        raise AnswerLost

    talk.moods["deliver"] = moody
    talk.moods["find"] = lambda address, key: Receipt(talk.world.first("post", key) or "")
    assert finish(desk) == "done"
    assert not answers
    assert talk.world.count("post", desk.job_id) == 1


def test_a_call_in_doubt_is_a_persons_when_the_other_side_says_no_for_ever(desk: Desk, talk: Talk) -> None:
    ask(desk)
    posted = False

    def moody(address: Any, parcel: Any, key: str) -> Receipt:
        nonlocal posted
        if posted:
            raise PlatformBusy
        posted = True
        raise AnswerLost

    talk.moods["deliver"] = moody
    assert finish(desk) == "held"
    assert not talk.sentences, "the reel may be there: nothing contradicts it"


def test_stopping_is_told_and_costs_nothing(desk: Desk, talk: Talk) -> None:
    ask(desk)
    assert jobs.request_cancel(desk.db, "local", desk.job_id) == "declining"
    assert finish(desk) == "cancelled"
    assert list(talk.sentences.values()) == [say(Phrase.CANCELLED, "en")]
    assert desk.budget() == (0, 0)


def test_a_job_nobody_takes_is_told_of_when_its_time_is_over(desk: Desk, talk: Talk) -> None:
    ask(desk)
    desk.clock.advance(86_401)
    assert jobs.expire(desk.db) == 1
    assert desk.row().state == "declining"
    assert finish(desk) == "expired"
    assert list(talk.sentences.values()) == [say(Phrase.EXPIRED, "en")]


def test_a_sentence_that_never_gets_through_does_not_keep_a_job_for_ever(desk: Desk, talk: Talk) -> None:
    ask(desk)
    desk.clock.advance(86_401)
    jobs.expire(desk.db)
    desk.clock.advance(3601)
    assert jobs.expire(desk.db) == 1
    assert desk.row().state == "expired"


def test_a_person_who_blocks_is_told_of_and_one_who_gives_up_a_lost_post_is_not(desk: Desk, talk: Talk) -> None:
    ask(desk)

    def lose(address: Any, parcel: Any, key: str) -> Receipt:
        desk.clock.advance(60)
        raise AnswerLost

    talk.memory = 1.0
    talk.moods["deliver"] = lose
    assert finish(desk) == "held"
    assert reviews.decide(desk.db, desk.review().id, Choice.ABANDON, "person") == "failed"
    assert not talk.sentences, "the reel may be there: nothing contradicts it"


def test_shortly_before_edits_end_the_chat_hears_that_a_new_message_will_come(desk: Desk, talk: Talk) -> None:
    talk.patience = 900.0
    ask(desk)
    desk.clock.advance(830)
    assert finish(desk) == "done"
    assert [one for one in talk.heard if one != "(reel)"] == [say(Phrase.LATE, "en")]


def test_a_message_is_taken_back_where_it_was_posted(desk: Desk, talk: Talk) -> None:
    ask(desk)
    assert finish(desk) == "done"
    with desk.db.write("test") as session:
        job = session.get_one(tables.Job, desk.job_id)
        reviews.open_review(session, "local", job.id, "report", "done", "reported", desk.db.now(session))
    reviews.decide(desk.db, desk.review().id, "remove", "person")
    assert withdrawals.send_withdrawals(desk.studio) == 1
    with desk.db.read() as session:
        posted = queries.posted_as(session, "local", desk.job_id)
    assert talk.withdrawn == [posted]
    assert withdrawals.send_withdrawals(desk.studio) == 0
    assert talk.withdrawn == [posted]
