"""Sends signed interactions at given moments over kept connections, and notes how long each answer took.

Open loop: a request goes out when it is due, whether or not earlier ones were answered, and its time counts from
that moment; a slow server cannot slow its own clock down. Runs as a process of its own: a task as JSON comes in on
standard input, what happened goes out as JSON.
"""

from __future__ import annotations

import gc
import json
import random
import selectors
import socket
import sys
import time
from dataclasses import asdict, dataclass, field

from bench.ack.interactions import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

GIVE_UP_S = 10.0
"""How long after the last request was due its answer is waited for."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to send: ``key`` is the private key in hex, ``rate`` requests a second."""

    host: str
    port: int
    path: str
    key: str
    rate: float
    seconds: float
    seed: int
    even: bool = False


@dataclass(slots=True)
class Heard:
    """What happened: seconds from due to answered, how late each went out, and the answers by kind."""

    took: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    connections: int = 0


@dataclass(slots=True, eq=False)
class Wire:
    """One connection, and the request that is on it: when it was due, and its bytes for a second try."""

    socket: socket.socket
    due: float = 0.0
    request: bytes = b""
    used: bool = False
    got: bytes = b""


def moments(task: Task) -> list[float]:
    """Seconds after the start at which requests are due: a Poisson process, or one like another."""
    count = round(task.rate * task.seconds)
    if task.even:
        return [number / task.rate for number in range(count)]
    draw = random.Random(task.seed)
    return sorted(draw.uniform(0, task.seconds) for _ in range(count))  # a Poisson process, given its count


class Load:
    """One run of a task."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._selector = selectors.DefaultSelector()
        self._idle: list[Wire] = []
        self._busy: set[Wire] = set()
        self._heard = Heard()

    def run(self) -> Heard:
        """Send all of it, and wait for the answers."""
        task = self._task
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(task.key))
        due = moments(task)
        ready = requests(task.seed, len(due), key, task.path, f"{task.host}:{task.port}")
        gc.collect()
        gc.freeze()
        start = time.perf_counter() + 0.05
        for moment, request in zip(due, ready, strict=True):
            self._wait(start + moment)
            self._heard.late.append(time.perf_counter() - start - moment)
            self._send(request, start + moment)
        end = time.perf_counter() + GIVE_UP_S
        while self._busy and time.perf_counter() < end:
            self._look(0.1)
        for wire in self._busy:
            self._note(wire, "no answer")
        return self._heard

    def _wait(self, until: float) -> None:
        while (left := until - time.perf_counter()) > 0:
            self._look(left)

    def _look(self, timeout: float) -> None:
        for found, _ in self._selector.select(timeout):
            self._read(found.data)

    def _send(self, request: bytes, due: float) -> None:
        wire = self._idle.pop() if self._idle else self._connect()
        wire.due, wire.request, wire.got = due, request, b""
        self._busy.add(wire)
        try:
            wire.socket.sendall(request)
        except OSError:
            self._lost(wire)

    def _connect(self) -> Wire:
        made = socket.create_connection((self._task.host, self._task.port), timeout=GIVE_UP_S)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire = Wire(made)
        self._selector.register(made, selectors.EVENT_READ, wire)
        self._heard.connections += 1
        return wire

    def _read(self, wire: Wire) -> None:
        try:
            part = wire.socket.recv(65536)
        except OSError:
            part = b""
        if not part:
            self._lost(wire)
            return
        wire.got += part
        head, found, body = wire.got.partition(b"\r\n\r\n")
        if not found:
            return
        lines = head.decode("latin-1").lower().split("\r\n")
        length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length:"))
        if len(body) < length:
            return
        self._heard.took.append(time.perf_counter() - wire.due)
        self._note(wire, _kind(int(lines[0].split()[1]), body))
        self._busy.discard(wire)
        wire.used = True
        if "connection: close" in lines:
            self._close(wire)
        else:
            self._idle.append(wire)

    def _lost(self, wire: Wire) -> None:
        """The server closed a kept connection; what was just put on it was not taken, so it goes out once more."""
        self._close(wire)
        if wire not in self._busy:
            self._idle.remove(wire)
            return
        self._busy.discard(wire)
        if wire.used and not wire.got:
            fresh = self._connect()
            fresh.due, fresh.request = wire.due, wire.request
            self._busy.add(fresh)
            fresh.socket.sendall(wire.request)
        else:
            self._note(wire, "connection lost")

    def _close(self, wire: Wire) -> None:
        self._selector.unregister(wire.socket)
        wire.socket.close()

    def _note(self, wire: Wire, kind: str) -> None:
        self._heard.answers[kind] = self._heard.answers.get(kind, 0) + 1


def _kind(status: int, body: bytes) -> str:
    """``accepted`` for the answer that promises a reel; anything else by its status and type."""
    if status != 200:
        return f"status {status}"
    try:
        answer = json.loads(body).get("type")
    except (ValueError, AttributeError):
        return "status 200, no answer of Discord's kind"
    return "accepted" if answer == 5 else f"status 200, type {answer}"


def main() -> None:
    """Read a task, run it, write what happened."""
    heard = Load(Task(**json.load(sys.stdin))).run()
    json.dump(asdict(heard), sys.stdout)


if __name__ == "__main__":
    main()
