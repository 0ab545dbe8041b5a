"""Every rule of the twin can fire, answers as Discord would, and lets what is right pass."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import requests
from tests.integrations.discord.bot import AGENT, BUTTONS, FORM, IMAGINE, SILENT, Bot, Clock

from reelgate_integrations.discord.standin.limits import BY_NAME, FILE_BYTES
from reelgate_integrations.discord.standin.rules import rules
from reelgate_integrations.discord.twin import DiscordTwin

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def twin() -> Iterator[DiscordTwin]:
    clock = Clock()
    with DiscordTwin(clock, clock.wait) as twin:
        yield twin


@pytest.fixture
def bot(twin: DiscordTwin) -> Bot:
    twin.violations.clear()
    twin.world.clock.wait(60)  # every window is open again
    bot = Bot(twin.registration)
    twin.connect(send=bot)
    bot.call("PUT", f"/applications/{bot.registration.app}/commands", [IMAGINE])
    return bot


def broken(twin: DiscordTwin) -> set[str]:
    return {each.rule for each in twin.violations}


def button(**more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": "x", "custom_id": "a", **more}


def row(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(buttons)}


MESSAGES: list[tuple[str, dict[str, Any], str]] = [
    ("content", {"content": "x" * 2001}, "content"),
    ("kinds", {"content": 7}, "content"),
    ("kinds", {"content": "x", "flags": "64"}, "flags"),
    ("kinds", {"content": "x", "flags": True}, "flags"),
    ("kinds", {"content": "x", "embeds": 5}, "embeds"),
    ("kinds", {"content": "x", "embeds": ["x"]}, "embeds.0"),
    ("kinds", {"content": "x", "components": [5]}, "components.0"),
    ("kinds", {"components": [row(button(label=5))]}, "components.0.components.0.label"),
    ("content", {"content": "x", "flags": 1 << 15}, "flags"),
    ("content", {"embeds": [{}], "flags": 1 << 15 | 4}, "flags"),
    ("content", {"content": "x", "embeds": [{}] * 11}, "embeds"),
    ("components", {"components": [row(button(custom_id=str(n))) for n in range(6)]}, "components"),
    ("components", {"components": [row(*(button(custom_id=str(n)) for n in range(6)))]}, "components.0.components"),
    ("components", {"components": [row()]}, "components.0.components"),
    ("components", {"components": [{"type": 9}]}, "components.0.type"),
    ("components", {"components": [row(button(type=3))]}, "components.0.components.0.type"),
    ("components", {"components": [row(button(style=9))]}, "components.0.components.0.style"),
    ("components", {"components": [row(button(custom_id="x" * 101))]}, "components.0.components.0.custom_id"),
    ("components", {"components": [row(button(custom_id=""))]}, "components.0.components.0.custom_id"),
    ("components", {"components": [row(button(), button())]}, "components.0.components.1.custom_id"),
    ("components", {"components": [row(button(label="x" * 81))]}, "components.0.components.0.label"),
    ("components", {"components": [row(button(label=""))]}, "components.0.components.0"),
    ("components", {"components": [row(button(style=5))]}, "components.0.components.0.url"),
    ("attachments", {"content": "x", "attachments": [{"id": 0}]}, "attachments.0"),
    ("attachments", {"content": "x", "attachments": [{}]}, "attachments.0.id"),
    ("attachments", {"content": "x", "attachments": [{"id": "99999"}] * 11}, "attachments"),
    ("nonce", {"content": "x", "nonce": "n" * 26}, "nonce"),
    ("nonce", {"content": "x", "nonce": []}, "nonce"),
]


@pytest.mark.parametrize(("rule", "value", "place"), MESSAGES)
def test_a_message_that_discord_would_not_take(
    twin: DiscordTwin, bot: Bot, rule: str, value: dict[str, Any], place: str
):
    told = bot.call("POST", f"/channels/{twin.general.id}/messages", {**value, **SILENT})
    assert (told.status_code, told.json()["code"]) == (400, 50035)
    errors = told.json()["errors"]
    for step in place.split("."):
        errors = errors[step]
    assert errors["_errors"][0]["code"] and errors["_errors"][0]["message"]
    assert broken(twin) == {rule}


def test_what_is_just_within_the_limits_passes(twin: DiscordTwin, bot: Bot):
    rows = [row(*(button(custom_id=f"{n}{m}" + "x" * 98, label="y" * 80) for m in range(5))) for n in range(5)]
    value = {"content": "x" * 2000, "components": rows, "nonce": "n" * 25, **SILENT}
    assert bot.call("POST", f"/channels/{twin.general.id}/messages", value).status_code == 200
    assert not twin.violations


@pytest.mark.parametrize(
    "agent", ["python-requests/2", "DiscordBot", "DiscordBot (https://x.org 1)", "discordbot (a, 1)"]
)
def test_who_calls_must_say_so(twin: DiscordTwin, bot: Bot, agent: str):
    told = bot.call("GET", "/users/@me", headers={"User-Agent": agent})
    assert (told.status_code, told.json()["code"]) == (403, 40333) and broken(twin) == {"user-agent"}


@pytest.mark.parametrize("given", [None, "Bot wrong", "Bearer x"])
def test_the_bots_routes_want_its_token(twin: DiscordTwin, bot: Bot, given: str | None):
    headers = {"User-Agent": AGENT, **({"Authorization": given} if given else {})}
    told = requests.get(f"{twin.registration.api}/users/@me", headers=headers, timeout=10)
    assert told.status_code == 401 and broken(twin) == {"bot-token"}


def test_the_bots_token_is_not_shown_where_it_is_not_wanted(twin: DiscordTwin, bot: Bot):
    twin.command(twin.member, twin.general, "imagine", {"prompt": "x"})
    token = {"Authorization": f"Bot {bot.registration.secrets['bot_token']}"}
    assert bot.hook("GET", headers=token).status_code == 200 and broken(twin) == {"token-stays-home"}


def test_a_body_must_be_readable(twin: DiscordTwin, bot: Bot):
    path = f"/channels/{twin.general.id}/messages"
    for more in ({"data": b"{"}, {"data": b"x=1", "headers": {"Content-Type": "text/plain"}}, {}):
        more = {"headers": {"Content-Type": "application/json"}, **more}
        assert bot.call("POST", path, **more).json()["code"] == 50109
    assert broken(twin) >= {"body-json"}


def test_files_have_a_size(twin: DiscordTwin, bot: Bot):
    path, big = f"/channels/{twin.general.id}/messages", bytes(FILE_BYTES)
    told = bot.call("POST", path, SILENT, files=[("a.mp4", big + b"x", "video/mp4")])
    assert (told.status_code, told.json()["code"]) == (413, 40005) and broken(twin) == {"file-size"}
    assert bot.call("POST", path, SILENT, files=[(f"{n}.mp4", big, "video/mp4") for n in range(3)]).status_code == 413
    twin.violations.clear()
    assert bot.call("POST", path, SILENT, files=[("a.mp4", big, "video/mp4")]).status_code == 200
    assert not twin.violations


def test_a_file_that_is_not_listed_is_told(twin: DiscordTwin, bot: Bot):
    value = {"attachments": [{"id": 0}], **SILENT}
    files = [("a.mp4", b"a", "video/mp4"), ("b.mp4", b"b", "video/mp4")]
    assert bot.call("POST", f"/channels/{twin.general.id}/messages", value, files=files).status_code == 400
    assert broken(twin) == {"attachments"}


@pytest.mark.parametrize("value", [{}, {"allowed_mentions": {}}, {"allowed_mentions": {"parse": ["users"]}},
                                   {"allowed_mentions": {"parse": [], "users": ["1"]}}])  # fmt: skip
def test_nobody_is_called_by_a_message(twin: DiscordTwin, bot: Bot, value: dict[str, Any]):
    assert bot.call("POST", f"/channels/{twin.general.id}/messages", {"content": "x", **value}).status_code == 200
    assert broken(twin) == {"no-mentions"}
    twin.violations.clear()
    bot.answers = [{"type": 4, "data": {"content": "x", **value}}]
    assert not twin.command(twin.member, twin.general, "imagine", {"prompt": "x"}).failed
    assert broken(twin) == {"no-mentions"}
    twin.violations.clear()
    bot.hook("PATCH", value={"content": "y", **value})
    assert broken(twin) == {"no-mentions"}


def form(**more: Any) -> dict[str, Any]:
    return {"type": 9, "data": {**FORM["data"], **more}}


def text(**more: Any) -> dict[str, Any]:
    return {"type": 18, "label": "x", "component": {"type": 4, "custom_id": "a", "style": 1, **more}}


RESPONSES: list[tuple[str, dict[str, Any]]] = [
    ("response-type", {"type": 2}),
    ("response-type", {"type": 4}),
    ("response-fits", {"type": 6}),
    ("response-fits", {"type": 8, "data": {"choices": []}}),
    ("deferral", {"type": 5, "data": {"flags": 64 | 32768}}),
    ("deferral", {"type": 5, "data": {"content": "x"}}),
    ("kinds", {"type": True}),
    ("kinds", {"type": "4", "data": {"content": "x", **SILENT}}),
    ("kinds", {"type": 5, "data": {"flags": "64"}}),
    ("kinds", {"type": 5, "data": 7}),
    ("kinds", {"type": 4, "data": {"content": ["x"], **SILENT}}),
    ("kinds", {"type": 8, "data": {"choices": 5}}),
    ("kinds", {"type": 8, "data": {"choices": [3]}}),
    ("response-empty", {"type": 4, "data": {**SILENT}}),
    ("response-empty", {"type": 4, "data": {"content": " \n", "components": [], **SILENT}}),
    ("content", {"type": 4, "data": {"content": "x" * 2001, **SILENT}}),
    ("components", {"type": 4, "data": {"components": BUTTONS * 6, **SILENT}}),
    ("modal", form(title="x" * 46)),
    ("modal", form(title="")),
    ("modal", form(custom_id="x" * 101)),
    ("modal", form(components=[])),
    ("modal", form(components=[text(custom_id=str(n)) for n in range(6)])),
    ("modal", form(components=[text(), text()])),
    ("modal", form(components=[text(max_length=4001)])),
    ("modal", form(components=[text(value="x" * 4001)])),
    ("modal", form(components=[text(style=3)])),
    ("modal", form(components=[{"type": 18, "label": "x" * 46, "component": text()["component"]}])),
    ("modal", form(components=[{"type": 1, "components": [text()["component"]]}])),
    ("modal", form(components=[{"type": 2}])),
    ("kinds", form(components=[text(max_length="9")])),
    ("kinds", form(components=[{"type": 18, "label": "x", "component": 4}])),
]


@pytest.mark.parametrize(("rule", "answer"), RESPONSES)
def test_a_first_response_that_discord_would_not_take(twin: DiscordTwin, bot: Bot, rule: str, answer: dict[str, Any]):
    bot.answers = [answer]
    assert twin.command(twin.member, twin.general, "imagine", {"prompt": "x"}).failed
    assert broken(twin) == {rule}


@pytest.mark.parametrize(
    "answer", [(500, {}, b""), (200, {"content-type": "text/html"}, b"<p>"), (401, {}, b""), (302, {}, b"")]
)
def test_an_answer_that_is_none_shows_as_none(twin: DiscordTwin, bot: Bot, answer: Any):
    bot.answers = [answer]
    assert twin.command(twin.member, twin.general, "imagine", {"prompt": "x"}).failed


CHOICES: list[list[Any]] = [
    [{"name": str(n), "value": str(n)} for n in range(26)],
    [{"name": "x" * 101, "value": "x"}],
    [{"name": "", "value": "x"}],
    [{"name": "x", "value": "x" * 101}],
    [{"name": "x"}],
    [{"name": "x", "value": True}],
]


@pytest.mark.parametrize("choices", CHOICES)
def test_suggestions_that_discord_would_not_take(twin: DiscordTwin, bot: Bot, choices: list[Any]):
    bot.answers = [{"type": 8, "data": {"choices": choices}}]
    assert twin.autocomplete(twin.member, twin.general, "imagine", {"idea": "x"}, "idea").failed
    assert broken(twin) == {"choices"}


def option(**more: Any) -> dict[str, Any]:
    return {"name": "a", "description": "x", "type": 3, **more}


COMMANDS: list[Any] = [
    {"name": "Imagine"},
    {"name": "two words"},
    {"name": "x" * 33},
    {"description": ""},
    {"description": "x" * 101},
    {"description_localizations": {"de": "x" * 101}},
    {"description_localizations": {"es": "x"}},
    {"name_localizations": {"pt": "x"}},
    {"name_localizations": {"de": "Ausdenken"}},
    {"name_localizations": {"de": "zwei worte"}},
    {"name_localizations": {"de": "x" * 33}},
    {"contexts": [3]},
    {"contexts": []},
    {"integration_types": [2]},
    {"default_member_permissions": "manager"},
    {"default_member_permissions": [32]},
    {"type": 4},
    {"type": 3},
    {"options": [option(name=f"o{n}") for n in range(26)]},
    {"options": [option(), option()]},
    {"options": [option(), option(name="b", required=True)]},
    {"options": [option(type=12)]},
    {"options": [option(choices=[{"name": str(n), "value": str(n)} for n in range(26)])]},
    {"options": [option(choices=[{"name": "x", "value": "x" * 101}])]},
    {"options": [option(choices=[{"name": "x", "value": "x"}], autocomplete=True)]},
    {"options": [option(type=5, autocomplete=True)]},
    {"options": [option(max_length=6001)]},
    {"options": [option(name_localizations={"de": "Zwei"})]},
    {"options": [option(choices=[{"name": "x", "value": "x", "name_localizations": {"de": "x" * 101}}])]},
    {"options": [option(type=10, min_value="1")]},
    {"options": [option(type=1), option(name="b")]},
    {"options": [option(name="b"), option(type=1)]},
    {"options": [option(type=1, options=[option(type=1)])]},
    {"options": [option(type=1, options=[option(type=2)])]},
    {"options": [option(type=2, options=[option(type=2)])]},
    {"options": [{"name": "sub", "description": "x", "type": 1, "options": [option(description="")]}]},
    {"options": [option(name=f"o{n}", choices=[{"name": f"{m}" + "x" * 90, "value": "y" * 90} for m in range(20)])
                 for n in range(3)]},
]  # fmt: skip


@pytest.mark.parametrize("change", COMMANDS)
def test_a_command_that_discord_would_not_take(twin: DiscordTwin, bot: Bot, change: dict[str, Any]):
    path = f"/applications/{bot.registration.app}/commands"
    told = bot.call("PUT", path, [{**IMAGINE, **change}])
    assert told.json()["code"] == 50035 and broken(twin) == {"commands"}
    assert bot.call("POST", path, {**IMAGINE, **change}).status_code == 400
    assert [each["name"] for each in bot.call("GET", path).json()] == ["imagine"]


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "x" * 33}, {"name": "Make one", "description": "x"}, {"name": "Make one", "options": [option()]},
        {"name": "Make one", "name_localizations": {"de": "x" * 33}},
        {"name": "Make one", "name_localizations": {"deutsch": "x"}},
    ],
)  # fmt: skip
def test_an_entry_of_a_menu_that_discord_would_not_take(twin: DiscordTwin, bot: Bot, entry: dict[str, Any]):
    path = f"/applications/{bot.registration.app}/commands"
    assert bot.call("PUT", path, [{"type": 3, **entry}]).status_code == 400 and broken(twin) == {"commands"}
    twin.violations.clear()
    fine = [{"type": 3, "name": "Make One", "name_localizations": {"de": "Mach Eins"}}]
    assert bot.call("PUT", path, fine).status_code == 200 and not twin.violations


@pytest.mark.parametrize(
    "change",
    [
        {"options": 5}, {"options": [5]}, {"options": [option(name=[])]}, {"options": [option(choices=5)]},
        {"options": [option(max_length="x")]}, {"options": [option(required="yes")]}, {"name": {}}, {"type": "1"},
        {"contexts": 0}, {"integration_types": True}, {"name_localizations": ["x"]},
        {"description_localizations": {"de": 5}},
    ],
)  # fmt: skip
def test_a_command_of_another_kind_is_refused_and_shows_nowhere(twin: DiscordTwin, bot: Bot, change: dict[str, Any]):
    path = f"/applications/{bot.registration.app}/commands"
    assert bot.call("PUT", path, [{**IMAGINE, **change}]).json()["code"] == 50035 and broken(twin) == {"kinds"}
    assert [each["name"] for each in twin.commands(twin.member, twin.general)] == ["imagine"]


def test_half_a_character_is_no_json(twin: DiscordTwin, bot: Bot):
    path, headers = f"/channels/{twin.general.id}/messages", {"Content-Type": "application/json"}
    for words in (rb"\ud83e", b"\xed\xa0\xbe", b"\xff"):
        raw = b'{"content":"' + words + b'","allowed_mentions":{"parse":[]}}'
        assert bot.call("POST", path, data=raw, headers=headers).json()["code"] == 50109
    assert bot.call("POST", path, data=b'{"flags":NaN}', headers=headers).json()["code"] == 50109
    assert broken(twin) == {"body-json", "no-mentions"}


def test_an_app_has_a_hundred_commands_of_different_names(twin: DiscordTwin, bot: Bot):
    path = f"/applications/{bot.registration.app}/commands"
    many = [{"name": f"c{n}", "description": "x"} for n in range(101)]
    assert bot.call("PUT", path, many).status_code == 400
    assert bot.call("PUT", path, [many[0], many[0]]).status_code == 400
    assert bot.call("PUT", path, {"name": "c"}).status_code == 400
    assert len(bot.call("PUT", path, many[:100]).json()) == 100
    one_more = bot.call("POST", path, many[100])
    assert (one_more.status_code, one_more.json()["code"]) == (400, 30032)
    twin.world.clock.wait(20)  # type: ignore[attr-defined]
    assert bot.call("POST", path, {**many[0], "description": "y"}).status_code == 200, "it takes the place of one"


def test_commands_keep_their_ids(twin: DiscordTwin, bot: Bot):
    path = f"/applications/{bot.registration.app}/guilds/{twin.guild.id}/commands"
    one = bot.call("POST", path, IMAGINE)
    again = bot.call("POST", path, {**IMAGINE, "description": "other"})
    assert (one.status_code, again.status_code) == (201, 200) and one.json()["id"] == again.json()["id"]
    (kept,) = bot.call("GET", path).json()
    assert kept["description"] == "other" and kept["guild_id"] == twin.guild.id
    bot.call("PUT", path, [])


def test_a_route_that_is_none(twin: DiscordTwin, bot: Bot):
    assert bot.call("GET", "/gateway").status_code == 404
    assert bot.call("DELETE", "/users/@me").status_code == 405
    assert [each.rule for each in twin.violations] == ["route", "route"]


def test_every_rule_stands_in_a_test_of_this_file():
    told = {"user-agent", "bot-token", "token-stays-home", "body-json", "file-size", "attachments", "no-mentions",
            "choices", "commands"} | {rule for rule, *_ in MESSAGES} | {rule for rule, _ in RESPONSES}  # fmt: skip
    assert {rule.name for rule in rules("token")} <= told


def test_every_route_of_the_table_is_played(twin: DiscordTwin):
    assert set(BY_NAME) == {route.name for route in twin.engine._player.routes} - {"file"}


def test_form_errors_read_as_discords(twin: DiscordTwin, bot: Bot):
    value = {"content": "x" * 2001, "components": [row(button(label="x" * 81))], **SILENT}
    told = bot.call("POST", f"/channels/{twin.general.id}/messages", value).json()
    assert told["errors"]["content"]["_errors"] == [
        {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length."}
    ]
    assert "label" in told["errors"]["components"]["0"]["components"]["0"]
    assert json.dumps(told).count("_errors") == 2
