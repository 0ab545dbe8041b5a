"""``reelgate imagine --local``: the whole chain on this machine, without a service.

The request goes the ordinary way: accepted in one transaction, carried by a worker in a process of its own,
delivered by the platform ``folder``. Stopping it loses nothing: a worker on the same home finishes the job.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reelgate.console import INTERRUPTED, MADE, Console
from reelgate.errors import BadInput, Held, JobFailed, OutOfSpace, Refused, Unavailable
from reelgate.options import imagine_options
from reelgate.words import Stage
from reelgate_moderation.review import desk
from reelgate_moderation.review.desk import Choice
from reelgate_service import marking, ordering, signing
from reelgate_service import settings as settings_
from reelgate_service.db import inbox, migrate, queries, reviews
from reelgate_service.db.base import Database, open_database, typed_errors
from reelgate_service.db.lookup import DatabaseLedger
from reelgate_service.needs import need_drivers, need_parts
from reelgate_service.storage import FULL_EXIT, need_room
from reelgate_service.vault import open_vault

if TYPE_CHECKING:
    import argparse

    from reelgate_moderation.provenance.ledger import LedgerLookup
    from reelgate_service.settings import Settings
    from reelgate_service.vault import Vault

SUMMARY = "make a reel or a sticker on this machine, without a service"
TENANT = "local"
_LOOK_EVERY_S = 0.2
_PATIENCE = 5
"""Workers in a row that ended with an error before we say that none can work."""


def imagine_command(argv: list[str]) -> int:
    """Film the prompt here; prints where the file is. Exit codes are those of ``reelgate imagine``."""
    with typed_errors():
        return _imagine(argv)


def _imagine(argv: list[str]) -> int:
    asked = imagine_options().parse_args(argv)
    chosen = settings_.from_environment()
    need_parts(chosen)
    chosen.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    need_room(chosen)
    acceptance = ordering.make(
        tenant_id=TENANT,
        platform="folder",
        app=TENANT,
        text=" ".join(asked.prompt),
        kind=asked.kind,
        seconds=asked.seconds,
        aspect=asked.aspect,
        seed=asked.seed,
        generator=asked.generator or "storyboard",
        member=getpass.getuser(),
    )
    target = _target(asked.output)
    db, vault = open_database(chosen.database_url), open_vault(chosen)
    migrate.upgrade(db)
    accepted = inbox.accept(
        db, vault, acceptance, deadline_ms=int(chosen.deadline_s * 1000), max_queue=chosen.max_queue
    )
    console = Console()
    try:
        view = _see_through(db, vault, accepted.job_id, console, asked)
    except KeyboardInterrupt:
        console.say("Stopped. What was accepted is kept; 'reelgate-service worker' would finish it.")
        return INTERRUPTED
    path = _fetch(db, chosen, accepted.job_id, target)
    _report(db, console, view, path, as_json=asked.json)
    return MADE


def ledger_lookup() -> LedgerLookup | None:
    """The ledger of this machine's home, for ``reelgate verify``; ``None`` where there is none."""
    chosen = settings_.from_environment()
    need_drivers(chosen)
    if chosen.database_url.startswith("sqlite") and not Path(chosen.database_url.removeprefix("sqlite:///")).exists():
        return None
    return DatabaseLedger(open_database(chosen.database_url), signing.chains(chosen), marking.keys(chosen))


