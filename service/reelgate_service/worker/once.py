"""Carries one job to where it goes, in a process of its own: ``python -m reelgate_service.worker.once JOB``."""

from __future__ import annotations

import sys
import time

from reelgate.errors import OutOfSpace, ReelgateError
from reelgate_service import settings, studio
from reelgate_service.db import ledger
from reelgate_service.db.base import typed_errors
from reelgate_service.observe import log
from reelgate_service.storage import FULL_EXIT
from reelgate_service.worker.lifeline import die_with_parent
from reelgate_service.worker.run import run

_PATIENCE_S = 0.5


def main(job_id: str) -> None:
    """Run the job once, number what it wrote into the ledger, and leave; wait a little if it is not due yet."""
    die_with_parent()
    here = studio.build(settings.from_environment())
    if not run(job_id, here):
        time.sleep(_PATIENCE_S)
    ledger.sequence(here.db)


if __name__ == "__main__":
    try:
        with typed_errors():
            main(sys.argv[1])
    except OutOfSpace:
        sys.exit(FULL_EXIT)
    except ReelgateError as error:
        log("worker_failed", code=error.code, job=sys.argv[1])
        sys.exit(1)
