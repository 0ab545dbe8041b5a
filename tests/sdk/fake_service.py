"""A real HTTP server on the loopback whose answers a test writes down beforehand, one for each request."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from reelgate.client import Client, Retry, World

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

KEY = "rg_live_5uperSecretKey"


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What to send. ``chunks`` streams; ``break_after`` promises the whole body and hangs up after so many bytes."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    chunks: Sequence[bytes] | None = None
    break_after: int | None = None
    hang_up: bool = False


HANG_UP = Answer(hang_up=True)
"""Take the request and close the connection without a word."""


def js(value: object, status: int = 200, **headers: str) -> Answer:
    """A JSON answer; ``retry_after="3"`` becomes the header ``Retry-After``."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json", **named})


def problem(status: int, code: str, **headers: str) -> Answer:
    """An RFC 9457 answer."""
    body = {"title": "No", "status": status, "detail": f"told: {code}", "code": code, "request_id": "req-7"}
    answer = js(body, status, **headers)
    return Answer(status, answer.body, {**answer.headers, "Content-Type": "application/problem+json"})


def stream(*chunks: str | bytes, cut: bool = False) -> Answer:
    """An event stream in these pieces; ``cut`` breaks the connection at the end of them."""
    pieces = [chunk.encode() if isinstance(chunk, str) else chunk for chunk in chunks]
    return Answer(200, b"", {"Content-Type": "text/event-stream"}, pieces, break_after=0 if cut else None)


def event(kind: str, data: object, id: str = "") -> str:
    """One event as it is written on the wire."""
    return (f"id: {id}\n" if id else "") + f"event: {kind}\ndata: {json.dumps(data)}\n\n"


def job(stage: str = "queued", **more: object) -> dict[str, object]:
    """A job as the service writes it."""
    return {
        "id": "job_1",
        "kind": "reel",
        "stage": stage,
        "created_at": "2026-01-02T03:04:05Z",
        "updated_at": "2026-01-02T03:04:06Z",
        "progress": {"done": 0, "total": 0},
        "understood": ["hippo"],
        "result": None,
        "error": None,
        "review": None,
        "approximated": [],
        "ignored": [],
        **more,
    }


class FakeService:
    """The server. ``script`` holds answers, or functions from :class:`Seen` to an answer; ``seen`` what came."""

    def __init__(self, *script: Answer | Callable[[Seen], Answer]) -> None:
        self.script = deque(script)
        self.seen: list[Seen] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_any(self) -> None:
                parts = urlsplit(self.path)
                length = int(self.headers.get("Content-Length", "0"))
                if self.headers.get("Transfer-Encoding", "") == "chunked":
                    body = self._dechunked()
                else:
                    body = self.rfile.read(length)
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Seen(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
                service.seen.append(request)
                step = service.script.popleft() if service.script else Answer(500, b"nothing left in the script")
                self.send(step(request) if callable(step) else step)

            do_GET = do_POST = do_DELETE = do_any

            def _dechunked(self) -> bytes:
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def send(self, answer: Answer) -> None:
                if answer.hang_up:
                    self.cut()
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.chunks is not None:
                    self.send_header("Transfer-Encoding", "chunked")
                    self.end_headers()
                    for chunk in answer.chunks:
                        self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
                        self.wfile.flush()
                    if answer.break_after is not None:
                        self.cut()
                        return
                    self.wfile.write(b"0\r\n\r\n")
                    return
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body[: answer.break_after])
                if answer.break_after is not None:
                    self.cut()

            def cut(self) -> None:
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> FakeService:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def asked(self) -> list[str]:
        """The requests as ``METHOD path``."""
        return [f"{request.method} {request.path}" for request in self.seen]


class FakeWorld:
    """Clocks that only move when somebody sleeps. ``chance`` is what every draw gives."""

    def __init__(self, chance: float = 0.5, now: float = 1_800_000_000.0) -> None:
        self.slept: list[float] = []
        self.keys = 0
        self._start = now
        self._chance = chance

    def world(self) -> World:
        return World(
            now=lambda: self._start + sum(self.slept),
            monotonic=lambda: sum(self.slept),
            sleep=self.slept.append,
            chance=lambda: self._chance,
            fresh_key=self._fresh,
        )

    def _fresh(self) -> str:
        self.keys += 1
        return f"key-{self.keys}"


def client_of(service: FakeService, world: FakeWorld | None = None, retry: Retry | None = None) -> Client:
    """A client of ``service`` that never really sleeps."""
    return Client(service.url, KEY, timeout=5.0, world=(world or FakeWorld()).world(), retry=retry)


FILE = b"a finished reel"
RESULT = {
    "url": "/v1/jobs/job_1/file",
    "media_type": "video/mp4",
    "size": len(FILE),
    "sha256": hashlib.sha256(FILE).hexdigest(),
    "mark_id": "00112233445566ff",
    "label": "Drawn by software",
}
DONE = job("done", result=RESULT)
ROAD = (
    js(job(), 202),
    stream(event("state", {"stage": "rendering"}), event("state", {"stage": "done"})),
    js(DONE),
    Answer(200, FILE),
)
"""What a service answers when all goes well: accepted, followed, looked at, fetched."""
