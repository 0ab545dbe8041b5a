"""What a press on one of our buttons, a filled-in form or a change of settings does."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from reelgate.chat import Form
from reelgate.errors import TooLate
from reelgate_moderation.review.desk import ItemKind
from reelgate_service.chat import buttons
from reelgate_service.chat.hearing import Said, Writing, make
from reelgate_service.chat.phrases import Phrase, for_code, say
from reelgate_service.db import inbox, installations, jobs, reviews, tables, withdrawing
from reelgate_service.db.states import ENDED
from reelgate_service.ordering import MAX_PROMPT

if TYPE_CHECKING:
    from reelgate.chat import Filled, Press
    from reelgate_service.db.installations import Place

VARIATIONS = 2**16


def configure(hearing: Writing, place: Place, setting: str, value: str) -> Said:
    """Show or change how the app behaves in this place; only whoever manages it may."""
    if not hearing.heard.origin.manager:
        return hearing.says(Phrase.NOT_MANAGER)
    installations.configure(hearing.session, place, setting, value)
    return Said("settings", "" if setting == "show" else Phrase.SETTINGS_CHANGED.value)


def press(hearing: Writing, place: Place, event: Press) -> Said | Form:
    """Do what the button says, if it is ours, still valid, and the presser may."""
    pressed = buttons.read(hearing.ears.vault, event.state, hearing.now)
    job = _job(hearing, place, pressed.job_id)
    mine = job.owner == hearing.owner
    match pressed.action:
        case "report":
            return _report(hearing, job)
        case "delete":
            return _delete(hearing, job, event) if mine or hearing.heard.origin.moderator else _not_yours(hearing)
        case "cancel":
            return _cancel(hearing, job) if mine or hearing.heard.origin.moderator else _not_yours(hearing)
    if not mine:
        return hearing.says(Phrase.ONLY_OWNER)
    if pressed.action == "why":
        return _why(hearing, job)
    if pressed.action == "edit":
        language = hearing.language
        return Form(
            say(Phrase.EDIT_TITLE, language), say(Phrase.EDIT_LABEL, language), event.state, _words(hearing, job),
            MAX_PROMPT,
        )  # fmt: skip
    return make(hearing, place, _words(hearing, job), parent=job.id, **_again(job, pressed.action))


def filled(hearing: Writing, place: Place, event: Filled) -> Said:
    """New words for a job's idea: another job, with the same seed."""
    pressed = buttons.read(hearing.ears.vault, event.state, hearing.now)
    job = _job(hearing, place, pressed.job_id)
    if pressed.action != "edit":
        return hearing.says(Phrase.BUTTON_UNKNOWN)
    if job.owner != hearing.owner:
        return hearing.says(Phrase.ONLY_OWNER)
    return make(hearing, place, event.words, parent=job.id, **_again(job, "edit"))


def _again(job: tables.Job, action: str) -> dict[str, Any]:
    """The choices of a job, for another one made from it."""
    order = json.loads(job.order)
    kind = "sticker" if action == "sticker" else job.kind
    how: dict[str, Any] = {"kind": kind, "generator": job.generator}
    if kind != "sticker":
        how.update(seconds=float(order["seconds"]), aspect=f"{order['aspect'][0]}:{order['aspect'][1]}")
    if action != "regenerate":
        how["seed"] = int(order["seed"])
    if action == "vary":
        how["variation"] = 1 + secrets.randbelow(VARIATIONS - 1)
    return how


def _job(hearing: Writing, place: Place, job_id: str) -> tables.Job:
    """The job a button speaks of, as our records have it: of this tenant, this app and this very place."""
    job = tables.Job
    row = hearing.session.execute(
        select(job).where(
            job.id == job_id,
            job.tenant_id == place.tenant_id,
            job.platform == hearing.app.platform,
            job.app == hearing.app.app,
            job.installation == place.id,
        )
    ).scalar_one_or_none()
    if row is None:
        raise buttons.ButtonUnknown("A button of another place.")
    return row


def _words(hearing: Writing, job: tables.Job) -> str:
    return inbox.personal(hearing.ears.vault, job.id, job.tenant_id, job.sealed).words


def _not_yours(hearing: Writing) -> Said:
    return hearing.says(Phrase.ONLY_MODERATOR)


def _why(hearing: Writing, job: tables.Job) -> Said:
    """Why there is no reel, for whoever asked."""
    if job.state not in {"declining", "refused", "failed"}:
        return hearing.says(Phrase.BUTTON_UNKNOWN)
    return hearing.says(Phrase.FOR_YOU_ALONE, reason=for_code(job.error_code, job.error_says, hearing.language))


def _report(hearing: Writing, job: tables.Job) -> Said:
    """Put the reel on the desk, once at a time, whoever and however many report it."""
    review = tables.Review
    waits = hearing.session.scalars(
        select(review.id).where(review.job_id == job.id, review.kind == ItemKind.REPORT, review.state == "open")
    ).first()
    if waits is None and job.state == "done":
        reviews.open_review(
            hearing.session, job.tenant_id, job.id, ItemKind.REPORT.value, "done", "reported by a member", hearing.now
        )
    return hearing.says(Phrase.REPORTED)


def _delete(hearing: Writing, job: tables.Job, event: Press) -> Said:
    """Take the message back through the click's own place: it can be used right now."""
    if job.state not in ENDED:
        return hearing.says(Phrase.BUTTON_UNKNOWN)
    place = {"place": dict(hearing.heard.address.place), "message": event.message}

    def seal(row_id: str) -> bytes:
        return hearing.ears.vault.seal(json.dumps(place).encode(), job.tenant_id, "outbox", "sealed", row_id)

    withdrawing.withdraw(hearing.session, job, seal, hearing.now)
    return Said("quiet")


def _cancel(hearing: Writing, job: tables.Job) -> Said:
    try:
        jobs.cancel(hearing.session, job.tenant_id, job.id, hearing.now)
    except TooLate:
        return hearing.says(Phrase.TOO_LATE)
    return Said("quiet")
