"""The platform: what Reelgate constructs, asks for its facts, listens to and delivers through."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from reelgate.contract import Receipt
from reelgate.errors import NotFound, PlaceGone
from reelgate_echo import door
from reelgate_echo.calls import Calls
from reelgate_echo.facts import FACTS

if TYPE_CHECKING:
    from reelgate.chat import Button, Event, Registration, Reply
    from reelgate.contract import Aloud, Parcel, PlatformFacts
    from reelgate.door import Answer, Inbound
    from reelgate.words import Address


class EchoPlatform:
    """One app on one board. Nothing is called in here, so that the facts can be read without a registration."""

    def __init__(self, registration: Registration) -> None:
        self._app = registration.app
        self._secret = registration.secrets.get("signing_secret", "")
        self._calls = Calls(registration.api, registration.secrets.get("token", ""), FACTS.call_timeout)

    @property
    def facts(self) -> PlatformFacts:
        """What this platform is."""
        return FACTS

    # -- in: see reelgate.door.Door -----------------------------------------------------------------------

    def verify(self, inbound: Inbound, now: float) -> None:
        """Check that the board sent it, just now; raises ``Forged`` or ``Stale``."""
        door.verify(self._secret, inbound, now)

    def greet(self, inbound: Inbound) -> Answer | None:
        """Answer the board's hello, else ``None``."""
        return door.greet(inbound)

    def read(self, inbound: Inbound) -> list[Event]:
        """The event that the verified body holds."""
        return door.read(self._app, inbound)

    def acknowledge(self, event: Event, reply: Reply) -> Answer:
        """The reply in the board's own words."""
        return door.acknowledge(reply)

    # -- out: see reelgate.contract.Platform --------------------------------------------------------------

    def deliver(self, address: Address, parcel: Parcel, key: str) -> Receipt:
        """Hand over the file under its SHA-256, then post the message that shows it.

        The first call can be repeated because of its address, the second because of its key.
        """
        self._calls.upload(f"/files/{parcel.sha256}", parcel)
        message = {
            "text": parcel.caption,
            "asked": address.place.get("asked", ""),
            "file": parcel.sha256,
            "media_type": parcel.media_type,
            "buttons": _buttons(parcel.buttons),
        }
        return self._post(address, message, key)

    def decline(
        self,
        address: Address,
        sentence: str,
        key: str,
        buttons: tuple[Button, ...] = (),
        aloud: Aloud | None = None,
    ) -> Receipt:
        """Post the kind sentence instead of a reel.

        The board has one reader. Where others read too, ``aloud`` would be posted, and nothing to a private address.
        """
        message = {"text": sentence, "asked": address.place.get("asked", ""), "buttons": _buttons(buttons)}
        return self._post(address, message, key)

    def progress(self, address: Address, sentence: str, buttons: tuple[Button, ...] = ()) -> None:
        """Write the status line of whoever asked; the board wipes it when the answer comes."""
        status = {"text": sentence, "buttons": _buttons(buttons)}
        asked = quote(address.place.get("asked", "-"), safe="")
        self._calls.ask("PUT", f"{_channel(address)}/status/{asked}", status)

    def repeatable(self, address: Address, since: float, now: float) -> bool:
        """Always: the board never forgets a key."""
        return True

    def find(self, address: Address, key: str) -> Receipt | None:
        """The message made under ``key``, or ``None``."""
        try:
            return _receipt(self._calls.ask("GET", f"{_channel(address)}/messages?key={quote(key, safe='')}"))
        except NotFound:
            return None

    def withdraw(self, address: Address, message_id: str) -> None:
        """Take a message back; one that is gone already is what we wanted."""
        try:
            self._calls.ask("DELETE", f"{_channel(address)}/messages/{quote(message_id, safe='')}")
        except NotFound:
            return

    def _post(self, address: Address, message: dict[str, object], key: str) -> Receipt:
        try:
            return _receipt(self._calls.ask("POST", f"{_channel(address)}/messages", message, key))
        except NotFound:
            raise PlaceGone("the board has no such channel") from None


def _channel(address: Address) -> str:
    return f"/channels/{quote(address.place.get('channel', ''), safe='')}"


def _buttons(buttons: tuple[Button, ...]) -> list[dict[str, str]]:
    return [{"action": one.action, "label": one.label, "state": one.state} for one in buttons]


def _receipt(told: dict[str, object]) -> Receipt:
    return Receipt(str(told["id"]), str(told["link"]))
