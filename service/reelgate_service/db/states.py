"""A job's states, what the public calls them, and which may follow which."""

from __future__ import annotations

from reelgate.words import Stage

PUBLIC: dict[str, Stage] = {
    "received": Stage.QUEUED,
    "admitted": Stage.SCREENING,
    "cleared": Stage.RENDERING,
    "submitting": Stage.RENDERING,
    "submitted": Stage.RENDERING,
    "rendered": Stage.CHECKING,
    "passed": Stage.MARKING,
    "marked": Stage.PUBLISHING,
    "sealed": Stage.DELIVERING,
    "delivering": Stage.DELIVERING,
    "declining": Stage.DELIVERING,
    "done": Stage.DONE,
    "review": Stage.REVIEW,
    "held": Stage.HELD,
    "refused": Stage.REFUSED,
    "failed": Stage.FAILED,
    "cancelled": Stage.CANCELLED,
    "expired": Stage.EXPIRED,
}

ENDED = frozenset(state for state, stage in PUBLIC.items() if stage.ended)
WAITING_FOR_A_PERSON = frozenset({"review", "held"})
RUNNABLE = frozenset(PUBLIC) - ENDED - WAITING_FOR_A_PERSON
CANCELLABLE = RUNNABLE - {"delivering", "declining"} | WAITING_FOR_A_PERSON

FOLLOWS: dict[str, frozenset[str]] = {
    "received": frozenset({"admitted", "refused", "done"}),
    "admitted": frozenset({"cleared", "review", "refused"}),
    "cleared": frozenset({"submitting", "rendered", "failed"}),
    "submitting": frozenset({"submitted", "refused"}),
    "submitted": frozenset({"rendered", "refused"}),
    "rendered": frozenset({"passed", "review", "refused"}),
    "passed": frozenset({"marked", "submitted"}),
    "marked": frozenset({"sealed"}),
    "sealed": frozenset({"delivering", "done"}),
    "delivering": frozenset({"done"}),
    "declining": frozenset({"refused"}),
    "review": frozenset({"cleared", "passed", "refused", "held"}),
    "held": RUNNABLE | {"refused"},
}
"""Beyond these, any open state may go to those in :data:`ALWAYS`."""

ALWAYS = frozenset({"held", "failed", "cancelled", "expired", "declining"})


def may_follow(state: str, to: str) -> bool:
    """True when a job in ``state`` may go to ``to``."""
    return state not in ENDED and state != to and (to in FOLLOWS[state] or to in ALWAYS)


def last(outcome: str, tell: int) -> str:
    """Where a job goes that ends as ``outcome`` without a reel: there, or first to telling whoever waits for it."""
    return "declining" if tell else outcome
