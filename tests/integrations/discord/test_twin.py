"""The twin of Discord: what people do reaches the app signed and whole, and what the app says takes effect."""

from __future__ import annotations

import itertools
import json
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.integrations.discord.bot import AGENT, BUTTONS, FORM, IMAGINE, SILENT, VIDEO, Bot, Clock, ask

from reelgate.errors import BadInput, NotFound, NotOffered
from reelgate_integrations.discord.twin import DiscordTwin


def test_a_command_is_deferred_edited_and_filled_with_the_file(twin: DiscordTwin, bot: Bot):
    outcome = ask(twin, seconds=4, shape="9:16")
    assert not outcome.failed and outcome.message is not None and outcome.message.loading
    assert bot.hook("PATCH", value={"content": "Filming", **SILENT}).json()["content"] == "Filming"
    value = {"content": "Here it is", "attachments": [{"id": 0}], "components": BUTTONS, **SILENT}
    told = bot.hook("PATCH", value=value, files=[VIDEO]).json()
    assert told["attachments"][0]["size"] == len(VIDEO[1])
    served = bot.call("GET", "/../.." + told["attachments"][0]["url"].removeprefix(twin.url))
    assert served.content == VIDEO[1] and served.headers["Content-Type"] == "video/mp4"
    (message,) = twin.messages(twin.general, twin.second)
    assert (message.content, message.loading) == ("Here it is", False)
    assert [each.content for each in message.history] == ["", "Filming", "Here it is"]
    assert not twin.violations


def test_the_payload_says_everything_that_discord_says(twin: DiscordTwin, bot: Bot):
    ask(twin, seconds=4)
    told = bot.heard[-1]
    assert {"id", "application_id", "type", "token", "version", "data", "guild_id", "guild", "channel", "channel_id",
            "member", "locale", "guild_locale", "app_permissions", "context", "authorizing_integration_owners",
            "entitlements", "attachment_size_limit"} <= told.keys()  # fmt: skip
    assert told["channel"]["nsfw"] is False and told["authorizing_integration_owners"] == {"0": twin.guild.id}
    assert told["data"]["options"] == [
        {"name": "prompt", "type": 3, "value": "a baby hippo swimming"}, {"name": "seconds", "type": 4, "value": 4},
    ]  # fmt: skip
    twin.command(twin.member, twin.dm(twin.member), "imagine", {"prompt": "x"})
    assert bot.heard[-1]["user"]["id"] == twin.member.id and bot.heard[-1]["context"] == 1
    assert "member" not in bot.heard[-1] and "guild_id" not in bot.heard[-1]


def test_ids_carry_the_clock(twin: DiscordTwin, bot: Bot, clock: Clock):
    ids = [*twin.world.users, *twin.world.guilds, *twin.world.channels]
    assert len(set(ids)) == len(ids) == 5 + 2 + 4
    outcome = ask(twin)
    assert (int(outcome.interaction.id) >> 22) + 1_420_070_400_000 == int(clock.now * 1000)


def test_a_late_first_response_is_too_late_and_voids_the_token(twin: DiscordTwin, bot: Bot, clock: Clock):
    def slow(told: object) -> dict[str, int]:
        clock.wait(3.5)
        return {"type": 5}

    bot.answers = [slow]
    assert ask(twin).failed
    (note,) = twin.messages(twin.general, twin.member)
    assert note.failed and note.content == "The application did not respond"
    assert twin.messages(twin.general, twin.second) == []
    assert bot.hook("PATCH", value={"content": "x", **SILENT}).json()["code"] == 10015


def test_a_token_dies_after_fifteen_minutes(twin: DiscordTwin, bot: Bot, clock: Clock):
    ask(twin)
    clock.wait(899)
    assert bot.hook("PATCH", value={"content": "still", **SILENT}).status_code == 200
    clock.wait(2)
    dead = bot.hook("PATCH", value={"content": "late", **SILENT})
    assert (dead.status_code, dead.json()["code"]) == (401, 50027)
    assert twin.invalid == 1


