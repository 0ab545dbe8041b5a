"""What Discord's bodies are read as: who spoke where, and what they asked for."""

from __future__ import annotations

import json

import pytest
from tests.integrations.discord.fixtures import APP, CHANNEL, GUILD, MEMBER, REGISTRATION, raw, recorded

from reelgate import chat
from reelgate.door import Inbound
from reelgate.errors import BodyInvalid
from reelgate.words import Kind, Prompt
from reelgate_integrations.discord.platform import DiscordPlatform

DOOR = DiscordPlatform(REGISTRATION)
STATE = "AQAAAAAAAAAAAAAAAAAAAAAAAAB0ZXN0LXN0YXRlLW9mLWJ1dHR"
IDEA = "a baby hippo swimming"


def read(name: str, **more: object) -> chat.Event:
    (event,) = DOOR.read(Inbound(json.dumps(recorded(name) | more).encode(), {}))
    return event


def test_a_command_with_all_its_options():
    event = read("command__imagine")
    assert isinstance(event, chat.Command)
    assert (event.kind, event.prompt) == (Kind.REEL, Prompt(IDEA, 4.5, (1, 1), 7))
    heard = event.heard
    assert heard.once_key == recorded("command__imagine")["id"] and heard.at == 1_767_225_601.0
    assert heard.origin == chat.Origin(GUILD, CHANNEL, MEMBER, "public", "en")
    assert (heard.address.platform, heard.address.app) == ("discord", APP)
    assert heard.address.place == {
        "token": "recorded-token-0001", "interaction": heard.once_key, "channel": CHANNEL, "guild": GUILD,
        "member": MEMBER, "born": "1767225601.000", "limit": "10485760", "context": "0", "language": "en",
        "installation": GUILD,
    }  # fmt: skip


def test_what_is_left_out_is_as_usual():
    event = read("command__imagine_only_words")
    assert isinstance(event, chat.Command) and event.prompt == Prompt(IDEA)
    assert event.heard.origin.language == "pt"


def test_an_age_gated_channel_and_a_spoiler():
    event = read("command__imagine_spoiler_in_age_gated_channel")
    assert event.heard.origin.surface == "age_gated" and event.heard.origin.language == "ja"
    assert event.heard.address.place["spoiler"] == "1"


def test_where_a_person_carries_the_app_they_are_the_installation_and_a_managers_rights_end():
    event = read("command__imagine_carried_to_another_server")
    assert event.heard.origin.installation == f"user:{MEMBER}"
    assert not event.heard.origin.manager
    assert event.heard.address.place["guild"] == GUILD
    assert event.heard.address.place["limit"] == "10485760", "a place that says more than it takes is not believed"


@pytest.mark.parametrize(
    ("name", "language", "limit"),
    [
        ("command__sticker_in_conversation_with_the_bot", "de", "10485760"),
        ("command__imagine_among_friends", "es", "8388608"),
    ],
)
def test_conversations(name: str, language: str, limit: str):
    origin = read(name).heard.origin
    assert (origin.installation, origin.surface, origin.language) == (f"user:{MEMBER}", "dm", language)
    assert origin.member == MEMBER and not origin.moderator and not origin.manager
    assert read(name).heard.address.place["limit"] == limit


def test_a_sticker_of_somebodys_message():
    event = read("command__sticker_of_a_message")
    assert isinstance(event, chat.Command)
    assert (event.kind, event.prompt.text) == (Kind.STICKER, "an owl in the rain")


def test_a_press_gives_back_the_state_without_our_tag():
    event = read("press__button")
    message = recorded("press__button")["message"]["id"]
    assert isinstance(event, chat.Press)
    assert (event.state, event.message) == (STATE, f"{CHANNEL}/{message}")
    assert event.heard.address.place["message"] == event.message
    assert event.heard.origin.moderator and not event.heard.origin.manager


@pytest.mark.parametrize("name", ["filled__new_words", "filled__new_words_in_rows"])
def test_a_form_in_either_layout(name: str):
    event = read(name)
    assert isinstance(event, chat.Filled)
    assert (event.state, event.words) == (STATE, "an owl in the rain")


def test_what_somebody_is_typing():
    event = read("suggest__prompt")
    assert isinstance(event, chat.Suggest) and (event.field, event.typed) == ("prompt", "a ba")


@pytest.mark.parametrize(
    ("name", "setting", "value"),
    [
        ("configure__settings", "show", ""),
        ("configure__channel_here", "channel_allow", CHANNEL),
        ("configure__channel_named", "channel_forbid", "1187000000000000007"),
        ("configure__channels_all", "channels_all", ""),
        ("configure__quota", "quota", "12"),
        ("configure__language", "language", "ja"),
    ],
)
def test_settings(name: str, setting: str, value: str):
    event = read(name)
    assert isinstance(event, chat.Configure)
    assert (event.setting, event.value) == (setting, value)
    assert event.heard.origin.manager, "a manager or an administrator asked"


def test_settings_by_somebody_else_come_without_the_right():
    body = recorded("configure__quota")
    body["member"]["permissions"] = "2147483648"
    (event,) = DOOR.read(Inbound(json.dumps(body).encode(), {}))
    assert not event.heard.origin.manager and not event.heard.origin.moderator


