"""The reelgate command: what it prints where, and with which code it leaves."""

from __future__ import annotations

import json
from importlib.metadata import EntryPoint
from io import StringIO
from pathlib import Path

import pytest
from tests.sdk.fake_service import (
    FILE,
    KEY,
    RESULT,
    ROAD,
    Answer,
    FakeService,
    event,
    job,
    js,
    problem,
    stream,
)

import reelgate
from reelgate import cli, commands, listing
from reelgate.console import Console, exit_code
from reelgate.errors import BadInput, Held, JobFailed, KeyInvalid, MissingExtra, ReelgateError, Refused
from reelgate.options import imagine_options


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REELGATE_URL", raising=False)
    monkeypatch.setenv("REELGATE_API_KEY", KEY)
    return tmp_path


@pytest.fixture
def brought(monkeypatch: pytest.MonkeyPatch):
    """Replaces the installed entry points by (group, name, value) rows."""

    def bring(*rows: tuple[str, str, str]) -> None:
        points = [EntryPoint(name=name, value=value, group=group) for group, name, value in rows]

        def outside(group: str) -> list[EntryPoint]:
            return sorted((point for point in points if point.group == group), key=lambda point: point.name)

        monkeypatch.setattr(commands, "outside", outside)
        monkeypatch.setattr(listing, "outside", outside)

    return bring


# -- imagine ---------------------------------------------------------------------------------------------------------


def test_imagine_leaves_the_file_and_prints_its_path(at_home: Path, capsys: pytest.CaptureFixture[str]):
    with FakeService(*ROAD) as service:
        wishes = ["--seconds", "4", "--seed=7", "--aspect", "1:1"]
        code = cli.main(["imagine", "a", "hippo", *wishes, "--url", service.url])
    out, err = capsys.readouterr()
    assert code == 0
    assert out == "reel-job_1.mp4\n"
    assert (at_home / "reel-job_1.mp4").read_bytes() == FILE
    assert service.seen[0].json == {"prompt": "a hippo", "seconds": 4.0, "seed": 7, "aspect": "1:1"}
    assert err.splitlines() == ["rendering", "done", "Labelled 'Drawn by software', mark 00112233445566ff"]
    assert KEY not in out + err


