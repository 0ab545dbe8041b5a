"""How the API of a platform that we know is called: one request, a time limit for all of it, and an honest outcome.

Whoever posts must know what became of it. A call that cannot have taken effect raises ``PlatformFault``; one that was
handed over whole and never answered raises ``AnswerLost``. Any answer at all is returned, whatever its status.
Redirects are not followed, proxies and passwords of the environment are not used, and no error quotes an address:
a platform's address may hold a secret.
"""

from __future__ import annotations

import io
import json
import time
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from reelgate.errors import AnswerLost, BadInput, PlatformFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CONNECT_S = 5.0
MAX_ANSWER = 8 << 20
"""The most bytes of an answer that are read."""

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Told:
    """What the other side answered; header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)

    @property
    def data(self) -> Any:
        """The body as JSON; ``None`` where it is not."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def checked_api(url: str) -> str:
    """The address of an API, no slash at its end; raises ``BadInput`` unless it is https, or http on this machine."""
    try:
        parsed = urlsplit(url)
        fits = parsed.scheme == "https" or (parsed.scheme == "http" and parsed.hostname in _LOOPBACK)
        fits = fits and bool(parsed.hostname) and not parsed.username and (parsed.port is None or parsed.port > 0)
    except ValueError:
        fits = False
    if not fits or parsed.query or parsed.fragment:
        raise BadInput(
            "An API's address must be https, or http on this machine.",
            says="Please give an https address, or an http one on this machine (127.0.0.1).",
        )
    return url.rstrip("/")


class Caller:
    """Calls one platform's API. ``name`` stands in error messages; ``monotonic`` gives seconds that only grow."""

    def __init__(
        self, name: str, base: str, headers: Mapping[str, str], *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._name = name
        self._base = checked_api(base)
        self._monotonic = monotonic
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.clear()
        self._session.headers.update({"Accept": "application/json", **headers})
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def call(
        self,
        method: str,
        path: str,
        *,
        limit_s: float,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        harmless: bool = False,
    ) -> Told:
        """Make one call that may last ``limit_s`` seconds. ``harmless``: it may be repeated whatever became of it.

        Raises ``PlatformFault`` when it cannot have taken effect or is harmless, else ``AnswerLost``.
        """
        until = self._monotonic() + limit_s
        handed = _Handed(body or b"", until, self._monotonic)
        try:
            with self._session.request(
                method,
                self._base + path,
                data=handed if body is not None else None,
                headers=dict(headers or {}),
                timeout=(min(CONNECT_S, max(limit_s, 0.01)), max(limit_s, 0.01)),
                allow_redirects=False,
                stream=True,
            ) as answer:
                read = self._read(answer, until)
                named = {name.lower(): value for name, value in answer.headers.items()}
                return Told(answer.status_code, named, read)
        except (OSError, ValueError) as error:  # requests' own errors are OSErrors; they quote the address
            kind = type(error).__name__
        if harmless or not handed.over:
            raise PlatformFault(f"{self._name} could not be asked ({kind}).")
        raise AnswerLost(f"{self._name} was asked and did not answer ({kind}).")

    def _read(self, answer: requests.Response, until: float) -> bytes:
        read = bytearray()
        for piece in answer.iter_content(_PIECE):
            read += piece
            if len(read) > MAX_ANSWER:
                raise ValueError("the answer does not end")
            if self._monotonic() > until:
                raise TimeoutError
        return bytes(read)


class _Handed(io.BytesIO):
    """A body that notes when its last byte was taken, and gives no more once time is up."""

    def __init__(self, body: bytes, until: float, monotonic: Callable[[], float]) -> None:
        super().__init__(body)
        self._length, self._until, self._monotonic = len(body), until, monotonic
        self.over = False

    def read(self, size: int | None = -1) -> bytes:
        if self._monotonic() > self._until:
            raise TimeoutError
        piece = super().read(size)
        self.over = self.tell() >= self._length
        return piece
