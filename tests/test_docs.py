"""What the pages say is there, is there: links, make targets, settings with their defaults, sub-commands.

Whole command lines are read in test_docs_commands.py.
"""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path

import click
import pytest

from reelgate import commands
from reelgate_service.cli import main
from reelgate_service.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TEXTS = {page: page.read_text(encoding="utf-8") for page in PAGES}
BLOCK = re.compile(r"^```[^\n]*\n.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
QUICKSTART = TEXTS[ROOT / "docs" / "quickstart.md"]

OF_OTHERS = {"REELGATE_URL", "REELGATE_API_KEY", "REELGATE_LOG"}
"""Variables that are no settings of the service: the client's two, and the log's."""


def typed(text: str) -> list[str]:
    """Everything on a page that somebody may type: lines of code blocks, and inline code."""
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()[1:-1]]
    return lines + CODE.findall(BLOCK.sub("", text))


def anchor(heading: str) -> str:
    """A heading's anchor as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def test_there_are_pages():
    assert {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"} <= {page.name for page in PAGES}
    assert len(PAGES) > 15


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path):
    for target in re.findall(r"\]\(([^)\s]+)\)", BLOCK.sub("", TEXTS[page])):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, fragment = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.exists(), f"{target} is not there"
        assert there.is_relative_to(ROOT), f"{target} leads out of the repository"
        if fragment:
            headings = re.findall(r"^#+ (.+)$", BLOCK.sub("", there.read_text(encoding="utf-8")), re.MULTILINE)
            assert fragment in {anchor(heading) for heading in headings}, f"{target}: no such heading"


def test_make_targets_exist():
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        (page.name, target)
        for page, text in TEXTS.items()
        for line in typed(text)
        for target in re.findall(r"(?:^|[;&|] *)make ([a-z][a-z0-9-]*)", line)
    }
    assert ("README.md", "reel") in named
    assert not {(page, target) for page, target in named if target not in targets}


def test_the_variables_named_exist():
    known = {f"REELGATE_{item.name.upper()}" for item in fields(Settings)} | OF_OTHERS
    for page, text in TEXTS.items():
        unknown = set(re.findall(r"\bREELGATE_[A-Z_]*[A-Z]\b", text)) - known
        assert not unknown, f"{page.name} names {sorted(unknown)}"


@pytest.mark.parametrize("item", fields(Settings), ids=lambda item: item.name)
def test_every_setting_is_documented_with_its_default(item):
    rows = dict(re.findall(r"^\| `(REELGATE_\w+)` \| (.*?) \| .+ \|$", QUICKSTART, re.MULTILINE))
    said = rows[f"REELGATE_{item.name.upper()}"]
    if item.default is MISSING or item.default == "":
        return  # made from the home, or none: said in words
    default = str(int(item.default)) if isinstance(item.default, int | float) else item.default
    assert said == f"`{default}`"


def test_reelgate_commands_exist():
    known = {command.name for command in commands.known()}
    named = {
        (page.name, word)
        for page, text in TEXTS.items()
        for line in typed(text)
        for word in re.findall(r"(?:^|[\s;|(/])(?<!from )reelgate ([a-z][a-z-]*)\b(?!\.)", line.split("#")[0])
    }
    assert ("README.md", "doctor") in named
    assert not {(page, word) for page, word in named if word not in known}


def test_service_commands_exist():
    named: set[tuple[str, ...]] = set()
    for page, text in TEXTS.items():
        for line in typed(text):
            for first, second in re.findall(r"reelgate-service ([a-z][a-z-]*)(?: ([a-z]+))?", line.split("#")[0]):
                group = main.commands.get(first)
                assert group is not None, f"{page.name}: there is no reelgate-service {first}"
                named.add((first, second))
                if isinstance(group, click.Group) and second:
                    assert second in group.commands, f"{page.name}: there is no reelgate-service {first} {second}"
    assert {("reviews", "approve"), ("ledger", "verify"), ("keys", "add")} <= named


def test_pages_speak_of_the_project_alone():
    for page, text in TEXTS.items():
        found = re.findall(r"/tmp/\S+|/root/|/home/\w+/|TODO|FIXME", text)
        assert not found, f"{page.name}: {found}"
