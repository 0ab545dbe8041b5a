"""Our commands keep what Discord documents, in every language, and say what we take."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from reelgate_integrations.discord import facts

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCALES = {"de", "fr", "es-ES", "es-419", "pt-BR", "ja"}
NAME = re.compile(r"[-_'\w]{1,32}")
ALL = facts.commands()


def parts(command: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A command and all of its options, however deep."""
    yield command
    for option in command.get("options", ()):
        yield from parts(option)


def length(part: dict[str, Any]) -> int:
    """What a command counts for: of each text the longest translation."""
    texts = [
        max(len(part.get(key, "")), *map(len, part.get(f"{key}_localizations", {"": ""}).values()))
        for key in ("name", "description")
    ]
    choices = sum(len(str(each["value"])) + length(each) for each in part.get("choices", ()))
    return sum(texts) + choices + sum(length(option) for option in part.get("options", ()))


@pytest.mark.parametrize("command", ALL, ids=lambda command: command["name"])
def test_a_command_keeps_the_limits(command: dict[str, Any]):
    for part in parts(command):
        names = [part["name"], *part["name_localizations"].values()]
        assert set(part["name_localizations"]) == LOCALES
        if command["type"] == 1:
            assert all(NAME.fullmatch(name) and name == name.lower() for name in names), names
            texts = [part["description"], *part["description_localizations"].values()]
            assert len(texts) == 7 and all(1 <= len(text) <= 100 for text in texts), part["name"]
        assert all(len(name) <= 32 for name in names)
        options, choices = part.get("options", []), part.get("choices", [])
        assert len(options) <= 25 and len(choices) <= 25
        required = [bool(option.get("required")) for option in options]
        assert required == sorted(required, reverse=True), "required options come first"
        for locale in ("", *LOCALES):
            shown = [each["name_localizations"].get(locale, each["name"]) for each in options]
            assert len(set(shown)) == len(shown), f"two options are called the same in {locale or 'English'}"
        for choice in choices:
            assert 1 <= len(choice["name"]) <= 100 and len(str(choice["value"])) <= 100
            assert set(choice.get("name_localizations", LOCALES)) == LOCALES
    assert length(command) <= 8000


def test_names_are_used_once():
    for locale in ("", *LOCALES):
        for kind in (1, 3):
            names = [each["name_localizations"].get(locale, each["name"]) for each in ALL if each["type"] == kind]
            assert len(set(names)) == len(names)


def test_what_a_command_takes_is_bounded():
    imagine = {option["name"]: option for option in ALL[0]["options"]}
    assert imagine["prompt"]["required"] and imagine["prompt"]["max_length"] == 2000
    assert (imagine["seconds"]["min_value"], imagine["seconds"]["max_value"]) == (1, 16)
    assert (imagine["seed"]["min_value"], imagine["seed"]["max_value"]) == (0, 4294967295)
    assert [choice["value"] for choice in imagine["aspect"]["choices"]] == ["9:16", "1:1", "16:9"]


def test_only_managers_see_the_settings_and_only_in_servers():
    settings = next(each for each in ALL if each["name"] == "reelgate")
    assert settings["default_member_permissions"] == "32"
    assert settings["contexts"] == [0] and settings["integration_types"] == [0]
    assert all(each["nsfw"] is False for each in ALL)


def test_in_one_server_nothing_is_said_of_contexts():
    for each in facts.commands(everywhere=False):
        assert "contexts" not in each and "integration_types" not in each
