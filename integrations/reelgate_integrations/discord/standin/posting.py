"""Makes, changes and removes messages: what becomes of a body that passed the rules."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any

from reelgate_integrations.discord.standin import world as w
from reelgate_integrations.discord.standin.checks import NEW_LAYOUT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reelgate_integrations.discord.standin.forms import File

_NO_EMBEDS = 1 << 2
_KEPT_FLAGS = _NO_EMBEDS | 1 << 12 | NEW_LAYOUT
"""Flags that an app may set: no embeds, silent, newer layouts."""


def empty(fields: Mapping[str, Any], files: Mapping[int, File], there: w.Message | None = None) -> bool:
    """Whether a body would make a message with nothing in it, or leave ``there`` like that; blanks are nothing."""

    def says(name: str, kept: object) -> object:
        given = fields.get(name) if name in fields else kept
        return given.strip() if isinstance(given, str) else given

    listed = fields.get("attachments")
    kept = there.attachments if there else ()
    if listed is not None:
        kept = [each for each in kept if each.id in {str(one.get("id")) for one in listed}]
    return not (
        files
        or kept
        or says("content", there.content if there else "")
        or says("embeds", there.embeds if there else ())
        or says("components", there.components if there else ())
    )


def make(
    world: w.World,
    channel: w.Channel,
    fields: Mapping[str, Any],
    files: Mapping[int, File],
    author: w.User | None = None,
    *,
    whispers: bool = False,
) -> w.Message:
    """A new message in ``channel``, by the app where no ``author`` is named; only an interaction's can be private."""
    message = w.Message(
        id=world.snowflake(),
        channel=channel,
        author=author or world.bot,
        at=world.clock(),
        content=fields.get("content") or "",
        attachments=_attachments(world, (), fields, files),
        components=_numbered(fields.get("components")),
        embeds=list(fields.get("embeds") or ()),
        flags=int(fields.get("flags") or 0) & (_KEPT_FLAGS | (w.EPHEMERAL if whispers else 0)),
        nonce=str(fields.get("nonce") or ""),
    )
    _remember(world, message)
    world.messages[message.id] = message
    world.changed()
    return message


def change(world: w.World, message: w.Message, fields: Mapping[str, Any], files: Mapping[int, File]) -> None:
    """Edit a message: fields that are not named stay; files that a named list leaves out go."""
    if "content" in fields:
        message.content = fields["content"] or ""
    if "components" in fields:
        message.components = _numbered(fields["components"])
    if "embeds" in fields:
        message.embeds = list(fields["embeds"] or ())
    message.attachments = _attachments(world, message.attachments, fields, files)
    if "flags" in fields:  # of all flags only these can be changed later, and the layout stays a newer one
        flags = int(fields["flags"] or 0)
        message.flags = message.flags & ~_NO_EMBEDS | flags & (_NO_EMBEDS | NEW_LAYOUT)
    message.flags &= ~w.LOADING
    message.edited = world.clock()
    _remember(world, message)
    world.changed()


def remove(world: w.World, message: w.Message) -> None:
    """Take a message away, and its files: nobody can fetch them any more."""
    message.deleted, message.attachments = world.clock(), []
    world.changed()


def _remember(world: w.World, message: w.Message) -> None:
    files = tuple(each.id for each in message.attachments)
    message.history.append(w.Version(world.clock(), message.content, files))


def _numbered(rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Rows of buttons with a number for each part that brought none, counted through the message."""
    number = 0
    made = []
    for row in rows or ():
        row_id, number = row.get("id") or number + 1, number + 1
        buttons = []
        for button in row.get("components", ()):
            number += 1
            buttons.append({**button, "id": button.get("id") or number})
        made.append({**row, "id": row_id, "components": buttons})
    return made


def _attachments(
    world: w.World,
    there: list[w.Attachment] | tuple[()],
    fields: Mapping[str, Any],
    files: Mapping[int, File],
) -> list[w.Attachment]:
    listed = fields.get("attachments")
    described = {str(each["id"]): each for each in listed or ()}
    kept = [each for each in there if listed is None or each.id in described]
    return kept + [_attachment(world, file, described.get(str(number), {})) for number, file in files.items()]


def _attachment(world: w.World, file: File, told: Mapping[str, Any]) -> w.Attachment:
    name = str(told.get("filename") or file.name).replace("/", "_").replace(" ", "_")
    media_type = mimetypes.guess_type(name)[0] or file.media_type or "application/octet-stream"
    return w.Attachment(world.snowflake(), name, media_type, file.data, str(told.get("description") or ""))
