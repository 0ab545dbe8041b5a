"""Reviews, provenance and verification over HTTP. Nothing here decodes media: that is a worker's work."""

from __future__ import annotations

import hashlib
import secrets
import time
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, request

from reelgate.errors import BadInput, NotFound
from reelgate_moderation.review import desk
from reelgate_moderation.review.desk import Choice
from reelgate_service.db import inbox, queries, reviews
from reelgate_service.db.states import ENDED
from reelgate_service.storage import need_room
from reelgate_service.web import openapi
from reelgate_service.web.contract import Body, Field
from reelgate_service.web.parts import once_key, parts, who
from reelgate_service.web.problems import BodyTooLarge
from reelgate_service.web.reels import show

if TYPE_CHECKING:
    from reelgate_service.db import tables

routes = Blueprint("trust", __name__)

MAX_UPLOAD = 64 * 1024 * 1024
WAIT_S = 20.0
_DECISIONS = tuple(choice.value for choice in Choice)

DECISION = Body(
    "Decision",
    (
        Field("decision", "string", "What the person decided.", True, enum=_DECISIONS),
        Field("note", "string", "Why, for the record."),
        Field("external_id", "string", "With adopt: the id of what the other side made."),
    ),
)


@routes.get("/v1/reviews")
@openapi.says("What waits for a person", answers={200: "ReviewPage"}, errors=(401, 403))
def list_reviews() -> Response:
    """Open items of the tenant, oldest first."""
    asking = who("review")
    with parts().db.read() as session:
        items = [_view(row) for row in reviews.waiting(session, asking.tenant_id)]
    return jsonify({"items": items})


@routes.post("/v1/reviews/<review_id>")
@openapi.says("Decide", body=DECISION, answers={200: "Job"}, errors=(400, 401, 403, 404, 409), once=True)
def decide(review_id: str) -> Response:
    """Carry out what a person decided; an item is decided once."""
    asking = who("review")
    here = parts()
    body = DECISION.parse(request.get_data())
    with here.db.read() as session:
        job_id = reviews.job_of(session, review_id, asking.tenant_id)
    reviews.decide(
        here.db,
        review_id,
        body["decision"],
        f"key:{asking.key_id}",
        tenant_id=asking.tenant_id,
        note=body.get("note", ""),
        external_id=body.get("external_id", ""),
    )
    return show(asking.tenant_id, job_id)


@routes.get("/v1/provenance/<mark>")
@openapi.says("What the ledger says of a mark", answers={200: "Provenance"}, errors=(401, 404))
def provenance(mark: str) -> Response:
    """By the 16 hex digits of a mark, or the 8 of a short one."""
    asking = who()
    if len(mark) not in {8, 16} or any(digit not in "0123456789abcdef" for digit in mark):
        raise NotFound("Not a mark.", says="A mark is 16 (or 8) lower-case hex digits.")
    with parts().db.read() as session:
        return jsonify(queries.provenance(session, asking.tenant_id, mark))


@routes.post("/v1/verify")
@openapi.says(
    "What does this file carry?", answers={200: "Report", 202: "Job"}, errors=(400, 401, 413, 507), once=True
)
def verify() -> Response:
    """Keep the bytes in quarantine, have a worker look, and wait for it up to 20 seconds."""
    asking = who()
    here = parts()
    if (request.content_length or 0) > MAX_UPLOAD:
        raise BodyTooLarge(says="A file to verify may have up to 64 MB.")
    need_room(here.settings)
    key = once_key() or secrets.token_hex(16)
    # Only a form is parsed: curl calls any raw body one unless told otherwise, and parsing would eat it.
    upload = request.files.get("file") if request.mimetype == "multipart/form-data" else None
    stream = upload.stream if upload is not None else request.stream
    try:
        digest = here.store.put("quarantine", stream)  # type: ignore[arg-type]  # werkzeug's stream reads bytes
    finally:
        if upload is not None:
            upload.close()
    if digest == hashlib.sha256(b"").hexdigest():
        raise BadInput("No bytes.", says="Please send the file as the request body, or as the form field 'file'.")
    asked = inbox.Acceptance(
        tenant_id=asking.tenant_id,
        platform="api",
        app=asking.tenant_id,
        once_key=key,
        body_hash=digest,
        kind="verify",
        generator="",
        order={"upload": digest, "size": _size(digest)},
        words="",
    )
    accepted = inbox.accept(
        here.db,
        here.vault,
        asked,
        deadline_ms=int(here.settings.deadline_s * 1000),
        max_queue=here.settings.max_queue,
    )
    return _wait_for(asking.tenant_id, accepted.job_id)


def _wait_for(tenant_id: str, job_id: str) -> Response:
    here = parts()
    # Whoever waits holds a web thread as a stream does, so they share its quarter; the rest look again later.
    waits = here.streams.acquire(blocking=False)
    try:
        until = time.monotonic() + (WAIT_S if waits else 0.0)
        while True:
            with here.db.read() as session:
                row = queries.job_row(session, tenant_id, job_id)
                view = queries.job_view(session, row)
            if row.state == "done":
                return jsonify(view["result"])
            if row.state in ENDED or time.monotonic() >= until:
                break
            time.sleep(0.2)
    finally:
        if waits:
            here.streams.release()
    response = show(tenant_id, job_id)
    response.status_code = 202
    response.headers["Location"] = f"/v1/jobs/{job_id}"
    return response


def _size(digest: str) -> int:
    with parts().store.open("quarantine", digest) as file:
        return file.seek(0, 2)


def _view(row: tables.Review) -> dict[str, object]:
    return {
        "id": row.id,
        "job": row.job_id,
        "kind": row.kind,
        "reason": row.reason,
        "offers": list(desk.offers(row.kind)),
        "opened_at": queries.iso(row.opened_at),
    }
