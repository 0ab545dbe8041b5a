"""Holds: what waits for a person, and what happens when the person decides."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from reelgate.errors import Conflict, NotFound
from reelgate_moderation.policy.policy import Category
from reelgate_moderation.review import desk
from reelgate_moderation.review.desk import Choice, Direction
from reelgate_service.db import budgets, inbox, ledger, outbox, tables, withdrawing
from reelgate_service.db.base import new_id, touched
from reelgate_service.db.states import ENDED, last

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from reelgate_service.db.base import Database
    from reelgate_service.vault import Vault

NEVER_APPROVED = Category.SEXUAL_MINORS.value
"""A finding that nobody may wave through, whatever else an item is held for."""


def open_review(session: Session, tenant_id: str, job_id: str, kind: str, resume: str, reason: str, now: int) -> None:
    """Put something on the desk. ``resume`` is the state the job goes on from when a person says yes."""
    session.add(
        tables.Review(
            id=new_id(), tenant_id=tenant_id, job_id=job_id, kind=kind, resume=resume, reason=reason, opened_at=now
        )
    )


def close(session: Session, job_id: str, why: str, now: int) -> None:
    """Take a job's open items off the desk because the job ended otherwise."""
    session.execute(
        update(tables.Review)
        .where(tables.Review.job_id == job_id, tables.Review.state == "open")
        .values(state="closed", decision=why, decided_at=now)
    )


def waiting(session: Session, tenant_id: str | None = None, limit: int = 100) -> Sequence[tables.Review]:
    """Open items, oldest first; of one tenant, or of all for the operator at the machine."""
    query = select(tables.Review).where(tables.Review.state == "open")
    if tenant_id is not None:
        query = query.where(tables.Review.tenant_id == tenant_id)
    return session.scalars(query.order_by(tables.Review.opened_at, tables.Review.id).limit(limit)).all()


def decide(
    db: Database,
    review_id: str,
    decision: str,
    actor: str,
    *,
    tenant_id: str | None = None,
    note: str = "",
    external_id: str = "",
) -> str:
    """Carry out what a person decided, in one transaction; returns the job's state after.

    Approving writes a human verdict and makes the job due; blocking refuses it. A held effect is adopted
    (``external_id`` says what the other side made), sent again, or abandoned. Raises :class:`NotFound` for a
    foreign or absent item, ``DecisionInvalid`` when it does not offer ``decision``, and :class:`Conflict` when it
    was decided otherwise before; the same decision by the same ``actor`` again changes nothing.
    """
    review = tables.Review
    with db.write("review.decided") as session:
        now = db.now(session)
        query = select(review).where(review.id == review_id)
        if tenant_id is not None:
            query = query.where(review.tenant_id == tenant_id)
        row = session.execute(query).scalar_one_or_none()
        if row is None:
            raise NotFound("There is no such item.", says="There is nothing on the desk by that name.")
        ruling = desk.rule(
            row.kind,
            decision,
            reviewer=actor,
            note=note,
            external_id=external_id,
            approvable=_approvable(session, row.job_id),
        )
        # The job before its items, as everybody locks them who ends a job.
        job = session.execute(select(tables.Job).where(tables.Job.id == row.job_id).with_for_update()).scalar_one()
        changed = session.execute(
            update(review)
            .where(review.id == review_id, review.state == "open")
            .values(state="decided", decision=ruling.choice, actor=actor, note=ruling.note, decided_at=now)
        )
        if touched(changed) == 0:
            session.refresh(row)
            if (row.state, row.decision, row.actor) == ("decided", decision, actor) and (
                ruling.choice is not Choice.ADOPT or _adopted(session, job.id, ruling.external_id)
            ):
                return job.state  # the same person said the same again
            raise Conflict("This item was decided already.", says="Somebody has already decided this one.")
        if row.kind == desk.ItemKind.REPORT:
            return _after_report(session, row, job, ruling, now)
        return _carry_out(session, row, job, ruling, now)


