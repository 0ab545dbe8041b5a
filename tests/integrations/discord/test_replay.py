"""``reelgate replay``: recorded bodies, alone or in containers, become one line of JSON each."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.integrations.discord.fixtures import HERE, NAMES, REGISTRATION, recorded

from reelgate import chat
from reelgate.cli import main
from reelgate.errors import BodyInvalid, NotFound, NotOffered
from reelgate_integrations.command import bodies, line, replay_command
from reelgate_integrations.discord.platform import DiscordPlatform

KINDS = {"command", "press", "filled", "configure", "suggest", "added", "ignored"}
COMMON = {
    "event", "once_key", "at", "platform", "app", "installation", "channel", "member", "surface", "language",
    "moderator", "manager",
}  # fmt: skip
PARTIAL = {
    "press": {"type": 3, "data": {"component_type": 3, "custom_id": "which", "values": ["one"]}},
    "filled": {"type": 5, "data": {"custom_id": "form", "components": [
        {"type": 18, "id": 1, "component": {"type": 19, "id": 2, "custom_id": "file", "values": ["1"]}}]}},
    "suggest": {"type": 4, "data": {"name": "imagine", "type": 1, "options": [
        {"name": "prompt", "value": "x", "focused": True}]}},
    "command": {"type": 2, "data": {"name": "sticker", "type": 1, "options": [
        {"name": "prompt", "type": 3, "value": "an owl"}]}},
    "ignored": {"type": 2, "token": "x", "id": "786008729715212338", "data": {"name": "cards", "type": 1}},
}  # fmt: skip
NOT_INBOUND = [
    {"type": 4, "data": {"content": "a response"}}, {"type": 5},
    {"type": 9, "data": {"custom_id": "x", "title": "y", "components": []}},
    {"content": "a message", "components": [{"type": 1, "components": []}]},
    {"name": "a command", "type": 1, "description": "x"},
    {"type": 8, "data": {"choices": []}}, {"id": "1", "type": 1, "name": "a sticker"}, {"type": 1, "components": []},
    {"type": True, "data": {"name": "x"}}, {"permissions": []}, {},
]  # fmt: skip


def replayed(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, Any]], str]:
    capsys.readouterr()
    assert replay_command(["discord", str(path)]) == 0
    told = capsys.readouterr()
    return [json.loads(each) for each in told.out.splitlines()], told.err


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_body_becomes_one_line(name: str, capsys: pytest.CaptureFixture[str]):
    (event,), told = replayed(HERE / f"{name}.json", capsys)
    assert event["event"] == name.partition("__")[0].replace("ping", "ignored") and event.keys() >= COMMON
    assert not told and "recorded-token" not in json.dumps(event)


def test_a_command_shows_what_was_asked_for(capsys: pytest.CaptureFixture[str]):
    (event,), _ = replayed(HERE / "command__imagine.json", capsys)
    assert {key: event[key] for key in ("kind", "text", "seconds", "aspect", "seed")} == {
        "kind": "reel", "text": "a baby hippo swimming", "seconds": 4.5, "aspect": "1:1", "seed": 7,
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "body"), PARTIAL.items())
def test_a_body_without_its_envelope_is_an_event_with_empty_parts(kind: str, body: dict[str, Any]):
    event = DiscordPlatform(REGISTRATION).replay(body)
    assert event is not None and type(event).__name__.lower() == kind
    assert event.heard.once_key and event.heard.origin == chat.Origin("")


@pytest.mark.parametrize("body", NOT_INBOUND)
def test_what_discord_sends_to_no_app_is_no_event(body: dict[str, Any]):
    assert DiscordPlatform(REGISTRATION).replay(body) is None


def test_containers_are_opened_and_what_is_no_body_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "recorded.json"
    kept = {
        "about": "recorded by hand", "first": recorded("press__button"),
        "more": [recorded("added__gone"), {"content": "x"}],
        "within": {"second": recorded("command__imagine"), "number": 7},
    }  # fmt: skip
    file.write_text(json.dumps(kept), encoding="utf-8")
    events, told = replayed(file, capsys)
    assert [each["event"] for each in events] == ["press", "added", "command"]
    assert [each.split()[2] for each in told.splitlines()] == ["about", "more.1", "within.number"]
    file.write_text(json.dumps([recorded("press__button"), recorded("suggest__prompt")]), encoding="utf-8")
    assert [each["event"] for each in replayed(file, capsys)[0]] == ["press", "suggest"]


@pytest.mark.parametrize(
    ("argv", "error"),
    [
        (["nowhere", "x.json"], NotFound),
        (["discord", "no-such-file.json"], NotFound),
        (["folder", str(HERE / "press__button.json")], NotOffered),
        (["discord", __file__], BodyInvalid),
    ],
)
def test_what_cannot_be_read_is_a_typed_error(argv: list[str], error: type[Exception]):
    with pytest.raises(error):
        replay_command(argv)


def test_a_file_without_any_body_is_an_error(tmp_path: Path):
    for text in ("{}", "[]", "7", json.dumps(NOT_INBOUND)):
        (tmp_path / "none.json").write_text(text)
        with pytest.raises(BodyInvalid):
            replay_command(["discord", str(tmp_path / "none.json")])


def test_it_can_be_typed(capsys: pytest.CaptureFixture[str]):
    assert main(["replay", "discord", str(HERE / "suggest__prompt.json")]) == 0
    assert json.loads(capsys.readouterr().out)["field"] == "prompt"
    assert main(["replay", "discord", "no-such-file.json"]) != 0


def test_samples_of_others_become_events():
    """Runs with `make check-specs SAMPLES=DIR`: every sample that its index calls inbound."""
    where = os.environ.get("REELGATE_SAMPLES")
    if not where:
        pytest.skip("no samples were handed in (REELGATE_SAMPLES)")
    platform, seen, missed = DiscordPlatform(REGISTRATION), 0, []
    for index in sorted(Path(where).rglob("discord/**/INDEX.json")):
        for row in json.loads(index.read_text(encoding="utf-8")):
            file = index.parent / Path(row["file"]).name
            if not row["kind"].startswith(("interaction-", "webhook-event")) or row["kind"] == "interaction-response":
                continue
            if not file.exists():
                continue
            seen += 1
            found = [event for _, event in bodies(json.loads(file.read_text(encoding="utf-8")), platform) if event]
            if not found or any(line(event)["event"] not in KINDS for event in found):
                missed.append(file.name)
    assert seen and not missed
