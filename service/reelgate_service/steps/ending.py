"""The ways a job stops short: refused, failed, cancelled, or held for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reelgate_service.db import effects, jobs, reviews

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from reelgate_service.db.effects import Effect
    from reelgate_service.db.jobs import Job
    from reelgate_service.studio import Studio


def refuse(job: Job, studio: Studio, code: str, says: str) -> Job:
    """End a job that will not be filmed or shown; ``says`` is what the member is told."""
    return jobs.move(
        studio.db, job, "refused", "refused", facts={"code": code}, values={"error_code": code, "error_says": says}
    )


def fail(job: Job, studio: Studio, code: str, says: str) -> Job:
    """End a job that could not be done."""
    return jobs.move(
        studio.db, job, "failed", "failed", facts={"code": code}, values={"error_code": code, "error_says": says}
    )


def cancel(job: Job, studio: Studio) -> Job:
    """End a job because its asker said so."""
    return jobs.move(studio.db, job, "cancelled", "cancelled")


def hold(job: Job, studio: Studio, kind: str, reason: str, effect: Effect | None = None) -> Job:
    """Put a job on the desk: what became of an outside call, or why it keeps failing, only a person can say."""

    def rows(session: Session, now: int) -> None:
        if effect is not None:
            effects.hold(session, job, effect)
        reviews.open_review(session, job.tenant_id, job.id, kind, job.state, reason, now)

    return jobs.move(
        studio.db,
        job,
        "held",
        "held",
        facts={"kind": kind, "reason": reason},
        values={"resume": job.state},
        with_=rows,
    )
