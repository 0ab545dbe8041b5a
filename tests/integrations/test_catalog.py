"""The catalog: sorted, importable, conforming, and kind to who asks for what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reelgate.chat import Registration
from reelgate.contract import Generator, Platform
from reelgate.errors import NotFound, NotOffered
from reelgate.plugins import Row
from reelgate.testing.chatting import ChatTwin
from reelgate_integrations import catalog

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("rows", [catalog.GENERATORS, catalog.PLATFORMS, catalog.TWINS])
def test_rows_are_sorted_and_say_what_they_are(rows: tuple[Row, ...]) -> None:
    names = [row.name for row in rows]
    assert names == sorted(names) and len(set(names)) == len(names)
    assert all(row.sentence.endswith(".") and ":" in row.target for row in rows)


@pytest.mark.parametrize("row", catalog.GENERATORS, ids=lambda row: row.name)
def test_every_generator_conforms(row: Row) -> None:
    made = catalog.generator(row.name)
    assert isinstance(made, Generator)
    assert made.facts.name == row.name


@pytest.mark.parametrize("row", catalog.PLATFORMS, ids=lambda row: row.name)
def test_every_platform_conforms(row: Row, tmp_path: Path) -> None:
    made = catalog.platform(row.name, tmp_path if row.name == "folder" else Registration(""))
    assert isinstance(made, Platform)
    assert made.facts.slug == row.name


@pytest.mark.parametrize("row", catalog.TWINS, ids=lambda row: row.name)
def test_every_twin_can_be_shown(row: Row) -> None:
    twin = catalog.twin_maker(row.name)()
    try:
        assert isinstance(twin, ChatTwin)
        assert catalog.platform(row.name, twin.registration).facts.slug == row.name
        assert twin.view().state("", "")["title"]
    finally:
        twin.close()


def test_an_unknown_name_is_not_found() -> None:
    with pytest.raises(NotFound, match="discord"):
        catalog.twin_maker("folder")
    with pytest.raises(NotFound, match="storyboard"):
        catalog.generator("nobody")
    with pytest.raises(NotFound, match="folder"):
        catalog.platform("nowhere")


def test_what_does_not_conform_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "GENERATORS", (Row("odd", "builtins:dict", "Not a generator."),))
    with pytest.raises(NotOffered):
        catalog.generator("odd")