def test_tokens_can_be_aged_by_hand(twin: DiscordTwin, bot: Bot):
    ask(twin)
    twin.age()
    assert bot.hook("GET").json()["code"] == 50027


def test_ephemeral_messages_are_seen_by_one_person_and_stay_so(twin: DiscordTwin, bot: Bot):
    bot.answers = [{"type": 5, "data": {"flags": 64}}]
    ask(twin)
    first = bot.hook("POST", "", {"content": "for you", **SILENT}).json()
    assert [each.content for each in twin.messages(twin.general, twin.member)] == ["for you"]
    assert twin.messages(twin.general, twin.second) == [] and twin.messages(twin.general) == []
    assert first["flags"] & 64
    assert bot.call("GET", f"/channels/{twin.general.id}/messages").json() == []
    assert bot.call("GET", f"/channels/{twin.general.id}/messages/{first['id']}").json()["code"] == 10008
    second = bot.hook("POST", "", {"content": "for all", **SILENT})
    assert second.status_code == 200
    assert [each.content for each in twin.messages(twin.general, twin.second)] == ["for all"]


def test_the_app_may_call_back_itself_but_once(twin: DiscordTwin, bot: Bot):
    def back(told: dict[str, str]):
        path = f"/interactions/{told['id']}/{told['token']}/callback"
        assert bot.call("POST", path, {"type": 5}).status_code == 204
        assert bot.call("POST", path, {"type": 5}).json()["code"] == 40060
        return 202, {}, b""

    bot.answers = [back]
    assert not ask(twin).failed
    gone = bot.call("POST", f"/interactions/1/{bot.token}/callback", {"type": 5})
    assert (gone.status_code, gone.json()["code"]) == (404, 10062)


def test_buttons_update_their_message_and_open_forms(twin: DiscordTwin, bot: Bot):
    bot.answers = [
        {"type": 4, "data": {"content": "made", "components": BUTTONS, **SILENT}},
        {"type": 6},
        FORM,
        {"type": 7, "data": {"content": "changed", **SILENT}},
    ]
    message = ask(twin).message
    assert message is not None
    pressed = twin.press(twin.second, message, "again")
    assert pressed.message is message and bot.heard[-1]["message"]["id"] == message.id
    assert bot.hook("GET").json()["id"] == message.id
    modal = twin.press(twin.member, message, "again").modal
    assert modal is not None
    with pytest.raises(NotFound):
        twin.fill(twin.second, twin.general, modal, {})
    with pytest.raises(BadInput):
        twin.fill(twin.member, twin.general, modal, {"words": "x" * 2001})
    twin.fill(twin.member, twin.general, modal, {"words": "a happy hippo"})
    sent = bot.heard[-1]
    assert sent["type"] == 5 and sent["data"]["components"][0]["component"]["value"] == "a happy hippo"
    assert message.content == "changed" and not twin.violations
    with pytest.raises(NotFound):
        twin.press(twin.member, message, "no-such-button")


def test_a_command_may_stand_in_the_menu_of_a_message(twin: DiscordTwin, bot: Bot):
    path = f"/applications/{bot.registration.app}/commands"
    bot.call("PUT", path, [IMAGINE, {"name": "Make a sticker of this", "type": 3}])
    said = twin.say(twin.second, twin.general, "a baby hippo")
    assert not twin.menu(twin.member, said, "Make a sticker of this").failed
    data = bot.heard[-1]["data"]
    assert data["target_id"] == said.id and data["type"] == 3
    assert data["resolved"]["messages"][said.id]["content"] == "a baby hippo"
    with pytest.raises(NotOffered):
        twin.menu(twin.member, said, "imagine")