def test_imagine_answers_in_json(at_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    (at_home / "out").mkdir()
    with FakeService(*ROAD) as service:
        monkeypatch.setenv("REELGATE_URL", service.url)
        assert cli.main(["imagine", "--kind", "sticker", "--json", "-o", "out", "--", "--fast hippo"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["id"] == "job_1"
    assert told["result"]["mark_id"] == "00112233445566ff"
    assert Path(told["path"]).read_bytes() == FILE
    assert service.seen[0].path == "/v1/stickers"
    assert service.seen[0].json["prompt"] == "--fast hippo"


@pytest.mark.parametrize(
    ("script", "code", "name"),
    [
        ([problem(422, "refused")], 3, "refused"),
        ([js(job(), 202), stream(event("state", {"stage": "refused"})), js(job("refused"))], 3, "refused"),
        ([js(job(), 202), stream(event("state", {"stage": "review"}))] + [js(job("review"))] * 2, 4, "held"),
        ([problem(422, "prompt_too_long")], 2, "prompt_too_long"),
        ([problem(401, "key_invalid")], 1, "key_invalid"),
        ([js(job(), 202), stream(event("state", {"stage": "failed"})), js(job("failed"))], 1, "job_failed"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_each_end_has_its_own_code(
    script: list[Answer], code: int, name: str, as_json: bool, capsys: pytest.CaptureFixture[str], at_home: Path
):
    with FakeService(*script) as service:
        asked = ["imagine", "a hippo", "--url", service.url, *(["--json"] if as_json else [])]
        assert cli.main(asked) == code
    out, err = capsys.readouterr()
    if as_json:
        assert json.loads(out)["error"]["code"] == name
    else:
        assert out == ""
        assert f"[{name}" in err
    assert list(at_home.iterdir()) == []


def test_approve_lets_the_person_at_the_keyboard_decide(capsys: pytest.CaptureFixture[str]):
    held = js(job("review", review={"id": "rev_1"}))
    script = [ROAD[0], stream(event("state", {"stage": "review"})), held, held, js({}), *ROAD[1:]]
    with FakeService(*script) as service:
        assert cli.main(["imagine", "a hippo", "--approve", "--url", service.url]) == 0
    decided = service.seen[4]
    assert (decided.path, decided.json["decision"]) == ("/v1/reviews/rev_1", "approve")
    assert "Approved by you" in capsys.readouterr().err


def test_approve_is_not_said_twice_of_one_review():
    held = js(job("review", review={"id": "rev_1"}))
    once = [stream(event("state", {"stage": "review"})), held, held]
    with FakeService(ROAD[0], *once, js({}), *once) as service:
        assert cli.main(["imagine", "a hippo", "--approve", "--url", service.url]) == 4
    assert sum(request.path == "/v1/reviews/rev_1" for request in service.seen) == 1


@pytest.mark.parametrize(
    "asked",
    [
        ["imagine"],
        ["imagine", "a hippo", "--aspect", "9x16"],
        ["imagine", "a hippo", "--aspect", "0:1"],
        ["imagine", "a hippo", "--seconds", "many"],
        ["imagine", "a hippo", "--kind", "opera"],
        ["imagine", "a hippo", "--nonsense"],
        ["imagine", "a hippo", "--local", "--url", "http://127.0.0.1"],
        ["imagine", "a hippo", "--url", "ftp://127.0.0.1"],
        ["imagine", "a hippo", "--url", "http://127.0.0.1", "-o", "no/such/folder/x.mp4"],
        ["wait"],
        ["wait", "job_1"],
        ["plugins", "--nonsense"],
        ["no-such-command"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_read_is_bad_input_in_either_form(asked: list[str], capsys: pytest.CaptureFixture[str]):
    assert cli.main(asked) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "[" in err
    assert cli.main([*asked, "--json"]) == 2
    assert set(json.loads(capsys.readouterr().out)["error"]) >= {"code", "says"}


def test_without_a_key_it_says_which_setting_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("REELGATE_API_KEY")
    assert cli.main(["imagine", "a hippo", "--url", "http://127.0.0.1"]) == 1
    assert "REELGATE_API_KEY" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_said_kindly(at_home: Path, capsys: pytest.CaptureFixture[str]):
    with FakeService(*ROAD) as service:
        assert cli.main(["imagine", "a hippo", "--url", service.url, "-o", f"{'x' * 300}.mp4"]) == 1
    err = capsys.readouterr().err
    assert "could not be read or written" in err
    assert "Traceback" not in err


# -- the embedded road -----------------------------------------------------------------------------------------------


def test_without_a_service_it_is_made_here(monkeypatch: pytest.MonkeyPatch):
    asked: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(commands, "run", _recording(asked, commands.run))
    monkeypatch.setenv("REELGATE_URL", "http://127.0.0.1:9")
    wishes = ["--local", "--seed", "-3", "--approve", "-o", "x.mp4", "--json", "--aspect", "1:1"]
    assert cli.main(["imagine", "a", "hippo", *wishes]) == 5
    monkeypatch.delenv("REELGATE_URL")
    assert cli.main(["imagine", "a hippo"]) == 5
    assert [name for name, _ in asked] == ["imagine-local", "imagine-local"]
    here = imagine_options().parse_args(asked[0][1])
    assert here.prompt == ["a hippo"]
    assert (here.seed, here.approve, here.output, here.json, here.aspect) == (-3, True, "x.mp4", True, "1:1")
    assert not here.local
    assert imagine_options().parse_args(asked[1][1]).seconds is None


def _recording(asked: list[tuple[str, list[str]]], onward: object):
    def run(name: str, argv: list[str]) -> int:
        if name != "imagine-local":
            return onward(name, argv)  # type: ignore[operator]
        asked.append((name, argv))
        return 5

    return run


def test_a_missing_part_answers_with_the_sentence_to_type(brought, capsys: pytest.CaptureFixture[str]):
    brought(
        ("reelgate.commands", "imagine-local", "reelgate_service.no_such_module:imagine_command"),
        ("reelgate.commands", "screen", "reelgate_moderation.no_such_module:screen_command"),
    )
    assert cli.main(["imagine", "a hippo", "--local"]) == 2
    assert "pip install 'reelgate[service]'" in capsys.readouterr().err
    assert cli.main(["screen", "words", "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "missing_extra"
    assert "pip install 'reelgate[moderation]'" in error["says"]


# -- wait, plugins, doctor, help -------------------------------------------------------------------------------------


def test_wait_fetches_the_file_of_an_earlier_job(at_home: Path, capsys: pytest.CaptureFixture[str]):
    with FakeService(js(job("rendering")), *ROAD[1:]) as service:
        assert cli.main(["wait", "job_1", "--url", service.url, "-o", "hippo.mp4"]) == 0
    assert capsys.readouterr().out == "hippo.mp4\n"
    assert (at_home / "hippo.mp4").read_bytes() == FILE


def test_wait_gives_up_and_says_that_the_job_goes_on(capsys: pytest.CaptureFixture[str]):
    running = js(job("rendering"), Retry_After="1")
    with FakeService(running, problem(404, "not_found"), running) as service:
        assert cli.main(["wait", "job_1", "--url", service.url, "--timeout", "0"]) == 1
    assert "still being made" in capsys.readouterr().err


def test_a_job_id_from_elsewhere_cannot_choose_the_folder(at_home: Path, capsys: pytest.CaptureFixture[str]):
    evil = job("done", id="../../etc/x", result=RESULT)
    with FakeService(js(evil), stream(event("result", evil)), js(evil), Answer(200, FILE)) as service:
        assert cli.main(["wait", "x", "--url", service.url]) == 0
    name = capsys.readouterr().out.strip()
    assert "/" not in name
    assert (at_home / name).is_file()


def test_help_lists_every_command_without_importing_any(brought, capsys: pytest.CaptureFixture[str]):
    brought(
        ("reelgate.commands", "screen", "reelgate_moderation.no_such_module:screen_command"),
        ("reelgate.commands", "imagine-local", "reelgate_service.no_such_module:imagine_command"),
        ("reelgate.commands", "dance", "acme_no_such_package:dance"),
    )
    assert cli.main(["--help"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert listed == ["imagine", "wait", "plugins", "doctor", "dance", "screen"]
    assert cli.main([]) == 2


def test_every_command_of_ours_has_a_summary():
    summaries = {command.name: command.summary for command in commands.known()}
    assert all(summaries.values()), summaries


def test_a_command_that_somebody_brings_is_run_with_its_words(brought, monkeypatch, tmp_path: Path):
    (tmp_path / "acme_dance.py").write_text("def dance(argv):\n    return 40 + len(argv)\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    brought(("reelgate.commands", "dance", "acme_dance:dance"))
    assert cli.main(["dance", "--with", "me"]) == 42


def test_plugins_lists_ours_and_theirs(brought, monkeypatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "acme_catalog.py").write_text(
        "from reelgate.plugins import Row\n"
        "GENERATORS = (Row('clouds', 'acme:Clouds', 'films clouds', 'no-such-extra'),)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    brought(
        ("reelgate.catalogs", "acme", "acme_catalog"),
        ("reelgate.generators", "birds", "acme_no_such_package:Birds"),
        ("reelgate.commands", "dance", "acme_no_such_package:dance"),
    )
    assert cli.main(["plugins", "--json"]) == 0
    listed = [(plugin["kind"], plugin["name"]) for plugin in json.loads(capsys.readouterr().out)]
    assert listed[:2] == [("generators", "birds"), ("generators", "clouds")]
    assert ("commands", "dance") in listed
    assert cli.main(["plugins"]) == 0
    assert "  clouds   films clouds\n" in capsys.readouterr().out


def test_plugins_survives_a_catalog_that_cannot_be_read(brought, monkeypatch, tmp_path: Path, capsys):
    (tmp_path / "acme_broken.py").write_text("1 / 0\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    brought(("reelgate.catalogs", "acme", "acme_no_such_package"), ("reelgate.catalogs", "broken", "acme_broken"))
    assert cli.main(["plugins"]) == 0
    out = capsys.readouterr().out
    assert "acme_no_such_package is missing" in out
    assert "ZeroDivisionError in acme_broken" in out


def test_doctor_leaves_with_one_on_a_fault(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    good, bad = listing.checks.Check("a", True, "fine"), listing.checks.Check("b", False, "broken", "mend it")
    monkeypatch.setattr(listing.checks, "gather", lambda: [good])
    assert cli.main(["doctor"]) == 0
    monkeypatch.setattr(listing.checks, "gather", lambda: [good, bad])
    assert cli.main(["doctor"]) == 1
    assert "mend it" in capsys.readouterr().out
    assert cli.main(["doctor", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "ok": False,
        "checks": [
            {"name": "a", "ok": True, "detail": "fine", "mend": ""},
            {"name": "b", "ok": False, "detail": "broken", "mend": "mend it"},
        ],
    }


def test_version_is_the_installed_one(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"reelgate {reelgate.__version__}\n"


# -- the console -----------------------------------------------------------------------------------------------------


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_one_changing_line_and_a_log_plain_lines():
    screen, log = Terminal(), StringIO()
    for err in (screen, log):
        console = Console(StringIO(), err, {})
        console.progress("rendering", 1, 2)
        console.progress("rendering", 2, 2)
        console.progress("marking")
        console.say("Ready.", good=True)
    assert "\n" not in screen.getvalue().partition("Ready.")[0]
    assert " 50 %" in screen.getvalue()
    assert "\x1b[32mReady." in screen.getvalue()
    assert log.getvalue() == "rendering\nmarking\nReady.\n"


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_color_means_no_colour(environ: dict[str, str]):
    screen = Terminal()
    console = Console(StringIO(), screen, environ)
    console.progress("rendering", 1, 2)
    console.say("Ready.", good=True)
    console.fault(Refused())
    assert "\x1b" not in screen.getvalue()


def test_words_from_elsewhere_cannot_steer_the_terminal():
    screen = Terminal()
    console = Console(StringIO(), screen, {"NO_COLOR": "1"})
    console.fault(Refused("\x1b]0;owned\x07 \x9b31m", says="\x1b[2J\rhello", request_id="\x1b[1A"))
    console.progress("\x1b[2Jrendering")
    console.say("\x1b[2Jlabelled")
    assert not set(screen.getvalue()) & {"\x1b", "\x07", "\x9b"}
    assert "hello" in screen.getvalue()


@pytest.mark.parametrize(
    ("error", "code"),
    [(Refused(), 3), (Held(), 4), (BadInput(), 2), (MissingExtra(), 2), (KeyInvalid(), 1), (JobFailed(), 1)],
)
def test_exit_codes(error: ReelgateError, code: int):
    assert exit_code(error) == code
