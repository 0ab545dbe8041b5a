"""What every request to Discord has to keep: one row a rule, with the words that Discord has for breaking it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reelgate.testing.twin import Breach, Call, Rule
from reelgate_integrations.discord.standin import checks, commands
from reelgate_integrations.discord.standin.limits import BY_NAME, FILE_BYTES, MESSAGE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from reelgate_integrations.discord.standin.forms import Form

_AGENT = re.compile(r"DiscordBot \([^\s,()]+, [^\s,()]+\)( .*)?")

MESSAGES = frozenset(
    {"api.messages.create", "api.messages.edit", "api.original.edit", "api.follow_up.create", "api.follow_up.edit"}
)
RESPONSE = "event.response"
"""The name under which the rules see a first response that came back over HTTP."""

CALLBACK = frozenset({"api.callback", RESPONSE})
COMMANDS = frozenset({f"api.commands.{verb}{where}" for verb in ("set", "add") for where in ("", "_guild")})
WITH_BODY = MESSAGES | CALLBACK | COMMANDS | {"api.dm.open"}


def rules(token: str) -> tuple[Rule, ...]:
    """The table, in the order of checking. ``token`` is the bot's."""
    return (*_of_requests(token), *(replace(rule, broken=_where_kinds_fit(rule.broken)) for rule in _of_parts()))


def _of_requests(token: str) -> tuple[Rule, ...]:
    """What every request has to keep, whatever its body is made of."""
    return (
        Rule("user-agent", "User-Agent must be 'DiscordBot (url, version)'", _agent),
        Rule("bot-token", "the bot's routes need 'Authorization: Bot TOKEN'", _authorised(token), _bots()),
        Rule("token-stays-home", "an interaction's routes carry their own token, never the bot's", _bare, _hooks(),
             refuses=False),
        Rule("body-json", "the body must be JSON, or a form with payload_json and files[n]", _readable, WITH_BODY),
        Rule("kinds", "every part of a body is of its kind: words, a number, a list", _kinds, WITH_BODY),
        Rule("file-size", f"a file has at most {FILE_BYTES} bytes, a message {MESSAGE_BYTES}", _sizes,
             MESSAGES | CALLBACK),
    )  # fmt: skip


def _of_parts() -> tuple[Rule, ...]:
    """What the parts of a body have to keep, asked only where each is of its kind."""
    return (
        Rule("content", "content is at most 2000 characters", _of(checks.content), MESSAGES | CALLBACK),
        Rule("components", "at most 5 rows of 5 buttons; ids 1 to 100, once; labels to 80", _of(checks.rows),
             MESSAGES | CALLBACK),
        Rule("attachments", "at most 10 files, each listed and sent", _attached, MESSAGES | CALLBACK),
        Rule("nonce", "a nonce is at most 25 characters", _of(checks.nonce), frozenset({"api.messages.create"})),
        Rule("response-type", "a response has a type that Discord knows", _typed, CALLBACK),
        Rule("deferral", "a deferral may carry the flag 64 and nothing else", _deferred, CALLBACK),
        Rule("modal", "a form has a title to 45, 1 to 5 parts and text to 4000", _modal, CALLBACK),
        Rule("choices", "at most 25 suggestions of 1 to 100 characters", _choices, CALLBACK),
        Rule("commands", "names, descriptions, options and choices within Discord's limits", _commands, COMMANDS),
        Rule("no-mentions", "allowed_mentions is {'parse': []} on everything with words", _silent,
             MESSAGES | CALLBACK, refuses=False),
    )  # fmt: skip


STATUS = {"user-agent": 40333, "bot-token": 0, "body-json": 50109, "file-size": 40005}
"""Rules that are answered by a code of their own; the others by 50035 and its tree."""


def _bots() -> frozenset[str]:
    return frozenset(name for name, verb in BY_NAME.items() if verb.bot)


def _hooks() -> frozenset[str]:
    return frozenset(name for name, verb in BY_NAME.items() if not verb.bot)


def _agent(call: Call) -> Iterator[Breach]:
    if call.route.name in BY_NAME and not _AGENT.fullmatch(call.asked.headers.get("user-agent", "")):
        yield Breach(f"it was {call.asked.headers.get('user-agent', '')[:60]!r}")


