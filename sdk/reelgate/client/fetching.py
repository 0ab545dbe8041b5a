"""Fetches a finished file: streamed beside its place, checked against its SHA-256, then moved there whole."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from reelgate.client.caller import segment
from reelgate.client.transport import PIECE
from reelgate.errors import NotFound, ServiceError

if TYPE_CHECKING:
    from typing import BinaryIO

    from reelgate.client.caller import Caller
    from reelgate.client.model import Job, Result
    from reelgate.client.transport import Reply

MAX_HOPS = 3
"""Redirects followed on the way to a file (to a signed link, say); the key stays with our own service."""


def download(caller: Caller, job: Job, path: str | Path) -> Path:
    """Write the file of ``job`` to ``path`` and return it.

    ``path`` appears only once every byte has arrived and its SHA-256 is the announced one; what was there
    before is replaced. Raises ``NotFound`` for a job without a file, ``ServiceError`` when other bytes came.
    """
    if job.result is None:
        raise NotFound(f"job {job.id} has no file (it is {job.stage})", says="There is no finished file yet.")
    result = job.result
    place = Path(path)
    part = place.with_name(f".{place.name}.{caller.world.fresh_key()}.part")
    url = urljoin(f"{caller.base}/", result.url or f"/v1/jobs/{segment(job.id)}/file")
    try:
        with part.open("xb") as file:
            _fetch(caller, url, result, file)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
    return place


def _fetch(caller: Caller, url: str, result: Result, file: BinaryIO) -> None:
    def take(reply: Reply) -> str | None:
        """Write the body; for a redirect, its target instead."""
        if reply.status >= 300:
            return reply.headers.get("location", "")
        file.seek(0)
        file.truncate()
        _check(_pour(reply, file, result.size), result)
        return None

    for _ in range(MAX_HOPS + 1):
        allowed = ("https",) if caller.base.startswith("https:") else ("http", "https")
        if urlsplit(url).scheme not in allowed:
            raise ServiceError("the link to the file is not as safe as the service itself")
        onward = caller.run(caller.elsewhere(url), take, redirects=True)
        if onward is None:
            return
        url = urljoin(url, onward)
    raise ServiceError(f"the file was not found after {MAX_HOPS} redirects")


def _pour(reply: Reply, file: BinaryIO, size: int) -> tuple[int, str]:
    """Bytes written and their SHA-256; stops as soon as more come than were announced."""
    digest, count = hashlib.sha256(), 0
    for piece in reply.pieces(PIECE):
        count += len(piece)
        if size and count > size:
            raise ServiceError("the file that came is larger than the one that was announced")
        digest.update(piece)
        file.write(piece)
    return count, digest.hexdigest()


def _check(came: tuple[int, str], result: Result) -> None:
    if came[1] != result.sha256.lower():
        raise ServiceError(f"the file that came ({came[0]} bytes) is not the announced one: its SHA-256 differs")
