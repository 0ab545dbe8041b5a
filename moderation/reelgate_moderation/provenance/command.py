"""``reelgate verify FILE``: tells whether a file is one of ours, and what speaks for it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reelgate.console import printable
from reelgate.errors import BadInput
from reelgate.plugins import missing

if TYPE_CHECKING:
    from reelgate_moderation.provenance.report import Report

SUMMARY = "tell whether a file is one of ours"


def verify_command(argv: list[str]) -> int:
    """Run the command; 0 when the verdict is ``ours`` or ``ours_altered``, 1 for any other.

    Raises :class:`BadInput` (exit 2) for a file that cannot be read or is no picture or video, and
    ``MissingExtra`` (exit 2) where the parts for reading manifests are not installed.
    """
    parser = argparse.ArgumentParser(
        prog="reelgate verify",
        description="Look for the label, the invisible marks and the signed manifest, ask this machine's ledger "
        "if there is one, and say what they add up to. Nothing is sent anywhere.",
        epilog="Exit: 0 ours or ours altered, 1 anything else, 2 the file cannot be read.",
    )
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--trust", metavar="PEM", type=Path, help="certificate authorities whose signers you trust")
    asked = parser.parse_args(argv)
    report = _verify(asked.file, asked.trust)
    if asked.json:
        print(json.dumps(report.document(), ensure_ascii=False, allow_nan=False))
    else:
        from reelgate_moderation.provenance.report import in_words

        print(in_words(report, printable(str(asked.file)), colour=_colourful()))
    return 0 if report.judgement.outcome.value in {"ours", "ours_altered"} else 1


def _verify(file: Path, trust: Path | None) -> Report:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy: the file is read in a child without threads
    try:
        from reelgate_moderation.hashes.pdq import pdq
        from reelgate_moderation.provenance.ledger import local_ledger
        from reelgate_moderation.provenance.readers import HouseReader
        from reelgate_moderation.provenance.verify import verify_file, warm_up
    except ImportError as cause:
        raise missing("verify", cause) from cause
    try:
        anchors = trust.read_bytes() if trust else None
        ledger = local_ledger()
        reader = HouseReader(tuple(ledger.mark_keys())) if ledger else HouseReader()
        warm_up(reader, pdq)
        return verify_file(file, mark_reader=reader, hasher=pdq, ledger=ledger, anchors=anchors)
    except OSError as error:
        name = printable(str(error.filename or file))
        raise BadInput(f"{name}: {error.strerror}", says=f"The file {name} cannot be read.") from None


def _colourful() -> bool:
    """Colour needs a terminal that has it and no ``NO_COLOR`` (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
