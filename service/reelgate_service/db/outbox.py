"""What must still be said to somebody: written with the change it tells of, sent afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from reelgate_service.db import tables
from reelgate_service.db.base import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

RING = "ring"
WEBHOOK = "webhook"


def ring(session: Session, tenant_id: str, job_id: str, at: int, now: int) -> None:
    """Have the doorbell rung for a job at ``at``."""
    session.add(tables.Outbox(id=new_id(), tenant_id=tenant_id, job_id=job_id, kind=RING, next_at=at, created_at=now))


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


def unsent(session: Session, now: int, limit: int = 100) -> Sequence[tables.Outbox]:
    """Rows whose time has come, oldest first."""
    return session.scalars(
        select(tables.Outbox)
        .where(tables.Outbox.sent_at.is_(None), tables.Outbox.next_at <= now)
        .order_by(tables.Outbox.next_at)
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
