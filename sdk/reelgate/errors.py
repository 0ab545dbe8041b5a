"""Every error Reelgate raises, drawn once.

::

    ReelgateError                 code              retryable
    ├── BadInput                  bad_input         no     what was asked cannot be done as asked
    │   ├── PromptEmpty           prompt_empty
    │   ├── PromptTooLong         prompt_too_long
    │   ├── SecondsOutOfRange     seconds_out_of_range
    │   ├── AspectInvalid         aspect_invalid
    │   ├── MediaRejected         media_rejected
    │   └── BodyInvalid           body_invalid
    ├── NotAllowed                not_allowed       no     who asked may not
    │   ├── KeyMissing            key_missing
    │   ├── KeyInvalid            key_invalid
    │   ├── Forged                forged
    │   └── Stale                 stale
    ├── NotFound                  not_found         no
    ├── NotOffered                not_offered       no     this installation or plugin does not do that
    ├── Conflict                  conflict          no     it clashes with what is already there
    │   ├── KeyReused             idempotency_key_reused
    │   └── TooLate               too_late
    ├── Refused                   refused           no     policy says no (a person may appeal)
    ├── Held                      held              no     a person has to decide first
    ├── Busy                      busy              yes    try again after ``retry_after`` seconds
    │   ├── RateLimited           rate_limited
    │   └── OverBudget            over_budget
    ├── OutOfSpace                out_of_space      yes    the disk is full
    ├── Unavailable               unavailable       yes    a part we need does not answer
    ├── GeneratorError            generator_error
    │   ├── GeneratorRefused      generator_refused no     its policy
    │   ├── GeneratorFault        generator_fault   yes
    │   ├── GeneratorBusy         generator_busy    yes
    │   └── GeneratorQuota        generator_quota   no
    ├── PlatformError             platform_error
    │   ├── PlatformFault         platform_fault    yes
    │   ├── PlatformBusy          platform_busy     yes
    │   ├── PlaceGone             place_gone        no     channel deleted, bot removed
    │   └── TooBig                too_big           no     it takes no file of this size
    ├── AnswerLost                answer_lost       no     the call may or may not have happened
    ├── MarkFailed                mark_failed       no     a mark could not be proven by reading it back
    ├── MissingExtra              missing_extra     no     an optional part is not installed
    ├── JobFailed                 job_failed        no     raised by ``wait()``: the job ended without a reel
    ├── StillRunning              still_running     yes    raised by ``wait()``: time is up, the job goes on
    └── ServiceError              service_error            the service answered something else

Every error speaks with two voices: ``str(error)`` is for the operator and may carry ids; ``error.says``
is a kind sentence that can be shown to anyone. Neither holds a secret or a member's words.
"""

from __future__ import annotations

from typing import ClassVar


class ReelgateError(Exception):
    """The root: a stable ``code``, whether trying again can help, and two voices."""

    code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False
    status: ClassVar[int] = 500
    default_says: ClassVar[str] = "Something went wrong on our side. Please try again in a moment."

    def __init__(
        self,
        detail: str = "",
        *,
        says: str | None = None,
        retry_after: float | None = None,
        request_id: str | None = None,
        charged_cents: int = 0,
    ) -> None:
        self.detail, self.says = detail or self.default_says, says or self.default_says
        self.retry_after = retry_after
        self.request_id = request_id
        self.charged_cents = charged_cents
        super().__init__(self.detail)

    def __str__(self) -> str:
        tail = f" (request {self.request_id})" if self.request_id else ""
        return f"{self.detail} [{self.code}]{tail}"


class BadInput(ReelgateError):
    """What was asked cannot be done as asked."""

    code = "bad_input"
    status = 400
    default_says = "That request cannot be used as it is. Please check it and try again."


class PromptEmpty(BadInput):
    """No words to film."""

    code = "prompt_empty"
    status = 422
    default_says = "Tell us what to film: type a few words, for example 'a baby hippo swimming'."


class PromptTooLong(BadInput):
    """More words than we take."""

    code = "prompt_too_long"
    status = 422
    default_says = "That is too long. Please keep it to 2,000 characters at most."


class SecondsOutOfRange(BadInput):
    """A length outside 1 to 16 seconds."""

    code = "seconds_out_of_range"
    status = 422
    default_says = "A reel lasts between 1 and 16 seconds. Please ask for a length in that range."


class AspectInvalid(BadInput):
    """An aspect that no picture can have, or that we do not film."""

    code = "aspect_invalid"
    status = 422
    default_says = "Please choose one of the shapes 9:16, 1:1 or 16:9."


class MediaRejected(BadInput):
    """A file that is not what it says, is broken, or asks for more than we allow."""

    code = "media_rejected"
    status = 422
    default_says = "That file cannot be used. Please send an ordinary picture or video."


class BodyInvalid(BadInput):
    """Not JSON, not an object, or with fields we do not know."""

    code = "body_invalid"
    default_says = "The request body must be a JSON object with the documented fields."


class NotAllowed(ReelgateError):
    """Who asked may not."""

    code = "not_allowed"
    status = 403
    default_says = "You don't have access to that."


class KeyMissing(NotAllowed):
    """No API key in the request."""

    code = "key_missing"
    status = 401
    default_says = "Please send your API key in the header 'Authorization: Bearer rg_...'."


