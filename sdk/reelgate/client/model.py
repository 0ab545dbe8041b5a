"""What the service answers with, as nouns. Fields we do not know are kept in ``raw`` and otherwise ignored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reelgate.client.reading import inner, number, object_of, required, text, words
from reelgate.words import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

ENDED = frozenset(stage for stage in Stage if stage.ended)
WITH_A_PERSON = frozenset({Stage.REVIEW, Stage.HELD})

_WAY: Mapping[str, tuple[float, float]] = {
    Stage.QUEUED: (0.0, 0.02),
    Stage.SCREENING: (0.02, 0.05),
    Stage.RENDERING: (0.05, 0.7),
    Stage.CHECKING: (0.7, 0.72),
    Stage.MARKING: (0.72, 0.88),
    Stage.PUBLISHING: (0.88, 0.97),
    Stage.DELIVERING: (0.97, 1.0),
}
"""Where each stage begins and ends on the way of an ordinary reel, measured in time."""


@dataclass(frozen=True, slots=True)
class Result:
    """The finished file. ``sha256`` is of its bytes, ``size`` counts them, ``label`` is what the eye sees on it."""

    url: str = field(repr=False)
    media_type: str
    size: int
    sha256: str
    width: int
    height: int
    seconds: float
    mark_id: str
    label: str
    caption: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a job ended without a file, or waits: a stable code, and a kind sentence that can be shown to anyone."""

    code: str
    says: str


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. ``stage`` is a :class:`reelgate.words.Stage`, or the name of one newer than this client.

    ``done`` of ``total`` counts steps within the stage. ``understood``, ``approximated`` and ``ignored`` say
    what became of the prompt's words. ``error`` says why it ended without a file, ``waits`` why it does not get on
    just now (the disk is full, say): it goes on by itself. ``raw`` is the JSON as it came.
    """

    id: str
    kind: str
    stage: str
    created_at: str = ""
    updated_at: str = ""
    done: int = 0
    total: int = 0
    understood: tuple[str, ...] = field(default=(), repr=False)
    approximated: tuple[str, ...] = field(default=(), repr=False)
    ignored: tuple[str, ...] = field(default=(), repr=False)
    result: Result | None = None
    error: Trouble | None = None
    waits: Trouble | None = None
    review_id: str = ""
    raw: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)

    @property
    def ended(self) -> bool:
        """True when the job will never change again."""
        return self.stage in ENDED

    @property
    def settled(self) -> bool:
        """True when only a person could still change something, or nobody."""
        return self.stage in ENDED or self.stage in WITH_A_PERSON

    @property
    def progress(self) -> float | None:
        """How far the whole job is, roughly, from 0 to 1: for a progress bar.

        ``None`` where nothing can be said: a person has to decide, or the stage is newer than this client.
        """
        if self.ended:
            return 1.0
        way = _WAY.get(self.stage)
        if way is None:
            return None
        start, end = way
        return start + (end - start) * min(1.0, self.done / self.total) if self.total > 0 else start


@dataclass(frozen=True, slots=True)
class Update:
    """News of a job while one waits: where it is, and the whole job whenever that came along."""

    stage: str
    done: int = 0
    total: int = 0
    job: Job | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """Something that waits for a person; ``raw`` has what the service says of it."""

    id: str
    job_id: str
    raw: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Report:
    """What a file says of itself: its label, marks, manifest and ledger entry, and the verdict on them.

    ``verdict`` is one of ``ours ours_altered mark_only signed_by_others contradiction nothing_found``.
    """

    verdict: str
    raw: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A place of yours that is told when a job ends.

    ``secret`` comes only when it is made, and when that is repeated with the same key. ``disabled`` says that it
    failed for days, or answered 410, and is told nothing more.
    """

    id: str
    url: str
    secret: str = field(default="", repr=False)
    disabled: bool = False


def job(value: object) -> Job:
    """The job in an answer; raises ``ServiceError`` for another shape."""
    source = object_of(value)
    progress = inner(source, "progress") or {}
    made, review = inner(source, "result"), inner(source, "review")
    return Job(
        id=required(source, "id"),
        kind=text(source, "kind"),
        stage=required(source, "stage"),
        created_at=text(source, "created_at"),
        updated_at=text(source, "updated_at"),
        done=int(number(progress, "done")),
        total=int(number(progress, "total")),
        understood=words(source, "understood"),
        approximated=words(source, "approximated"),
        ignored=words(source, "ignored"),
        result=result(made) if made is not None else None,
        error=trouble(source, "error"),
        waits=trouble(source, "waits"),
        review_id=text(review, "id") if review is not None else "",
        raw=source,
    )


def trouble(source: Mapping[str, object], name: str) -> Trouble | None:
    """The trouble under ``name``, if there is any."""
    told = inner(source, name)
    return Trouble(text(told, "code"), text(told, "says")) if told is not None else None


def result(source: Mapping[str, object]) -> Result:
    """The finished file in an answer."""
    return Result(
        url=text(source, "url"),
        media_type=text(source, "media_type"),
        size=int(number(source, "size")),
        sha256=text(source, "sha256"),
        width=int(number(source, "width")),
        height=int(number(source, "height")),
        seconds=float(number(source, "seconds")),
        mark_id=text(source, "mark_id"),
        label=text(source, "label"),
        caption=text(source, "caption"),
    )


def review(value: object) -> Review:
    """The review in an answer."""
    source = object_of(value)
    return Review(required(source, "id"), text(source, "job") or text(source, "job_id"), source)


def report(value: object) -> Report:
    """The report in an answer."""
    source = object_of(value)
    return Report(required(source, "verdict"), source)


def endpoint(value: object) -> Endpoint:
    """The webhook endpoint in an answer."""
    source = object_of(value)
    disabled = source.get("disabled") is True
    return Endpoint(required(source, "id"), text(source, "url"), text(source, "secret"), disabled)
