"""The reelgate command as a program of its own: exit codes, Ctrl-C, a reader that leaves early."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tests.sdk.fake_service import KEY, ROAD, Answer, FakeService, Seen, job, js, problem

import reelgate


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def program(*argv: str, url: str = "") -> subprocess.Popen[str]:
    source = str(Path(reelgate.__file__).parent.parent)
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": source, "REELGATE_URL": url, "REELGATE_API_KEY": KEY}
    return subprocess.Popen(
        [sys.executable, "-m", "reelgate.cli", *argv],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that starts us in the background has us, and our children, ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # type: ignore[arg-type,return-value]
    )


def test_the_program_leaves_with_the_codes():
    with FakeService(*ROAD, problem(422, "refused")) as service:
        made = program("imagine", "a hippo", url=service.url)
        out, err = made.communicate(timeout=30)
        assert (made.returncode, out) == (0, "reel-job_1.mp4\n"), err
        refused = program("imagine", "a hippo", "--json", url=service.url)
        out, _ = refused.communicate(timeout=30)
    assert refused.returncode == 3
    assert json.loads(out)["error"]["code"] == "refused"


def test_ctrl_c_says_that_the_job_goes_on_and_how_to_wait_for_it():
    waiting, done = threading.Event(), threading.Event()

    def forever(_: Seen) -> Answer:
        waiting.set()
        done.wait(20)
        return Answer(503)

    with FakeService(js(job(), 202), forever) as service:
        running = program("imagine", "a hippo", url=service.url)
        try:
            assert waiting.wait(20)
            running.send_signal(signal.SIGINT)
            out, err = running.communicate(timeout=20)
        finally:
            done.set()
            running.kill()
    assert running.returncode == 130
    assert out == ""
    assert "reelgate wait job_1" in err
    assert "Traceback" not in err


def test_a_reader_that_leaves_early_is_no_fault():
    running = program("plugins")
    assert running.stdout is not None
    running.stdout.close()
    running.wait(20)
    assert running.stderr is not None
    with running.stderr as err:
        assert "Traceback" not in err.read()
