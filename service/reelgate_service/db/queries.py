"""Reading for the outside: jobs as the API shows them, pages of them, and what the ledger says of a mark."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, tuple_

from reelgate.errors import BadInput, NotFound
from reelgate_service.db import tables
from reelgate_service.db.states import PUBLIC

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from reelgate_service.vault import Vault


def iso(at: int) -> str:
    """Milliseconds as ISO 8601 in UTC."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def job_row(session: Session, tenant_id: str, job_id: str) -> tables.Job:
    """A tenant's job; foreign and absent ones are alike :class:`NotFound`."""
    row = session.execute(
        select(tables.Job).where(tables.Job.id == job_id, tables.Job.tenant_id == tenant_id)
    ).scalar_one_or_none()
    if row is None:
        raise NotFound("There is no such job.", says="There is no job by that name.")
    return row


def job_view(session: Session, row: tables.Job, vault: Vault | None = None) -> dict[str, Any]:
    """A job as the API shows it. The scene (what was understood) is opened only where a vault is given."""
    stage = PUBLIC[row.state]
    review = session.execute(
        select(tables.Review.id).where(tables.Review.job_id == row.id, tables.Review.state == "open").limit(1)
    ).scalar_one_or_none()
    view: dict[str, Any] = {
        "id": row.id,
        "kind": row.kind,
        "stage": stage.value,
        "created_at": iso(row.created_at),
        "updated_at": iso(row.updated_at),
        "progress": {"done": row.progress_done, "total": row.progress_total},
        "understood": [],
        "approximated": [],
        "ignored": [],
        "result": None,
        "error": None,
        "waits": None,
        "review": {"id": review} if review else None,
    }
    result = json.loads(row.result)
    if stage.value == "done":
        view["result"] = result if row.kind == "verify" else {"url": f"/v1/jobs/{row.id}/file", **result}
    if stage.ended and stage.value != "done":
        says = row.error_says or _SAYS.get(row.state, "This one could not be finished.")
        view["error"] = {"code": row.error_code or row.state, "says": says}
    if not stage.ended and row.error_code:
        view["waits"] = {"code": row.error_code, "says": row.error_says}
    if vault is not None:
        view.update(_scene(session, row, vault))
    return view


_SAYS = {
    "cancelled": "This one was stopped, as asked.",
    "expired": "This one took too long and was given up. Please try again.",
    "refused": "A person looked at this one and decided not to make it. Please try a different idea.",
}


def _scene(session: Session, row: tables.Job, vault: Vault) -> dict[str, Any]:
    rendition = session.execute(
        select(tables.Rendition.id, tables.Rendition.sealed).where(
            tables.Rendition.job_id == row.id, tables.Rendition.attempt == row.attempt
        )
    ).first()
    if rendition is None or rendition.sealed is None:
        return {}
    scene = json.loads(vault.open(rendition.sealed, row.tenant_id, "renditions", "sealed", rendition.id))
    return {name: scene[name] for name in ("understood", "approximated", "ignored")}


def page(session: Session, tenant_id: str, cursor: str | None, limit: int) -> tuple[list[tables.Job], str | None]:
    """One page of a tenant's jobs, newest first, and the cursor of the next (``None`` at the end)."""
    job = tables.Job
    query = select(job).where(job.tenant_id == tenant_id)
    if cursor:
        query = query.where(tuple_(job.created_at, job.id) < tuple_(*_uncursor(cursor)))
    rows = list(session.scalars(query.order_by(job.created_at.desc(), job.id.desc()).limit(limit + 1)))
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], base64.urlsafe_b64encode(f"{last.created_at}:{last.id}".encode()).decode()


def _uncursor(cursor: str) -> tuple[int, str]:
    try:
        at, _, job_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition(":")
        return int(at), job_id
    except ValueError as error:
        raise BadInput("The cursor is not one of ours.", says="That page marker is not valid.") from error


def states_after(session: Session, job_id: str, version: int) -> list[tuple[int, str, str]]:
    """What happened to a job after ``version``: (version, state, event), oldest first."""
    row = tables.Leaf
    rows = session.execute(
        select(row.version, row.leaf, row.event)
        .where(row.job_id == job_id, row.version > version)
        .order_by(row.version)
    ).all()
    return [(item.version, str(json.loads(item.leaf)["state"]), item.event) for item in rows]


def provenance(session: Session, tenant_id: str, mark: str) -> dict[str, Any]:
    """What the ledger says of a mark id (16 hex digits, or the 8 of a short one); raises :class:`NotFound`."""
    rendition = tables.Rendition
    query = select(rendition).where(rendition.tenant_id == tenant_id, rendition.sealed_sha != "")
    query = query.where(rendition.mark_id == mark) if len(mark) == 16 else query.where(rendition.mark_short == mark)
    row = session.execute(query).scalar_one_or_none()
    if row is None:
        raise NotFound("The ledger holds no such mark.", says="We have no record of that mark.")
    leaf = session.execute(
        select(tables.Leaf)
        .where(tables.Leaf.job_id == row.job_id, tables.Leaf.event == "sealed")
        .order_by(tables.Leaf.version.desc())
        .limit(1)
    ).scalar_one()
    facts = json.loads(leaf.leaf)
    return {
        "mark_id": row.mark_id,
        "job": row.job_id,
        "sealed_at": iso(leaf.at),
        "sha256": row.sealed_sha,
        "manifest_hash": row.manifest_hash,
        "fingerprint": row.fingerprint,
        "generator": facts["generator"],
        "generator_version": facts["generator_version"],
        "source_type": facts["source_type"],
        "label": row.label,
        "ledger": {
            "seq": leaf.seq,
            "leaf_hash": leaf.leaf_hash.hex(),
            "chain_hash": leaf.chain_hash.hex() if leaf.chain_hash else None,
        },
    }


def event_body(session: Session, tenant_id: str, job_id: str, event: str) -> dict[str, Any]:
    """The body of a webhook: the event's type and the job as the API shows it, without the member's words."""
    row = job_row(session, tenant_id, job_id)
    return {"type": event, "timestamp": iso(row.updated_at), "data": job_view(session, row)}


def posted_as(session: Session, tenant_id: str, job_id: str) -> str:
    """The platform's own id of the message a job ended in, or ``""``."""
    effect = tables.Effect
    query = select(effect.external_id).where(
        effect.job_id == job_id,
        effect.tenant_id == tenant_id,
        effect.purpose == "deliver",
        effect.state == "done",
    )
    return session.execute(query).scalar_one_or_none() or ""


def delivered_as(session: Session, tenant_id: str, job_id: str) -> str:
    """The same, of a job that was delivered; raises :class:`NotFound`."""
    found = posted_as(session, tenant_id, job_id)
    if not found:
        raise NotFound("Nothing was delivered for this job.")
    return found


def stage_times(session: Session, job_id: str) -> list[tuple[str, float]]:
    """How long the job was in each public stage, in seconds, in the order it came to them."""
    rows = session.execute(
        select(tables.Leaf.leaf, tables.Leaf.at).where(tables.Leaf.job_id == job_id).order_by(tables.Leaf.version)
    ).all()
    times: dict[str, float] = {}
    for row, after in pairwise(rows):
        stage = PUBLIC[str(json.loads(row.leaf)["state"])].value
        times[stage] = times.get(stage, 0.0) + (after.at - row.at) / 1000
    return list(times.items())
