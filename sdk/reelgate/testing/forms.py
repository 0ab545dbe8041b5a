"""Reads ``multipart/form-data`` as a server does: exact bytes, nothing decoded."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import Message

from reelgate.errors import BadInput


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form. ``filename`` is empty for an ordinary field."""

    name: str
    data: bytes = field(repr=False)
    filename: str = ""
    media_type: str = ""


def parts(content_type: str, body: bytes) -> list[Part]:
    """The parts in their order; raises ``BadInput`` for what is no form."""
    boundary = _parameters(content_type).get("boundary", "")
    if not boundary:
        raise BadInput("the form names no boundary")
    fence = b"--" + boundary.encode("latin-1")
    pieces = (b"\r\n" + body).split(b"\r\n" + fence)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise BadInput("the form does not end with its boundary")
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> Part:
    head, blank, data = piece.partition(b"\r\n\r\n")
    if not blank:
        raise BadInput("a part of the form has no body")
    headers = {}
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    told = _parameters(headers.get("content-disposition", ""))
    if "name" not in told:
        raise BadInput("a part of the form has no name")
    return Part(told["name"], data, told.get("filename", ""), headers.get("content-type", ""))


def _parameters(header: str) -> dict[str, str]:
    message = Message()
    message["content-type"] = header
    found: dict[str, str] = {}
    for name, value in message.get_params(failobj=[], unquote=True):
        text = value[2] if isinstance(value, tuple) else value
        found[name.lower()] = text
    return found
