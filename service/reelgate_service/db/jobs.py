"""The job machine: claiming, keeping, moving, parking and ending jobs by guarded updates.

Every change of a job is one UPDATE that names the state and the fence it starts from. Zero rows changed
means that somebody else owns the job now: the caller is stale and must stop (:class:`LeaseLost`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select, update

from reelgate.errors import NotFound, ReelgateError, TooLate
from reelgate_service.db import budgets, ledger, outbox, reviews, tables
from reelgate_service.db.base import touched
from reelgate_service.db.states import CANCELLABLE, ENDED, RUNNABLE, WAITING_FOR_A_PERSON, last, may_follow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

    from reelgate_moderation.provenance.leaf import Fact
    from reelgate_service.db.base import Database

POISON = 3
"""Claims without one step forward after which a job is held for a person instead of tried again."""


LONGEST_WAIT_S = 3600.0
"""The longest a job is put off at once, so that no answer from outside can put it off for ever."""

OVERDUE_MS = 3_600_000
"""How long past its deadline a job may still find out what became of a call that is out."""


class LeaseLost(ReelgateError):
    """Somebody else owns this job now. Stop; never try to put things right."""

    code = "lease_lost"


class Parked(Exception):
    """A step cannot go on now: give the job back until ``next_at`` (milliseconds on the shared clock)."""

    def __init__(self, next_at: int) -> None:
        self.next_at = next_at
        super().__init__(f"parked until {next_at}")

    @classmethod
    def after(cls, now: int, seconds: float) -> Parked:
        """Parked for ``seconds``, whatever the other side said: at least half of one, at most an hour."""
        return cls(now + int(min(LONGEST_WAIT_S, max(0.5, seconds)) * 1000))


@dataclass(frozen=True, slots=True)
class Job:
    """A job as its owner saw it last; every transition gives a new one."""

    id: str
    tenant_id: str
    kind: str
    state: str
    fence: int
    version: int
    attempt: int
    generator: str
    platform: str
    app: str
    surface: str
    language: str
    deadline_at: int
    crashes: int
    reserved: int
    spent: int
    period: str
    updated_at: int
    created_at: int
    installation: str
    tell: int
    error_code: str
    error_says: str
    result: Mapping[str, Any]
    order: Mapping[str, Any]
    sealed: bytes | None = field(repr=False)


def snapshot(row: tables.Job) -> Job:
    """The row as a frozen noun."""
    return Job(
        id=row.id,
        tenant_id=row.tenant_id,
        kind=row.kind,
        state=row.state,
        fence=row.fence,
        version=row.version,
        attempt=row.attempt,
        generator=row.generator,
        platform=row.platform,
        app=row.app,
        surface=row.surface,
        language=row.language,
        deadline_at=row.deadline_at,
        crashes=row.crashes,
        reserved=row.reserved,
        spent=row.spent,
        period=row.period,
        updated_at=row.updated_at,
        created_at=row.created_at,
        installation=row.installation,
        tell=row.tell,
        error_code=row.error_code,
        error_says=row.error_says,
        result=json.loads(row.result),
        order=json.loads(row.order),
        sealed=row.sealed,
    )


def due(session: Session, now: int, limit: int = 20) -> list[str]:
    """Ids of jobs that somebody may take now: those whose tenants have least in flight first, then oldest."""
    job = tables.Job
    nth = func.row_number().over(partition_by=job.tenant_id, order_by=(job.next_at, job.created_at, job.id))
    waiting = (
        select(job.id, job.tenant_id, job.next_at, job.created_at, nth.label("nth"))
        .where(job.open == 1, job.state.in_(RUNNABLE), job.next_at <= now, job.lease_until <= now)
        .subquery()
    )
    in_flight = (
        select(job.tenant_id, func.count().label("count"))
        .where(job.open == 1, job.lease_until > now)
        .group_by(job.tenant_id)
        .subquery()
    )
    turn = waiting.c.nth + func.coalesce(in_flight.c.count, 0)
    return list(
        session.scalars(
            select(waiting.c.id)
            .outerjoin(in_flight, in_flight.c.tenant_id == waiting.c.tenant_id)
            .order_by(turn, waiting.c.next_at, waiting.c.created_at, waiting.c.id)
            .limit(limit)
        )
    )


def claim(db: Database, job_id: str, owner: str, lease_ms: int) -> Job | None:
    """Take the job: the fence rises by one and the lease starts. ``None`` when it is not there to be taken."""
    job = tables.Job
    with db.write("claim") as session:
        now = db.now(session)
        changed = session.execute(
            update(job)
            .where(job.id == job_id, job.state.in_(RUNNABLE), job.next_at <= now, job.lease_until <= now)
            .values(fence=job.fence + 1, lease_until=now + lease_ms, lease_owner=owner, crashes=job.crashes + 1)
        )
        if touched(changed) == 0:
            return None
        return snapshot(session.execute(select(job).where(job.id == job_id)).scalar_one())


def beat(db: Database, job: Job, lease_ms: int, progress: tuple[int, int] | None = None) -> None:
    """Keep the lease, and say how far the work is; raises :class:`LeaseLost`."""
    table = tables.Job
    values: dict[str, Any] = {}
    if progress is not None:
        values = {"progress_done": progress[0], "progress_total": progress[1]}
    with db.write("beat") as session:
        now = db.now(session)
        changed = session.execute(
            update(table)
            .where(table.id == job.id, table.fence == job.fence, table.lease_until > now)
            .values(lease_until=now + lease_ms, **values)
        )
        _mine(changed)


def move(
    db: Database,
    job: Job,
    to: str,
    event: str,
    *,
    facts: Mapping[str, Fact] | None = None,
    values: Mapping[str, object] | None = None,
    with_: Callable[[Session, int], None] | None = None,
    unless_cancelled: bool = False,
) -> Job:
    """One transition: the guarded UPDATE, what ``with_`` adds, and the ledger leaf, in one transaction.

    ``facts`` go into the leaf and must not be personal; ``values`` are further columns of the job.
    ``with_(session, now)`` writes the step's other rows. An ended job also gets its outbox rows.
    """
    if not may_follow(job.state, to):
        raise ReelgateError(f"A job in state {job.state} cannot go to {to}.")
    table = tables.Job
    ended = to in ENDED
    changes: dict[str, Any] = {"state": to, "version": job.version + 1, "crashes": 0, **(values or {})}
    changes.update(progress_done=0, progress_total=0)
    changes.setdefault("error_code", "")
    changes.setdefault("error_says", "")
    if ended:
        changes.update(open=0, reserved=0)
    if ended or to in WAITING_FOR_A_PERSON:
        changes["lease_until"] = 0
    guard = [table.id == job.id, table.state == job.state, table.fence == job.fence]
    if unless_cancelled:
        guard.append(table.cancel_requested == 0)
    with db.write(event) as session:
        now = db.now(session)
        changed = session.execute(
            update(table).where(*guard, table.lease_until > now).values(updated_at=now, **changes)
        )
        _mine(changed)
        if with_ is not None:
            with_(session, now)
        ledger.append(
            session,
            tenant_id=job.tenant_id,
            job_id=job.id,
            version=job.version + 1,
            event=event,
            facts={"state": to, "attempt": job.attempt, **(facts or {})},
            now=now,
        )
        if ended:
            budgets.settle(session, job.tenant_id, job.period, job.reserved, int(changes.get("spent", job.spent)))
            outbox.announce(session, job.tenant_id, job.id, f"job.{to}", now)
        return snapshot(session.execute(select(table).where(table.id == job.id)).scalar_one())


def refresh(db: Database, job: Job) -> tuple[Job, bool]:
    """The job as it is now and whether its cancellation was asked for; raises :class:`LeaseLost`."""
    with db.read() as session:
        row = session.get(tables.Job, job.id)
        if row is None or row.fence != job.fence or row.lease_until <= db.now(session):
            raise LeaseLost(f"Job {job.id} has another owner.")
        return snapshot(row), bool(row.cancel_requested)


def park(db: Database, job: Job, next_at: int, *, forgive: bool, why: ReelgateError | None = None) -> None:
    """Give the job back until ``next_at``. ``forgive`` clears the crash count (it waits, it did not die).

    ``why`` is shown to whoever looks at the job meanwhile; the next transition clears it.
    """
    table = tables.Job
    values: dict[str, Any] = {"lease_until": 0, "lease_owner": "", "next_at": next_at}
    if forgive:
        values["crashes"] = 0
    if why is not None:
        values.update(error_code=why.code, error_says=why.says)
    with db.write("park") as session:
        now = db.now(session)
        if job.state in CANCELLABLE - {"submitting"}:
            # Asked to stop while it was being worked on: it need not wait to hear of it.
            values["next_at"] = case((table.cancel_requested == 1, now), else_=next_at)
        changed = session.execute(
            update(table)
            .where(table.id == job.id, table.fence == job.fence, table.state == job.state, table.open == 1)
            .values(**values)
        )
        _mine(changed)
        outbox.ring(session, job.tenant_id, job.id, next_at, now)


def release(db: Database, job: Job) -> None:
    """Give the job back at once, without forgiving the claim; nothing happens when it is not ours any more."""
    table = tables.Job
    with db.write("release") as session:
        session.execute(
            update(table)
            .where(table.id == job.id, table.fence == job.fence, table.open == 1)
            .values(lease_until=0, lease_owner="")
        )


def request_cancel(db: Database, tenant_id: str, job_id: str) -> str:
    """Ask that a job stop; returns its state after. Ends it at once where nobody holds it.

    Raises :class:`NotFound` for a foreign or absent job and :class:`TooLate` once it is being delivered.
    """
    with db.write("cancel") as session:
        return cancel(session, tenant_id, job_id, db.now(session))


def cancel(session: Session, tenant_id: str, job_id: str, now: int) -> str:
    """:func:`request_cancel`, in a transaction that is already open."""
    table = tables.Job
    row = session.execute(
        select(table).where(table.id == job_id, table.tenant_id == tenant_id).with_for_update()
    ).scalar_one_or_none()
    if row is None:
        raise NotFound("There is no such job.", says="There is no job by that name.")
    if row.state == "cancelled":
        return "cancelled"
    changed = session.execute(
        update(table)
        .where(table.id == job_id, table.state.in_(CANCELLABLE), table.state == row.state)
        .values(cancel_requested=1, next_at=now)
    )
    if touched(changed) == 0:
        raise TooLate(f"The job is {row.state}.")
    if row.lease_until > now or row.state in {"submitting", "submitted"}:
        # Its owner, or the next one, ends it: a generator may have to be told and money settled.
        outbox.ring(session, tenant_id, job_id, now, now)
        return row.state
    return _end(session, row, "cancelled", now)


def expire(db: Database, limit: int = 50) -> int:
    """End jobs whose total deadline has passed; returns how many.

    Where a call may be out, its owner has an hour more to find out: such a job is given up only after that.
    """
    table = tables.Job
    with db.write("expire") as session:
        now = db.now(session)
        overdue = (table.deadline_at <= now) & table.state.in_(CANCELLABLE - {"submitting"})
        late = ("submitting", "delivering", "declining")
        given_up = (table.deadline_at <= now - OVERDUE_MS) & table.state.in_(late)
        rows = session.scalars(
            select(table)
            .where(table.open == 1, table.lease_until <= now, overdue | given_up)
            .limit(limit)
            .with_for_update(skip_locked=True)  # whoever is just taking one up keeps it
        ).all()
        for row in rows:
            _end(session, row, "expired", now)
        return len(rows)


def _end(session: Session, row: tables.Job, outcome: str, now: int) -> str:
    """End a job that nobody holds, from inside a transaction that already checked so; returns its state after.

    Where somebody in a chat waits they are told first; a job that could not tell them in time ends all the same.
    """
    fence, before, version = row.fence, row.state, row.version + 1
    state = outcome
    values: dict[str, Any] = {"open": 0}
    if before == "declining":
        state = json.loads(row.result)["outcome"]
    elif row.tell and before != "delivering":  # a reel that may be there is not contradicted
        state = last(outcome, row.tell)
        values = {"next_at": now, "crashes": 0, "error_code": outcome, "result": json.dumps({"outcome": outcome})}
    changed = session.execute(
        update(tables.Job)
        .where(tables.Job.id == row.id, tables.Job.state == before, tables.Job.fence == fence)
        .values(state=state, version=version, fence=fence + 1, lease_until=0, updated_at=now, **values)
    )
    _mine(changed)
    spent = row.spent + budgets.abandon(session, row.id, row.reserved, now)
    reserved = row.reserved
    if state in ENDED:
        budgets.settle(session, row.tenant_id, row.period, reserved, spent)
        reserved = 0
    session.execute(update(tables.Job).where(tables.Job.id == row.id).values(reserved=reserved, spent=spent))
    reviews.close(session, row.id, outcome, now)
    ledger.append(
        session,
        tenant_id=row.tenant_id,
        job_id=row.id,
        version=version,
        event=state,
        facts={"state": state, "attempt": row.attempt},
        now=now,
    )
    if state in ENDED:
        outbox.announce(session, row.tenant_id, row.id, f"job.{state}", now)
    else:
        outbox.ring(session, row.tenant_id, row.id, now, now)
    return state


def _mine(changed: Any) -> None:
    if touched(changed) == 0:
        raise LeaseLost("The job has another owner or another state now.")
