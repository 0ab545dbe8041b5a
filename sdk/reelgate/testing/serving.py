"""Puts a twin on a port of this machine: plain HTTP on the loopback, whole bodies, keep-alive."""

from __future__ import annotations

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from reelgate.testing.twin import Lost, Told, Twin

if TYPE_CHECKING:
    from types import TracebackType

BIGGEST = 64 << 20
"""Most bytes of a body that are read; more is answered 413."""


class _TooBig(Exception):
    pass


class Loopback:
    """An HTTP server of ``handler`` on 127.0.0.1, in a thread of its own; port 0 takes a free one."""

    def __init__(self, handler: type[BaseHTTPRequestHandler], port: int = 0) -> None:
        self._server = _Listener(("127.0.0.1", port), handler)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Server(Loopback):
    """The twin's HTTP server, on a free port of 127.0.0.1. Use it as a context, or call :meth:`close`."""

    def __init__(self, twin: Twin) -> None:
        super().__init__(_handler(twin))

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hung up is no news; what stumbles behind it says so itself."""


def _size(text: str, base: int) -> int:
    """How many bytes are announced; raises ``ValueError`` for what is no size (a minus too: it would never end)."""
    size = int(text, base) if text.isalnum() else -1
    if size < 0:
        raise ValueError("that is no size")
    if size > BIGGEST:
        raise _TooBig
    return size


def _handler(twin: Twin) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60

        def answer(self) -> None:
            try:
                body = self._body()
            except _TooBig:
                self.close_connection = True
                self._send(Told(413))
                return
            except ValueError:
                self.close_connection = True
                self._send(Told(400))
                return
            except OSError:
                self.close_connection = True
                return
            path, _, asked = self.path.partition("#")[0].partition("?")
            query = dict(parse_qsl(asked, keep_blank_values=True))
            try:
                told = twin.ask(self.command, unquote(path), query, dict(self.headers.items()), body)
            except Lost:
                self._hang_up()
                return
            self._send(told)

        def _body(self) -> bytes:
            if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
                return self._chunks()
            length = _size(self.headers.get("Content-Length") or "0", 10)
            body = self.rfile.read(length)
            if len(body) != length:
                raise ValueError("the body broke off")
            return body

        def _chunks(self) -> bytes:
            whole = bytearray()
            while size := _size(self.rfile.readline(100).split(b";")[0].strip().decode("latin-1"), 16):
                if len(whole) + size > BIGGEST:
                    raise _TooBig
                whole += self.rfile.read(size)
                self.rfile.readline(3)
            while self.rfile.readline(1000).strip():
                pass
            return bytes(whole)

        def _send(self, told: Told) -> None:
            with contextlib.suppress(OSError):
                self.send_response(told.status)
                for name, value in told.headers.items():
                    self.send_header(name, value)
                if told.status not in (204, 304):
                    self.send_header("Content-Length", str(len(told.body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(told.body)

        def _hang_up(self) -> None:
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, format: str, *args: object) -> None:
            """The twin keeps a log of its own."""

    for verb in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
        setattr(Handler, f"do_{verb}", Handler.answer)
    return Handler
