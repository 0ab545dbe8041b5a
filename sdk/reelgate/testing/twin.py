"""The engine of a platform's twin: what plays the other side on this machine, and says when it is spoken to wrongly.

A twin of one platform is a :class:`Player`: its routes, its rules and how it answers. The engine checks every rule
on every request, keeps a log with the secrets masked, and lets the faults of a plan happen. It can be asked over
HTTP (:class:`reelgate.testing.serving.Server`) or in the same process (:meth:`Twin.ask`).
"""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from reelgate.testing.faults import Fault, Faults, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

LOG_LENGTH, LOG_BODY, MOST_VIOLATIONS = 500, 4000, 10_000
_MASK = "•••"


class Lost(Exception):
    """The connection closes without an answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it arrived: ``at`` in Unix seconds, header names in lower case."""

    at: float
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """What the platform answers."""

    status: int
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


def told_json(status: int, value: object, headers: Mapping[str, str] | None = None) -> Told:
    """An answer in JSON."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Told(status, body, {"Content-Type": "application/json", **(headers or {})})


@dataclass(frozen=True, slots=True)
class Call:
    """A request that found its route: ``place`` is what the path named, ``form`` what the player read of the body."""

    asked: Asked
    route: Route
    place: Mapping[str, str]
    form: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class Route:
    """One verb of the platform's API. ``path`` may hold ``{names}``; ``play`` does what the platform would."""

    name: str
    method: str
    path: str
    play: Callable[[Call], Told]


