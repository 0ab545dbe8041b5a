"""Serves the chat page of a twin: static files of ours, the twin's state, what people do, and the files they see.

The page is for the person at this machine: it listens on the loopback alone, answers only requests that name the
loopback as their host, and takes orders only from its own page.
"""

from __future__ import annotations

import contextlib
import json
import re
from http.server import BaseHTTPRequestHandler
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from reelgate.errors import BadInput, ReelgateError
from reelgate.testing.serving import Loopback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reelgate.testing.chatting import Chat

STATIC = {
    "/": ("page.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    **{
        f"/{name}.js": (f"{name}.js", "text/javascript; charset=utf-8")
        for name in ("page", "chat", "composer", "dom")
    },
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_BIGGEST = 1 << 20
_STREAM_S = 20.0
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


class Page(Loopback):
    """The page's server on 127.0.0.1; port 0 takes a free one."""

    def __init__(self, chat: Chat, port: int = 0) -> None:
        super().__init__(_handler(chat), port)

    @property
    def url(self) -> str:
        """What to open in the browser."""
        return f"{super().url}/"


def _handler(chat: Chat) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def get(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            if not self._at_home():
                self._send(403, b"", "text/plain")
            elif parts.path in STATIC:
                name, media = STATIC[parts.path]
                self._send(200, files(__package__).joinpath("page", name).read_bytes(), media)
            elif parts.path == "/state":
                self._json(200, chat.state(query.get("viewer", ""), query.get("channel", "")))
            elif parts.path == "/changes":
                self._stream(query.get("known", ""))
            elif parts.path.startswith("/files/"):
                self._file(parts.path.split("/")[2])
            else:
                self._send(404, b"", "text/plain")

        def post(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            ours = self.headers.get("Content-Type") == "application/json" and self._origin_is_ours()
            if not self._at_home() or not ours or self.path != "/do" or length > _BIGGEST:
                self.close_connection = True
                self._send(403, b"", "text/plain")
                return
            try:
                asked = json.loads(self.rfile.read(length))
                if not isinstance(asked, dict):
                    raise BadInput("an object is wanted")
                self._json(200, chat.do(asked))
            except ReelgateError as error:
                says = error.says if error.says != error.default_says else str(error.detail)
                self._json(200, {"ok": False, "says": says[:1].upper() + says[1:]})
            except ValueError:
                self._json(400, {"ok": False, "says": "That is not JSON."})

        def _at_home(self) -> bool:
            """A name that somebody pointed at this machine is not ours."""
            return self.headers.get("Host", "").rpartition(":")[0] in ("127.0.0.1", "localhost", "[::1]")

        def _origin_is_ours(self) -> bool:
            return self.headers.get("Origin") == f"http://{self.headers.get('Host')}"

        def _stream(self, known: str) -> None:
            """Says that there is news, until some seconds have passed; the browser comes again by itself."""
            self.close_connection = True
            self.send_response(200)
            self._policies("text/event-stream")
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(b"retry: 500\n\n")
                for _ in range(int(_STREAM_S * 2)):
                    now = chat.version(known, 0.5)
                    if now != known:
                        known = now
                        self.wfile.write(f"data: {now}\n\n".encode())
                        self.wfile.flush()

        def _file(self, id: str) -> None:
            found = chat.file(id)
            if found is None:
                self._send(404, b"", "text/plain")
                return
            data, media = found
            asked = _RANGE.fullmatch(self.headers.get("Range", ""))
            if asked is None:
                self._send(200, data, media, {"Accept-Ranges": "bytes"})
                return
            first, last = int(asked[1]), min(int(asked[2] or len(data) - 1), len(data) - 1)
            if first > last:
                self._send(416, b"", "text/plain", {"Content-Range": f"bytes */{len(data)}"})
                return
            span = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {first}-{last}/{len(data)}"}
            self._send(206, data[first : last + 1], media, span)

        def _json(self, status: int, value: object) -> None:
            self._send(status, json.dumps(value).encode(), "application/json")

        def _send(self, status: int, body: bytes, media: str, more: Mapping[str, str] | None = None) -> None:
            with contextlib.suppress(OSError):
                self.send_response(status)
                self._policies(media)
                for name, value in (more or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def _policies(self, media: str) -> None:
            self.send_header("Content-Type", media)
            self.send_header("Content-Security-Policy", _POLICY)
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Referrer-Policy", "no-referrer")
            self.send_header("Cross-Origin-Resource-Policy", "same-origin")
            self.send_header("Cache-Control", "no-store")

        def log_message(self, format: str, *args: object) -> None:
            """The page shows the twin's own log."""

    for verb, play in (("GET", Handler.get), ("POST", Handler.post)):
        setattr(Handler, f"do_{verb}", play)
    return Handler
