"""Who asked and what for: the personal part of a job, opened only while a step needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reelgate.words import Address
from reelgate_service.db import inbox

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
    return Asker(words=secret.words, address=Address(job.platform, job.app, secret.place, secret.private))
