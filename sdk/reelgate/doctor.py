"""Asks every installed part what is wrong with it, and shows the mend beside the fault.

A part brings its checks by an entry point of the group ``reelgate.doctor``: a callable without arguments
that returns :class:`Check` objects. A part that cannot even be imported becomes a check itself, so that
``reelgate doctor`` always answers.
"""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Protocol, cast

from reelgate import extras
from reelgate.errors import MissingExtra, ReelgateError
from reelgate.plugins import OUR_PACKAGES, install_sentence, outside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

GROUP = "reelgate.doctor"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. ``mend`` is what to do about it: words, or a line to type."""

    name: str
    ok: bool
    detail: str
    mend: str = ""


class Point(Protocol):
    """What is needed of an entry point; ``importlib.metadata.EntryPoint`` has it."""

    @property
    def name(self) -> str:
        """The part's name."""
        ...

    @property
    def value(self) -> str:
        """Where its checks are, ``module:attribute``."""
        ...

    def load(self) -> object:
        """Import it."""
        ...


def ground() -> list[Check]:
    """The checks of the ground itself: the interpreter and the one library that the client needs."""
    found = [Check("python", True, platform.python_version())]
    try:
        found.append(Check("requests", True, version("requests")))
    except PackageNotFoundError:
        found.append(Check("requests", False, "not installed", "pip install requests"))
    return found


def gather(points: Sequence[Point] | None = None) -> list[Check]:
    """All checks: the ground's, then each part's in order of its name. Never raises for a part's sake."""
    found = ground()
    for point in outside(GROUP) if points is None else points:
        found.extend(_of(point))
    return found


def healthy(checks: Iterable[Check]) -> bool:
    """True when nothing is at fault (a part that was left out on purpose is no fault)."""
    return all(check.ok for check in checks)


def report(checks: Sequence[Check]) -> str:
    """The checks as lines of text, each fault with its mend beneath it."""
    width = max((len(check.name) for check in checks), default=0)
    lines: list[str] = []
    for check in checks:
        lines.append(f"{'ok   ' if check.ok else 'FAULT'}  {check.name:<{width}}  {check.detail}")
        if check.mend:
            lines.append(f"{'':<{width + 9}}-> {check.mend}")
    faults = sum(not check.ok for check in checks)
    lines.append("All is well." if not faults else f"{faults} fault{'s' if faults > 1 else ''} to mend.")
    return "\n".join(lines)


def _of(point: Point) -> list[Check]:
    """One part's checks, or the one check that says why there are none."""
    missing = extras.sentence(point.name) if _is_ours(point) else ""
    if missing:
        names = ", ".join(extras.absent(point.name))
        return [Check(point.name, True, f"left out: {names} not installed", missing)]
    try:
        return list(cast("Callable[[], Iterable[Check]]", point.load())())
    except MissingExtra as gap:
        return [Check(point.name, True, "left out: a part is not installed", _typed(gap))]
    except ImportError as cause:
        return [_unimportable(point, cause)]
    except Exception as cause:  # noqa: BLE001  one ill part must not silence the doctor
        said = str(cause) if isinstance(cause, ReelgateError) else type(cause).__name__
        return [Check(point.name, False, f"its own check broke down: {said}", f"look into {point.value}")]


def _unimportable(point: Point, cause: ImportError) -> Check:
    mend = install_sentence(point.name) if _is_ours(point) else f"reinstall the package that brings {point.value}"
    return Check(point.name, False, f"cannot be imported: {cause.name or point.value} is missing", mend)


def _typed(gap: MissingExtra) -> str:
    return gap.detail.rpartition("Type: ")[2] or gap.says


def _is_ours(point: Point) -> bool:
    return re.split(r"[.:]", point.value, maxsplit=1)[0] in OUR_PACKAGES
