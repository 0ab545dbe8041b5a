"""The ways a job stops short: refused, failed, cancelled, or held for a person.

Where somebody in a chat waits for it, a job that ends without a reel goes through ``declining`` first: they are
told, and only then is it over.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from reelgate_service.db import effects, jobs, reviews
from reelgate_service.db.states import last

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

    from reelgate_moderation.provenance.leaf import Fact
    from reelgate_service.db.effects import Effect
    from reelgate_service.db.jobs import Job
    from reelgate_service.studio import Studio


def stop(
    job: Job,
    studio: Studio,
    outcome: str,
    event: str,
    *,
    facts: Mapping[str, Fact] | None = None,
    values: Mapping[str, object] | None = None,
    with_: Callable[[Session, int], None] | None = None,
) -> Job:
    """End a job as ``outcome``, or send it to tell its asker so first; the arguments are those of ``jobs.move``."""
    to = last(outcome, job.tell)
    changes = dict(values or {})
    if to != outcome:
        changes["result"] = json.dumps({"outcome": outcome})
        changes.setdefault("error_code", outcome)
    told = {**(facts or {}), "outcome": outcome}
    return jobs.move(studio.db, job, to, event, facts=told, values=changes, with_=with_)


def refuse(job: Job, studio: Studio, code: str, says: str) -> Job:
    """End a job that will not be filmed or shown; ``says`` is what the member is told."""
    values = {"error_code": code, "error_says": says}
    return stop(job, studio, "refused", "refused", facts={"code": code}, values=values)


def fail(job: Job, studio: Studio, code: str, says: str) -> Job:
    """End a job that could not be done."""
    values = {"error_code": code, "error_says": says}
    return stop(job, studio, "failed", "failed", facts={"code": code}, values=values)


def cancel(job: Job, studio: Studio) -> Job:
    """End a job because its asker said so."""
    return stop(job, studio, "cancelled", "cancelled")


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