def _authorised(token: str) -> Callable[[Call], Iterator[Breach]]:
    def check(call: Call) -> Iterator[Breach]:
        if call.asked.headers.get("authorization", "") != f"Bot {token}":
            yield Breach("the header is missing or holds another token")

    return check


def _bare(call: Call) -> Iterator[Breach]:
    if "authorization" in call.asked.headers:
        yield Breach("the request carries an Authorization header")


def _readable(call: Call) -> Iterator[Breach]:
    form: Form = call.form
    if form.fault:
        yield Breach(form.fault)
    elif form.data is None and not form.files:
        yield Breach("there is no body")


def _sizes(call: Call) -> Iterator[Breach]:
    form: Form = call.form
    sizes = [len(file.data) for file in form.files.values()]
    if any(size > FILE_BYTES for size in sizes):
        yield Breach(f"a file has {max(sizes)} bytes")
    if sum(sizes) > MESSAGE_BYTES:
        yield Breach(f"the files have {sum(sizes)} bytes together")


def _message(call: Call) -> tuple[dict[str, Any] | None, tuple[str | int, ...]]:
    """The part of a body that makes a message, and where it stands; ``None`` when it makes none."""
    fields = call.form.fields
    if call.route.name not in CALLBACK:
        return fields, ()
    data = fields.get("data")
    return (data, ("data",)) if fields.get("type") in (4, 7) and isinstance(data, dict) else (None, ())


def _of(check: Callable[[dict[str, Any]], Iterator[Breach]]) -> Callable[[Call], Iterator[Breach]]:
    def checked(call: Call) -> Iterator[Breach]:
        data, at = _message(call)
        for breach in check(data) if data is not None else ():
            yield Breach(breach.detail, (*at, *breach.at), breach.code)

    return checked


def _attached(call: Call) -> Iterator[Breach]:
    data, at = _message(call)
    for breach in checks.attachments(data, call.form.files) if data is not None else ():
        yield Breach(breach.detail, (*at, *breach.at), breach.code)


def _kinds(call: Call) -> Iterator[Breach]:
    yield from call.form.misfits


def _where_kinds_fit(broken: Callable[[Call], Iterable[Breach]]) -> Callable[[Call], Iterable[Breach]]:
    return lambda call: () if call.form.misfits else broken(call)


def _typed(call: Call) -> Iterator[Breach]:
    fields = call.form.fields
    if fields.get("type") not in (1, 4, 5, 6, 7, 8, 9):
        yield Breach("Value must be one of {1, 4, 5, 6, 7, 8, 9}.", ("type",), "BASE_TYPE_CHOICES")
    elif fields["type"] in (4, 7, 8, 9) and not isinstance(fields.get("data"), dict):
        yield Breach("This field is required", ("data",), "BASE_TYPE_REQUIRED")


def _deferred(call: Call) -> Iterator[Breach]:
    fields = call.form.fields
    if fields.get("type") == 5:
        data = fields.get("data") or {}
        if set(data) - {"flags"} or (data.get("flags") or 0) & ~64:
            yield Breach("only flags: 64 may be said while deferring", ("data",), "DEFERRAL_FLAGS_INVALID")


def _modal(call: Call) -> Iterator[Breach]:
    fields = call.form.fields
    if fields.get("type") == 9 and isinstance(fields.get("data"), dict):
        yield from checks.modal(fields["data"])


def _choices(call: Call) -> Iterator[Breach]:
    fields = call.form.fields
    if fields.get("type") == 8 and isinstance(fields.get("data"), dict):
        yield from checks.choices(fields["data"])


def _commands(call: Call) -> Iterator[Breach]:
    data = call.form.data
    if call.route.name.startswith("api.commands.set"):
        yield from commands.command_list(data)
    else:
        yield from commands.command(data, ())


def _silent(call: Call) -> Iterator[Breach]:
    data, at = _message(call)
    said = data.get("allowed_mentions") if data is not None else None
    if data is not None and not (
        isinstance(said, dict) and said.get("parse") == [] and not any(said.get(key) for key in ("users", "roles"))
    ):
        yield Breach("allowed_mentions must be {'parse': []}", (*at, "allowed_mentions"))
