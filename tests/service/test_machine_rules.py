"""The job machine played at random: owners, thieves, sweepers, people and a clock; its rules hold after each move."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from reelgate.contract import Receipt
from reelgate.errors import Conflict, KeyReused, OverBudget, TooLate
from reelgate_moderation.review import desk
from reelgate_service.clock import SharedClock
from reelgate_service.db import budgets, effects, inbox, jobs, ledger, migrate, reviews, tables
from reelgate_service.db.base import Database, open_database
from reelgate_service.db.states import ENDED, RUNNABLE, WAITING_FOR_A_PERSON
from reelgate_service.steps import declining, ending
from reelgate_service.steps.asking import Asked
from reelgate_service.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

START = 1_800_000_000_000
LEASE = 30_000
PRICE, CAP = 40, 100
FOLDER = tempfile.TemporaryDirectory(prefix="reelgate-rules-")
VAULT = Vault([b"k" * 32])


def template() -> Path:
    """A migrated, empty database with a budget; made once, copied for every play."""
    path = Path(FOLDER.name) / "template.db"
    if not path.exists():
        clock = SharedClock(Path(FOLDER.name) / "clock")
        clock.set(START)
        db = open_database(f"sqlite:///{path}", clock)
        migrate.upgrade(db)
        with db.write("test") as session:
            budgets.set_cap(session, "local", budgets.period_of(START), CAP)
        db.close()
    return path


class Only:
    """The part of a studio that endings use."""

    def __init__(self, db: Database) -> None:
        self.db = db


class Machine(RuleBasedStateMachine):
    """Handles are jobs as some owner saw them last; only the newest of a job may be of any use."""

    def __init__(self) -> None:
        super().__init__()
        path = Path(tempfile.mkdtemp(dir=FOLDER.name))
        shutil.copy(template(), path / "db")
        self.clock = SharedClock(path / "clock")
        self.clock.set(START)
        self.db = open_database(f"sqlite:///{path}/db", self.clock)
        self.handles: list[jobs.Job] = []
        self.claimed: set[tuple[str, int]] = set()
        self.known: dict[str, str] = {}
        self.fences: dict[str, int] = {}
        self.ended: dict[str, tuple[Any, ...]] = {}
        self.paid: dict[str, int] = {}

    def teardown(self) -> None:
        while ledger.sequence(self.db):
            pass
        assert ledger.verify(self.db).ok
        self.db.close()

    # -- what may happen -------------------------------------------------------------------------------

    @initialize()
    def begin(self) -> None:
        for key in "abcd":
            self.accept(key, "body")

    @rule(which=st.integers(0, 9), choices=st.lists(st.integers(0, 9), min_size=1, max_size=9), drops=st.booleans())
    def work(self, which: int, choices: list[int], drops: bool) -> None:
        """What a run does: take the job, go on from state to state, and park it or be gone."""
        count = len(self.handles)
        self.claim(which)
        if len(self.handles) == count:
            return
        for choice in choices:
            handle = self.handles[-1]
            if handle.state not in RUNNABLE:
                return
            self.use(handle, lambda handle=handle, choice=choice: self.forward(handle, choice))  # type: ignore[misc]
        if not drops and self.handles[-1].state in RUNNABLE:
            self.park(len(self.handles) - 1, 0)

    @rule(key=st.sampled_from("abcd"), body=st.sampled_from(["body", "body", "another"]))
    def accept(self, key: str, body: str) -> None:
        asked = inbox.Acceptance("local", "chat", "app", key, body, "reel", "paid", {}, "words", tell=key in "cd")
        try:
            made = inbox.accept(self.db, VAULT, asked, deadline_ms=86_400_000, max_queue=99)
        except KeyReused:
            assert key in self.known
            return
        assert made.fresh == (key not in self.known)
        assert self.known.setdefault(key, made.job_id) == made.job_id

    @rule(which=st.integers(0, 9))
    def claim(self, which: int) -> None:
        ids = list(self.known.values())  # as they came: ids are random, plays are not
        job = jobs.claim(self.db, ids[which % len(ids)], "me", LEASE)
        if job is not None:
            assert (job.id, job.fence) not in self.claimed, "two owners with one fence"
            self.claimed.add((job.id, job.fence))
            self.handles.append(job)

    @precondition(lambda self: self.handles)
    @rule(which=st.integers(0, 99), choice=st.integers(0, 9))
    def step(self, which: int, choice: int) -> None:
        handle = self.handles[which % len(self.handles)]
        self.use(handle, lambda: self.forward(handle, choice))

    @precondition(lambda self: self.handles)
    @rule(which=st.integers(0, 99), seconds=st.sampled_from([0, 5, 600]))
    def park(self, which: int, seconds: int) -> None:
        handle = self.handles[which % len(self.handles)]
        until = jobs.Parked.after(self.db.time(), seconds).next_at
        self.use(handle, lambda: jobs.park(self.db, handle, until, forgive=seconds > 0))

    @precondition(lambda self: self.handles)
    @rule(which=st.integers(0, 99), lets_go=st.booleans())
    def beat_or_release(self, which: int, lets_go: bool) -> None:
        handle = self.handles[which % len(self.handles)]
        if lets_go:
            self.use(handle, lambda: jobs.release(self.db, handle))
        else:
            self.use(handle, lambda: jobs.beat(self.db, handle, LEASE, (1, 2)))

    @rule(sure=st.integers(0, 3))
    def cancel(self, sure: int) -> None:
        """Of the job that has come furthest: there is most to be put right."""
        with self.db.read() as session:
            rows = {row.id: row for row in session.scalars(select(tables.Job))}
        alive = [rows[job_id] for job_id in self.known.values() if rows[job_id].open]
        if sure or not alive:
            return
        before = max(alive, key=lambda row: row.version)
        try:
            jobs.request_cancel(self.db, "local", before.id)
        except TooLate:
            assert before.state in ENDED | {"delivering", "declining"}

    @rule()
    def expire(self) -> None:
        jobs.expire(self.db)

    @rule(seconds=st.sampled_from([1, 10, 31, 31, 31, 31, 31, 31, 700, 90_100]))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule(decision=st.sampled_from([*desk.offers("prompt"), *desk.offers("effect")]), twice=st.booleans())
    def decide(self, decision: str, twice: bool) -> None:
        with self.db.read() as session:
            order = list(self.known.values())
            items = sorted(reviews.waiting(session), key=lambda item: order.index(item.job_id))
        if not items or decision not in desk.offers(items[0].kind):
            return
        theirs = "theirs" if decision == "adopt" else ""
        state = reviews.decide(self.db, items[0].id, decision, "person", external_id=theirs)
        if twice:
            assert reviews.decide(self.db, items[0].id, decision, "person", external_id=theirs) == state
        try:
            reviews.decide(self.db, items[0].id, decision, "somebody else", external_id=theirs)
        except Conflict:
            return
        raise AssertionError("decided twice")

    @rule()
    def sequence(self) -> None:
        ledger.sequence(self.db, limit=3)

    # -- how -------------------------------------------------------------------------------------------

    def row(self, job_id: str) -> tables.Job:
        with self.db.read() as session:
            return session.get_one(tables.Job, job_id)

    def use(self, handle: jobs.Job, act: Callable[[], jobs.Job | None]) -> None:
        """Act as that owner. One who is stale must get :class:`LeaseLost` and change nothing."""
        before = self.row(handle.id)
        live = before.fence == handle.fence and before.state == handle.state and before.open == 1
        try:
            after = act()
        except jobs.LeaseLost:
            assert tuple(self.columns(self.row(handle.id))) == tuple(self.columns(before))
            return
        if not live:
            assert tuple(self.columns(self.row(handle.id))) == tuple(self.columns(before)), "a stale owner acted"
        if after is not None:
            self.handles[self.handles.index(handle)] = after

    def forward(self, job: jobs.Job, choice: int) -> jobs.Job | None:
        db, period = self.db, budgets.period_of(START)
        match job.state:
            case "received":
                try:
                    return jobs.move(
                        db,
                        job,
                        "admitted",
                        "admitted",
                        values={"reserved": PRICE, "period": period},
                        with_=lambda session, _: budgets.reserve(session, "local", period, PRICE),
                    )
                except OverBudget:
                    return ending.refuse(job, Only(db), "over_budget", "")  # type: ignore[arg-type]
            case "admitted" | "rendered":
                cleared = "cleared" if job.state == "admitted" else "passed"
                to = [cleared, cleared, cleared, "review", "refused"][choice % 5]
                if to == "refused":
                    return ending.refuse(job, Only(db), "refused", "No.")  # type: ignore[arg-type]
                return jobs.move(db, job, to, "screened", with_=self.review(job, cleared) if to == "review" else None)
            case "cleared":
                return self.intend(job, "submitting", effects.PAY)
            case "submitting" | "delivering":
                return self.ask(job, choice)
            case "declining":
                return self.decline(job, choice)
            case "submitted":
                return jobs.move(db, job, "rendered", "rendered")
            case "passed":
                return jobs.move(db, job, "submitted" if choice == 0 else "marked", "marked")
            case "marked":
                return jobs.move(db, job, "sealed", "sealed")
            case "sealed":
                return self.intend(job, "delivering", effects.POST)
        return None

    def review(self, job: jobs.Job, resume: str) -> Callable[[Session, int], None]:
        return lambda session, now: reviews.open_review(session, "local", job.id, "output", resume, "why", now)

    def intend(self, job: jobs.Job, to: str, purpose: str) -> jobs.Job:
        return jobs.move(
            self.db,
            job,
            to,
            f"{purpose}.intent",
            with_=lambda session, now: effects.intend(session, job, purpose, "there", "none", "hash", now),
            unless_cancelled=True,
        )

    def ask(self, job: jobs.Job, choice: int) -> jobs.Job | None:
        """Settle it, be refused (for money), rest and ask again, or lose the answer and put it on the desk."""
        purpose = effects.PAY if job.state == "submitting" else effects.POST
        effect = effects.find(self.db, job, purpose)
        assert effect is not None
        if effect.state == "idle":
            effects.again(self.db, job, effect, resend=choice > 5, fresh=choice > 3)
            return None
        if choice == 0 and effect.state == "intent":
            effects.rest(self.db, job, effect)
            return None
        if choice in {1, 2} and effect.state == "intent":
            return ending.hold(job, Only(self.db), "effect", "lost", effect)  # type: ignore[arg-type]
        if choice == 3:
            return ending.hold(job, Only(self.db), "fault", "dropped")  # type: ignore[arg-type]
        if choice == 4 and purpose == effects.PAY and effect.state == "intent":
            return ending.stop(
                job,
                Only(self.db),  # type: ignore[arg-type]
                "failed",
                "generate.refused",
                values={"spent": 3},
                with_=lambda session, now: effects.refuse(session, job, effect, 3, now),
            )
        cents = PRICE if purpose == effects.PAY else 0
        return jobs.move(
            self.db,
            job,
            "submitted" if purpose == effects.PAY else "done",
            "settled",
            values={"spent": job.spent + cents},
            with_=lambda session, now: effects.settle(session, job, effect, "theirs", cents, now),
        )

    def decline(self, job: jobs.Job, choice: int) -> jobs.Job | None:
        """Say why there is no reel: heard, not heard, asked to wait, or dropped too often."""
        assert job.tell == 1
        effects.write_intent(self.db, job, effects.DECLINE, "there", "none", "hash")
        effect = effects.find(self.db, job, effects.DECLINE)
        assert effect is not None
        if effect.state == "idle":
            effects.again(self.db, job, effect, resend=False, fresh=True)
            return None
        if choice == 0 and effect.state == "intent":
            effects.rest(self.db, job, effect)
            return None
        if choice == 1:
            return ending.hold(job, Only(self.db), "fault", "dropped")  # type: ignore[arg-type]
        heard = Asked(effect, Receipt("theirs")) if choice > 3 else None
        return declining.finish(job, Only(self.db), heard)  # type: ignore[arg-type]

    # -- what must be true -----------------------------------------------------------------------------

    @staticmethod
    def columns(row: tables.Job) -> list[object]:
        return [getattr(row, column.key) for column in tables.Job.__table__.columns]

    @invariant()
    def the_rules_hold(self) -> None:
        with self.db.read() as session:
            now = self.db.now(session)
            rows = session.scalars(select(tables.Job)).all()
            leaves = session.scalars(select(tables.Leaf).order_by(tables.Leaf.version)).all()
            desk = session.scalars(select(tables.Review).where(tables.Review.state == "open")).all()
            calls = session.scalars(select(tables.Effect)).all()
            budget = session.scalars(select(tables.Budget)).one()
            inboxes = session.scalars(select(tables.Inbox)).all()
        assert sorted(str(item.job_id) for item in inboxes) == sorted(row.id for row in rows)
        assert budget.reserved == sum(row.reserved for row in rows)
        assert budget.spent == sum(row.spent for row in rows if row.state in ENDED)
        assert budget.reserved >= 0
        assert budget.spent + budget.reserved <= budget.cap
        for row in rows:
            mine = [leaf for leaf in leaves if leaf.job_id == row.id]
            assert [leaf.version for leaf in mine] == list(range(1, row.version + 1))
            assert json.loads(mine[-1].leaf)["state"] == row.state
            assert row.fence >= self.fences.get(row.id, 0)
            self.fences[row.id] = row.fence
            assert (row.open == 0) == (row.state in ENDED)
            assert row.state != "declining" or row.tell
            waiting = [item for item in desk if item.job_id == row.id]
            assert len(waiting) == (row.state in WAITING_FOR_A_PERSON)
            states = {call.state for call in calls if call.job_id == row.id}
            if row.state in ENDED:
                assert states.isdisjoint({"intent", "held", "adopted"}), "an ended job has a call out"
                assert (row.reserved, row.lease_until) == (0, 0)
                assert self.ended.setdefault(row.id, tuple(self.columns(row))) == tuple(self.columns(row))
            elif row.state in RUNNABLE:
                assert row.next_at <= now + jobs.LONGEST_WAIT_S * 1000
                assert row.lease_until <= now + LEASE


settings.register_profile("rules", max_examples=80, stateful_step_count=40, deadline=None, derandomize=True)
Machine.TestCase.settings = settings(settings.get_profile("rules"), suppress_health_check=list(HealthCheck))
TestMachine = Machine.TestCase
