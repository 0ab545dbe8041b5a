"""Tells whoever waits in a chat how their job gets on: best effort, never often, and never after the reel is there.

What is said goes out from a thread of its own, so that a slow platform does not slow the filming. Before a job is
delivered or declined the thread is waited for: nothing that was said before can arrive after what matters.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from reelgate.errors import ReelgateError
from reelgate_service.chat.buttons import while_working
from reelgate_service.chat.phrases import Phrase, say
from reelgate_service.observe import log
from reelgate_service.points import outside
from reelgate_service.steps.asker import asker

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from reelgate.contract import Platform
    from reelgate.words import Address
    from reelgate_service.db.jobs import Job
    from reelgate_service.studio import Studio

EVERY_S = 4.0
"""How long the chat is left alone between two sentences."""

LATE_S = 90.0
"""How long before the platform stops taking our edits we say that the rest will come as a new message."""

_REMEMBERED = 1000

PHRASES = {
    "admitted": Phrase.SCREENING,
    "cleared": Phrase.SCREENING,
    "submitting": Phrase.FILMING,
    "submitted": Phrase.FILMING,
    "rendered": Phrase.CHECKING,
    "passed": Phrase.MARKING,
    "marked": Phrase.PUBLISHING,
    "review": Phrase.REVIEW,
    "held": Phrase.HELD,
}

_said: dict[str, str] = {}
"""What each job's chat was told last by this process: a job that is polled often does not repeat itself."""


class Teller:
    """A context in which a job's chat hears of it; for a job that nobody waits for it only passes progress on."""

    def __init__(self, studio: Studio, job: Job, tell: Callable[[int, int], None]) -> None:
        self._studio = studio
        self._job = job
        self._tell = tell
        self._wanted = ""
        self._changed = threading.Condition()
        self._closed = not job.tell
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Teller:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def tell(self, done: int, total: int) -> None:
        """Pass progress on, and say it in the chat now and then."""
        self._tell(done, total)
        if total:
            self._want(say(Phrase.FILMING_PERCENT, self._job.language, percent=min(99, 100 * done // total)))

    def stage(self, job: Job) -> None:
        """The job has come to this state. Once it is on its way out, the chat hears of it from there."""
        self._job = job
        if job.state in {"sealed", "delivering", "declining"} or job.state not in PHRASES:
            self._close()
        else:
            self._want(say(PHRASES[job.state], job.language))

    def _want(self, sentence: str) -> None:
        if self._closed:
            return
        with self._changed:
            self._wanted = sentence
            self._changed.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="teller", daemon=True)
            self._thread.start()

    def _close(self) -> None:
        """Say what is still to be said about a wait for a person, then nothing more."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        try:
            platform = self._studio.platforms(self._job.platform, self._job.app)
            address = asker(self._job, self._studio).address
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._closed or bool(self._wanted))
                    sentence, self._wanted = self._wanted, ""
                    closed = self._closed
                if sentence and (not closed or self._job.state in {"review", "held"}):
                    self._say(platform, address, self._late(platform) or sentence)
                if closed:
                    return
                with self._changed:
                    self._changed.wait_for(lambda: self._closed, timeout=EVERY_S)
        except Exception as error:  # noqa: BLE001  what is said on the way is a courtesy; the reel is the promise
            log("teller_failed", job=self._job.id, kind=type(error).__name__)

    def _say(self, platform: Platform, address: Address, sentence: str) -> None:
        if _said.get(self._job.id) == sentence:
            return
        while len(_said) >= _REMEMBERED:
            _said.pop(next(iter(_said)))
        _said[self._job.id] = sentence
        buttons = while_working(self._studio.vault, self._job)
        try:
            outside("progress", lambda: platform.progress(address, sentence, buttons))
        except ReelgateError as error:
            log("progress_not_told", job=self._job.id, code=error.code)

    def _late(self, platform: Platform) -> str:
        """The one sentence that is said when the platform is about to stop taking edits, else nothing."""
        patience = platform.facts.patience
        if not patience:
            return ""
        age = (self._studio.db.time() - self._job.created_at) / 1000
        return say(Phrase.LATE, self._job.language) if age > patience - LATE_S else ""
