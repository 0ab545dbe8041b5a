"""Starts the service's processes and starts them again when they end.

A worker that its kill timer ended, or that crashed in a decoder, is simply replaced; whatever it held is
taken up when its lease runs out. A child that dies at once is restarted slower and slower.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reelgate_service.observe import log
from reelgate_service.worker.lifeline import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from reelgate_service.settings import Settings

DRAIN_S = 30.0
"""How long children may finish what they do after SIGTERM."""

_SLOWEST_RESTART_S = 30.0
_QUICK_S = 60.0
"""A child that lived shorter than this counts as one that could not live."""


@dataclass(slots=True)
class Child:
    """One process to keep alive."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_deaths: int = 0
    next_start: float = field(default=0.0)


def worker_children(settings: Settings) -> list[Child]:
    """Pollers, and Celery where there is a broker. One poller always runs: it is the sweeper too."""
    count = 1 if settings.broker_url else settings.workers
    children = [
        Child(f"worker-{number}", [sys.executable, "-m", "reelgate_service.worker.loop"]) for number in range(count)
    ]
    if settings.broker_url:
        celery = [sys.executable, "-m", "celery", "--quiet", "-A", "reelgate_service.worker.bell", "worker"]
        celery += [
            "--concurrency",
            str(settings.workers),
            "--without-gossip",
            "--without-mingle",
            "--loglevel",
            "WARNING",
        ]
        children.append(Child("celery", celery))
    return children


def web_child(settings: Settings) -> Child:
    """gunicorn with threads in a few processes: in one, who comes second waits until the first has computed."""
    command = [sys.executable, "-m", "gunicorn", "--bind", settings.bind, "--worker-class", "gthread"]
    command += [
        "--threads",
        str(settings.web_threads),
        "--workers",
        str(settings.web_processes),
        "--timeout",
        "60",
        "--graceful-timeout",
        "25",
        "--no-control-socket",  # it would leave a folder in the operator's home
    ]
    return Child("web", [*command, "--log-level", "warning", "reelgate_service.app:application()"])


def supervise(children: Sequence[Child]) -> int:
    """Keep ``children`` alive until told to leave (SIGTERM, SIGINT, SIGHUP), then let them finish.

    Returns the exit status. Should this process die otherwise, the kernel ends the children with it.
    """
    stop = threading.Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, leave)
    try:
        while not stop.wait(0.2):
            for child in children:
                _look_after(child)
    finally:
        _drain(children)
    return 0


def _look_after(child: Child) -> None:
    now = time.monotonic()
    if child.process is not None:
        status = child.process.poll()
        if status is None:
            return
        quick = now - child.started < _QUICK_S
        child.quick_deaths = child.quick_deaths + 1 if quick else 0
        wait = min(2.0**child.quick_deaths - 1, _SLOWEST_RESTART_S)
        log("child_ended", child=child.name, pid=child.process.pid, exit=status, wait=wait)
        child.process, child.next_start = None, now + wait
    if now >= child.next_start:
        # Its own session: Ctrl-C goes to us alone, and we ask the children to finish.
        child.process = subprocess.Popen(
            child.command, start_new_session=True, env=dict(os.environ), preexec_fn=die_with_parent
        )
        child.started = now


def _drain(children: Sequence[Child]) -> None:
    alive = [child.process for child in children if child.process is not None and child.process.poll() is None]
    for process in alive:
        process.terminate()
    deadline = time.monotonic() + DRAIN_S
    for process in alive:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
