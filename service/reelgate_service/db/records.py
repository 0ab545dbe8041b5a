"""How one reel came to be, read from its rows: what was asked, decided, marked, signed and written down."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from reelgate.words import Stage
from reelgate_service.db import inbox, queries, tables
from reelgate_service.db.queries import iso
from reelgate_service.db.states import PUBLIC

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from reelgate_service.vault import Vault

_OWN = {"api", "folder"}
"""Platforms on which the tenant itself asked. What a member wrote in a chat stays between them and the chat."""


def own_words(row: tables.Job, vault: Vault) -> str | None:
    """The words that the tenant itself asked with; ``None`` where they are a member's of a chat, or were erased."""
    if row.sealed is None or row.owner or row.platform not in _OWN:
        return None
    return inbox.personal(vault, row.id, row.tenant_id, row.sealed).words


def asked(row: tables.Job, vault: Vault) -> dict[str, Any]:
    """What was asked for. ``prompt`` is ``None`` where there are no words to be told."""
    order = json.loads(row.order)
    width, height = order["aspect"]
    return {
        "prompt": own_words(row, vault),
        "seconds": order["seconds"],
        "aspect": f"{width}:{height}",
        "seed": order["seed"],
        "variation": order.get("variation", 0),
        "parent": row.parent or None,
        "platform": row.platform,
        "generator": row.generator,
    }


def short(row: tables.Job, vault: Vault) -> dict[str, Any]:
    """One line of a list: the job's name and stage, and what was asked."""
    return {
        "job": row.id,
        "kind": row.kind,
        "stage": PUBLIC[row.state].value,
        "created_at": iso(row.created_at),
        "asked": asked(row, vault),
    }


def whole(session: Session, row: tables.Job, vault: Vault) -> dict[str, Any]:
    """Everything but the manifest, which is in the file itself."""
    rendition = session.execute(
        select(tables.Rendition).where(tables.Rendition.job_id == row.id, tables.Rendition.attempt == row.attempt)
    ).scalar_one_or_none()
    return {
        "job": queries.job_view(session, row, vault),
        "asked": asked(row, vault),
        "verdicts": _verdicts(session, row),
        "marks": None if rendition is None else _marks(rendition),
        "ledger": _ledger(session, row),
        "times": [{"stage": stage, "seconds": took} for stage, took in queries.stage_times(session, row.id)],
    }


def sealed_file(session: Session, row: tables.Job) -> str:
    """The SHA-256 of the job's finished file; empty where there is none, or none any more."""
    rendition = tables.Rendition
    if PUBLIC[row.state] is not Stage.DONE:
        return ""
    found = session.execute(
        select(rendition.sealed_sha).where(
            rendition.job_id == row.id, rendition.attempt == row.attempt, rendition.withdrawn_at.is_(None)
        )
    ).scalar_one_or_none()
    return found or ""


def _verdicts(session: Session, row: tables.Job) -> list[dict[str, Any]]:
    """Who decided what by which policy. The grounds are named by kind; where and how surely is the desk's."""
    rows = session.scalars(
        select(tables.Verdict)
        .where(tables.Verdict.job_id == row.id)
        .order_by(tables.Verdict.at, tables.Verdict.stage.desc())
    )
    return [
        {
            "stage": one.stage,
            "decision": one.decision,
            "by": one.by,
            "policy": one.policy,
            "grounds": sorted({str(reason["category"]) for reason in json.loads(one.reasons)}),
            "at": iso(one.at),
        }
        for one in rows
    ]


def _marks(rendition: tables.Rendition) -> dict[str, Any]:
    """``p_value`` is the chance that a file without the mark reads as well; ``None`` until it was read back."""
    return {
        "label": rendition.label,
        "mark_id": rendition.mark_id,
        "format": rendition.mark_format,
        "strength": rendition.strength,
        "presence": rendition.presence,
        "p_value": rendition.p_value,
        "width": rendition.width,
        "height": rendition.height,
        "seconds": rendition.seconds,
        "media_type": rendition.media_type,
    }


def _ledger(session: Session, row: tables.Job) -> list[dict[str, Any]]:
    """The job's leaves in order. ``seq`` and ``chain_hash`` come when the leaf is numbered, moments later."""
    leaf = tables.Leaf
    return [
        {
            "event": one.event,
            "at": iso(one.at),
            "seq": one.seq,
            "leaf_hash": one.leaf_hash.hex(),
            "chain_hash": one.chain_hash.hex() if one.chain_hash else None,
            "facts": json.loads(one.leaf),
        }
        for one in session.scalars(select(leaf).where(leaf.job_id == row.id).order_by(leaf.version))
    ]
