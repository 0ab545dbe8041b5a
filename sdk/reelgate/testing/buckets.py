"""Counts requests in windows, as platforms do that answer 429."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


_REMEMBERED = 2000
"""So many windows are kept; from there on those that closed are forgotten."""


@dataclass(frozen=True, slots=True)
class Window:
    """Where a caller stands: ``left`` further requests until ``reset`` (Unix seconds); ``over``: one too many."""

    limit: int
    left: int
    reset: float
    over: bool = False


class Buckets:
    """Windows by name, each opened by its first request."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._open: dict[str, tuple[float, int]] = {}
        self._room = _REMEMBERED
        self._lock = threading.Lock()

    def take(self, name: str, limit: int, seconds: float) -> Window:
        """Count one request against ``limit`` in ``seconds``; one that is over is not counted."""
        with self._lock:
            now = self._clock()
            reset, used = self._open.get(name, (0.0, 0))
            if now >= reset:
                reset, used = now + seconds, 0
                if len(self._open) >= self._room:
                    self._open = {each: window for each, window in self._open.items() if now < window[0]}
                    self._room = max(_REMEMBERED, 2 * len(self._open))
            over = used >= limit
            used += not over
            self._open[name] = (reset, used)
            return Window(limit, limit - used, reset, over)
