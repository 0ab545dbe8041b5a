"""A warm process without threads that forks one locked-down child for each foreign file.

The caller may have as many threads as it likes: it only talks to the zygote over a socket and hands it open
files. The zygote holds no key and no setting (its environment is made anew), imports the decoders once,
and ends when the caller's end of the socket closes.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from reelgate.errors import Unavailable
from reelgate.media.lockdown import Limits
from reelgate.media.sandbox import MAX_ANSWER, Outcome, contain

if TYPE_CHECKING:
    from collections.abc import Mapping

_STARTING = 60.0


class Zygote:
    """The caller's end. One file at a time; safe to share between threads; use it as a context manager."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def run(
        self,
        job: str,
        file: BinaryIO,
        out: BinaryIO | None = None,
        wants: Mapping[str, Any] | None = None,
        limits: Limits | None = None,
    ) -> Outcome:
        """Do ``job`` (a name in :data:`reelgate.media.jobs.JOBS`) on ``file``, which has a descriptor.

        Raises ``Unavailable`` when the zygote itself cannot be had.
        """
        limits = limits or Limits()
        asked = json.dumps({"job": job, "wants": dict(wants or {}), "limits": _values(limits)}).encode()
        files = [file.fileno()] + ([out.fileno()] if out else [])
        with self._turn:
            for attempt in (1, 2):
                line = self._started()
                line.settimeout(limits.wall_seconds + _STARTING)
                try:
                    socket.send_fds(line, [asked], files)
                    said = line.recv(MAX_ANSWER + 4096)
                except OSError:
                    said = b""
                if said:
                    return Outcome(**json.loads(said))
                self._stop()
                if attempt == 2:
                    break
        raise Unavailable("the process that reads foreign files does not answer")

    def close(self) -> None:
        """End the zygote; a later :meth:`run` starts another."""
        with self._turn:
            self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _started(self) -> socket.socket:
        """The line to a zygote that runs in this process (a fork must not share its parent's)."""
        if self._line is not None and self._process is not None and self._process.poll() is None:
            return self._line
        self._stop()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._process = subprocess.Popen(  # our own interpreter and module, no shell
                [sys.executable, "-P", "-m", "reelgate.media.zygote", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={
                    "PATH": os.defpath,
                    "PYTHONPATH": os.pathsep.join(part for part in sys.path if part),
                    "OPENBLAS_NUM_THREADS": "1",
                },
            )
        except OSError as cause:
            ours.close()
            raise Unavailable(f"the process that reads foreign files does not start: {cause.strerror}") from cause
        finally:
            theirs.close()
        self._line = ours
        return ours

    def _stop(self) -> None:
        line, process = self._line, self._process
        self._line = self._process = None
        if line is not None:
            line.close()
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()


def _values(limits: Limits) -> dict[str, Any]:
    return {name: getattr(limits, name) for name in limits.__slots__}


def serve(line: socket.socket) -> None:
    """The zygote's own loop: one request, one child, one answer, until the line closes."""
    from reelgate.media.jobs import JOBS, rehearse  # here, since the caller's process need not load the decoders

    rehearse()
    while True:
        asked, files, _, _ = socket.recv_fds(line, MAX_ANSWER, 2)
        if not asked:
            return
        request = json.loads(asked)

        def work(files: list[int] = files, request: dict[str, Any] = request) -> Mapping[str, Any]:
            file = os.fdopen(files[0], "rb")
            out = os.fdopen(files[1], "r+b") if len(files) > 1 else None
            answer = JOBS[request["job"]](file, out, request["wants"])
            if out is not None:
                out.flush()
            return answer

        try:
            outcome = contain(work, Limits(**request["limits"]), files)
        finally:
            for number in files:
                os.close(number)
        line.send(json.dumps({"ended": outcome.ended, "answer": outcome.answer, "detail": outcome.detail}).encode())


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)
    serve(socket.socket(fileno=int(sys.argv[1])))
