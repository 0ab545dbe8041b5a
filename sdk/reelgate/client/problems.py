"""Turns an answer that is no success into the typed error it means (RFC 9457 problem details)."""

from __future__ import annotations

import json
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from reelgate.errors import RateLimited, ReelgateError, ServiceError, Unavailable, by_code

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_TEXT = 500
"""Characters kept of a sentence that the service sent."""

_WITHOUT_WORDS: dict[int, type[ReelgateError]] = {
    429: RateLimited,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}
"""What a gateway before the service means by a bare status."""


def problem(status: int, headers: Mapping[str, str], body: bytes, now: float) -> ReelgateError:
    """The error that an answer means. ``headers`` have lower-case names; ``now`` is Unix seconds.

    The ``detail`` of a problem is for people (RFC 9457, section 3.1.4), so it is what the error says too.
    """
    told = _told(headers, body)
    code = _text(told, "code")
    detail = _text(told, "detail") or _text(told, "title")
    says = _text(told, "says") or detail or None
    known = by_code().get(code)
    if known is not None:
        error = known(detail or f"the service answered {status}", says=says)
    elif not told and status in _WITHOUT_WORDS:
        error = _WITHOUT_WORDS[status](f"the service answered {status}")
    elif 300 <= status < 400:
        error = ServiceError(
            f"the service answered {status}, a redirect, which is never followed with a key; is base_url right?"
        )
    else:
        answered = f"the service answered {status} {code}".rstrip()
        error = ServiceError(f"{answered}: {detail or 'no reason given'}", says=says)
    error.request_id = _text(told, "request_id") or headers.get("x-request-id", "")[:MAX_TEXT] or None
    error.retry_after = retry_after(headers, now)
    return error


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds from ``Retry-After`` (RFC 9110, section 10.2.3: seconds or an HTTP date), never below zero."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, moment.timestamp() - now)


def _told(headers: Mapping[str, str], body: bytes) -> Mapping[str, object]:
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in ("application/problem+json", "application/json"):
        return {}
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _text(told: Mapping[str, object], name: str) -> str:
    value = told.get(name)
    return value[:MAX_TEXT] if isinstance(value, str) else ""
