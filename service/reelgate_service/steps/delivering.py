"""Handing the finished reel to whoever asked, once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from reelgate.contract import Parcel, Receipt
from reelgate.errors import PlatformError
from reelgate_service import links
from reelgate_service.chat.buttons import under_reel
from reelgate_service.chat.phrases import Phrase, say
from reelgate_service.db import effects, jobs, renditions, tables
from reelgate_service.steps import ending
from reelgate_service.steps.asker import asker
from reelgate_service.steps.asking import Asked, Call, ask
from reelgate_service.steps.forms import form_of

if TYPE_CHECKING:
    from reelgate_service.db.jobs import Job
    from reelgate_service.db.renditions import Rendition
    from reelgate_service.studio import Studio


def deliver(job: Job, studio: Studio) -> Job:
    """Post the file where it was asked for; for the API, having it ready is delivering it."""
    if job.state not in {"sealed", "delivering"}:
        return job
    rendition = renditions.of(studio.db, job)
    missing = lacking(job, studio, rendition)
    if missing:
        return ending.hold(job, studio, "fault", f"not fit to leave: {missing}")
    if job.platform == "api":
        return _done(job, studio, rendition, None)
    platform = studio.platforms(job.platform, job.app)
    if job.state == "sealed":
        job = jobs.move(
            studio.db,
            job,
            "delivering",
            "deliver.intent",
            facts={"platform": job.platform},
            with_=lambda session, now: effects.intend(
                session, job, effects.POST, job.platform, platform.facts.once.value, rendition.sealed_sha, now
            ),
            unless_cancelled=True,
        )
    who = asker(job, studio)
    address = who.address
    parcel = Parcel(
        name=form_of(job.kind).file_name(rendition.mark_id),
        media_type=rendition.media_type,
        size=rendition.size,
        sha256=rendition.sealed_sha,
        caption=say(Phrase.CAPTION, job.language, words=who.words, label=rendition.label)
        if job.tell
        else rendition.label,
        open=lambda: studio.store.open("sealed", rendition.sealed_sha),
        link=links.file_link(studio.settings, studio.vault, job.id, studio.db.time()),
        buttons=under_reel(studio.vault, job) if job.tell else (),
    )
    call = Call(
        purpose=effects.POST,
        once=platform.facts.once,
        timeout=platform.facts.call_timeout,
        send=lambda key: platform.deliver(address, parcel, key),
        look=lambda key: platform.find(address, key),
        named=Receipt,
        repeatable=lambda since, now: platform.repeatable(address, since, now),
    )
    try:
        asked = ask(job, studio, call)
    except PlatformError as error:
        if error.retryable:  # a finished reel is not thrown away because a chat was down for long
            return ending.hold(job, studio, "fault", f"the platform kept answering {error.code}")
        return ending.fail(job, studio, error.code, error.says)
    if not isinstance(asked, Asked):
        return ending.hold(job, studio, "effect", "the platform's answer was lost", asked)
    return _done(job, studio, rendition, asked)


def lacking(job: Job, studio: Studio, rendition: Rendition) -> str:
    """What this reel still lacks before it may leave; empty when nothing. The last gate, asked of the rows."""
    with studio.db.read() as session:
        said = session.execute(
            select(tables.Verdict.stage, tables.Verdict.decision, tables.Verdict.by)
            .where(tables.Verdict.job_id == job.id)
            .order_by(tables.Verdict.at)
        ).all()
        leaf = session.execute(
            select(tables.Leaf.id).where(tables.Leaf.job_id == job.id, tables.Leaf.event == "sealed").limit(1)
        ).first()
    for stage in ("prompt", "output"):
        machine = [row.decision for row in said if row.stage == stage and row.by == "machine"]
        person = [row.decision for row in said if row.stage == stage and row.by == "person"]
        allowed = person[-1] == "allow" if person else bool(machine) and set(machine) == {"allow"}
        if not allowed:
            return f"an allowing verdict on the {stage}"
    if rendition.presence is None:
        return "a mark that was read back"
    if not rendition.sealed_sha or not rendition.manifest_hash:
        return "a signed manifest"
    if leaf is None:
        return "a ledger leaf"
    if not studio.store.check("sealed", rendition.sealed_sha):
        return "an undamaged file"
    return ""


def _done(job: Job, studio: Studio, rendition: Rendition, asked: Asked[Receipt] | None) -> Job:
    result = {
        "sha256": rendition.sealed_sha,
        "size": rendition.size,
        "media_type": rendition.media_type,
        "width": rendition.width,
        "height": rendition.height,
        "seconds": rendition.seconds,
        "mark_id": rendition.mark_id,
        "label": rendition.label,
    }
    return jobs.move(
        studio.db,
        job,
        "done",
        "done",
        facts={"sha256": rendition.sealed_sha},
        values={"result": json.dumps(result)},
        unless_cancelled=asked is None,
        with_=None
        if asked is None
        else lambda session, now: effects.settle(session, job, asked.effect, asked.reply.message_id, 0, now),
    )
