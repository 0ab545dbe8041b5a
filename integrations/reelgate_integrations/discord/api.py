"""Discord's HTTP API: the calls that we make, how often they may be made, and what the answers mean."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from urllib3 import encode_multipart_formdata
from urllib3.fields import RequestField

import reelgate
from reelgate.errors import AnswerLost, PlaceGone, PlatformBusy, PlatformError, PlatformFault, TooBig
from reelgate_integrations.calling import Caller
from reelgate_integrations.discord import facts
from reelgate_integrations.waiting import Waiting, wait_s

if TYPE_CHECKING:
    from collections.abc import Callable

    from reelgate.chat import Registration
    from reelgate_integrations.calling import Told
    from reelgate_integrations.discord.events import Body

CALL_S: Final = 30.0
PROGRESS_CALL_S: Final = 5.0
PATIENCE_S: Final = 5.0
"""A shorter wait for a route's turn is waited for here; a longer one is the caller's."""

_ID: Final = re.compile(r"[0-9]{1,20}")
_GLOBAL: Final = "*"
_OWN_LIMITS: Final = "webhooks"
"""The routes of an interaction are outside the limit for all routes together."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes with a message."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """What Discord answered: the HTTP status, its own code (0: none), and the JSON."""

    status: int
    code: int = 0
    data: Any = field(default=None, repr=False)

    @property
    def good(self) -> bool:
        """It was done."""
        return 200 <= self.status < 300

    @property
    def token_dead(self) -> bool:
        """The interaction cannot be answered through its token any more."""
        return self.status in {401, 403, 404} and self.code in facts.TOKEN_DEAD

    @property
    def shut_out(self) -> bool:
        """The bot cannot write, or not look, in that channel."""
        return self.status in {400, 403, 404} and self.code in facts.SHUT_OUT

    @property
    def too_big(self) -> bool:
        """The file is larger than the place takes."""
        return self.status == 413 or self.code == facts.TOO_LARGE

    def error(self, verb: str) -> PlatformError:
        """The error for an answer that is not good; nothing that was sent or came back is quoted in it."""
        detail = f"Discord answered {self.status} to {verb}" + (f" (code {self.code})." if self.code else ".")
        if self.too_big:
            return TooBig(detail)
        if self.code in {facts.NO_DM, facts.UNKNOWN_CHANNEL} or self.shut_out:
            return PlaceGone(detail)
        if self.status == 401 or (self.code == 0 and self.status in {403, 404, 408}):
            # The operator can mend a token, and without a code it was not Discord but something on the way to it.
            return PlatformFault(detail)
        return PlatformError(detail)


