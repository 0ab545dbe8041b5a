"""Follows a job until it is settled: by its event stream where there is one, by asking where there is none.

There is one loop here, and ``events()`` and ``wait()`` both read from it. Between two streams the job is
asked for once, so that nothing that a proxy swallowed can be missed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from reelgate.client import model
from reelgate.client.caller import segment
from reelgate.client.events import EventParser
from reelgate.client.problems import retry_after
from reelgate.client.reading import number, object_of, text
from reelgate.errors import Held, JobFailed, Refused, ServiceError, StillRunning, Unavailable
from reelgate.words import Stage

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from reelgate.client.caller import Caller
    from reelgate.client.events import Event
    from reelgate.client.model import Job, Update
    from reelgate.client.transport import Reply

STREAM_SILENCE = 30.0
"""Seconds without a byte after which a stream is given up; the service closes its own after 20."""

REJOIN = 0.5
"""Seconds before a closed stream is joined again, unless the service asks for another time."""

POLL = 2.0
"""Seconds between two questions where the service does not say."""

MIN_PAUSE = 0.1
"""Seconds between two rounds at least, whatever the service says: nobody is asked in a tight loop."""

STREAM_REST = 10.0
"""Seconds without trying for a stream after one was refused, unless the service asks for another time."""

SILENT_ROUNDS = 4
"""Rounds in a row without any answer, each with all its retries, after which following gives up."""


class Follower:
    """One job being followed. ``timeout`` is in seconds; ``None`` follows for as long as it takes."""

    def __init__(self, caller: Caller, id: str, timeout: float | None = None, last_event_id: str = "") -> None:
        self._caller = caller
        self._world = caller.world
        self._id = id
        self._path = f"/v1/jobs/{segment(id)}"
        self._deadline = None if timeout is None else self._world.monotonic() + timeout
        self._last_event_id = last_event_id
        self._rejoin = REJOIN
        self._stream_from = float("-inf")

    def updates(self) -> Iterator[Update]:
        """News until the job is settled; the last one brings the whole job.

        Raises ``StillRunning`` when time is up, ``NotFound``, ``NotAllowed``, or ``Unavailable`` when the
        service stays silent.
        """
        silent = 0
        while True:
            pause: float | None = None
            if self._world.monotonic() >= self._stream_from:
                pause = yield from self._stream()
            try:
                job, wish = ask(self._caller, self._path)
            except Unavailable:
                silent += 1
                if silent >= SILENT_ROUNDS:
                    raise
                self._sleep(self._caller.pause(silent))
                continue
            silent = 0
            yield model.Update(job.stage, job.done, job.total, job)
            if job.settled:
                return
            self._sleep(wish if pause is None else pause)

    def _stream(self) -> Generator[Update, None, float | None]:
        """News from one stream; returns the pause before the next one.

        ``None`` leaves the pause to the answer to the question that comes first.
        """
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
        if self._last_event_id:
            headers["Last-Event-ID"] = self._last_event_id
        silence = max(0.1, min(STREAM_SILENCE, self._left()))
        call = self._caller.call("GET", f"{self._path}/events", headers=headers, read_timeout=silence)
        useful = False
        try:
            with self._caller.open(call) as reply:
                if reply.status != 200 or not _is_stream(reply.headers):
                    self._rest(reply)
                    return None
                parser = EventParser(self._last_event_id)
                for piece in reply.pieces(None):
                    useful = True
                    events = parser.feed(piece)
                    self._last_event_id = parser.last_id
                    for event in events:
                        update = read(event)
                        if update is None:
                            continue
                        if _settles(update):
                            return None  # the job itself is asked for next, and has the last word
                        yield update
                    self._rejoin = REJOIN if parser.retry is None else parser.retry
                    self._check_time()
        except Unavailable:
            pass  # it broke off: what it said still counts, and the next one goes on from there
        except ServiceError:
            self._stream_from = self._world.monotonic() + STREAM_REST
        return self._rejoin * (0.5 + self._world.chance()) if useful else None

    def _rest(self, reply: Reply) -> None:
        """Asks only, for a while (the service has no room for streams) or for good (it has none)."""
        full = reply.status == 429 or reply.status >= 500
        wish = retry_after(reply.headers, self._world.now())
        rest = (STREAM_REST if wish is None else wish) if full and reply.status != 501 else float("inf")
        self._stream_from = self._world.monotonic() + rest

    def _left(self) -> float:
        return float("inf") if self._deadline is None else self._deadline - self._world.monotonic()

    def _check_time(self) -> None:
        if self._left() <= 0:
            raise StillRunning(f"job {self._id} is still running; waiting for it again is safe")

    def _sleep(self, seconds: float) -> None:
        self._check_time()
        self._world.sleep(max(0.0, min(max(seconds, MIN_PAUSE), self._left())))


def ask(caller: Caller, path: str) -> tuple[Job, float]:
    """The job at ``path``, and the seconds to wait before asking again."""
    answer = caller.ask("GET", path)
    wish = retry_after(answer.headers, caller.world.now())
    return model.job(answer.body), POLL if wish is None else wish


def outcome(job: Job) -> Job:
    """``job`` if it is done; otherwise raises what it ended as: ``Refused``, ``Held`` or ``JobFailed``."""
    if job.stage == Stage.DONE:
        return job
    says = job.error.says or None if job.error else None
    reason = job.error.code if job.error else ""
    because = f": {reason}" if reason not in ("", job.stage) else ""
    if job.stage == Stage.REFUSED:
        raise Refused(f"job {job.id} was refused{because}", says=says)
    if job.stage in model.WITH_A_PERSON:
        where = f" (review {job.review_id})" if job.review_id else ""
        raise Held(f"job {job.id} waits for a person{where}", says=says)
    raise JobFailed(f"job {job.id} ended as {job.stage}{because}", stage=job.stage, reason=reason, says=says)


def read(event: Event) -> Update | None:
    """What an event tells, or ``None`` for a kind that we do not know or cannot read."""
    try:
        told = object_of(json.loads(event.data))
        match event.type:
            case "state":
                return model.Update(text(told, "stage"))
            case "progress":
                return model.Update(text(told, "stage"), int(number(told, "done")), int(number(told, "total")))
            case "result":
                job = model.job(told)
                return model.Update(job.stage, job.done, job.total, job)
    except (ValueError, ServiceError):
        return None
    return None


def _settles(update: Update) -> bool:
    return update.stage in model.ENDED or update.stage in model.WITH_A_PERSON


def _is_stream(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() == "text/event-stream"
