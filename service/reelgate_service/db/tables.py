"""Every table, typed. Times are milliseconds on the shared clock; money is cents; ids are text.

``tenant_id`` is in every table and unique index. Columns named ``sealed`` hold what is personal or secret,
encrypted for their row; no other column may hold a member's words, name or token.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, MetaData, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The root of the tables; names of constraints are fixed so that migrations can address them."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {int: BigInteger, str: Text, bytes: LargeBinary}  # noqa: RUF012  read once by SQLAlchemy


class Tenant(Base):
    """One customer of this installation. ``local`` is there from the first day."""

    __tablename__ = "tenants"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    created_at: Mapped[int]


class ApiKey(Base):
    """A key of the API: only a peppered hash of it, so that a stolen table opens nothing."""

    __tablename__ = "api_keys"
    id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    fingerprint: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    scopes: Mapped[str]
    created_at: Mapped[int]
    revoked_at: Mapped[int | None]


class Budget(Base):
    """What a tenant may spend in a month: ``spent + reserved`` never exceeds ``cap``."""

    __tablename__ = "budgets"
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    cap: Mapped[int]
    spent: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)


class Inbox(Base):
    """One request that was answered 2xx, and the answer, so that asking twice is asking once."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("tenant_id", "platform", "app", "once_key"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    platform: Mapped[str]
    app: Mapped[str]
    once_key: Mapped[str]
    body_hash: Mapped[str]
    outcome: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    job_id: Mapped[str | None]
    received_at: Mapped[int]


class Job(Base):
    """One piece of work. ``fence`` rises with each owner; ``version`` with each transition.

    ``owner`` is a fingerprint of the member who asked, ``parent`` the job it was made from, and ``tell`` is 1 where
    somebody in a chat waits to hear of its end, whichever that is.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index(
            "ix_jobs_due", "next_at", "lease_until", sqlite_where=text("open = 1"), postgresql_where=text("open = 1")
        ),
        Index("ix_jobs_tenant_id_created_at", "tenant_id", "created_at"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    kind: Mapped[str]
    state: Mapped[str]
    resume: Mapped[str] = mapped_column(default="")
    open: Mapped[int] = mapped_column(default=1)
    fence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    lease_until: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str] = mapped_column(default="")
    crashes: Mapped[int] = mapped_column(default=0)
    attempt: Mapped[int] = mapped_column(default=1)
    next_at: Mapped[int] = mapped_column(default=0)
    deadline_at: Mapped[int]
    cancel_requested: Mapped[int] = mapped_column(default=0)
    generator: Mapped[str]
    platform: Mapped[str]
    app: Mapped[str]
    surface: Mapped[str]
    language: Mapped[str]
    order: Mapped[str]
    sealed: Mapped[bytes | None]
    owner: Mapped[str] = mapped_column(default="")
    installation: Mapped[str] = mapped_column(default="")
    parent: Mapped[str] = mapped_column(default="")
    tell: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    spent: Mapped[int] = mapped_column(default=0)
    period: Mapped[str] = mapped_column(default="")
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str] = mapped_column(default="")
    error_says: Mapped[str] = mapped_column(default="")
    result: Mapped[str] = mapped_column(default="{}")
    created_at: Mapped[int]
    updated_at: Mapped[int]


class Effect(Base):
    """One outside effect (pay a generator, post a message): written before the call, settled after.

    ``state``: intent (may have gone out), done, failed (answered no), held (a person decides), abandoned.
    ``called_at`` is the last call; ``first_at`` the first of those of which nobody knows what became.
    """

    __tablename__ = "effects"
    __table_args__ = (UniqueConstraint("tenant_id", "job_id", "attempt", "purpose"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"))
    attempt: Mapped[int]
    purpose: Mapped[str]
    target: Mapped[str]
    once: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    request_hash: Mapped[str]
    state: Mapped[str]
    fence: Mapped[int]
    tries: Mapped[int] = mapped_column(default=0)
    resends: Mapped[int] = mapped_column(default=0)
    called_at: Mapped[int]
    first_at: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[int | None]
    external_id: Mapped[str] = mapped_column(default="")
    cents: Mapped[int] = mapped_column(default=0)


class Verdict(Base):
    """What a screen or a person decided about a job's words or pictures."""

    __tablename__ = "verdicts"
    id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), index=True)
    stage: Mapped[str]
    decision: Mapped[str]
    score: Mapped[float]
    reasons: Mapped[str]
    policy: Mapped[str]
    by: Mapped[str]
    actor: Mapped[str] = mapped_column(default="")
    at: Mapped[int]


class Review(Base):
    """Something a person has to decide. ``kind``: prompt, output, effect or fault."""

    __tablename__ = "reviews"
    id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), index=True)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    resume: Mapped[str]
    reason: Mapped[str]
    decision: Mapped[str] = mapped_column(default="")
    actor: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[int]
    decided_at: Mapped[int | None]


