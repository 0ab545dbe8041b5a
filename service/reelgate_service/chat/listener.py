"""What the service makes of what somebody said in a chat: one transaction, then one reply.

Everything that must not be lost (a job, a report, a changed setting) is committed with the event's own inbox row
before the platform is answered. The same event again finds that row and gets the same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import IntegrityError

from reelgate.chat import Added, Choices, Command, Configure, Filled, Form, Ignored, Note, Press, Suggest
from reelgate.errors import BadInput, Busy, NotFound, ReelgateError
from reelgate_service.chat import actions, phrases
from reelgate_service.chat.hearing import Hearing, Said, Writing, make, plan, spoken
from reelgate_service.chat.phrases import Phrase, say
from reelgate_service.db import arrivals, inbox, installations
from reelgate_service.observe import log
from reelgate_service.storage import need_room

if TYPE_CHECKING:
    from reelgate.chat import Event, Reply
    from reelgate_service.chat.hearing import Ears
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
        if retries or not error.retryable or isinstance(event, Added | Ignored):  # there nobody reads a reply
            raise
        phrase = Phrase.BUSY if isinstance(error, Busy) else Phrase.OUT_OF_ORDER
        return Note(say(phrase, heard.origin.language))


def _hear(ears: Ears, app: Registered, event: Event) -> Reply:
    heard = event.heard
    arrival = arrivals.look(ears.db, app, ears.vault.place(heard.origin.installation), heard.once_key)
    owner = ears.vault.fingerprint(f"member|{app.platform}|{heard.origin.member}")[:32]
    language = spoken(arrival.place, heard)
    hearing = Hearing(ears, app, arrival.place, heard, owner, language, arrival.now)
    known = None if arrival.before is None else Said.read(arrival.before)
    said = _made(hearing, event) if known is None and isinstance(event, Command) else known
    if said is not None and said.kind != "form":
        return said.reply(hearing)
    with ears.db.write("heard") as session:
        place = arrival.place
        if arrival.new:
            place = installations.find_or_add(session, app, hearing.spot, hearing.now)
        writing = hearing.writing(session, place)
        # A form that was shown before is made anew: the words in it are not kept.
        answer = _said(writing, event) if known is None else _answer(writing, event)
        if isinstance(answer, Form):
            if known is None:
                _note(writing, "handled", Said("form"))
            return answer
        if answer.kind == "settings":  # as they are now
            writing = writing.writing(session, installations.find(session, app, writing.spot))
        return answer.reply(writing)


def _made(hearing: Hearing, event: Command) -> Said | None:
    """A plain command, which is most of what is ever heard, written down in one go.

    ``None`` where it takes more than that: whoever reads this waits for each round trip to the database.
    """
    place = hearing.place
    if place is None or place.settings.quota:
        return None
    try:
        planned = plan(hearing, place, event.prompt.text, **_how(event))
    except (BadInput, NotFound):
        return None
    if isinstance(planned, Said):
        return None
    ears = hearing.ears
    inbox.write_alone(ears.db, ears.vault, planned.asked, hearing.now, name="heard", **ears.limits())
    return planned.said


def _said(hearing: Writing, event: Event) -> Said | Form:
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


def _answer(hearing: Writing, event: Event) -> Said | Form:
    match event:
        case Ignored():
            return Said("quiet")
        case Added():
            if event.gone:
                installations.take_out(hearing.session, hearing.app.id, hearing.spot, hearing.now)
            elif hearing.app.open:  # one that was taken out before is back
                app = hearing.app
                installations.admit(hearing.session, app.id, hearing.spot, app.tenant_id, hearing.now)
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
            return make(hearing, hearing.place, event.prompt.text, **_how(event))
    raise TypeError(type(event).__name__)


def _how(event: Command) -> dict[str, Any]:
    """The choices that came with a command."""
    prompt = event.prompt
    how: dict[str, Any] = {"kind": event.kind.value, "seed": prompt.seed}
    if event.kind != "sticker":
        how |= {"seconds": prompt.seconds, "aspect": f"{prompt.aspect[0]}:{prompt.aspect[1]}"}
    return how


def _note(hearing: Writing, outcome: str, said: Said) -> None:
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
