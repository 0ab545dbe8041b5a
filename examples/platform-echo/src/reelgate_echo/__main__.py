"""Run a board: ``python -m reelgate_echo --app http://127.0.0.1:8700/platforms/echo/board``."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import requests

from reelgate_echo.board import Board
from reelgate_echo.facts import FACTS
from reelgate_echo.page import page

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = FACTS.limits.max_bytes + 1


def main() -> int:
    """Serve the board until Ctrl-C; both secrets come from the environment, as with the service."""
    options = argparse.ArgumentParser(prog="python -m reelgate_echo", description="A message board with Reelgate.")
    options.add_argument("--app", required=True, metavar="URL", help="where the app listens: .../platforms/echo/APP")
    options.add_argument("--port", type=int, default=8710)
    asked = options.parse_args()
    secret, token = os.environ.get("ECHO_SIGNING_SECRET", ""), os.environ.get("ECHO_TOKEN", "")
    if not secret or not token:
        sys.stderr.write("Set ECHO_SIGNING_SECRET and ECHO_TOKEN, the same that the service was given.\n")
        return 2
    server = serve(secret, token, asked.app, asked.port)
    sys.stderr.write(f"The board is at http://127.0.0.1:{server.server_port}/ (stop it with Ctrl-C)\n")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return 130
    finally:
        server.server_close()
    return 0


def serve(secret: str, token: str, app: str, port: int = 0) -> ThreadingHTTPServer:
    """A board on a port of this machine (any free one for 0), not yet running."""

    def send(body: bytes, headers: Mapping[str, str]) -> bytes:
        try:
            answer = requests.post(app, data=body, headers=dict(headers), timeout=FACTS.ack_deadline)
        except requests.RequestException:
            return json.dumps({"show": "note", "text": "The app does not answer."}).encode()
        known = answer.headers.get("content-type", "").startswith("application/json")
        wrong = json.dumps({"show": "note", "text": f"The app answered {answer.status_code}."}).encode()
        return answer.content if answer.ok and known else b"" if answer.ok else wrong

    board = Board(secret, token, send, time.time)
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"board": board}))
    board.link = f"http://127.0.0.1:{server.server_port}"
    return server


class _Handler(BaseHTTPRequestHandler):
    board: Board

    def do_any(self) -> None:
        """The page for people, everything else for the app."""
        body = self.rfile.read(min(MOST, int(self.headers.get("Content-Length") or 0)))
        shown = re.fullmatch(r"/shown/([0-9a-f]{64})", self.path)
        if self.command == "GET" and self.path == "/":
            self._send(200, page(self.board).encode(), "text/html; charset=utf-8")
        elif self.command == "GET" and shown and shown[1] in self.board.files:
            media_type, data = self.board.files[shown[1]]
            self._send(200, data, media_type)
        elif self.command == "POST" and self.path in {"/say", "/press", "/form"}:
            self._people(self.path, {name: values[0] for name, values in parse_qs(body.decode()).items()})
        else:
            headers = {name.lower(): value for name, value in self.headers.items()}
            told = self.board.ask(self.command, self.path, headers, body)
            value = b"" if told.value is None else json.dumps(told.value).encode()
            self._send(told.status, value, "application/json")

    do_GET = do_POST = do_PUT = do_DELETE = do_any  # noqa: N815  the names http.server asks for

    def _people(self, path: str, form: Mapping[str, str]) -> None:
        # Another site's page must not be able to type here in a visitor's name.
        if self.headers.get("Origin", self.board.link) != self.board.link:
            self._send(403, b"", "text/plain")
            return
        if path == "/say":
            self.board.say(form.get("text", ""))
        elif path == "/press":
            self.board.tell({"type": "press", "state": form.get("state", ""), "message": form.get("message", "")})
        else:
            self.board.tell({"type": "form", "state": form.get("state", ""), "words": form.get("words", "")})
        self.send_response(303)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: int, body: bytes, media_type: str) -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: what people type is nobody's log."""


if __name__ == "__main__":
    sys.exit(main())
