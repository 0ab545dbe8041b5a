"""Runs one piece of work on one foreign file in a child of its own, behind :mod:`reelgate.media.lockdown`.

The child is forked, gets only the open files it was given, and answers with one JSON object through a pipe.
However it ends (a crash, an endless loop, too much memory, a forbidden system call), the caller gets an
``Outcome`` within the wall-clock limit. Fork only from a process without threads: the service goes through
:class:`reelgate.media.zygote.Zygote`, which is one.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from reelgate.errors import MediaRejected
from reelgate.media.findings import reject
from reelgate.media.lockdown import Limits, lock_down

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MAX_ANSWER = 64 * 1024
"""The longest answer of a child, in bytes of JSON."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a child ended: ``ended`` is ``answered``, ``rejected``, ``killed`` or ``late``.

    ``answer`` is what the work returned, ``detail`` why it was rejected or which signal ended it.
    """

    ended: str
    answer: Mapping[str, Any] = field(default_factory=dict)
    detail: str = ""

    def result(self) -> Mapping[str, Any]:
        """The answer; raises ``MediaRejected`` when there is none, whatever the reason."""
        if self.ended == "answered":
            return self.answer
        if self.ended == "rejected":
            raise MediaRejected(self.detail)
        if self.ended == "late":
            raise reject("too_costly", "reading the file took too long")
        raise reject("decoder_died", f"reading the file ended the decoder ({self.detail})")


def contain(work: Callable[[], Mapping[str, Any]], limits: Limits, files: Iterable[int] = ()) -> Outcome:
    """Run ``work()`` in a locked-down child that keeps only the descriptors in ``files``."""
    kept = set(files)
    inward, outward = os.pipe()
    child = os.fork()
    if child == 0:
        _child(work, limits, kept, outward)
    os.close(outward)
    try:
        said = _listen(inward, time.monotonic() + limits.wall_seconds + 1.0)
        if said is not None:
            _linger(child)
    finally:
        os.close(inward)
        _end(child)
        _, status = os.waitpid(child, 0)
    return _outcome(said, status)


def _child(work: Callable[[], Mapping[str, Any]], limits: Limits, kept: set[int], outward: int) -> None:
    """Never returns."""
    try:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        _close_others(kept | {0, 1, 2, outward})
        gc.disable()
        lock_down(limits)
        os.write(outward, _said(work))
    finally:
        os._exit(0)


def _said(work: Callable[[], Mapping[str, Any]]) -> bytes:
    """The child's answer; every error becomes one, since nobody can see a traceback in there."""
    try:
        data = json.dumps({"answer": work()}).encode()
    except MediaRejected as error:
        data = json.dumps({"rejected": error.detail}).encode()
    except MemoryError:
        data = json.dumps({"rejected": "too_costly: reading the file takes too much memory"}).encode()
    except Exception as error:  # noqa: BLE001  # whatever a decoder raises on a foreign file is a refusal
        data = json.dumps({"rejected": f"unreadable: {type(error).__name__} while reading the file"}).encode()
    return data[:MAX_ANSWER]


def _close_others(kept: set[int]) -> None:
    """Close every descriptor but the kept ones."""
    edges = [-1, *sorted(kept), max(4096, os.sysconf("SC_OPEN_MAX"), max(kept) + 2)]
    for below, above in pairwise(edges):
        if above - below > 1:  # an empty range would close everything
            os.closerange(below + 1, above)


def _listen(inward: int, deadline: float) -> bytes | None:
    """All the child says; ``None`` when the deadline comes first."""
    said = b""
    while True:
        ready, _, _ = select.select([inward], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return None
        part = os.read(inward, MAX_ANSWER)
        if not part or len(said) > MAX_ANSWER:
            return said
        said += part


def _linger(child: int) -> None:
    """Give a child that has said all a moment to end by itself, so that its own ending can be told."""
    for _ in range(500):
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return
        time.sleep(0.001)


def _end(child: int) -> None:
    """Kill the child, which was not waited for yet, and whatever is in its group."""
    for kill in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            kill(child, signal.SIGKILL)


def _outcome(said: bytes | None, status: int) -> Outcome:
    """What the caller hears."""
    if said is None:
        return Outcome("late")
    if said:
        try:
            message = json.loads(said)
            if "rejected" in message:
                return Outcome("rejected", detail=str(message["rejected"]))
            return Outcome("answered", dict(message["answer"]))
        except (ValueError, KeyError, TypeError):
            return Outcome("killed", detail="an answer that cannot be read")
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number in (signal.SIGXCPU, signal.SIGALRM):
            return Outcome("late", detail=signal.Signals(number).name)
        return Outcome("killed", detail=signal.Signals(number).name)
    return Outcome("killed", detail="no answer")
