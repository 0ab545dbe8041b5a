"""One event of a chat being heard: what listening needs, what is said back, and having something made of words."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

from reelgate.chat import Note, Quiet, Working
from reelgate.contract import Context
from reelgate.words import Decision
from reelgate_service import ordering
from reelgate_service.chat.phrases import Phrase, for_code, say, show_settings
from reelgate_service.db import inbox, uses

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from reelgate.chat import Heard, Reply
    from reelgate.contract import PromptScreen
    from reelgate_service.db.apps import Registered
    from reelgate_service.db.base import Database
    from reelgate_service.db.installations import Place
    from reelgate_service.settings import Settings
    from reelgate_service.vault import Vault


class Limits(TypedDict):
    """The limits of :mod:`reelgate_service.db.inbox`."""

    deadline_ms: int
    max_queue: int


@dataclass(frozen=True, slots=True)
class Ears:
    """What listening needs. ``screen`` only guesses whether an answer will be a refusal; the worker decides."""

    settings: Settings
    db: Database
    vault: Vault
    screen: PromptScreen

    def limits(self) -> Limits:
        """How long a job may take, and how many may wait."""
        return {"deadline_ms": int(self.settings.deadline_s * 1000), "max_queue": self.settings.max_queue}


@dataclass(frozen=True, slots=True)
class Hearing:
    """One event being heard: whose place it was said in, and who said it."""

    ears: Ears
    app: Registered
    place: Place | None
    heard: Heard
    owner: str
    language: str
    now: int

    @property
    def spot(self) -> str:
        """The place's id as it is kept."""
        return self.ears.vault.place(self.heard.origin.installation)

    @property
    def tenant_id(self) -> str:
        """The tenant of the place; of the app where the place is nobody's."""
        return self.app.tenant_id if self.place is None else self.place.tenant_id

    def writing(self, session: Session, place: Place | None) -> Writing:
        """The same with a transaction open, and the place as it is there."""
        language = spoken(place, self.heard)
        return Writing(self.ears, self.app, place, self.heard, self.owner, language, self.now, session)

    def says(self, phrase: Phrase, **values: str | int) -> Said:
        """A sentence for the asker alone."""
        return Said("phrase", phrase.value, values)


@dataclass(frozen=True, slots=True)
class Writing(Hearing):
    """The same, with the transaction open that what comes of it is written in."""

    session: Session


@dataclass(frozen=True, slots=True)
class Said:
    """A reply in the form that is kept with the event: enough to give it again, and nothing personal.

    ``kind`` is ``working``, ``quiet``, ``form``, ``settings``, ``phrase`` or ``code``; ``what`` is the phrase or the
    error's code.
    """

    kind: str
    what: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)
    private: bool = False

    def kept(self) -> str:
        """As text for the inbox row."""
        return json.dumps([self.kind, self.what, dict(self.values), self.private])

    @staticmethod
    def read(text: str) -> Said:
        """What :meth:`kept` wrote."""
        kind, what, values, private = json.loads(text)
        return Said(kind, what, values, private)

    def reply(self, hearing: Hearing) -> Reply:
        """The reply itself, in the asker's language."""
        language = hearing.language
        if self.kind == "working":
            return Working(self.private)
        if self.kind == "code":
            return Note(for_code(self.what, "", language))
        if self.kind == "settings" and hearing.place is not None:
            shown = show_settings(hearing.place.settings, language, lambda channel: f"#{channel}")
            return Note(f"{say(Phrase(self.what), language)} {shown}" if self.what else shown)
        if self.kind != "phrase":
            return Quiet()
        values = dict(self.values)
        if self.what == Phrase.UNKNOWN_INSTALLATION:  # the place may name a person, so it is not kept
            place = hearing.heard.origin.installation
            values = {"platform": hearing.app.platform, "app": hearing.app.app, "place": place}
        return Note(say(Phrase(self.what), language, **values))


@dataclass(frozen=True, slots=True)
class Planned:
    """Something that may be made: ready to be written down, and what the asker is told at once."""

    asked: inbox.Acceptance
    said: Said


def spoken(place: Place | None, heard: Heard) -> str:
    """The language that is spoken: the place's, or the member's own."""
    return (place.settings.language if place else "") or heard.origin.language


def plan(hearing: Hearing, place: Place, words: str, **how: object) -> Planned | Said:
    """Plan to have something made of ``words``, as :func:`reelgate_service.ordering.make` takes it; or say why not.

    Nothing is written, and the quota is still to be asked.
    """
    origin = hearing.heard.origin
    allowed = place.settings.channels
    if allowed and origin.channel not in allowed:
        return hearing.says(Phrase.CHANNEL_FORBIDDEN)
    asked = ordering.make(
        tenant_id=place.tenant_id,
        platform=hearing.app.platform,
        app=hearing.app.app,
        text=words,
        once_key=hearing.heard.once_key,
        surface=origin.surface,
        language=hearing.language,
        place=hearing.heard.address.place,
        member=origin.member,
        **how,  # type: ignore[arg-type]  # each caller names ordering's own parameters
    )
    context = Context(tenant=place.tenant_id, surface=origin.surface, language=hearing.language)
    # Only a guess, so that a refusal is whispered where the platform has to be told so at once.
    private = hearing.ears.screen.screen(words, context).decision is Decision.BLOCK
    said = Said("working", private=private)
    asked = inbox.in_chat(
        asked, owner=hearing.owner, installation=place.id, answer=said.kept(), private=said.private
    )
    return Planned(asked, said)


def make(hearing: Writing, place: Place, words: str, **how: object) -> Said:
    """Have something made of ``words``, as :func:`plan` takes it; or say why not."""
    planned = plan(hearing, place, words, **how)
    if isinstance(planned, Said):
        return planned
    quota = place.settings.quota
    if not uses.use(hearing.session, place, hearing.owner, hearing.now, quota):
        return hearing.says(Phrase.QUOTA_USED, quota=quota)
    ears = hearing.ears
    inbox.write_down(
        hearing.session, ears.vault, planned.asked, hearing.now, backlog=ears.db.backlog, **ears.limits()
    )
    return planned.said
