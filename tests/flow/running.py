"""Starts the real service on a free port, calls it, and kills it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import requests

from reelgate.client.client import Client

COMMAND = [sys.executable, "-m", "reelgate_service"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """A service of its own home; ``start`` may be called again after ``kill``."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    key: str = ""

    @property
    def environment(self) -> dict[str, str]:
        ours = {
            "REELGATE_HOME": str(self.home),
            "REELGATE_BIND": f"127.0.0.1:{self.port}",
            "REELGATE_LEASE_S": "4",
            "REELGATE_SWEEP_S": "1",
            "REELGATE_POLL_S": "0.2",
        }
        return {**os.environ, **ours, **self.settings}

    def run(self, *words: str) -> str:
        """One ``reelgate-service`` command; its output."""
        ended = subprocess.run([*COMMAND, *words], env=self.environment, capture_output=True, text=True, check=True)
        return ended.stdout.strip()

    def start(self) -> Running:
        if not self.key:
            self.key = self.run("keys", "add", "test", "--scope", "make", "--scope", "review")
        log = (self.home.parent / f"{self.home.name}.log").open("ab")
        self.process = subprocess.Popen(
            [*COMMAND, "serve"], env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log()
            try:
                if requests.get(f"{self.url}/readyz", timeout=2).ok:
                    return self
            except (requests.ConnectionError, requests.Timeout):
                pass
            time.sleep(0.2)
        raise AssertionError(f"the service did not start: {self.log()}")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> Client:
        return Client(self.url, self.key)

    def log(self) -> str:
        return (self.home.parent / f"{self.home.name}.log").read_text()

    def children(self) -> list[int]:
        """Pids of the supervisor's children."""
        assert self.process is not None
        listing = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return [int(pid) for pid in listing.stdout.split()]

    def worker_pid(self) -> int:
        """Pid of the embedded worker."""
        for pid in self.children():
            with Path(f"/proc/{pid}/cmdline").open("rb") as file:
                if b"worker.loop" in file.read():
                    return pid
        raise AssertionError("no worker runs")

    def kill(self) -> None:
        """SIGKILL to the supervisor and all its children at once, as when the machine loses power."""
        assert self.process is not None
        pids = [self.process.pid, *self.children()]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self) -> int:
        """SIGTERM, as on a deploy; the exit status."""
        if self.process is None:
            return 0
        self.process.terminate()
        return self.process.wait(60)
