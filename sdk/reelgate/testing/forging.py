"""Makes forgeries of a signed request: each differs from the true one in one place that means something."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST = 4096
"""Bytes of one body that are changed, one after the other; of a longer one as many are picked evenly."""


def forgeries(
    body: bytes, headers: Mapping[str, str], *, over_body: bool = True
) -> Iterator[tuple[str, bytes, dict[str, str]]]:
    """Bodies and headers that must be refused, each with a few words on what was done to it.

    ``over_body`` says that the headers depend on the body, so that a change of it can be noticed.
    """
    for name, value in headers.items():
        for at, sign in enumerate(value):
            changed = value[:at] + other(sign) + value[at + 1 :]
            yield f"the header {name} with sign {at} changed", body, {**headers, name: changed}
        for told, changed in (("empty", ""), ("cut short", value[:-1]), ("in other letters", "é" + value[1:])):
            yield f"the header {name} {told}", body, {**headers, name: changed}
        yield f"without the header {name}", body, {key: kept for key, kept in headers.items() if key != name}
    yield "without any header", body, {}
    if not over_body:
        return
    for at in range(0, len(body), max(1, -(-len(body) // MOST))):
        flipped = body[:at] + bytes([body[at] ^ (1 << at % 8)]) + body[at + 1 :]
        yield f"byte {at} of the body changed", flipped, dict(headers)
    for told, wrong in (("cut short", body[:-1]), ("made longer", body + b" "), ("empty", b"")):
        yield f"the body {told}", wrong, dict(headers)
    again = _written_again(body)
    if again not in {b"", body}:
        yield "the body written again with the same meaning", again, dict(headers)


def other(sign: str) -> str:
    """A sign that means something else in hexadecimal and anywhere in base64, where the last sign has idle bits."""
    if sign.isdigit():
        return "abcdef"[int(sign) % 6]
    if "a" <= sign <= "f":
        return str(ord(sign) - ord("a"))
    return "A" if sign in "wxyz+/-_" else "0"


def _written_again(body: bytes) -> bytes:
    try:
        value = json.loads(body)
    except ValueError:
        return b""
    tight = json.dumps(value, separators=(",", ":")).encode()
    return tight if tight != body else json.dumps(value).encode()
