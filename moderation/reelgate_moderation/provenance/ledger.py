"""What verification asks of a ledger, and how it finds the one on this machine.

The ledger itself belongs to the service. It registers a callable under the entry-point group
``reelgate.ledger`` that takes nothing and answers a :class:`LedgerLookup`, or ``None`` where there is none yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from reelgate.plugins import outside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reelgate.words import MarkFormat
    from reelgate_moderation.provenance.fingerprint import Fingerprint

GROUP = "reelgate.ledger"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What the ledger holds of one published rendition.

    ``sha256`` is that of the sealed file in hex. ``fingerprint`` is ``None`` for entries that were recorded
    without one, ``label`` the words the eye sees.
    """

    mark_id: str
    mark_format: MarkFormat
    sha256: str
    fingerprint: Fingerprint | None
    label: str
    created: str


@runtime_checkable
class LedgerLookup(Protocol):
    """A ledger that can be asked."""

    def find(self, mark_id: str) -> LedgerEntry | None:
        """The entry of that id: 16 hex digits, or the 8 of a short read when exactly one entry begins so."""
        ...

    def mark_keys(self) -> Sequence[bytes]:
        """The keys of the invisible marks that this installation reads."""
        ...

    def signers(self) -> Sequence[bytes]:
        """Every certificate chain (PEM, leaf first) this installation signs or has signed with."""
        ...


def local_ledger() -> LedgerLookup | None:
    """The first ledger that an installed part offers on this machine, or ``None``.

    A part whose own needs are not installed (a base install has no database) offers none.
    """
    for point in outside(GROUP):
        try:
            offer = point.load()
        except ImportError:
            continue
        found = offer()
        if isinstance(found, LedgerLookup):
            return found
    return None
