"""Takes messages back that somebody deleted or a moderator removed.

Deleting twice is deleting once, so it may be repeated whenever nobody knows what became of it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from reelgate.errors import AnswerLost, ReelgateError
from reelgate.words import Address
from reelgate_service.db import outbox, queries, tables
from reelgate_service.observe import log
from reelgate_service.points import outside

if TYPE_CHECKING:
    from reelgate_service.studio import Studio

RETRY_S = (2, 10, 60, 300, 1800, 7200)


def send_withdrawals(studio: Studio) -> int:
    """Take back what is to be taken back now; returns how many messages were tried."""
    with studio.db.read() as session:
        rows = outbox.withdrawals(session, studio.db.now(session))
    return sum(_withdraw(studio, row) for row in rows)


def _withdraw(studio: Studio, row: tables.Outbox) -> bool:
    with studio.db.write("withdraw.taken") as session:
        if not outbox.take(session, row, studio.db.now(session)):
            return False
        job = session.get_one(tables.Job, row.job_id)
        where = row.sealed or job.sealed
        column = ("outbox", row.id) if row.sealed else ("jobs", job.id)
        posted = queries.posted_as(session, row.tenant_id, job.id)
    again = False
    try:
        if where is not None:
            place = json.loads(studio.vault.open(where, row.tenant_id, column[0], "sealed", column[1]))
            address = Address(job.platform, job.app, place["place"])
            message = place.get("message") or posted
            platform = studio.platforms(job.platform, job.app)
            outside("withdraw", lambda: platform.withdraw(address, message))
    except ReelgateError as error:
        again = (error.retryable or isinstance(error, AnswerLost)) and row.tries < len(RETRY_S)
        log("not_withdrawn", job=job.id, code=error.code)
    with studio.db.write("withdraw.tried") as session:
        now = studio.db.now(session)
        if again:
            outbox.later(session, row.id, now + RETRY_S[row.tries] * 1000)
        else:
            outbox.sent(session, row.id, now)
    return True
