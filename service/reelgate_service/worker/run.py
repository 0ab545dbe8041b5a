"""The only way in: take one job by its id and carry it as far as it goes now."""

from __future__ import annotations

import errno
import time
import traceback
from pathlib import PurePath
from typing import TYPE_CHECKING

from reelgate.errors import OutOfSpace, ReelgateError
from reelgate_service import pipeline
from reelgate_service.db import jobs
from reelgate_service.observe import log
from reelgate_service.steps import ending
from reelgate_service.storage import need_room
from reelgate_service.worker.keeper import Keeper
from reelgate_service.worker.teller import Teller

if TYPE_CHECKING:
    from reelgate_service.db.jobs import Job
    from reelgate_service.studio import Studio

BACKOFF_S = (1.0, 5.0, 20.0)
LONGEST_BACKOFF_S = 300.0


def run(job_id: str, studio: Studio, *, kill_timer: bool = True) -> str:
    """Claim the job and advance it; returns its state after, or ``""`` when it was not there to be taken.

    Whatever goes wrong inside is written to the job: it waits and is tried again, fails with a code, or,
    when it has been dropped :data:`reelgate_service.db.jobs.POISON` times without a step forward, is held.
    Raises :class:`OutOfSpace` before anything is claimed when the disk is nearly full.
    """
    need_room(studio.settings)
    lease_ms = int(studio.settings.lease_s * 1000)
    asked = time.monotonic()
    job = jobs.claim(studio.db, job_id, studio.owner, lease_ms)
    if job is None:
        return ""
    log("job_claimed", job=job.id, state=job.state, fence=job.fence)
    try:
        keeper = Keeper(studio.db, job, studio.settings.lease_s, kill_timer=kill_timer, asked=asked)
        with keeper, Teller(studio, job, keeper.tell) as teller:
            if job.crashes > jobs.POISON:
                job = ending.hold(job, studio, "fault", "it was dropped several times at the same step")
            else:
                job = _advance(job, studio, teller)
            teller.stage(job)
    except jobs.LeaseLost:
        log("lease_lost", job=job_id)
        jobs.release(studio.db, job)
        return ""
    log("job_left", job=job.id, state=job.state)
    return job.state


def _advance(job: Job, studio: Studio, ear: pipeline.Ear) -> Job:
    try:
        return pipeline.advance(job, studio, ear)
    except jobs.Parked as parked:
        current, _ = jobs.refresh(studio.db, job)
        jobs.park(studio.db, current, parked.next_at, forgive=True)
        return current
    except jobs.LeaseLost:
        raise
    except ReelgateError as error:
        log("step_failed", job=job.id, code=error.code, where=_where(error))
        return _after_error(job, studio, error)
    except OSError as error:
        log("step_failed", job=job.id, code=errno.errorcode.get(error.errno or 0, "os"), where=_where(error))
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        return _later(job, studio, OutOfSpace("The disk is full.") if full else None)
    except Exception as error:  # noqa: BLE001  a part of ours or of a plugin broke: the job is dropped, not the worker
        # Not ours to know what it was: note where, never the message, which may quote a member.
        log("step_crashed", job=job.id, kind=type(error).__name__, where=_where(error))
        return _later(job, studio, None)


def _after_error(job: Job, studio: Studio, error: ReelgateError) -> Job:
    if error.retryable:
        return _later(job, studio, error)
    current, _ = jobs.refresh(studio.db, job)
    if current.state in {"submitting", "delivering"}:
        return ending.hold(current, studio, "fault", f"an outside call ended with {error.code}")
    return ending.fail(current, studio, error.code, error.says)


def _later(job: Job, studio: Studio, error: ReelgateError | None) -> Job:
    """Try again later. What is known to pass (``error``) is nobody's poison: it waits until the deadline."""
    current, _ = jobs.refresh(studio.db, job)
    now = studio.db.time()
    wait = BACKOFF_S[max(0, min(current.crashes, len(BACKOFF_S)) - 1)]
    if error is not None:
        wait = error.retry_after or min(1.0 + (now - current.updated_at) / 2000, LONGEST_BACKOFF_S)
    jobs.park(studio.db, current, jobs.Parked.after(now, wait).next_at, forgive=error is not None, why=error)
    return current


def _where(error: BaseException) -> str:
    """The innermost place of our own code: file and line, no values."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "reelgate" in frame.filename] or frames
    return f"{PurePath(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
