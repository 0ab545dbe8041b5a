"""What a body of Discord's says: every one becomes a typed event, also one that asks nothing of us.

The live door insists on the whole envelope. A recorded body may lack it, as those in documentations do: what is
missing is then empty, and the event says so by that.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from reelgate import chat
from reelgate.errors import BodyInvalid
from reelgate.words import Address, Kind, Prompt
from reelgate_integrations.discord import facts

if TYPE_CHECKING:
    from collections.abc import Iterator

Body: TypeAlias = "dict[str, Any]"

PING, COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 1, 2, 3, 4, 5
_SLASH, _USER_MENU, _MESSAGE_MENU = 1, 2, 3
_TEXT_INPUT: Final = 4
_IN_DM: Final = frozenset({1, 3})
_LONGEST_S: Final = 86_400.0
_SNOWFLAKE: Final = re.compile(r"[0-9]{1,20}")
_TOKEN: Final = re.compile(r"[!-~]+")
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
"""The escape of half a character; most of them have the other half beside them."""

_ANOTHER_TYPE: Final = "An option has another type than it was registered with."

TAG_SIGN: Final = "~"
"""Stands between a button's state and the tag of the delivery it came with; no state holds it."""


def parse(raw: bytes) -> Body:
    """The JSON object in ``raw``, which is UTF-8; raises ``BodyInvalid``."""
    try:
        text = raw.decode()
        body = json.loads(text, parse_constant=_no_number)
        if _HALF.search(text):
            json.dumps(body, ensure_ascii=False).encode()  # half a character can be neither kept nor sent on
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise BodyInvalid("That is no JSON object.")
    return body


def _no_number(text: str) -> None:
    raise ValueError(text)


def born(snowflake: str) -> float | None:
    """The Unix time in an id; ``None`` for what is none."""
    if not _SNOWFLAKE.fullmatch(snowflake):
        return None
    return ((int(snowflake) >> 22) + facts.EPOCH_MS) / 1000


def is_interaction(body: Body) -> bool:
    """Is this an interaction other than a ping, by its shape?"""
    data, kind = body.get("data"), body.get("type")
    if not isinstance(data, dict) or isinstance(kind, bool) or not isinstance(kind, int):
        return False
    if kind in {COMMAND, AUTOCOMPLETE}:
        return isinstance(data.get("name"), str)
    if kind == COMPONENT:
        return isinstance(data.get("custom_id"), str) and "component_type" in data
    return kind == MODAL and isinstance(data.get("custom_id"), str) and isinstance(data.get("components"), list)


def is_ping(body: Body) -> bool:
    """Is this Discord's question whether anybody is there, about interactions?"""
    return _number(body, "type") == PING and "event" not in body and "components" not in body


def is_hook(body: Body) -> bool:
    """Is this a webhook event, or the ping that goes before them?"""
    if _number(body, "type") == 0:
        return "event" not in body and "application_id" in body and "version" in body
    return _number(body, "type") == 1 and isinstance(body.get("event"), dict)


def read(body: Body, app: str, once_key: str) -> chat.Event:
    """The event in a body that came in through the door; ``once_key`` is for those without an id of their own.

    Raises ``BodyInvalid`` for what is not of Discord, is for another app, or lacks its envelope.
    """
    if body.get("application_id") != app:
        raise BodyInvalid("That is for another app.")
    if is_hook(body):
        event = _hooked(body, app, once_key)
    elif is_interaction(body) and born(_text(body, "id")) is not None and _TOKEN.fullmatch(_text(body, "token")):
        event = _asked(body, app, once_key)
        if not event.heard.origin.member:
            raise BodyInvalid("Nobody did that.")
    else:
        raise BodyInvalid("That is no interaction.")
    if not all(_SNOWFLAKE.fullmatch(each) for each in _ids(event.heard) if each):
        raise BodyInvalid("One of its ids is none.")
    return event


def _ids(heard: chat.Heard) -> Iterator[str]:
    """Everything in it that names a place, a person or a message at Discord."""
    origin, place = heard.origin, heard.address.place
    yield from (origin.installation.removeprefix("user:"), origin.channel, origin.member, place["guild"])
    yield from place.get("message", "").split("/")


