"""How Discord writes its nouns in JSON, and how its twin says that something is wrong."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from reelgate.testing.twin import Told, told_json
from reelgate_integrations.discord.standin import world as w

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reelgate.testing.twin import Breach

ERRORS = {
    0: (401, "401: Unauthorized"),
    10003: (404, "Unknown Channel"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    20012: (403, "You are not authorized to perform this action on this application"),
    30032: (400, "Maximum number of application commands reached"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    40094: (400, "This interaction only allows a limited number of follow-up messages"),
    40333: (403, "internal network error"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50027: (401, "Invalid Webhook Token"),
    50109: (400, "The request body contains invalid JSON."),
    50146: (400, "Uploaded file not found."),
}
"""Discord's codes that the twin uses: the HTTP status and the sentence that come with them."""

_COMMAND, _REPLY = 20, 19
_PRESSED = 3


def error(code: int) -> Told:
    """An answer that carries one of Discord's codes."""
    status, message = ERRORS[code]
    return told_json(status, {"message": message, "code": code})


def form_error(breaches: Sequence[Breach]) -> Told:
    """50035: what is wrong in a body, as a tree of the body's own shape."""
    tree: dict[str, Any] = {}
    for breach in breaches:
        place = tree
        for step in breach.at:
            place = place.setdefault(str(step), {})
        place.setdefault("_errors", []).append({"code": breach.code, "message": breach.detail})
    return told_json(400, {"message": "Invalid Form Body", "code": 50035, "errors": tree})


def when(at: float) -> str:
    """A time as Discord writes it."""
    return datetime.datetime.fromtimestamp(at, datetime.UTC).isoformat()


def user(each: w.User) -> dict[str, Any]:
    """A person."""
    shape: dict[str, Any] = {
        "id": each.id,
        "username": each.username,
        "global_name": each.name,
        "discriminator": "0",
        "avatar": None,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }
    return {**shape, "bot": True} if each.bot else shape


def member(each: w.User, guild: w.Guild) -> dict[str, Any]:
    """A person as a member of a server."""
    return {
        "user": user(each),
        "nick": None,
        "avatar": None,
        "roles": [],
        "joined_at": when(w.EPOCH_MS / 1000),
        "premium_since": None,
        "permissions": str(guild.members.get(each.id, 0)),
        "pending": False,
        "deaf": False,
        "mute": False,
        "flags": 0,
    }


def channel(each: w.Channel, world: w.World) -> dict[str, Any]:
    """A channel, or the conversation between a person and the app."""
    if each.guild is None:
        people = [user(world.users[one]) for one in each.people]
        return {"id": each.id, "type": w.DM, "flags": 0, "last_message_id": None, "recipients": people}
    return {
        "id": each.id,
        "type": w.GUILD_TEXT,
        "name": each.name,
        "guild_id": each.guild.id,
        "nsfw": each.nsfw,
        "parent_id": None,
        "position": 0,
        "topic": None,
        "flags": 0,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "permissions": str(each.app_permissions),
    }


def attachment(each: w.Attachment, place: w.Channel, base: str) -> dict[str, Any]:
    """A file of a message; ``base`` is where the twin serves it."""
    url = f"{base}/attachments/{place.id}/{each.id}/{each.filename}"
    return {
        "id": each.id,
        "filename": each.filename,
        "size": len(each.data),
        "content_type": each.media_type,
        "url": url,
        "proxy_url": url,
        **({"description": each.description} if each.description else {}),
    }


def message(each: w.Message, world: w.World, base: str) -> dict[str, Any]:
    """A message."""
    kind = _COMMAND if each.interaction and not each.reply_to else _REPLY if each.reply_to else 0
    shape: dict[str, Any] = {
        "id": each.id,
        "channel_id": each.channel.id,
        "type": kind,
        "author": user(each.author),
        "content": each.content,
        "timestamp": when(each.at),
        "edited_timestamp": when(each.edited) if each.edited else None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [attachment(one, each.channel, base) for one in each.attachments],
        "embeds": each.embeds,
        "components": each.components,
        "flags": each.flags,
        "pinned": False,
    }
    if each.author.bot:
        shape["application_id"] = world.app
    if each.nonce:
        shape["nonce"] = each.nonce
    if each.interaction:
        shape["webhook_id"] = world.app
        shape["interaction_metadata"] = _metadata(world.interactions[each.interaction])
    return shape


def _metadata(asked: w.Interaction) -> dict[str, Any]:
    """What led to a message: a command, a press on another message, or a form that one of these had opened."""
    shape: dict[str, Any] = {
        "id": asked.id,
        "type": asked.kind,
        "user": user(asked.user),
        "authorizing_integration_owners": dict(asked.owners),
    }
    if asked.kind == _PRESSED and asked.source is not None:
        shape["interacted_message_id"] = asked.source.id
    if asked.opened_by is not None:
        shape["triggering_interaction_metadata"] = _metadata(asked.opened_by)
    return shape
