"""Reads fields out of JSON that may have grown: unknown ones are left alone, missing ones are empty."""

from __future__ import annotations

from collections.abc import Mapping

from reelgate.errors import ServiceError


def object_of(value: object) -> Mapping[str, object]:
    """``value`` as a JSON object; raises ``ServiceError`` when it is none."""
    if not isinstance(value, Mapping):
        raise ServiceError("the service answered with JSON of another shape than documented; is base_url right?")
    return value


def inner(source: Mapping[str, object], name: str) -> Mapping[str, object] | None:
    """The object under ``name``, or ``None``."""
    value = source.get(name)
    return value if isinstance(value, Mapping) else None


def text(source: Mapping[str, object], name: str) -> str:
    """The text under ``name``, or the empty text."""
    value = source.get(name)
    return value if isinstance(value, str) else ""


def required(source: Mapping[str, object], name: str) -> str:
    """The text under ``name``; raises ``ServiceError`` when there is none."""
    value = text(source, name)
    if not value:
        raise ServiceError(f"the service left out the field {name!r}; is base_url right?")
    return value


def number(source: Mapping[str, object], name: str) -> float:
    """The number under ``name``, or zero."""
    value = source.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def words(source: Mapping[str, object], name: str) -> tuple[str, ...]:
    """The texts of the list under ``name``; empty when there is none."""
    value = source.get(name)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
