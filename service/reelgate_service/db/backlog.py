"""How much waits already, known well enough to say when no more is taken in, without counting for each request."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from reelgate.errors import Busy
from reelgate_service.db import tables
from reelgate_service.db.states import RUNNABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

FRESH_S = 1.0
"""How long a count is used; what other processes take in meanwhile is overlooked that long."""

CALM_S = 10.0
"""The same while not a quarter of what may wait does: whoever counts thousands of jobs is kept waiting by it."""

RETRY_S = 30
"""When somebody who was sent away may ask again."""


class Backlog:
    """One process's figure of the jobs that wait for a worker: counted now and then, and what it takes in added.

    Nobody is sent away on a figure that is not a fresh count. On PostgreSQL a few too many may get in, taken in by
    another process or at the very same moment; on SQLite there is one writer at a time.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = 0
        self._until = 0.0

    def take_in(self, most: int, count: Callable[[], int]) -> None:
        """Note that one more is taken in; raises :class:`Busy` where ``most`` wait already.

        ``count`` is how they are counted: :func:`waiting` over whatever connection the caller has.
        """
        now = time.monotonic()
        with self._lock:
            if now < self._until and self._waiting < most:
                self._waiting += 1
                return
            self._until = now + FRESH_S  # one counts, the others go on with what was known
        found = count()
        with self._lock:
            self._waiting = found + 1
            if found * 4 < most:
                self._until = now + CALM_S
        if found >= most:
            raise Busy(f"{found} jobs are open already.", retry_after=RETRY_S)


def waiting(connection: Connection) -> int:
    """How many jobs wait for a worker."""
    job = tables.Job
    counted = select(func.count()).select_from(job).where(job.open == 1, job.state.in_(RUNNABLE))
    return int(connection.execute(counted).scalar_one())