class KeyInvalid(NotAllowed):
    """A key that is unknown, expired or revoked."""

    code = "key_invalid"
    status = 401
    default_says = "That API key is not valid here. Please check it, or make a new one."


class Forged(NotAllowed):
    """A signature that does not match the bytes."""

    code = "forged"
    status = 401
    default_says = "The signature does not match."


class Stale(NotAllowed):
    """A signature outside the allowed time window."""

    code = "stale"
    status = 401
    default_says = "The request is too old or from the future. Please check the clock and try again."


class NotFound(ReelgateError):
    """Nothing there, or not yours: the two look alike on purpose."""

    code = "not_found"
    status = 404
    default_says = "There is nothing here by that name."


class NotOffered(ReelgateError):
    """This installation or plugin does not do that."""

    code = "not_offered"
    status = 422
    default_says = "That is not offered here."


class Conflict(ReelgateError):
    """It clashes with what is already there."""

    code = "conflict"
    status = 409
    default_says = "That clashes with something that already happened."


class KeyReused(Conflict):
    """An Idempotency-Key that was used before with another body."""

    code = "idempotency_key_reused"
    status = 422
    default_says = "That Idempotency-Key was used for a different request. Please send a fresh one."


class TooLate(Conflict):
    """The job has gone too far to be stopped."""

    code = "too_late"
    default_says = "That has already gone too far to be stopped."


class Refused(ReelgateError):
    """Policy says no."""

    code = "refused"
    status = 422
    default_says = "We can't film that one. Please try a different idea."


class Held(ReelgateError):
    """A person has to decide first."""

    code = "held"
    status = 409
    default_says = "A person will look at this one first. We'll let you know."


class Busy(ReelgateError):
    """Too much to do; ``retry_after`` says when to come back."""

    code = "busy"
    retryable = True
    status = 503
    default_says = "We're very busy right now. Please try again in a little while."


class RateLimited(Busy):
    """Too many requests from one place."""

    code = "rate_limited"
    status = 429
    default_says = "That was a lot at once. Please wait a moment and try again."


class OverBudget(Busy):
    """The tenant's budget for this period is used up."""

    code = "over_budget"
    status = 429
    default_says = "This month's budget is used up. Ask your operator to raise it, or wait for the next month."


class OutOfSpace(ReelgateError):
    """The disk is full."""

    code = "out_of_space"
    retryable = True
    status = 507
    default_says = "We've run out of room to store new reels. The operator has to free some space."


class Unavailable(ReelgateError):
    """A part we need does not answer."""

    code = "unavailable"
    retryable = True
    status = 503
    default_says = "A part of the service is not answering. Please try again in a moment."


class GeneratorError(ReelgateError):
    """What a generator answers instead of footage. ``charged_cents`` says what it cost all the same."""

    code = "generator_error"
    status = 502
    default_says = "The generator could not make this one."


class GeneratorRefused(GeneratorError):
    """Its own policy says no."""

    code = "generator_refused"
    status = 422


class GeneratorFault(GeneratorError):
    """It failed; another attempt may work."""

    code = "generator_fault"
    retryable = True


class GeneratorBusy(GeneratorError):
    """It has no room now."""

    code = "generator_busy"
    retryable = True
    status = 503


class GeneratorQuota(GeneratorError):
    """Our account there is used up."""

    code = "generator_quota"


class PlatformError(ReelgateError):
    """What a platform answers instead of taking a message."""

    code = "platform_error"
    status = 502


class PlatformFault(PlatformError):
    """It failed; another attempt may work."""

    code = "platform_fault"
    retryable = True


class PlatformBusy(PlatformError):
    """It asks us to slow down."""

    code = "platform_busy"
    retryable = True
    status = 503


class PlaceGone(PlatformError):
    """The channel is deleted or we were removed from it."""

    code = "place_gone"


class TooBig(PlatformError):
    """It takes no file of this size."""

    code = "too_big"


class AnswerLost(ReelgateError):
    """A call went out and no answer came back: it may or may not have happened."""

    code = "answer_lost"


class MarkFailed(ReelgateError):
    """A mark could not be proven by reading the file back; the file never leaves."""

    code = "mark_failed"


class MissingExtra(ReelgateError):
    """An optional part is not installed; the detail is the sentence to type."""

    code = "missing_extra"
    status = 501
    default_says = "A part that this needs is not installed."


class JobFailed(ReelgateError):
    """Raised by ``wait()``: the job ended without a reel."""

    code = "job_failed"

    def __init__(self, detail: str = "", *, stage: str = "failed", reason: str = "", says: str | None = None) -> None:
        super().__init__(detail, says=says)
        self.stage, self.reason = stage, reason


class StillRunning(ReelgateError):
    """Raised by ``wait()``: time is up; the job goes on."""

    code = "still_running"
    retryable = True
    default_says = "That one is still being made. Ask again in a little while."


class ServiceError(ReelgateError):
    """The service answered something we have no word for."""

    code = "service_error"


def by_code() -> dict[str, type[ReelgateError]]:
    """Every error class of this module by its stable code."""
    found: dict[str, type[ReelgateError]] = {}
    queue = [ReelgateError]
    while queue:
        cls = queue.pop()
        if cls.__module__ == __name__:
            found[cls.code] = cls
        queue.extend(cls.__subclasses__())
    return found
