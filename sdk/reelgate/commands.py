"""Finds sub-commands: the ground's own, those of our rooms, and those that others bring by entry point.

A command is a callable ``(argv: list[str]) -> int`` in the group ``reelgate.commands``. Listing them reads
package metadata only; a command is imported when it is run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from reelgate import extras
from reelgate.errors import MissingExtra, NotFound
from reelgate.plugins import OUR_PACKAGES, install_sentence, load, missing, outside

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.metadata import EntryPoint

GROUP = "reelgate.commands"
HIDDEN = frozenset({"imagine-local"})
"""Commands that another command calls; they are not listed."""

_GROUND = {
    "imagine": "reelgate.asking:imagine",
    "wait": "reelgate.asking:wait",
    "plugins": "reelgate.listing:plugins",
    "doctor": "reelgate.listing:doctor",
}

_SUMMARIES = {
    "imagine": "make a reel from a few words",
    "wait": "wait for a job and fetch its file",
    "plugins": "what is installed: generators, platforms, commands",
    "doctor": "what is wrong here, and how to mend it",
    "edit": "change a file by words",
    "screen": "judge words or a file by the policy",
    "inspect": "look whether files are safe to open",
    "mark": "put the invisible marks into a file",
    "verify": "tell whether a file is one of ours",
    "replay": "read a recorded body as typed events",
    "dev": "a platform's twin with a chat page",
}
"""What our commands do, kept here so that ``--help`` need not import them."""

_EXTRAS = {
    "imagine-local": "service",
    "edit": "service",
    "screen": "moderation",
    "inspect": "media",
    "mark": "moderation",
    "verify": "verify",
    "dev": "service",
}
"""What must be installed for our commands, beyond the base."""

_PARTLY = frozenset({"screen"})
"""Commands that can do some of their work with the base alone (words need no media): they may always start."""


@dataclass(frozen=True, slots=True)
class Known:
    """A command that can be typed. ``needs`` is what to type first when a part is missing, else empty."""

    name: str
    summary: str
    needs: str = ""


def known() -> list[Known]:
    """The ground's commands in their own order, then the others in order of name."""
    found = [Known(name, _SUMMARIES[name]) for name in _GROUND]
    for point in outside(GROUP):
        if point.name in _GROUND or point.name in HIDDEN:
            continue
        if _is_ours(point):
            needs = extras.sentence(_EXTRAS.get(point.name, ""))
            found.append(Known(point.name, _SUMMARIES.get(point.name, ""), needs))
        else:
            found.append(Known(point.name, source(point)))
    return found


def source(point: EntryPoint) -> str:
    """Who brought an entry point, in a few words."""
    return f"from {point.dist.name} {point.dist.version}" if point.dist else ""


def run(name: str, argv: list[str]) -> int:
    """Run the command called ``name``; its exit code.

    Raises ``NotFound`` for an unknown name and ``MissingExtra``, with the sentence to type, when a part of it
    is not installed.
    """
    if name in _GROUND:
        return _callable(load(_GROUND[name]))(argv)
    for point in outside(GROUP):
        if point.name == name:
            return _run(point, argv)
    if name in _EXTRAS:
        # A plain source tree on the path has no entry points: the command is ours, but nothing says where it is.
        typed = f"That is not installed. Type: {install_sentence(_EXTRAS[name])}"
        raise MissingExtra(f"the command {name!r} is not installed", says=typed)
    there = ", ".join(command.name for command in known())
    raise NotFound(f"there is no command {name!r}; there are: {there}", says="That is not a command we know.")


def _run(point: EntryPoint, argv: list[str]) -> int:
    extra = _EXTRAS.get(point.name, "") if _is_ours(point) else ""
    gone = extras.absent(extra) if extra and point.name not in _PARTLY else ()
    if gone:
        raise missing(extra, ImportError(name=", ".join(gone)))
    try:
        return _callable(point.load())(argv)
    except ImportError as cause:
        if extra and (isinstance(cause, ModuleNotFoundError) or extras.absent(extra)):
            raise missing(extra, cause) from cause
        raise


def _callable(target: object) -> Callable[[list[str]], int]:
    return cast("Callable[[list[str]], int]", target)


def _is_ours(point: EntryPoint) -> bool:
    return point.module.partition(".")[0] in OUR_PACKAGES