class DiscordApi:
    """One app's calls. ``clock`` gives Unix seconds; the waits that Discord asked for are remembered here."""

    def __init__(
        self,
        registration: Registration,
        clock: Callable[[], float],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._wait = wait
        self.app = registration.app
        self._bot_token = registration.secrets.get("bot_token", "").strip()
        self.has_bot = bool(self._bot_token)
        # The address is the app's own page at Discord: whoever reads their log finds out who we are.
        invite = f"https://discord.com/oauth2/authorize?client_id={quote(self.app, safe='')}"
        agent = f"DiscordBot ({invite}, {reelgate.__version__})"
        self._caller = Caller("Discord", registration.api or facts.API, {"User-Agent": agent}, monotonic=monotonic)
        most, window = facts.BAD_REQUESTS
        self._waiting = Waiting(clock, most=most, window=window)
        self._buckets: dict[str, str] = {}

    # -- through an interaction's token ----------------------------------------------------------------------------

    def edit_original(self, token: str, body: Body, file: Upload | None = None, *, limit_s: float = CALL_S) -> Said:
        """Write into the message that stands for the answer; repeating it changes nothing more."""
        return self._hook("PATCH", token, limit_s, body, file)

    def hint(self, token: str, body: Body) -> Said:
        """The same for what may as well be left unsaid: it waits for no turn and not for long."""
        return self._hook("PATCH", token, PROGRESS_CALL_S, body, patient=False)

    def get_original(self, token: str, *, limit_s: float = CALL_S) -> Said:
        """The message that stands for the answer."""
        return self._hook("GET", token, limit_s)

    def delete_original(self, token: str, *, limit_s: float = CALL_S) -> Said:
        """Take the message that stands for the answer away."""
        return self._hook("DELETE", token, limit_s, wanted=None)

    def _hook(
        self,
        method: str,
        token: str,
        limit_s: float,
        body: Body | None = None,
        file: Upload | None = None,
        *,
        patient: bool = True,
        wanted: type[dict[str, Any]] | None = dict,
    ) -> Said:
        path = f"/webhooks/{quote(self.app, safe='')}/{quote(token, safe='')}/messages/@original"
        major = f"{_OWN_LIMITS}/{token}"
        return self._call(method, path, major, limit_s=limit_s, body=body, file=file, patient=patient, wanted=wanted)

    # -- as the bot ------------------------------------------------------------------------------------------------

    def post(self, channel: str, body: Body, file: Upload | None = None, *, limit_s: float = CALL_S) -> Said:
        """A new message. With ``nonce`` and ``enforce_nonce`` in the body it is made once in a few minutes."""
        return self._call("POST", f"{_channel(channel)}/messages", channel, limit_s=limit_s, body=body, file=file)

    def history(self, channel: str, *, limit_s: float = CALL_S, **where: str) -> Said:
        """Up to 100 messages, the newest first. ``where`` is ``before`` or ``after`` a message's id."""
        query = urlencode({"limit": "100", **where})
        return self._call("GET", f"{_channel(channel)}/messages?{query}", channel, limit_s=limit_s, wanted=list)

    def delete(self, channel: str, message: str, *, limit_s: float = CALL_S) -> Said:
        """Take a message of ours away."""
        path = f"{_channel(channel)}/messages/{quote(message, safe='')}"
        return self._call("DELETE", path, channel, limit_s=limit_s, wanted=None)

    def open_dm(self, member: str, *, limit_s: float = CALL_S) -> Said:
        """The conversation with a person, made when first asked for; nobody is told of it."""
        return self._call(
            "POST", "/users/@me/channels", "dm", limit_s=limit_s, body={"recipient_id": member}, harmless=True
        )

    def set_commands(self, commands: list[Body], guild: str = "") -> Said:
        """Make these the app's commands, and no others, everywhere or in one server."""
        place = f"/guilds/{quote(guild, safe='')}" if guild else ""
        path = f"/applications/{quote(self.app, safe='')}{place}/commands"
        return self._call("PUT", path, "commands", limit_s=CALL_S, body=commands, harmless=True, wanted=list)

    # -- one call --------------------------------------------------------------------------------------------------

    def _call(
        self,
        method: str,
        path: str,
        major: str,
        *,
        limit_s: float,
        body: Body | list[Body] | None = None,
        file: Upload | None = None,
        harmless: bool = False,
        patient: bool = True,
        wanted: type[dict[str, Any]] | type[list[Any]] | None = dict,
    ) -> Said:
        """Call, unless we have to wait. ``major`` is what Discord counts apart: a channel, an interaction.

        ``wanted`` is what a good answer holds: something with an id, a list of such, or nothing in particular.

        Raises ``PlatformBusy`` when it has to wait, ``PlatformFault`` when nothing happened and it may be tried
        again, ``AnswerLost`` when it may have happened.
        """
        harmless = harmless or method in {"GET", "DELETE"}
        own = major.startswith(_OWN_LIMITS)
        route = f"{method} {major}"
        self._turn((self._buckets.get(route, route), *(() if own else (_GLOBAL,))), patient=patient)
        sent, headers = _packed(body, file)
        if not own:
            headers["Authorization"] = f"Bot {self._bot_token}"
        told = self._caller.call(method, path, limit_s=limit_s, headers=headers, body=sent, harmless=harmless)
        data = told.data
        self._note(told, route, major)
        if told.status in {401, 403} or (told.status == 429 and told.headers.get("x-ratelimit-scope") != "shared"):
            self._waiting.refused()
        if told.status == 429:
            raise self._busy(told, data, route)
        if told.status >= 500:
            if harmless:
                raise PlatformFault(f"Discord answered {told.status}.")
            # It may have been done all the same, and may not be repeatable once the token is dead.
            raise AnswerLost(f"Discord answered {told.status}, which leaves open what it did.")
        if 200 <= told.status < 300 and not _is(data, wanted):
            kind = PlatformFault if harmless else AnswerLost
            raise kind(f"Discord answered {told.status} in words that are not its own.")
        code = data.get("code") if isinstance(data, dict) else 0
        return Said(told.status, code if isinstance(code, int) and not isinstance(code, bool) else 0, data)

    def _turn(self, names: tuple[str, ...], *, patient: bool) -> None:
        try:
            self._waiting.need(*names)
        except PlatformBusy as busy:
            if not patient or not busy.retry_after or busy.retry_after > PATIENCE_S:
                raise
            self._wait(busy.retry_after + 0.01)  # clocks differ a little, and a turn too soon is a turn refused
            self._waiting.need(*names)

    def _note(self, told: Told, route: str, major: str) -> None:
        """Learn the bucket of a route, and wait for it once it is empty."""
        name = told.headers.get("x-ratelimit-bucket")
        if name:
            if len(self._buckets) > 2000:
                self._buckets.clear()
            self._buckets[route] = f"{name} {major}"
        if told.headers.get("x-ratelimit-remaining") == "0" and told.status != 429:
            after = told.headers.get("x-ratelimit-reset-after")
            if after is not None:
                self._waiting.ban(self._buckets.get(route, route), wait_s(after))

    def _busy(self, told: Told, data: object, route: str) -> PlatformBusy:
        """Remember the wait that a 429 asks for, in whichever spelling, and say it."""
        said = data if isinstance(data, dict) else {}
        seconds = wait_s(told.headers.get("retry-after"), said.get("retry_after"))
        everywhere = (
            said.get("global") is True
            or "x-ratelimit-global" in told.headers
            or told.headers.get("x-ratelimit-scope") == "global"
            or not said  # not from Discord itself: whoever stands before it shuts the address out
        )
        self._waiting.ban(_GLOBAL if everywhere else self._buckets.get(route, route), seconds)
        if everywhere:
            self._waiting.ban(self._buckets.get(route, route), seconds)
        return PlatformBusy("Discord asks us to wait.", retry_after=seconds)


def _is(data: object, wanted: type[dict[str, Any]] | type[list[Any]] | None) -> bool:
    """Whether an answer holds what it must: whoever stands before Discord may say 200 too."""
    if wanted is list:
        return isinstance(data, list) and all(_is(each, dict) for each in data)
    if wanted is None:
        return True
    name = data.get("id") if isinstance(data, dict) else None
    return isinstance(name, str) and _ID.fullmatch(name) is not None


def _channel(channel: str) -> str:
    return f"/channels/{quote(channel, safe='')}"


def _packed(body: Body | list[Body] | None, file: Upload | None) -> tuple[bytes | None, dict[str, str]]:
    """The bytes of a request and their headers: JSON, or a form with JSON and a file."""
    if body is None:
        return None, {}
    told = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    if file is None:
        return told, {"Content-Type": "application/json"}
    said = RequestField("payload_json", told)
    said.make_multipart(content_type="application/json")
    sent = RequestField("files[0]", file.data, filename=file.name)
    sent.make_multipart(content_type=file.media_type)
    form, media_type = encode_multipart_formdata([said, sent])
    return form, {"Content-Type": media_type}
