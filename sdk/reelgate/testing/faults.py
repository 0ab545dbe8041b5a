"""What goes wrong between an app and a platform, as data: seeded, so that the same plan fails the same way again.

A plan holds rules; each says what goes wrong, on which routes, how often. Routes of the platform's API are named
``api.…``, what the platform sends to the app ``event.…``; a pattern may hold ``*``.
"""

from __future__ import annotations

import fnmatch
import json
import random
import threading
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from reelgate.errors import BadInput


class Trouble(StrEnum):
    """What can go wrong.

    With a request to the platform: ``LOSE_REQUEST`` closes the connection before anything takes effect,
    ``LOSE_ANSWER`` after it did, ``SERVER_ERROR`` answers ``status`` without effect, ``SLOW`` answers ``seconds``
    late, ``RATE_LIMIT`` answers 429. With an event of the platform's: ``LOSE_REQUEST`` (it never arrives),
    ``LOSE_ANSWER``, ``DUPLICATE`` (the same bytes twice at once), ``REPEAT`` (again, when the twin is told to),
    ``FORGERY`` (a copy with a bad signature first), ``LATE`` (sent ``seconds`` after it was signed).
    """

    LOSE_REQUEST = "lose_request"
    LOSE_ANSWER = "lose_answer"
    SERVER_ERROR = "server_error"
    SLOW = "slow"
    RATE_LIMIT = "rate_limit"
    DUPLICATE = "duplicate"
    REPEAT = "repeat"
    FORGERY = "forgery"
    LATE = "late"


class Spelling(StrEnum):
    """How a 429 says when to come back."""

    INTEGER = "integer"
    FLOAT = "float"
    BODY = "body"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule of a plan.

    The first ``skip`` matches go well; after that each goes wrong with ``chance``, at most ``times`` times
    (0: for ever). ``seconds`` is a delay or the wait of a 429, ``scope`` whose limit it was: user, global or shared.
    """

    trouble: Trouble
    routes: str = "api.*"
    chance: float = 1.0
    skip: int = 0
    times: int = 0
    seconds: float = 1.0
    status: int = 503
    spelling: Spelling = Spelling.INTEGER
    scope: str = "user"


@dataclass(frozen=True, slots=True)
class Plan:
    """Rules and the seed that decides their chances."""

    faults: tuple[Fault, ...] = ()
    seed: int = 0

    def to_json(self) -> str:
        """The plan as one line, to be kept beside a failure."""
        return json.dumps({"seed": self.seed, "faults": [asdict(fault) for fault in self.faults]})

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """The plan that :meth:`to_json` wrote; raises ``BadInput``."""
        try:
            value: dict[str, Any] = json.loads(text)
            faults = tuple(
                Fault(**{**each, "trouble": Trouble(each["trouble"]), "spelling": Spelling(each["spelling"])})
                for each in value["faults"]
            )
            return cls(faults, int(value["seed"]))
        except (ValueError, KeyError, TypeError) as cause:
            raise BadInput(f"that is not a plan of faults ({type(cause).__name__})") from None


MOST_STRUCK = 10_000
"""So many of the faults that happened are kept, the newest."""


@dataclass(frozen=True, slots=True)
class Struck:
    """A fault that happened: where, and the how-many-eth match of its rule it was."""

    route: str
    trouble: Trouble
    match: int


class Faults:
    """A plan at work. Each rule counts its own matches, so other traffic does not change what it does."""

    def __init__(self, plan: Plan | None = None) -> None:
        self.plan = plan or Plan()
        self.struck: list[Struck] = []
        self._matches: dict[int, int] = {}
        self._hits: dict[int, int] = {}
        self._lock = threading.Lock()

    def follow(self, plan: Plan) -> None:
        """Follow another plan from its beginning; what was struck stays listed."""
        with self._lock:
            self.plan = plan
            self._matches.clear()
            self._hits.clear()

    def strike(self, route: str) -> tuple[Fault, ...]:
        """What goes wrong this time on ``route``, in the order of the plan."""
        with self._lock:
            return tuple(fault for index, fault in enumerate(self.plan.faults) if self._strikes(index, fault, route))

    def _strikes(self, index: int, fault: Fault, route: str) -> bool:
        if not fnmatch.fnmatchcase(route, fault.routes):
            return False
        match = self._matches[index] = self._matches.get(index, 0) + 1
        if match <= fault.skip or (fault.times and self._hits.get(index, 0) >= fault.times):
            return False
        if random.Random(f"{self.plan.seed}/{index}/{match}").random() >= fault.chance:  # noqa: S311  # a replay, no secret
            return False
        self._hits[index] = self._hits.get(index, 0) + 1
        self.struck.append(Struck(route, fault.trouble, match))
        del self.struck[:-MOST_STRUCK]
        return True
