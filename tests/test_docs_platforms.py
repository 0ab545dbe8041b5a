"""What docs/discord.md and docs/write-a-platform.md state is what the code says: numbers, names, contracts."""

from __future__ import annotations

import importlib
import re
import tomllib
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.test_docs import BLOCK, CODE, ROOT, TEXTS

from reelgate import chat, commands, contract, doctor, door, errors, listing
from reelgate.words import Once
from reelgate_integrations import catalog
from reelgate_integrations.discord import facts
from reelgate_moderation.provenance import ledger
from reelgate_service.app import create_app
from reelgate_service.chat.phrases import Phrase, say
from reelgate_service.settings import from_environment

if TYPE_CHECKING:
    from pathlib import Path

DISCORD = (ROOT / "docs" / "discord.md").read_text(encoding="utf-8")
WRITE = (ROOT / "docs" / "write-a-platform.md").read_text(encoding="utf-8")
ECHO = ROOT / "examples" / "platform-echo"
NAME = re.compile(r"(?<![\w.])reelgate(?:_[a-z]+)?(?:\.\w+)+")
GROUPS = {commands.GROUP, doctor.GROUP, ledger.GROUP, catalog.TWIN_GROUP, listing.CATALOGS, *listing.GROUPS.values()}
"""Groups of entry points look like names in the code, and are none."""


def found(name: str) -> Any:
    """The module, or what stands in a module, under a dotted name."""
    module, _, last = name.rpartition(".")
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        return getattr(found(module), last)


def block(page: str, language: str, holding: str = "") -> str:
    blocks: list[str] = BLOCK.findall(page)
    (code,) = [code for code in blocks if code.startswith(f"```{language}\n") and holding in code]
    return code.partition("\n")[2].rpartition("```")[0]


def column(page: str, header: str, at: int) -> list[str]:
    """The cells of a column of the table with that header row."""
    rows = page[page.index(header) :].split("\n\n")[0].splitlines()[2:]
    return [row.strip("|").split("|")[at] for row in rows]


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: str(page.relative_to(ROOT)))
def test_names_of_the_code_lead_somewhere(page: Path) -> None:
    for name in {name for text in CODE.findall(BLOCK.sub("", TEXTS[page])) for name in NAME.findall(text)}:
        if name in GROUPS or name.endswith((".py", ".db", ".key", ".toml", ".md")):
            continue
        assert found(name) is not None


# -- Discord ------------------------------------------------------------------------------------------------------


def test_the_invitation_asks_for_what_the_bot_needs() -> None:
    (link,) = re.findall(r"https://discord\.com/oauth2/authorize\S+", DISCORD)
    asked = parse_qs(urlsplit(link).query)
    assert int(asked["permissions"][0]) == facts.PERMISSIONS
    assert tuple(asked["scope"][0].split()) == facts.FACTS.scopes


def test_the_endpoint_to_enter_is_one_that_listens(tmp_path: Path) -> None:
    path = urlsplit(block(DISCORD, "", "https://HOST/platforms").strip()).path
    app = create_app(from_environment({"REELGATE_HOME": str(tmp_path)}))
    _, values = app.url_map.bind("host", url_scheme="https").match(path, "POST")
    assert set(values.values()) == {"discord", "1300000000000000001"}


def test_both_secrets_are_handed_over() -> None:
    assert tuple(re.findall(r"--secret-env (\w+)=", block(DISCORD, "sh", "--secret-env"))) == facts.FACTS.secrets


def test_the_settings_and_the_buttons_are_called_so() -> None:
    (configure,) = [each for each in facts.commands() if each["name"] == facts.CONFIGURE]
    shown = re.findall(r"^\| \*\*/reelgate (\w+)\*\* ", DISCORD, re.MULTILINE)
    assert shown == [option["name"] for option in configure["options"]]
    buttons = re.findall(r"\*([^*]+)\*", DISCORD[DISCORD.index("Under a reel are") :].partition(". ")[0])
    phrases = [Phrase.BUTTON_REGENERATE, Phrase.BUTTON_VARY, Phrase.BUTTON_EDIT, Phrase.BUTTON_STICKER]
    phrases += [Phrase.BUTTON_REPORT, Phrase.BUTTON_DELETE]
    assert buttons == [say(phrase, "en") for phrase in phrases]
    for phrase in (Phrase.NOT_MADE, Phrase.BUTTON_WHY):
        assert f"*{say(phrase, 'en')}*" in DISCORD


def test_the_limits_are_those_kept() -> None:
    assert f"{facts.SKEW_S // 60} minutes" == "5 minutes"
    assert "clock right to five minutes" in DISCORD
    assert f"The answer has {facts.FACTS.ack_deadline:.0f} seconds" in DISCORD
    assert f"over {facts.MAX_FILE >> 20} MiB" in DISCORD
    assert 14 * 60 < facts.TOKEN_S <= 15 * 60
    assert DISCORD.count("15 minutes") == 2


# -- a platform of one's own --------------------------------------------------------------------------------------


def test_the_parts_of_a_platform_have_these_verbs() -> None:
    header = "| Part | Contract | In the example |"
    seen = {}
    for cell in column(WRITE, header, 1):
        first, *verbs = CODE.findall(cell)
        seen[first] = verbs
        assert all(hasattr(found(first), verb) for verb in verbs), cell
    assert set(seen) >= {"reelgate.door.Door", "reelgate.contract.Platform", "reelgate.door.Registrar"}
    for kind in (door.Door, contract.Platform, door.Registrar):
        public = {name for name in vars(kind) if not name.startswith("_")} - {"facts"}
        assert set(seen[f"{kind.__module__}.{kind.__name__}"]) == public, kind
    files = {name for cell in column(WRITE, header, 2) for name in CODE.findall(cell)}
    assert files
    assert files <= {path.name for path in (ECHO / "src" / "reelgate_echo").iterdir()}


def test_what_it_raises_and_replies_is_there() -> None:
    for cell in column(WRITE, "| It happened that | Raise |", 1):
        for call in CODE.findall(cell):
            assert issubclass(getattr(errors, call.partition("(")[0]), errors.ReelgateError)
    assert errors.PlatformBusy("later", retry_after=2).retry_after == 2
    (replies,) = re.findall(r"puts a reply \(([^)]+)\)", WRITE)
    assert set(CODE.findall(replies)) == {kind.__name__ for kind in chat.Reply.__args__}
    for name in ("Origin", "Ignored"):
        assert f"`{name}`" in WRITE
        assert hasattr(chat, name)
    assert {f"*{once}*" for once in ("key", "look-up", "none")} <= set(re.findall(r"\*[^*\s]+\*", WRITE))
    assert {once.value.replace("_", "-") for once in Once} == {"key", "look-up", "none"}


def test_the_entry_point_and_the_imports_are_those_of_the_example() -> None:
    shown = tomllib.loads(block(WRITE, "toml"))["project"]["entry-points"]
    whole = tomllib.loads((ECHO / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    assert shown == whole
    names: dict[str, Any] = {}
    exec(compile(block(WRITE, "python"), "docs/write-a-platform.md", "exec"), names)
    assert all(f"`{name}`" in WRITE for name in names if name.startswith("check_"))