def test_suggestions(twin: DiscordTwin, bot: Bot):
    bot.answers = [{"type": 8, "data": {"choices": [{"name": "a hippo", "value": "a hippo"}]}}]
    outcome = twin.autocomplete(twin.member, twin.general, "imagine", {"prompt": "x", "idea": "a h"}, "idea")
    assert outcome.choices == ("a hippo",)
    assert bot.heard[-1]["data"]["options"][-1] == {"name": "idea", "type": 3, "value": "a h", "focused": True}


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"prompt": ""},
        {"prompt": "x", "seconds": 17},
        {"prompt": "x", "seconds": "4"},
        {"prompt": "x", "shape": "2:1"},
        {"prompt": "x", "colour": "red"},
    ],
)
def test_the_client_sends_nothing_that_does_not_fit(twin: DiscordTwin, bot: Bot, options: dict[str, object]):
    with pytest.raises(BadInput):
        twin.command(twin.member, twin.general, "imagine", options)


def test_commands_show_only_where_they_belong(twin: DiscordTwin, bot: Bot):
    path = f"/applications/{bot.registration.app}/commands"
    adult = {"name": "adult", "description": "x", "nsfw": True}
    managers = {"name": "settings", "description": "x", "default_member_permissions": "32", "contexts": [0]}
    assert bot.call("PUT", path, [adult, managers]).status_code == 200
    names = {
        (who.username, place.name): [each["name"] for each in twin.commands(who, place)]
        for who in (twin.member, twin.manager)
        for place in (twin.general, twin.grown_ups, twin.outside)
    }
    assert names["member", "general"] == [] and names["member", "adults-only"] == ["adult"]
    assert names["manager", "general"] == ["settings"] and names["manager", "lounge"] == []
    with pytest.raises(NotOffered):
        twin.command(twin.member, twin.general, "settings")


def test_a_person_may_carry_the_app_and_then_it_has_five_follow_ups(twin: DiscordTwin, bot: Bot, clock: Clock):
    path = f"/applications/{bot.registration.app}/commands"
    bot.call("PUT", path, [{**IMAGINE, "integration_types": [0, 1], "contexts": [0, 1, 2]}])
    assert twin.carry(twin.member) == 204
    bot.answers = [{"type": 4, "data": {"content": "here", **SILENT}}]
    twin.command(twin.member, twin.outside, "imagine", {"prompt": "x"})
    assert bot.heard[-1]["authorizing_integration_owners"] == {"1": twin.member.id}
    codes = []
    for number in range(6):
        clock.wait(1)
        codes.append(bot.hook("POST", "", {"content": str(number), **SILENT}).json().get("code"))
    assert codes == [None] * 5 + [40094]
    assert (
        bot.call("POST", f"/channels/{twin.outside.id}/messages", {"content": "x", **SILENT}).json()["code"] == 50001
    )


@pytest.mark.parametrize("first", ["nothing", "an edit", "a deletion"])
def test_only_a_deferral_that_is_resolved_can_be_followed_by_a_whisper(
    twin: DiscordTwin, bot: Bot, clock: Clock, first: str
):
    """The first follow-up fills the placeholder, as public or private as that was; later ones say it themselves."""
    ask(twin)
    clock.wait(1)
    if first == "an edit":
        bot.hook("PATCH", value={"content": "here", **SILENT})
    elif first == "a deletion":
        assert bot.hook("DELETE").status_code == 204
        assert bot.hook("DELETE").json()["code"] == 10008
    clock.wait(3)
    made = bot.hook("POST", "", {"content": "for you", "flags": 64, **SILENT}).json()
    everybody = [each.content for each in twin.messages(twin.general)]
    assert everybody == {"nothing": ["for you"], "an edit": ["here"], "a deletion": []}[first]
    assert bool(made["flags"] & 64) == (first != "nothing")
    assert "for you" in [each.content for each in twin.messages(twin.general, viewer=twin.member)]
    history = bot.call("GET", f"/channels/{twin.general.id}/messages").json()
    assert (made["id"] in [each["id"] for each in history]) == (first == "nothing"), "no history shows a whisper"


def test_a_callback_must_say_something(twin: DiscordTwin, bot: Bot):
    def back(told: dict[str, str]):
        path = f"/interactions/{told['id']}/{told['token']}/callback"
        assert bot.call("POST", path, {"type": 4, "data": {"content": " ", **SILENT}}).json()["code"] == 50006
        assert bot.call("POST", path, {"type": 4, "data": {"content": "x", **SILENT}}).status_code == 204
        return 202, {}, b""

    bot.answers = [back]
    assert not ask(twin).failed


