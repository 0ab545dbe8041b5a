"""What an order may cost, and that no job waits for ever: generators that misbehave in every way we know."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from reelgate.contract import Progress, Ticket
from reelgate.errors import AnswerLost, GeneratorBusy, GeneratorFault, GeneratorRefused, Unavailable
from reelgate.words import Once
from reelgate_moderation.review.desk import Choice
from reelgate_service import studio as studio_
from reelgate_service.crash.practice import PRICE_CENTS, PracticeGenerator, PracticePlatform, World
from reelgate_service.db import inbox, jobs, reviews, tables
from reelgate_service.worker.run import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reelgate_service.clock import SharedClock
    from reelgate_service.db.base import Database
    from reelgate_service.settings import Settings
    from reelgate_service.studio import Studio


class Moody(PracticeGenerator):
    """A practice generator whose verbs may be replaced, one by one."""

    def __init__(self, once: Once, world: World) -> None:
        super().__init__(once, world)
        self.world = world
        self.moods: dict[str, Callable[..., Any]] = {}

    def start(self, order: Any, key: str) -> Ticket:
        return self.moods.get("start", super().start)(order, key)

    def find(self, key: str) -> Ticket | None:
        return self.moods.get("find", super().find)(key)

    def poll(self, external_id: str) -> Progress:
        return self.moods.get("poll", super().poll)(external_id)

    def cancel(self, external_id: str) -> None:
        return self.moods.get("cancel", super().cancel)(external_id)


class Desk:
    """One tenant's job with a moody generator, worked on by hand."""

    def __init__(self, studio: Studio, clock: SharedClock, generators: dict[str, Moody]) -> None:
        self.studio, self.db, self.clock, self.generators = studio, studio.db, clock, generators
        self.job_id = ""

    def ask(self, once: Once) -> Moody:
        asked = inbox.Acceptance(
            tenant_id="local",
            platform="practice",
            app="practice",
            once_key="k",
            body_hash="k",
            kind="reel",
            generator=once.value,
            order={"seconds": 1.0, "fps": 8, "aspect": [9, 16], "short_side": 256, "seed": 7},
            words="a paper boat on a pond",
            place={"room": "practice"},
        )
        made = inbox.accept(self.db, self.studio.vault, asked, deadline_ms=86_400_000, max_queue=9)
        self.job_id = made.job_id
        return self.generators[once.value]

    def work(self) -> str:
        return run(self.job_id, self.studio, kill_timer=False)

    def row(self) -> tables.Job:
        with self.db.read() as session:
            return session.get_one(tables.Job, self.job_id)

    def budget(self) -> tuple[int, int]:
        with self.db.read() as session:
            row = session.scalars(select(tables.Budget)).one()
            return row.spent, row.reserved

    def wait(self) -> float:
        """Move to when the job is due again; returns how many seconds that took."""
        with self.db.read() as session:
            left = max(0, session.get_one(tables.Job, self.job_id).next_at - self.db.now(session))
        self.clock.advance(left / 1000)
        return left / 1000

    def review(self) -> tables.Review:
        with self.db.read() as session:
            return reviews.waiting(session)[0]


@pytest.fixture
def desk(db: Database, settings: Settings, clock: SharedClock, tmp_path: Path) -> Desk:
    world = World(tmp_path / "world.db")
    generators = {once.value: Moody(once, world) for once in Once}
    made = studio_.build(
        replace(settings, orphan_s=0.0),
        db=db,
        generators=generators,
        platforms={"practice": PracticePlatform(Once.KEY, world)},
    )
    return Desk(made, clock, generators)


def lose(generator: Moody) -> Callable[..., Ticket]:
    """Take the order, charge for it, and lose the answer."""

    def start(order: Any, key: str) -> Ticket:
        PracticeGenerator.start(generator, order, key)
        raise AnswerLost

    return start


def raises(error: Exception) -> Callable[..., Any]:
    def verb(*_: object) -> Any:
        raise error

    return verb


