"""Admitting a job and screening it: before anything is filmed, and before anything is shown."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from reelgate.contract import Context
from reelgate.errors import OverBudget
from reelgate.words import Decision, stricter
from reelgate_moderation.output.sampler import Sampler
from reelgate_moderation.policy.message import reason_message
from reelgate_service.db import budgets, jobs, renditions, reviews, tables
from reelgate_service.db.base import new_id
from reelgate_service.steps import ending
from reelgate_service.steps.asker import asker

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from reelgate.words import Verdict
    from reelgate_service.db.jobs import Job
    from reelgate_service.studio import Studio


def admit(job: Job, studio: Studio) -> Job:
    """Is there money for it? Puts the most it can cost aside, or refuses."""
    if job.state != "received":
        return job
    price = studio.generators(job.generator).facts.price_cents
    period = budgets.period_of(studio.db.time())
    try:
        return jobs.move(
            studio.db,
            job,
            "admitted",
            "admitted",
            facts={"reserved": price},
            values={"reserved": price, "period": period},
            with_=lambda session, _now: budgets.reserve(session, job.tenant_id, period, price),
        )
    except OverBudget as error:
        return ending.refuse(job, studio, error.code, error.says)


def screen_prompt(job: Job, studio: Studio) -> Job:
    """May these words be filmed at all?"""
    if job.state != "admitted":
        return job
    who = asker(job, studio)
    verdict = studio.prompt_screen.screen(who.words, _context(job))
    return _judged(job, studio, "prompt", "cleared", verdict)


def screen_reel(job: Job, studio: Studio) -> Job:
    """May what came out be shown?"""
    if job.state != "rendered":
        return job
    rendition = renditions.of(studio.db, job)
    with studio.store.open("quarantine", rendition.samples_sha) as file:
        sampler = Sampler.from_bytes(file.read())
    verdict = studio.output_screen.screen(sampler.samples(), _context(job))
    return _judged(job, studio, "output", "passed", verdict)


def _judged(job: Job, studio: Studio, stage: str, cleared: str, verdict: Verdict) -> Job:
    """Write the verdict down and follow it. Asked twice, the stricter answer wins."""
    decision = stricter(verdict.decision, _said_before(job, studio, stage))
    to = {Decision.ALLOW: cleared, Decision.REVIEW: "review", Decision.BLOCK: "refused"}[decision]

    def rows(session: Session, now: int) -> None:
        session.add(
            tables.Verdict(
                id=new_id(),
                tenant_id=job.tenant_id,
                job_id=job.id,
                stage=stage,
                decision=verdict.decision.value,
                score=verdict.score,
                reasons=json.dumps([asdict(reason) for reason in verdict.reasons]),
                policy=verdict.policy,
                by="machine",
                at=now,
            )
        )
        if to == "review":
            why = ", ".join(sorted({reason.category for reason in verdict.reasons})) or "unsure"
            reviews.open_review(session, job.tenant_id, job.id, stage, cleared, why, now)

    facts = {"decision": decision.value, "policy": verdict.policy, "stage": stage}
    event = f"{stage}.screened"
    if to == "refused":
        says = reason_message(studio.policy, verdict, job.language, job.surface)
        values = {"error_code": "refused", "error_says": says}
        return ending.stop(job, studio, to, event, facts=facts, values=values, with_=rows)
    resume = {"resume": cleared} if to == "review" else {}
    return jobs.move(studio.db, job, to, event, facts=facts, values=resume, with_=rows)


def _said_before(job: Job, studio: Studio, stage: str) -> Decision:
    """The strictest machine verdict of this attempt so far; a person's answer is final and starts afresh."""
    verdict = tables.Verdict
    with studio.db.read() as session:
        rows = session.execute(
            select(verdict.decision, verdict.by).where(verdict.job_id == job.id, verdict.stage == stage)
        ).all()
    if any(row.by == "person" for row in rows):
        return Decision.ALLOW
    worst = Decision.ALLOW
    for row in rows:
        worst = stricter(worst, Decision(row.decision))
    return worst


def _context(job: Job) -> Context:
    return Context(tenant=job.tenant_id, surface=job.surface, language=job.language)
