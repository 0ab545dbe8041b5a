"""Looks for messages of ours where the bot may read: what a lost call left behind, and what stands there in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reelgate.errors import NotOffered, ReelgateError
from reelgate_integrations.discord.messages import letters

if TYPE_CHECKING:
    from collections.abc import Callable

    from reelgate.words import Address
    from reelgate_integrations.discord.api import DiscordApi
    from reelgate_integrations.discord.events import Body

PAGES: Final = 10
"""Pages of 100 messages that are read back at most."""

CALL_S: Final = 8.0


class Search:
    """Reads channels as the bot of ``api``."""

    def __init__(self, api: DiscordApi) -> None:
        self._api = api

    def made_under(self, key: str, address: Address) -> Body | None:
        """The message made under ``key`` in answer to an interaction, in its channel or in the asker's conversation.

        What is private can only be in the latter. ``None`` when it is in neither; raises ``NotOffered`` when one of
        them cannot be read back far enough.
        """
        place = address.place
        channel, member = place.get("channel", ""), place.get("member", "")
        since = int(place.get("interaction") or 0)

        def ours(message: Body) -> bool:
            return self._is_ours(message) and letters.carries(message, key)

        found = None
        if not address.private:
            if not channel or place.get("context") == "2":
                raise NotOffered("The bot cannot read where it was asked for.")
            found = self._read(channel, since, ours, may_be_empty=False)
        if found is None and member:
            said = self._api.open_dm(member, limit_s=CALL_S)
            if said.status == 401:
                raise said.error("a look")
            if said.good and (address.private or said.data.get("id") != channel):
                found = self._read(str(said.data.get("id")), since, ours, may_be_empty=True)
        return found

    def quietly(self, key: str, address: Address) -> Body | None:
        """As :meth:`made_under`, where not being able to look counts as not finding."""
        try:
            return self.made_under(key, address) if self._api.has_bot else None
        except ReelgateError:
            return None

    def tidy(self, address: Address, but: str) -> None:
        """Take away the message that stood for the answer, now that it came as another one. Best effort.

        A private one is in no history, and goes by itself.
        """
        place = address.place
        channel, interaction = place.get("channel", ""), place.get("interaction", "")
        if not channel or not interaction or place.get("context") == "2" or address.private:
            return
        try:
            said = self._api.history(channel, after=interaction, limit_s=CALL_S)
            for message in said.data if said.good else ():
                told = message.get("interaction_metadata")
                stood = isinstance(told, dict) and told.get("id") == interaction
                if stood and self._is_ours(message) and message["id"] != but:
                    self._api.delete(channel, message["id"], limit_s=CALL_S)
        except ReelgateError:
            return

    def _read(self, channel: str, since: int, fits: Callable[[Body], bool], *, may_be_empty: bool) -> Body | None:
        """The newest fitting message after the id ``since``. Raises ``NotOffered`` when it cannot be known."""
        where: dict[str, str] = {}
        for page in range(PAGES):
            said = self._api.history(channel, limit_s=CALL_S, **where)
            if said.shut_out:
                raise NotOffered("The bot may not read there.")
            if not said.good:
                raise said.error("a look")
            if not said.data and page == 0 and not may_be_empty:
                # Without the right to read the history the answer is an empty list, not a refusal.
                raise NotOffered("The bot may not read the history there.")
            for message in said.data:
                if fits(message):
                    return dict(message)
            if not said.data or int(said.data[-1]["id"]) <= since:
                return None
            where = {"before": str(said.data[-1]["id"])}
        raise NotOffered("Too much was written since to look for one message.")

    def _is_ours(self, message: Body) -> bool:
        author = message.get("author")
        return self._api.app in (
            message.get("application_id"),
            message.get("webhook_id"),
            author.get("id") if isinstance(author, dict) else None,
        )
