"""The one seam over requests: a call goes out, a reply comes back, and the key stays unseen.

Everything else in the client speaks in :class:`Call` and :class:`Reply`, so that another HTTP library, or a
test, needs to offer no more than :class:`Transport`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Protocol
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from reelgate.errors import BadInput, KeyInvalid, KeyMissing, ServiceError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

log = logging.getLogger("reelgate.client")

_SHOWN = re.compile(r"rg_[a-z]{1,8}_(?:[0-9a-f]{8}_)?")

MAX_ANSWER = 16 << 20
"""Bytes that one JSON answer may have."""

PIECE = 1 << 16
"""Bytes read at a time of a file."""

type_of_body = bytes | Callable[[], BinaryIO] | None


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request, ready to go. ``body`` is bytes, or opens the same bytes anew for every attempt.

    ``key`` is the API key, sent as ``Authorization: Bearer``; ``timeouts`` are seconds to connect and to wait
    for the next byte.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: type_of_body = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)
    timeouts: tuple[float, float] = (10.0, 30.0)


class Reply(Protocol):
    """What came back. Use it as a context manager, so that the connection is given back."""

    @property
    def status(self) -> int:
        """The HTTP status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, names in lower case."""
        ...

    def pieces(self, size: int | None) -> Iterator[bytes]:
        """The body in pieces of at most ``size`` bytes, or as they arrive (``None``).

        Raises ``Unavailable`` if it breaks off.
        """
        ...

    def __enter__(self) -> Reply:
        """Itself."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the connection back."""
        ...


class Transport(Protocol):
    """Sends one call, once: no retries, no redirects."""

    def send(self, call: Call) -> Reply:
        """The reply; raises ``Unavailable`` when none came."""
        ...

    def close(self) -> None:
        """Let go of open connections."""
        ...


class RequestsTransport:
    """The transport over a ``requests.Session`` (proxies and certificates come from the environment as usual)."""

    def __init__(self, session: requests.Session | None = None) -> None:
        self._session = session or requests.Session()

    def send(self, call: Call) -> RequestsReply:
        """The reply to ``call``; raises ``Unavailable`` when none came."""
        host = origin(call.url)
        body = call.body() if callable(call.body) else call.body
        try:
            response = self._session.request(
                call.method,
                call.url,
                headers=dict(call.headers),
                data=body,
                auth=_Bearer(call.key),
                timeout=call.timeouts,
                allow_redirects=False,
                stream=True,
            )
        except requests.RequestException as cause:
            log.debug("%s %s: %s", call.method, host, type(cause).__name__)
            # The cause holds the request, and with it the key: only its name goes on.
            raise no_answer(host, cause) from None
        finally:
            if callable(call.body) and not isinstance(body, bytes) and body is not None:
                body.close()
        log.debug("%s %s: %d", call.method, host, response.status_code)
        return RequestsReply(response, host)

    def close(self) -> None:
        """Let go of open connections."""
        self._session.close()


class RequestsReply:
    """A reply that wraps a ``requests.Response`` whose body is not read yet."""

    def __init__(self, response: requests.Response, host: str) -> None:
        self._response = response
        self._host = host
        self.status: int = response.status_code
        self.headers: Mapping[str, str] = {name.lower(): value for name, value in response.headers.items()}

    def pieces(self, size: int | None) -> Iterator[bytes]:
        """The body in pieces; ``None`` means as they arrive, which an unchunked body only does byte by byte."""
        chunked = self.headers.get("transfer-encoding", "").lower() == "chunked"
        wanted = size if size is not None or chunked else 1
        try:
            yield from self._response.iter_content(wanted)
        except requests.RequestException as cause:
            raise no_answer(self._host, cause) from None

    def __enter__(self) -> RequestsReply:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the connection back, or close it when the body was not read to its end."""
        self._response.close()


class _Bearer(AuthBase):
    """Sets the key as late as possible. Being there, it also keeps requests from looking into ``~/.netrc``."""

    def __init__(self, key: str | None) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._key is not None:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request


def read_all(reply: Reply, limit: int = MAX_ANSWER) -> bytes:
    """The whole body; raises ``ServiceError`` for one larger than ``limit`` bytes."""
    whole = bytearray()
    for piece in reply.pieces(PIECE):
        whole += piece
        if len(whole) > limit:
            raise ServiceError(f"an answer of more than {limit} bytes was not read to its end")
    return bytes(whole)


def no_answer(host: str, cause: Exception) -> Unavailable:
    """The error for a call that got no whole answer."""
    return Unavailable(
        f"no whole answer from {host} ({type(cause).__name__})",
        says="The service is not answering. Please check the address, or try again in a moment.",
    )


def origin(url: str) -> str:
    """Scheme, host and port of ``url``, in lower case, the scheme's own port left out."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, default) else f":{parts.port}"
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def checked_base(url: str) -> str:
    """``url`` without its trailing slash; raises ``BadInput`` when it is no plain http or https address."""
    wrong = BadInput(
        "base_url must look like https://reels.example.org", says="The service address must start with http(s)://."
    )
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError:
        raise wrong from None
    bare = not (parts.username or parts.password or parts.query or parts.fragment)
    if parts.scheme not in ("http", "https") or not parts.hostname or not bare:
        raise wrong
    return url.strip().rstrip("/")


def checked_key(key: str) -> str:
    """``key`` without outer spaces; raises ``KeyMissing`` or ``KeyInvalid``, neither of which repeats it."""
    key = key.strip()
    if not key:
        raise KeyMissing
    if not key.isascii() or not key.isprintable() or " " in key:
        raise KeyInvalid("the API key holds signs that no key has; was it copied whole?")
    return key


def masked(key: str) -> str:
    """What may be shown of a key: its prefix and its id, which are no secret; nothing of a key of another shape."""
    known = _SHOWN.match(key)
    return f"{known.group() if known else ''}***"
