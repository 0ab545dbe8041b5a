"""Asking an outside service for something that must happen once: pay a generator, post a message.

The intent is already written when we come here. What is done with one that may have gone out before follows
from the other side's kind (see :class:`reelgate.words.Once`): repeat with the same key, look up and adopt
or send once more, or leave it to a person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from reelgate.errors import (
    AnswerLost,
    Busy,
    GeneratorBusy,
    GeneratorFault,
    PlatformBusy,
    PlatformFault,
    ReelgateError,
)
from reelgate.words import Once
from reelgate_service.db import effects
from reelgate_service.db.jobs import Parked
from reelgate_service.points import outside

if TYPE_CHECKING:
    from collections.abc import Callable

    from reelgate_service.db.effects import Effect
    from reelgate_service.db.jobs import Job
    from reelgate_service.studio import Studio

Reply = TypeVar("Reply")

MAX_TRIES = 14
"""How often a side that answers "not now" is asked again, slower and slower: about half an hour."""

MAX_RESENDS = 2
"""A side that can be looked up is sent to once more, or twice where we died and the first may not have gone out."""

_SAID_NO = (GeneratorBusy, GeneratorFault, PlatformBusy, PlatformFault, Busy)


@dataclass(frozen=True, slots=True)
class Call(Generic[Reply]):
    """How to reach the other side. ``send`` and ``look`` take the effect's key; ``named`` makes a reply of an id.

    ``timeout`` is the hard limit of one call in seconds. ``repeatable(since, now)``, in Unix seconds, says for how
    long a side of kind *key* remembers: after that it is asked what it has, like one of kind *look-up*.
    """

    purpose: str
    once: Once
    timeout: float
    send: Callable[[str], Reply]
    look: Callable[[str], Reply | None]
    named: Callable[[str], Reply]
    repeatable: Callable[[float, float], bool] = field(default=lambda since, now: True)


@dataclass(frozen=True, slots=True)
class Asked(Generic[Reply]):
    """The other side's reply and the effect that it settles."""

    effect: Effect
    reply: Reply


def ask(job: Job, studio: Studio, call: Call[Reply]) -> Asked[Reply] | Effect:
    """Have it happen once. Returns the reply, or the effect itself when only a person can say what became of it.

    Raises :class:`Parked` while it has to wait, and the other side's own refusal when it said no for good.
    """
    effect = effects.find(studio.db, job, call.purpose)
    if effect is None:
        raise LookupError(f"No intent to {call.purpose} was written for job {job.id}.")
    if effect.state == "adopted":
        return Asked(effect, call.named(effect.external_id))
    if effect.state == "idle":
        return _send(job, studio, call, effects.again(studio.db, job, effect, resend=False, fresh=True))
    if effect.fence == job.fence:
        return _send(job, studio, call, effect)  # written by this very run: nothing is out yet
    return _after_a_lost_answer(job, studio, call, effect)


def _after_a_lost_answer(job: Job, studio: Studio, call: Call[Reply], effect: Effect) -> Asked[Reply] | Effect:
    if call.once is Once.NONE:
        return effect
    now = studio.db.time()
    if call.once is Once.KEY and call.repeatable(effect.first_at / 1000, now / 1000):
        return _send(job, studio, call, effects.again(studio.db, job, effect, resend=False, fresh=False))
    settled_at = effect.called_at + int(_settle_s(studio, call) * 1000)
    if now < settled_at:
        raise Parked(settled_at)  # the lost call may still be under way over there
    try:
        found = outside(f"{call.purpose}.look", lambda: call.look(effect.key))
    except ReelgateError as error:
        # No news of a call that may be out: it must not end the job, as a refusal of the call itself would.
        if not error.retryable and not isinstance(error, AnswerLost):
            return effect
        raise Parked.after(now, error.retry_after or (now - settled_at) / 2000 + 1) from None
    if found is not None:
        return Asked(effect, found)
    if effect.resends >= MAX_RESENDS:
        return effect
    return _send(job, studio, call, effects.again(studio.db, job, effect, resend=True, fresh=True))


def _send(job: Job, studio: Studio, call: Call[Reply], effect: Effect) -> Asked[Reply] | Effect:
    try:
        return Asked(effect, outside(call.purpose, lambda: call.send(effect.key)))
    except AnswerLost:
        if call.once is Once.NONE:
            return effect
        if effect.resends:
            effects.lost(studio.db, job, effect, MAX_RESENDS)  # this one did go out: no more after it
        wait = _settle_s(studio, call) if call.once is Once.LOOKUP else _backoff_s(effect)
        raise Parked.after(studio.db.time(), wait) from None
    except _SAID_NO as error:
        if error.charged_cents:
            raise  # one charge an attempt: asking again could cost it once more
        if not effect.in_doubt:
            effects.rest(studio.db, job, effect)
        if effect.tries >= MAX_TRIES:
            if effect.in_doubt:
                return effect
            raise
        raise Parked.after(studio.db.time(), max(error.retry_after or 0.0, _backoff_s(effect))) from None


def _settle_s(studio: Studio, call: Call[Reply]) -> float:
    """How long a lost call may still be under way: sent at the end of a lease, answered at its own limit."""
    return max(studio.settings.settle_s, studio.settings.lease_s + call.timeout)


def _backoff_s(effect: Effect) -> float:
    return min(2.0 ** min(effect.tries, 9), 300.0)
