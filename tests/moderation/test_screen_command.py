"""The command answers as documented: shape, exit code, and one line for every line whatever it holds."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from reelgate.contract import Context
from reelgate_moderation.policy.loader import load
from reelgate_moderation.prompt.command import SUMMARY, judge_lines, screen_command
from reelgate_moderation.prompt.screen import PolicyPromptScreen

SCREEN = PolicyPromptScreen(load())


@pytest.fixture(autouse=True)
def _default_policy(monkeypatch):
    monkeypatch.delenv("REELGATE_POLICY_DIR", raising=False)


@pytest.mark.parametrize(
    ("text", "code"), [("a cat", 0), ("a severed head on the floor", 3), ("a man murders a woman", 4)]
)
def test_exit_codes(text, code, capsys):
    assert screen_command([text, "--json"]) == code
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"decision", "score", "reasons", "policy"}
    assert answer["policy"] == load().stamp


def test_a_person_reads_a_sentence_in_their_language(capsys):
    assert screen_command(["a severed head on the floor", "--language", "es"]) == 3
    shown = capsys.readouterr().out
    assert load().message("gore", "es") in shown


@pytest.mark.parametrize("argv", [["--surface", "moon", "a"], ["--nope"], ["a", "--jsonl"], ["a", "--file", "b"]])
def test_bad_usage_is_two(argv, capsys):
    assert screen_command(argv) == 2
    assert capsys.readouterr().err


def test_words_come_from_standard_input(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("two adults having sex"))
    assert screen_command(["--json"]) == 3
    assert json.loads(capsys.readouterr().out)["decision"] == "block"


def test_lines_in_lines_out_in_order(monkeypatch, capsys):
    rows = [
        b'{"id": "a", "text": "a cat"}',
        b"",
        b"not json",
        b'{"id": 7, "text": "a man murders a woman"}',
        b'{"id": "b"}',
        b'{"text": "no id"}',
        b'{"id": true, "text": "x"}',
        b"[1, 2]",
        b'{"id": "\xff"}',
    ]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\n".join(rows)), "utf-8"))
    assert screen_command(["--jsonl"]) == 2
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [a.get("decision") for a in answers] == ["allow", None, "review", None, None, None, None, None]
    assert answers[2]["id"] == 7
    first = answers[2]["reasons"][0]
    assert set(first) == {"category", "severity", "score", "span"}
    assert first["span"] == [2, 13]
    assert {a["error"]["code"] for a in answers if "error" in a} == {"bad_input"}
    assert answers[1]["error"]["detail"].startswith("line 3:")


def test_clean_lines_are_zero(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"id":1,"text":"a severed head"}\n'), "utf-8"))
    assert screen_command(["--jsonl"]) == 0
    assert json.loads(capsys.readouterr().out)["decision"] == "block"


@settings(deadline=None, max_examples=60)
@given(st.lists(st.binary(max_size=60).filter(lambda b: b.strip() and b"\n" not in b), max_size=5))
def test_no_line_ever_breaks_the_stream(lines):
    answers = list(judge_lines(lines, SCREEN, Context()))
    assert len(answers) == len(lines)
    assert all("error" in answer or "decision" in answer for answer in answers)


def test_deeply_nested_json_is_an_error_line():
    answer = next(judge_lines([b"[" * 200_000], SCREEN, Context()))
    assert answer["error"]["code"] == "bad_input"


def test_a_policy_directory_is_heeded(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("REELGATE_POLICY_DIR", str(tmp_path))
    assert screen_command(["a cat"]) == 2
    assert "policy.toml" in capsys.readouterr().err


def test_a_file_is_judged_by_what_it_shows(tmp_path, capsys):
    black = tmp_path / "black.png"
    Image.fromarray(np.zeros((64, 96, 3), np.uint8)).save(black)
    assert screen_command(["--file", str(black), "--json"]) == 4
    answer = json.loads(capsys.readouterr().out)
    assert {reason["category"] for reason in answer["reasons"]} == {"blank"}
    assert all(set(reason) == {"category", "severity", "score", "at"} for reason in answer["reasons"])
    assert screen_command(["--file", str(tmp_path / "missing.mp4")]) == 2
    (tmp_path / "junk.mp4").write_bytes(b"junk" * 100)
    assert screen_command(["--file", str(tmp_path / "junk.mp4")]) == 2


def test_the_command_says_what_it_does():
    assert SUMMARY.endswith(".")
