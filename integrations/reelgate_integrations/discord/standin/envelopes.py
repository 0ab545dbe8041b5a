"""Writes what Discord sends to an app: interactions and webhook events, with everything that stands around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reelgate.errors import BadInput, NotOffered
from reelgate_integrations.discord.standin import shapes
from reelgate_integrations.discord.standin import world as w
from reelgate_integrations.discord.standin.checks import LABEL, ROW, TEXT_INPUT
from reelgate_integrations.discord.standin.limits import FILE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SUB, _GROUP, _STRING, _INTEGER, _BOOLEAN, _USER, _CHANNEL, _NUMBER = 1, 2, 3, 4, 5, 6, 7, 10
_TYPES: dict[int, type | tuple[type, ...]] = {
    _STRING: str, _INTEGER: int, _BOOLEAN: bool, _USER: str, _CHANNEL: str, _NUMBER: (int, float),
}  # fmt: skip


def owners(world: w.World, user: w.User, channel: w.Channel) -> dict[str, str]:
    """On whose behalf the app is here: the server's, the person's, or both; empty when it is not."""
    found = {}
    if channel.guild is None:
        found["0"] = "0"
    elif channel.guild.has_app:
        found["0"] = channel.guild.id
    if user.carries_app:
        found["1"] = user.id
    return found


def ping(world: w.World) -> dict[str, Any]:
    """The question whether the app is there."""
    return {
        "id": world.snowflake(),
        "application_id": world.app,
        "type": 1,
        "token": "ping",
        "version": 1,
        "entitlements": [],
        "authorizing_integration_owners": {},
        "attachment_size_limit": FILE_BYTES,
        "user": shapes.user(next(each for each in world.users.values() if not each.bot)),
    }


def event(world: w.World, name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """A webhook event; it has no id of its own."""
    told = {"type": name, "timestamp": shapes.when(world.clock()), "data": dict(data)}
    return {"version": 1, "application_id": world.app, "type": 1, "event": told}


def interaction(world: w.World, asked: w.Interaction, data: Mapping[str, Any], base: str) -> dict[str, Any]:
    """What a person did, in full."""
    place, user = asked.channel, asked.user
    told: dict[str, Any] = {
        "id": asked.id,
        "application_id": world.app,
        "type": asked.kind,
        "token": asked.token,
        "version": 1,
        "data": dict(data),
        "channel_id": place.id,
        "channel": shapes.channel(place, world),
        "locale": user.locale,
        "app_permissions": str(_permissions(place)),
        "context": 0 if place.guild else 1,
        "authorizing_integration_owners": dict(asked.owners),
        "entitlements": [],
        "attachment_size_limit": FILE_BYTES,
    }
    if place.guild is None:
        told["user"] = shapes.user(user)
    else:
        guild = place.guild
        told["member"] = shapes.member(user, guild)
        told["guild_id"], told["guild_locale"] = guild.id, guild.locale
        told["guild"] = {"id": guild.id, "locale": guild.locale, "features": []}
    if asked.source is not None:
        told["message"] = shapes.message(asked.source, world, base)
    return told


def _permissions(place: w.Channel) -> int:
    if place.guild is None:
        return w.ATTACH_FILES | w.EMBED_LINKS | w.MENTION_EVERYONE
    return place.app_permissions if place.guild.has_app else w.ATTACH_FILES | w.EMBED_LINKS | w.MENTION_EVERYONE


def offered(world: w.World, user: w.User, channel: w.Channel, kind: int = 1) -> list[dict[str, Any]]:
    """The commands that a person is shown in a channel; kind 3 are those in the menu of a message."""
    where = "" if channel.guild is None else channel.guild.id
    known = [*world.commands[""], *(world.commands.get(where, []) if where else [])]
    return [each for each in known if each["type"] == kind and _shown(each, world, user, channel)]


def _shown(command: Mapping[str, Any], world: w.World, user: w.User, channel: w.Channel) -> bool:
    here = owners(world, user, channel)
    if not {str(each) for each in command.get("integration_types") or [0]} & here.keys():
        return False
    contexts = command.get("contexts")
    if contexts is not None and (0 if channel.guild else 1) not in contexts:
        return False
    if channel.guild is None:
        return True
    if command.get("nsfw") and not channel.nsfw:
        return False
    wanted = command.get("default_member_permissions")
    return wanted is None or channel.guild.members.get(user.id, 0) & int(wanted) == int(wanted)


def command(
    world: w.World, user: w.User, channel: w.Channel, name: str, given: Mapping[str, Any], focused: str = ""
) -> dict[str, Any]:
    """The data of a typed command: ``name`` may hold a sub-command, as in ``settings quota``.

    ``focused`` names the field being typed. Raises ``NotOffered`` for a command that is not shown there and
    ``BadInput`` for values that the client would not send.
    """
    words = name.split()
    found = next((each for each in offered(world, user, channel) if words and each["name"] == words[0]), None)
    if found is None:
        raise NotOffered(f"no command /{name} is offered in this channel", says="That command isn't offered here.")
    data: dict[str, Any] = {"id": found["id"], "name": found["name"], "type": found["type"]}
    if "guild_id" in found:
        data["guild_id"] = found["guild_id"]
    resolved: dict[str, Any] = {}
    options = _options(world, channel, found.get("options") or [], words[1:], given, focused, resolved)
    if options:
        data["options"] = options
    return {**data, "resolved": resolved} if resolved else data


def menu(world: w.World, user: w.User, message: w.Message, name: str, base: str) -> dict[str, Any]:
    """The data of a command chosen in a message's menu; raises ``NotOffered``."""
    place = message.channel
    found = next((each for each in offered(world, user, place, 3) if each["name"] == name), None)
    if found is None:
        raise NotOffered(f"no command {name!r} is in the menu of this message", says="That isn't offered here.")
    resolved = {"messages": {message.id: shapes.message(message, world, base)}}
    return {"id": found["id"], "name": name, "type": 3, "target_id": message.id, "resolved": resolved}


