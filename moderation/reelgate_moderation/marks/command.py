"""``reelgate mark IN OUT --payload HEX``: puts the invisible mark into a picture or video file."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from reelgate.console import BAD_INPUT, MADE, printable
from reelgate.errors import BadInput, MediaRejected
from reelgate.plugins import missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SUMMARY = "put the invisible mark into a picture or video"

_KINDS = {".mp4": "mp4", ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp"}


def mark_command(argv: list[str]) -> int:
    """Run the command; 0 when OUT was written, 2 for input that cannot be used, with a sentence on stderr."""
    parser = argparse.ArgumentParser(
        prog="reelgate mark",
        description="Put the invisible mark into a picture (PNG, JPEG, WebP) or a video (MP4, WebM; written as MP4). "
        "The file is decoded and encoded once. A mark is a pointer into a ledger, not proof of anything.",
        epilog="Exit: 0 written, 2 the input cannot be used.",
    )
    parser.add_argument("source", metavar="IN", type=Path)
    parser.add_argument("target", metavar="OUT", type=Path, help="its ending says what it will be")
    parser.add_argument("--payload", metavar="HEX", required=True, help="the mark id: 16 hexadecimal digits")
    parser.add_argument("--format", choices=("full", "short"), default="full", help="short: the id's first 8 digits")
    parser.add_argument(
        "--strength", type=int, choices=(0, 1, 2), help="48, 46 or 44 dB (0 for a video, 1 for a picture)"
    )
    asked = parser.parse_args(argv)
    try:
        _mark(asked)
    except BadInput as error:
        print(printable(error.says if error.says != error.default_says else error.detail), file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        name = printable(str(error.filename or asked.source))
        print(f"{name}: {error.strerror}", file=sys.stderr)
        return BAD_INPUT
    return MADE


def _mark(asked: argparse.Namespace) -> None:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy: the file is read in a child without threads
    try:
        from reelgate.media.lockdown import Limits
        from reelgate.media.sandbox import contain
        from reelgate.media.sniff import MediaKind
        from reelgate_moderation.marks.files import STRENGTHS, mark_file, rehearse
        from reelgate_moderation.marks.payload import mark_id
        from reelgate_moderation.marks.picture import TilePictureMark
    except ImportError as cause:
        raise missing("moderation", cause) from cause
    message = mark_id(asked.payload.lower())
    ending = asked.target.suffix.lower()
    if ending not in _KINDS:
        raise BadInput(f"OUT must end in {', '.join(_KINDS)}, not {ending or 'nothing'}.")
    kind = MediaKind(_KINDS[ending])
    strength = STRENGTHS[kind.moving] if asked.strength is None else asked.strength
    mark = TilePictureMark()
    rehearse(mark, message, asked.format)
    with asked.source.open("rb") as file, _beside(asked.target) as out:

        def work() -> Mapping[str, Any]:
            try:
                mark_file(file, out, mark, message, asked.format, kind, strength)
            except MediaRejected:
                raise
            except BadInput as error:
                raise MediaRejected(error.detail) from error
            out.flush()
            return {}

        limits = Limits(cpu_seconds=600, wall_seconds=900.0, file_bytes=200_000_000)
        contain(work, limits, [file.fileno(), out.fileno()]).result()


@contextmanager
def _beside(target: Path) -> Iterator[BinaryIO]:
    """A new file next to ``target``, which takes its name when all went well and is gone when it did not."""
    if not target.absolute().parent.is_dir():
        raise BadInput("The folder for OUT is not there; make it first.")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("x+b") as file:
            yield file
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
