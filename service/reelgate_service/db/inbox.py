"""Accepting: one transaction holds the event, its job, the first ledger leaf and the doorbell.

Only after it commits may anybody be told 2xx. The same event again gets the same job.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from reelgate.errors import KeyReused, NotFound
from reelgate_service.db import ledger, outbox, rows, tables
from reelgate_service.db.backlog import waiting
from reelgate_service.db.base import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from reelgate_service.db.backlog import Backlog
    from reelgate_service.db.base import Database
    from reelgate_service.vault import Vault


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What is asked, ready to be written down. ``words`` and ``place`` are personal and get sealed.

    ``order`` holds what is not personal (length, size, seed). ``body_hash`` tells a repeat from a reuse of
    its once-key for something else. ``owner`` is a fingerprint of the member, ``installation`` the id of the place
    it was asked in; ``tell`` says that somebody there waits to hear of its end, ``private`` that nobody else may.
    """

    tenant_id: str
    platform: str
    app: str
    once_key: str
    body_hash: str
    kind: str
    generator: str
    order: Mapping[str, Any]
    words: str = field(repr=False)
    place: Mapping[str, str] = field(default_factory=dict, repr=False)
    member: str = field(default="", repr=False)
    surface: str = "public"
    language: str = "en"
    parent: str = ""
    owner: str = ""
    installation: str = ""
    tell: bool = False
    private: bool = False
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Personal:
    """The personal part of a job, opened: a member's words, where the answer goes, and who they are. Never logged.

    ``private`` says that the answer is for them alone.
    """

    words: str = field(repr=False)
    place: Mapping[str, str] = field(repr=False)
    member: str = field(repr=False)
    private: bool = False


def personal(vault: Vault, job_id: str, tenant_id: str, sealed: bytes | None) -> Personal:
    """What :func:`accept` sealed with a job; raises :class:`NotFound` when it was erased."""
    if sealed is None:
        raise NotFound(f"The words of job {job_id} were erased.")
    secret = json.loads(vault.open(sealed, tenant_id, "jobs", "sealed", job_id))
    return Personal(secret["words"], secret["place"], secret["member"], secret.get("private", False))


@dataclass(frozen=True, slots=True)
class Accepted:
    """The job that answers the event, and whether it was made just now."""

    job_id: str
    fresh: bool


def accept(db: Database, vault: Vault, asked: Acceptance, *, deadline_ms: int, max_queue: int) -> Accepted:
    """Write the event and its job down, or find what it became before.

    Raises :class:`KeyReused` when the once-key was used for another body and :class:`Busy` when too much
    waits already (a repeat of an accepted event is never refused for that).
    """
    try:
        with db.write("accept") as session:
            known = known_as(session, vault, asked)
            if known is not None:
                return known
            return write_down(
                session,
                vault,
                asked,
                db.now(session),
                deadline_ms=deadline_ms,
                max_queue=max_queue,
                backlog=db.backlog,
            )
    except IntegrityError:
        # The same event came in twice at once and the other one won.
        with db.read() as session:
            known = known_as(session, vault, asked)
        if known is None:
            raise
        return known


def heard_before(session: Session, tenant_id: str, platform: str, app: str, once_key: str) -> tables.Inbox | None:
    """The row of an event that was taken in already."""
    inbox = tables.Inbox
    return session.execute(
        select(inbox).where(
            inbox.tenant_id == tenant_id, inbox.platform == platform, inbox.app == app, inbox.once_key == once_key
        )
    ).scalar_one_or_none()


def known_as(session: Session, vault: Vault, asked: Acceptance) -> Accepted | None:
    """What the same event became before; raises :class:`KeyReused` when its key was used for another body."""
    row = heard_before(session, asked.tenant_id, asked.platform, asked.app, asked.once_key)
    if row is None:
        return None
    if row.body_hash != _peppered(vault, asked):
        raise KeyReused("This key was used before with another body.")
    return Accepted(str(row.job_id), fresh=False)


def write_down(
    session: Session, vault: Vault, asked: Acceptance, now: int, *, deadline_ms: int, max_queue: int, backlog: Backlog
) -> Accepted:
    """Write an event that is not known and its job, in a transaction that is already open; raises :class:`Busy`."""
    backlog.take_in(max_queue, lambda: waiting(session.connection()))
    job_id = new_id()
    rows.add(session.connection(), *_rows(vault, asked, job_id, now, deadline_ms))
    return Accepted(job_id, fresh=True)


