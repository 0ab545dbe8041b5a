"""Says which optional parts are here, by reading package metadata only: nothing is imported for it."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution, requires

from reelgate.plugins import install_sentence

OURS = "reelgate"
_REQUIREMENT = re.compile(
    r"""^\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[(?P<extras>[^\]]*)\])?
        (?:.*;.*\bextra\s*==\s*['"](?P<extra>[^'"]+)['"])?""",
    re.VERBOSE,
)


def absent(extra: str, package: str = OURS) -> tuple[str, ...]:
    """The distributions that ``package[extra]`` wants and that are not installed, in order of name.

    An extra that ``package`` does not declare wants nothing. A package that is not installed itself (a plain
    source tree on the path) says nothing of its needs, so the answer is empty then too.
    """
    missing: set[str] = set()
    seen: set[str] = set()
    queue = [extra]
    while queue:
        asked = queue.pop()
        if asked in seen:
            continue
        seen.add(asked)
        for name, inner in _wanted(asked, package):
            if name.lower() == package.lower():
                queue.extend(inner)
            elif not _installed(name):
                missing.add(name)
    return tuple(sorted(missing, key=str.lower))


def sentence(extra: str, package: str = OURS) -> str:
    """What to type to get ``extra``, or the empty text when all of it is here already."""
    return install_sentence(extra) if extra and absent(extra, package) else ""


def _wanted(extra: str, package: str) -> list[tuple[str, list[str]]]:
    try:
        lines = requires(package) or []
    except PackageNotFoundError:
        return []
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        match = _REQUIREMENT.match(line)
        if match and match["extra"] == extra:
            inner = [part.strip() for part in (match["extras"] or "").split(",") if part.strip()]
            found.append((match["name"], inner))
    return found


def _installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True
