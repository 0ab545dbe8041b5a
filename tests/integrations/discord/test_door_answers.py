"""What Discord is answered at once, held against the rules that its twin enforces."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.integrations.discord.fixtures import REGISTRATION, recorded

from reelgate import chat
from reelgate.door import Inbound
from reelgate.errors import NotOffered
from reelgate_integrations.discord.platform import DiscordPlatform

DOOR = DiscordPlatform(REGISTRATION)
NASTY = (
    "**@everyone** <@123> [here](https://bad.example) ||x|| \u202egnol\u2066 `code`\n"
    "# big\n> quoted\n- item discord.gg/abc"
)


def answer(name: str, reply: chat.Reply) -> tuple[int, Any]:
    (event,) = DOOR.read(Inbound(json.dumps(recorded(name)).encode(), {}))
    told = DOOR.acknowledge(event, reply)
    return told.status, json.loads(told.body) if told.body else None


@pytest.mark.parametrize("name", ["command__imagine", "press__button", "filled__new_words"])
def test_what_takes_longer_is_deferred_with_no_flag_but_one(name: str):
    assert answer(name, chat.Working()) == (200, {"type": 5})
    assert answer(name, chat.Working(private=True)) == (200, {"type": 5, "data": {"flags": 64}})


def test_a_note_is_whispered_and_rings_nobodys_bell():
    status, told = answer("command__imagine", chat.Note("Please wait a moment."))
    assert status == 200 and told == {
        "type": 4, "data": {"content": "Please wait a moment.", "flags": 64, "allowed_mentions": {"parse": []}},
    }  # fmt: skip


def test_words_in_a_note_are_shown_as_they_are():
    _, told = answer("press__button", chat.Note(NASTY))
    content = told["data"]["content"]
    assert "@everyone" not in content and "<@" not in content.replace("\\<@", "") and "\u202e" not in content
    assert "](" not in content.replace("\\](", "") and "https://" not in content and "discord.gg" not in content
    assert "\\# big" in content and "\\> quoted" in content and "\\- item" in content


def test_a_channel_that_is_named_by_its_id_is_shown_by_its_name():
    _, told = answer("configure__settings", chat.Note("I answer in #1187000000000000002, #1187000000000000007."))
    assert told["data"]["content"] == "I answer in <#1187000000000000002>, <#1187000000000000007>."


def test_a_long_note_is_cut():
    _, told = answer("command__imagine", chat.Note("_🦛" * 3000))
    content = told["data"]["content"]
    assert len(content.encode("utf-16-le")) // 2 <= 2000 and content.endswith("…")


def test_a_form_holds_one_field_with_the_words_in_it():
    _, told = answer(
        "press__button", chat.Form("New words for this idea, please", "What to film?", "s" * 64, "hippo")
    )
    assert told["type"] == 9 and told["data"]["custom_id"] == "s" * 64
    (label,) = told["data"]["components"]
    field = label["component"]
    assert (label["type"], field["type"], field["style"]) == (18, 4, 2)
    assert (field["value"], field["required"], field["max_length"]) == ("hippo", True, 2000)


def test_a_form_is_no_answer_to_a_form():
    with pytest.raises(NotOffered):
        answer("filled__new_words", chat.Form("Title", "Label", "state"))


def test_suggestions_are_few_and_short():
    many = chat.Choices((*(f"idea {n}" for n in range(30)), "x" * 101, ""))
    _, told = answer("suggest__prompt", many)
    assert told["type"] == 8 and len(told["data"]["choices"]) == 25
    assert told["data"]["choices"][0] == {"name": "idea 0", "value": "idea 0"}


@pytest.mark.parametrize("reply", [chat.Quiet(), chat.Note("Busy"), chat.Working()])
def test_somebody_who_types_is_never_answered_with_a_message(reply: chat.Reply):
    assert answer("suggest__prompt", reply) == (200, {"type": 8, "data": {"choices": []}})


def test_quiet_shows_nothing():
    assert answer("press__button", chat.Quiet()) == (200, {"type": 6})
    assert answer("filled__new_words", chat.Quiet()) == (200, {"type": 6})
    assert answer("filled__new_words_in_rows", chat.Quiet()) == (204, None), "there is no message to leave as it is"
    assert answer("ignored__another_command", chat.Quiet()) == (204, None)


@pytest.mark.parametrize("reply", [chat.Quiet(), chat.Note("Busy"), chat.Working()])
def test_a_webhook_event_wants_204_and_nothing(reply: chat.Reply):
    assert answer("added__to_a_server", reply) == (204, None)
    assert answer("ignored__entitlement", reply) == (204, None)
