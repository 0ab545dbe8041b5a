"""Two who change one job at the same moment: run on SQLite and, where it matters most, on PostgreSQL."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update
from tests.service.test_machine import LEASE, accept, asked, held

from reelgate_moderation.review.desk import Choice
from reelgate_service.db import inbox, jobs, reviews, tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from reelgate_service.clock import SharedClock
    from reelgate_service.db.base import Database
    from reelgate_service.vault import Vault


def meanwhile(work: Callable[[], object]) -> Callable[[], object]:
    """Start ``work`` in a thread; the result of the returned call is its answer or the error it raised."""
    found: list[object] = []

    def run() -> None:
        try:
            found.append(work())
        except Exception as error:  # noqa: BLE001
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()

    def join() -> object:
        thread.join()
        return found[0]

    return join


def test_a_cancellation_that_meets_a_claim_is_kept(db: Database, vault: Vault) -> None:
    job_id = accept(db, vault).job_id
    with db.write("test") as session:
        now = db.now(session)
        session.execute(
            update(tables.Job).where(tables.Job.id == job_id).values(fence=1, lease_until=now + LEASE, crashes=1)
        )
        join = meanwhile(lambda: jobs.request_cancel(db, "local", job_id))
        time.sleep(0.3)
    assert join() == "received"
    with db.read() as session:
        row = session.get_one(tables.Job, job_id)
        assert (row.state, row.cancel_requested) == ("received", 1)


def test_a_job_that_is_taken_up_as_it_expires_stays_its_owners(
    db: Database, vault: Vault, clock: SharedClock
) -> None:
    taken, left = accept(db, vault).job_id, accept(db, vault, asked("two")).job_id
    clock.advance(86_401)
    with db.write("test") as session:
        now = db.now(session)
        session.execute(update(tables.Job).where(tables.Job.id == taken).values(fence=1, lease_until=now + LEASE))
        join = meanwhile(lambda: jobs.expire(db))
        time.sleep(0.3)
    assert join() == 1
    with db.read() as session:
        assert session.get_one(tables.Job, taken).state == "received"
        assert session.get_one(tables.Job, left).state == "expired"


def test_a_decision_that_meets_a_cancellation_waits_its_turn(db: Database, vault: Vault) -> None:
    job = jobs.claim(db, accept(db, vault).job_id, "one", LEASE)
    assert job is not None
    _, review = held(db, job)
    with db.write("test") as session:
        session.execute(update(tables.Job).where(tables.Job.id == job.id).values(cancel_requested=1))
        join = meanwhile(lambda: reviews.decide(db, review, Choice.RESEND, "me"))
        time.sleep(0.3)
        reviews.close(session, job.id, "cancelled", db.now(session))
        session.execute(update(tables.Job).where(tables.Job.id == job.id).values(state="cancelled", open=0))
    assert type(join()).__name__ == "Conflict"


def test_a_tenant_with_a_long_queue_does_not_hide_a_quiet_one(db: Database, vault: Vault, clock: SharedClock) -> None:
    with db.write("test") as session:
        session.add(tables.Tenant(id="quiet", name="Quiet", created_at=0))
    first = accept(db, vault, asked("busy"), max_queue=1000).job_id
    with db.write("test") as session:
        row = session.get_one(tables.Job, first)
        columns = [column.key for column in tables.Job.__table__.columns]
        like = {name: getattr(row, name) for name in columns}
        session.add_all(tables.Job(**{**like, "id": f"busy-{number}"}) for number in range(300))
    clock.advance(1)
    quiet = inbox.accept(db, vault, asked("quiet", tenant="quiet"), deadline_ms=86_400_000, max_queue=1000).job_id
    with db.read() as session:
        assert quiet in jobs.due(session, db.now(session))[:2]
    assert jobs.claim(db, first, "me", LEASE) is not None
    with db.read() as session:
        assert jobs.due(session, db.now(session))[0] == quiet  # the busy one has a job in hand already


def test_what_waits_for_a_person_is_no_load(db: Database, vault: Vault) -> None:
    job = jobs.claim(db, accept(db, vault).job_id, "one", LEASE)
    assert job is not None
    held(db, job)
    assert accept(db, vault, asked("two"), max_queue=1).fresh


@pytest.mark.parametrize("state", ["review", "held"])
def test_deciding_the_same_again_is_deciding_once(db: Database, vault: Vault, state: str) -> None:
    job = jobs.claim(db, accept(db, vault).job_id, "one", LEASE)
    assert job is not None
    if state == "held":
        _, review = held(db, job)
        decision, to = Choice.RESEND, "submitting"
    else:
        admitted = jobs.move(db, job, "admitted", "admitted")
        jobs.move(
            db,
            admitted,
            "review",
            "prompt.screened",
            with_=lambda session, now: reviews.open_review(session, "local", job.id, "prompt", "cleared", "why", now),
        )
        with db.read() as session:
            review = reviews.waiting(session)[0].id
        decision, to = Choice.APPROVE, "cleared"
    assert reviews.decide(db, review, decision, "me") == to
    with db.read() as session:
        version = session.get_one(tables.Job, job.id).version
    assert reviews.decide(db, review, decision, "me") == to
    for other, actor in ((decision, "them"), (Choice.BLOCK if state == "review" else Choice.ABANDON, "me")):
        with pytest.raises(Exception, match="already"):
            reviews.decide(db, review, other, actor)
    with db.read() as session:
        assert session.get_one(tables.Job, job.id).version == version


def test_adopting_another_id_is_not_the_same_decision(db: Database, vault: Vault) -> None:
    job = jobs.claim(db, accept(db, vault).job_id, "one", LEASE)
    assert job is not None
    _, review = held(db, job)
    assert reviews.decide(db, review, Choice.ADOPT, "me", external_id="a") == "submitting"
    assert reviews.decide(db, review, Choice.ADOPT, "me", external_id="a") == "submitting"
    with pytest.raises(Exception, match="already"):
        reviews.decide(db, review, Choice.ADOPT, "me", external_id="b")
