"""Prints the page of licences: ``python -m bench.licences > docs/licences.md``.

Lists every distribution that ``reelgate[all]`` brings on this machine, found by walking the requirements in the
installed metadata, and the shared libraries that their wheels carry.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import TYPE_CHECKING

from bench.libraries import LIBRARIES
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PRODUCT = "reelgate"
BASE = "base"
COPYLEFT = re.compile(r"\b[AL]?GPL")
"""GPL, LGPL and AGPL in an SPDX expression; the MPL is listed, and allowed."""

NAMED = {"postgres": "the PostgreSQL driver psycopg"}
"""Extras that may bring an LGPL package: `[all]` holds them, no other does."""

_CLASSIFIED = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_WORDED = {"New BSD": "BSD-3-Clause", "Apache 2.0": "Apache-2.0", "Apache License 2.0": "Apache-2.0"}
_VAGUE = {"BSD", "BSD License", "Dual License", "UNKNOWN"}


@dataclass(frozen=True, slots=True)
class Package:
    """One installed distribution; ``extras`` are the smallest of ours that bring it."""

    name: str
    version: str
    licence: str
    extras: tuple[str, ...]


def packages() -> list[Package]:
    """What ``reelgate[all]`` brings, sorted by name; raises ``PackageNotFoundError`` for one not installed."""
    ours = distribution(PRODUCT)
    brought = {BASE: _closure(ours, "")}
    for extra in ours.metadata.get_all("Provides-Extra") or []:
        brought[extra] = brought[BASE] | _closure(ours, extra)
    return [_package(name, _smallest(name, brought)) for name in sorted(set().union(*brought.values()))]


def _package(name: str, extras: tuple[str, ...]) -> Package:
    there = distribution(name)
    return Package(name, there.version, licence(there), extras)


def _smallest(name: str, brought: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Of the extras that bring ``name``, those that hold no smaller one that does."""
    bringing = {extra: names for extra, names in brought.items() if name in names}
    return tuple(sorted(e for e, names in bringing.items() if not any(less < names for less in bringing.values())))


def _closure(there: Distribution, extra: str) -> frozenset[str]:
    """Names of everything that ``there`` needs for one extra, or for none."""
    found: set[tuple[str, str]] = set()
    waiting = list(_required(there, extra))
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        for part in {"", *requirement.extras} if name != PRODUCT else ():
            if (name, part) not in found:
                found.add((name, part))
                waiting += _required(distribution(name), part)
    return frozenset(name for name, _ in found)


def _required(there: Distribution, extra: str) -> Iterator[Requirement]:
    """The requirements that hold on this machine; for an extra, only those that it adds."""
    for line in there.requires or []:
        requirement = Requirement(line)
        always = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        asked = requirement.marker is None or requirement.marker.evaluate({"extra": extra})
        if asked and (not extra or not always):
            yield requirement


def licence(there: Distribution) -> str:
    """An SPDX expression as far as the metadata has one, else the classifiers', made exact by the licence file."""
    told = [*(there.metadata.get_all("License-Expression") or []), *(there.metadata.get_all("License") or [])]
    said = told[0] if told else ""
    said = _WORDED.get(said.strip(), said.strip())
    if said and said not in _VAGUE and "\n" not in said:
        return said
    classified = [
        line.rpartition(" :: ")[2]
        for line in there.metadata.get_all("Classifier") or []
        if line.startswith("License :: OSI Approved :: ")
    ]
    names = [_CLASSIFIED.get(name, name) for name in classified] or [said.partition("\n")[0] or "not said"]
    exact = [_which_bsd(there) if name == "BSD" else name for name in names]
    return (" OR " if said == "Dual License" else " AND ").join(sorted(exact))


def _which_bsd(there: Distribution) -> str:
    """Two or three clauses: the third forbids using the names of the authors."""
    for path in there.files or []:
        if "dist-info" in path.parts[0] and re.match(r"licen[cs]e|copying", path.name, re.IGNORECASE):
            text = " ".join(Path(str(path.locate())).read_text(encoding="utf-8", errors="replace").split()).lower()
            if "redistributions" in text:
                return "BSD-3-Clause" if "neither the name" in text or "the names of" in text else "BSD-2-Clause"
    return "BSD"


