"""Renditions: one file of a reel, from its plan to its seal, and who owns the kept blobs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from reelgate_service.db import tables
from reelgate_service.db.base import new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from reelgate_service.db.base import Database
    from reelgate_service.db.jobs import Job


@dataclass(frozen=True, slots=True)
class Rendition:
    """A rendition as its owner saw it last. ``mark_id`` is 16 hex digits."""

    id: str
    target: str
    mark_id: str
    media_type: str
    mark_format: str
    strength: int
    label: str
    width: int
    height: int
    seconds: float
    quarantine_sha: str
    samples_sha: str
    presence: float | None
    p_value: float | None
    sealed_sha: str
    size: int
    manifest_hash: str
    sealed: bytes | None = field(repr=False)


def plan(
    session: Session,
    job: Job,
    *,
    target: str,
    media_type: str,
    mark: tuple[str, int],
    label: str,
    size: tuple[int, int],
    seconds: float,
) -> None:
    """Plan one rendition with a fresh mark id; unique by the table, in its first half too where it is short.

    ``mark`` is the format and strength to begin with.
    """
    mark_id = secrets.token_hex(8)
    mark_format, strength = mark
    session.add(
        tables.Rendition(
            id=new_id(),
            tenant_id=job.tenant_id,
            job_id=job.id,
            attempt=job.attempt,
            target=target,
            mark_id=mark_id,
            mark_short=mark_id[:8] if mark_format == "short" else None,
            mark_format=mark_format,
            strength=strength,
            media_type=media_type,
            label=label,
            width=size[0],
            height=size[1],
            seconds=seconds,
        )
    )


def of(db: Database, job: Job) -> Rendition:
    """The job's rendition of this attempt."""
    with db.read() as session:
        row = session.execute(
            select(tables.Rendition).where(tables.Rendition.job_id == job.id, tables.Rendition.attempt == job.attempt)
        ).scalar_one()
        return _noun(row)


def change(session: Session, rendition: Rendition, **values: Any) -> None:
    """Set columns of a rendition, in the transition's own transaction."""
    session.execute(update(tables.Rendition).where(tables.Rendition.id == rendition.id).values(**values))


def own(session: Session, job: Job, space: str, sha256: str, size: int, now: int) -> None:
    """Say whose a kept file is."""
    session.add(
        tables.Blob(
            id=new_id(),
            tenant_id=job.tenant_id,
            job_id=job.id,
            space=space,
            sha256=sha256,
            size=size,
            created_at=now,
        )
    )


def disown(session: Session, job: Job, space: str) -> None:
    """Give up the job's files in ``space``; the sweeper removes what nobody owns."""
    for row in session.scalars(
        select(tables.Blob).where(tables.Blob.job_id == job.id, tables.Blob.space == space)
    ).all():
        session.delete(row)


def owned(session: Session, space: str, sha256: str) -> bool:
    """True when some job owns the file."""
    query = select(tables.Blob.id).where(tables.Blob.space == space, tables.Blob.sha256 == sha256).limit(1)
    return session.execute(query).first() is not None


def _noun(row: tables.Rendition) -> Rendition:
    return Rendition(
        id=row.id,
        target=row.target,
        mark_id=row.mark_id,
        media_type=row.media_type,
        mark_format=row.mark_format,
        strength=row.strength,
        label=row.label,
        width=row.width,
        height=row.height,
        seconds=row.seconds,
        quarantine_sha=row.quarantine_sha,
        samples_sha=row.samples_sha,
        presence=row.presence,
        p_value=row.p_value,
        sealed_sha=row.sealed_sha,
        size=row.size,
        manifest_hash=row.manifest_hash,
        sealed=row.sealed,
    )
