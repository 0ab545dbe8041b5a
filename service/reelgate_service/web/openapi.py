"""The OpenAPI 3.1 description, made from what the routes themselves say and from the bodies they check."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from reelgate import __version__
from reelgate_service.web.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask

    from reelgate_service.web.contract import Body

F = TypeVar("F", bound="Callable[..., Any]")
_ATTRIBUTE = "__openapi__"

ERRORS = {
    400: "The request could not be read.",
    401: "The API key is missing or not valid.",
    403: "The API key may not do that.",
    404: "There is nothing there, or it is not yours.",
    409: "It clashes with what already happened.",
    413: "Too many bytes.",
    422: "The request cannot be used as it is.",
    429: "Too much at once; see Retry-After.",
    503: "Busy or not ready; see Retry-After.",
    507: "The disk is full.",
}


@dataclass(frozen=True, slots=True)
class Says:
    """What a route says of itself. ``answers`` maps a status to a schema's name or to media types."""

    summary: str
    answers: Mapping[int, str]
    errors: tuple[int, ...]
    body: Body | None
    query: tuple[str, ...]
    once: bool
    open: bool


def says(
    summary: str,
    *,
    answers: Mapping[int, str],
    errors: tuple[int, ...] = (),
    body: Body | None = None,
    query: tuple[str, ...] = (),
    once: bool = False,
    public: bool = False,
) -> Callable[[F], F]:
    """Describe a route. ``once`` says that it takes an Idempotency-Key; ``public`` that it needs no API key."""

    def note(view: F) -> F:
        setattr(view, _ATTRIBUTE, Says(summary, answers, errors, body, query, once, public))
        return view

    return note


def document(app: Flask) -> dict[str, Any]:
    """The whole description; the same routes give the same document, byte for byte."""
    paths: dict[str, Any] = {}
    bodies: dict[str, Any] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        note: Says | None = getattr(app.view_functions[rule.endpoint], _ATTRIBUTE, None)
        if note is None:
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path, {})[method.lower()] = _operation(note, rule.endpoint, sorted(rule.arguments))
        if note.body is not None:
            bodies[note.body.name + "Request"] = note.body.schema()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Reelgate",
            "version": __version__,
            "summary": "Ask for reels; follow, check and receive them.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {**SCHEMAS, **bodies},
        },
    }


def _operation(note: Says, endpoint: str, arguments: list[str]) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in arguments
    ]
    parameters += [{"name": name, "in": "query", "schema": {"type": "string"}} for name in note.query]
    if note.once:
        key = {"type": "string", "maxLength": 255}
        what = "Repeat a request with the same key and it is done once."
        parameters.append({"name": "Idempotency-Key", "in": "header", "description": what, "schema": key})
    operation: dict[str, Any] = {
        "operationId": endpoint.replace(".", "_"),
        "summary": note.summary,
        "responses": {str(status): _answer(kind) for status, kind in note.answers.items()},
    }
    for status in note.errors:
        operation["responses"][str(status)] = {
            "description": ERRORS[status],
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    if parameters:
        operation["parameters"] = parameters
    if note.body is not None:
        schema = {"$ref": f"#/components/schemas/{note.body.name}Request"}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if note.open:
        operation["security"] = []
    return operation


def _answer(kind: str) -> dict[str, Any]:
    if not kind:
        return {"description": "Done."}
    if "/" in kind:
        return {"description": "The bytes.", "content": {one: {} for one in kind.split(", ")}}
    schema = {"$ref": f"#/components/schemas/{kind}"}
    return {"description": kind, "content": {"application/json": {"schema": schema}}}
