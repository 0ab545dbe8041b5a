"""Upkeep: whatever was left undone is taken up again. Killing the sweeper delays; it never loses.

Every duty is safe to do twice, so a lost race or a second sweeper only costs time.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from reelgate_service.db import jobs, leases, ledger, renditions, tables, uses
from reelgate_service.db.base import new_id
from reelgate_service.db.states import ENDED
from reelgate_service.observe import log
from reelgate_service.points import outside
from reelgate_service.storage import SPACES, DiskStore
from reelgate_service.worker import relay, withdrawals

if TYPE_CHECKING:
    from collections.abc import Callable

    from reelgate_service.studio import Studio

QUARANTINE_DAYS = 7
_DAY_MS = 86_400_000


class Sweeper:
    """One process's share in the upkeep; ``ring`` tells a broker of a due job (or does nothing)."""

    def __init__(self, studio: Studio, ring: Callable[[str], None] | None) -> None:
        self._studio = studio
        self._ring = ring
        self._name = f"{studio.owner}-{new_id()[:6]}"

    def sweep(self) -> bool:
        """Do all duties once if it is our turn; ``False`` when another process is sweeping."""
        studio = self._studio
        if not leases.take(studio.db, "sweep", self._name, int(studio.settings.sweep_s * 3000)):
            return False
        expired = jobs.expire(studio.db)
        if expired:
            log("jobs_expired", count=expired)
        relay.send_rings(studio, self._ring)
        self._ring_due()
        withdrawals.send_withdrawals(studio)
        while ledger.sequence(studio.db) == 500:
            pass
        self._forget_quarantine()
        self._forget_uses()
        self._remove_orphans()
        self._empty_spool()
        return True

    def _ring_due(self) -> None:
        if self._ring is None:
            return
        with self._studio.db.read() as session:
            waiting = jobs.due(session, self._studio.db.now(session))
        for job_id in waiting:
            self._ring(job_id)

    def _forget_quarantine(self) -> None:
        """Ended jobs give up their quarantined files after a week; the orphan sweep removes the bytes."""
        with self._studio.db.write("quarantine.forget") as session:
            old = self._studio.db.now(session) - QUARANTINE_DAYS * _DAY_MS
            ended = select(tables.Job.id).where(tables.Job.state.in_(ENDED), tables.Job.updated_at < old)
            session.execute(
                delete(tables.Blob).where(tables.Blob.space == "quarantine", tables.Blob.job_id.in_(ended))
            )

    def _forget_uses(self) -> None:
        with self._studio.db.write("uses.forget") as session:
            uses.forget(session, self._studio.db.now(session))

    def _remove_orphans(self) -> None:
        store = self._studio.store
        if not isinstance(store, DiskStore):
            return
        for space in SPACES:
            for name, whole in store.older_than(space, self._studio.settings.orphan_s):
                if not whole:
                    store.sweep_part(space, name)
                    continue
                with self._studio.db.read() as session:
                    kept = renditions.owned(session, space, name)
                if not kept:
                    outside("orphan.delete", partial(store.delete, space, name))
                    log("orphan_removed", path=name[:12])

    def _empty_spool(self) -> None:
        """Files that a worker was making, or looking at, when it died."""
        spool = self._studio.settings.spool
        limit = time.time() - self._studio.settings.orphan_s
        for path in sorted(spool.iterdir()) if spool.exists() else []:
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime > limit:
                    continue
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()
