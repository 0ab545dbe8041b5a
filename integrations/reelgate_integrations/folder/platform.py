"""The platform ``folder``: delivers finished reels as files, through the same effect row as any other platform.

An address's place may hold ``name`` (what the file should be called, in plain words) and ``tenant`` (a
sub-folder of its own); both are made safe before they touch the disk.
"""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

from reelgate.contract import Limits, PlatformFacts, Receipt
from reelgate.errors import NotOffered
from reelgate.words import Once
from reelgate_integrations.folder.files import keep
from reelgate_integrations.folder.naming import digest, own, safe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO

    from reelgate.chat import Button
    from reelgate.contract import Aloud, Parcel
    from reelgate.words import Address

FACTS = PlatformFacts(
    slug="folder",
    title="A folder on this machine",
    once=Once.KEY,
    limits=Limits(2 << 30, 4096, 4096, 600.0, ("mp4", "webm", "webp", "png")),
    call_timeout=120.0,
    inbound=False,
)
TYPES = {"video/mp4": "mp4", "video/webm": "webm", "image/webp": "webp", "image/png": "png"}
"""File name endings by media type; the type decides, never the name a parcel comes with."""


class FolderPlatform:
    """Delivers into ``root``, which is made when the first file arrives."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def facts(self) -> PlatformFacts:
        """What this platform is."""
        return FACTS

    def deliver(self, address: Address, parcel: Parcel, key: str) -> Receipt:
        """Write the file; the receipt's id is the name it got and its link a ``file:`` URI.

        A repeat with the same key finds its own file and returns the same receipt. Raises
        :class:`NotOffered` for a media type we do not take, and what :func:`files.keep` raises.
        """
        ending = TYPES.get(parcel.media_type)
        if ending is None:
            raise NotOffered(f"a folder takes {', '.join(sorted(TYPES))}")
        wanted = address.place.get("name") or parcel.name
        stem = safe(wanted.removesuffix(f".{ending}"), "reel")
        return self._keep(address, stem, ending, key, parcel.size, parcel.sha256, parcel.open)

    def find(self, address: Address, key: str) -> Receipt | None:
        """Never needed: repeating a delivery is safe. Raises :class:`NotOffered`."""
        raise NotOffered("a folder is not asked what it has: repeat the delivery with the same key")

    def repeatable(self, address: Address, since: float, now: float) -> bool:
        """Always: a repeat finds its own file, however late."""
        return True

    def progress(self, address: Address, sentence: str, buttons: tuple[Button, ...] = ()) -> None:
        """Nobody watches a folder, so nothing is told."""

    def withdraw(self, address: Address, message_id: str) -> None:
        """What was handed over stays where it is. Raises :class:`NotOffered`."""
        raise NotOffered("files in a folder belong to whoever keeps it; delete them there")

    def decline(
        self,
        address: Address,
        sentence: str,
        key: str,
        buttons: tuple[Button, ...] = (),
        aloud: Aloud | None = None,
    ) -> Receipt:
        """Leave a small text file that says kindly why there is no reel; the folder is its owner's alone."""
        note = f"{sentence.strip()}\n".encode()
        stem = safe(address.place.get("name", ""), "no reel")
        return self._keep(
            address, stem, "txt", key, len(note), hashlib.sha256(note).hexdigest(), lambda: io.BytesIO(note)
        )

    def _keep(
        self,
        address: Address,
        stem: str,
        ending: str,
        key: str,
        size: int,
        sha256: str,
        open_: Callable[[], BinaryIO],
    ) -> Receipt:
        tenant = address.place.get("tenant", "")
        folder = self._root / own(tenant, "tenant") if tenant else self._root
        tag = digest(key)
        name = keep(folder, (f"{stem}.{ending}", f"{stem}-{tag}.{ending}"), tag, size, sha256, open_)
        return Receipt(name, (folder / name).resolve().as_uri())
