"""Checking a file that somebody sent: what does it carry, and is it ours?"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from reelgate_moderation.hashes.pdq import pdq
from reelgate_moderation.provenance.reader import HouseMarkReader

from reelgate_moderation.provenance.verify import verify_file
from reelgate_service import signing
from reelgate_service.db import jobs
from reelgate_service.db.lookup import DatabaseLedger

if TYPE_CHECKING:
    from reelgate_service.db.jobs import Job
    from reelgate_service.studio import Studio


def verify(job: Job, studio: Studio) -> Job:
    """Look at the uploaded file and keep the report as the job's result. A file that is no media fails the job."""
    if job.state != "received":
        return job
    studio.settings.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=studio.settings.spool) as folder:
        path = Path(folder) / "upload"
        with studio.store.open("quarantine", str(job.order["upload"])) as source, path.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        ledger = DatabaseLedger(studio.db, signing.chains(studio.settings), job.tenant_id)
        report = verify_file(path, mark_reader=HouseMarkReader(studio.picture_mark), hasher=pdq, ledger=ledger)
    return jobs.move(
        studio.db,
        job,
        "done",
        "verified",
        facts={"verdict": report.judgement.outcome.value},
        values={"result": json.dumps(report.document())},
    )
