"""What a person can decide about a held item, and where the job goes from there. No database in here.

An item is a prompt or an output that a screen would not decide, an outside effect (a paid order, a posted
message) whose answer was lost and that nobody can ask about again, a job that keeps failing at one step, or a
finished reel that somebody reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reelgate_moderation.errors import DecisionInvalid

_NOTE_LONGEST = 2000
_ID_LONGEST = 256


class ItemKind(StrEnum):
    """What is held."""

    PROMPT = "prompt"
    OUTPUT = "output"
    EFFECT = "effect"
    FAULT = "fault"
    REPORT = "report"


class Choice(StrEnum):
    """What a person can say. ``adopt`` needs the id under which the other side knows the effect; ``keep`` and
    ``remove`` are about a reel that is out already.
    """

    APPROVE = "approve"
    BLOCK = "block"
    ADOPT = "adopt"
    RESEND = "resend"
    ABANDON = "abandon"
    KEEP = "keep"
    REMOVE = "remove"


class Direction(StrEnum):
    """Where the job goes: on from the step that was held, back to do the step again, or to its end; a finished one
    stays, or what it made is taken back.
    """

    CONTINUE = "continue"
    REPEAT = "repeat"
    REFUSE = "refuse"
    FAIL = "fail"
    STAY = "stay"
    WITHDRAW = "withdraw"


OFFERS = {
    ItemKind.PROMPT: (Choice.APPROVE, Choice.BLOCK),
    ItemKind.OUTPUT: (Choice.APPROVE, Choice.BLOCK),
    ItemKind.EFFECT: (Choice.ADOPT, Choice.RESEND, Choice.ABANDON),
    ItemKind.FAULT: (Choice.RESEND, Choice.ABANDON),
    ItemKind.REPORT: (Choice.KEEP, Choice.REMOVE),
}

_LEADS = {
    Choice.APPROVE: Direction.CONTINUE,
    Choice.BLOCK: Direction.REFUSE,
    Choice.ADOPT: Direction.CONTINUE,
    Choice.RESEND: Direction.REPEAT,
    Choice.ABANDON: Direction.FAIL,
    Choice.KEEP: Direction.STAY,
    Choice.REMOVE: Direction.WITHDRAW,
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision as made: by whom, why, and for ``adopt`` the outside id that is taken over."""

    kind: ItemKind
    choice: Choice
    direction: Direction
    reviewer: str
    note: str = ""
    external_id: str = ""


def offers(kind: str) -> tuple[Choice, ...]:
    """The choices an item of ``kind`` offers; raises :class:`DecisionInvalid` for a kind there is not."""
    return OFFERS[_kind(kind)]


def rule(
    kind: str, choice: str, *, reviewer: str, note: str = "", external_id: str = "", approvable: bool = True
) -> Ruling:
    """A checked decision.

    ``approvable`` is false where policy blocks without appeal (sexual content with minors): nobody may wave
    such an item through. Raises :class:`DecisionInvalid` saying what is wrong.
    """
    held = _kind(kind)
    known = ", ".join(OFFERS[held])
    if choice not in OFFERS[held]:
        raise DecisionInvalid(f"an item of kind {held} offers {known}", says=f"Please choose one of: {known}.")
    chosen = Choice(choice)
    if not reviewer.strip():
        raise DecisionInvalid("a decision needs the name of who decides", says="Please sign in to decide.")
    if chosen is Choice.APPROVE and not approvable:
        raise DecisionInvalid("this item cannot be approved by anyone", says="This one can only be blocked.")
    if (chosen is Choice.ADOPT) != bool(external_id.strip()):
        raise DecisionInvalid(
            "adopt needs the other side's id, and no other choice takes one",
            says="To adopt it, give the id under which the other side knows it.",
        )
    if len(note) > _NOTE_LONGEST or len(external_id) > _ID_LONGEST:
        raise DecisionInvalid(
            f"a note has at most {_NOTE_LONGEST} characters, an id {_ID_LONGEST}", says="Please shorten that."
        )
    return Ruling(held, chosen, _LEADS[chosen], reviewer.strip(), note.strip(), external_id.strip())


def _kind(kind: str) -> ItemKind:
    try:
        return ItemKind(kind)
    except ValueError as cause:
        raise DecisionInvalid(f"there are items of kind {', '.join(ItemKind)}") from cause
