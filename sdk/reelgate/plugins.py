"""Loads plugins by name: a catalog row of ours, or an entry point of somebody's package.

Nothing is imported before it is asked for, and a missing extra answers with the sentence to type.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from reelgate.errors import MissingExtra, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

OUR_PACKAGES = frozenset({"reelgate", "reelgate_integrations", "reelgate_moderation", "reelgate_service"})
"""The import packages of this house; an entry point into any other was brought by somebody else."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a catalog: ``target`` is ``module:attribute``, ``extra`` what must be installed for it."""

    name: str
    target: str
    sentence: str
    extra: str = ""


def install_sentence(extra: str) -> str:
    """What to type when an optional part is missing."""
    return f"pip install 'reelgate[{extra}]'"


def missing(extra: str, cause: ImportError) -> MissingExtra:
    """The error for an optional part that is not installed, naming the module that was missed."""
    return MissingExtra(
        f"This needs {cause.name or 'a part'}, which is not installed. Type: {install_sentence(extra)}",
        says=f"A part that this needs is not installed. Type: {install_sentence(extra)}",
    )


def load(target: str, extra: str = "") -> object:
    """The object named by ``module:attribute``; raises :class:`MissingExtra` when an import fails."""
    module, _, attribute = target.partition(":")
    try:
        return getattr(import_module(module), attribute)
    except ImportError as cause:
        if not extra:
            raise
        raise missing(extra, cause) from cause


def find(name: str, rows: Sequence[Row], group: str) -> object:
    """The plugin called ``name``: ours first, then entry points of ``group``; raises :class:`NotFound`."""
    for row in rows:
        if row.name == name:
            return load(row.target, row.extra)
    for point in outside(group):
        if point.name == name:
            return point.load()
    known = ", ".join(names(rows, group)) or "none"
    raise NotFound(f"No plugin is called {name!r}. Installed: {known}.")


def has(name: str, rows: Sequence[Row], group: str) -> bool:
    """Whether a plugin is called ``name``. Entry points, whose files are read anew each time, are asked last."""
    return any(row.name == name for row in rows) or any(point.name == name for point in outside(group))


def outside(group: str) -> list[EntryPoint]:
    """The entry points of ``group`` in order of their names."""
    return sorted(entry_points(group=group), key=lambda point: point.name)


def names(rows: Sequence[Row], group: str) -> list[str]:
    """What can be asked for, ours and theirs, in order."""
    return sorted({row.name for row in rows} | {point.name for point in outside(group)})
