"""What must still be said to somebody: written with the change it tells of, sent afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from reelgate_service.db import tables
from reelgate_service.db.base import new_id, touched

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

RING = "ring"
WEBHOOK = "webhook"
WITHDRAW = "withdraw"

HOLD_MS = 60_000
"""How long whoever sends a row has it alone; should they die, somebody else sends it after that."""


def ring(session: Session, tenant_id: str, job_id: str, at: int, now: int) -> None:
    """Have the doorbell rung for a job at ``at``."""
    session.add(tables.Outbox(**doorbell(tenant_id, job_id, at, now)))


def doorbell(tenant_id: str, job_id: str, at: int, now: int) -> dict[str, Any]:
    """The values of the row that has it rung, for who writes several rows at once."""
    return {
        "id": new_id(), "tenant_id": tenant_id, "job_id": job_id, "kind": RING, "next_at": at, "created_at": now,
    }  # fmt: skip


def announce(session: Session, tenant_id: str, job_id: str, event: str, now: int) -> None:
    """Have every webhook of the tenant told that a job ended as ``event``."""
    hooks = session.scalars(
        select(tables.Webhook.id).where(tables.Webhook.tenant_id == tenant_id, tables.Webhook.disabled_at.is_(None))
    ).all()
    for hook in hooks:
        session.add(
            tables.Outbox(
                id=new_id(),
                tenant_id=tenant_id,
                job_id=job_id,
                kind=WEBHOOK,
                target=hook,
                event=event,
                next_at=now,
                created_at=now,
            )
        )


def take_back(session: Session, tenant_id: str, job_id: str, seal: Callable[[str], bytes] | None, now: int) -> None:
    """Have a chat's message taken back.

    ``seal(row_id)`` gives the sealed JSON of its place and id; ``None`` means where the job itself delivered it.
    """
    row_id = new_id()
    session.add(
        tables.Outbox(
            id=row_id,
            tenant_id=tenant_id,
            job_id=job_id,
            kind=WITHDRAW,
            sealed=seal(row_id) if seal else None,
            next_at=now,
            created_at=now,
        )
    )


def withdrawals(session: Session, now: int, limit: int = 20) -> Sequence[tables.Outbox]:
    """Messages to be taken back now, oldest first."""
    return _unsent(session, WITHDRAW, "", now, limit)


def rings(session: Session, now: int, limit: int = 100) -> Sequence[tables.Outbox]:
    """Doorbells whose time has come, oldest first."""
    return _unsent(session, RING, "", now, limit)


def webhooks(session: Session, target: str, now: int, limit: int = 20) -> Sequence[tables.Outbox]:
    """What one endpoint is to be told now, oldest first."""
    return _unsent(session, WEBHOOK, target, now, limit)


def targets(session: Session, now: int) -> Sequence[str]:
    """Every endpoint that is to be told something now, whoever has waited longest first."""
    row = tables.Outbox
    return session.scalars(
        select(row.target)
        .where(row.sent_at.is_(None), row.kind == WEBHOOK, row.next_at <= now)
        .group_by(row.target)
        .order_by(func.min(row.next_at))
    ).all()


def take(session: Session, row: tables.Outbox, now: int) -> bool:
    """Keep a row to oneself for :data:`HOLD_MS`; ``False`` when somebody else has it, or it is sent."""
    table = tables.Outbox
    changed = session.execute(
        update(table)
        .where(table.id == row.id, table.next_at == row.next_at, table.sent_at.is_(None))
        .values(next_at=now + HOLD_MS)
    )
    return bool(touched(changed))


def _unsent(session: Session, kind: str, target: str, now: int, limit: int) -> Sequence[tables.Outbox]:
    row = tables.Outbox
    return session.scalars(
        select(row)
        .where(row.sent_at.is_(None), row.kind == kind, row.target == target, row.next_at <= now)
        .order_by(row.next_at, row.id)
        .limit(limit)
    ).all()


def sent(session: Session, row_id: str, now: int) -> None:
    """The row was delivered (or never will be)."""
    session.execute(update(tables.Outbox).where(tables.Outbox.id == row_id).values(sent_at=now))


def later(session: Session, row_id: str, next_at: int) -> None:
    """The row could not be delivered; try again at ``next_at``."""
    session.execute(
        update(tables.Outbox).where(tables.Outbox.id == row_id).values(next_at=next_at, tries=tables.Outbox.tries + 1)
    )
