"""Keeps a lease while its job is worked on, and ends the process when it can no longer be kept.

The heartbeat is a thread. The **kill timer** is not: it is the kernel's own ``ITIMER_REAL`` with SIGALRM at
its default action, re-armed after each heartbeat that the database confirmed. A process that was frozen or
starved past its lease is ended by the kernel before it can run one more instruction, so that whoever took
the job over is alone with it. A thread could not be stopped so, which is why a worker is a process.
"""

from __future__ import annotations

import signal
import threading
import time
from typing import TYPE_CHECKING

from reelgate.errors import ReelgateError
from reelgate_service.db import jobs
from reelgate_service.observe import log

if TYPE_CHECKING:
    from types import TracebackType

    from reelgate_service.db.base import Database
    from reelgate_service.db.jobs import Job

MARGIN = 0.1
"""The part of the lease that the timer fires early, so that clocks of different speed do not matter."""

_PROGRESS_EVERY_S = 0.5


class Keeper:
    """A context in which a job's lease is kept. ``tell`` is the pipeline's ear for progress."""

    def __init__(
        self, db: Database, job: Job, lease_s: float, *, kill_timer: bool = True, asked: float | None = None
    ) -> None:
        """``asked`` is :func:`time.monotonic` from before the claim: the lease began to run then."""
        self._db = db
        self._job = job
        self._lease_s = lease_s
        self._kill_timer = kill_timer
        self._progress: tuple[int, int] | None = None
        self._told_at = 0.0
        self._asked = time.monotonic() if asked is None else asked
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat_on, name="heartbeat", daemon=True)

    def __enter__(self) -> Keeper:
        if self._kill_timer:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
        self._arm(self._asked)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()
        if self._kill_timer:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def tell(self, done: int, total: int) -> None:
        """Note how far the work is; written to the job twice a second at most, and with each heartbeat."""
        self._progress = (done, total)
        if time.monotonic() - self._told_at >= _PROGRESS_EVERY_S:
            self._try_to_beat()

    def _beat_on(self) -> None:
        while not self._done.wait(self._lease_s / 3):
            try:
                self._try_to_beat()
            except jobs.LeaseLost:
                return  # the step's own next write finds out; the timer is not re-armed

    def _try_to_beat(self) -> None:
        try:
            self._beat()
        except jobs.LeaseLost:
            raise
        except ReelgateError as error:
            # The work goes on: the next beat may get through, and the timer counts whether one does.
            log("heartbeat_failed", job=self._job.id, code=error.code)

    def _beat(self) -> None:
        self._told_at = asked = time.monotonic()
        jobs.beat(self._db, self._job, int(self._lease_s * 1000), self._progress)
        self._arm(asked)

    def _arm(self, asked: float) -> None:
        """Count from before the question was asked: the lease is never longer than what is armed."""
        if self._kill_timer:
            left = self._lease_s * (1 - MARGIN) - (time.monotonic() - asked)
            signal.setitimer(signal.ITIMER_REAL, max(left, 0.001))
