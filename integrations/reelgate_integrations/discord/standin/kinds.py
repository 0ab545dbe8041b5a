"""Of which kind each part of a body is, by its name: where a body holds another kind, no other rule is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reelgate.testing.twin import Breach

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reelgate_integrations.discord.standin.checks import At

_OBJECTS: Final = ("embeds", "components", "attachments", "options", "choices")
"""Lists that hold objects alone."""

_NAMES: Final[Mapping[type, tuple[str, ...]]] = {
    str: (
        "content", "custom_id", "description", "filename", "label", "name",
        "placeholder", "recipient_id", "title", "url",
    ),
    int: ("flags", "max_length", "min_length", "style", "type"),
    bool: ("autocomplete", "disabled", "enforce_nonce", "nsfw", "required", "tts"),
    list: (*_OBJECTS, "channel_types", "contexts", "integration_types", "parse", "roles", "users"),
    dict: ("allowed_mentions", "component", "data", "description_localizations", "emoji", "name_localizations"),
}  # fmt: skip
_KINDS: Final = {name: kind for kind, names in _NAMES.items() for name in names}
_WORDS: Final = {str: "string", int: "integer", bool: "boolean", list: "list", dict: "object"}


def misfits(value: Any, at: At = ()) -> Iterator[Breach]:
    """Every part that is of another kind than its name says. A part that is ``null`` counts as left out."""
    if isinstance(value, dict):
        for name, each in value.items():
            kind = _KINDS.get(name)
            if at[-1:] in (("name_localizations",), ("description_localizations",)):
                kind = str
            if kind is None or each is None or _is(each, kind):
                yield from misfits(each, (*at, name))
            else:
                yield _wanted(kind, (*at, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            if at[-1:] and at[-1] in _OBJECTS and not isinstance(each, dict):
                yield _wanted(dict, (*at, number))
            else:
                yield from misfits(each, (*at, number))


def _is(value: object, kind: type) -> bool:
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def _wanted(kind: type, at: At) -> Breach:
    return Breach(f"A value of type {_WORDS[kind]} is wanted.", at, f"{_WORDS[kind].upper()}_TYPE_CONVERT")
