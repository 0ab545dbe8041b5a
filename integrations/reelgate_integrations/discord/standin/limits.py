"""What Discord takes and how often, as data; ``make check-specs`` holds it against the official OpenAPI file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PREFIX: Final = "/api/v10"

FIRST_RESPONSE_S, TOKEN_S, NONCE_S = 3.0, 900.0, 120.0
"""The first answer to an interaction; its token; how long a nonce is remembered ("the past few minutes": two)."""

GLOBAL_LIMIT = (50, 1.0)
INVALID_LIMIT = (10_000, 600.0)
"""So many 401, 403 and 429 (but not of scope shared) in so many seconds, and the address is shut out."""

FOLLOW_UPS = 5
"""Follow-ups of one interaction where the app was brought along by a person and is not in the server."""

EVENT_S, EVENT_TRIES_S = 3.0, 600.0
"""In which time a webhook event is answered; for how long it is sent again while it is not."""

LOCALES = frozenset({
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr", "hu", "id",
    "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
})  # fmt: skip

FILE_BYTES, MESSAGE_BYTES = 10 * 1024 * 1024, 25 * 1024 * 1024
COMMAND_CHARACTERS = 8000


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that we enforce.

    ``spec`` points into the official file, ``Schema.property.keyword`` each; ``why`` says why ours differs there.
    """

    name: str
    value: int
    spec: tuple[str, ...] = ()
    why: str = ""


_BOTS = ("MessageCreateRequest", "MessageEditRequestPartial")
_HOOKS = (
    "IncomingWebhookRequestPartial",
    "IncomingWebhookUpdateRequestPartial",
    "IncomingWebhookInteractionRequest",
)
_COMMANDS = ("ApplicationCommandCreateRequest", "ApplicationCommandUpdateRequest")
_DOCS = "the file allows more than the documented limit, which the service enforces"


def _in(schemas: tuple[str, ...], pointer: str) -> tuple[str, ...]:
    return tuple(f"{schema}.{pointer}" for schema in schemas)


LIMITS: Final = (
    Limit("content", 2000, _in(_HOOKS, "content.maxLength")),
    Limit("content_of_bot", 2000, _in(_BOTS, "content.maxLength"), _DOCS),
    Limit("embeds", 10, _in((*_BOTS, *_HOOKS), "embeds.maxItems")),
    Limit("attachments", 10, _in((*_BOTS, *_HOOKS), "attachments.maxItems")),
    Limit("attachment_description", 1024, ("MessageAttachmentRequest.description.maxLength",)),
    Limit("rows", 5, _in((*_BOTS, *_HOOKS), "components.maxItems"), "40 counts the newer layouts; rows alone: 5"),
    Limit("buttons", 5, ("ActionRowComponentForMessageRequest.components.maxItems",)),
    Limit("custom_id", 100, ("ButtonComponentForMessageRequest.custom_id.maxLength",)),
    Limit("label", 80, ("ButtonComponentForMessageRequest.label.maxLength",)),
    Limit("url", 512, ("ButtonComponentForMessageRequest.url.maxLength",)),
    Limit("nonce", 25, ("MessageCreateRequest.nonce.maxLength",)),
    Limit("modal_custom_id", 100, ("ModalInteractionCallbackRequestData.custom_id.maxLength",)),
    Limit("modal_title", 45, ("ModalInteractionCallbackRequestData.title.maxLength",)),
    Limit(
        "modal_components", 5, ("ModalInteractionCallbackRequestData.components.maxItems",),
        "40 counts the newer layouts; a form shows at most 5 parts",
    ),
    Limit(
        "input_label", 45,
        ("TextInputComponentForModalRequest.label.maxLength", "LabelComponentForModalRequest.label.maxLength"),
    ),
    Limit("input_value", 4000, ("TextInputComponentForModalRequest.value.maxLength",)),
    Limit("input_longest", 4000, ("TextInputComponentForModalRequest.max_length.maximum",)),
    Limit("placeholder", 100, ("TextInputComponentForModalRequest.placeholder.maxLength",)),
    Limit("choices", 25, ("InteractionApplicationCommandAutocompleteCallbackStringData.choices.maxItems",)),
    Limit("choice_name", 100, ("ApplicationCommandOptionStringChoice.name.maxLength",)),
    Limit("choice_value", 100, ("ApplicationCommandOptionStringChoice.value.maxLength",), _DOCS),
    Limit("option_choices", 25, ("ApplicationCommandStringOption.choices.maxItems",)),
    Limit("option_longest", 6000, ("ApplicationCommandStringOption.max_length.maximum",)),
    Limit("option_name", 32, ("ApplicationCommandStringOption.name.maxLength",)),
    Limit("option_description", 100, ("ApplicationCommandStringOption.description.maxLength",)),
    Limit("command_name", 32, _in(_COMMANDS, "name.maxLength")),
    Limit("command_description", 100, _in(_COMMANDS, "description.maxLength")),
    Limit("command_options", 25, _in(_COMMANDS, "options.maxItems")),
    Limit("commands", 100),
    Limit("menus", 15),
)  # fmt: skip

