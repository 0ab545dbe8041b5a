"""Sends what the outbox holds: doorbells to the broker, signed webhooks to customers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import update

from reelgate import webhooks
from reelgate.errors import ReelgateError
from reelgate_integrations import http
from reelgate_service.db import outbox, queries, tables
from reelgate_service.observe import log
from reelgate_service.points import outside

if TYPE_CHECKING:
    from collections.abc import Callable

    from reelgate_service.studio import Studio

RETRY_S = (5, 300, 1800, 7200, 18_000, 36_000, 36_000)
"""How long a webhook that failed waits before it is tried again; after the last it is given up."""

GIVE_UP_MS = 5 * 86_400_000
"""An endpoint that has only failed for this long is switched off."""


def send_outbox(studio: Studio, ring: Callable[[str], None] | None) -> int:
    """Send every row whose time has come; returns how many were settled. Safe to repeat: receivers dedupe."""
    with studio.db.read() as session:
        rows = list(outbox.unsent(session, studio.db.now(session)))
    settled = 0
    for row in rows:
        if row.kind == outbox.RING:
            if ring is not None:
                ring(row.job_id)
            done = True
        else:
            done = _send_webhook(studio, row)
        if done:
            with studio.db.write("outbox.sent") as session:
                outbox.sent(session, row.id, studio.db.now(session))
            settled += 1
    return settled


def _send_webhook(studio: Studio, row: tables.Outbox) -> bool:
    with studio.db.read() as session:
        hook = session.get(tables.Webhook, row.target)
        body = json.dumps(queries.event_body(session, row.tenant_id, row.job_id, row.event)).encode()
        now = studio.db.now(session)
    if hook is None or hook.disabled_at is not None:
        return True
    secret = studio.vault.open(hook.sealed, hook.tenant_id, "webhooks", "sealed", hook.id).decode()
    headers = webhooks.sign(row.id, body, secret, lambda: now / 1000)
    try:
        status = outside(
            "webhook",
            lambda: http.post(
                hook.url,
                body,
                {"content-type": "application/json", **headers},
                allow_private=studio.settings.allow_private_hooks,
            ),
        )
    except ReelgateError as error:
        log("webhook_failed", code=error.code, job=row.job_id)
        status = 0
    return _after(studio, row, hook, status, now)


def _after(studio: Studio, row: tables.Outbox, hook: tables.Webhook, status: int, now: int) -> bool:
    table = tables.Webhook
    good = 200 <= status < 300
    gone = status == 410 or (hook.failing_since is not None and now - hook.failing_since > GIVE_UP_MS)
    with studio.db.write("webhook.tried") as session:
        session.execute(
            update(table)
            .where(table.id == hook.id)
            .values(
                failing_since=None if good else hook.failing_since or now,
                disabled_at=now if gone and not good else None,
            )
        )
        if not good and not gone and row.tries < len(RETRY_S):
            outbox.later(session, row.id, now + RETRY_S[row.tries] * 1000)
            return False
    return True