def _options(
    world: w.World,
    channel: w.Channel,
    known: list[dict[str, Any]],
    path: list[str],
    given: Mapping[str, Any],
    focused: str,
    resolved: dict[str, Any],
) -> list[dict[str, Any]]:
    if any(each["type"] in (_SUB, _GROUP) for each in known):
        chosen = next((each for each in known if path and each["name"] == path[0]), None)
        if chosen is None:
            raise BadInput("that command needs one of: " + ", ".join(each["name"] for each in known))
        inner = _options(world, channel, chosen.get("options") or [], path[1:], given, focused, resolved)
        return [{"name": chosen["name"], "type": chosen["type"], "options": inner}]
    unknown = set(given) - {each["name"] for each in known}
    if unknown or path:
        raise BadInput(f"the command has no field {', '.join(sorted(unknown) or path)}")
    return list(_filled(world, channel, known, given, focused, resolved))


def _filled(
    world: w.World,
    channel: w.Channel,
    known: list[dict[str, Any]],
    given: Mapping[str, Any],
    focused: str,
    resolved: dict[str, Any],
) -> Iterator[dict[str, Any]]:
    for option in known:
        name = option["name"]
        if name not in given:
            if option.get("required") and not focused:
                raise BadInput(f"the field {name} has to be filled in")
            continue
        value = given[name]
        if name == focused:
            yield {"name": name, "type": option["type"], "value": value, "focused": True}
            continue
        _fits(option, value)
        if option["type"] == _USER:
            person = world.users[value]
            resolved.setdefault("users", {})[value] = shapes.user(person)
            if channel.guild is not None and value in channel.guild.members:
                member = shapes.member(person, channel.guild)
                resolved.setdefault("members", {})[value] = {key: member[key] for key in member.keys() - {"user"}}
        elif option["type"] == _CHANNEL:
            resolved.setdefault("channels", {})[value] = shapes.channel(world.channels[value], world)
        yield {"name": name, "type": option["type"], "value": value}


def _fits(option: Mapping[str, Any], value: object) -> None:
    """Whether the client would let a person send this."""
    wanted = _TYPES.get(option["type"])
    if wanted is None:
        raise NotOffered(f"this twin has no field of type {option['type']}")
    right = isinstance(value, wanted) and (option["type"] == _BOOLEAN or not isinstance(value, bool))
    if right and option.get("choices"):
        right = value in [each["value"] for each in option["choices"]]
    if right and isinstance(value, str) and option["type"] == _STRING:
        right = option.get("min_length", 0) <= len(value) <= option.get("max_length", 6000) and bool(value)
    if right and isinstance(value, int | float) and not isinstance(value, bool):
        right = option.get("min_value", value) <= value <= option.get("max_value", value)
    if not right:
        raise BadInput(f"the field {option['name']} does not take that")


def filled(modal: w.Modal, values: Mapping[str, str]) -> dict[str, Any]:
    """The data of a form sent off; ``values`` by the fields' own ids. Raises ``BadInput`` as the client would."""
    known = [text["custom_id"] for part in modal.data["components"] for text in texts(part)]
    if set(values) - set(known):
        raise BadInput("the form has no such field")
    return {
        "custom_id": modal.data["custom_id"],
        "components": [_filled_part(p, values) for p in modal.data["components"]],
    }


def texts(part: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The text fields in one part of a form."""
    inner = part.get("components") or [part.get("component") or {}]
    return [each for each in inner if each.get("type") == TEXT_INPUT]


def _filled_part(part: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    sent = [_filled_text(each, values) for each in texts(part)]
    if part["type"] == ROW:
        return {"type": ROW, "id": 1, "components": sent}
    return (
        {"type": LABEL, "id": 1, "component": sent[0]} if part["type"] == LABEL else {"type": part["type"], "id": 1}
    )


def _filled_text(text: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    value = values.get(text["custom_id"], text.get("value") or "")
    least = text.get("min_length", 1 if text.get("required", True) else 0)
    if not least <= len(value) <= text.get("max_length", 4000):
        raise BadInput(f"the field takes {least} to {text.get('max_length', 4000)} characters")
    return {"type": TEXT_INPUT, "id": 2, "custom_id": text["custom_id"], "value": value}
