"""Who asked and what for: the personal part of a job, opened only while a step needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reelgate.words import Address
from reelgate_service.chat.hearing import Said
from reelgate_service.db import inbox
from reelgate_service.ordering import EVENT

if TYPE_CHECKING:
    from reelgate_service.db.jobs import Job
    from reelgate_service.studio import Studio


@dataclass(frozen=True, slots=True)
class Asker:
    """A member's words and where the answer goes; never logged."""

    words: str = field(repr=False)
    address: Address = field(repr=False)


def asker(job: Job, studio: Studio) -> Asker:
    """Open the sealed part of a job; raises :class:`NotFound` when it was erased."""
    secret = inbox.personal(studio.vault, job.id, job.tenant_id, job.sealed)
    place = dict(secret.place)
    private = _whispered(job, studio, place.pop(EVENT, ""))
    return Asker(words=secret.words, address=Address(job.platform, job.app, place, private))


def _whispered(job: Job, studio: Studio, once_key: str) -> bool:
    """Was the event answered for its asker alone? The answer stands in the row that made the job."""
    if not job.tell or not once_key:
        return False
    with studio.db.read() as session:
        event = inbox.heard_before(session, job.tenant_id, job.platform, job.app, once_key)
        return event is not None and bool(event.reason) and Said.read(event.reason).private
