"""Makes calls until one is answered: bounded, with full jitter, and never twice what must happen once."""

from __future__ import annotations

import json
import random
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, TypeVar
from urllib.parse import quote, urlencode

from reelgate.client.problems import problem
from reelgate.client.transport import Call, Reply, Transport, masked, origin, read_all, type_of_body
from reelgate.errors import BadInput, ReelgateError, ServiceError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")
SAFE = frozenset({"GET", "HEAD", "DELETE"})
AGAIN = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Retry:
    """How often and how patiently to try.

    The nth pause is drawn evenly from 0 to ``min(cap, base * 2**n)`` seconds ("full jitter"), on top of what
    ``Retry-After`` asks. Where that asks for more than ``patience`` seconds the error is raised instead, so
    that the program can decide.
    """

    attempts: int = 5
    base: float = 0.5
    cap: float = 8.0
    patience: float = 60.0


@dataclass(frozen=True, slots=True)
class World:
    """What the client needs of its surroundings: clocks in seconds, sleep, chance from 0 to 1, fresh keys."""

    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    fresh_key: Callable[[], str] = field(default=lambda: str(uuid.uuid4()))


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer: ``body`` is its JSON, ``None`` when it was empty; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: object


@dataclass(frozen=True, slots=True)
class Upload:
    """Raw bytes to send; ``open`` gives them anew for every attempt."""

    open: Callable[[], BinaryIO]
    media_type: str


@dataclass(frozen=True, slots=True)
class _Failed:
    error: ReelgateError
    again: bool


class Caller:
    """Speaks to one service with one key."""

    def __init__(self, base: str, key: str, transport: Transport, timeout: float, retry: Retry, world: World) -> None:
        self.base = base
        self.timeout = timeout
        self.world = world
        self._key = key
        self._transport = transport
        self._retry = retry

    def __repr__(self) -> str:
        return f"Caller({self.base!r}, {masked(self._key)!r})"

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        idempotency_key: str | None = None,
    ) -> Answer:
        """The answer; ``body`` is sent as JSON, or as it is when it is an :class:`Upload`.

        Raises the typed error for every answer that is no success.
        """
        data: type_of_body = None
        headers: dict[str, str] = {}
        if isinstance(body, Upload):
            data, headers["Content-Type"] = body.open, body.media_type
        elif body is not None:
            data, headers["Content-Type"] = _encoded(body), "application/json"
        call = self.call(method, path, query=query, body=data, headers=headers, idempotency_key=idempotency_key)
        return self.run(call, _answer)

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: type_of_body = None,
        headers: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
        read_timeout: float | None = None,
    ) -> Call:
        """A call of this service. A POST always carries an Idempotency-Key, a fresh one unless one is given."""
        sent = {"Accept": "application/json", **(headers or {})}
        if method not in SAFE:
            sent["Idempotency-Key"] = idempotency_key or self.world.fresh_key()
        url = f"{self.base}{path}" + (f"?{urlencode(query)}" if query else "")
        return Call(method, url, sent, body, self._key, (min(10.0, self.timeout), read_timeout or self.timeout))

    def elsewhere(self, url: str) -> Call:
        """A GET of a file: the key goes along only to our own service, never to another host."""
        key = self._key if origin(url) == origin(self.base) else None
        return Call("GET", url, {"Accept": "*/*"}, None, key, (min(10.0, self.timeout), self.timeout))

    def run(self, call: Call, use: Callable[[Reply], T], *, redirects: bool = False) -> T:
        """What ``use`` makes of the successful reply; tries again where that is safe and can help.

        With ``redirects`` a redirect counts as a success too: ``use`` decides where to go.
        """
        repeatable = call.method in SAFE or "Idempotency-Key" in call.headers
        attempt = 0
        while True:
            outcome = self._once(call, use, 400 if redirects else 300)
            if not isinstance(outcome, _Failed):
                return outcome
            attempt += 1
            wish = outcome.error.retry_after or 0.0
            hopeless = not outcome.again or not repeatable or wish > self._retry.patience
            if hopeless or attempt >= self._retry.attempts:
                raise outcome.error
            self.world.sleep(wish + self.pause(attempt - 1))

    def _once(self, call: Call, use: Callable[[Reply], T], end: int) -> T | _Failed:
        """One attempt; statuses below ``end`` are a success. ``Unavailable`` also comes of a body that breaks off."""
        try:
            with self._transport.send(call) as reply:
                if 200 <= reply.status < end:
                    return use(reply)
                return _Failed(self.error(reply), reply.status in AGAIN)
        except Unavailable as error:
            return _Failed(error, again=True)

    def open(self, call: Call) -> Reply:
        """The reply itself, body unread and status unjudged, after one attempt; the caller closes it."""
        return self._transport.send(call)

    def close(self) -> None:
        """Let go of open connections."""
        self._transport.close()

    def error(self, reply: Reply) -> ReelgateError:
        """The typed error that ``reply`` means."""
        return problem(reply.status, reply.headers, read_all(reply), self.world.now())

    def pause(self, attempt: int) -> float:
        """Seconds to wait after failure number ``attempt`` (from 0): full jitter."""
        return self.world.chance() * min(self._retry.cap, self._retry.base * 2.0 ** min(attempt, 32))


def segment(id: str) -> str:
    """``id`` as one path segment, whatever is in it; raises ``BadInput`` for one that would walk the path."""
    if id in ("", ".", ".."):
        raise BadInput("an id cannot be empty or made of dots only", says="That is not an id we know.")
    return quote(id, safe="")


def _encoded(body: object) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        raise BadInput("a number that is not finite, or half a character, cannot be sent") from None


def _answer(reply: Reply) -> Answer:
    body = read_all(reply)
    if not body.strip():
        return Answer(reply.status, reply.headers, None)
    try:
        return Answer(reply.status, reply.headers, json.loads(body))
    except ValueError:
        raise ServiceError(f"the service answered {reply.status} with something that is not JSON") from None
