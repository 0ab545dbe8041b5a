"""What the service makes of what somebody said in a chat: one transaction, then one reply.

Everything that must not be lost (a job, a report, a changed setting) is committed with the event's own inbox row
before the platform is answered. The same event again finds that row and gets the same answer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from reelgate.chat import Added, Choices, Command, Configure, Filled, Form, Ignored, Note, Press, Suggest
from reelgate.errors import BadInput, Busy, NotFound, ReelgateError
from reelgate_service.chat import actions, phrases
from reelgate_service.chat.hearing import Ears, Hearing, Said, make
from reelgate_service.chat.phrases import Phrase, say
from reelgate_service.db import inbox, installations
from reelgate_service.observe import log
from reelgate_service.storage import need_room

if TYPE_CHECKING:
    from reelgate.chat import Event, Reply
    from reelgate_service.db.apps import Registered


def hear(ears: Ears, app: Registered, event: Event, *, retries: bool) -> Reply:
    """Take one verified event in and say what goes back.

    ``retries`` says whether the platform sends the event again when it is answered with an error: then what stands
    in the way is raised (:class:`Busy`, ``Unavailable``, ``OutOfSpace``); otherwise the asker is told kindly.
    """
    heard = event.heard
    if isinstance(event, Suggest):
        typed = event.typed.casefold().strip()
        ideas = phrases.suggestions(heard.origin.language)
        return Choices(tuple(idea for idea in ideas if typed in idea.casefold()))
    try:
        need_room(ears.settings)
        try:
            return _hear(ears, app, event)
        except IntegrityError:
            return _hear(ears, app, event)  # the same event came in twice at once, and the other one won
    except ReelgateError as error:
        log("not_heard", code=error.code, platform=app.platform)
        if retries or not error.retryable:
            raise
        phrase = Phrase.BUSY if isinstance(error, Busy) else Phrase.OUT_OF_ORDER
        return Note(say(phrase, heard.origin.language))


def _hear(ears: Ears, app: Registered, event: Event) -> Reply:
    heard = event.heard
    with ears.db.write("heard") as session:
        now = ears.db.now(session)
        place = installations.find_or_add(session, app, ears.vault.place(heard.origin.installation), now)
        language = (place.settings.language if place else "") or heard.origin.language
        owner = ears.vault.fingerprint(f"member|{app.platform}|{heard.origin.member}")[:32]
        hearing = Hearing(session, ears, app, place, heard, owner, language, now)
        known = _known(hearing)
        if known is not None:
            return _form_again(hearing, event) if known.kind == "form" else known.reply(hearing)
        said = _said(hearing, event)
        if isinstance(said, Form):
            _note(hearing, "handled", Said("form"))
            return said
        if said.kind == "settings":  # as they are now
            hearing = replace(hearing, place=installations.find(session, app, hearing.spot))
        return said.reply(hearing)


def _known(hearing: Hearing) -> Said | None:
    app, key = hearing.app, hearing.heard.once_key
    row = inbox.heard_before(hearing.session, hearing.tenant_id, app.platform, app.app, key)
    return None if row is None else Said.read(row.reason)


def _form_again(hearing: Hearing, event: Event) -> Reply:
    said = _answer(hearing, event)
    return said if isinstance(said, Form) else said.reply(hearing)


def _said(hearing: Hearing, event: Event) -> Said | Form:
    """The answer, with whatever it rests on written down."""
    try:
        said = _answer(hearing, event)
    except (BadInput, NotFound) as error:
        log("declined_at_the_door", code=error.code, platform=hearing.app.platform)
        said = Said("code", error.code)
    if isinstance(said, Said) and said.kind != "working":
        refused = said.kind in {"phrase", "code"} or isinstance(event, Ignored)
        _note(hearing, "ignored" if refused else "handled", said)
    return said


def _answer(hearing: Hearing, event: Event) -> Said | Form:
    match event:
        case Ignored():
            return Said("quiet")
        case Added():
            if event.gone:
                installations.take_out(hearing.session, hearing.app.id, hearing.spot, hearing.now)
            return Said("quiet")
    if hearing.place is None:
        return hearing.says(Phrase.UNKNOWN_INSTALLATION)
    match event:
        case Configure():
            return actions.configure(hearing, hearing.place, event.setting, event.value)
        case Press():
            return actions.press(hearing, hearing.place, event)
        case Filled():
            return actions.filled(hearing, hearing.place, event)
        case Command():
            prompt = event.prompt
            shape = f"{prompt.aspect[0]}:{prompt.aspect[1]}"
            how = {} if event.kind == "sticker" else {"seconds": prompt.seconds, "aspect": shape}
            return make(hearing, hearing.place, prompt.text, kind=event.kind.value, seed=prompt.seed, **how)
    raise TypeError(type(event).__name__)


def _note(hearing: Hearing, outcome: str, said: Said) -> None:
    inbox.note(
        hearing.session,
        tenant_id=hearing.tenant_id,
        platform=hearing.app.platform,
        app=hearing.app.app,
        once_key=hearing.heard.once_key,
        body_hash=hearing.heard.once_key,
        outcome=outcome,
        reason=said.kept(),
        now=hearing.now,
    )
