"""Discord's OpenAPI file against the twin's rules, the bodies that we send, and those that the twin answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from reelgate_integrations.discord.standin.limits import LIMITS, PREFIX, VERBS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bench.specs.traffic import Exchange

KNOWN = {
    r"attachments\.\d+\.id: \d is not of type 'string'": "the documentation numbers new files with plain numbers",
    r"default_member_permissions: '\d+' is not of type 'integer'": "the documentation writes permissions as text",
    r"channel_types\.\d+: 16 is none of the values there": "the documentation knows media channels (16) too",
}
"""Differences between bodies and the file that are right, and why."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the file says something else. ``why`` is our reason; without one the difference is a fault."""

    what: str
    why: str = ""


def routes(spec: Mapping[str, Any]) -> Iterator[Difference]:
    """Every route of the twin is one of the file's."""
    known = {(_shape(path), method.upper()) for path, verbs in spec["paths"].items() for method in verbs}
    for verb in VERBS:
        if (_shape(verb.path), verb.method) not in known:
            yield Difference(f"{verb.method} {verb.path} is not in the file")


def limits(spec: Mapping[str, Any]) -> Iterator[Difference]:
    """Every number of the twin's is the file's, or differs for a reason."""
    for limit in LIMITS:
        for pointer in limit.spec:
            theirs = _number(spec, pointer)
            if theirs is None:
                yield Difference(f"{limit.name}: the file has no {pointer}")
            elif theirs != limit.value:
                yield Difference(f"{limit.name}: {limit.value} here, {theirs} in {pointer}", limit.why)
            elif limit.why:
                yield Difference(f"{limit.name}: {pointer} is {theirs} too, though we say why it should differ")


def requests(spec: Mapping[str, Any], exchanges: Iterable[Exchange]) -> Iterator[Difference]:
    """Every body that our adapter sends is one that the file allows."""
    for each in exchanges:
        operation = _operation(spec, each)
        if operation is None:
            continue  # that it is missing is said of the routes
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        for found in _faults(spec, schema, each.sent):
            yield Difference(f"sent {each.method} {each.path}: {found}", _why(found))


def answers(spec: Mapping[str, Any], exchanges: Iterable[Exchange]) -> Iterator[Difference]:
    """Every body that the twin answers is one that the file promises."""
    for each in exchanges:
        operation = _operation(spec, each)
        if operation is None:
            continue
        told = operation["responses"].get(str(each.status), {}).get("content")
        if told is None:
            yield Difference(f"answered {each.method} {each.path}: {each.status} is not in the file")
            continue
        for found in _faults(spec, told["application/json"]["schema"], each.got):
            yield Difference(f"answered {each.method} {each.path}: {found}", _why(found))


def _operation(spec: Mapping[str, Any], each: Exchange) -> dict[str, Any] | None:
    for path, verbs in spec["paths"].items():
        if _shape(path) == _shape(each.path) and each.method.lower() in verbs:
            found: dict[str, Any] = verbs[each.method.lower()]
            return found
    return None


def _shape(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path.removeprefix(PREFIX))


def _number(spec: Mapping[str, Any], pointer: str) -> int | None:
    """``Schema.property.keyword``; a property of several shapes has the keyword in one of them."""
    name, field, keyword = pointer.split(".")
    shape = spec["components"]["schemas"].get(name, {}).get("properties", {}).get(field, {})
    for each in (shape, *shape.get("oneOf", ()), *shape.get("anyOf", ())):
        if keyword in each:
            return int(each[keyword])
    return None


def _why(found: str) -> str:
    return next((why for pattern, why in KNOWN.items() if re.search(pattern, found)), "")


def _faults(spec: Mapping[str, Any], schema: Mapping[str, Any], body: object) -> list[str]:
    validator = Draft202012Validator({**schema, "components": spec["components"]})
    return [_worded(fault) for one in validator.iter_errors(body) for fault in _deepest(one)]


def _worded(fault: Any) -> str:
    place = ".".join(str(step) for step in fault.absolute_path) or "the body"
    of_several = fault.validator == "const" and fault.parent is not None
    says = f"{fault.instance!r} is none of the values there" if of_several else fault.message[:160]
    return f"{place}: {says}"


def _deepest(fault: Any) -> list[Any]:
    """Of a body that fits none of several shapes, the faults of the shape that it fits best."""
    if not fault.context:
        return [fault]
    branches: dict[int, list[Any]] = {}
    for inner in fault.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    wrong_type = [b for b in branches.values() if not any(list(f.path)[-1:] == ["type"] for f in b)]
    best = min(wrong_type or branches.values(), key=len)
    return [deep for inner in best for deep in _deepest(inner)]
