"""Sends a platform's events to the app under test, with the faults of the way there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import TypeAlias

import requests

from reelgate.testing.faults import Fault, Faults, Trouble

Answered: TypeAlias = tuple[int, Mapping[str, str], bytes]
Send: TypeAlias = Callable[[bytes, Mapping[str, str]], Answered]
"""Brings one body with its headers to the app; raises ``OSError`` when no answer came."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of one event.

    ``answer`` is ``None`` when nothing arrived or nothing came back. ``duplicates`` are the answers to copies sent
    at the same time, ``forged`` the statuses that copies with a bad signature got.
    """

    answer: Answered | None
    duplicates: tuple[Answered | None, ...] = ()
    forged: tuple[int, ...] = ()
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


class Sender:
    """The platform's side of a webhook. ``forge`` makes bad headers of good ones, ``wait`` passes seconds."""

    def __init__(
        self,
        send: Send,
        faults: Faults,
        forge: Callable[[Mapping[str, str]], Mapping[str, str]],
        wait: Callable[[float], None],
    ) -> None:
        self._send, self._faults, self._forge, self._wait = send, faults, forge, wait
        self._later: list[_Kept] = []
        self._lock = threading.Lock()

    def deliver(self, name: str, body: bytes, headers: Mapping[str, str]) -> Delivered:
        """Send one event, called ``event.NAME`` in a plan of faults."""
        struck = self._faults.strike(f"event.{name}")
        by: dict[Trouble, Fault] = {fault.trouble: fault for fault in reversed(struck)}
        troubles = tuple(fault.trouble.value for fault in struck)
        forged: tuple[int, ...] = ()
        if Trouble.FORGERY in by:
            answered = self.once(body, self._forge(headers))
            forged = (answered[0],) if answered else ()
        if Trouble.LATE in by:
            self._wait(by[Trouble.LATE].seconds)
        if Trouble.REPEAT in by:
            with self._lock:
                self._later.append(_Kept(body, dict(headers)))
        if Trouble.LOSE_REQUEST in by:
            return Delivered(None, (), forged, troubles)
        if Trouble.DUPLICATE in by:
            answer, copies = self._twice(body, headers)
        else:
            answer, copies = self.once(body, headers), ()
        if Trouble.LOSE_ANSWER in by:
            answer = None
        return Delivered(answer, copies, forged, troubles)

    def once(self, body: bytes, headers: Mapping[str, str]) -> Answered | None:
        """Send these bytes, without any fault; ``None`` when no answer came."""
        try:
            return self._send(body, headers)
        except OSError:
            return None

    def repeat(self) -> list[Answered | None]:
        """Send again, byte for byte, what was kept for later; their answers."""
        with self._lock:
            kept, self._later = self._later, []
        return [self.once(each.body, each.headers) for each in kept]

    def _twice(self, body: bytes, headers: Mapping[str, str]) -> tuple[Answered | None, tuple[Answered | None, ...]]:
        copies: list[Answered | None] = []
        thread = threading.Thread(target=lambda: copies.append(self.once(body, headers)))
        thread.start()
        answer = self.once(body, headers)
        thread.join()
        return answer, tuple(copies)


def over_http(url: str, patience: float) -> Send:
    """A way over HTTP that gives up after ``patience`` seconds without an answer."""
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # platforms bring none back

    def send(body: bytes, headers: Mapping[str, str]) -> Answered:
        answer = session.post(url, data=body, headers=dict(headers), timeout=patience, allow_redirects=False)
        return answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.content

    return send