def test_what_a_refusal_cost_is_taken_from_the_budget(desk: Desk) -> None:
    desk.ask(Once.KEY).moods["start"] = raises(GeneratorRefused(charged_cents=3))
    assert desk.work() == "refused"
    assert desk.budget() == (3, 0)


def test_a_fault_that_was_charged_ends_the_attempt(desk: Desk) -> None:
    calls: list[str] = []

    def start(_order: Any, key: str) -> Ticket:
        calls.append(key)
        raise GeneratorFault(charged_cents=4)

    desk.ask(Once.KEY).moods["start"] = start
    assert desk.work() == "failed"
    assert len(calls) == 1
    assert desk.budget() == (4, 0)


@pytest.mark.parametrize("trouble", [GeneratorBusy(), GeneratorFault(), AnswerLost(), Unavailable()])
def test_a_lookup_that_gets_no_answer_is_made_again(desk: Desk, trouble: Exception) -> None:
    generator = desk.ask(Once.LOOKUP)
    generator.moods.update(start=lose(generator), find=raises(trouble))
    for _ in range(5):
        assert desk.work() == "submitting"
        desk.wait()
    del generator.moods["find"]
    generator.moods["poll"] = lambda _: Progress(ready=False)
    assert desk.work() == "submitted"
    assert (generator.world.count("charge"), desk.row().spent) == (1, PRICE_CENTS)


def test_giving_up_a_call_that_may_be_out_counts_it_as_paid(desk: Desk) -> None:
    generator = desk.ask(Once.LOOKUP)

    def broken(order: Any, key: str) -> Ticket:
        PracticeGenerator.start(generator, order, key)
        raise TypeError("an answer that nobody can read")

    generator.moods.update(start=broken, find=raises(TypeError("nor this")))
    while desk.work() == "submitting":
        desk.wait()
    assert (desk.row().state, desk.review().kind) == ("held", "fault")
    assert reviews.decide(desk.db, desk.review().id, Choice.ABANDON, "me") == "failed"
    assert desk.budget() == (PRICE_CENTS, 0)


@pytest.mark.parametrize("ending", ["cancelled", "expired"])
def test_ending_a_held_call_that_may_be_out_counts_it_as_paid(desk: Desk, ending: str) -> None:
    generator = desk.ask(Once.NONE)
    generator.moods["start"] = raises(TypeError("an answer that nobody can read"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "POISON", 0)
        assert desk.work() == "held"  # dropped before anything was asked: nothing can be out
    assert reviews.decide(desk.db, desk.review().id, Choice.RESEND, "me") == "received"
    assert desk.work() == "submitting"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "POISON", 0)
        desk.wait()
        assert desk.work() == "held"
    assert desk.review().kind == "fault"
    if ending == "cancelled":
        assert jobs.request_cancel(desk.db, "local", desk.job_id) == "cancelled"
    else:
        desk.clock.advance(100_000)
        assert jobs.expire(desk.db) == 1
    assert (desk.row().state, desk.budget()) == (ending, (PRICE_CENTS, 0))


def test_a_key_call_that_never_answers_is_repeated_slower_and_in_the_end_given_up(desk: Desk) -> None:
    generator = desk.ask(Once.KEY)
    generator.moods["start"] = lose(generator)
    waits = []
    for _ in range(12):
        assert desk.work() == "submitting"
        waits.append(desk.wait())
    assert sum(waits) > 600
    assert generator.world.count("charge") == 1
    desk.clock.advance(90_000)
    desk.work()
    jobs.expire(desk.db)
    assert desk.row().state in {"held", "expired"}


@pytest.mark.parametrize("state", ["submitting", "delivering"])
def test_no_state_outlives_the_deadline_for_ever(desk: Desk, state: str) -> None:
    desk.ask(Once.KEY)
    with desk.db.write("test") as session:
        session.get_one(tables.Job, desk.job_id).state = state
    desk.clock.advance(86_400 * 3)
    jobs.expire(desk.db)
    assert desk.row().state in {"held", "expired"}


