"""``reelgate inspect``: shows files to the media door."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from reelgate.media.door import inspect
from reelgate.media.findings import Entry, Inspection
from reelgate.media.zygote import Zygote

SUMMARY = "Say whether a picture or video may come in: accept, sanitize or reject."
EXIT = "Exit: 0 all may come in, 3 one is rejected or cannot be read, 2 bad usage."


def inspect_command(argv: list[str]) -> int:
    """One line a file. Exit code 0 when every file may come in, 3 when one is rejected."""
    parser = argparse.ArgumentParser(prog="reelgate inspect", description=SUMMARY, epilog=EXIT)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    asked = parser.parse_args(argv)
    worst = 0
    with Zygote() as zygote:
        for name in asked.files:
            found = inspect(Path(name), zygote)
            print(_json(name, found) if asked.json else _words(name, found), flush=True)
            worst = 3 if found.verdict is Entry.REJECT else worst
    return worst


def _words(name: str, found: Inspection) -> str:
    return f"{found.verdict.value:<9} {name}  {found.code}: {found.detail}"


def _json(name: str, found: Inspection) -> str:
    return json.dumps({"file": name, "verdict": found.verdict.value, "code": found.code, "detail": found.detail})
