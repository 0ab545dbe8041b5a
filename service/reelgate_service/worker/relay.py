"""Sends what the outbox holds: doorbells to the broker, signed webhooks to customers."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
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

_AT_ONCE = 8
_PATIENCE_S = 20.0


def send_rings(studio: Studio, ring: Callable[[str], None] | None) -> int:
    """Ring for every job whose time has come; returns how many. Without a broker the poller needs no bell."""
    with studio.db.read() as session:
        rows = outbox.rings(session, studio.db.now(session))
    for row in rows:
        if ring is not None:
            ring(row.job_id)
        with studio.db.write("outbox.rung") as session:
            outbox.sent(session, row.id, studio.db.now(session))
    return len(rows)


def send_webhooks(studio: Studio) -> None:
    """Tell every endpoint what waits for it, some at once. Safe to repeat: receivers dedupe by the id.

    Endpoints belong to strangers and may be slow on purpose: each has its own time, and no other waits for it.
    """
    with studio.db.read() as session:
        targets = outbox.targets(session, studio.db.now(session))
    if targets:
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="webhook") as pool:
            list(pool.map(partial(_tell, studio), targets))


def _tell(studio: Studio, target: str) -> None:
    until = time.monotonic() + _PATIENCE_S
    try:
        with studio.db.read() as session:
            rows = outbox.webhooks(session, target, studio.db.now(session))
        for row in rows:
            if not _send_webhook(studio, row) or time.monotonic() > until:
                return  # it does not answer, or not fast: what is left may wait for the next round
    except Exception as error:  # noqa: BLE001  one endpoint's trouble is nobody else's
        log("webhook_crashed", kind=type(error).__name__)


def _send_webhook(studio: Studio, row: tables.Outbox) -> bool:
    """Send one; ``False`` when it has to be tried again, or somebody else is at it."""
    with studio.db.write("webhook.taken") as session:
        now = studio.db.now(session)
        hook = session.get(tables.Webhook, row.target)
        if hook is None or hook.disabled_at is not None:
            outbox.sent(session, row.id, now)
            return True
        if not outbox.take(session, row, now):
            return False
        body = json.dumps(queries.event_body(session, row.tenant_id, row.job_id, row.event)).encode()
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
    return _after(studio, row, hook, status)


def _after(studio: Studio, row: tables.Outbox, hook: tables.Webhook, status: int) -> bool:
    table = tables.Webhook
    good = 200 <= status < 300
    with studio.db.write("webhook.tried") as session:
        now = studio.db.now(session)
        gone = status == 410 or (hook.failing_since is not None and now - hook.failing_since > GIVE_UP_MS)
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
        outbox.sent(session, row.id, now)
    return good
