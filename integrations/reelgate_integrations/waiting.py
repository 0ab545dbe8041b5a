"""Remembers for how long platforms asked to be left alone, so that nothing is sent before that is over.

A brake counts our own refused requests too: platforms shut out whoever keeps on making them.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from typing import TYPE_CHECKING

from reelgate.errors import PlatformBusy

if TYPE_CHECKING:
    from collections.abc import Callable

UNSAID_S = 10.0
"""How long to wait where nobody said."""

LONGEST_S = 3600.0
_REMEMBERED = 2000


def wait_s(*spellings: object) -> float:
    """The longest of the waits that are spelled out, in seconds: numbers or their text, whole or not.

    What says nothing sensible is passed over; :data:`UNSAID_S` when that is all of it. At most :data:`LONGEST_S`.
    """
    found = [seconds for seconds in map(_seconds, spellings) if seconds is not None]
    return min(max(found), LONGEST_S) if found else UNSAID_S


def _seconds(spelling: object) -> float | None:
    if isinstance(spelling, bool) or not isinstance(spelling, int | float | str):
        return None
    try:
        seconds = float(spelling)
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


class Waiting:
    """What must be waited for, by name, on ``clock`` (seconds). Threads may share it.

    More than ``most`` refusals within ``window`` seconds stop everything until the oldest of them are out of it.
    """

    def __init__(self, clock: Callable[[], float], *, most: int, window: float) -> None:
        self._clock, self._most, self._window = clock, most, window
        self._until: dict[str, float] = {}
        self._refused: deque[float] = deque()
        self._lock = threading.Lock()

    def need(self, *names: str) -> None:
        """Raise ``PlatformBusy``, with the time that is left, where one of ``names`` must still be waited for."""
        with self._lock:
            now = self._clock()
            left = max((self._until.get(name, 0.0) - now for name in names), default=0.0)
            if left > 0:
                raise PlatformBusy("It asked us to wait, and that is not over.", retry_after=left)
            while self._refused and self._refused[0] <= now - self._window:
                self._refused.popleft()
            if len(self._refused) >= self._most:
                left = self._refused[0] + self._window - now
                raise PlatformBusy("Too many of our requests were refused lately.", retry_after=max(left, UNSAID_S))

    def ban(self, name: str, seconds: float) -> None:
        """Leave ``name`` alone for so many seconds from now; a longer wait that is known already stays."""
        with self._lock:
            now = self._clock()
            if len(self._until) >= _REMEMBERED:
                self._until = {each: until for each, until in self._until.items() if until > now}
            self._until[name] = max(self._until.get(name, 0.0), now + min(seconds, LONGEST_S))

    def refused(self) -> None:
        """Count a request of ours that was refused."""
        with self._lock:
            self._refused.append(self._clock())
