"""What the chat page shows of Discord's twin, and what its buttons do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reelgate.errors import BadInput, NotFound
from reelgate.testing.faults import Fault, Plan, Trouble
from reelgate_integrations.discord.standin import envelopes
from reelgate_integrations.discord.standin import world as w

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reelgate_integrations.discord.twin import DiscordTwin, Outcome

_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4", "video/webm")
_SUBS = (1, 2)

FAULTS: dict[str, tuple[str, str, Fault]] = {
    "lose_answers": ("Lose answers", "Half of the app's calls take effect, but their answers never come back.",
                     Fault(Trouble.LOSE_ANSWER, chance=0.5)),
    "lose_requests": ("Lose requests", "Half of the app's calls never arrive.",
                      Fault(Trouble.LOSE_REQUEST, chance=0.5)),
    "busy": ("Too many requests", "Half of the app's calls are told to wait two seconds (429).",
             Fault(Trouble.RATE_LIMIT, chance=0.5, seconds=2.0)),
    "ill": ("Server errors", "Half of the app's calls are answered 503.", Fault(Trouble.SERVER_ERROR, chance=0.5)),
    "slow": ("Slow answers", "Every answer takes three seconds.", Fault(Trouble.SLOW, seconds=3.0)),
    "duplicates": ("Duplicates", "Everything that people do reaches the app twice at once.",
                   Fault(Trouble.DUPLICATE, "event.*")),
    "forgeries": ("Bad signatures", "A forged copy goes ahead of everything that people do.",
                  Fault(Trouble.FORGERY, "event.*")),
    "silence": ("Silence", "The app's first answer never arrives: it “did not respond”.",
                Fault(Trouble.LOSE_ANSWER, "event.*")),
}  # fmt: skip
"""Switches of the page: what they are called, what they do, and the fault behind them."""


CIRCUMSTANCES: dict[str, tuple[str, str]] = {
    "shut_out": ("Shut out", "The app may neither look into channels nor write there as itself."),
    "no_dms": ("No private messages", "Nobody takes messages from the app."),
}
"""Switches that change the world instead of the way there."""


class View:
    """One twin, as a page of people."""

    title = "Discord twin"
    note = "A stand-in on this machine. Nothing here reaches Discord."

    def __init__(self, twin: DiscordTwin) -> None:
        self._twin, self._world = twin, twin.world
        self._on: set[str] = set()
        self._verbs: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "command": self._command,
            "menu": self._menu,
            "suggest": self._suggest,
            "press": self._press,
            "fill": self._fill,
            "say": self._say,
            "fault": self._fault,
            "age": self._age,
            "probe": self._probe,
            "install": self._install,
            "carry": self._carry,
        }

    def version(self, known: str, seconds: float) -> str:
        """What names the present state, waiting for one that is not ``known``, for so many seconds at most."""
        seen = known.partition(".")[0]
        number = self._world.watch(int(seen), seconds) if seen.isdigit() else self._world.version
        log = self._twin.engine.log
        return f"{number}.{log[-1].number if log else 0}"

    def state(self, viewer: str, channel: str) -> dict[str, Any]:
        """Everything that the page shows to one person in one channel; unknown ids give the first of each."""
        world, twin = self._world, self._twin
        with world.lock:
            people = [each for each in world.users.values() if not each.bot]
            user = next((each for each in people if each.id == viewer), people[0])
            twin.dm(user)
            places = [each for each in world.channels.values() if world.sees(user, each) and not each.gone]
            place = next((each for each in places if each.id == channel), places[0])
            return {
                "version": self.version("", 0),
                "title": self.title,
                "note": self.note,
                "app": {"id": world.app, "name": world.bot.name},
                "viewer": user.id,
                "channel": place.id,
                "people": [self._person(each) for each in people],
                "places": [self._place(each) for each in places],
                "messages": [self._message(each) for each in world.read(place, user)],
                "commands": [flat for each in twin.commands(user, place) for flat in _flat(each)],
                "menus": [each["name"] for each in twin.commands(user, place, 3)],
                "carries": user.carries_app,
                "faults": [
                    {"id": key, "label": label, "says": says, "on": key in self._on}
                    for key, (label, says, *_) in {**FAULTS, **CIRCUMSTANCES}.items()
                ],
                "log": [self._entry(each) for each in list(twin.engine.log)[-80:]],
                "broken": [f"{each.rule}: {each.detail} ({each.route})" for each in twin.violations[-20:]],
                "invalid": twin.invalid,
            }

    def do(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What somebody did on the page; ``asked["verb"]`` says what; raises our errors."""
        verb = self._verbs.get(str(asked.get("verb")))
        if verb is None:
            raise BadInput("the page asked for something that the twin does not do")
        try:
            done = {"ok": True, **verb(asked)}
            self._twin.retry()
            return done
        except (KeyError, TypeError) as cause:
            raise BadInput(f"the page left something out ({cause})") from None

    def file(self, id: str) -> tuple[bytes, str] | None:
        """The bytes and media type of a file in some message."""
        for message in list(self._world.messages.values()):
            for each in message.attachments:
                if each.id == id and message.deleted is None:
                    return each.data, each.media_type if each.media_type in _INLINE else "application/octet-stream"
        return None

    # -- what buttons do -----------------------------------------------------------------------------------

    def _command(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        user, place = self._who(asked), self._where(asked)
        return self._came(self._twin.command(user, place, asked["name"], asked["options"]))

    def _menu(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        return self._came(self._twin.menu(self._who(asked), self._which(asked), asked["name"]))

    def _suggest(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        user, place = self._who(asked), self._where(asked)
        done = self._twin.autocomplete(user, place, asked["name"], asked["options"], asked["focused"])
        return {"choices": list(done.choices)}

    def _press(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        return self._came(self._twin.press(self._who(asked), self._which(asked), asked["custom_id"]))

    def _fill(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        modal = self._world.modals.get(str(asked["modal"]))
        if modal is None:
            raise NotFound("that form is not open any more", says="That form is not open any more.")
        return self._came(self._twin.fill(self._who(asked), modal.channel, modal, asked["values"]))

    def _say(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        if not str(asked["words"]).strip():
            raise BadInput("there is nothing to say", says="Type a few words first.")
        self._twin.say(self._who(asked), self._where(asked), str(asked["words"]))
        return {}

    def _fault(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        name, on = asked["id"], bool(asked["on"])
        if name not in FAULTS and name not in CIRCUMSTANCES:
            raise NotFound("there is no such switch")
        (self._on.add if on else self._on.discard)(name)
        if name == "shut_out":
            with self._world.lock:
                for place in self._world.channels.values():
                    place.app_permissions = 0 if on else w.APP
        elif name == "no_dms":
            with self._world.lock:
                for user in self._world.users.values():
                    user.takes_dms = not on
        else:
            self._twin.faults.follow(Plan(tuple(FAULTS[key][2] for key in FAULTS if key in self._on)))
        self._world.changed()
        return {}

    def _carry(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        status = self._twin.carry(self._who(asked))
        return {"says": f"The app goes where you go now. It was told, and answered {status or 'nothing'}."}

    def _age(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        self._twin.age()
        self._world.changed()
        return {"says": "Every command is 15 minutes older now: its answers have to find another way."}

    def _probe(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        status = self._twin.probe_bad_signature()
        return {"says": f"The app answered {status}." + (" That is right." if status == 401 else " It must be 401.")}

    def _install(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        guild = self._world.guilds.get(str(asked["guild"]))
        if guild is None:
            raise NotFound("there is no such server")
        status = self._twin.authorize(guild) if asked["on"] else self._twin.deauthorize(guild)
        return {"says": f"The app was told, and answered {status or 'nothing'}."}

    def _came(self, outcome: Outcome) -> dict[str, Any]:
        return {"failed": outcome.failed, "modal": _form(outcome.modal) if outcome.modal else None}

    def _who(self, asked: Mapping[str, Any]) -> w.User:
        return self._world.users[str(asked["viewer"])]

    def _where(self, asked: Mapping[str, Any]) -> w.Channel:
        return self._world.channels[str(asked["channel"])]

    def _which(self, asked: Mapping[str, Any]) -> w.Message:
        return self._world.messages[str(asked["message"])]

    # -- how things look -----------------------------------------------------------------------------------

    def _person(self, user: w.User) -> dict[str, Any]:
        return {"id": user.id, "name": user.name}

    def _place(self, place: w.Channel) -> dict[str, Any]:
        guild = place.guild
        return {
            "id": place.id,
            "name": place.name,
            "adult": place.nsfw,
            "private": guild is None,
            "server": {"id": guild.id, "name": guild.name, "has_app": guild.has_app} if guild else None,
        }

    def _message(self, message: w.Message) -> dict[str, Any]:
        asker = self._world.users.get(message.asked_by)
        return {
            "id": message.id,
            "author": message.author.name,
            "bot": message.author.bot,
            "at": message.at,
            "edited": message.edited is not None,
            "content": message.content,
            "loading": message.loading,
            "ephemeral": message.ephemeral,
            "failed": message.failed,
            "asked": {"by": asker.name, "what": message.asked_what} if asker and message.asked_what else None,
            "files": [
                {"id": each.id, "name": each.filename, "type": each.media_type, "size": len(each.data),
                 "says": each.description, "hidden": each.filename.startswith("SPOILER_")}
                for each in message.attachments
            ],
            "rows": [
                [{key: each.get(key) for key in ("label", "style", "custom_id", "disabled", "url")}
                 for each in row.get("components", ())]
                for row in message.components
            ],
        }  # fmt: skip

    def _entry(self, entry: Any) -> dict[str, Any]:
        return {
            "number": entry.number,
            "at": entry.at,
            "way": entry.way,
            "line": entry.line,
            "status": entry.status,
            "troubles": entry.troubles,
            "rules": entry.rules,
            "sent": entry.sent,
            "got": entry.got,
        }


def _flat(command: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A command as people type it: one for each of its sub-commands, where it has any."""
    options = command.get("options") or []
    if any(each["type"] in _SUBS for each in options):
        inner = [flat for each in options for flat in _flat(each)]
        return [{**each, "name": f"{command['name']} {each['name']}"} for each in inner]
    return [{"name": command["name"], "says": command["description"], "options": options}]


def _form(modal: w.Modal) -> dict[str, Any]:
    fields = []
    for part in modal.data["components"]:
        for text in envelopes.texts(part):
            label = part.get("label") or text.get("label") or ""
            longest, least = text.get("max_length", 4000), text.get("min_length", 0)
            fields.append({
                "id": text["custom_id"], "label": label, "long": text["style"] == 2, "value": text.get("value") or "",
                "longest": longest, "least": least, "required": text.get("required", True),
                "hint": text.get("placeholder") or part.get("description") or "",
            })  # fmt: skip
    return {"id": modal.id, "title": modal.data["title"], "fields": fields}