@dataclass(frozen=True, slots=True)
class Breach:
    """How a request broke a rule: a sentence, where in the body, and the platform's own word for it."""

    detail: str
    at: tuple[str | int, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Something every request has to keep. ``routes`` empty means all of them.

    ``refuses`` is false for rules of our own, which the platform itself would let pass: they are recorded only.
    """

    name: str
    says: str
    broken: Callable[[Call], Iterable[Breach]]
    routes: frozenset[str] = frozenset()
    refuses: bool = True


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that was broken, and by what."""

    rule: str
    route: str
    detail: str
    at: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log, secrets masked. ``way`` is ``in`` (to the platform) or ``out`` (to the app)."""

    number: int
    at: float
    way: str
    name: str
    line: str
    status: int | None
    sent: str = ""
    got: str = ""
    troubles: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


class Player(Protocol):
    """What one platform adds to the engine."""

    routes: Sequence[Route]
    rules: Sequence[Rule]

    def read(self, asked: Asked) -> object:
        """The body as the rules and routes want it; never raises."""
        ...

    def unknown(self, asked: Asked, known: bool) -> Told:
        """The answer where no route fits; ``known`` when the path is right and the method is not."""
        ...

    def refuse(self, call: Call, broken: Sequence[tuple[Rule, Breach]]) -> Told:
        """The answer to a request that broke these rules."""
        ...

    def limited(self, call: Call, fault: Fault) -> Told:
        """A 429 in the fault's own spelling."""
        ...

    def failing(self, status: int) -> Told:
        """An answer of a platform that is not well."""
        ...

    def admit(self, call: Call) -> tuple[Told | None, Mapping[str, str]]:
        """Count the request: a refusal if it is one too many, and the headers that every answer carries."""
        ...

    def secrets(self) -> Iterable[str]:
        """What the log must not show."""
        ...


class Twin:
    """A platform at work. ``wait`` is how a slow answer passes the time (seconds)."""

    def __init__(
        self,
        player: Player,
        clock: Callable[[], float],
        wait: Callable[[float], None],
        faults: Faults,
    ) -> None:
        self.faults = faults
        self.violations: list[Violation] = []
        self.log: deque[Entry] = deque(maxlen=LOG_LENGTH)
        self.statuses: dict[int, int] = {}
        self.watchers: list[Callable[[Call, Told], None]] = []
        self._player, self._clock, self._wait = player, clock, wait
        self._routes = [(route, _pattern(route.path)) for route in player.routes]
        self._lock = threading.Lock()
        self._count = 0

    def ask(self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Told:
        """Answer one request; raises :class:`Lost` where a fault closes the connection."""
        lowered = {name.lower(): value for name, value in headers.items()}
        asked = Asked(self._clock(), method, path, query, lowered, body)
        try:
            return self._asked(asked)
        except Lost:
            raise
        except Exception as error:  # noqa: BLE001  # a twin that stumbles must say so, and not look like a lost answer
            self.breach(Violation("twin", "", f"{method} {path} made the twin stumble: {error!r}"))
            self._note(asked, "", Told(500), (), ("twin",))
            return Told(500)

    def _asked(self, asked: Asked) -> Told:
        call = self._route(asked)
        if isinstance(call, Told):
            self.breach(
                Violation("route", "", f"{asked.method} {self._masked(asked.path)} is no route of this platform")
            )
            self._note(asked, "", call, (), ("route",))
            return call
        found = self.check(call)
        rules = tuple(dict.fromkeys(rule.name for rule, _ in found))
        struck = self.faults.strike(call.route.name)
        troubles = tuple(fault.trouble.value for fault in struck)
        by = {fault.trouble: fault for fault in reversed(struck)}
        if Trouble.LOSE_REQUEST in by:
            self._note(asked, call.route.name, None, troubles, rules)
            raise Lost
        told = self._answer(call, by, [each for each in found if each[0].refuses])
        with self._lock:
            self.statuses[told.status] = self.statuses.get(told.status, 0) + 1
        if Trouble.SLOW in by:
            self._wait(by[Trouble.SLOW].seconds)
        lost = Trouble.LOSE_ANSWER in by
        self._note(asked, call.route.name, None if lost else told, troubles, rules)
        for watcher in self.watchers:
            watcher(call, told)
        if lost:
            raise Lost
        return told

    def check(self, call: Call) -> list[tuple[Rule, Breach]]:
        """Hold a call against the rules and record what it breaks."""
        found = list(self._broken(call))
        for rule, breach in found:
            self.breach(Violation(rule.name, call.route.name, breach.detail, breach.at))
        return found

    def breach(self, violation: Violation) -> None:
        """Record that a rule was broken."""
        with self._lock:
            self.violations.append(violation)
            del self.violations[:-MOST_VIOLATIONS]

    def note(self, entry: Entry) -> None:
        """Write a line into the log; its number and its masking are made here."""
        with self._lock:
            self._count += 1
            line, sent, got = self._masked(entry.line), self._masked(entry.sent), self._masked(entry.got)
            self.log.append(replace(entry, number=self._count, line=line, sent=sent, got=got))

    def _answer(self, call: Call, by: Mapping[Trouble, Fault], refused: Sequence[tuple[Rule, Breach]]) -> Told:
        if Trouble.RATE_LIMIT in by:
            return self._player.limited(call, by[Trouble.RATE_LIMIT])
        if Trouble.SERVER_ERROR in by:
            return self._player.failing(by[Trouble.SERVER_ERROR].status)
        over, headers = self._player.admit(call)
        told = over or (self._player.refuse(call, refused) if refused else call.route.play(call))
        return Told(told.status, told.body, {**headers, **told.headers})

    def _route(self, asked: Asked) -> Call | Told:
        known = False
        for route, pattern in self._routes:
            found = pattern.fullmatch(asked.path)
            if found is None:
                continue
            if route.method == asked.method:
                return Call(asked, route, found.groupdict(), self._player.read(asked))
            known = True
        return self._player.unknown(asked, known)

    def _broken(self, call: Call) -> Iterable[tuple[Rule, Breach]]:
        for rule in self._player.rules:
            if not rule.routes or call.route.name in rule.routes:
                for breach in rule.broken(call):
                    yield rule, breach

    def _note(
        self, asked: Asked, name: str, told: Told | None, troubles: tuple[str, ...], rules: tuple[str, ...]
    ) -> None:
        query = "&".join(f"{key}={value}" for key, value in asked.query.items())
        line = f"{asked.method} {asked.path}" + (f"?{query}" if query else "")
        sent = shown(asked.headers.get("content-type", ""), asked.body)
        got = shown(told.headers.get("Content-Type", ""), told.body) if told else ""
        status = told.status if told else None
        self.note(Entry(0, asked.at, "in", name, line, status, sent, got, troubles, rules))

    def _masked(self, text: str) -> str:
        for secret in self._player.secrets():
            text = text.replace(secret, _MASK)
        return text


def _pattern(path: str) -> re.Pattern[str]:
    pieces = re.split(r"(\{\w+\})", path)
    return re.compile("".join(f"(?P<{p[1:-1]}>[^/]+)" if p.startswith("{") else re.escape(p) for p in pieces))


def shown(content_type: str, body: bytes) -> str:
    """A body as a person may read it in the log: words, without the bytes of files."""
    if content_type.startswith("multipart/"):
        start = body.find(b'name="payload_json"')
        words = body[start : start + LOG_BODY].decode("utf-8", "replace") if start >= 0 else ""
        words = words.partition("\r\n\r\n")[2].partition("\r\n--")[0]
        return f"(form of {len(body)} bytes) {words}"
    if content_type and not content_type.startswith(("application/json", "text/")):
        return f"({len(body)} bytes of {content_type})"
    return body[:LOG_BODY].decode("utf-8", "replace")
