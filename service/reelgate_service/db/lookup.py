"""The ledger as verification asks for it: which rendition carries this mark, and who signs here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from reelgate.errors import BadInput
from reelgate.words import MarkFormat
from reelgate_moderation.provenance import fingerprint
from reelgate_moderation.provenance.ledger import LedgerEntry
from reelgate_service.db import queries, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reelgate_service.db.base import Database


class DatabaseLedger:
    """A :class:`reelgate_moderation.provenance.ledger.LedgerLookup` over the tables.

    It answers for all tenants: whoever asks holds the file already, and an entry tells nothing of a tenant,
    a member or a prompt; while a reel of ours that another tenant made must not look like a forgery.
    """

    def __init__(self, db: Database, chains: Sequence[bytes], keys: Sequence[bytes]) -> None:
        self._db = db
        self._chains = chains
        self._keys = keys

    def find(self, mark_id: str) -> LedgerEntry | None:
        """The sealed rendition of that id; a short one counts only when exactly one begins so."""
        table = tables.Rendition
        query = select(table, tables.Job.created_at).join(tables.Job, tables.Job.id == table.job_id)
        query = query.where(table.sealed_sha != "")
        short = len(mark_id) == 8
        query = query.where(table.mark_short == mark_id if short else table.mark_id == mark_id)
        with self._db.read() as session:
            rows = session.execute(query.limit(2)).all()
        if len(rows) != 1:
            return None
        row, created_at = rows[0]
        return LedgerEntry(
            mark_id=row.mark_id,
            mark_format=MarkFormat(row.mark_format),
            sha256=row.sealed_sha,
            fingerprint=_fingerprint(row.fingerprint),
            label=row.label,
            created=queries.iso(created_at),
        )

    def mark_keys(self) -> Sequence[bytes]:
        """The operator's mark keys and the published one."""
        return self._keys

    def signers(self) -> Sequence[bytes]:
        """Every certificate chain this installation signs or has signed with."""
        return self._chains


def _fingerprint(text: str) -> fingerprint.Fingerprint | None:
    try:
        return fingerprint.from_text(text)
    except BadInput:
        return None