def test_a_person_sees_one_form_at_a_time(twin: DiscordTwin, bot: Bot):
    bot.answers = [FORM]
    first, second = ask(twin).modal, ask(twin).modal
    assert first is not None and second is not None and list(twin.world.modals) == [second.id]
    with pytest.raises(NotFound):
        twin.fill(twin.member, twin.general, first, {})


def test_what_was_typed_long_ago_is_forgotten_and_what_was_answered_is_not(twin: DiscordTwin, bot: Bot, clock: Clock):
    message = ask(twin).message
    assert message is not None
    bot.answers = [{"type": 8, "data": {"choices": []}}]
    for _ in range(2100):
        clock.wait(5)
        twin.autocomplete(twin.member, twin.general, "imagine", {"idea": "a"}, "idea")
    assert len(twin.world.interactions) <= 2001 and message.interaction in twin.world.interactions
    assert bot.call("GET", f"/channels/{twin.general.id}/messages").json()[0]["interaction_metadata"]


def test_many_at_once_see_one_conversation_and_lose_nothing():
    """People and the app come at the same time: the app by its calls, each in a thread of the twin's."""
    now = itertools.count(1_790_000_000.0, 1.0)
    with DiscordTwin(lambda: next(now), lambda seconds: None, serve=False) as twin:
        token = {
            "User-Agent": AGENT,
            "Authorization": f"Bot {twin.keys.bot_token}",
            "Content-Type": "application/json",
        }
        people = [twin.world.person(f"person{n}", f"Person {n}") for n in range(400)]

        def app() -> None:
            for person in people:
                told = json.dumps({"recipient_id": person.id}).encode()
                twin.engine.ask("POST", "/api/v10/users/@me/channels", {}, token, told)

        def person() -> None:
            for each in people:
                twin.say(each, twin.dm(each), "hello")
                twin.messages(twin.dm(each), each)

        before = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            with ThreadPoolExecutor(4) as pool:
                for done in [pool.submit(each) for each in (app, person, app, person)]:
                    done.result()
        finally:
            sys.setswitchinterval(before)
        places = [each.people for each in twin.world.channels.values() if each.guild is None]
        assert len(places) == len(set(places)) == 400 and not twin.violations


def test_places_refuse_as_discord_does(twin: DiscordTwin, bot: Bot, clock: Clock):
    def code(method: str, path: str, value: object = None) -> int:
        clock.wait(5)
        return bot.call(method, path, value).json().get("code", 0)

    hello = {"content": "x", **SILENT}
    general = f"/channels/{twin.general.id}/messages"
    assert code("POST", "/channels/1/messages", hello) == 10003
    assert code("POST", general, {**SILENT}) == 50006
    twin.general.app_permissions &= ~(1 << 11)
    assert code("POST", general, hello) == 50013
    twin.general.app_permissions = 0
    assert code("GET", general) == 50001
    dm = bot.call("POST", "/users/@me/channels", {"recipient_id": twin.member.id}).json()["id"]
    assert code("POST", f"/channels/{dm}/messages", hello) == 0
    twin.member.takes_dms = False
    assert code("POST", f"/channels/{dm}/messages", hello) == 50007
    theirs = twin.say(twin.member, twin.reels, "hello")
    assert code("PATCH", f"/channels/{twin.reels.id}/messages/{theirs.id}", hello) == 50005
    assert code("DELETE", f"/channels/{twin.reels.id}/messages/{theirs.id}") == 50013
    assert code("GET", f"/channels/{twin.reels.id}/messages/1") == 10008
    twin.deauthorize(twin.guild)
    assert code("POST", f"/channels/{twin.reels.id}/messages", hello) == 50001
    assert code("PUT", f"/applications/{bot.registration.app}/guilds/{twin.guild.id}/commands", []) == 50001
    assert code("PUT", "/applications/1/commands", []) == 20012