@pytest.mark.parametrize("trouble", [AnswerLost(), GeneratorBusy(), GeneratorFault(), Unavailable()])
def test_asking_how_far_it_is_may_fail_for_half_an_hour(desk: Desk, trouble: Exception) -> None:
    generator = desk.ask(Once.KEY)
    generator.moods["poll"] = raises(trouble)
    waited, asked = 0.0, 0
    while waited < 1800:
        assert desk.work() == "submitted"
        waited += desk.wait()
        asked += 1
    assert asked < 60
    generator.moods["poll"] = lambda _: Progress(ready=False)
    assert desk.work() == "submitted"
    assert generator.world.count("charge") == 1


def test_what_is_dropped_again_and_again_is_still_held(desk: Desk) -> None:
    desk.ask(Once.KEY).moods["poll"] = raises(TypeError("an answer that nobody can read"))
    for _ in range(6):
        if desk.work() == "held":
            break
        desk.wait()
    assert (desk.row().state, desk.review().kind) == ("held", "fault")


def test_what_was_cancelled_while_nothing_was_out_is_never_paid(desk: Desk) -> None:
    generator = desk.ask(Once.KEY)
    generator.moods["start"] = raises(GeneratorBusy(retry_after=60))
    assert desk.work() == "submitting"
    del generator.moods["start"]
    jobs.request_cancel(desk.db, "local", desk.job_id)
    desk.wait()
    desk.work()
    assert (desk.row().state, generator.world.count("charge")) == ("cancelled", 0)
    assert desk.budget() == (0, 0)


@pytest.mark.parametrize("trouble", [AnswerLost(), GeneratorFault(), Unavailable()])
def test_a_generator_that_cannot_be_told_to_stop_does_not_stop_a_cancellation(desk: Desk, trouble: Exception) -> None:
    generator = desk.ask(Once.KEY)
    generator.moods.update(poll=lambda _: Progress(ready=False), cancel=raises(trouble))
    assert desk.work() == "submitted"
    assert jobs.request_cancel(desk.db, "local", desk.job_id) == "submitted"
    desk.work()
    assert (desk.row().state, desk.budget()) == ("cancelled", (PRICE_CENTS, 0))


@pytest.mark.parametrize("far", [1e9, float("inf"), float("nan"), -5.0])
def test_nobody_is_told_to_come_back_in_thirty_years(desk: Desk, far: float) -> None:
    desk.ask(Once.KEY).moods["poll"] = lambda _: Progress(ready=False, retry_after=far)
    assert desk.work() == "submitted"
    assert 0 < desk.wait() <= 3600
    assert desk.row().crashes == 0


def test_a_cancellation_is_not_forgotten_when_its_owner_parks(desk: Desk) -> None:
    def poll(_: str) -> Progress:
        assert jobs.request_cancel(desk.db, "local", desk.job_id) == "submitted"
        return Progress(ready=False, retry_after=600)

    desk.ask(Once.KEY).moods["poll"] = poll
    desk.work()
    assert desk.wait() == 0
    assert desk.work() == "cancelled"


def test_what_it_cost_in_the_end_is_what_is_settled(desk: Desk) -> None:
    desk.ask(Once.KEY).moods["poll"] = lambda _: Progress(ready=True, charged_cents=5)
    assert desk.work() == "done"
    assert desk.budget() == (5, 0)
    with desk.db.read() as session:
        assert session.scalars(select(tables.Effect.cents).where(tables.Effect.purpose == "generate")).one() == 5


def test_a_side_that_can_be_looked_up_is_sent_to_once_more_and_then_a_person_decides(desk: Desk) -> None:
    calls: list[str] = []

    def start(_order: Any, key: str) -> Ticket:
        calls.append(key)
        raise AnswerLost

    desk.ask(Once.LOOKUP).moods["start"] = start
    for _ in range(6):
        if desk.work() == "held":
            break
        desk.wait()
    assert (desk.review().kind, len(calls), len(set(calls))) == ("effect", 2, 1)
