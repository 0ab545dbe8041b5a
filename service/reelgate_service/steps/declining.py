"""Telling whoever waits in a chat that there will be no reel, once, before the job is over."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from reelgate.contract import Aloud, Receipt
from reelgate.errors import ReelgateError
from reelgate_service.chat import phrases
from reelgate_service.chat.buttons import after_declining, after_declining_aloud
from reelgate_service.chat.phrases import Phrase, say
from reelgate_service.db import effects, jobs
from reelgate_service.db.jobs import LeaseLost
from reelgate_service.observe import log
from reelgate_service.steps.asker import asker
from reelgate_service.steps.asking import Asked, Call, ask

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from reelgate_service.db.jobs import Job
    from reelgate_service.studio import Studio


def decline(job: Job, studio: Studio) -> Job:
    """Say the kind sentence, then end the job as it was going to end.

    Where others read, why there is no reel is not said but can be asked for, by whoever asked and for them alone.

    When nobody can be told any more (the channel is gone, the app was taken away, the answer to the one call that
    could be made was lost), the job ends all the same: what became of it is in the ledger and in the API.
    """
    if job.state != "declining":
        return job
    try:
        asked = _tell(job, studio)
    except LeaseLost:
        raise
    except ReelgateError as error:
        if error.retryable:
            raise
        log("not_told", job=job.id, code=error.code)
        asked = None
    return finish(job, studio, asked)


def finish(job: Job, studio: Studio, asked: Asked[Receipt] | None) -> Job:
    """End the job as it was going to end, with or without somebody having heard."""

    effect = effects.find(studio.db, job, effects.DECLINE)

    def rows(session: Session, now: int) -> None:
        if asked is not None:
            effects.settle(session, job, asked.effect, asked.reply.message_id, 0, now)
        elif effect is not None:
            effects.refuse(session, job, effect, 0, now)

    return jobs.move(
        studio.db,
        job,
        str(job.result["outcome"]),
        "declined",
        facts={"told": asked is not None},
        values={"error_code": job.error_code, "error_says": job.error_says, "result": "{}"},
        with_=rows,
    )


def _tell(job: Job, studio: Studio) -> Asked[Receipt] | None:
    platform = studio.platforms(job.platform, job.app)
    sentence = phrases.for_code(job.error_code, job.error_says, job.language)
    request_hash = hashlib.sha256(sentence.encode()).hexdigest()
    once = platform.facts.once
    effects.write_intent(studio.db, job, effects.DECLINE, job.platform, once.value, request_hash)
    address = asker(job, studio).address
    buttons = after_declining(studio.vault, job)
    aloud = None
    if phrases.is_delicate(str(job.result["outcome"]), job.error_code, sentence, job.language):
        aloud = Aloud(say(Phrase.NOT_MADE, job.language), after_declining_aloud(studio.vault, job))
    asked = ask(
        job,
        studio,
        Call(
            purpose=effects.DECLINE,
            once=once,
            timeout=platform.facts.call_timeout,
            send=lambda key: platform.decline(address, sentence, key, buttons, aloud),
            look=lambda key: platform.find(address, key),
            named=Receipt,
            repeatable=lambda since, now: platform.repeatable(address, since, now),
        ),
    )
    return asked if isinstance(asked, Asked) else None
