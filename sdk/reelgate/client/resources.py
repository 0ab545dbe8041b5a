"""What one can ask a service for, resource by resource."""

from __future__ import annotations

import mimetypes
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from reelgate.client import following, model
from reelgate.client.caller import Upload, segment
from reelgate.client.reading import object_of, text
from reelgate.errors import BodyInvalid, NotFound, ServiceError
from reelgate.words import Prompt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from reelgate.client.caller import Caller
    from reelgate.client.model import Endpoint, Job, Report, Review, Update
    from reelgate.webhooks import Message


class Works:
    """``client.reels`` and ``client.stickers``: ask for something to be filmed."""

    def __init__(self, caller: Caller, path: str, *, shaped: bool = True) -> None:
        self._caller = caller
        self._path = path
        self._shaped = shaped

    def create(
        self,
        prompt: Prompt | str | None = None,
        *,
        seconds: float | None = None,
        aspect: tuple[int, int] | str | None = None,
        seed: int | None = None,
        generator: str | None = None,
        surface: str | None = None,
        language: str | None = None,
        parent: Job | str | None = None,
        variation: int | None = None,
        idempotency_key: str | None = None,
    ) -> Job:
        """The accepted job. What is left out, the service chooses; what is given here goes before ``prompt``'s own.

        ``parent`` is a job of yours that this one is made from: without a ``prompt`` its words are used again, and
        with a ``variation`` and no ``seed`` its seed is kept, so that the same idea is filmed differently. A sticker
        is square and lasts 1 to 3 seconds; of a :class:`Prompt` it takes the words and the seed only.
        Asking again with the same ``idempotency_key`` gives the same job. Raises ``Refused`` and the other
        typed errors of :mod:`reelgate.errors`.
        """
        if isinstance(prompt, Prompt):
            if self._shaped:
                seconds = prompt.seconds if seconds is None else seconds
                aspect = prompt.aspect if aspect is None else aspect
            seed = prompt.seed if seed is None else seed
            prompt = prompt.text
        shape = aspect if aspect is None or isinstance(aspect, str) else f"{aspect[0]}:{aspect[1]}"
        wishes = {
            "prompt": prompt,
            "seconds": seconds,
            "aspect": shape,
            "seed": seed,
            "generator": generator,
            "surface": surface,
            "language": language,
            "parent": None if parent is None else id_of(parent),
            "variation": variation,
        }
        body = {name: wish for name, wish in wishes.items() if wish is not None}
        answer = self._caller.ask("POST", self._path, body=body, idempotency_key=idempotency_key)
        return model.job(answer.body)


class Jobs:
    """``client.jobs``: what became of it."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, job: Job | str) -> Job:
        """The job as it is now; raises ``NotFound``."""
        return following.ask(self._caller, f"/v1/jobs/{segment(id_of(job))}")[0]

    def from_webhook(self, message: Message) -> Job:
        """The job that a verified webhook tells of, as it was when it ended; nothing is asked of the service.

        ``message`` is what :func:`reelgate.webhooks.verify` gave. Raises ``BodyInvalid`` when it tells of no job.
        """
        told = message.json()
        try:
            return model.job(told.get("data") if isinstance(told, dict) else None)
        except ServiceError:
            raise BodyInvalid("the webhook tells of no job") from None

    def list(self, *, page_size: int | None = None) -> Iterator[Job]:
        """All jobs, newest first as the service orders them, fetched ``page_size`` at a time while one iterates."""
        return (model.job(item) for item in pages(self._caller, "/v1/jobs", page_size))

    def cancel(self, job: Job | str, *, idempotency_key: str | None = None) -> Job:
        """The job after it was asked to stop; raises ``TooLate`` when it has gone too far."""
        path = f"/v1/jobs/{segment(id_of(job))}/cancel"
        answer = self._caller.ask("POST", path, idempotency_key=idempotency_key)
        return model.job(answer.body)

    def events(self, job: Job | str, *, timeout: float | None = None, last_event_id: str = "") -> Iterator[Update]:
        """News of the job until it is settled; the last one brings the whole job, however it ended."""
        return following.Follower(self._caller, id_of(job), timeout, last_event_id).updates()

    def wait(
        self,
        job: Job | str,
        timeout: float | None = 900.0,
        on_progress: Callable[[Update], None] | None = None,
    ) -> Job:
        """The finished job, however many times the connection was lost meanwhile.

        ``timeout`` is in seconds (``None`` waits without end). Raises ``Refused``, ``Held`` when a person
        has to decide first, ``JobFailed`` when it failed, expired or was cancelled, and ``StillRunning`` when
        time is up: the job then goes on.
        """
        last: Job | None = None
        for update in self.events(job, timeout=timeout):
            if on_progress is not None:
                on_progress(update)
            last = update.job or last
        if last is None:
            raise ServiceError(f"job {id_of(job)} was followed to its end without being seen")
        return following.outcome(last)


class Reviews:
    """``client.reviews``: what waits for a person."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(self, *, page_size: int | None = None) -> Iterator[Review]:
        """All open reviews, fetched ``page_size`` at a time while one iterates."""
        return (model.review(item) for item in pages(self._caller, "/v1/reviews", page_size))

    def approve(self, review: Review | str, *, note: str = "", idempotency_key: str | None = None) -> None:
        """Let the job go on, as the person whose key this is."""
        self.decide(review, "approve", note=note, idempotency_key=idempotency_key)

    def block(self, review: Review | str, *, note: str = "", idempotency_key: str | None = None) -> None:
        """Refuse the job, as the person whose key this is."""
        self.decide(review, "block", note=note, idempotency_key=idempotency_key)

    def decide(
        self,
        review: Review | str,
        decision: str,
        *,
        note: str = "",
        external_id: str = "",
        idempotency_key: str | None = None,
    ) -> None:
        """Settle a review: ``approve``, ``block``, or after a lost answer ``adopt``, ``resend``, ``abandon``."""
        said = {"note": note, "external_id": external_id}
        body = {"decision": decision, **{name: value for name, value in said.items() if value}}
        self._caller.ask("POST", f"/v1/reviews/{segment(id_of(review))}", body=body, idempotency_key=idempotency_key)


