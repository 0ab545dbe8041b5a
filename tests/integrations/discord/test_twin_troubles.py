"""What goes wrong with the twin of Discord as with the real one: limits, lost answers, repeats, forgeries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.integrations.discord.bot import SILENT, Bot, Clock, ask

from reelgate.testing.faults import Fault, Plan, Spelling, Trouble
from reelgate_integrations.discord.twin import DiscordTwin

if TYPE_CHECKING:
    from collections.abc import Mapping


def test_windows_close_and_open_again(twin: DiscordTwin, bot: Bot, clock: Clock):
    path = f"/channels/{twin.general.id}/messages"
    answers = [bot.call("POST", path, {"content": "x", **SILENT}) for _ in range(6)]
    assert [each.status_code for each in answers] == [200] * 5 + [429]
    assert answers[0].headers["X-RateLimit-Remaining"] == "4"
    assert answers[5].json()["retry_after"] == 5.0 and answers[5].headers["Retry-After"] == "5"
    clock.wait(5)
    assert bot.call("POST", path, {"content": "x", **SILENT}).status_code == 200
    assert twin.invalid == 1


@pytest.mark.parametrize("spelling", list(Spelling))
@pytest.mark.parametrize("scope", ["user", "global", "shared"])
def test_every_spelling_of_too_many(twin: DiscordTwin, bot: Bot, clock: Clock, spelling: Spelling, scope: str):
    twin.faults.follow(Plan((Fault(Trouble.RATE_LIMIT, seconds=1.337, spelling=spelling, scope=scope, times=1),)))
    told = bot.call("GET", "/users/@me")
    assert told.status_code == 429
    assert told.headers.get("Retry-After") == {Spelling.INTEGER: "2", Spelling.FLOAT: "1.337"}.get(spelling)
    if spelling is Spelling.MISSING:
        assert not told.headers["Content-Type"].startswith("application/json")
    else:
        assert told.json() == {
            "message": "You are being rate limited.",
            "retry_after": 1.337,
            "global": scope == "global",
        }
        assert twin.invalid == (0 if scope == "shared" else 1)
    if spelling is not Spelling.MISSING:
        clock.wait(0.337)
        early = bot.call("GET", "/users/@me")
        assert early.status_code == 429 and early.json()["retry_after"] == 1.0
        assert early.headers["X-RateLimit-Scope"] == scope
        elsewhere = bot.call("GET", f"/channels/{twin.general.id}/messages").status_code
        assert elsewhere == (429 if scope == "global" else 200)
        clock.wait(1.0)
    assert bot.call("GET", "/users/@me").json()["bot"] is True


def test_a_lost_answer_took_effect_and_a_lost_request_did_not(twin: DiscordTwin, bot: Bot):
    path, hello = f"/channels/{twin.general.id}/messages", {"content": "x", **SILENT}
    for trouble, made in ((Trouble.LOSE_REQUEST, 0), (Trouble.LOSE_ANSWER, 1)):
        twin.faults.follow(Plan((Fault(trouble, "api.messages.create", times=1),)))
        with pytest.raises(OSError):
            bot.call("POST", path, hello)
        assert len(twin.messages(twin.general)) == made
    twin.faults.follow(Plan((Fault(Trouble.SERVER_ERROR, times=1, status=502),)))
    assert bot.call("POST", path, hello).status_code == 502
    assert len(twin.messages(twin.general)) == 1


def test_events_come_twice_late_forged_and_again(twin: DiscordTwin, bot: Bot, clock: Clock):
    twin.faults.follow(
        Plan(tuple(Fault(each, "event.command", seconds=2.0) for each in
                   (Trouble.DUPLICATE, Trouble.REPEAT, Trouble.FORGERY, Trouble.LATE)))
    )  # fmt: skip
    before = clock.now
    outcome = ask(twin)
    assert outcome.duplicates == (200,) and outcome.forged == (401,) and clock.now == before + 2
    assert len(twin.messages(twin.general)) == 1
    assert twin.repeat() == [200] and len(bot.heard) == 3
    assert len({each["id"] for each in bot.heard}) == 1
    for trouble in (Trouble.LOSE_REQUEST, Trouble.LOSE_ANSWER):
        twin.faults.follow(Plan((Fault(trouble, "event.command"),)))
        assert ask(twin).failed
    assert len(bot.heard) == 4 and not twin.violations


@pytest.mark.parametrize("how", ["flipped", "timestamp", "missing", "other"])
def test_bad_signatures_must_be_refused(twin: DiscordTwin, bot: Bot, how: str):
    assert twin.probe_bad_signature(how) == 401 and not twin.violations
    bot.careless = True
    assert twin.probe_bad_signature(how) == 200
    assert [each.rule for each in twin.violations] == ["forgery"]


def test_greetings_and_webhook_events(twin: DiscordTwin, bot: Bot):
    assert twin.ping() and twin.ping_events()
    assert twin.authorize(twin.elsewhere) == 204
    assert bot.heard[-1]["event"]["type"] == "APPLICATION_AUTHORIZED"
    assert bot.heard[-1]["event"]["data"]["guild"]["id"] == twin.elsewhere.id
    assert twin.deauthorize(twin.elsewhere) == 204


def test_a_webhook_event_that_is_not_taken_is_sent_again_for_ten_minutes(twin: DiscordTwin, bot: Bot, clock: Clock):
    down = True

    def app(body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        if down:
            sent.append(body)
            raise OSError
        return bot(body, headers)

    sent: list[bytes] = []
    twin.connect(send=app)
    began = clock.now
    assert twin.authorize(twin.elsewhere) is None and twin.retry() == []
    while clock.now - began < 100:
        clock.wait(1)
        assert set(twin.retry()) <= {None}
    assert len(sent) == 7 and len(set(sent)) == 1, "after 1, 2, 4 ... seconds, byte for byte the same"
    down = False
    clock.wait(100)
    assert twin.retry() == [204] and twin.retry() == []
    assert bot.heard[-1]["event"]["type"] == "APPLICATION_AUTHORIZED" and not twin.violations
    down = True
    twin.deauthorize(twin.elsewhere)
    clock.wait(601)
    assert twin.retry() == [], "given up"


def test_a_webhook_event_wants_204_and_nothing_in_three_seconds(twin: DiscordTwin, bot: Bot, clock: Clock):
    def answering(status: int, body: bytes = b"", seconds: float = 0.0) -> list[str]:
        def app(sent: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
            clock.wait(seconds)
            return status, {}, body

        twin.violations.clear()
        twin.connect(send=app)
        twin.authorize(twin.elsewhere)
        return [each.rule for each in twin.violations]

    assert answering(204) == [] and answering(503) == []
    assert answering(200) == answering(204, b"{}") == answering(204, seconds=3.5) == ["event-answer"]


def test_an_interaction_is_never_sent_again(twin: DiscordTwin, bot: Bot, clock: Clock):
    bot.answers = [(503, {}, b"")]
    assert ask(twin).failed
    clock.wait(5)
    assert twin.retry() == [] and len(bot.heard) == 1


def test_the_log_shows_all_and_no_secret(twin: DiscordTwin, bot: Bot):
    ask(twin)
    bot.hook("PATCH", value={"content": "x", **SILENT})
    log = json.dumps([[each.line, each.sent, each.got] for each in twin.engine.log])
    assert "messages/@original" in log and "a baby hippo swimming" in log
    assert bot.token not in log and bot.registration.secrets["bot_token"] not in log


def test_an_address_that_only_errs_is_shut_out(clock: Clock):
    with DiscordTwin(clock, clock.wait, serve=False) as twin:
        agent = {"User-Agent": "DiscordBot (https://example.org, 1.0)"}
        answers = []
        for _ in range(10_001):
            clock.wait(0.05)
            answers.append(twin.engine.ask("GET", "/api/v10/users/@me", {}, agent, b"").status)
        assert answers[0] == 401 and answers[-1] == 429 and twin.invalid > 9_000
        clock.wait(601)
        assert twin.invalid == 0
        assert twin.engine.ask("GET", "/api/v10/users/@me", {}, agent, b"").status == 401


def test_the_bot_has_one_limit_for_all_its_routes(twin: DiscordTwin, bot: Bot, clock: Clock):
    clock.wait(60)
    places = [twin.world.channel(twin.guild, f"channel-{n}") for n in range(51)]
    answers = [bot.call("GET", f"/channels/{each.id}/messages") for each in places]
    assert [each.status_code for each in answers] == [200] * 50 + [429]
    assert answers[-1].json()["global"] is True and answers[-1].headers["X-RateLimit-Scope"] == "global"
    twin.command(twin.member, twin.general, "imagine", {"prompt": "x"})
    assert bot.hook("PATCH", value={"content": "not counted", **SILENT}).status_code == 200
