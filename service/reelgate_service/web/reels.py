"""Asking for reels, and looking at what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, request

from reelgate.errors import BadInput, BodyInvalid, NotOffered
from reelgate_service import ordering
from reelgate_service.db import inbox, jobs, queries
from reelgate_service.db.states import ENDED, PUBLIC, WAITING_FOR_A_PERSON
from reelgate_service.storage import need_room
from reelgate_service.web import openapi
from reelgate_service.web.contract import Body, Field
from reelgate_service.web.files import hand_over, sealed_file
from reelgate_service.web.parts import once_key, parts, who

if TYPE_CHECKING:
    from reelgate_service.db import tables

routes = Blueprint("reels", __name__)

POLL_AFTER_S = 2

_SEED = Field("seed", "integer", "Same seed, same pictures: 0 to 4294967295. Chosen for you when left out.")
_GENERATOR = Field("generator", "string", "Which generator films it; the storyboard when left out.")
_FOR_WHOM = (
    Field("surface", "string", "Where it will be seen; the policy may differ.", enum=ordering.SURFACES),
    Field("language", "string", "The language of messages to the member.", enum=ordering.LANGUAGES),
)
_PARENT = Field("parent", "string", "A job of yours that this is made from: its words count where none are given.")
_VARIATION = Field(
    "variation",
    "integer",
    "The same idea filmed differently, 0 to 65535. With a parent and no seed, its seed is kept.",
    example=1,
)

REEL = Body(
    "Reel",
    (
        Field(
            "prompt",
            "string",
            "What to film, up to 2,000 characters. Needed unless there is a parent.",
            example="a baby hippo swimming",
        ),
        Field("seconds", "number", "Length from 1 to 16 seconds; 8 when left out.", example=8),
        Field("aspect", "string", "Shape of the picture: 9:16, 1:1 or 16:9; 9:16 when left out.", example="9:16"),
        _SEED,
        _GENERATOR,
        *_FOR_WHOM,
        _PARENT,
        _VARIATION,
    ),
)

STICKER = Body(
    "Sticker",
    (
        Field(
            "prompt",
            "string",
            "Who or what to draw, up to 2,000 characters. Needed unless there is a parent.",
            example="a baby hippo waving",
        ),
        Field("seconds", "number", "Length of the loop from 1 to 3 seconds; 2.4 when left out.", example=2.4),
        Field("aspect", "string", "Shape of the picture: stickers are 1:1.", example="1:1"),
        _SEED,
        _GENERATOR,
        *_FOR_WHOM,
        _PARENT,
        _VARIATION,
    ),
)

_REFUSALS = (400, 401, 404, 409, 422, 429, 503, 507)


@routes.post("/v1/reels")
@openapi.says("Ask for a reel", body=REEL, answers={202: "Job"}, errors=_REFUSALS, once=True)
def make_reel() -> Response:
    """Accept the request durably, then answer 202 with where to look."""
    return _make("reel", REEL)


@routes.post("/v1/stickers")
@openapi.says(
    "Ask for a sticker: an animated WebP that loops", body=STICKER, answers={202: "Job"}, errors=_REFUSALS, once=True
)
def make_sticker() -> Response:
    """Accept the request durably, then answer 202 with where to look."""
    return _make("sticker", STICKER)


@routes.post("/v1/edits")
def not_in_this_version() -> Response:
    """An address of the API whose work this version does not do yet: a clear answer instead of a 404."""
    who()
    says = "Reels and stickers can be made in this version: POST /v1/reels or /v1/stickers."
    raise NotOffered(f"{request.path} is not offered.", says=says)


def _make(kind: str, form: Body) -> Response:
    asking = who()
    here = parts()
    body = form.parse(request.get_data())
    need_room(here.settings)
    if body.get("parent"):
        with here.db.read() as session:
            before = ordering.again(session, here.vault, asking.tenant_id, body["parent"])
        if before.words is not None:
            body.setdefault("prompt", before.words)
        if "variation" in body:
            body.setdefault("seed", before.seed)
    if "prompt" not in body:
        raise BodyInvalid("prompt is missing.", says="The field 'prompt' is missing.")
    asked = ordering.make(
        tenant_id=asking.tenant_id,
        platform="api",
        app=asking.tenant_id,
        kind=kind,
        text=body.pop("prompt"),
        once_key=once_key(),
        **body,
    )
    accepted = inbox.accept(
        here.db,
        here.vault,
        asked,
        deadline_ms=int(here.settings.deadline_s * 1000),
        max_queue=here.settings.max_queue,
    )
    response = show(asking.tenant_id, accepted.job_id)
    response.status_code = 202
    response.headers["Location"] = f"/v1/jobs/{accepted.job_id}"
    if not accepted.fresh:
        response.headers["Idempotency-Replayed"] = "true"
    return response


@routes.get("/v1/jobs")
@openapi.says("List jobs, newest first", answers={200: "JobPage"}, errors=(400, 401), query=("cursor", "limit"))
def list_jobs() -> Response:
    """One page; ``next`` (and ``Link``) lead to the following one."""
    asking = who()
    here = parts()
    limit = _limit(request.args.get("limit", "20"))
    with here.db.read() as session:
        rows, after = queries.page(session, asking.tenant_id, request.args.get("cursor"), limit)
        body = {"items": [queries.job_view(session, row) for row in rows], "next": after}
    response = jsonify(body)
    if after:
        response.headers["Link"] = f'</v1/jobs?cursor={after}&limit={limit}>; rel="next"'
    return response


@routes.get("/v1/jobs/<job_id>")
@openapi.says("Look at a job", answers={200: "Job"}, errors=(401, 404))
def get_job(job_id: str) -> Response:
    """The job as it is now; ``Retry-After`` says when looking again makes sense."""
    return show(who().tenant_id, job_id)


@routes.post("/v1/jobs/<job_id>/cancel")
@openapi.says("Stop a job", answers={202: "Job"}, errors=(401, 404, 409), once=True)
def cancel_job(job_id: str) -> Response:
    """Ask that the job stop; once it is being delivered it is too late."""
    asking = who()
    jobs.request_cancel(parts().db, asking.tenant_id, job_id)
    response = show(asking.tenant_id, job_id)
    response.status_code = 202
    return response


@routes.get("/v1/jobs/<job_id>/file")
@openapi.says("Fetch the finished file", answers={200: "video/mp4, image/webp"}, errors=(401, 404))
def get_file(job_id: str) -> Response:
    """The sealed file's bytes, as they were signed; ranges are served."""
    asking = who()
    here = parts()
    with here.db.read() as session:
        result, name = sealed_file(session, queries.job_row(session, asking.tenant_id, job_id))
    return hand_over(result, name)


def show(tenant_id: str, job_id: str) -> Response:
    """A job as JSON, with a hint when to look again while it moves."""
    here = parts()
    with here.db.read() as session:
        row = queries.job_row(session, tenant_id, job_id)
        response = jsonify(queries.job_view(session, row, here.vault))
    if _moves(row):
        response.headers["Retry-After"] = str(POLL_AFTER_S)
    return response


def _moves(row: tables.Job) -> bool:
    return row.state in PUBLIC and row.state not in ENDED and row.state not in WAITING_FOR_A_PERSON


def _limit(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw) <= 100:
        raise BadInput("A bad limit.", says="The limit must be a whole number from 1 to 100.")
    return int(raw)
