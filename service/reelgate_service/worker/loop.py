"""The embedded worker: looks for due jobs, does the upkeep, and takes one job at a time.

Runs as a process of its own under :mod:`reelgate_service.worker.supervise`, because the kill timer that
guards a lease ends the whole process. With a broker it still runs: when no bell rings, it drains.
"""

from __future__ import annotations

import signal
import threading
from functools import partial
from typing import TYPE_CHECKING

from reelgate.errors import ReelgateError
from reelgate_service import broker, settings, studio
from reelgate_service.db import jobs
from reelgate_service.observe import log
from reelgate_service.worker import relay
from reelgate_service.worker.lifeline import die_with_parent
from reelgate_service.worker.run import run
from reelgate_service.worker.sweeper import Sweeper

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from reelgate_service.studio import Studio


def serve(studio: Studio, stop: threading.Event, *, work: bool = True) -> None:
    """Sweep and poll until ``stop`` is set.

    The sweeper has its own thread, for a long job must not delay it, and so has whoever tells webhooks, for
    strangers' endpoints must not delay the sweeper.
    """
    sweeper = Sweeper(studio, broker.ringer(studio.settings))
    upkeep = [
        threading.Thread(target=_again_and_again, args=(duty, studio, stop), daemon=True)
        for duty in (sweeper.sweep, partial(relay.send_webhooks, studio))
    ]
    for thread in upkeep:
        thread.start()
    while not stop.is_set():
        try:
            if work and _one_job(studio, stop):
                continue  # look anew: whoever came meanwhile has their turn too
        except ReelgateError as error:
            log("poll_failed", code=error.code)
        stop.wait(studio.settings.poll_s)
    for thread in upkeep:
        thread.join(timeout=studio.settings.sweep_s)


def _one_job(studio: Studio, stop: threading.Event) -> bool:
    with studio.db.read() as session:
        waiting = jobs.due(session, studio.db.now(session))
    return any(not stop.is_set() and run(job_id, studio) for job_id in waiting)


def _again_and_again(duty: Callable[[], object], studio: Studio, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            duty()
        except ReelgateError as error:
            log("sweep_failed", code=error.code)
        except Exception as error:  # noqa: BLE001  without upkeep nothing would ever be taken up again
            log("sweep_crashed", kind=type(error).__name__)
        stop.wait(studio.settings.sweep_s)


def main() -> None:
    """The child process: ``python -m reelgate_service.worker.loop``."""
    die_with_parent()
    stop = threading.Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    chosen = settings.from_environment()
    serve(studio.build(chosen), stop)


if __name__ == "__main__":
    main()