def _carry_out(session: Session, row: tables.Review, job: tables.Job, ruling: desk.Ruling, now: int) -> str:
    effect = session.execute(
        select(tables.Effect).where(
            tables.Effect.job_id == job.id, tables.Effect.attempt == job.attempt, tables.Effect.state == "held"
        )
    ).scalar_one_or_none()
    to = row.resume
    if ruling.direction is Direction.REFUSE:
        to = "refused"
    elif ruling.direction is Direction.FAIL:
        to = "failed"
        job.spent += budgets.abandon(session, job.id, job.reserved, now)
    elif ruling.choice is Choice.ADOPT and effect is not None:
        effect.state, effect.external_id = "adopted", ruling.external_id
    elif ruling.direction is Direction.REPEAT and effect is not None:
        effect.state = "idle"
    if row.kind in {"prompt", "output"}:
        session.add(
            tables.Verdict(
                id=new_id(),
                tenant_id=job.tenant_id,
                job_id=job.id,
                stage=row.kind,
                decision="allow" if ruling.choice is Choice.APPROVE else "block",
                score=0.0,
                reasons=json.dumps([]),
                policy="",
                by="person",
                actor=ruling.reviewer,
                at=now,
            )
        )
    stopped = to in {"refused", "failed"}
    outcome = to
    if stopped and row.resume != "delivering":  # a reel that may be there is not contradicted
        to = last(outcome, job.tell)
    ended = to in ENDED
    version = job.version + 1
    values: dict[str, object] = {}
    if stopped and not ended:
        values["result"] = json.dumps({"outcome": outcome})
    changed = session.execute(
        update(tables.Job)
        .where(tables.Job.id == job.id, tables.Job.state.in_(("review", "held")))
        .values(
            state=to,
            version=version,
            fence=job.fence + 1,  # whoever put it on the desk has no say in it any more
            crashes=0,
            next_at=now,
            updated_at=now,
            open=0 if ended else 1,
            error_code=outcome if stopped else "",
            **values,
        )
    )
    if touched(changed) == 0:
        raise Conflict("The job is no longer waiting.", says="That job has ended in the meantime.")
    if ended:
        budgets.settle(session, job.tenant_id, job.period, job.reserved, job.spent)
        session.execute(update(tables.Job).where(tables.Job.id == job.id).values(reserved=0))
        outbox.announce(session, job.tenant_id, job.id, f"job.{to}", now)
    else:
        outbox.ring(session, job.tenant_id, job.id, now, now)
    ledger.append(
        session,
        tenant_id=job.tenant_id,
        job_id=job.id,
        version=version,
        event="review.decided",
        facts={
            "state": to,
            "attempt": job.attempt,
            "decision": ruling.choice.value,
            "kind": row.kind,
            "review": row.id,
        },
        personal={"actor": ruling.reviewer},
        now=now,
    )
    return to


def _after_report(session: Session, row: tables.Review, job: tables.Job, ruling: desk.Ruling, now: int) -> str:
    """A finished reel stays, or its message and its file are taken back; the ledger keeps what it was."""
    if ruling.direction is Direction.WITHDRAW:
        withdrawing.withdraw(session, job, None, now)
    version = job.version + 1
    job.version, job.updated_at = version, now
    ledger.append(
        session,
        tenant_id=job.tenant_id,
        job_id=job.id,
        version=version,
        event="report.decided",
        facts={"state": job.state, "attempt": job.attempt, "decision": ruling.choice.value, "review": row.id},
        personal={"actor": ruling.reviewer},
        now=now,
    )
    return job.state


def _approvable(session: Session, job_id: str) -> bool:
    """False where any verdict on the job names what policy blocks without appeal."""
    found = session.scalars(select(tables.Verdict.reasons).where(tables.Verdict.job_id == job_id))
    return not any(reason["category"] == NEVER_APPROVED for reasons in found for reason in json.loads(reasons))


def _adopted(session: Session, job_id: str, external_id: str) -> bool:
    effect = tables.Effect
    query = select(effect.id).where(effect.job_id == job_id, effect.external_id == external_id).limit(1)
    return session.execute(query).first() is not None


def job_of(session: Session, review_id: str, tenant_id: str) -> str:
    """The job behind an item; foreign and absent ones are alike :class:`NotFound`."""
    row = session.get(tables.Review, review_id)
    if row is None or row.tenant_id != tenant_id:
        raise NotFound("There is no such item.", says="There is nothing on the desk by that name.")
    return row.job_id


def show(session: Session, vault: Vault, review_id: str) -> dict[str, object]:
    """An item with the words it is about, for a person who may see them; raises :class:`NotFound`."""
    row = session.get(tables.Review, review_id)
    if row is None:
        raise NotFound("There is no such item.", says="There is nothing on the desk by that name.")
    job = session.get_one(tables.Job, row.job_id)
    words = ""
    if job.sealed is not None:
        words = inbox.personal(vault, job.id, job.tenant_id, job.sealed).words
    said = session.scalars(
        select(tables.Verdict).where(tables.Verdict.job_id == job.id).order_by(tables.Verdict.at)
    ).all()
    return {
        "id": row.id,
        "job": row.job_id,
        "kind": row.kind,
        "state": row.state,
        "reason": row.reason,
        "offers": list(desk.offers(row.kind)),
        "words": words,
        "verdicts": [
            {"stage": one.stage, "decision": one.decision, "by": one.by, "reasons": json.loads(one.reasons)}
            for one in said
        ],
    }
