"""Finished files on the wire: exactly the sealed bytes, with ranges, and nothing a browser could run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, send_file

from reelgate.errors import NotFound
from reelgate.words import Stage
from reelgate_service import links
from reelgate_service.db import tables, withdrawing
from reelgate_service.db.states import PUBLIC
from reelgate_service.web.parts import parts

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

routes = Blueprint("files", __name__)

ENDINGS = {"video/mp4": "mp4", "image/webp": "webp"}


def sealed_file(session: Session, row: tables.Job) -> tuple[dict[str, Any], str]:
    """What a job made, as its result says, and the name to save it under; raises :class:`NotFound` without a file."""
    if withdrawing.withdrawn(session, row.id):
        raise NotFound("The file was taken back.", says="This one was taken down.")
    result: dict[str, Any] = json.loads(row.result)
    if PUBLIC[row.state] is not Stage.DONE or "sha256" not in result:
        raise NotFound("There is no file yet.", says="There is no finished file for this job.")
    return result, f"{row.kind}-{result['mark_id']}.{ENDINGS[result['media_type']]}"


def hand_over(result: dict[str, Any], name: str, *, inline: bool = False) -> Response:
    """The sealed bytes."""
    response = send_file(
        parts().store.open("sealed", result["sha256"]),
        mimetype=result["media_type"],
        as_attachment=not inline,
        download_name=name,
        etag=result["sha256"],
        conditional=True,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=600"
    return response


@routes.get("/f/<token>")
def by_link(token: str) -> Response:
    """A file for whoever holds a signed link to it; the link is all it takes, so it is never listed or indexed."""
    here = parts()
    with here.db.read() as session:
        row = session.get(tables.Job, links.job_of(here.vault, token, here.db.now(session)))
        if row is None:
            raise NotFound("The job of this link is gone.", says="This link is no longer valid.")
        result, name = sealed_file(session, row)
    response = hand_over(result, name, inline=True)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
