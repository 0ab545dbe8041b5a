"""The nouns of Reelgate: one word per thing, one thing per word.

All are frozen and slotted, hold no behaviour beyond what follows from their own fields, and import
nothing but the standard library, so that an app with only ``requests`` installed can use them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """What a job is asked to make or do."""

    REEL = "reel"
    STICKER = "sticker"
    VERIFY = "verify"


class Stage(StrEnum):
    """A job's public state, as the API, the SDK and the chat see it."""

    QUEUED = "queued"
    SCREENING = "screening"
    RENDERING = "rendering"
    CHECKING = "checking"
    MARKING = "marking"
    PUBLISHING = "publishing"
    DELIVERING = "delivering"
    DONE = "done"
    REVIEW = "review"
    HELD = "held"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def ended(self) -> bool:
        """True when the job will never change again (a hold or a review still can)."""
        return self in _ENDED


_ENDED = frozenset({Stage.DONE, Stage.REFUSED, Stage.FAILED, Stage.CANCELLED, Stage.EXPIRED})


class Decision(StrEnum):
    """What a screen says; ordered from mild to strict by :func:`stricter`."""

    ALLOW = "allow"
    REVIEW = "review"
    BLOCK = "block"


_STRICTNESS = {Decision.ALLOW: 0, Decision.REVIEW: 1, Decision.BLOCK: 2}


def stricter(one: Decision, other: Decision) -> Decision:
    """The stricter of two decisions: asked twice, the worse answer wins."""
    return max(one, other, key=_STRICTNESS.__getitem__)


class Once(StrEnum):
    """How an outside service behaves when we must ask again after a lost answer.

    ``KEY``: repeating with the same key is safe. ``LOOKUP``: it cannot be repeated, but it can be asked
    what it has. ``NONE``: neither; after a lost answer only a person can decide.
    """

    KEY = "key"
    LOOKUP = "look-up"
    NONE = "none"


class SourceType(StrEnum):
    """How the pictures came to be, in the IPTC digital source type vocabulary."""

    ALGORITHMIC = "algorithmicMedia"
    TRAINED = "trainedAlgorithmicMedia"

    @property
    def uri(self) -> str:
        """The vocabulary's own URI, as a C2PA manifest wants it."""
        return f"http://cv.iptc.org/newscodes/digitalsourcetype/{self.value}"


class MarkFormat(StrEnum):
    """Which of the two messages an invisible mark carries (chosen when the rendition is planned)."""

    FULL = "full"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Prompt:
    """The words a member typed, and what they asked of the picture.

    ``seconds`` is the wanted length (1 to 16), ``aspect`` width and height as small whole numbers, ``seed``
    fixes the draw (same seed, same frames); ``None`` lets the service choose one.
    """

    text: str
    seconds: float = 8.0
    aspect: tuple[int, int] = (9, 16)
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where an answer goes: a platform, the app registered there, and that platform's own place in it.

    ``private`` says that the asker alone was shown that something is on its way (``Working(private=True)``): nothing
    of it may ever be said where others read.
    """

    platform: str
    app: str
    place: Mapping[str, str] = field(default_factory=dict)
    private: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """What a generator is asked to film: the prompt with every choice made.

    ``variation`` 0 is the film that ``seed`` gives; other numbers film the same idea differently.
    """

    kind: Kind
    text: str
    seconds: float
    width: int
    height: int
    fps: int
    seed: int
    variation: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of a verdict.

    ``score`` is 0 to 1, comparable across inputs. ``span`` gives character offsets into the text as sent,
    ``at`` seconds into the clip; one of them at most. ``evidence`` says what fired, never the member's words.
    """

    category: str
    severity: int
    score: float
    span: tuple[int, int] | None = None
    at: tuple[float, float] | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a screen or a person decided, and why; ``policy`` names the policy and its version."""

    decision: Decision
    score: float
    reasons: tuple[Reason, ...] = ()
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Detection:
    """What a mark reader found.

    ``payload`` is 16 hex digits when the whole message was read and checked, else ``None``: never a guess.
    ``candidates`` are ids a short or weak read could mean. ``presence`` is the detector's statistic and
    ``p_value`` the chance of seeing it on media that carries no mark.
    """

    payload: str | None
    candidates: tuple[str, ...] = ()
    presence: float = 0.0
    p_value: float = 1.0
    format: MarkFormat | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What Reelgate says of one file as it leaves; the manifest and the ledger leaf are made from it.

    ``mark_id`` is the 64-bit id in 16 lower-case hex digits. ``generator`` and ``generator_version`` name
    the software that filmed it. ``created`` is UTC, ISO 8601 with a trailing ``Z``.
    """

    mark_id: str
    mark_format: MarkFormat
    source_type: SourceType
    generator: str
    generator_version: str
    label: str
    created: str
    title: str = "Reel"
    training_data: str = ""
