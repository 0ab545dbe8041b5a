"""Outside effects: what we pay for and what we post, written down before the call and settled after it.

An effect in state ``intent`` may have gone out. Whoever takes the job over must not guess: by the kind of
the other side it repeats with the same key, looks up what is there, or leaves the decision to a person.
States: ``idle`` (nothing is out; may be called), ``intent``, ``done``, ``failed`` (said no), ``held``,
``adopted`` (a person named what is there), ``abandoned``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from reelgate_service.db import tables
from reelgate_service.db.base import new_id, touched
from reelgate_service.db.jobs import LeaseLost

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from reelgate_service.db.base import Database
    from reelgate_service.db.jobs import Job

PAY = "generate"
POST = "deliver"
DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect as its owner saw it last."""

    id: str
    key: str
    state: str
    once: str
    tries: int
    resends: int
    called_at: int
    first_at: int
    external_id: str
    cents: int
    fence: int

    @property
    def in_doubt(self) -> bool:
        """True where a call before the last one may be out; the answer to the last one says nothing of it."""
        return self.first_at < self.called_at


def _noun(row: tables.Effect) -> Effect:
    return Effect(
        id=row.id,
        key=row.key,
        state=row.state,
        once=row.once,
        tries=row.tries,
        resends=row.resends,
        called_at=row.called_at,
        first_at=row.first_at or row.called_at,
        external_id=row.external_id,
        cents=row.cents,
        fence=row.fence,
    )


def find(db: Database, job: Job, purpose: str) -> Effect | None:
    """The effect of this attempt for ``purpose``."""
    with db.read() as session:
        row = _row(session, job, purpose)
        return None if row is None else _noun(row)


def intend(session: Session, job: Job, purpose: str, target: str, once: str, request_hash: str, now: int) -> None:
    """Write the intent, in the transition's own transaction. Its key is the same however often it is repeated."""
    session.add(
        tables.Effect(
            id=new_id(),
            tenant_id=job.tenant_id,
            job_id=job.id,
            attempt=job.attempt,
            purpose=purpose,
            target=target,
            once=once,
            key=f"{job.id}-{job.attempt}-{purpose}",
            request_hash=request_hash,
            state="intent",
            fence=job.fence,
            tries=1,
            called_at=now,
            first_at=now,
        )
    )


def write_intent(db: Database, job: Job, purpose: str, target: str, once: str, request_hash: str) -> None:
    """Write the intent of a job that is in its state already; nothing where it is written. Raises ``LeaseLost``."""
    table = tables.Job
    with db.write(f"{purpose}.intent") as session:
        now = db.now(session)
        mine = update(table).where(table.id == job.id, table.fence == job.fence, table.state == job.state)
        if touched(session.execute(mine.where(table.lease_until > now).values(updated_at=now))) == 0:
            raise LeaseLost("The job has another owner or another state now.")
        if _row(session, job, purpose) is None:
            intend(session, job, purpose, target, once, request_hash, now)


def again(db: Database, job: Job, effect: Effect, *, resend: bool, fresh: bool) -> Effect:
    """Write down that the call goes out once more, before it does.

    ``resend`` counts it as a doubtful one; ``fresh`` says that nothing that went out before can still be there.
    """
    with db.write(f"{_purpose(effect)}.again") as session:
        now = db.now(session)
        _guarded(
            session,
            job,
            effect,
            state="intent",
            fence=job.fence,
            tries=effect.tries + 1,
            resends=effect.resends + (1 if resend else 0),
            called_at=now,
            first_at=now if fresh else effect.first_at,
        )
        return _noun(session.get_one(tables.Effect, effect.id))


def rest(db: Database, job: Job, effect: Effect) -> None:
    """The other side answered that it did nothing: nothing is out any more."""
    with db.write(f"{_purpose(effect)}.rest") as session:
        _guarded(session, job, effect, state="idle")


def lost(db: Database, job: Job, effect: Effect, resends: int) -> None:
    """A call that is known to have gone out again had no answer either: it counts as ``resends`` doubtful ones."""
    with db.write(f"{_purpose(effect)}.lost") as session:
        _guarded(session, job, effect, resends=resends)


def refuse(session: Session, job: Job, effect: Effect, cents: int, now: int) -> None:
    """The other side said no for good; ``cents`` is what that cost all the same."""
    _guarded(session, job, effect, state="failed", cents=cents, settled_at=now)


def reprice(session: Session, job: Job, effect: Effect, cents: int) -> None:
    """What it cost turned out to be ``cents``."""
    _guarded(session, job, effect, cents=cents)


def hold(session: Session, job: Job, effect: Effect) -> None:
    """A person has to say what became of it."""
    _guarded(session, job, effect, state="held")


def settle(session: Session, job: Job, effect: Effect, external_id: str, cents: int, now: int) -> None:
    """It happened, once: keep the other side's id and what it cost."""
    _guarded(session, job, effect, state="done", external_id=external_id, cents=cents, settled_at=now)


def _guarded(session: Session, job: Job, effect: Effect, **values: Any) -> None:
    owner = select(tables.Job.id).where(tables.Job.id == job.id, tables.Job.fence == job.fence)
    changed = session.execute(
        update(tables.Effect)
        .where(tables.Effect.id == effect.id, tables.Effect.state == effect.state, tables.Effect.job_id.in_(owner))
        .values(**values)
    )
    if touched(changed) == 0:
        raise LeaseLost("The effect belongs to another owner now.")


def _row(session: Session, job: Job, purpose: str) -> tables.Effect | None:
    return session.execute(
        select(tables.Effect).where(
            tables.Effect.job_id == job.id, tables.Effect.attempt == job.attempt, tables.Effect.purpose == purpose
        )
    ).scalar_one_or_none()


def _purpose(effect: Effect) -> str:
    return effect.key.rpartition("-")[2]
