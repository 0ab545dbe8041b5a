"""What a body may hold: each check says, place by place, what Discord would not take."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from reelgate.testing.twin import Breach
from reelgate_integrations.discord.standin.limits import MOST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

At: TypeAlias = tuple[str | int, ...]

ROW, BUTTON, TEXT_INPUT, TEXT, LABEL = 1, 2, 4, 10, 18
NEW_LAYOUT = 1 << 15
_LINK, _PREMIUM = 5, 6


def content(data: Mapping[str, Any]) -> Iterator[Breach]:
    """The words of a message."""
    yield from text(data.get("content"), ("content",), 0, MOST["content"])
    if len(data.get("embeds") or ()) > MOST["embeds"]:
        yield length(("embeds",), 0, MOST["embeds"])
    if int(data.get("flags") or 0) & NEW_LAYOUT and (data.get("content") or data.get("embeds")):
        yield Breach("Newer layouts go without content and embeds.", ("flags",),
                     "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2")  # fmt: skip


def nonce(data: Mapping[str, Any]) -> Iterator[Breach]:
    """The key of a message."""
    given = data.get("nonce")
    if isinstance(given, str):
        yield from text(given, ("nonce",), 0, MOST["nonce"])
    elif given is not None and not isinstance(given, int):
        yield Breach("Only strings and integers are allowed.", ("nonce",), "NONCE_TYPE_INVALID")


def rows(data: Mapping[str, Any]) -> Iterator[Breach]:
    """The buttons of a message."""
    given = data.get("components") or []
    if not isinstance(given, list) or len(given) > MOST["rows"]:
        yield length(("components",), 1, MOST["rows"])
        return
    seen: set[str] = set()
    for number, row in enumerate(given):
        at: At = ("components", number)
        if not isinstance(row, dict) or row.get("type") != ROW:
            yield Breach(f'Value of field "type" must be {ROW}.', (*at, "type"), "UNION_TYPE_CHOICES")
            continue
        buttons = row.get("components")
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= MOST["buttons"]:
            yield length((*at, "components"), 1, MOST["buttons"])
            continue
        for place, button in enumerate(buttons):
            yield from _button(button, (*at, "components", place), seen)


def _button(button: Any, at: At, seen: set[str]) -> Iterator[Breach]:
    if not isinstance(button, dict) or button.get("type") != BUTTON:
        yield Breach('Value of field "type" must be 2.', (*at, "type"), "UNION_TYPE_CHOICES")
        return
    style = button.get("style")
    if style not in (1, 2, 3, 4, _LINK, _PREMIUM):
        yield Breach("Value must be one of {1, 2, 3, 4, 5, 6}.", (*at, "style"), "BASE_TYPE_CHOICES")
    yield from text(button.get("label"), (*at, "label"), 0, MOST["label"])
    if not button.get("label") and not button.get("emoji"):
        yield Breach("A button must have a label or emoji.", at, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED")
    if style == _LINK:
        yield from text(button.get("url"), (*at, "url"), 1, MOST["url"], required=True)
        if "custom_id" in button:
            yield Breach("A custom id and url cannot both be specified", at, "BUTTON_COMPONENT_CUSTOM_ID_URL")
        return
    yield from _custom_id(button, at, seen, MOST["custom_id"])


def _custom_id(component: Mapping[str, Any], at: At, seen: set[str], most: int) -> Iterator[Breach]:
    given = component.get("custom_id")
    yield from text(given, (*at, "custom_id"), 1, most, required=True)
    if isinstance(given, str):
        if given in seen:
            yield Breach(
                "Component custom id cannot be duplicated", (*at, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED"
            )
        seen.add(given)


def attachments(data: Mapping[str, Any], files: Mapping[int, object]) -> Iterator[Breach]:
    """The list of files that a message has, against the files that came."""
    if len(files) > MOST["attachments"]:
        yield length(("attachments",), 0, MOST["attachments"])
    given = data.get("attachments")
    if given is None:
        return
    if not isinstance(given, list) or len(given) > MOST["attachments"]:
        yield length(("attachments",), 0, MOST["attachments"])
        return
    listed = set()
    for number, each in enumerate(given):
        if not isinstance(each, dict) or not re.fullmatch(r"\d{1,20}", str(each.get("id", ""))):
            yield Breach("This field is required", ("attachments", number, "id"), "BASE_TYPE_REQUIRED")
            continue
        listed.add(str(each["id"]))
        described = each.get("description")
        yield from text(described, ("attachments", number, "description"), 0, MOST["attachment_description"])
        if len(str(each["id"])) < 3 and int(each["id"]) not in files:
            yield Breach("Uploaded file not found.", ("attachments", number), "ATTACHMENT_NOT_FOUND")
    for number in sorted(set(files) - {int(each) for each in listed}):
        yield Breach(f"files[{number}] is not listed", ("attachments",), "ATTACHMENT_NOT_LISTED")


def modal(data: Mapping[str, Any]) -> Iterator[Breach]:
    """A form."""
    at: At = ("data",)
    yield from text(data.get("title"), (*at, "title"), 1, MOST["modal_title"], required=True)
    yield from text(data.get("custom_id"), (*at, "custom_id"), 1, MOST["modal_custom_id"], required=True)
    given = data.get("components")
    if not isinstance(given, list) or not 1 <= len(given) <= MOST["modal_components"]:
        yield length((*at, "components"), 1, MOST["modal_components"])
        return
    seen: set[str] = set()
    for number, each in enumerate(given):
        yield from _modal_part(each, (*at, "components", number), seen)


def _modal_part(each: Any, at: At, seen: set[str]) -> Iterator[Breach]:
    kind = each.get("type") if isinstance(each, dict) else None
    if kind == LABEL:
        yield from text(each.get("label"), (*at, "label"), 1, MOST["input_label"], required=True)
        yield from _input(each.get("component"), (*at, "component"), seen, labelled=True)
    elif kind == ROW:
        inputs = each.get("components")
        if not isinstance(inputs, list) or len(inputs) != 1:
            yield length((*at, "components"), 1, 1)
        else:
            yield from _input(inputs[0], (*at, "components", 0), seen, labelled=False)
    elif kind != TEXT:
        yield Breach('Value of field "type" must be one of (1, 10, 18).', (*at, "type"), "UNION_TYPE_CHOICES")


def _input(each: Any, at: At, seen: set[str], *, labelled: bool) -> Iterator[Breach]:
    if not isinstance(each, dict) or each.get("type") != TEXT_INPUT:
        yield Breach('Value of field "type" must be 4.', (*at, "type"), "UNION_TYPE_CHOICES")
        return
    yield from _custom_id(each, at, seen, MOST["modal_custom_id"])
    if each.get("style") not in (1, 2):
        yield Breach("Value must be one of {1, 2}.", (*at, "style"), "BASE_TYPE_CHOICES")
    if not labelled:
        yield from text(each.get("label"), (*at, "label"), 1, MOST["input_label"], required=True)
    yield from text(each.get("value"), (*at, "value"), 0, MOST["input_value"])
    yield from text(each.get("placeholder"), (*at, "placeholder"), 0, MOST["placeholder"])
    for name, least in (("min_length", 0), ("max_length", 1)):
        if each.get(name) is not None and not least <= each[name] <= MOST["input_longest"]:
            yield Breach(f"int value should be {least} to {MOST['input_longest']}.", (*at, name), "NUMBER_TYPE_RANGE")


def choices(data: Mapping[str, Any]) -> Iterator[Breach]:
    """Suggestions for a field."""
    given = data.get("choices") or []
    if len(given) > MOST["choices"]:
        yield length(("data", "choices"), 0, MOST["choices"])
    for number, each in enumerate(given):
        yield from choice(each, ("data", "choices", number))


def choice(each: Any, at: At) -> Iterator[Breach]:
    """One of several values that a person is offered."""
    if not isinstance(each, dict):
        yield Breach("This field is required", at, "BASE_TYPE_REQUIRED")
        return
    yield from text(each.get("name"), (*at, "name"), 1, MOST["choice_name"], required=True)
    if isinstance(each.get("value"), str):
        yield from text(each["value"], (*at, "value"), 0, MOST["choice_value"])
    elif isinstance(each.get("value"), bool) or not isinstance(each.get("value"), int | float):
        yield Breach("This field is required", (*at, "value"), "BASE_TYPE_REQUIRED")


def text(given: Any, at: At, least: int, most: int, *, required: bool = False) -> Iterator[Breach]:
    """Words of so many characters; ``required`` ones may not be left out."""
    if given is None and not required:
        return
    if not isinstance(given, str) or (required and not given):
        yield Breach("This field is required", at, "BASE_TYPE_REQUIRED")
    elif len(given) > most:
        yield Breach(f"Must be {most} or fewer in length.", at, "BASE_TYPE_MAX_LENGTH")
    elif len(given) < least:
        yield length(at, least, most)


def length(at: At, least: int, most: int) -> Breach:
    """Too few or too many."""
    return Breach(f"Must be between {least} and {most} in length.", at, "BASE_TYPE_BAD_LENGTH")