def recall(body: Body, once_key: str) -> chat.Event | None:
    """The event in a recorded body, with or without its envelope; ``None`` for what no app is ever sent."""
    app = _text(body, "application_id")
    if is_hook(body):
        return _hooked(body, app, once_key)
    if is_interaction(body):
        return _asked(body, app, once_key)
    if is_ping(body) and app and "version" in body:  # stickers and webhooks are of a type 1 too
        return chat.Ignored(_heard(body, app, once_key), "a ping")
    if "author" in body and "channel_id" in body:
        return chat.Ignored(_heard(body, app, once_key), "a message")
    return None


# -- interactions --------------------------------------------------------------------------------------------------


def _asked(body: Body, app: str, once_key: str) -> chat.Event:
    heard = _heard(body, app, once_key)
    data = body["data"]
    match body["type"]:
        case 3:
            return chat.Press(heard, _state(data), heard.address.place.get("message", ""))
        case 4:
            field, typed = _focused(data)
            return chat.Suggest(heard, field, typed)
        case 5:
            return chat.Filled(heard, _state(data), _words(data))
    kind = data.get("type", _SLASH)
    if kind == _MESSAGE_MENU and data["name"] == facts.FROM_MESSAGE:
        target = _object(_object(data, "resolved"), "messages").get(str(data.get("target_id")))
        words = _text(target, "content") if isinstance(target, dict) else ""
        return chat.Command(heard, Kind.STICKER, Prompt(words))
    if kind != _SLASH:
        return chat.Ignored(heard, "a menu entry of another app")
    options = {_text(each, "name"): each.get("value") for each in _options(data)}
    if data["name"] in {facts.IMAGINE, facts.STICKER}:
        return _command(heard, data["name"], options)
    if data["name"] == facts.CONFIGURE:
        return _configure(heard, data)
    return chat.Ignored(heard, "a command of another app")


def _command(heard: chat.Heard, name: str, options: Body) -> chat.Event:
    words, seconds, seed = options.get("prompt", ""), options.get("seconds", 8.0), options.get("seed")
    aspect = re.fullmatch(r"([0-9]{1,3}):([0-9]{1,3})", str(options.get("aspect", "9:16")))
    if (
        not isinstance(words, str)
        or isinstance(seconds, bool)
        or not isinstance(seconds, int | float)
        or not -_LONGEST_S <= seconds <= _LONGEST_S  # a number of JSON's may be too large for any float
        or not (seed is None or (isinstance(seed, int) and not isinstance(seed, bool)))
        or aspect is None
    ):
        raise BodyInvalid(_ANOTHER_TYPE)
    shape = int(aspect[1]), int(aspect[2])
    kind = Kind.REEL if name == facts.IMAGINE else Kind.STICKER
    if options.get("spoiler") is True:
        heard = chat.Heard(heard.once_key, heard.at, _marked(heard.address, spoiler="1"), heard.origin)
    return chat.Command(heard, kind, Prompt(words, float(seconds), shape, seed))


def _configure(heard: chat.Heard, data: Body) -> chat.Event:
    subs = _options(data)
    name = _text(subs[0], "name") if subs else ""
    given = {_text(each, "name"): each.get("value") for each in _options(subs[0])} if subs else {}
    match name:
        case "settings":
            return chat.Configure(heard, "show")
        case "channel":
            rule, which = _text(given, "rule"), _text(given, "channel") or heard.origin.channel
            if rule == "channels_all":
                return chat.Configure(heard, rule)
            if rule not in {"channel_allow", "channel_forbid"} or not _SNOWFLAKE.fullmatch(which):
                raise BodyInvalid(_ANOTHER_TYPE)
            return chat.Configure(heard, rule, which)
        case "quota":
            reels = _number(given, "reels")
            if reels is None:
                raise BodyInvalid(_ANOTHER_TYPE)
            return chat.Configure(heard, "quota", str(reels))
        case "language":
            return chat.Configure(heard, "language", _text(given, "language"))
    return chat.Ignored(heard, "a command of another app")


