"""Checking a file that somebody sent: what does it carry, and is it ours?"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reelgate.errors import MediaRejected
from reelgate_service.db import jobs
from reelgate_service.steps import ending

if TYPE_CHECKING:
    from reelgate_service.db.jobs import Job
    from reelgate_service.studio import Studio

TIMEOUT_S = 240.0
REJECTED = 2
"""Exit status of the looking process when the file is no media we read."""


def verify(job: Job, studio: Studio) -> Job:
    """Look at the uploaded file and keep the report as the job's result. A file that is no media fails the job."""
    if job.state != "received":
        return job
    try:
        report = _looked_at(job, studio)
    except MediaRejected as error:
        return ending.fail(job, studio, error.code, error.says)
    return jobs.move(
        studio.db,
        job,
        "done",
        "verified",
        facts={"verdict": str(report["verdict"])},
        values={"result": json.dumps(report)},
    )


def _looked_at(job: Job, studio: Studio) -> dict[str, Any]:
    """The report, made by a process of its own: the one that opens a stranger's file must have no threads."""
    studio.settings.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=studio.settings.spool) as folder:
        path = Path(folder) / "upload"
        with studio.store.open("quarantine", str(job.order["upload"])) as source, path.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        environment["REELGATE_HOME"] = str(studio.settings.home)
        environment["REELGATE_DATABASE_URL"] = studio.settings.database_url
        try:
            ended = subprocess.run(
                [sys.executable, "-m", "reelgate_service.steps.looking", str(path)],
                env=environment,
                stdout=subprocess.PIPE,
                timeout=TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise MediaRejected("Looking at the file took too long.") from None
    if ended.returncode == REJECTED:
        raise MediaRejected("The file is no media that we read.")
    if ended.returncode != 0:
        raise RuntimeError(f"The looking process ended with {ended.returncode}.")  # a file may be what ends it
    report: dict[str, Any] = json.loads(ended.stdout)
    return report
