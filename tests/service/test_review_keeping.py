"""The lease is counted from before it was asked for, and a worker outlives whatever a job does to it."""

from __future__ import annotations

import signal
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.service.test_machine import asked

from reelgate_service import pipeline
from reelgate_service import studio as studio_
from reelgate_service.crash.processes import forked
from reelgate_service.db import inbox, jobs, tables
from reelgate_service.worker.keeper import Keeper
from reelgate_service.worker.run import run

if TYPE_CHECKING:
    from reelgate_service.db.base import Database
    from reelgate_service.settings import Settings

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_process_that_froze_after_its_claim_dies_before_it_begins(
    db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = studio_.build(replace(settings, lease_s=1.0), db=db)
    made = inbox.accept(db, studio.vault, asked(), deadline_ms=86_400_000, max_queue=9)
    claim = jobs.claim

    def freezes(*args: Any) -> jobs.Job | None:
        taken = claim(*args)
        time.sleep(1.1)
        return taken

    monkeypatch.setattr(jobs, "claim", freezes)
    db.close()
    outcome = forked(lambda: run(made.job_id, studio))
    assert outcome.status == -signal.SIGALRM
    with db.read() as session:
        assert session.get_one(tables.Job, made.job_id).version == 1


def test_a_part_that_breaks_in_an_unknown_way_costs_one_job_and_no_worker(
    db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Strange(Exception):
        pass

    def breaks(*_: object) -> Any:
        raise Strange("a paper boat")

    studio = studio_.build(settings, db=db)
    made = inbox.accept(db, studio.vault, asked(), deadline_ms=86_400_000, max_queue=9)
    monkeypatch.setattr(pipeline, "advance", breaks)
    assert run(made.job_id, studio, kill_timer=False) == "received"
    told = capsys.readouterr()
    assert "step_crashed" in told.err
    assert "paper boat" not in told.err + told.out


def test_progress_that_cannot_be_written_does_not_stop_the_work(
    db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reelgate.errors import Unavailable

    studio = studio_.build(settings, db=db)
    made = inbox.accept(db, studio.vault, asked(), deadline_ms=86_400_000, max_queue=9)
    job = jobs.claim(db, made.job_id, "me", 30_000)
    assert job is not None

    def busy(*_: object) -> None:
        raise Unavailable("The database does not answer.")

    with Keeper(db, job, 30.0, kill_timer=False) as keeper, monkeypatch.context() as patch:
        patch.setattr(jobs, "beat", busy)
        keeper.tell(1, 8)
    assert jobs.move(db, job, "refused", "refused").state == "refused"