def _heard(body: Body, app: str, once_key: str) -> chat.Heard:
    """Who spoke where, and where answers go. Every part that is missing is empty."""
    member, channel = _object(body, "member"), _object(body, "channel")
    user = _text(_object(member, "user"), "id") or _text(_object(body, "user"), "id")
    owners = _object(body, "authorizing_integration_owners")
    guild = _text(body, "guild_id")
    if guild and ("0" in owners or not owners):
        installation = guild
    else:
        carrier = _text(owners, "1") or user
        installation = f"user:{carrier}" if carrier else ""
    where = _text(body, "channel_id") or _text(channel, "id")
    may = _text(member, "permissions")
    bits = int(may) if _SNOWFLAKE.fullmatch(may) else 0
    boss = bool(guild) and bool(bits & facts.ADMINISTRATOR)
    context = _number(body, "context")
    if channel.get("nsfw") is True:
        surface = "age_gated"
    elif context in {1, 2} or _number(channel, "type") in _IN_DM or (not guild and where):
        surface = "dm"
    else:
        surface = "public"
    origin = chat.Origin(
        installation=installation,
        channel=where,
        member=user,
        surface=surface,
        language=_language(_text(body, "locale")),
        moderator=boss or (bool(guild) and bool(bits & facts.MANAGE_MESSAGES)),
        # What a server's manager may decide ends with the server: an app that a person carries is not theirs.
        manager=installation == guild and (boss or (bool(guild) and bool(bits & facts.MANAGE_GUILD))),
    )
    told = _number(body, "attachment_size_limit")
    at = born(_text(body, "id")) or 0.0
    place = {
        "token": _text(body, "token"),
        "interaction": _text(body, "id"),
        "channel": where,
        "guild": guild,
        "member": user,
        "born": f"{at:.3f}",
        "limit": str(facts.MAX_FILE if told is None or told <= 0 else min(told, facts.MAX_FILE)),
        "context": "" if context is None else str(context),
        "language": origin.language,
        "installation": installation,
    }
    message = _object(body, "message")
    if message:
        place["message"] = f"{_text(message, 'channel_id') or where}/{_text(message, 'id')}"
    return chat.Heard(_text(body, "id") or once_key, at, Address(facts.FACTS.slug, app, place), origin)


def _marked(address: Address, **more: str) -> Address:
    return Address(address.platform, address.app, {**address.place, **more})


def _language(locale: str) -> str:
    language = locale.partition("-")[0]
    return language if language in chat.LANGUAGES else chat.LANGUAGES[0]


def _options(data: Body) -> list[Body]:
    given = data.get("options")
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []


def _focused(data: Body) -> tuple[str, str]:
    """The option that is being typed in, however deep it is in sub-commands."""
    for option in _options(data):
        if option.get("focused") is True:
            return _text(option, "name"), str(option.get("value", ""))
        found = _focused(option)
        if found[0]:
            return found
    return "", ""


def _state(data: Body) -> str:
    return _text(data, "custom_id").partition(TAG_SIGN)[0]


def _words(data: Body) -> str:
    """What was typed into the first text field of a form."""
    return next((_text(each, "value") for each in _fields(data) if each.get("type") == _TEXT_INPUT), "")


def _fields(part: Body) -> Iterator[Body]:
    within = part.get("components")
    for each in [part.get("component"), *(within if isinstance(within, list) else [])]:
        if isinstance(each, dict):
            yield each
            yield from _fields(each)


# -- webhook events ------------------------------------------------------------------------------------------------


def _hooked(body: Body, app: str, once_key: str) -> chat.Event:
    event = _object(body, "event")
    data, kind = _object(event, "data"), _text(event, "type")
    user, guild = _text(_object(data, "user"), "id"), _text(_object(data, "guild"), "id")
    installation = guild or (f"user:{user}" if user else "")
    heard = chat.Heard(
        once_key,
        _when(_text(event, "timestamp")),
        Address(facts.FACTS.slug, app, {"guild": guild, "member": user}),
        chat.Origin(installation=installation, member=user),
    )
    if kind in {"APPLICATION_AUTHORIZED", "APPLICATION_DEAUTHORIZED"}:
        return chat.Added(heard, gone=kind == "APPLICATION_DEAUTHORIZED")
    return chat.Ignored(heard, f"an event {kind}" if re.fullmatch(r"[A-Z_]{1,64}", kind) else "a ping")


def _when(text: str) -> float:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return 0.0
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


# -- careful looks into JSON ---------------------------------------------------------------------------------------


def _object(body: Body, key: str) -> Body:
    value = body.get(key)
    return value if isinstance(value, dict) else {}


def _text(body: Body, key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""


def _number(body: Body, key: str) -> int | None:
    value = body.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
