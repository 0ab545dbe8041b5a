"""A Reelgate service of its own for a twin: started as a child process, told of the app, ended with its parent."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import requests

from reelgate.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reelgate.chat import Registration

_COMMAND = (sys.executable, "-m", "reelgate_service")
_READY_S, _END_S = 120.0, 20.0
_TAIL = 2000
_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG: Linux sends a signal to a child when its parent is gone, however that went."""


class Service:
    """One service in ``home``, on a free port of 127.0.0.1. Our own ``REELGATE_*`` do not reach it."""

    def __init__(self, home: Path) -> None:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.home, self.log = home, home / "dev.log"
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it; do this before this process has threads."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*_COMMAND, "serve"],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us to hand on, in our own order
                preexec_fn=_tied_to_parent(),
            )

    def wait(self, stopped: Callable[[], bool]) -> bool:
        """Wait until it is ready, or until ``stopped``: false then.

        Raises ``Unavailable`` with the end of its log when it gave up.
        """
        until = time.monotonic() + _READY_S
        while time.monotonic() < until:
            if stopped():
                return False
            if self._process is None or self._process.poll() is not None:
                break
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"{self.url}/readyz", timeout=5).ok:
                    return True
            time.sleep(0.1)
        self.close()
        raise Unavailable(f"the service did not start; the end of {self.log}:\n{self._tail()}", says=_NOT_STARTED)

    def register(self, platform: str, registration: Registration) -> str:
        """Tell it of the app and the platform of its commands; the address where the app is knocked for.

        Secrets go through the environment of the command, never through its words.
        """
        names = {name: f"REELGATE_DEV_{name.upper()}" for name in registration.secrets}
        secrets = {names[name]: value for name, value in registration.secrets.items()}
        told = [word for name, variable in names.items() for word in ("--secret-env", f"{name}={variable}")]
        given = ["--api", registration.api, "--name", registration.name, "--open"]
        self._run("apps", "add", platform, registration.app, *given, *told, more=secrets)
        self._run("apps", "commands", platform, registration.app)
        return f"{self.url}/platforms/{platform}/{registration.app}"

    def ended(self) -> bool:
        """True once it is gone."""
        return self._process is None or self._process.poll() is not None

    def close(self) -> None:
        """End it: kindly, and after some seconds for certain, with all that it started."""
        process = self._process
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
            try:
                process.wait(_END_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _run(self, *words: str, more: dict[str, str] | None = None) -> None:
        environment = {**self._environment(), **(more or {})}
        ended = subprocess.run([*_COMMAND, *words], env=environment, capture_output=True, text=True, check=False)
        if ended.returncode:
            said = (ended.stderr or ended.stdout).strip()[-_TAIL:]
            raise Unavailable(f"'reelgate-service {' '.join(words[:2])}' ended with {ended.returncode}: {said}")

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("REELGATE_")}
        ours = {"HOME": str(self.home), "BIND": f"127.0.0.1:{self._port}", "POLL_S": "0.3"}
        return {**kept, **{f"REELGATE_{name}": value for name, value in ours.items()}}

    def _tail(self) -> str:
        with contextlib.suppress(OSError):
            return self.log.read_text(encoding="utf-8", errors="replace")[-_TAIL:]
        return ""


_NOT_STARTED = "The service did not start. Its log says why; 'reelgate doctor' may know how to mend it."


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tied_to_parent() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl

    def tie() -> None:
        prctl(_DIE_WITH_PARENT, signal.SIGTERM)

    return tie
