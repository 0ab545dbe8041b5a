"""The job machine: who may change a job, and what stands afterwards. Run on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from reelgate.errors import Busy, Conflict, KeyReused, NotFound, OverBudget, TooLate
from reelgate_moderation.errors import DecisionInvalid
from reelgate_moderation.review.desk import Choice
from reelgate_service.db import budgets, effects, inbox, jobs, ledger, reviews, tables
from reelgate_service.db.base import new_id
from reelgate_service.steps import ending

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from reelgate_service.clock import SharedClock
    from reelgate_service.db.base import Database
    from reelgate_service.db.jobs import Job
    from reelgate_service.vault import Vault

LEASE = 30_000


def asked(once_key: str = "one", body: str = "body", tenant: str = "local") -> inbox.Acceptance:
    return inbox.Acceptance(
        tenant_id=tenant,
        platform="api",
        app=tenant,
        once_key=once_key,
        body_hash=body,
        kind="reel",
        generator="storyboard",
        order={"seconds": 1.0, "aspect": [9, 16], "seed": 1},
        words="a paper boat",
    )


def accept(
    db: Database, vault: Vault, wanted: inbox.Acceptance | None = None, max_queue: int = 100
) -> inbox.Accepted:
    return inbox.accept(db, vault, wanted or asked(), deadline_ms=86_400_000, max_queue=max_queue)


@pytest.fixture
def job(db: Database, vault: Vault) -> Job:
    claimed = jobs.claim(db, accept(db, vault).job_id, "one", LEASE)
    assert claimed is not None
    return claimed


def test_an_event_is_one_job_however_often_it_comes(db: Database, vault: Vault) -> None:
    first, again = accept(db, vault), accept(db, vault)
    assert (first.fresh, again.fresh) == (True, False)
    assert first.job_id == again.job_id
    with db.read() as session:
        assert session.execute(select(func.count()).select_from(tables.Job)).scalar_one() == 1


def test_a_key_used_for_another_body_is_refused(db: Database, vault: Vault) -> None:
    accept(db, vault)
    with pytest.raises(KeyReused):
        accept(db, vault, asked(body="another"))


def test_the_same_key_of_two_tenants_is_two_events(db: Database, vault: Vault) -> None:
    with db.write("test") as session:
        session.add(tables.Tenant(id="other", name="Other", created_at=0))
    mine, theirs = accept(db, vault), accept(db, vault, asked(tenant="other"))
    assert mine.job_id != theirs.job_id


def test_events_that_come_at_once_become_one_job(db: Database, vault: Vault) -> None:
    found: list[str] = []
    start = threading.Barrier(6)

    def come() -> None:
        start.wait()
        found.append(accept(db, vault).job_id)

    threads = [threading.Thread(target=come) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1


def test_a_full_queue_refuses_new_events_and_still_knows_old_ones(db: Database, vault: Vault) -> None:
    first = accept(db, vault)
    with pytest.raises(Busy) as refusal:
        accept(db, vault, asked("two"), max_queue=1)
    assert refusal.value.retry_after
    assert accept(db, vault, max_queue=1).job_id == first.job_id


def test_a_claimed_job_is_nobody_elses(db: Database, job: Job, clock: SharedClock) -> None:
    assert jobs.claim(db, job.id, "two", LEASE) is None
    clock.advance(29)
    assert jobs.claim(db, job.id, "two", LEASE) is None
    clock.advance(1.001)
    taken = jobs.claim(db, job.id, "two", LEASE)
    assert taken is not None
    assert taken.fence == job.fence + 1


def test_a_stale_owner_changes_nothing(db: Database, job: Job, clock: SharedClock) -> None:
    clock.advance(31)
    taken = jobs.claim(db, job.id, "two", LEASE)
    assert taken is not None
    for attempt in (
        lambda: jobs.move(db, job, "admitted", "admitted"),
        lambda: jobs.beat(db, job, LEASE),
        lambda: jobs.park(db, job, 0, forgive=True),
        lambda: jobs.refresh(db, job),
    ):
        with pytest.raises(jobs.LeaseLost):
            attempt()
    moved = jobs.move(db, taken, "admitted", "admitted")
    assert (moved.state, moved.version) == ("admitted", 2)


def test_a_lease_that_ran_out_is_lost_even_when_nobody_took_it(db: Database, job: Job, clock: SharedClock) -> None:
    clock.advance(30.001)
    with pytest.raises(jobs.LeaseLost):
        jobs.move(db, job, "admitted", "admitted")


def test_a_heartbeat_keeps_the_lease(db: Database, job: Job, clock: SharedClock) -> None:
    for _ in range(5):
        clock.advance(20)
        jobs.beat(db, job, LEASE, (3, 8))
    assert jobs.claim(db, job.id, "two", LEASE) is None
    with db.read() as session:
        row = session.get_one(tables.Job, job.id)
        assert (row.progress_done, row.progress_total) == (3, 8)


def test_what_goes_wrong_inside_a_transition_leaves_nothing(db: Database, job: Job) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError):
        jobs.move(db, job, "admitted", "admitted", with_=fails)
    with db.read() as session:
        assert session.get_one(tables.Job, job.id).state == "received"
        assert session.execute(select(func.count()).select_from(tables.Leaf)).scalar_one() == 1


def test_a_transition_that_may_not_be_is_refused(db: Database, job: Job) -> None:
    with pytest.raises(Exception, match="cannot go to"):
        jobs.move(db, job, "sealed", "sealed")


def test_a_parked_job_waits_for_its_time(db: Database, job: Job, clock: SharedClock) -> None:
    jobs.park(db, job, db.time() + 10_000, forgive=True)
    assert jobs.claim(db, job.id, "two", LEASE) is None
    with db.read() as session:
        assert jobs.due(session, db.now(session)) == []
    clock.advance(10)
    with db.read() as session:
        assert jobs.due(session, db.now(session)) == [job.id]


def test_a_busy_tenant_does_not_keep_a_quiet_one_waiting(db: Database, vault: Vault, clock: SharedClock) -> None:
    with db.write("test") as session:
        session.add(tables.Tenant(id="quiet", name="Quiet", created_at=0))
    for number in range(10):
        accept(db, vault, asked(f"busy-{number}"))
        clock.advance(0.001)
    quiet = accept(db, vault, asked("quiet", tenant="quiet")).job_id
    with db.read() as session:
        assert quiet in jobs.due(session, db.now(session))[:2]


def test_cancelling_a_waiting_job_ends_it_at_once(db: Database, vault: Vault) -> None:
    job_id = accept(db, vault).job_id
    assert jobs.request_cancel(db, "local", job_id) == "cancelled"
    assert jobs.request_cancel(db, "local", job_id) == "cancelled"
    assert jobs.claim(db, job_id, "one", LEASE) is None


def test_cancelling_a_claimed_job_asks_its_owner(db: Database, job: Job) -> None:
    assert jobs.request_cancel(db, "local", job.id) == "received"
    _, wanted = jobs.refresh(db, job)
    assert wanted
    with pytest.raises(jobs.LeaseLost):
        jobs.move(db, job, "admitted", "admitted", unless_cancelled=True)
    assert ending.cancel(job, _Only(db)).state == "cancelled"  # type: ignore[arg-type]


def test_an_ended_job_is_too_late_and_a_foreign_one_is_absent(db: Database, job: Job) -> None:
    jobs.move(db, job, "refused", "refused")
    with pytest.raises(TooLate):
        jobs.request_cancel(db, "local", job.id)
    for stranger in ("other", "nobody"):
        with pytest.raises(NotFound):
            jobs.request_cancel(db, stranger, job.id)


def test_a_job_past_its_deadline_expires(db: Database, vault: Vault, clock: SharedClock) -> None:
    job_id = accept(db, vault).job_id
    assert jobs.expire(db) == 0
    clock.advance(86_401)
    assert jobs.expire(db) == 1
    with db.read() as session:
        row = session.get_one(tables.Job, job_id)
        assert (row.state, row.open) == ("expired", 0)


def test_every_transition_has_one_leaf_and_the_chain_holds(db: Database, job: Job) -> None:
    moved = jobs.move(db, job, "admitted", "admitted", facts={"reserved": 0})
    jobs.move(db, moved, "refused", "refused")
    assert ledger.sequence(db) == 3
    assert ledger.sequence(db) == 0
    assert ledger.verify(db).ok
    with db.write("test") as session:
        session.scalars(select(tables.Leaf).where(tables.Leaf.seq == 2)).one().leaf = b"{}"
    report = ledger.verify(db)
    assert (report.ok, report.bad_seq) == (False, 2)


def test_erasing_the_salts_keeps_the_chain(db: Database, job: Job) -> None:
    ledger.sequence(db)
    with db.write("test") as session:
        for leaf in session.scalars(select(tables.Leaf)):
            assert b"paper boat" not in leaf.leaf
            leaf.salt = None
    assert ledger.verify(db).ok


def test_no_column_holds_the_words(db: Database, vault: Vault) -> None:
    accept(db, vault, asked(body="a paper boat"))
    with db.read() as session:
        for table in tables.Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                assert "paper boat" not in repr(tuple(row))


class _Only:
    """The part of a studio that endings use."""

    def __init__(self, db: Database) -> None:
        self.db = db


def held(db: Database, job: Job) -> tuple[Job, str]:
    """The job with a generator call whose answer was lost, on the desk."""
    admitted = jobs.move(
        db,
        job,
        "admitted",
        "admitted",
        values={"reserved": 40, "period": budgets.period_of(db.time())},
        with_=lambda session, now: budgets.reserve(session, "local", budgets.period_of(now), 40),
    )
    cleared = jobs.move(db, admitted, "cleared", "prompt.screened")
    submitting = jobs.move(
        db,
        cleared,
        "submitting",
        "generate.intent",
        with_=lambda session, now: effects.intend(session, cleared, effects.PAY, "practice", "none", "x", now),
    )
    effect = effects.find(db, submitting, effects.PAY)
    assert effect is not None
    stopped = ending.hold(submitting, _Only(db), "effect", "lost", effect)  # type: ignore[arg-type]
    with db.read() as session:
        return stopped, reviews.waiting(session)[0].id


def test_a_held_effect_is_adopted_resent_or_abandoned(db: Database, job: Job) -> None:
    stopped, review = held(db, job)
    assert stopped.state == "held"
    assert jobs.claim(db, job.id, "two", LEASE) is None
    with pytest.raises(DecisionInvalid, match="offers"):
        reviews.decide(db, review, Choice.APPROVE, "me")
    with pytest.raises(DecisionInvalid, match="needs the other side's id"):
        reviews.decide(db, review, Choice.ADOPT, "me")
    assert reviews.decide(db, review, Choice.ADOPT, "me", external_id="theirs-1") == "submitting"
    with pytest.raises(Conflict, match="already"):
        reviews.decide(db, review, Choice.ABANDON, "me")
    again = jobs.claim(db, job.id, "two", LEASE)
    assert again is not None
    effect = effects.find(db, again, effects.PAY)
    assert effect is not None
    assert (effect.state, effect.external_id) == ("adopted", "theirs-1")


def test_an_abandoned_call_counts_as_paid(db: Database, job: Job) -> None:
    _, review = held(db, job)
    assert reviews.decide(db, review, Choice.ABANDON, "me") == "failed"
    with db.read() as session:
        budget = session.scalars(select(tables.Budget)).one()
        assert (budget.spent, budget.reserved) == (40, 0)


def test_a_foreign_review_is_absent(db: Database, job: Job) -> None:
    _, review = held(db, job)
    with pytest.raises(NotFound):
        reviews.decide(db, review, Choice.ABANDON, "them", tenant_id="other")


def test_many_reservations_at_once_never_pass_the_cap(db: Database) -> None:
    period, got = budgets.period_of(db.time()), []
    start = threading.Barrier(8)

    def reserve() -> None:
        start.wait()
        for _ in range(3):
            try:
                with db.write("reserve") as session:
                    budgets.reserve(session, "local", period, 7)
                got.append(7)
            except OverBudget:
                pass

    threads = [threading.Thread(target=reserve) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(got) == 98
    with db.read() as session:
        assert session.scalars(select(tables.Budget)).one().reserved == 98


def test_nobody_waves_the_worst_through(db: Database, job: Job) -> None:
    admitted = jobs.move(db, job, "admitted", "admitted")

    def rows(session: Session, now: int) -> None:
        reasons = json.dumps([{"category": "sexual_minors", "severity": 3, "score": 1.0}])
        session.add(
            tables.Verdict(
                id=new_id(), tenant_id="local", job_id=job.id, stage="prompt", decision="review", score=1.0,
                reasons=reasons, policy="p@1", by="machine", at=now,
            )
        )  # fmt: skip
        reviews.open_review(session, "local", job.id, "prompt", "cleared", "unsure", now)

    jobs.move(db, admitted, "review", "prompt.screened", with_=rows)
    with db.read() as session:
        review = reviews.waiting(session)[0].id
    with pytest.raises(DecisionInvalid, match="cannot be approved"):
        reviews.decide(db, review, Choice.APPROVE, "me")
    assert reviews.decide(db, review, Choice.BLOCK, "me") == "refused"
