"""The kill timer: a process that was frozen past its lease never runs another instruction."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HOLDER = """
import sys, time
from pathlib import Path
from reelgate_service.db import inbox, jobs, migrate
from reelgate_service.db.base import open_database
from reelgate_service.vault import Vault
from reelgate_service.worker.keeper import Keeper
home = Path(sys.argv[1])
db = open_database(f"sqlite:///{home}/keep.db")
migrate.upgrade(db)
asked = inbox.Acceptance("local", "api", "local", "k", "b", "reel", "storyboard", {}, "words")
made = inbox.accept(db, Vault([b"k" * 32]), asked, deadline_ms=1000000, max_queue=9)
job = jobs.claim(db, made.job_id, "holder", 2000)
with Keeper(db, job, 2.0) as keeper:
    (home / "holding").write_text("yes")
    until = time.monotonic() + float(sys.argv[2])
    while time.monotonic() < until:
        time.sleep(0.01)
        (home / "alive").write_text(str(time.monotonic()))
(home / "finished").write_text("yes")
"""


def _start(home: Path, seconds: float) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "REELGATE_LOG": "off", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(home), str(seconds)], env=environment)
    deadline = time.monotonic() + 30
    while not (home / "holding").exists():
        assert time.monotonic() < deadline
        assert holder.poll() is None
        time.sleep(0.02)
    return holder


def test_heartbeats_carry_a_job_past_its_first_lease(tmp_path: Path) -> None:
    holder = _start(tmp_path, 5.0)
    assert holder.wait(30) == 0
    assert (tmp_path / "finished").exists()


def test_a_frozen_owner_dies_before_it_acts_again(tmp_path: Path) -> None:
    holder = _start(tmp_path, 60.0)
    time.sleep(0.3)
    holder.send_signal(signal.SIGSTOP)
    time.sleep(3.0)
    seen = (tmp_path / "alive").read_text()
    holder.send_signal(signal.SIGCONT)
    assert holder.wait(10) == -signal.SIGALRM
    assert (tmp_path / "alive").read_text() == seen
    assert not (tmp_path / "finished").exists()
