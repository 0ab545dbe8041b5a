"""Alembic's entry: runs the migrations over the connection that was handed in."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

connection = context.config.attributes["connection"]
if connection.dialect.name == "postgresql":
    # Two processes that start at once take turns; the lock goes with the transaction.
    connection.execute(text("SELECT pg_advisory_xact_lock(7205759403792793)"))
context.configure(connection=connection, transaction_per_migration=False, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
