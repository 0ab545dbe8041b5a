"""The platform ``discord``: answers go into the message that stands for them, and late ones find another way.

An interaction's token lives a quarter of an hour. As long as it does, the answer is an edit of one message, however
often it is repeated. After that the bot posts a new message under a nonce, in the channel or in a conversation with
whoever asked, and takes the old one away. What was shown to the asker alone stays with them: its late answer goes
into that conversation or nowhere.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from reelgate.contract import Receipt
from reelgate.errors import NotOffered, PlaceGone, PlatformFault, TooBig
from reelgate_integrations.discord import door, events, facts
from reelgate_integrations.discord.api import DiscordApi, Upload
from reelgate_integrations.discord.messages import letters
from reelgate_integrations.discord.messages.search import Search
from reelgate_integrations.markdown import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reelgate.chat import Button, Event, Registration, Reply
    from reelgate.contract import Aloud, Parcel, PlatformFacts
    from reelgate.door import Answer, Inbound
    from reelgate.words import Address
    from reelgate_integrations.discord.api import Said
    from reelgate_integrations.discord.events import Body
    from reelgate_integrations.discord.messages.letters import Letter

_WITH_THE_BOT: Final = "1"
"""The context of a conversation between one person and the bot: nobody else reads there."""


class DiscordPlatform:
    """One app at Discord.

    ``clock`` gives Unix seconds, ``monotonic`` seconds that only grow, and ``wait`` lets some pass.

    Raises ``BadInput`` for a public key or an API's address that cannot be one.
    """

    def __init__(
        self,
        registration: Registration,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._app, self._clock, self._monotonic = registration.app, clock, monotonic
        self._keys = door.public_keys(registration.secrets.get("public_key", ""))
        self._api = DiscordApi(registration, clock, monotonic=monotonic, wait=wait)
        self._search = Search(self._api)

    @property
    def facts(self) -> PlatformFacts:
        """What this platform is."""
        return facts.FACTS

    # -- the way in ------------------------------------------------------------------------------------------------

    def verify(self, inbound: Inbound, now: float) -> None:
        """Check the signature over time and raw body; raises ``Forged`` or ``Stale``."""
        door.verify(self._keys, inbound, now)

    def greet(self, inbound: Inbound) -> Answer | None:
        """Answer a ping, else ``None``; raises ``BodyInvalid`` for what is no JSON object."""
        return door.greet(inbound)

    def read(self, inbound: Inbound) -> list[Event]:
        """The one event in a body; raises ``BodyInvalid`` for what is not for this app."""
        name = hashlib.sha256(inbound.body).hexdigest()
        return [events.read(events.parse(inbound.body), self._app, name)]

    def acknowledge(self, event: Event, reply: Reply) -> Answer:
        """The first response; raises ``NotOffered`` for a form in answer to a form."""
        return door.acknowledge(event, reply)

    def replay(self, recorded: Body) -> Event | None:
        """The event in a recorded body, also without its envelope; ``None`` for what no app is ever sent."""
        return events.recall(recorded, hashlib.sha256(json.dumps(recorded, sort_keys=True).encode()).hexdigest())

    def register(self, place: str = "") -> list[str]:
        """Make these the app's commands, everywhere or in the server ``place``; returns their names.

        Raises ``NotOffered`` without a bot token, and what Discord answers.
        """
        self._need_bot()
        commands = facts.commands(everywhere=not place)
        said = self._api.set_commands(commands, place)
        if not said.good:
            raise said.error("the commands")
        return [str(command["name"]) for command in commands]

    # -- the way out -----------------------------------------------------------------------------------------------

    def deliver(self, address: Address, parcel: Parcel, key: str) -> Receipt:
        """Post the file; one that the place does not take goes as a link, where there is one."""
        until = self._until()
        if parcel.size > _limit(address.place):
            return self._post(address, _linked(key, parcel, address.place), until=until)
        with parcel.open() as stream:
            data = stream.read()
        name = letters.file_name(key, parcel.name, spoiler=address.place.get("spoiler") == "1")
        try:
            letter = letters.with_file(key, parcel, Upload(name, parcel.media_type, data))
            return self._post(address, letter, until=until)
        except TooBig:  # places say that they take more than they do
            return self._post(address, _linked(key, parcel, address.place), until=until)

    def decline(
        self,
        address: Address,
        sentence: str,
        key: str,
        buttons: tuple[Button, ...] = (),
        aloud: Aloud | None = None,
    ) -> Receipt:
        """Say that there will be no reel; once the token is dead, to whoever asked alone if that can be.

        A deferral that everybody saw can be answered to everybody only, so there ``aloud`` is said: a follow-up for
        the asker alone could be neither repeated nor looked for if its answer were lost.
        """
        letter = letters.sentence(key, sentence, buttons)
        return self._post(
            address,
            letter,
            None if aloud is None else letters.sentence(key, aloud.sentence, aloud.buttons),
            whisper=True,
            until=self._until(),
        )

    def progress(self, address: Address, sentence: str, buttons: tuple[Button, ...] = ()) -> None:
        """Write into the message that stands for the answer; ``NotOffered`` when its token is nearly dead."""
        if not address.place.get("token") or self._age(address, self._clock()) >= facts.PROGRESS_S:
            raise NotOffered("The answer to this will be a new message.")
        # No word on attachments: should this arrive late, the file that is there by then stays.
        body: Body = {
            "content": shown(sentence, facts.CONTENT),
            "allowed_mentions": facts.NOBODY,
            "components": letters.rows(buttons),
        }
        said = self._api.hint(address.place["token"], body)
        if not said.good:
            raise said.error("progress")

    def repeatable(self, address: Address, since: float, now: float) -> bool:
        """True where both calls edit the same message, or both post under a nonce that is still remembered.

        Near the end of the token's life, where one clock may see it alive and another dead, it is better to look.
        """
        if not address.place.get("token") or self._age(address, since) >= facts.TOKEN_S + facts.MARGIN_S:
            return now - since <= facts.NONCE_S
        return self._age(address, max(since, now)) < facts.TOKEN_S - facts.MARGIN_S

    def find(self, address: Address, key: str) -> Receipt | None:
        """Our message by its tag: the one that stands for the answer, else those that the bot can read.

        A late one that is found takes the place of what stood for it. Raises ``NotOffered`` where it may not look.
        """
        if self._alive(address):
            said = self._api.get_original(address.place["token"])
            if said.good:
                return self._receipt(said, address) if letters.carries(said.data, key) else None
            if not said.token_dead:
                raise said.error("a look")
        self._need_bot()
        message = self._search.made_under(key, address)
        if message is None:
            return None
        self._search.tidy(address, but=str(message.get("id")))
        return _receipt(message, address.place)

    def withdraw(self, address: Address, message_id: str) -> None:
        """Take a message back, by the token where it is that token's message, else as the bot."""
        channel, _, message = message_id.partition("/")
        if not message:
            raise NotOffered("That is not one of our message ids.")
        if self._alive(address):
            said = self._api.get_original(address.place["token"])
            if said.good and said.data.get("id") == message:
                said = self._api.delete_original(address.place["token"])
                if said.good or said.code == facts.UNKNOWN_MESSAGE:
                    return
            if not said.good and not said.token_dead:
                raise said.error("taking a message back")
        self._need_bot()
        said = self._api.delete(channel, message)
        if said.good or said.code in {facts.UNKNOWN_MESSAGE, facts.UNKNOWN_CHANNEL}:
            return
        if said.shut_out:
            raise NotOffered("The bot may not go where that message is.")
        raise said.error("taking a message back")

    # -- the ways to whoever asked ---------------------------------------------------------------------------------

    def _post(
        self, address: Address, letter: Letter, aloud: Letter | None = None, *, whisper: bool = False, until: float
    ) -> Receipt:
        """Post by the first way that leads there; ``whisper`` prefers the conversation to the channel.

        ``until`` is when it must be over, in seconds of the clock that only grows. Where others read, ``aloud`` is
        posted instead. Raises ``TooBig``, ``PlaceGone`` when no way leads there, and what :meth:`DiscordApi.post`
        raises.
        """
        place = address.place
        alone = place.get("context") == _WITH_THE_BOT
        there = letter if aloud is None or address.private or alone else aloud
        if self._alive(address):
            said = self._api.edit_original(place["token"], there.body(), there.file, limit_s=self._left(until))
            if said.good:
                return self._receipt(said, address)
            if not said.token_dead and not said.shut_out:
                raise said.error("an answer")
            if said.code in facts.NOT_YET and self._age(address, self._clock()) < facts.ACK_S:
                raise PlatformFault("Our first response has not arrived there yet.", retry_after=2.0)
            if not self._api.has_bot:
                raise PlaceGone("The token is dead, and there is no bot to post a new message.")
            # The clock said that it lives: an earlier call may have come this far, and its nonce may be forgotten.
            found = self._search.quietly(letter.key, address)
            if found is not None:
                return _receipt(found, place)
        if not self._api.has_bot:
            raise PlaceGone("The token is dead, and there is no bot to post a new message.")
        ways = [(self._to_member, letter)]
        if alone or not address.private:
            ways.insert(1 if whisper else 0, (self._to_channel, there))
        for way, said_by_it in ways:
            said_there = way(place, said_by_it, until)
            if said_there is not None:
                self._search.tidy(address, but=str(said_there.data.get("id")))
                return self._receipt(said_there, address)
        raise PlaceGone("The bot cannot write to whoever asked, nor anywhere else where this may be said.")

    def _to_channel(self, place: Mapping[str, str], letter: Letter, until: float) -> Said | None:
        """Post where it was asked for; ``None`` where the bot cannot."""
        channel = place.get("channel", "")
        if not channel or place.get("context") == "2":  # a conversation among people, which no bot can enter
            return None
        return self._to(channel, letter, until)

    def _to_member(self, place: Mapping[str, str], letter: Letter, until: float) -> Said | None:
        """Post in the conversation with whoever asked; ``None`` where they take none."""
        member = place.get("member", "")
        if not member:
            return None
        said = self._api.open_dm(member, limit_s=self._left(until))
        if not said.good:
            if said.status == 401:
                raise said.error("a conversation")
            return None
        if place.get("installation") == place.get("guild"):
            # A press in a conversation does not say of which server it is, so nobody could tell whether it may be.
            letter = replace(letter, buttons=())
        return self._to(str(said.data.get("id")), letter, until)

    def _to(self, channel: str, letter: Letter, until: float) -> Said | None:
        said = self._api.post(channel, letter.body(channel), letter.file, limit_s=self._left(until))
        if said.good:
            return said
        if said.shut_out or said.code == facts.NO_DM:
            return None
        raise said.error("a message")

    def _need_bot(self) -> None:
        if not self._api.has_bot:
            raise NotOffered("This app is registered without a bot token.")

    def _alive(self, address: Address) -> bool:
        return bool(address.place.get("token")) and self._age(address, self._clock()) < facts.TOKEN_S

    def _age(self, address: Address, now: float) -> float:
        """How old the interaction is, in seconds; endless where it has no time of its own."""
        try:
            return now - float(address.place.get("born", ""))
        except ValueError:
            return float("inf")

    def _until(self) -> float:
        """When a call that starts now must be over."""
        return self._monotonic() + facts.FACTS.call_timeout

    def _left(self, until: float) -> float:
        return max(until - self._monotonic(), 1.0)

    def _receipt(self, said: Said, address: Address) -> Receipt:
        return _receipt(said.data, address.place)


def _receipt(message: Body, place: Mapping[str, str]) -> Receipt:
    channel = str(message.get("channel_id") or place.get("channel", ""))
    guild = place.get("guild", "") if channel == place.get("channel") else ""
    name = str(message.get("id"))
    return Receipt(f"{channel}/{name}", f"https://discord.com/channels/{guild or '@me'}/{channel}/{name}")


def _limit(place: Mapping[str, str]) -> int:
    told = place.get("limit", "")
    return int(told) if told.isascii() and told.isdigit() and int(told) else facts.MAX_FILE


def _linked(key: str, parcel: Parcel, place: Mapping[str, str]) -> Letter:
    if not parcel.link:
        raise TooBig(f"The place does not take {parcel.size} bytes, and there is no link to send instead.")
    return letters.with_link(key, parcel, place)
