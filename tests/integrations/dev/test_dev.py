"""``reelgate dev`` without a browser: what it refuses, what its service sees, and what the page is told."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
import requests
from tests.integrations.discord.bot import BUTTONS, FORM, IMAGINE, SILENT, Bot

from reelgate.errors import BadInput, NotFound, NotOffered, Unavailable
from reelgate_integrations.dev import service as service_
from reelgate_integrations.dev.command import dev_command
from reelgate_integrations.dev.pages import Page
from reelgate_integrations.dev.service import Service
from reelgate_integrations.discord.standin.view import CIRCUMSTANCES, FAULTS, View
from reelgate_integrations.discord.twin import DiscordTwin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def twin() -> Iterator[DiscordTwin]:
    with DiscordTwin(patience=20) as twin:
        yield twin


@pytest.fixture
def bot(twin: DiscordTwin) -> Bot:
    bot = Bot(twin.registration)
    twin.connect(send=bot)
    bot.call("PUT", f"/applications/{bot.registration.app}/commands", [IMAGINE])
    return bot


@pytest.fixture
def view(twin: DiscordTwin, bot: Bot) -> View:
    return View(twin)


def test_the_command_says_what_it_cannot_do() -> None:
    with pytest.raises(NotFound):
        dev_command(["nowhere"])
    with pytest.raises(BadInput):
        dev_command([])


def test_the_service_behind_a_twin_knows_nothing_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REELGATE_DATABASE_URL", "postgresql://somewhere/precious")
    seen: list[tuple[tuple[str, ...], dict[str, str]]] = []

    class Ended:
        returncode = 0

    def run(words: list[str], *, env: dict[str, str], **more: object) -> Ended:
        seen.append((tuple(words), env))
        return Ended()

    monkeypatch.setattr(service_.subprocess, "run", run)
    service = Service(tmp_path / "home")
    with DiscordTwin(serve=False) as twin:
        address = service.register("discord", twin.registration)
        secrets = set(twin.registration.secrets.values())
    assert address == f"{service.url}/platforms/discord/{twin.registration.app}"
    for words, env in seen:
        assert not secrets & set(words)
        assert "REELGATE_DATABASE_URL" not in env
        assert env["REELGATE_HOME"] == str(tmp_path / "home")
    assert secrets <= set(seen[0][1].values()) and not secrets & set(seen[1][1].values())


def test_a_service_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(service_, "_COMMAND", ("/bin/sh", "-c", "echo no such luck >&2; exit 3"))
    service = Service(tmp_path)
    service.start()
    with pytest.raises(Unavailable, match="no such luck"):
        service.wait(lambda: False)
    with pytest.raises(Unavailable, match="ended with 3: no such luck"):
        with DiscordTwin(serve=False) as twin:
            service.register("discord", twin.registration)


def test_waiting_for_a_service_can_be_stopped_and_it_is_ended_then(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(service_, "_COMMAND", ("/bin/sh", "-c", "sleep 60"))
    service = Service(tmp_path)
    service.start()
    assert service.wait(lambda: True) is False and not service.ended()
    service.close()
    assert service.ended()


def test_the_page_is_told_what_one_person_sees(twin: DiscordTwin, bot: Bot, view: View) -> None:
    me = {"viewer": twin.member.id, "channel": twin.general.id}
    bot.answers = [{"type": 4, "data": {"content": "for you", "flags": 64, "components": BUTTONS, **SILENT}}]
    told = view.do({"verb": "command", "name": "imagine", "options": {"prompt": "a hippo"}, **me})
    assert told == {"ok": True, "failed": False, "modal": None}
    state = view.state(me["viewer"], me["channel"])
    (message,) = state["messages"]
    assert message["ephemeral"] and message["asked"] == {"by": "Member", "what": "/imagine"}
    assert [each["label"] for each in message["rows"][0]] == ["Again", "Delete"]
    assert view.state(twin.second.id, me["channel"])["messages"] == []
    bot.answers = [FORM]
    form = view.do({"verb": "press", "message": message["id"], "custom_id": "again", **me})["modal"]
    assert form["fields"][0]["value"] == "a hippo"
    bot.answers = [{"type": 6}]
    view.do({"verb": "fill", "modal": form["id"], "values": {"words": "two hippos"}, **me})
    with pytest.raises(NotFound):
        view.do({"verb": "fill", "modal": form["id"], "values": {}, **me})
    assert any("two hippos" in each["sent"] for each in view.state("", "")["log"])


@pytest.mark.parametrize(
    "asked", [{}, {"verb": "dance"}, {"verb": "press"}, {"verb": "say", "words": " "}, {"verb": "fault"}]
)
def test_the_page_is_told_what_makes_no_sense(twin: DiscordTwin, view: View, asked: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        view.do({"viewer": twin.member.id, "channel": twin.general.id, **asked})


def test_switches_and_tools(twin: DiscordTwin, bot: Bot, view: View) -> None:
    me = {"viewer": twin.member.id, "channel": twin.outside.id}
    for name in (*FAULTS, *CIRCUMSTANCES):
        view.do({"verb": "fault", "id": name, "on": True, **me})
    assert twin.general.app_permissions == 0 and not twin.member.takes_dms
    assert len(twin.faults.plan.faults) == len(FAULTS) and all(each["on"] for each in view.state("", "")["faults"])
    for name in (*FAULTS, *CIRCUMSTANCES):
        view.do({"verb": "fault", "id": name, "on": False, **me})
    assert twin.general.app_permissions and twin.member.takes_dms
    assert twin.faults.plan.faults == ()
    assert "401" in view.do({"verb": "probe", **me})["says"]
    with pytest.raises(NotOffered):
        view.do({"verb": "command", "name": "imagine", "options": {"prompt": "x"}, **me})
    assert "204" in view.do({"verb": "install", "guild": twin.elsewhere.id, "on": True, **me})["says"]
    assert view.do({"verb": "command", "name": "imagine", "options": {"prompt": "x"}, **me})["ok"]
    view.do({"verb": "age"})
    assert bot.hook("GET").json()["code"] == 50027
    assert "204" in view.do({"verb": "carry", **me})["says"]
    assert view.state(me["viewer"], me["channel"])["carries"] is True
    assert view.state(twin.second.id, me["channel"])["carries"] is False


def test_news_is_told_as_it_happens(twin: DiscordTwin, view: View) -> None:
    now = view.version("", 0)
    assert view.version(now, 0.01) == now
    later = threading.Timer(0.1, lambda: twin.say(twin.member, twin.general, "hello"))
    later.start()
    assert view.version(now, 30) != now
    later.join()


def test_files_come_in_ranges_and_lines_of_news_end(twin: DiscordTwin, bot: Bot, view: View) -> None:
    page = Page(view)
    try:
        twin.command(twin.member, twin.general, "imagine", {"prompt": "x"})
        data = bytes(range(256)) * 8
        bot.hook("PATCH", value={"attachments": [{"id": 0}], **SILENT}, files=[("reel.mp4", data, "video/mp4")])
        (shown,) = view.state(twin.member.id, twin.general.id)["messages"][0]["files"]
        url = f"{page.url}files/{shown['id']}/reel.mp4"
        assert requests.get(url, timeout=10).content == data
        part = requests.get(url, headers={"Range": "bytes=100-199"}, timeout=10)
        assert part.status_code == 206 and part.content == data[100:200]
        assert part.headers["Content-Range"] == "bytes 100-199/2048"
        assert requests.get(url, headers={"Range": "bytes=2000-"}, timeout=10).content == data[2000:]
        assert requests.get(url, headers={"Range": "bytes=9000-"}, timeout=10).status_code == 416
        assert requests.get(f"{page.url}files/1/x", timeout=10).status_code == 404
        with requests.get(f"{page.url}changes", stream=True, timeout=10) as news:
            told = (line for line in news.iter_lines(chunk_size=1) if line.startswith(b"data: "))
            first = next(told)
            twin.say(twin.member, twin.general, "hello")
            assert next(told) != first
        for path in ("", "page.css", "page.js", "chat.js", "composer.js", "dom.js", "icon.svg"):
            assert requests.get(page.url + path, timeout=10).status_code == 200
    finally:
        page.close()
