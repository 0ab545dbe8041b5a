"""A job's life, in reading order.

Each step is idempotent and starts only from its own state, so a job that was dropped anywhere is simply
advanced again: the steps that have run pass it through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from reelgate.errors import ReelgateError
from reelgate_service.db import effects
from reelgate_service.db.jobs import Job, refresh
from reelgate_service.db.states import CANCELLABLE, RUNNABLE
from reelgate_service.observe import log
from reelgate_service.points import outside
from reelgate_service.steps import checking, declining, delivering, ending, filming, screening, sealing

if TYPE_CHECKING:
    from collections.abc import Callable

    from reelgate_service.studio import Studio


class Ear(Protocol):
    """Who wants to hear how a job gets on, and keeps its lease meanwhile."""

    def tell(self, done: int, total: int) -> None:
        """So much of the step at hand is done."""
        ...

    def stage(self, job: Job) -> None:
        """The job has come to the state it is in now."""
        ...


def advance(job: Job, studio: Studio, ear: Ear) -> Job:
    """Carry a job as far as it goes now; ``ear`` hears of it and keeps the lease.

    Raises :class:`reelgate_service.db.jobs.Parked` when it has to wait and ``LeaseLost`` when it is no longer
    ours. A job that ended, or waits for a person, comes back in that state.
    """
    if job.kind == "verify":
        return checking.verify(job, studio)  # somebody's file: what does it carry?
    job = screening.admit(job, studio)  # is there money for it?
    job = unless_cancelled(screening.screen_prompt, job, studio, ear)  # may these words be filmed at all?
    job = unless_cancelled(filming.submit, job, studio, ear)  # ask for it, once
    job = unless_cancelled(lambda j, s: filming.film(j, s, ear.tell), job, studio, ear)  # film it, label it, mark it
    job = unless_cancelled(screening.screen_reel, job, studio, ear)  # may what came out be shown?
    job = unless_cancelled(sealing.mark, job, studio, ear)  # are the marks really there?
    if job.state == "submitted":
        return advance(job, studio, ear)  # they were not: once more, stronger
    job = unless_cancelled(sealing.publish, job, studio, ear)  # sign it, keep it, write the ledger
    job = unless_cancelled(delivering.deliver, job, studio, ear)  # hand it to whoever asked
    ear.stage(job)
    return declining.decline(job, studio)  # or say kindly that there is nothing to hand over


def unless_cancelled(step: Callable[[Job, Studio], Job], job: Job, studio: Studio, ear: Ear) -> Job:
    """Do the step, unless the asker has changed their mind while that still counts."""
    if job.state not in RUNNABLE:
        return job
    ear.stage(job)
    job, cancelled = refresh(studio.db, job)
    if not cancelled or job.state not in CANCELLABLE:
        return step(job, studio)
    effect = effects.find(studio.db, job, effects.PAY)
    if job.state == "submitting" and (effect is None or effect.state != "idle"):
        return step(job, studio)  # the order may be out: what became of it comes first
    if effect is not None and effect.state == "done":
        try:
            outside("generate.cancel", lambda: studio.generators(job.generator).cancel(effect.external_id))
        except ReelgateError as error:
            log("generator_not_stopped", job=job.id, code=error.code)  # it is paid for; the asker need not wait
    return ending.cancel(job, studio)
