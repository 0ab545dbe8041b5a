"""Reads server-sent events out of bytes, in pieces of any size.

The rules are those of the WHATWG HTML standard, "Server-sent events", sections 9.2.5 and 9.2.6: lines end
in CR, LF or CRLF, data lines add up, an empty line dispatches, an event without data is dropped but its id
stays, and what is unfinished when the stream ends is thrown away.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from reelgate.errors import ServiceError

MAX_EVENT = 1 << 20
"""Characters that one event may hold; a stream that goes on without an empty line is cut off there."""


@dataclass(frozen=True, slots=True)
class Event:
    """One dispatched event. ``id`` is the stream's last event id at that moment, not only this event's own."""

    type: str
    data: str
    id: str = ""


class EventParser:
    """Bytes in, events out.

    ``last_id`` is what a reconnect sends as ``Last-Event-ID``; ``retry`` the reconnection time in seconds
    that the server asked for, or ``None``.
    """

    def __init__(self, last_id: str = "") -> None:
        self.last_id = last_id
        self.retry: float | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
        self._line: list[str] = []
        self._line_size = 0
        self._size = 0
        self._after_cr = False
        self._id = last_id
        self._type = ""
        self._data: list[str] = []

    def feed(self, piece: bytes) -> list[Event]:
        """The events that ``piece`` completes; raises ``ServiceError`` for one that grows without end."""
        events: list[Event] = []
        for line in self._lines(self._decoder.decode(piece)):
            event = self._take(line)
            if event is not None:
                events.append(event)
        return events

    def _lines(self, text: str) -> list[str]:
        """The lines that ``text`` ends, without their line ends. A CR ends one at once; an LF after it is skipped."""
        if self._after_cr and text:
            text = text.removeprefix("\n")
            self._after_cr = False
        self._after_cr = self._after_cr or text.endswith("\r")
        *whole, rest = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if whole:
            whole[0] = "".join([*self._line, whole[0]])
            self._line, self._line_size = [], 0
        if rest:
            self._line.append(rest)
            self._line_size += len(rest)
        self._check(self._size + self._line_size)
        return whole

    @staticmethod
    def _check(size: int) -> None:
        if size > MAX_EVENT:
            raise ServiceError("an event in the stream is larger than one mebibyte")

    def _take(self, line: str) -> Event | None:
        if not line:
            return self._dispatch()
        self._size += len(line)
        self._check(self._size)
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match field:
            case "data":
                self._data.append(value)
            case "event":
                self._type = value
            case "id" if "\0" not in value:
                self._id = value
            case "retry" if value.isascii() and value.isdigit():
                self.retry = int(value) / 1000
            case _:
                pass  # a comment (empty field name) or a field we do not know
        return None

    def _dispatch(self) -> Event | None:
        self.last_id = self._id
        kind, data = self._type or "message", self._data
        self._type, self._data, self._size = "", [], 0
        # One empty data line is data (the standard's buffer then holds a line feed); no data line at all is not.
        return Event(kind, "\n".join(data), self.last_id) if data else None