class Provenance:
    """``client.provenance``: what the ledger says of a mark."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, mark_id: str) -> Mapping[str, object]:
        """The public record of the file that carries ``mark_id``; raises ``NotFound``."""
        return object_of(self._caller.ask("GET", f"/v1/provenance/{segment(mark_id)}").body)


class Verify:
    """``client.verify``: is this file one of ours?"""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def file(
        self, path: str | Path, *, timeout: float | None = 300.0, idempotency_key: str | None = None
    ) -> Report:
        """The report on the file at ``path``.

        The service looks in a job of its own; when that takes it longer than one request, the job is followed
        for ``timeout`` seconds. Raises ``JobFailed`` when it could not look, ``StillRunning`` when time is up.
        """
        place = Path(path)
        media_type = mimetypes.guess_type(place.name)[0] or "application/octet-stream"
        upload = Upload(lambda: place.open("rb"), media_type)
        answer = self._caller.ask("POST", "/v1/verify", body=upload, idempotency_key=idempotency_key)
        if answer.status != 202:
            return model.report(answer.body)
        done = Jobs(self._caller).wait(model.job(answer.body), timeout)
        return model.report(done.raw.get("result"))


class Webhooks:
    """``client.webhooks``: places of yours that are told when a job ends."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(self, url: str, *, idempotency_key: str | None = None) -> Endpoint:
        """A new endpoint. Keep its ``secret``, which :mod:`reelgate.webhooks` needs: no list shows it.

        With an ``idempotency_key`` of your own (one for each ``url``) a program can ask this at every start: it is
        given the same endpoint and the same secret again.
        """
        answer = self._caller.ask("POST", "/v1/webhooks", body={"url": url}, idempotency_key=idempotency_key)
        return model.endpoint(answer.body)

    def list(self, *, page_size: int | None = None) -> Iterator[Endpoint]:
        """All endpoints, without their secrets."""
        return (model.endpoint(item) for item in pages(self._caller, "/v1/webhooks", page_size))

    def delete(self, endpoint: Endpoint | str) -> None:
        """Forget an endpoint; one that is not there is no error (an earlier attempt may have removed it)."""
        with suppress(NotFound):
            self._caller.ask("DELETE", f"/v1/webhooks/{segment(id_of(endpoint))}")


def pages(caller: Caller, path: str, limit: int | None) -> Iterator[object]:
    """The items of a list, page after page by its opaque cursor."""
    query = {} if limit is None else {"limit": str(limit)}
    seen: set[str] = set()
    while True:
        page = object_of(caller.ask("GET", path, query=query).body)
        items = page.get("items")
        yield from items if isinstance(items, list) else ()
        cursor = text(page, "next")
        if not cursor:
            return
        if cursor in seen:
            raise ServiceError("the service gave the same page twice")
        seen.add(cursor)
        query["cursor"] = cursor


def id_of(thing: Job | Review | Endpoint | str) -> str:
    """The id of a noun, or the id itself."""
    return thing if isinstance(thing, str) else thing.id
