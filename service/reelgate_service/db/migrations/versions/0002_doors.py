"""Chats: registered apps and where they were added, who owns a job and is told of its end, and signed-in browsers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NEW_COLUMNS = {
    "jobs": (("owner", ""), ("installation", ""), ("parent", ""), ("tell", 0)),
    "renditions": (("media_type", "video/mp4"), ("withdrawn_at", None)),
    "effects": (("first_at", 0),),
    "outbox": (("sealed", b""),),
}
"""Column and what rows that are there already get; ``None`` and bytes are nullable."""


def upgrade() -> None:
    """Forwards."""
    for table, columns in _NEW_COLUMNS.items():
        for name, default in columns:
            op.add_column(table, _column(name, default))
    op.create_table(
        "apps",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("app", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("api", sa.Text(), nullable=False),
        sa.Column("open", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_apps_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apps")),
    )
    op.create_table(
        "installations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_installations_tenant_id_tenants")),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_installations_app_id_apps")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installations")),
    )
    op.create_index(op.f("ix_installations_tenant_id"), "installations", ["tenant_id"])
    op.create_table(
        "uses",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("installation", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_uses_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", "installation", "member", "day", name=op.f("pk_uses")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_sign_ins_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
    )
    op.create_table(
        "browser_sessions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_browser_sessions_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_sessions")),
    )


def downgrade() -> None:
    """Backwards; nobody in a chat hears of jobs that are open meanwhile."""
    for table in ("browser_sessions", "sign_ins", "uses", "installations", "apps"):
        op.drop_table(table)
    for table, columns in _NEW_COLUMNS.items():
        for name, _ in columns:
            op.drop_column(table, name)


def _column(name: str, default: str | int | bytes | None) -> sa.Column[object]:
    if isinstance(default, bytes):
        return sa.Column(name, sa.LargeBinary(), nullable=True)
    if default is None:
        return sa.Column(name, sa.BigInteger(), nullable=True)
    if isinstance(default, int):
        return sa.Column(name, sa.BigInteger(), nullable=False, server_default=str(default))
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)
