"""Opens a stranger's file in a process without threads: ``python -m reelgate_service.steps.looking FILE``.

Prints the report as JSON. The file itself is decoded one step further down, in a locked-down child that can
open and reach nothing.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from reelgate.errors import MediaRejected
from reelgate_moderation.hashes.pdq import pdq
from reelgate_moderation.provenance.readers import HouseReader
from reelgate_moderation.provenance.verify import verify_file, warm_up
from reelgate_service import marking, settings, signing
from reelgate_service.db.base import open_database
from reelgate_service.db.lookup import DatabaseLedger
from reelgate_service.steps.checking import REJECTED


def main(path: Path) -> int:
    """Look, with the ledger at hand; 0, or :data:`REJECTED` for what is no media."""
    chosen = settings.from_environment()
    keys = marking.keys(chosen)
    reader = HouseReader(keys)
    ledger = DatabaseLedger(open_database(chosen.database_url), signing.chains(chosen), keys)
    warm_up(reader, pdq)
    try:
        report = verify_file(path, mark_reader=reader, hasher=pdq, ledger=ledger)
    except MediaRejected:
        return REJECTED
    sys.stdout.write(json.dumps(report.document(), allow_nan=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