def test_who_takes_the_app_in_and_out():
    added, person, gone = read("added__to_a_server"), read("added__by_a_person"), read("added__gone")
    assert isinstance(added, chat.Added) and (added.heard.origin.installation, added.gone) == (GUILD, False)
    assert isinstance(person, chat.Added) and person.heard.origin.installation == f"user:{MEMBER}"
    assert isinstance(gone, chat.Added) and gone.gone
    assert added.heard.at == pytest.approx(1_767_225_630.123456)


def test_an_event_without_an_id_is_named_by_its_bytes():
    (one,) = DOOR.read(Inbound(raw("added__gone"), {}))
    (same,) = DOOR.read(Inbound(raw("added__gone"), {}))
    (other,) = DOOR.read(Inbound(raw("added__by_a_person"), {}))
    assert one.heard.once_key == same.heard.once_key != other.heard.once_key
    assert len(one.heard.once_key) == 64


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("ignored__another_command", "a command of another app"),
        ("ignored__menu_of_a_person", "a menu entry of another app"),
        ("ignored__entitlement", "an event ENTITLEMENT_CREATE"),
        ("ignored__quest", "an event QUEST_USER_ENROLLMENT"),
        ("ignored__lobby_message", "an event LOBBY_MESSAGE_CREATE"),
    ],
)
def test_what_asks_nothing_of_us_says_what_it_was(name: str, reason: str):
    event = read(name)
    assert isinstance(event, chat.Ignored) and event.reason == reason


@pytest.mark.parametrize(
    "option",
    [
        {"name": "seconds", "value": "4"}, {"name": "seconds", "value": True}, {"name": "seed", "value": 1.5},
        {"name": "seed", "value": True}, {"name": "aspect", "value": "wide"}, {"name": "prompt", "value": 7},
        {"name": "seconds", "value": 10**400}, {"name": "seconds", "value": -(10**400)},
    ],
)  # fmt: skip
def test_an_option_of_another_type_is_invalid(option: dict[str, object]):
    body = recorded("command__imagine")
    body["data"]["options"] = [option]
    with pytest.raises(BodyInvalid):
        DOOR.read(Inbound(json.dumps(body).encode(), {}))


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("configure__quota", {"name": "reels", "value": "9" * 5000}),
        ("configure__quota", {"name": "reels", "value": True}),
        ("configure__quota", {}),
        ("configure__channel_named", {"name": "rule", "value": "everything"}),
        ("configure__channel_here", {"name": "rule", "value": "show"}),
    ],
)
def test_a_setting_of_another_type_is_invalid(name: str, option: dict[str, object]):
    body = recorded(name)
    body["data"]["options"][0]["options"] = [option]
    with pytest.raises(BodyInvalid):
        DOOR.read(Inbound(json.dumps(body).encode(), {}))


NO_ID = ["", "a\x00b", "9" * 21, "general", "\u0661", " 1", "-1"]


@pytest.mark.parametrize("odd", NO_ID)
@pytest.mark.parametrize("place", ["guild_id", "channel_id", "member.user.id", "authorizing_integration_owners.1"])
def test_an_id_that_is_none_is_invalid(place: str, odd: str):
    """A database that would stumble over it never sees it, and nobody is taken for somebody else."""
    body = recorded("command__imagine_carried_to_another_server")
    *way, last = place.split(".")
    part = body
    for step in way:
        part = part[step]
    part[last] = odd
    if odd or place == "member.user.id":
        with pytest.raises(BodyInvalid):
            DOOR.read(Inbound(json.dumps(body).encode(), {}))


@pytest.mark.parametrize("odd", [each for each in NO_ID if each])
def test_an_id_of_a_webhook_event_that_is_none_is_invalid(odd: str):
    for name, whose in (("added__to_a_server", "guild"), ("added__by_a_person", "user"), ("added__gone", "user")):
        body = recorded(name)
        body["event"]["data"][whose]["id"] = odd
        with pytest.raises(BodyInvalid):
            DOOR.read(Inbound(json.dumps(body).encode(), {}))


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "ü", "\x00"])
def test_a_token_that_is_none_is_invalid(token: str):
    with pytest.raises(BodyInvalid):
        read("command__imagine", token=token)


@pytest.mark.parametrize(
    "raw_words",
    [rb'"\ud83e"', rb'"\uDD9B a hippo"', rb'"\udd9b\ud83e"', b'"\xed\xa0\xbe"', b'"\xff"', '"é"'.encode("latin-1")],
)
def test_half_a_character_is_invalid_wherever_it_stands(raw_words: bytes):
    body = json.dumps(recorded("command__imagine") | {"locale": "HERE"}).encode()
    for door in (DOOR.greet, DOOR.read):
        with pytest.raises(BodyInvalid):
            door(Inbound(body.replace(b'"HERE"', raw_words), {}))


def test_a_whole_character_may_be_escaped():
    body = recorded("command__imagine")
    body["data"]["options"] = [{"name": "prompt", "value": "a 🦛"}]
    (event,) = DOOR.read(Inbound(json.dumps(body, ensure_ascii=True).encode(), {}))
    assert isinstance(event, chat.Command) and event.prompt.text == "a 🦛"


def test_no_words_and_no_token_show_when_an_event_is_printed():
    for name in ("command__imagine", "filled__new_words", "suggest__prompt"):
        shown = repr(read(name))
        assert "hippo" not in shown and "owl" not in shown and "a ba" not in shown and "recorded-token" not in shown