def write_alone(
    db: Database, vault: Vault, asked: Acceptance, now: int, *, name: str, deadline_ms: int, max_queue: int
) -> Accepted:
    """:func:`write_down` as a transaction of its own called ``name``: nothing else is to be written with it.

    Raises :class:`Busy`, and ``IntegrityError`` where the event became known in the meantime.
    """
    db.backlog.take_in(max_queue, lambda: _waiting(db))
    job_id = new_id()
    db.add(name, *_rows(vault, asked, job_id, now, deadline_ms))
    return Accepted(job_id, fresh=True)


def _waiting(db: Database) -> int:
    with db.read() as session:
        return waiting(session.connection())


def in_chat(asked: Acceptance, *, owner: str, installation: str, answer: str, private: bool = False) -> Acceptance:
    """The same, asked for in a chat: somebody waits there, and ``answer`` is what they were told at once."""
    return replace(asked, owner=owner, installation=installation, answer=answer, private=private, tell=True)


def note(
    session: Session,
    *,
    tenant_id: str,
    platform: str,
    app: str,
    once_key: str,
    body_hash: str,
    outcome: str,
    reason: str,
    now: int,
) -> None:
    """Write down a true event that makes no job: what became of it, and why."""
    session.add(
        tables.Inbox(
            id=new_id(),
            tenant_id=tenant_id,
            platform=platform,
            app=app,
            once_key=once_key,
            body_hash=body_hash,
            outcome=outcome,
            reason=reason,
            job_id=None,
            received_at=now,
        )
    )


def _peppered(vault: Vault, asked: Acceptance) -> str:
    """The hash of a short prompt could otherwise be guessed back into its words."""
    return vault.fingerprint(asked.body_hash)


def _rows(vault: Vault, asked: Acceptance, job_id: str, now: int, deadline_ms: int) -> list[rows.Row]:
    """All that accepting writes: the job, its event, an upload's owner, the first leaf and the doorbell."""
    secret = json.dumps(
        {"words": asked.words, "place": dict(asked.place), "member": asked.member, "private": asked.private}
    )
    job = {
        "id": job_id,
        "tenant_id": asked.tenant_id,
        "kind": asked.kind,
        "state": "received",
        "deadline_at": now + deadline_ms,
        "next_at": now,
        "generator": asked.generator,
        "platform": asked.platform,
        "app": asked.app,
        "surface": asked.surface,
        "language": asked.language,
        "parent": asked.parent,
        "owner": asked.owner,
        "installation": asked.installation,
        "tell": int(asked.tell),
        "order": json.dumps(dict(asked.order)),
        "sealed": vault.seal(secret.encode(), asked.tenant_id, "jobs", "sealed", job_id),
        "created_at": now,
        "updated_at": now,
    }
    event = {
        "id": new_id(),
        "tenant_id": asked.tenant_id,
        "platform": asked.platform,
        "app": asked.app,
        "once_key": asked.once_key,
        "body_hash": _peppered(vault, asked),
        "outcome": "job",
        "reason": asked.answer,
        "job_id": job_id,
        "received_at": now,
    }
    leaf = ledger.entry(
        tenant_id=asked.tenant_id,
        job_id=job_id,
        version=1,
        event="received",
        facts={"state": "received", "kind": asked.kind, "generator": asked.generator, "platform": asked.platform},
        personal={"prompt": asked.words, "member": asked.member},
        now=now,
    )
    bell = outbox.doorbell(asked.tenant_id, job_id, now, now)
    written: list[rows.Row] = [(tables.Job, job), (tables.Inbox, event), (tables.Leaf, leaf), (tables.Outbox, bell)]
    if "upload" in asked.order:
        upload = {
            "id": new_id(),
            "tenant_id": asked.tenant_id,
            "job_id": job_id,
            "space": "quarantine",
            "sha256": asked.order["upload"],
            "size": int(asked.order["size"]),
            "created_at": now,
        }
        written.append((tables.Blob, upload))
    return written
