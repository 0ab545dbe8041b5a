"""Discord as a player of the engine: its routes and rules put together, its limits kept, its refusals worded."""

from __future__ import annotations

import math
import threading
from collections import deque
from typing import TYPE_CHECKING

from reelgate.testing.buckets import Buckets, Window
from reelgate.testing.faults import Fault, Spelling
from reelgate.testing.twin import Breach, Call, Route, Rule, Told, told_json
from reelgate_integrations.discord.standin import forms, shapes
from reelgate_integrations.discord.standin.api import BotApi
from reelgate_integrations.discord.standin.hooks import HookApi
from reelgate_integrations.discord.standin.limits import BY_NAME, GLOBAL_LIMIT, INVALID_LIMIT, PREFIX, VERBS
from reelgate_integrations.discord.standin.rules import STATUS, rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from reelgate.testing.twin import Asked
    from reelgate_integrations.discord.standin.world import World

_MAJOR = ("channel", "guild", "app", "token")
"""Names in a path that give every place a window of its own."""

_EVERYWHERE = "*"

_INLINE = ("image/", "video/", "audio/")


class Discord:
    """Routes, rules and manners. ``base`` says where the twin listens."""

    def __init__(self, world: World, token: str, base: Callable[[], str]) -> None:
        self._world, self._token = world, token
        self._buckets = Buckets(world.clock)
        self._invalid: deque[float] = deque()
        self._told: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()
        bot, hook = BotApi(world, base), HookApi(world, base)
        plays: dict[str, Callable[[Call], Told]] = {
            "me": bot.me,
            "dm.open": bot.open_dm,
            "commands.list": bot.list_commands,
            "commands.set": bot.set_commands,
            "commands.add": bot.add_command,
            "commands.list_guild": bot.list_commands,
            "commands.set_guild": bot.set_commands,
            "commands.add_guild": bot.add_command,
            "messages.list": bot.list_messages,
            "messages.create": bot.create_message,
            "messages.get": bot.get_message,
            "messages.edit": bot.edit_message,
            "messages.delete": bot.delete_message,
            "callback": hook.callback,
            "original.get": hook.get_original,
            "original.edit": hook.edit_original,
            "original.delete": hook.delete_original,
            "follow_up.create": hook.create_follow_up,
            "follow_up.get": hook.get_follow_up,
            "follow_up.edit": hook.edit_follow_up,
            "follow_up.delete": hook.delete_follow_up,
        }
        self.routes: Sequence[Route] = [
            *(
                Route(f"api.{verb.name}", verb.method, PREFIX + verb.path, self._alone(plays[verb.name]))
                for verb in VERBS
            ),
            Route("file", "GET", "/attachments/{channel}/{file}/{name}", self._file),
        ]
        self.rules: Sequence[Rule] = rules(token)

    @property
    def invalid(self) -> int:
        """How many answers of the last ten minutes count towards being shut out."""
        oldest = self._world.clock() - INVALID_LIMIT[1]
        with self._lock:
            while self._invalid and self._invalid[0] < oldest:
                self._invalid.popleft()
            return len(self._invalid)

    def read(self, asked: Asked) -> forms.Form:
        """The body, as JSON and files."""
        return forms.read(asked.headers.get("content-type", ""), asked.body)

    def unknown(self, asked: Asked, known: bool) -> Told:
        """404 or 405."""
        status, words = (405, "Method Not Allowed") if known else (404, "Not Found")
        return told_json(status, {"message": f"{status}: {words}", "code": 0})

    def refuse(self, call: Call, broken: Sequence[tuple[Rule, Breach]]) -> Told:
        """The first rule that has a code of its own decides; else every fault stands in one tree."""
        for rule, _ in broken:
            if rule.name in STATUS:
                return shapes.error(STATUS[rule.name])
        return shapes.form_error([breach for _, breach in broken])

    def failing(self, status: int) -> Told:
        """What stands before Discord when Discord is not well."""
        return Told(status, b"<html><body>upstream connect error</body></html>", {"Content-Type": "text/html"})

    def limited(self, call: Call, fault: Fault) -> Told:
        """A 429 in one of the spellings seen; whoever asks again before the time that it says is told the same."""
        if fault.spelling is Spelling.MISSING:
            return Told(429, b"error code: 1015", {"Content-Type": "text/plain"})
        now = self._world.clock()
        with self._lock:
            self._told = {where: told for where, told in self._told.items() if told[0] > now}
            everywhere = fault.scope == "global" and BY_NAME[call.route.name].bot
            self._told[_EVERYWHERE if everywhere else _window(call)] = (now + fault.seconds, fault.scope)
        headers = {"X-RateLimit-Scope": fault.scope}
        if fault.scope == "global":
            headers["X-RateLimit-Global"] = "true"
        if fault.spelling is Spelling.INTEGER:
            headers["Retry-After"] = str(math.ceil(fault.seconds))
        elif fault.spelling is Spelling.FLOAT:
            headers["Retry-After"] = f"{fault.seconds:.3f}"
        return _too_many(fault.seconds, fault.scope == "global", headers)

    def admit(self, call: Call) -> tuple[Told | None, Mapping[str, str]]:
        """Count the request in its window and, for the bot, in that of all routes."""
        verb = BY_NAME.get(call.route.name)
        if verb is None:
            return None, {}
        if self.invalid >= INVALID_LIMIT[0]:
            return Told(429, b"error code: 1015", {"Content-Type": "text/plain"}), {}
        now = self._world.clock()
        for where in (_EVERYWHERE, _window(call)) if verb.bot else (_window(call),):
            until, scope = self._told.get(where, (0.0, ""))
            if until > now:
                headers = {"X-RateLimit-Scope": scope, "Retry-After": str(max(1, math.ceil(until - now)))}
                return _too_many(until - now, scope == "global", headers), {}
        every = self._buckets.take("global", *GLOBAL_LIMIT) if verb.bot else None
        if every and every.over:
            headers = {"X-RateLimit-Scope": "global", "X-RateLimit-Global": "true", **_retry(every, now)}
            return _too_many(every.reset - now, True, headers), {}
        window = self._buckets.take(_window(call), *verb.limit)
        headers = {
            "X-RateLimit-Limit": str(window.limit),
            "X-RateLimit-Remaining": str(window.left),
            "X-RateLimit-Reset": f"{window.reset:.3f}",
            "X-RateLimit-Reset-After": f"{max(window.reset - now, 0):.3f}",
            "X-RateLimit-Bucket": verb.name,
        }
        if window.over:
            told = {"X-RateLimit-Scope": "user", **_retry(window, now)}
            return _too_many(window.reset - now, False, told), headers
        return None, headers

    def count(self, call: Call, told: Told) -> None:
        """Count an answer that Discord counts against the address it went to."""
        if told.status in (401, 403) or (told.status == 429 and told.headers.get("X-RateLimit-Scope") != "shared"):
            with self._lock:
                self._invalid.append(self._world.clock())

    def secrets(self) -> list[str]:
        """The bot's token and those of all interactions."""
        return [self._token, *self._world.tokens()]

    def _alone(self, play: Callable[[Call], Told]) -> Callable[[Call], Told]:
        def played(call: Call) -> Told:
            with self._world.lock:
                return play(call)

        return played

    def _file(self, call: Call) -> Told:
        for message in list(self._world.messages.values()):
            for each in message.attachments:
                if each.id == call.place["file"] and message.deleted is None:
                    media = each.media_type if each.media_type.startswith(_INLINE) else "application/octet-stream"
                    return Told(200, each.data, {"Content-Type": media, "X-Content-Type-Options": "nosniff"})
        return Told(404)


def _window(call: Call) -> str:
    """What is counted apart: a route in its place."""
    place = "/".join(call.place[name] for name in _MAJOR if name in call.place)
    return f"{call.route.name}/{place}"


def _retry(window: Window, now: float) -> dict[str, str]:
    return {"Retry-After": str(max(1, math.ceil(window.reset - now)))}


def _too_many(seconds: float, everywhere: bool, headers: Mapping[str, str]) -> Told:
    body = {"message": "You are being rate limited.", "retry_after": round(max(seconds, 0), 3), "global": everywhere}
    return told_json(429, body, headers)
