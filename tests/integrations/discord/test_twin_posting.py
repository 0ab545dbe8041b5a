"""The twin of Discord as the bot's own messages see it: posted once, edited, looked up, taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.integrations.discord.bot import BUTTONS, SILENT, VIDEO, Bot, Clock, ask

if TYPE_CHECKING:
    from reelgate_integrations.discord.twin import DiscordTwin


def test_the_bot_posts_once_under_a_nonce(twin: DiscordTwin, bot: Bot, clock: Clock):
    path = f"/channels/{twin.general.id}/messages"
    value = {"content": "x", "nonce": "n" * 25, "enforce_nonce": True, **SILENT}
    one, again = (bot.call("POST", path, value).json() for _ in range(2))
    assert one["id"] == again["id"]
    clock.wait(600)
    assert bot.call("POST", path, value).json()["id"] != one["id"]
    value.pop("enforce_nonce")
    clock.wait(10)
    assert len({bot.call("POST", path, value).json()["id"] for _ in range(2)}) == 2


def test_a_nonce_is_the_authors_in_whichever_channel(twin: DiscordTwin, bot: Bot, clock: Clock):
    value = {"content": "x", "nonce": "n", "enforce_nonce": True, **SILENT}
    one = bot.call("POST", f"/channels/{twin.general.id}/messages", value).json()
    other = bot.call("POST", f"/channels/{twin.reels.id}/messages", value).json()
    assert other["id"] == one["id"] and twin.messages(twin.reels) == []


def test_only_an_interactions_message_can_be_for_one_person(twin: DiscordTwin, bot: Bot):
    path = f"/channels/{twin.general.id}/messages"
    made = bot.call("POST", path, {"content": "x", "flags": 64 | 4, **SILENT}).json()
    assert made["flags"] == 4 and [each["id"] for each in bot.call("GET", path).json()] == [made["id"]]


def test_the_newer_layout_can_be_chosen_by_an_edit_and_not_while_deferring(twin: DiscordTwin, bot: Bot):
    ask(twin)
    told = bot.hook("PATCH", value={"components": BUTTONS, "flags": 1 << 15, **SILENT}).json()
    assert told["flags"] & 1 << 15
    assert bot.hook("PATCH", value={"content": "x", "flags": 1 << 15, **SILENT}).json()["code"] == 50035


def test_no_edit_leaves_a_message_with_nothing_in_it(twin: DiscordTwin, bot: Bot, clock: Clock):
    path = f"/channels/{twin.general.id}/messages"
    assert bot.call("POST", path, {"content": " \n\t", **SILENT}).json()["code"] == 50006
    made = bot.call("POST", path, {"content": "x", **SILENT}, files=[VIDEO]).json()
    path = f"{path}/{made['id']}"
    assert bot.call("PATCH", path, {"content": "", **SILENT}).json()["content"] == "", "its file is left"
    assert bot.call("PATCH", path, {"attachments": [], **SILENT}).json()["code"] == 50006
    assert bot.call("PATCH", path, {"attachments": [], "content": "y", **SILENT}).status_code == 200
    assert bot.call("PATCH", path, {"content": "", **SILENT}).json()["code"] == 50006
    ask(twin)
    assert bot.hook("PATCH", value={"content": "", "components": [], **SILENT}).json()["code"] == 50006
    assert bot.hook("PATCH", value={"components": BUTTONS, **SILENT}).status_code == 200
    clock.wait(5)
    assert bot.hook("PATCH", value={"components": [], **SILENT}).json()["code"] == 50006


def test_a_deleted_message_takes_its_files_along(twin: DiscordTwin, bot: Bot):
    path = f"/channels/{twin.general.id}/messages"
    made = bot.call("POST", path, {"content": "x", **SILENT}, files=[VIDEO]).json()
    bot.call("DELETE", f"{path}/{made['id']}")
    assert not twin.world.messages[made["id"]].attachments
    assert bot.call("GET", "/../.." + made["attachments"][0]["url"].removeprefix(twin.url)).status_code == 404


def test_history_can_be_looked_up(twin: DiscordTwin, bot: Bot, clock: Clock):
    path = f"/channels/{twin.general.id}/messages"
    ids = []
    for number in range(4):
        clock.wait(5)
        ids.append(bot.call("POST", path, {"content": str(number), **SILENT}).json()["id"])
    clock.wait(5)

    def seen(**query: object) -> list[str]:
        return [each["content"] for each in bot.call("GET", path, params=query).json()]

    assert seen() == ["3", "2", "1", "0"] and seen(limit=2) == ["3", "2"]
    assert seen(before=ids[2]) == ["1", "0"] and seen(after=ids[1], limit=1) == ["2"]
    clock.wait(5)
    assert seen(around=ids[1], limit=3) == ["2", "1", "0"]
    for query in ({"limit": 101}, {"limit": "few"}, {"before": "yesterday"}):
        assert bot.call("GET", path, params=query).json()["code"] == 50035
    clock.wait(5)
    twin.general.app_permissions &= ~(1 << 16)
    assert seen() == []


def test_an_edit_drops_what_it_does_not_list(twin: DiscordTwin, bot: Bot, clock: Clock):
    path = f"/channels/{twin.general.id}/messages"
    made = bot.call("POST", path, {"content": "x", **SILENT}, files=[VIDEO, ("b.webp", b"RIFF", "image/webp")]).json()
    kept = made["attachments"][1]["id"]
    path = f"{path}/{made['id']}"
    assert len(bot.call("PATCH", path, {"content": "y", **SILENT}).json()["attachments"]) == 2
    left = bot.call("PATCH", path, {"attachments": [{"id": kept}], **SILENT}).json()["attachments"]
    assert [each["id"] for each in left] == [kept]
    assert bot.call("DELETE", path).status_code == 204 and twin.messages(twin.general) == []
