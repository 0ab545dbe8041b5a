"""Words that anyone may have typed show as they are, and do nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reelgate_integrations.markdown import shown
from reelgate_integrations.plain import cut, plain, units


@pytest.mark.parametrize(
    ("words", "shows"),
    [
        ("a \u202eolleh\u2066 b", "a olleh b"),
        ("a\x00\x1b[31mb\x7f", "a[31mb"),
        ("one\r\ntwo\u2028three", "one\ntwo\nthree"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("family 👨‍👩‍👧 می‌روم", "family 👨‍👩‍👧 می‌روم"),
        ("tag\U000e0041s", "tags"),
        ("half \ud800 one", "half  one"),
    ],
)
def test_what_hides_or_turns_is_left_out(words: str, shows: str):
    assert plain(words) == shows


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("a baby hippo, 3.5 m long!", "a baby hippo, 3\\.5 m long!"),
        ("**bold** _it_ ~~no~~ `x` ||y||", "\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~ \\`x\\` \\|\\|y\\|\\|"),
        ("@everyone and @here", "@\u200beveryone and @\u200bhere"),
        ("<@123> <#4> <@&5> <t:1:R>", "\\<@\u200b123\\> \\<#4\\> \\<@\u200b&5\\> \\<t:1:R\\>"),
        ("[here](https://bad.example/x)", "\\[here\\](https\\://bad\\.example/x)"),
        ("discord.gg/abc", "discord\\.gg/abc"),
        ("# big\n- one\n  2. two\n> said", "\\# big\n\\- one\n  2\\. two\n\\> said"),
        ("well - so # what", "well - so # what"),
        ("back\\slash", "back\\\\slash"),
    ],
)
def test_signs_that_mean_something_mean_nothing(words: str, written: str):
    assert shown(words, 2000) == written


def test_the_last_line_stays():
    text = shown("*" * 5000 + "\nDrawn by software", 2000)
    assert units(text) <= 2000 and text.endswith("…\nDrawn by software")
    assert shown("x" * 50 + "\n" + "y" * 50, 40) == "x" * 39 + "…", "unless it would take most of the room"


@given(st.text(max_size=400), st.integers(20, 200))
@example("🦛" * 100, 21)
@example("a\n" + "*" * 90, 30)
def test_it_always_fits_and_never_names_anybody(words: str, most: int):
    text = shown(words, most)
    assert units(text) <= most
    assert not re.search(r"@[\w&!]", text) and "://" not in text
    assert all(len(run) % 2 == 1 for run in re.findall(r"(\\+)[*_~`|<>\[\]]", text))
    assert not re.search(r"(?<!\\)[*_~`|<>\[\]]", text.replace("\\\\", ""))


@given(st.text(max_size=60), st.integers(1, 70))
def test_a_cut_is_within_its_length_and_splits_no_character(words: str, most: int):
    whole = plain(words)
    text = cut(whole, most)
    assert units(text) <= most and (text == whole or text.endswith("…"))
    text.encode()
