"""Speaks to the person at the keyboard: answers on one stream, progress and faults on the other."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING, TextIO

from reelgate.errors import BadInput, Held, MissingExtra, NotOffered, ReelgateError, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

MADE, OTHER, BAD_INPUT, REFUSED, HELD, INTERRUPTED = 0, 1, 2, 3, 4, 130
"""The exit codes of every ``reelgate`` command."""

_RED, _GREEN, _PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[0m"


class Console:
    """Two streams and what they can show. Colour needs a terminal and no ``NO_COLOR`` (no-color.org)."""

    def __init__(
        self, out: TextIO | None = None, err: TextIO | None = None, environ: Mapping[str, str] | None = None
    ) -> None:
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        env = os.environ if environ is None else environ
        self._live = self._err.isatty() and env.get("TERM") != "dumb"
        self._colour = self._live and not env.get("NO_COLOR")
        self._shown = 0
        self._last = ""

    def answer(self, text: str) -> None:
        """What was asked for, on standard output."""
        self.settle()
        self._out.write(f"{text}\n")
        self._out.flush()

    def answer_json(self, value: object) -> None:
        """What was asked for, as one line of JSON."""
        self.answer(json.dumps(value, ensure_ascii=False))

    def say(self, text: str, *, good: bool = False) -> None:
        """A remark, on standard error."""
        self.settle()
        text = printable(text)
        self._err.write(f"{_GREEN}{text}{_PLAIN}\n" if good and self._colour else f"{text}\n")
        self._err.flush()

    def progress(self, stage: str, done: int = 0, total: int = 0) -> None:
        """How far it is: one line that keeps changing on a terminal, else one plain line a stage."""
        stage = printable(stage)
        if not self._live:
            if stage != self._last:
                self._err.write(f"{stage}\n")
                self._err.flush()
            self._last = stage
            return
        width = shutil.get_terminal_size().columns
        line = f"{stage:<11}{_bar(done, total)}"[: max(1, width - 1)]
        self._err.write(f"\r{line:<{self._shown}}")
        self._err.flush()
        self._shown = len(line)

    def settle(self) -> None:
        """End the changing line, so that what follows starts on a line of its own."""
        if self._shown:
            self._err.write(f"\r{'':<{self._shown}}\r")
            self._err.flush()
            self._shown = 0

    def fault(self, error: ReelgateError, *, as_json: bool = False) -> int:
        """Say what went wrong, a kind sentence and its code, and return the exit code."""
        if as_json:
            self.answer_json({"error": described(error)})
        else:
            self.settle()
            sentence = printable(error.says)
            start, end = (_RED, _PLAIN) if self._colour else ("", "")
            detail = "" if error.detail == error.says else f"\n  {printable(error.detail)}"
            asked = f", request {printable(error.request_id)}" if error.request_id else ""
            self._err.write(f"{start}{sentence}{end} [{error.code}{asked}]{detail}\n")
            self._err.flush()
        return exit_code(error)


def exit_code(error: ReelgateError) -> int:
    """0 made, 3 refused, 4 held, 2 bad input (or a part that must be installed first), 1 anything else."""
    if isinstance(error, Refused):
        return REFUSED
    if isinstance(error, Held):
        return HELD
    if isinstance(error, BadInput | MissingExtra | NotOffered):
        return BAD_INPUT
    return OTHER


def described(error: ReelgateError) -> dict[str, object]:
    """An error as JSON: the same fields for every one."""
    return {
        "code": error.code,
        "says": error.says,
        "detail": error.detail,
        "retryable": error.retryable,
        "retry_after": error.retry_after,
        "request_id": error.request_id,
    }


def printable(text: str) -> str:
    """``text`` without control characters: words from elsewhere must not steer this terminal."""
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text)


def _bar(done: int, total: int, width: int = 24) -> str:
    if total <= 0:
        return ""
    share = min(max(done / total, 0.0), 1.0)
    filled = round(share * width)
    return f"{'#' * filled}{'.' * (width - filled)} {round(share * 100):3d} %"
