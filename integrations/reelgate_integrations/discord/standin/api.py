"""Plays Discord's API for the bot: its own person, commands, channels and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reelgate.testing.twin import Breach, Told, told_json
from reelgate_integrations.discord.standin import commands, posting, shapes
from reelgate_integrations.discord.standin import world as w
from reelgate_integrations.discord.standin.limits import NONCE_S
from reelgate_integrations.discord.standin.shapes import error, form_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from reelgate.testing.twin import Call
    from reelgate_integrations.discord.standin.forms import Form

_PAGE = 50
_NO_CONTENT = Told(204)


class BotApi:
    """The routes that want the bot's token. ``base`` says where the twin serves files."""

    def __init__(self, world: w.World, base: Callable[[], str]) -> None:
        self._world, self._base = world, base

    def me(self, call: Call) -> Told:
        """GET /users/@me"""
        more = {"verified": True, "mfa_enabled": True, "locale": "en-US"}
        return told_json(200, {**shapes.user(self._world.bot), **more})

    # -- commands ------------------------------------------------------------------------------------------

    def list_commands(self, call: Call) -> Told:
        """GET …/commands"""
        where = self._commands_of(call)
        return where if isinstance(where, Told) else told_json(200, self._world.commands.get(where, []))

    def set_commands(self, call: Call) -> Told:
        """PUT …/commands: these and no others; those that keep their name keep their id."""
        where = self._commands_of(call)
        if isinstance(where, Told):
            return where
        self._world.commands[where] = [self._command(each, where) for each in call.form.data]
        self._world.changed()
        return told_json(200, self._world.commands[where])

    def add_command(self, call: Call) -> Told:
        """POST …/commands: a new one, or the one of that name anew."""
        where = self._commands_of(call)
        if isinstance(where, Told):
            return where
        made = self._command(call.form.fields, where)
        others = [each for each in self._world.commands.get(where, []) if each["id"] != made["id"]]
        if any(commands.crowd([*others, made])):
            return error(30032)
        fresh = len(others) == len(self._world.commands.get(where, []))
        self._world.commands[where] = [*others, made]
        self._world.changed()
        return told_json(201 if fresh else 200, made)

    def _commands_of(self, call: Call) -> str | Told:
        guild = call.place.get("guild", "")
        if call.place["app"] != self._world.app:
            return error(20012)
        if guild and (guild not in self._world.guilds or not self._world.guilds[guild].has_app):
            return error(50001)
        return guild

    def _command(self, given: dict[str, Any], guild: str) -> dict[str, Any]:
        kind = given.get("type") or 1
        there = self._world.commands.get(guild, [])
        known = next((each["id"] for each in there if (each["type"], each["name"]) == (kind, given["name"])), None)
        shape = {
            "id": known or self._world.snowflake(),
            "application_id": self._world.app,
            "version": self._world.snowflake(),
            "default_member_permissions": None,
            "nsfw": False,
            "contexts": None,
            "integration_types": [0],
            "description": "",
            "options": [],
            **given,
            "type": kind,
        }
        return {**shape, "guild_id": guild} if guild else shape

    # -- messages ------------------------------------------------------------------------------------------

    def open_dm(self, call: Call) -> Told:
        """POST /users/@me/channels"""
        person = self._world.users.get(str(call.form.fields.get("recipient_id", "")))
        if person is None or person.bot:
            return error(10013)
        return told_json(200, shapes.channel(self._world.dm(person), self._world))

    def list_messages(self, call: Call) -> Told:
        """GET /channels/…/messages: the newest first. Without Read Message History the list is empty, not refused."""
        channel = self._channel(call, w.VIEW_CHANNEL)
        if isinstance(channel, Told):
            return channel
        query = call.asked.query
        wrong = [name for name in ("limit", "before", "after", "around") if not query.get(name, "1").isdecimal()]
        most = int(query.get("limit", _PAGE)) if not wrong else 0
        if wrong or not 1 <= most <= 100:
            name = wrong[0] if wrong else "limit"
            return form_error([Breach("int value should be 1 to 100.", (name,), "NUMBER_TYPE_MAX")])
        if not channel.app_permissions & w.READ_HISTORY and channel.guild is not None:
            return told_json(200, [])
        found = sorted(self._world.read(channel, None), key=lambda each: int(each.id), reverse=True)
        if "before" in query:
            found = [each for each in found if int(each.id) < int(query["before"])]
        elif "after" in query:
            found = [each for each in found if int(each.id) > int(query["after"])][-most:]
        elif "around" in query:
            near = sorted(found, key=lambda each: abs(int(each.id) - int(query["around"])))[:most]
            found = sorted(near, key=lambda each: int(each.id), reverse=True)
        return told_json(200, [self._shape(each) for each in found[:most]])

    def create_message(self, call: Call) -> Told:
        """POST /channels/…/messages"""
        form: Form = call.form
        needed = w.VIEW_CHANNEL | w.SEND_MESSAGES | (w.ATTACH_FILES if form.files else 0)
        channel = self._channel(call, needed)
        if isinstance(channel, Told):
            return channel
        if channel.guild is None and not self._world.users[channel.people[0]].takes_dms:
            return error(50007)
        if posting.empty(form.fields, form.files):
            return error(50006)
        nonce = str(form.fields.get("nonce") or "")
        if nonce and form.fields.get("enforce_nonce"):
            for message in self._world.messages.values():  # by its author, in whichever channel
                ours = message.author is self._world.bot and message.nonce == nonce
                if ours and self._world.clock() - message.at < NONCE_S:
                    return told_json(200, self._shape(message))
        return told_json(200, self._shape(posting.make(self._world, channel, form.fields, form.files)))

    def get_message(self, call: Call) -> Told:
        """GET /channels/…/messages/…"""
        message = self._message(call, w.VIEW_CHANNEL | w.READ_HISTORY)
        return message if isinstance(message, Told) else told_json(200, self._shape(message))

    def edit_message(self, call: Call) -> Told:
        """PATCH /channels/…/messages/…"""
        message = self._message(call, w.VIEW_CHANNEL)
        if isinstance(message, Told):
            return message
        if message.author is not self._world.bot:
            return error(50005)
        if posting.empty(call.form.fields, call.form.files, message):
            return error(50006)
        posting.change(self._world, message, call.form.fields, call.form.files)
        return told_json(200, self._shape(message))

    def delete_message(self, call: Call) -> Told:
        """DELETE /channels/…/messages/…"""
        message = self._message(call, w.VIEW_CHANNEL)
        if isinstance(message, Told):
            return message
        if message.author is not self._world.bot and not message.channel.app_permissions & w.MANAGE_MESSAGES:
            return error(50013)
        posting.remove(self._world, message)
        return _NO_CONTENT

    def _channel(self, call: Call, needed: int) -> w.Channel | Told:
        channel = self._world.channels.get(call.place["channel"])
        if channel is None or channel.gone:
            return error(10003)
        if channel.guild is None:
            return channel
        if not channel.guild.has_app or not channel.app_permissions & w.VIEW_CHANNEL:
            return error(50001)
        return channel if channel.app_permissions & needed == needed else error(50013)

    def _message(self, call: Call, needed: int) -> w.Message | Told:
        channel = self._channel(call, needed)
        if isinstance(channel, Told):
            return channel
        message = self._world.messages.get(call.place["message"])
        there = message is not None and message.channel is channel and message.deleted is None
        return message if message is not None and there and not message.ephemeral else error(10008)

    def _shape(self, message: w.Message) -> dict[str, Any]:
        return shapes.message(message, self._world, self._base())