MOST: Final = {limit.name: limit.value for limit in LIMITS}


@dataclass(frozen=True, slots=True)
class Verb:
    """One route of the API: its name here, method and path, and how often it may be called (requests, seconds).

    ``bot`` says that it wants the bot's token; the routes of an interaction carry their own in the path, and those
    are outside the limit for all routes together.
    """

    name: str
    method: str
    path: str
    limit: tuple[int, float] = (5, 5.0)
    bot: bool = True


_COMMAND_LIMIT, _HOOK_LIMIT = (5, 20.0), (5, 2.0)
_ORIGINAL = "/webhooks/{app}/{token}/messages/@original"

VERBS: Final = (
    Verb("me", "GET", "/users/@me", (5, 1.0)),
    Verb("dm.open", "POST", "/users/@me/channels", (10, 10.0)),
    Verb("commands.list", "GET", "/applications/{app}/commands", _COMMAND_LIMIT),
    Verb("commands.set", "PUT", "/applications/{app}/commands", _COMMAND_LIMIT),
    Verb("commands.add", "POST", "/applications/{app}/commands", _COMMAND_LIMIT),
    Verb("commands.list_guild", "GET", "/applications/{app}/guilds/{guild}/commands", _COMMAND_LIMIT),
    Verb("commands.set_guild", "PUT", "/applications/{app}/guilds/{guild}/commands", _COMMAND_LIMIT),
    Verb("commands.add_guild", "POST", "/applications/{app}/guilds/{guild}/commands", _COMMAND_LIMIT),
    Verb("messages.list", "GET", "/channels/{channel}/messages"),
    Verb("messages.create", "POST", "/channels/{channel}/messages"),
    Verb("messages.get", "GET", "/channels/{channel}/messages/{message}"),
    Verb("messages.edit", "PATCH", "/channels/{channel}/messages/{message}"),
    Verb("messages.delete", "DELETE", "/channels/{channel}/messages/{message}", (5, 1.0)),
    Verb("callback", "POST", "/interactions/{interaction}/{token}/callback", _HOOK_LIMIT, bot=False),
    Verb("original.get", "GET", _ORIGINAL, _HOOK_LIMIT, bot=False),
    Verb("original.edit", "PATCH", _ORIGINAL, _HOOK_LIMIT, bot=False),
    Verb("original.delete", "DELETE", _ORIGINAL, _HOOK_LIMIT, bot=False),
    Verb("follow_up.create", "POST", "/webhooks/{app}/{token}", _HOOK_LIMIT, bot=False),
    Verb("follow_up.get", "GET", "/webhooks/{app}/{token}/messages/{message}", _HOOK_LIMIT, bot=False),
    Verb("follow_up.edit", "PATCH", "/webhooks/{app}/{token}/messages/{message}", _HOOK_LIMIT, bot=False),
    Verb("follow_up.delete", "DELETE", "/webhooks/{app}/{token}/messages/{message}", _HOOK_LIMIT, bot=False),
)

BY_NAME: Final = {f"api.{verb.name}": verb for verb in VERBS}
