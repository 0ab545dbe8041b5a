"""A job's life as server-sent events: ``state``, ``progress`` and, at its end, ``result``.

A stream closes after 20 seconds and is resumed with ``Last-Event-ID``; the id is the job's version, so no
state is missed. Streams may hold at most a quarter of the web threads.
"""

from __future__ import annotations

import json
import time
from itertools import count
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from reelgate.errors import BadInput, Busy
from reelgate_service.db import queries
from reelgate_service.db.states import PUBLIC
from reelgate_service.web import openapi
from reelgate_service.web.parts import Parts, parts, who

if TYPE_CHECKING:
    from collections.abc import Iterator

routes = Blueprint("events", __name__)

OPEN_FOR_S = 20.0
_LOOK_EVERY_S = 0.4
_SIGN_EVERY = 5
"""Looks between two signs of life. A reader that left is noticed by what cannot be sent; its place is free again."""

_RETRY_MS = 1000


@routes.get("/v1/jobs/<job_id>/events")
@openapi.says("Follow a job", answers={200: "text/event-stream"}, errors=(400, 401, 404, 503))
def follow(job_id: str) -> Response:
    """Open a stream, or answer 503 with ``Retry-After`` when too many are open."""
    asking = who()
    here = parts()
    last = request.headers.get("Last-Event-ID", "0")
    if not last.isascii() or not last.isdigit() or len(last) > 18:
        raise BadInput("A bad Last-Event-ID.", says="Last-Event-ID must be the id of an event of this stream.")
    with here.db.read() as session:
        queries.job_row(session, asking.tenant_id, job_id)  # 404 before anything is streamed
    if not here.streams.acquire(blocking=False):
        raise Busy("Too many streams.", says="Too many live views are open. Please try again.", retry_after=5)
    response = Response(_stream(here, asking.tenant_id, job_id, int(last)), mimetype="text/event-stream")
    response.call_on_close(here.streams.release)
    return response


def _stream(here: Parts, tenant_id: str, job_id: str, last: int) -> Iterator[str]:
    yield f"retry: {_RETRY_MS}\n\n"
    told: tuple[str, int, int] | None = None
    until = time.monotonic() + OPEN_FOR_S
    for look in count(1):
        with here.db.read() as session:
            row = queries.job_row(session, tenant_id, job_id)
            fresh = queries.states_after(session, job_id, last)
            stage = PUBLIC[row.state]
            view = queries.job_view(session, row, here.vault) if stage.ended else None
        shown = ""
        for version, state, _ in fresh:
            last = version
            if PUBLIC[state].value != shown:
                shown = PUBLIC[state].value
                yield _event("state", {"stage": shown}, version)
        progress = (stage.value, row.progress_done, row.progress_total)
        if row.progress_total and progress != told:
            told = progress
            yield _event("progress", {"stage": stage.value, "done": row.progress_done, "total": row.progress_total})
        if view is not None:
            yield _event("result", view, row.version)
            return
        if time.monotonic() >= until:
            return
        if look % _SIGN_EVERY == 0:
            yield ":\n\n"
        time.sleep(_LOOK_EVERY_S)


def _event(name: str, data: dict[str, object], number: int | None = None) -> str:
    head = "" if number is None else f"id: {number}\n"
    return f"{head}event: {name}\ndata: {json.dumps(data)}\n\n"
