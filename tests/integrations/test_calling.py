"""How platforms' APIs are called: the outcome is honest, the time is limited, and nobody is led astray."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from reelgate.errors import AnswerLost, BadInput, PlatformFault
from reelgate_integrations.calling import Caller, checked_api

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def served(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[tuple[str, list[BaseHTTPRequestHandler]]]:
    """A server whose every answer is ``answer``; its address and the requests so far."""
    seen: list[BaseHTTPRequestHandler] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            self.body = self.rfile.read(int(self.headers.get("content-length", "0")))
            seen.append(self)
            answer(self)

        do_GET = do_POST = do_PATCH = handle_any

        def log_message(self, *told: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def telling(status: int, body: bytes = b"{}", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return answer


def hanging_up(request: BaseHTTPRequestHandler) -> None:
    request.close_connection = True
    request.connection.shutdown(socket.SHUT_RDWR)


def call(url: str, **more: object):
    told: dict[str, object] = {"limit_s": 5.0, "body": b'{"a":1}', "headers": {"Content-Type": "application/json"}}
    return Caller("There", url, {"User-Agent": "tests"}).call("POST", "/x", **{**told, **more})  # type: ignore[arg-type]


def test_any_answer_is_an_answer():
    for status in (200, 204, 302, 404, 429, 500):
        with served(telling(status, b'{"code":7}' if status != 204 else b"", Retry_After="3")) as (url, seen):
            told = call(url)
            assert told.status == status and told.headers["retry-after"] == "3"
            assert told.data == ({"code": 7} if status != 204 else None)
            assert len(seen) == 1 and seen[0].body == b'{"a":1}' and seen[0].headers["user-agent"] == "tests"


def test_a_redirect_is_not_followed_and_no_cookie_is_kept():
    with served(telling(302, Location="/elsewhere", Set_Cookie="a=b")) as (url, seen):
        caller = Caller("There", url, {})
        assert [caller.call("GET", "/x", limit_s=5).status for _ in range(2)] == [302, 302]
        assert [request.path for request in seen] == ["/api/x", "/api/x"] and "cookie" not in seen[1].headers


def test_what_stands_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with served(telling(200)) as (url, _):
        assert call(url).status == 200


def test_nobody_there_means_it_did_not_happen():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(PlatformFault) as caught:
        call(f"http://127.0.0.1:{port}/api/secret")
    assert "secret" not in str(caught.value)


def test_no_such_name_means_it_did_not_happen():
    with pytest.raises(PlatformFault):
        call("https://no-such-name.invalid/api")


def test_no_answer_means_it_may_have_happened():
    with served(hanging_up) as (url, seen):
        with pytest.raises(AnswerLost):
            call(url)
        with pytest.raises(PlatformFault):
            call(url, harmless=True)
        assert len(seen) == 2


def test_an_answer_that_takes_too_long_is_lost():
    done = threading.Event()

    def slow(request: BaseHTTPRequestHandler) -> None:
        done.wait(10)
        hanging_up(request)

    with served(slow) as (url, _):
        try:
            with pytest.raises(AnswerLost):
                call(url, limit_s=0.2)
        finally:
            done.set()


def test_an_answer_that_trickles_is_given_up():
    ticks = iter(range(10_000))

    def trickle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "400000")
        request.end_headers()
        request.wfile.write(b" " * 200_000)
        request.wfile.flush()
        request.close_connection = True

    with served(trickle) as (url, _):
        caller = Caller("There", url, {}, monotonic=lambda: float(next(ticks)))
        with pytest.raises(AnswerLost):
            caller.call("POST", "/x", limit_s=4, body=b"{}")


def test_an_upload_whose_time_is_up_did_not_happen():
    late = iter([0.0, 100.0, 100.0, 100.0])
    with served(telling(200)) as (url, _):
        caller = Caller("There", url, {}, monotonic=lambda: next(late))
        with pytest.raises(PlatformFault):
            caller.call("POST", "/x", limit_s=4, body=b"{}")


@pytest.mark.parametrize(
    "url",
    ["http://discord.com/api", "ftp://127.0.0.1/x", "https://", "https://user:pass@discord.com/", "http://10.0.0.1/",
     "https://discord.com/?x=1", "https://discord.com:99999/", "", "http://127.0.0.1.example/"],
)  # fmt: skip
def test_only_https_or_this_machine(url: str):
    with pytest.raises(BadInput):
        checked_api(url)


def test_the_last_slash_is_left_out():
    assert checked_api("https://discord.com/api/v10/") == "https://discord.com/api/v10"
    assert checked_api("http://127.0.0.1:80/x") == "http://127.0.0.1:80/x"
