"""Plays what an interaction's token opens: the first response, the original message, follow-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reelgate.testing.twin import Told, told_json
from reelgate_integrations.discord.standin import posting, shapes
from reelgate_integrations.discord.standin import world as w
from reelgate_integrations.discord.standin.limits import FIRST_RESPONSE_S, FOLLOW_UPS, TOKEN_S
from reelgate_integrations.discord.standin.shapes import error

if TYPE_CHECKING:
    from collections.abc import Callable

    from reelgate.testing.twin import Call
    from reelgate_integrations.discord.standin.forms import Form

_NO_CONTENT = Told(204)
PONG, MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9

FITTING = {
    2: frozenset({MESSAGE, DEFER, MODAL}),
    3: frozenset({MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL}),
    4: frozenset({CHOICES}),
    5: frozenset({MESSAGE, DEFER, DEFER_UPDATE, UPDATE}),
}
"""Which first responses each kind of interaction takes (command, component, autocomplete, form)."""


def fits(asked: w.Interaction, kind: int) -> bool:
    """Whether this response may be given; a form that no button led to has no message to update."""
    if asked.kind == 5 and asked.source is None and kind in (DEFER_UPDATE, UPDATE):
        return False
    return kind in FITTING[asked.kind]


def empty(asked: w.Interaction, form: Form) -> bool:
    """Whether a first response would make a message with nothing in it, or leave one like that."""
    there = {MESSAGE: None, UPDATE: asked.source}
    kind, data = form.fields["type"], form.fields.get("data") or {}
    return kind in there and posting.empty(data, form.files, there[kind])


def respond(world: w.World, asked: w.Interaction, form: Form) -> None:
    """Let the first response take effect; it passed the rules and fits."""
    kind, data = int(form.fields["type"]), form.fields.get("data") or {}
    asked.answered = kind
    if kind == MESSAGE:
        asked.original = _posted(world, asked, data, form)
    elif kind == DEFER:
        asked.original = _posted(world, asked, {"flags": data.get("flags", 0)}, form)
        asked.original.flags |= w.LOADING
    elif kind in (DEFER_UPDATE, UPDATE) and asked.source is not None:
        asked.original = asked.source
        if kind == UPDATE:
            posting.change(world, asked.source, data, form.files)
    elif kind == CHOICES:
        asked.choices = list(data.get("choices") or ())
    elif kind == MODAL:
        for each in [each for each in world.modals.values() if each.user is asked.user]:
            del world.modals[each.id]  # a person sees one form at a time
        asked.modal = w.Modal(world.snowflake(), asked, data)
        world.modals[asked.modal.id] = asked.modal
    world.changed()


def _posted(world: w.World, asked: w.Interaction, data: dict[str, Any], form: Form) -> w.Message:
    message = posting.make(world, asked.channel, data, form.files, whispers=True)
    message.interaction, message.asked_by, message.asked_what = asked.id, asked.user.id, asked.what
    if message.flags & w.EPHEMERAL:
        message.only_for = asked.user.id
    asked.sent.append(message.id)
    return message


class HookApi:
    """The routes that carry an interaction's token. ``base`` says where the twin serves files."""

    def __init__(self, world: w.World, base: Callable[[], str]) -> None:
        self._world, self._base = world, base

    def callback(self, call: Call) -> Told:
        """POST /interactions/…/…/callback: the first response, given by a call of the app's own."""
        asked = self._world.interactions.get(call.place["interaction"])
        late = asked is not None and self._world.clock() - asked.at > FIRST_RESPONSE_S
        if asked is None or asked.token != call.place["token"] or asked.void or (late and asked.answered is None):
            return error(10062)
        if asked.answered is not None:
            return error(40060)
        if not fits(asked, int(call.form.fields["type"])):
            return told_json(400, {"message": "Invalid interaction response type", "code": 50035})
        if empty(asked, call.form):
            return error(50006)
        respond(self._world, asked, call.form)
        return _NO_CONTENT

    def get_original(self, call: Call) -> Told:
        """GET …/messages/@original"""
        return self._shown(self._original(call))

    def edit_original(self, call: Call) -> Told:
        """PATCH …/messages/@original"""
        return self._changed(self._original(call), call.form)

    def delete_original(self, call: Call) -> Told:
        """DELETE …/messages/@original"""
        return self._removed(self._original(call))

    def create_follow_up(self, call: Call) -> Told:
        """POST /webhooks/…/…: a further message; the first after a deferral fills the deferred one instead."""
        asked = self._asked(call)
        if isinstance(asked, Told):
            return asked
        form: Form = call.form
        if posting.empty(form.fields, form.files):
            return error(50006)
        original = asked.original
        if asked.answered == DEFER and original is not None and original.loading and original.deleted is None:
            return self._changed(original, form)
        if asked.owners and "0" not in asked.owners:
            if asked.follow_ups >= FOLLOW_UPS:
                return error(40094)
            asked.follow_ups += 1
        message = _posted(self._world, asked, form.fields, form)
        message.reply_to = asked.original.id if asked.original else ""
        self._world.changed()
        return told_json(200, self._shape(message))

    def get_follow_up(self, call: Call) -> Told:
        """GET …/messages/…"""
        return self._shown(self._follow_up(call))

    def edit_follow_up(self, call: Call) -> Told:
        """PATCH …/messages/…"""
        return self._changed(self._follow_up(call), call.form)

    def delete_follow_up(self, call: Call) -> Told:
        """DELETE …/messages/…"""
        return self._removed(self._follow_up(call))

    def _asked(self, call: Call) -> w.Interaction | Told:
        """The interaction of a token that is alive. One that was not answered yet opens nothing."""
        asked = self._world.by_token(call.place["token"])
        if asked is None or asked.void or asked.answered is None or call.place["app"] != self._world.app:
            return error(10015)
        return asked if self._world.clock() - asked.at <= TOKEN_S else error(50027)

    def _original(self, call: Call) -> w.Message | Told:
        asked = self._asked(call)
        if isinstance(asked, Told):
            return asked
        return asked.original if asked.original and asked.original.deleted is None else error(10008)

    def _follow_up(self, call: Call) -> w.Message | Told:
        asked = self._asked(call)
        if isinstance(asked, Told):
            return asked
        message = self._world.messages.get(call.place["message"])
        mine = message is not None and message.id in asked.sent and message.deleted is None
        return message if message is not None and mine else error(10008)

    # Each takes a message, or hands on why there is none.

    def _shown(self, message: w.Message | Told) -> Told:
        return message if isinstance(message, Told) else told_json(200, self._shape(message))

    def _removed(self, message: w.Message | Told) -> Told:
        if isinstance(message, Told):
            return message
        posting.remove(self._world, message)
        return _NO_CONTENT

    def _changed(self, message: w.Message | Told, form: Form) -> Told:
        if isinstance(message, Told):
            return message
        if posting.empty(form.fields, form.files, message):
            return error(50006)
        posting.change(self._world, message, form.fields, form.files)
        return told_json(200, self._shape(message))

    def _shape(self, message: w.Message) -> dict[str, Any]:
        return shapes.message(message, self._world, self._base())