class Rendition(Base):
    """One file of a reel, from its plan to its seal.

    ``mark_short`` is set only where the short format is used; ``sealed`` holds the scene as JSON (what was
    understood of the member's words).
    """

    __tablename__ = "renditions"
    __table_args__ = (UniqueConstraint("tenant_id", "job_id", "attempt", "target"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"))
    attempt: Mapped[int]
    target: Mapped[str]
    mark_id: Mapped[str] = mapped_column(unique=True)
    mark_short: Mapped[str | None] = mapped_column(unique=True)
    media_type: Mapped[str] = mapped_column(default="video/mp4")
    mark_format: Mapped[str]
    strength: Mapped[int] = mapped_column(default=0)
    label: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    seconds: Mapped[float]
    quarantine_sha: Mapped[str] = mapped_column(default="")
    samples_sha: Mapped[str] = mapped_column(default="")
    presence: Mapped[float | None]
    p_value: Mapped[float | None]
    sealed_sha: Mapped[str] = mapped_column(default="")
    size: Mapped[int] = mapped_column(default=0)
    manifest_hash: Mapped[str] = mapped_column(default="")
    fingerprint: Mapped[str] = mapped_column(default="")
    withdrawn_at: Mapped[int | None]
    sealed: Mapped[bytes | None]


class Blob(Base):
    """Who owns a kept file. A file without a row is an orphan and is swept."""

    __tablename__ = "blobs"
    id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), index=True)
    space: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    created_at: Mapped[int]


class Outbox(Base):
    """What must still be said to somebody: a doorbell for a worker, a webhook for a customer, or a chat's message
    to be taken back (``sealed`` then says where it is).
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_unsent",
            "next_at",
            sqlite_where=text("sent_at IS NULL"),
            postgresql_where=text("sent_at IS NULL"),
        ),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"))
    kind: Mapped[str]
    target: Mapped[str] = mapped_column(default="")
    event: Mapped[str] = mapped_column(default="")
    sealed: Mapped[bytes | None]
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[int]
    created_at: Mapped[int]
    sent_at: Mapped[int | None]


class Leaf(Base):
    """One fact of the ledger, written in the transaction that made it true; numbered later.

    ``leaf`` is canonical JSON of public facts and of salted commitments to personal ones. Erasing ``salt``
    erases what was committed to, and the chain still verifies.
    """

    __tablename__ = "leaves"
    __table_args__ = (UniqueConstraint("job_id", "version", "tenant_id"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"))
    version: Mapped[int]
    event: Mapped[str]
    leaf: Mapped[bytes]
    leaf_hash: Mapped[bytes]
    salt: Mapped[bytes | None]
    at: Mapped[int]
    seq: Mapped[int | None] = mapped_column(unique=True)
    chain_hash: Mapped[bytes | None]


class ChainHead(Base):
    """The last numbered leaf: one row, moved only by whoever holds it in a transaction."""

    __tablename__ = "chain_head"
    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    chain_hash: Mapped[bytes]


class Lease(Base):
    """A one-row lease for a duty that one process at a time should do (sweeping, numbering)."""

    __tablename__ = "leases"
    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    until: Mapped[int]


class Webhook(Base):
    """Where a tenant wants to hear of ended jobs; its signing secret is sealed."""

    __tablename__ = "webhooks"
    id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), index=True)
    url: Mapped[str]
    sealed: Mapped[bytes]
    created_at: Mapped[int]
    failing_since: Mapped[int | None]
    disabled_at: Mapped[int | None]


class App(Base):
    """One registration at a platform, with its secrets sealed; its id is ``PLATFORM/APP``, so each is there once.

    ``open`` 1 means that whoever adds the app belongs to this tenant; 0 that an operator says which places do.
    """

    __tablename__ = "apps"
    id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    platform: Mapped[str]
    app: Mapped[str]
    name: Mapped[str]
    api: Mapped[str] = mapped_column(default="")
    open: Mapped[int] = mapped_column(default=0)
    sealed: Mapped[bytes]
    created_at: Mapped[int]
    disabled_at: Mapped[int | None]


class Installation(Base):
    """The guild, workspace, page or chat an app was added to; its id is ``PLATFORM/APP/PLACE``.

    ``settings`` is JSON: ``channels`` (the only ones it answers in; empty for all), ``quota`` (reels a member may ask
    for in a day; 0 for no limit) and ``language``.
    """

    __tablename__ = "installations"
    id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), index=True)
    app_id: Mapped[str] = mapped_column(ForeignKey("apps.id"))
    place: Mapped[str]
    settings: Mapped[str] = mapped_column(default="{}")
    created_at: Mapped[int]
    removed_at: Mapped[int | None]


class Use(Base):
    """How much a member asked for in one installation on one day (``member`` is a fingerprint)."""

    __tablename__ = "uses"
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    installation: Mapped[str] = mapped_column(primary_key=True)
    member: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[str] = mapped_column(primary_key=True)
    used: Mapped[int] = mapped_column(default=0)


class SignIn(Base):
    """A link that signs a browser in, once; ``id`` is a fingerprint of the secret in it."""

    __tablename__ = "sign_ins"
    id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    created_at: Mapped[int]
    expires_at: Mapped[int]
    used_at: Mapped[int | None]


class BrowserSession(Base):
    """A signed-in browser; ``id`` is a fingerprint of its cookie."""

    __tablename__ = "browser_sessions"
    id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    created_at: Mapped[int]
    seen_at: Mapped[int]
    expires_at: Mapped[int]


class ClockBase(Base):
    """SQLite only: the offset between the kernel's boot clock and the calendar, shared by all processes."""

    __tablename__ = "clock_base"
    id: Mapped[int] = mapped_column(primary_key=True)
    boot_id: Mapped[str]
    offset_ms: Mapped[int]
