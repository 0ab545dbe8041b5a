"""The client of a Reelgate service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reelgate.client import fetching
from reelgate.client.caller import Caller, Retry, World
from reelgate.client.resources import Jobs, Provenance, Reviews, Verify, Webhooks, Works
from reelgate.client.transport import RequestsTransport, checked_base, checked_key, masked

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from reelgate.client.model import Job
    from reelgate.client.transport import Transport


class Client:
    """Speaks to the service at ``base_url`` with ``api_key``.

    ``timeout`` is the seconds to wait for the next byte of an answer. ``transport`` replaces requests,
    ``retry`` says how patiently to try again, ``world`` holds the clocks, sleep and chance. Every method
    raises the typed errors of :mod:`reelgate.errors`. As a context manager it closes its connections.

    >>> client = Client("http://127.0.0.1:8700", "rg_live_...")
    >>> job = client.reels.create("a baby hippo swimming", seconds=8)
    >>> client.download(client.jobs.wait(job), "hippo.mp4")
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        transport: Transport | None = None,
        timeout: float = 30.0,
        retry: Retry | None = None,
        world: World | None = None,
    ) -> None:
        self._shown = f"Client({checked_base(base_url)!r}, {masked(checked_key(api_key))!r})"
        self._caller = Caller(
            checked_base(base_url),
            checked_key(api_key),
            transport or RequestsTransport(),
            timeout,
            retry or Retry(),
            world or World(),
        )
        self.reels = Works(self._caller, "/v1/reels")
        self.stickers = Works(self._caller, "/v1/stickers", shaped=False)
        self.jobs = Jobs(self._caller)
        self.reviews = Reviews(self._caller)
        self.provenance = Provenance(self._caller)
        self.verify = Verify(self._caller)
        self.webhooks = Webhooks(self._caller)

    def __repr__(self) -> str:
        return self._shown

    def __enter__(self) -> Client:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Let go of open connections; the client can be used again, it then opens new ones."""
        self._caller.close()

    def download(self, job: Job, path: str | Path) -> Path:
        """Write the finished file of ``job`` to ``path``, checked against its SHA-256, and return the path.

        Raises ``NotFound`` when the job has no file, ``ServiceError`` when other bytes came than announced.
        """
        return fetching.download(self._caller, job, path)
