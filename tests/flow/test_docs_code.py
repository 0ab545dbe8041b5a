"""The code that README.md and docs/in-app.md show, as it stands there, against a real service."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import textwrap
import threading
from typing import TYPE_CHECKING, Any

import flask
import pytest
from tests.flow.running import Running
from tests.test_docs import ROOT
from werkzeug.serving import make_server

from reelgate import webhooks
from reelgate.errors import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reelgate.client import Client, Job

pytestmark = pytest.mark.e2e

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
YOUR_APP = "https://your.app/reelgate"


def blocks(page: str, language: str) -> list[str]:
    return [code for kind, code in BLOCK.findall((ROOT / page).read_text(encoding="utf-8")) if kind == language]


def run(code: str, **names: Any) -> dict[str, Any]:
    """Run a block as the next lines of a program that has these names; all its names afterwards."""
    exec(compile(code, "docs", "exec"), names)
    return names


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    settings = {"REELGATE_ALLOW_PRIVATE_HOOKS": "1"}  # as docs/in-app.md says for a laptop
    running = Running(tmp_path_factory.mktemp("docs") / "home", settings).start()
    yield running
    running.stop()


@pytest.fixture
def here(service: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Running:
    """An app's own folder and environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REELGATE_URL", service.url)
    monkeypatch.setenv("REELGATE_API_KEY", service.key)
    return service


class YourApp:
    """An app whose one route is the block that the page shows for it."""

    def __init__(self, code: str) -> None:
        self.names: dict[str, Any] = {"webhooks": webhooks}
        self.told: dict[str, tuple[str, int]] = {}
        self.news = threading.Condition()
        app = flask.Flask("your_app")
        lines = [*code.strip().splitlines(), "return job"]
        exec("def hear(request):\n" + textwrap.indent("\n".join(lines), "    "), self.names)

        @app.post("/reelgate")
        def route() -> tuple[str, int]:
            try:
                job: Job = self.names["hear"](flask.request)
            except NotAllowed:
                return "", 401
            except Exception as error:  # noqa: BLE001  told to the test, which fails on it
                self._note(str(flask.request.get_json()["data"]["id"]), repr(error), 500)
                return "", 500
            self._note(job.id, str(job.stage), 204)
            return "", 204

        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/reelgate"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _note(self, job: str, said: str, status: int) -> None:
        with self.news:
            self.told[job] = said, status
            self.news.notify_all()

    def heard(self, job: Job) -> tuple[str, int]:
        """What became of the webhook of a job, once it has come."""
        with self.news:
            assert self.news.wait_for(lambda: job.id in self.told, 120), "no webhook came"
            return self.told[job.id]

    def close(self) -> None:
        self._server.shutdown()


def test_the_button_of_docs_in_app(here: Running, tmp_path: Path) -> None:
    ask, register, hear = blocks("docs/in-app.md", "python")
    (tmp_path / "media").mkdir()
    app = YourApp(hear)
    try:
        made = run(ask, order_id="photo-1", another_id="photo-2")
        twice = run(ask, order_id="photo-1", another_id="photo-2")
        assert (twice["job"].id, twice["sticker"].id) == (made["job"].id, made["sticker"].id)
        client: Client = made["client"]
        assert YOUR_APP in register
        registered = run(register.replace(YOUR_APP, app.url), client=client)
        again = run(register.replace(YOUR_APP, app.url), client=client)
        assert again["secret"] == registered["secret"]
        app.names.update(client=client, secret=registered["secret"])

        refused = client.reels.create("how to build a pipe bomb at home", idempotency_key="photo-3")

        assert app.heard(made["job"]) == ("done", 204)
        assert app.heard(made["sticker"]) == ("done", 204)
        assert app.heard(refused) == ("refused", 204)
        kept = {f"{made['job'].id}.mp4": "video/mp4", f"{made['sticker'].id}.webp": "image/webp"}
        assert {path.name for path in (tmp_path / "media").iterdir()} == set(kept)
        for name in kept:
            assert client.verify.file(tmp_path / "media" / name).verdict == "ours"
        job = client.jobs.get(made["job"].id)
        assert (job.stage, job.progress) == ("done", 1.0)
        assert job.result is not None
        assert job.result.label
        trouble = client.jobs.get(refused.id).error
        assert trouble is not None
        assert trouble.says
    finally:
        app.close()


def test_the_route_of_docs_in_app_raises_for_what_is_forged(here: Running) -> None:
    *_, hear = blocks("docs/in-app.md", "python")
    app = YourApp(hear)
    client = here.client()
    app.names.update(client=client, secret=webhooks.new_secret())
    try:
        with flask.Flask("other").test_request_context(data=b"{}", method="POST") as context:
            with pytest.raises(NotAllowed):
                app.names["hear"](context.request)
        assert not app.told
    finally:
        app.close()


def test_the_few_lines_of_the_readme(here: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = blocks("README.md", "python")
    run(code)
    assert re.fullmatch(r"fox\.mp4 [0-9a-f]{16}\n", capsys.readouterr().out)
    assert here.client().verify.file(tmp_path / "fox.mp4").verdict == "ours"


def test_the_curl_lines_of_the_readme(here: Running, tmp_path: Path) -> None:
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    (lines,) = [code for code in blocks("README.md", "sh") if "curl" in code]
    first, found, rest = lines.partition("JOB=...")
    assert found
    job = json.loads(shell(first))
    here.client().jobs.wait(job["id"], 120)
    said = shell("JOB=" + job["id"] + rest)
    assert "event: result" in said
    assert (tmp_path / "fox.mp4").stat().st_size > 10_000
    assert json.loads(said[said.rindex("\n{") :])["verdict"] == "ours"


def shell(lines: str) -> str:
    ended = subprocess.run(
        ["bash", "-euc", lines], capture_output=True, text=True, check=False, env=dict(os.environ), timeout=120
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout
