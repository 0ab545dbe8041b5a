"""What a registered command may hold: names and descriptions, also translated, options and choices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from reelgate.testing.twin import Breach
from reelgate_integrations.discord.standin.checks import choice, length, text
from reelgate_integrations.discord.standin.limits import COMMAND_CHARACTERS, LOCALES, MOST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reelgate_integrations.discord.standin.checks import At

SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3
_SUB, _GROUP, _STRING, _INTEGER, _NUMBER = 1, 2, 3, 4, 10
_NAME = re.compile(r"[-_'\w]{1,32}")
_MOST = {SLASH: MOST["commands"], USER_MENU: MOST["menus"], MESSAGE_MENU: MOST["menus"]}


def command_list(data: Any) -> Iterator[Breach]:
    """All commands of an app."""
    if not isinstance(data, list) or not all(isinstance(each, dict) for each in data):
        yield Breach("A list of commands is wanted.", (), "LIST_TYPE_CONVERT")
        return
    yield from crowd(data)
    seen: set[tuple[int, str]] = set()
    for number, each in enumerate(data):
        yield from command(each, (number,))
        key = (each.get("type") or SLASH, str(each.get("name")))
        if key in seen:
            yield Breach("Application command names must be unique", (number,), "APPLICATION_COMMANDS_DUPLICATE_NAME")
        seen.add(key)


def crowd(commands: list[dict[str, Any]]) -> Iterator[Breach]:
    """Whether there are too many of one kind."""
    for kind, most in _MOST.items():
        if sum((each.get("type") or SLASH) == kind for each in commands) > most:
            yield Breach(f"Must be {most} or fewer.", (), "BASE_TYPE_MAX_LENGTH")


def command(each: Any, at: At) -> Iterator[Breach]:
    """One command."""
    if not isinstance(each, dict):
        yield Breach("An object is wanted.", at, "DICT_TYPE_CONVERT")
        return
    kind = each.get("type") or SLASH
    if kind not in _MOST:
        yield Breach("Value must be one of {1, 2, 3}.", (*at, "type"), "BASE_TYPE_CHOICES")
        return
    yield from _where(each, at)
    if kind != SLASH:
        yield from text(each.get("name"), (*at, "name"), 1, MOST["command_name"], required=True)
        yield from _translated(each, at, "name", MOST["command_name"])
        if each.get("description") or each.get("options"):
            yield Breach("An entry of a menu has no description and no options.", at, "APPLICATION_COMMAND_MENU_BARE")
        return
    yield from _named(each, at, MOST["command_name"], MOST["command_description"])
    yield from _options(each.get("options") or [], at, (_SUB, _GROUP))
    if _characters(each) > COMMAND_CHARACTERS:
        yield Breach(f"Command exceeds maximum size ({COMMAND_CHARACTERS})", at, "APPLICATION_COMMAND_TOO_LARGE")


def _where(each: Mapping[str, Any], at: At) -> Iterator[Breach]:
    """Where a command shows, and to whom."""
    for field, known in (("contexts", (0, 1, 2)), ("integration_types", (0, 1))):
        given = each.get(field)
        if given is not None and (not given or any(one not in known for one in given)):
            yield Breach(f"Values must be some of {known}.", (*at, field), "BASE_TYPE_CHOICES")
    wanted = each.get("default_member_permissions")
    if wanted is not None and not re.fullmatch(r"[0-9]{1,20}", str(wanted)):
        yield Breach(
            "Permissions are a number, or one as text.", (*at, "default_member_permissions"), "NUMBER_TYPE_COERCE"
        )


def _named(each: Mapping[str, Any], at: At, name_most: int, words_most: int) -> Iterator[Breach]:
    yield from _name(each.get("name"), (*at, "name"), name_most)
    yield from text(each.get("description"), (*at, "description"), 1, words_most, required=True)
    yield from _translated(each, at, "name", name_most, plain=True)
    yield from _translated(each, at, "description", words_most)


def _name(given: Any, at: At, most: int) -> Iterator[Breach]:
    if not isinstance(given, str) or not _NAME.fullmatch(given) or given != given.lower() or len(given) > most:
        yield Breach("Command name is invalid", at, "APPLICATION_COMMAND_INVALID_NAME")


def _translated(each: Mapping[str, Any], at: At, field: str, most: int, *, plain: bool = False) -> Iterator[Breach]:
    """The translations of a field. ``plain``: what is typed after a slash, which takes no blanks nor capitals."""
    for language, words in (each.get(f"{field}_localizations") or {}).items():
        here: At = (*at, f"{field}_localizations", language)
        if language not in LOCALES:
            yield Breach("Value must be one of Discord's locales.", here, "BASE_TYPE_CHOICES")
        if plain:
            yield from _name(words, here, most)
        else:
            yield from text(words, here, 1, most, required=True)


def _options(given: list[Any], at: At, groups: tuple[int, ...]) -> Iterator[Breach]:
    """Options; those of ``groups`` may hold others, and then stand alone."""
    if len(given) > MOST["command_options"]:
        yield length((*at, "options"), 0, MOST["command_options"])
        return
    names: set[str] = set()
    optional = False
    for number, each in enumerate(given):
        here: At = (*at, "options", number)
        holds = each.get("type") in (_SUB, _GROUP)
        if each.get("type") not in range(1, 12) or (holds and each["type"] not in groups):
            yield Breach("Value must be one of {1..11}.", (*here, "type"), "BASE_TYPE_CHOICES")
            continue
        if holds != (given[0].get("type") in (_SUB, _GROUP)):
            yield Breach("Sub-command and other options cannot be mixed", here, "APPLICATION_COMMAND_OPTIONS_MIXED")
        yield from _named(each, here, MOST["option_name"], MOST["option_description"])
        if each.get("name") in names:
            yield Breach(
                "Option name already exists", (*here, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"
            )
        names.add(str(each.get("name")))
        if each.get("required") and optional:
            yield Breach("Required options must be placed before non-required options", here,
                         "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID")  # fmt: skip
        optional = optional or not (holds or each.get("required"))
        if holds:
            yield from _options(each.get("options") or [], here, (_SUB,) if each["type"] == _GROUP else ())
        else:
            yield from _value(each, here)


def _value(each: Mapping[str, Any], at: At) -> Iterator[Breach]:
    given = each.get("choices") or []
    if len(given) > MOST["option_choices"]:
        yield length((*at, "choices"), 0, MOST["option_choices"])
    for number, one in enumerate(given):
        yield from choice(one, (*at, "choices", number))
        yield from _translated(one, (*at, "choices", number), "name", MOST["choice_name"])
    if given and each.get("autocomplete"):
        yield Breach("Choices and autocomplete exclude each other", at, "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES")
    if each.get("autocomplete") and each["type"] not in (_STRING, _INTEGER, _NUMBER):
        yield Breach("Only words and numbers can be suggested", at, "APPLICATION_COMMAND_AUTOCOMPLETE_TYPE")
    for name, least in (("min_length", 0), ("max_length", 1)):
        if each.get(name) is not None and not least <= each[name] <= MOST["option_longest"]:
            yield Breach(
                f"int value should be {least} to {MOST['option_longest']}.", (*at, name), "NUMBER_TYPE_RANGE"
            )
    for name in ("min_value", "max_value"):
        if each.get(name) is not None and (isinstance(each[name], bool) or not isinstance(each[name], int | float)):
            yield Breach("A number is wanted.", (*at, name), "NUMBER_TYPE_COERCE")


def _characters(each: Mapping[str, Any]) -> int:
    """The size of a command: names, descriptions and values, of each the longest translation."""
    size = 0
    for field in ("name", "description"):
        words = [each.get(field), *(each.get(f"{field}_localizations") or {}).values()]
        size += max((len(word) for word in words if isinstance(word, str)), default=0)
    for one in each.get("choices") or ():
        size += _characters(one) + len(str(one.get("value", "")))
    return size + sum(_characters(option) for option in each.get("options") or ())
