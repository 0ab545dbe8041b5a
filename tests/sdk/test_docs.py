"""Runs every Python block of docs/sdk.md as it stands, against a scripted service."""

from __future__ import annotations

import http.server
import os
import re
import shlex
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from tests.sdk.fake_service import FILE, KEY, RESULT, Answer, FakeService, Seen, event, job, js, stream

from reelgate import cli, webhooks
from reelgate.errors import ReelgateError, by_code
from reelgate.options import imagine_options

PAGE = (Path(__file__).parents[2] / "docs" / "sdk.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PYTHON = [code for language, code in BLOCKS if language == "python"]
SHELL = [line for language, code in BLOCKS if language == "sh" for line in code.splitlines()]


def block(holding: str) -> str:
    """The one block that holds these words."""
    (found,) = [code for code in PYTHON if holding in code]
    return found


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A small service that knows keys, refuses one prompt and finishes every other job."""
    monkeypatch.chdir(tmp_path)
    keys: dict[str, str] = {}

    def answer(request: Seen) -> Answer:
        refused = b"refuses" in request.body or "bad" in request.path
        match request.method, request.path.split("/")[2:]:
            case "POST", ["reels" | "stickers"]:
                kept = keys.setdefault(request.headers["idempotency-key"], f"job_{len(keys)}")
                return js(job(id="job_bad" if refused else kept), 202)
            case "GET", ["jobs", name, "events"]:
                progress = event("progress", {"stage": "rendering", "done": 3, "total": 4})
                return stream(progress, event("state", {"stage": "done"}))
            case "GET", ["jobs", name]:
                return js(job("refused", id=name) if refused else job("done", id=name, result=RESULT))
            case "GET", ["jobs", _, "file"]:
                return Answer(200, FILE)
            case "POST", ["webhooks"]:
                return js({"id": "wh_1", "url": request.json["url"], "secret": "whsec_shown_once"}, 201)
            case "POST", ["verify"]:
                return js({"verdict": "ours", "manifest": {}, "ledger": {"entry": 1}})
        return Answer(404)

    with FakeService(*[answer] * 20) as running:
        monkeypatch.setenv("REELGATE_URL", running.url)
        monkeypatch.setenv("REELGATE_API_KEY", KEY)
        yield running


def run(code: str) -> dict[str, object]:
    names: dict[str, object] = {"__name__": "docs"}
    exec(compile(code, "docs/sdk.md", "exec"), names)
    return names


def test_every_python_block_is_run_below():
    assert len(PYTHON) == 8


def test_the_first_reel(service: FakeService, capsys: pytest.CaptureFixture[str]):
    run(block("is labelled"))
    assert Path("hippo.mp4").read_bytes() == FILE
    assert "carries the mark 00112233445566ff" in capsys.readouterr().out


def test_a_sticker_and_another_one(service: FakeService):
    run(block("client.stickers"))
    assert Path("hippo.webp").read_bytes() == FILE
    asked = [request.json for request in service.seen if request.path == "/v1/stickers"]
    assert asked == [{"prompt": "a baby hippo waving"}, {"parent": "job_0", "variation": 1}]


def test_progress(service: FakeService, capsys: pytest.CaptureFixture[str]):
    run(block("on_progress=show"))
    assert capsys.readouterr().out.splitlines() == ["rendering 3 of 4", "done"]


def test_a_refusal(service: FakeService, capsys: pytest.CaptureFixture[str]):
    run(block("except Refused"))
    assert capsys.readouterr().out.startswith("refused: We can't film that one.")


def test_a_key_of_ones_own(service: FakeService):
    run(block("order-4711"))
    assert [request.headers["idempotency-key"] for request in service.seen] == ["order-4711"] * 2


def test_a_webhook_endpoint(service: FakeService, capsys: pytest.CaptureFixture[str]):
    run(block("webhooks.create"))
    assert capsys.readouterr().out == "keep this: whsec_shown_once\n"


def test_verifying(service: FakeService, capsys: pytest.CaptureFixture[str]):
    Path("hippo.mp4").write_bytes(FILE)
    run(block("verify.file"))
    assert capsys.readouterr().out == "ours\n{} {'entry': 1}\n"


def test_the_webhook_receiver(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    ready = threading.Event()
    made: list[http.server.HTTPServer] = []

    class Listening(http.server.HTTPServer):
        """The receiver's own server, on a free port, telling when it listens."""

        def __init__(self, address: tuple[str, int], handler: type[http.server.BaseHTTPRequestHandler]) -> None:
            super().__init__((address[0], 0), handler)
            made.append(self)
            ready.set()

    monkeypatch.setattr(http.server, "HTTPServer", Listening)
    code = block("class Receiver")
    thread = threading.Thread(target=run, args=(code,))
    thread.start()
    assert ready.wait(10)
    secret = re.search(r"whsec_\w+", code)[0]
    url = f"http://127.0.0.1:{made[0].server_port}/"
    headers = webhooks.sign("msg_1", b'{"type": "job.ended"}', secret)
    try:
        for _ in range(2):
            assert post(url, b'{"type": "job.ended"}', headers) == 204
        assert post(url, b'{"type": "forged"}', headers) == 401
    finally:
        made[0].shutdown()
        thread.join()
        made[0].server_close()
    assert capsys.readouterr().out.count("news: {'type': 'job.ended'}") == 1


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    request = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_the_shell_lines_are_read_by_the_command():
    for line in SHELL:
        words = shlex.split(line)
        if words[0] == "reelgate":
            assert words[1] == "imagine"
            assert imagine_options().parse_args(words[2:]).output == "hippo.mp4"


def test_the_settings_named_are_those_that_are_read(service: FakeService, capsys: pytest.CaptureFixture[str]):
    for name in set(re.findall(r"REELGATE_\w+", PAGE)):
        assert name in os.environ
    assert cli.main(["imagine", "a hippo", "-o", "x.mp4"]) == 0


def test_every_error_named_exists():
    named = set(re.findall(r"except (\w+)", PAGE))
    assert named <= {error.__name__ for error in by_code().values()} | {ReelgateError.__name__}
