"""What a request body may hold: one description, used to check bodies and to write the OpenAPI file."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from reelgate.errors import BodyInvalid

MAX_DEPTH = 16


@dataclass(frozen=True, slots=True)
class Field:
    """One member of a JSON object: its JSON type, what it means, and what is allowed."""

    name: str
    type: str
    description: str
    required: bool = False
    enum: tuple[str, ...] = ()
    example: object = None


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON object with known members; unknown ones are refused, so that a typing slip is noticed."""

    name: str
    fields: tuple[Field, ...]

    def parse(self, raw: bytes) -> dict[str, Any]:
        """The object in ``raw``; raises :class:`BodyInvalid` with a sentence that says what is wrong."""
        value = load_json(raw)
        if not isinstance(value, dict):
            raise BodyInvalid("Not an object.", says='The body must be a JSON object, like {"prompt": "..."}.')
        known = {field.name: field for field in self.fields}
        unknown = sorted(set(value) - set(known))
        if unknown:
            listed = ", ".join(known)
            raise BodyInvalid("Unknown fields.", says=f"There is a field we don't know. Known fields: {listed}.")
        for field in self.fields:
            if field.required and value.get(field.name) is None:
                raise BodyInvalid(f"{field.name} is missing.", says=f"The field '{field.name}' is missing.")
        return {name: _checked(known[name], item) for name, item in value.items() if item is not None}

    def schema(self) -> dict[str, Any]:
        """The body as a JSON Schema."""
        properties: dict[str, Any] = {}
        for field in self.fields:
            properties[field.name] = {"type": field.type, "description": field.description}
            if field.enum:
                properties[field.name]["enum"] = list(field.enum)
            if field.example is not None:
                properties[field.name]["examples"] = [field.example]
        required = [field.name for field in self.fields if field.required]
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def load_json(raw: bytes) -> object:
    """Strict JSON: UTF-8, no NaN, no duplicate keys, at most 16 deep; raises :class:`BodyInvalid`."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BodyInvalid("Not JSON.", says="The body is not valid JSON. Please check quotes and commas.") from error
    if _depth(value) > MAX_DEPTH:
        raise BodyInvalid("Too deep.", says="The body is nested too deeply.")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("duplicate key")
    return dict(pairs)


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _depth(value: object) -> int:
    deepest, stack = 0, [(value, 1)]
    while stack:
        item, depth = stack.pop()
        deepest = max(deepest, depth)
        if depth > MAX_DEPTH:
            break
        inner = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        stack.extend((one, depth + 1) for one in inner)
    return deepest


def _checked(field: Field, value: object) -> object:
    good = {
        "string": isinstance(value, str) and _plain(value),
        "integer": isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63,
        "number": isinstance(value, int | float) and not isinstance(value, bool) and _finite(value),
        "boolean": isinstance(value, bool),
    }[field.type]
    if not good:
        raise BodyInvalid(
            f"{field.name} has the wrong type.", says=f"The field '{field.name}' must be a {field.type}."
        )
    if field.enum and value not in field.enum:
        allowed = ", ".join(field.enum)
        raise BodyInvalid(
            f"{field.name} is not offered.", says=f"The field '{field.name}' must be one of: {allowed}."
        )
    return value


def _plain(text: str) -> bool:
    """Text that can be stored and shown: no lone surrogates, no NUL."""
    return "\x00" not in text and not any(0xD800 <= ord(sign) <= 0xDFFF for sign in text)


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
