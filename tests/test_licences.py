"""No package under the GPL, LGPL or AGPL comes unasked, and the committed page is the one the command writes."""

from __future__ import annotations

import re
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest
from bench import licences

PAGE = (Path(__file__).parents[1] / "docs" / "licences.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([a-z0-9.-]+) \| \d[\w.+!-]* \| .+ \| ([\w, ]+) \|$", re.MULTILINE)


ONLY_ON_SOME_PYTHONS = {"async-timeout"}
"""Needed by redis below Python 3.11.3 only, so the page, written on a newer one, does not list it."""


@pytest.fixture(scope="module")
def found() -> list[licences.Package]:
    return [package for package in licences.packages() if package.name not in ONLY_ON_SOME_PYTHONS]


def test_copyleft_comes_only_with_an_extra_named_for_it(found: list[licences.Package]):
    unasked = {
        p.name: p.licence for p in found if licences.COPYLEFT.search(p.licence) and set(p.extras) - {*licences.NAMED}
    }
    assert not unasked, f"put these behind an extra of their own, or do without: {unasked}"


def test_every_package_says_its_licence(found: list[licences.Package]):
    assert not [p.name for p in found if p.licence in {"", "BSD", "not said", "UNKNOWN"}]


def test_the_page_lists_the_packages_of_the_command(found: list[licences.Package]):
    listed = {name for name, _ in ROW.findall(PAGE)}
    assert listed == {p.name for p in found}, "type: make licences"


def test_the_page_says_which_extra_brings_a_package(found: list[licences.Package]):
    brought = dict(ROW.findall(PAGE))
    assert brought["requests"] == "base"
    assert brought["skia-python"] == "storyboard"
    assert brought["psycopg"] == "postgres"
    assert {p.name: ", ".join(p.extras) for p in found} == brought


def test_every_library_in_a_wheel_has_been_looked_up():
    carried = licences.libraries()
    missing = {name for names in carried.values() for name in names} - licences.LIBRARIES.keys()
    assert not missing, f"add their licences to bench/libraries.py: {sorted(missing)}"
    for name in carried["av"] & {"libx264", "libx265"}:
        assert f"| av | {name} | **GPL-2.0-or-later** |" in PAGE


@pytest.mark.parametrize(
    ("metadata", "file", "expected"),
    [
        ("License-Expression: MIT OR Apache-2.0", "", "MIT OR Apache-2.0"),
        ("Classifier: License :: OSI Approved :: MIT License", "", "MIT"),
        ("License: BSD", "Redistributions ... Neither the name of", "BSD-3-Clause"),
        ("License: BSD\nClassifier: License :: OSI Approved :: BSD License", "Redistributions in", "BSD-2-Clause"),
        (
            "License: Dual License\nClassifier: License :: OSI Approved :: BSD License\n"
            "Classifier: License :: OSI Approved :: Apache Software License",
            "Redistributions ... Neither the name of",
            "Apache-2.0 OR BSD-3-Clause",
        ),
        ("License: GNU AGPLv3", "", "GNU AGPLv3"),
        ("Summary: nothing about it", "", "not said"),
    ],
)
def test_how_a_licence_is_read(tmp_path: Path, metadata: str, file: str, expected: str):
    folder = tmp_path / "thing-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: thing\nVersion: 1.0\n{metadata}\n")
    (folder / "LICENSE").write_text(file)
    (folder / "RECORD").write_text("thing-1.0.dist-info/LICENSE,,\n")
    assert licences.licence(PathDistribution(folder)) == expected


def test_copyleft_is_recognised_in_every_spelling():
    for text in ("GPL-2.0-only", "LGPL-3.0-only", "AGPL-3.0-or-later", "MIT AND GPL-3.0-only", "GNU AGPLv3"):
        assert licences.COPYLEFT.search(text)
    for text in ("MPL-2.0", "MIT", "BSD-3-Clause", "PSF-2.0"):
        assert not licences.COPYLEFT.search(text)
