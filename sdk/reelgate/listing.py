"""``reelgate plugins`` and ``reelgate doctor``: what is installed, and what is wrong with it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from reelgate import commands, extras
from reelgate import doctor as checks
from reelgate.commands import source
from reelgate.console import MADE, OTHER, Console
from reelgate.options import Options
from reelgate.plugins import Row, outside

if TYPE_CHECKING:
    from collections.abc import Iterable

CATALOGS = "reelgate.catalogs"
"""Entry points to modules that hold our rows, as ``GENERATORS`` and ``PLATFORMS``."""

GROUPS = {"generators": "reelgate.generators", "platforms": "reelgate.platforms"}
"""Kinds of plugins, and the entry-point groups by which others bring theirs."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """One line of the list. ``needs`` is what to type first when a part of it is missing, else empty."""

    kind: str
    name: str
    sentence: str
    needs: str = ""


def plugins(argv: list[str]) -> int:
    """List generators, platforms and commands, ours and those that others brought."""
    options = Options("plugins", "List what is installed: generators, platforms, commands.")
    options.add_argument("--json", action="store_true", help="one JSON list")
    asked = options.parse_args(argv)
    found = installed()
    console = Console()
    if asked.json:
        console.answer_json([asdict(plugin) for plugin in found])
    else:
        console.answer("\n".join(_lines(found)))
    return MADE


def doctor(argv: list[str]) -> int:
    """Ask every part what is wrong with it; 1 when something is."""
    options = Options("doctor", "Say what is wrong here, and how to mend it. Exit code 1 on any fault.")
    options.add_argument("--json", action="store_true", help="one JSON object")
    asked = options.parse_args(argv)
    found = checks.gather()
    well = checks.healthy(found)
    console = Console()
    if asked.json:
        console.answer_json({"ok": well, "checks": [asdict(check) for check in found]})
    else:
        console.answer(checks.report(found))
    return MADE if well else OTHER


def installed() -> list[Plugin]:
    """Everything that is installed, kind by kind, in order of name."""
    found: list[Plugin] = []
    for kind, group in GROUPS.items():
        ours = [Plugin(kind, row.name, row.sentence, extras.sentence(row.extra)) for row in _rows(kind)]
        theirs = [Plugin(kind, point.name, source(point)) for point in outside(group)]
        found.extend(sorted([*ours, *theirs], key=lambda plugin: plugin.name))
    found.extend(Plugin("commands", each.name, each.summary, each.needs) for each in commands.known())
    return found


def _rows(kind: str) -> Iterable[Row]:
    for point in outside(CATALOGS):
        try:
            catalog = point.load()
        except ImportError as cause:
            yield Row(point.name, point.value, f"cannot be read: {cause.name or point.value} is missing")
            continue
        except Exception as cause:  # noqa: BLE001  one ill catalog must not hide the others
            yield Row(point.name, point.value, f"cannot be read: {type(cause).__name__} in {point.value}")
            continue
        yield from getattr(catalog, kind.upper(), ())


def _lines(found: list[Plugin]) -> list[str]:
    width = max((len(plugin.name) for plugin in found), default=0)
    lines: list[str] = []
    kind = ""
    for plugin in found:
        if plugin.kind != kind:
            kind = plugin.kind
            lines.append(kind)
        needs = f"  (first: {plugin.needs})" if plugin.needs else ""
        lines.append(f"  {plugin.name:<{width}}  {plugin.sentence}{needs}".rstrip())
    return lines
