"""Forks one life from the warm parent, lets it die at a point, and hears what it has to say."""

from __future__ import annotations

import json
import os
import signal
import traceback
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from reelgate_service import points

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a life ended: its exit status (``-9`` when it was killed), what it answered, what it passed."""

    status: int
    answer: object
    passed: tuple[str, ...]

    @property
    def killed(self) -> bool:
        """True when it died at its point."""
        return self.status == -signal.SIGKILL


def forked(life: Callable[[], object], kill_at: str = "") -> Outcome:
    """Run ``life`` in a forked child and wait for it.

    The child kills itself with SIGKILL the first time it passes ``kill_at``. The parent must hold no
    database connection. An exception in the child becomes the answer ``{"error": ...}`` with status 1.
    """
    answers_in, answers_out = os.pipe()
    passed_in, passed_out = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(answers_in)
        os.close(passed_in)
        os._exit(_child(life, kill_at, answers_out, passed_out))
    os.close(answers_out)
    os.close(passed_out)
    passed, answer = _read(passed_in), _read(answers_in)
    _, raw = os.waitpid(child, 0)
    status = os.waitstatus_to_exitcode(raw)
    return Outcome(status, json.loads(answer) if answer else None, tuple(passed.decode().split()))


def _child(life: Callable[[], object], kill_at: str, answers: int, passed: int) -> int:
    def note(name: str) -> None:
        os.write(passed, f"{name}\n".encode())
        if name == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    points.arm(note)
    try:
        answer, status = life(), 0
    except BaseException as error:  # noqa: BLE001  the child must never return into the parent's code
        place = traceback.extract_tb(error.__traceback__)[-1]
        answer, status = {"error": f"{type(error).__name__} at {PurePath(place.filename).name}:{place.lineno}"}, 1
    os.write(answers, json.dumps(answer).encode())
    return status


def _read(pipe: int) -> bytes:
    with os.fdopen(pipe, "rb") as file:
        return file.read()
