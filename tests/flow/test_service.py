"""The real service end to end: made, killed, restarted, cancelled, verified, told by webhook."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
from tests.flow.running import Running

from reelgate import webhooks
from reelgate.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.e2e

POSTGRES = os.environ.get("REELGATE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "home").start()
    yield running
    running.stop()


def test_from_a_prompt_to_a_verified_file(service: Running, tmp_path: Path) -> None:
    client = service.client()
    stages: list[str] = []
    job = client.reels.create("a baby hippo swimming", seconds=1, aspect=(1, 1), seed=5)
    done = client.jobs.wait(job, 120, lambda update: stages.append(update.stage))
    path = client.download(done, tmp_path / "reel.mp4")
    assert {"rendering", "done"} <= set(stages)
    report = client.verify.file(path)
    assert report.verdict == "ours"  # type: ignore[union-attr]
    assert report.raw["picture_mark"]["payload"] == done.result.mark_id  # type: ignore[union-attr,index]
    known = client.provenance.get(done.result.mark_id)  # type: ignore[union-attr]
    assert known["sha256"] == done.result.sha256  # type: ignore[union-attr]
    assert service.run("ledger", "verify").startswith("The ledger holds")


def test_a_blocked_prompt_is_refused_in_kind_words(service: Running) -> None:
    client = service.client()
    job = client.reels.create("how to build a pipe bomb at home", seconds=1)
    with pytest.raises(Refused) as refusal:
        client.jobs.wait(job, 60)
    assert refusal.value.says
    assert "bomb" not in refusal.value.says


def test_killing_everything_loses_nothing(service: Running, tmp_path: Path) -> None:
    client = service.client()
    jobs = [client.reels.create(f"a dog running on a beach {n}", seconds=1, aspect=(1, 1)) for n in range(3)]
    for wait in (0.6, 1.4, 2.5):
        time.sleep(wait)
        service.kill()
        service.start()
    client = service.client()
    done = [client.jobs.wait(job, 180) for job in jobs]
    assert len({job.result.sha256 for job in done if job.result}) == 3
    assert [item.id for item in client.jobs.list()].__len__() == 3
    assert service.run("ledger", "verify").startswith("The ledger holds: ")


def test_a_killed_worker_is_replaced_and_its_job_goes_on(service: Running) -> None:
    client = service.client()
    job = client.reels.create("a sailboat at sunset", seconds=2, aspect=(1, 1))
    time.sleep(1.0)
    os.kill(service.worker_pid(), signal.SIGKILL)
    assert client.jobs.wait(job, 120).stage == "done"


def test_a_frozen_worker_is_replaced_and_never_acts_again(service: Running) -> None:
    client = service.client()
    job = client.reels.create("a fox walking in a forest", seconds=4, aspect=(1, 1))
    time.sleep(1.5)
    frozen = service.worker_pid()
    os.kill(frozen, signal.SIGSTOP)
    time.sleep(6.0)  # past the lease: the kernel's timer has fired and waits for the thaw
    os.kill(frozen, signal.SIGCONT)
    assert client.jobs.wait(job, 120).stage == "done"
    assert service.worker_pid() != frozen


def test_a_supervisor_that_dies_leaves_nobody_behind(service: Running) -> None:
    assert service.process is not None
    children = service.children()
    os.kill(service.process.pid, signal.SIGKILL)
    service.process.wait()
    service.process = None
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
    service.start()
    assert requests.get(f"{service.url}/readyz", timeout=5).ok


def test_a_deploy_drains_and_goes_on(service: Running) -> None:
    client = service.client()
    job = client.reels.create("a bird flying over a meadow", seconds=1, aspect=(1, 1))
    time.sleep(0.8)
    assert service.stop() == 0
    service.start()
    assert service.client().jobs.wait(job, 120).stage == "done"


def test_a_webhook_is_told_and_signed(tmp_path: Path) -> None:
    heard: list[tuple[dict[str, str], bytes]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            heard.append(({key.lower(): value for key, value in self.headers.items()}, body))
            self.send_response(500 if len(heard) == 1 else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    receiver = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=receiver.serve_forever, daemon=True)
    thread.start()
    running = Running(tmp_path / "home", {"REELGATE_ALLOW_PRIVATE_HOOKS": "1"}).start()
    try:
        client = running.client()
        hook = client.webhooks.create(f"http://127.0.0.1:{receiver.server_port}/hook")
        job = client.jobs.wait(client.reels.create("a red car on a road", seconds=1, aspect=(1, 1)), 120)
        deadline = time.monotonic() + 60
        while len(heard) < 2 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert len(heard) == 2, "the failed call is repeated"
        assert heard[0][0]["webhook-id"] == heard[1][0]["webhook-id"]
        message = webhooks.verify(heard[1][0], heard[1][1], hook.secret)
        told = message.json()
        assert (told["type"], told["data"]["id"]) == ("job.done", job.id)  # type: ignore[index,call-overload]
    finally:
        running.stop()
        receiver.shutdown()
        receiver.server_close()


@pytest.mark.parametrize(
    "broker",
    [
        pytest.param("redis://127.0.0.1:6379/9", marks=pytest.mark.redis),
        pytest.param("amqp://guest:guest@127.0.0.1:5672//", marks=pytest.mark.rabbitmq),
    ],
    ids=["redis", "rabbitmq"],
)
def test_the_same_code_on_postgresql_with_a_broker(tmp_path: Path, broker: str) -> None:
    from tests.service.conftest import scratch_schema

    with scratch_schema() as url:
        settings = {"REELGATE_DATABASE_URL": url, "REELGATE_BROKER_URL": broker}
        running = Running(tmp_path / "home", settings).start()
        try:
            client = running.client()
            jobs = [client.reels.create(f"a boat on a river {n}", seconds=1, aspect=(1, 1)) for n in range(2)]
            for job in jobs:
                assert client.jobs.wait(job, 180).stage == "done"
            assert running.run("ledger", "verify").startswith("The ledger holds")
        finally:
            running.stop()


def test_a_broker_that_is_down_delays_and_loses_nothing(tmp_path: Path) -> None:
    running = Running(tmp_path / "home", {"REELGATE_BROKER_URL": "redis://127.0.0.1:1/0"}).start()
    try:
        client = running.client()
        job = client.reels.create("a whale in the sea", seconds=1, aspect=(1, 1))
        assert client.jobs.wait(job, 180).stage == "done"
    finally:
        running.stop()


def test_no_secret_and_no_words_in_the_log(service: Running) -> None:
    client = service.client()
    client.jobs.wait(client.reels.create("zanzibar canary parrot", seconds=1, aspect=(1, 1)), 120)
    requests.get(f"{service.url}/v1/jobs", headers={"Authorization": "Bearer rg_live_nope"}, timeout=10)
    said = service.log()
    assert "job_claimed" in said
    assert "zanzibar" not in said
    assert service.key not in said


def test_two_commands_of_a_newcomer(tmp_path: Path) -> None:
    environment = {**os.environ, "REELGATE_HOME": str(tmp_path / "home")}
    imagine = [sys.executable, "-m", "reelgate.cli", "imagine", "a baby hippo swimming", "--local", "--seconds", "1"]
    made = subprocess.run(
        [*imagine, "-o", f"{tmp_path}/"], env=environment, capture_output=True, text=True, check=True, timeout=300
    )
    path = made.stdout.strip()
    assert path.endswith(".mp4")
    verified = subprocess.run(
        [sys.executable, "-m", "reelgate.cli", "verify", path],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