def libraries() -> dict[str, set[str]]:
    """Shared libraries of other projects inside the wheels: package -> names like ``libx264``."""
    carried: dict[str, set[str]] = {}
    for package in packages():
        for path in distribution(package.name).files or []:
            folder = path.parts[0].endswith(".libs") or path.parts[:2] == ("c2pa", "libs")
            if folder and ".so" in path.name:
                stem = re.split(r"-[0-9a-f]{8}\b|\.so", path.name)[0]
                carried.setdefault(package.name, set()).add(stem)
    return carried


def page() -> str:
    """The whole page as Markdown."""
    lines = [
        "# Licences",
        "",
        "Written by `make licences`; don't edit it by hand. Reelgate itself is under Apache-2.0.",
        "",
        "## Python packages",
        "",
        "Everything that `pip install 'reelgate[all]'` brings, read from the installed packages. *Brought by* names",
        "the smallest extras that need it; `base` is `pip install reelgate` alone.",
        "",
        "| Package | Version | Licence | Brought by |",
        "|---|---|---|---|",
    ]
    found = packages()
    lines += [f"| {p.name} | {p.version} | {p.licence} | {', '.join(sorted(p.extras))} |" for p in found]
    lines += ["", *_copyleft(found), "", *_carried()]
    return "\n".join(lines) + "\n"


def _copyleft(found: list[Package]) -> list[str]:
    names = ", ".join(p.name for p in found if COPYLEFT.search(p.licence)) or "none"
    mpl = ", ".join(p.name for p in found if "MPL" in p.licence) or "none"
    return [
        f"Under the GPL, LGPL or AGPL: {names}. Such a package may only come with an extra that is named for it:",
        f"{', '.join(f'`{extra}` ({what})' for extra, what in NAMED.items())}. A test keeps that.",
        "",
        f"Under the MPL: {mpl}. It is used unchanged.",
    ]


def _carried() -> list[str]:
    lines = [
        "## Libraries inside the wheels",
        "",
        "Some wheels carry compiled libraries of other projects. The names are read from the installed wheels, the",
        "licences are those the projects publish.",
        "",
        "| Wheel | Library | Licence |",
        "|---|---|---|",
    ]
    for wheel, names in sorted(libraries().items()):
        lines += [f"| {wheel} | {name} | {LIBRARIES.get(name, 'not looked up')} |" for name in sorted(names)]
    return [*lines, "", *_ABOUT.strip().splitlines()]


_ABOUT = """
Linked in, and so not visible as files: Skia (BSD-3-Clause) with its own third-party parts in skia-python, the Rust
crates of c2pa-rs in c2pa-python (which is MIT OR Apache-2.0), OpenSSL (Apache-2.0) in cryptography.

### What x264 and x265 mean for you

The wheel of PyAV (`av`) carries FFmpeg, and with it **x264 and x265, which are under the GPL, version 2 or later**.
FFmpeg's own build calls itself LGPL version 3 or later; together with x264 and x265 the terms of the GPL, version 3,
are the ones to meet. Reelgate encodes H.264 with x264.

- *Running Reelgate*, on a laptop or as a service for others: the GPL asks nothing of you.
- *Passing on* something that contains the wheel (a container image, an appliance, an installer): the GPL applies to
  what you pass on. Offer the sources of those libraries under its terms. Reelgate's own code is under Apache-2.0,
  which goes together with version 3 of the GPL.
- *Avoiding it*: build PyAV against an FFmpeg without x264 and x265 and give it an H.264 encoder of your own. A switch
  to VP9 and Opus, which need neither, is planned and not there yet.
- `pip install reelgate`, the base, has no media libraries at all, so an app that only talks to a service is not
  concerned.

H.264, H.265 and AAC may also need patent licences where you are. This page is a list, not legal advice.
"""


if __name__ == "__main__":
    sys.stdout.write(page())