def _see_through(
    db: Database, vault: Vault, job_id: str, console: Console, asked: argparse.Namespace
) -> dict[str, Any]:
    """Have a worker carry the job and show how far it is; the job's last view, or a typed error."""
    worker, failures = _worker(job_id), 0
    try:
        while True:
            with db.read() as session:
                view = queries.job_view(session, queries.job_row(session, TENANT, job_id), vault)
            stage = Stage(view["stage"])
            console.progress(stage.value, view["progress"]["done"], view["progress"]["total"])
            if stage is Stage.DONE:
                return view
            if stage in {Stage.REVIEW, Stage.HELD}:
                _approve_or_leave(db, view, stage, console, approve=asked.approve)
                worker.wait()
            elif stage is Stage.REFUSED:
                raise Refused(f"Job {job_id} was refused.", says=view["error"]["says"])
            elif stage.ended:
                raise JobFailed(
                    f"Job {job_id}: {view['error']['code']}.", stage=stage.value, says=view["error"]["says"]
                )
            elif worker.poll() == FULL_EXIT or (view["waits"] or {}).get("code") == OutOfSpace.code:
                raise OutOfSpace("What was accepted is kept: 'reelgate-service worker' goes on when there is room.")
            if worker.poll() is not None:
                failures = failures + 1 if worker.returncode > 0 else 0
                if failures == _PATIENCE:
                    raise Unavailable("The worker cannot start. See why with: REELGATE_LOG= reelgate-service worker")
                worker = _worker(job_id)  # it parked, or something killed it: the next one takes over
            time.sleep(_LOOK_EVERY_S)
    finally:
        if worker.poll() is None:
            worker.terminate() if sys.exc_info()[0] else worker.wait()


def _worker(job_id: str) -> subprocess.Popen[bytes]:
    log = os.environ.get("REELGATE_LOG", "off")  # on a terminal, the log would break the progress line
    return subprocess.Popen(
        [sys.executable, "-m", "reelgate_service.worker.once", job_id], env={**os.environ, "REELGATE_LOG": log}
    )


def _approve_or_leave(db: Database, view: dict[str, Any], stage: Stage, console: Console, *, approve: bool) -> None:
    with db.read() as session:
        row = next((item for item in reviews.waiting(session, TENANT) if item.job_id == view["id"]), None)
    if row is None:
        return
    if not approve or Choice.APPROVE not in desk.offers(row.kind):
        look = "reelgate-service reviews show " + row.id
        raise Held(
            f"Held as {row.kind}: {row.reason}. Decide with: {look}", says="A person has to look at this one first."
        )
    reviews.decide(db, row.id, Choice.APPROVE, f"keyboard:{getpass.getuser()}", note="approved at the keyboard")
    console.say(f"Held as {row.kind} ({row.reason}); approved by you, and recorded.")


def _target(output: str | None) -> Path | None:
    """Where the file shall go; found out before anything is filmed."""
    if output is None:
        return None
    path = Path(output)
    if output.endswith(os.sep) or path.is_dir():
        path.mkdir(parents=True, exist_ok=True)
        return path
    if not path.absolute().parent.is_dir():
        raise BadInput("No such folder.", says="The folder for the file is not there; make it first.")
    return path


def _fetch(db: Database, chosen: Settings, job_id: str, target: Path | None) -> Path:
    """The delivered file, or a copy of it at ``target`` that appears whole or not at all."""
    with db.read() as session:
        name = queries.delivered_as(session, TENANT, job_id)
    delivered = chosen.delivery_path / name
    if target is None:
        return delivered
    final = target / Path(name).name if target.is_dir() else target
    fresh = final.with_name(f".{final.name}.part")
    try:
        shutil.copyfile(delivered, fresh)
        fresh.replace(final)
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
    return final


def _report(db: Database, console: Console, view: dict[str, Any], path: Path, *, as_json: bool) -> None:
    with db.read() as session:
        stages = queries.stage_times(session, view["id"])
    if as_json:
        console.answer_json({**view, "path": str(path), "stages": dict(stages)})
        return
    total = sum(seconds for _, seconds in stages)
    told = "  ".join(f"{stage} {seconds:.1f}" for stage, seconds in stages if seconds >= 0.05)
    console.say(f"{told}  = {total:.1f} s")
    if view["understood"]:
        console.say(f"understood: {', '.join(view['understood'])}")
    for name in ("approximated", "ignored"):
        if view[name]:
            console.say(f"{name}: {', '.join(view[name])}")
    console.say(f"labelled '{view['result']['label']}', mark {view['result']['mark_id']}", good=True)
    console.answer(str(path))
