"""Everything this app does with Reelgate: ask, look, fetch, and hear how it ended. Only the public SDK is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reelgate import ReelgateError, webhooks
from reelgate.errors import NotFound, TooLate
from reelgate.words import Stage

if TYPE_CHECKING:
    import sqlite3

    from store import Store

    from reelgate import Client
    from reelgate.client import Job
    from reelgate.webhooks import Headers

ENDINGS = {"video/mp4": "mp4", "image/webp": "webp"}
OVER = frozenset({"done", "refused", "failed"})
WORDS = {
    "asking": "Waiting for Reelgate to answer …",
    Stage.QUEUED: "In the queue …",
    Stage.SCREENING: "Reading the words …",
    Stage.RENDERING: "Drawing it …",
    Stage.CHECKING: "Looking at what came out …",
    Stage.MARKING: "Adding the label and the mark …",
    Stage.PUBLISHING: "Signing it …",
    Stage.DELIVERING: "Almost there …",
    Stage.REVIEW: "A person looks at this one first. It appears here once they have said yes.",
    Stage.HELD: "A person has to look into this one. It appears here once they have.",
}
"""What is said under a photo while something is being made."""


class Making:
    """Has reels and stickers made by ``client`` and keeps them in ``store``."""

    def __init__(self, client: Client, store: Store) -> None:
        self._client, self._store = client, store

    def register(self, url: str) -> str:
        """Have Reelgate tell ``url`` when a job ends; the secret that its webhooks are signed with.

        Asked at every start: the key is the same, so the endpoint and its secret are too.
        """
        return self._client.webhooks.create(url, idempotency_key=f"photo-app {url}").secret

    def order(self, extra: sqlite3.Row) -> None:
        """Ask for it. The key is our own id: asked twice, after a crash or a double click, it is made once."""
        words, key = extra["words"], extra["id"]
        try:
            if extra["kind"] == "sticker":
                job = self._client.stickers.create(words, idempotency_key=key)
            else:
                job = self._client.reels.create(words, seconds=6, aspect="1:1", idempotency_key=key)
        except ReelgateError as error:
            # Where trying again can help it stays as it is, and the next look asks again with the same key.
            stage = "asking" if error.retryable else "refused" if error.code == "refused" else "failed"
            self._store.change(extra["id"], stage=stage, says=error.says)
            return
        self._store.change(extra["id"], job=job.id, stage=job.stage, says="")
        self.take(extra["id"], job)

    def look(self, extra: sqlite3.Row, every: float = 0.9) -> None:
        """See how far it is, at most once in ``every`` seconds; raises nothing: the next look may go better."""
        if extra["stage"] in OVER or not self._store.may_look(extra["id"], every):
            return
        if not extra["job"]:
            self.order(extra)
            return
        try:
            self.take(extra["id"], self._client.jobs.get(extra["job"]))
        except NotFound:
            self._store.change(extra["id"], stage="failed", says="Reelgate does not know this one any more.")
        except ReelgateError as error:
            self._store.change(extra["id"], says=error.says)

    def take(self, id: str, job: Job) -> None:
        """Write down what a job says; when it is done, fetch its file first. Safe to repeat, in any order."""
        if self._store.one(id)["stage"] in OVER:
            return
        if job.stage == Stage.DONE and job.result is not None:
            name = f"{id}.{ENDINGS.get(job.result.media_type, 'bin')}"
            self._client.download(job, self._store.media / name)
            self._store.change(id, stage="done", says="", progress=1.0, file=name, label=job.result.label)
        elif job.ended:
            says = job.error.says if job.error else "This one could not be finished."
            self._store.change(id, stage="refused" if job.stage == Stage.REFUSED else "failed", says=says)
        else:
            self._store.change(id, stage=job.stage, progress=job.progress, says=job.waits.says if job.waits else "")

    def stop(self, extra: sqlite3.Row) -> None:
        """Ask that it be stopped. One that is nearly finished is finished."""
        try:
            if extra["job"]:
                self.take(extra["id"], self._client.jobs.cancel(extra["job"]))
            else:
                self._store.change(extra["id"], stage="failed", says="This one was stopped, as asked.")
        except TooLate:
            self.look(extra, 0)
        except ReelgateError as error:
            self._store.change(extra["id"], says=error.says)

    def hear(self, headers: Headers, body: bytes, secret: str) -> None:
        """Act on a webhook, once. ``body`` is as it came, byte for byte.

        Raises ``Forged`` and ``Stale`` (401), ``BodyInvalid`` (400), and what the download raises (503: it comes
        again).
        """
        message = webhooks.verify(headers, body, secret)
        if self._store.heard(message.id):
            return
        job = self._client.jobs.from_webhook(message)
        extra = self._store.by_job(job.id)
        if extra is not None:  # else it is of another app with the same key, or was removed here
            self.take(extra["id"], job)
        self._store.hear(message.id)
