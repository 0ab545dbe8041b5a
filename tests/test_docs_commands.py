"""Every command line on a page is one that can be typed: read by the command's own parser, or planned by make."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from tests.test_docs import BLOCK, CODE, ROOT, TEXTS

from reelgate import cli, commands
from reelgate.errors import BadInput
from reelgate_service.cli import main

NAMES = ("reelgate", "reelgate-service", "make")
PROMISED = {"README.md", "discord.md", "in-app.md", "marks.md", "quickstart.md", "twins.md", "write-a-platform.md"}
"""Pages that show commands in blocks; a page that loses them all has lost its way into these tests."""


@dataclass(frozen=True)
class Line:
    """Words as somebody would type them. ``whole`` is true in a block: nothing may be missing there."""

    page: str
    words: tuple[str, ...]
    whole: bool

    def __str__(self) -> str:
        return f"{self.page}: {shlex.join(self.words)}"


def split(text: str) -> list[tuple[str, ...]]:
    """The commands in a line of a shell, each without the settings before it and without what it is piped to."""
    reader = shlex.shlex(text, posix=True, punctuation_chars="|;&()<>")
    reader.whitespace_split = True
    found: list[list[str]] = [[]]
    for word in reader:
        if set(word) <= set("|;&()<>"):
            found.append([])
        elif found[-1] or not re.match(r"[A-Z_]+=", word):
            found[-1].append(word)
    return [tuple(words) for words in found if words]


def shown() -> list[Line]:
    """All lines of blocks and all inline code that start with a name of ours."""
    lines: dict[Line, None] = {}
    for page, text in TEXTS.items():
        typed = [(line, False) for line in CODE.findall(BLOCK.sub("", text))]
        for block in BLOCK.findall(text):
            opening, _, rest = block.partition("\n")
            if opening in {"```", "```sh"}:
                body = rest.rpartition("```")[0].replace("\\\n", " ")
                typed += [(line, True) for line in body.splitlines()]
        for line, whole in typed:
            if not re.search(rf"(?:^|[\s;|&=])({'|'.join(NAMES)})(?: |$)", line):
                continue
            for words in split(line):
                if words[0] in NAMES and len(words) > 1:
                    lines[Line(str(page.relative_to(ROOT)), words, whole)] = None
    return list(lines)


SHOWN = shown()


def of(name: str) -> list[Line]:
    return [line for line in SHOWN if line.words[0] == name]


class Read(Exception):
    """The command line was read; the command is not run."""


def test_the_pages_that_show_commands_are_seen() -> None:
    assert {Path(line.page).name for line in SHOWN if line.whole} >= PROMISED
    assert all(len(of(name)) > 10 for name in NAMES)


@pytest.mark.parametrize("line", of("reelgate"), ids=str)
def test_reelgate_reads_it(line: Line, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    real = argparse.ArgumentParser.parse_args

    def read(self: argparse.ArgumentParser, *asked: object) -> None:
        real(self, *asked)  # type: ignore[call-overload]
        raise Read

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", read)
    _, name, *rest = line.words
    if name.startswith("-"):
        assert cli.main([name, *rest]) == 0
        return
    try:
        with pytest.raises(Read):
            commands.run(name, rest)
    except (BadInput, SystemExit) as error:
        said = f"{error} {capsys.readouterr().err}"
        assert not line.whole, said
        assert "arguments are required" in said


@pytest.mark.parametrize("line", of("reelgate-service"), ids=str)
def test_the_service_reads_it(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    real = click.Command.invoke

    def read(self: click.Command, context: click.Context) -> object:
        if isinstance(self, click.Group):
            return real(self, context)  # on to its sub-command
        raise Read

    monkeypatch.setattr(click.Command, "invoke", read)
    try:
        with pytest.raises(Read):
            main.main(list(line.words[1:]), line.words[0], standalone_mode=False)
    except click.MissingParameter:
        assert not line.whole, "something is missing"


@pytest.mark.parametrize("line", [line for line in of("make") if "*" not in line.words[1]], ids=str)
def test_make_can_plan_it(line: Line, tmp_path: Path) -> None:
    targets = [word for word in line.words[1:] if "=" not in word]
    given = [word for word in line.words[1:] if "=" in word]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in (word.partition("=")[0] for word in given):
        assert f"$({name})" in makefile, f"no target looks at {name}"
    command = ["make", "--dry-run", *targets, *given, f"VENV={tmp_path}", f"OUT={tmp_path}"]
    planned = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert planned.returncode == 0, planned.stderr
