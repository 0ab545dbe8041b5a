"""The ``reelgate`` command: finds the sub-command, runs it, and turns what goes wrong into one kind sentence."""

from __future__ import annotations

import os
import sys

import reelgate
from reelgate import commands
from reelgate.console import BAD_INPUT, INTERRUPTED, MADE, OTHER, Console
from reelgate.errors import NotFound, ReelgateError


def main(argv: list[str] | None = None) -> int:
    """Run ``reelgate`` with ``argv`` (the process's own by default) and return the exit code.

    0 made, 3 refused, 4 held for a person, 2 bad input or a part that is not installed, 1 anything else,
    130 stopped by the person at the keyboard.
    """
    given = list(sys.argv[1:] if argv is None else argv)
    name, rest = (given[0], given[1:]) if given else ("", [])
    if name in ("", "-h", "--help", "help"):
        Console().answer(usage())
        return MADE if name else BAD_INPUT
    if name in ("-V", "--version"):
        Console().answer(f"reelgate {reelgate.__version__}")
        return MADE
    try:
        return commands.run(name, rest)
    except ReelgateError as fault:
        code = Console().fault(fault, as_json=_wants_json(rest))
        return BAD_INPUT if isinstance(fault, NotFound) and name not in _names() else code
    except KeyboardInterrupt:
        Console().say("Stopped.")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone (`reelgate plugins | head`); keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OTHER
    except OSError as cause:
        what = f"{cause.strerror or type(cause).__name__}: {cause.filename}" if cause.filename else str(cause)
        error = ReelgateError(what, says="A file could not be read or written.")
        return Console().fault(error, as_json=_wants_json(rest))
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else OTHER


def usage() -> str:
    """The help text: every command that is installed, found without importing any."""
    found = commands.known()
    width = max(len(command.name) for command in found)
    lines = ["usage: reelgate COMMAND ...", "", "commands:"]
    for command in found:
        needs = f"  (first: {command.needs})" if command.needs else ""
        lines.append(f"  {command.name:<{width}}  {command.summary}{needs}".rstrip())
    lines += ["", "'reelgate COMMAND --help' tells more. Exit: 0 made, 2 bad input, 3 refused, 4 held, 1 other."]
    return "\n".join(lines)


def _wants_json(argv: list[str]) -> bool:
    return "--json" in (argv[: argv.index("--")] if "--" in argv else argv)


def _names() -> set[str]:
    return {command.name for command in commands.known()} | commands.HIDDEN


if __name__ == "__main__":
    sys.exit(main())
