"""Taking back what was delivered: the message by the outbox, the file by giving it up. The ledger keeps its leaf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from reelgate_service.db import outbox, tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session


def withdraw(session: Session, job: tables.Job, seal: Callable[[str], bytes] | None, now: int) -> bool:
    """Have the job's message taken back and its file forgotten; ``False`` when that was done before.

    ``seal`` says where the message is, as :func:`outbox.take_back` wants it.
    """
    rendition = tables.Rendition
    fresh = session.execute(
        select(rendition.id)
        .where(rendition.job_id == job.id, rendition.withdrawn_at.is_(None))
        .limit(1)
        .with_for_update()
    ).first()
    if fresh is None:
        return False
    session.execute(update(rendition).where(rendition.job_id == job.id).values(withdrawn_at=now))
    session.execute(delete(tables.Blob).where(tables.Blob.job_id == job.id))
    if job.tell:
        outbox.take_back(session, job.tenant_id, job.id, seal, now)
    return True


def withdrawn(session: Session, job_id: str) -> bool:
    """True when the job's file was taken back."""
    rendition = tables.Rendition
    query = select(rendition.id).where(rendition.job_id == job_id, rendition.withdrawn_at.is_not(None)).limit(1)
    return session.execute(query).first() is not None
