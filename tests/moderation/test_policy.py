"""A policy is complete, cannot loosen the hard block, and says where it is wrong."""

from __future__ import annotations

from importlib import resources

import pytest

from reelgate.words import Decision, Reason, Verdict
from reelgate_moderation.errors import PolicyInvalid
from reelgate_moderation.policy.loader import load, parse
from reelgate_moderation.policy.message import reason_message
from reelgate_moderation.policy.policy import LANGUAGES, SURFACES, Category, Finding

DEFAULT = resources.files("reelgate_moderation.policy").joinpath("default.toml").read_text("utf-8")


def test_default_policy_covers_every_category_surface_and_language():
    policy = load()
    assert policy.stamp == "reelgate-default@2026.1"
    for category in Category:
        for surface in SURFACES:
            assert len(policy.grid[category][surface]) == 4
        sentences = {policy.message(category, language) for language in LANGUAGES}
        assert len(sentences) == len(LANGUAGES), f"{category} repeats a sentence in two languages"


def test_messages_never_fall_silent():
    policy = load()
    assert policy.message("gore", "pt-BR") == policy.message("gore", "pt")
    assert policy.message("gore", "xx") == policy.message("gore", "en")
    assert policy.message("no_such_key", "de") == policy.message("unclear", "de")


def test_children_are_protected_on_every_surface_and_at_every_severity():
    policy = load()
    for surface in (*SURFACES, "unheard-of"):
        assert all(policy.decide("sexual_minors", level, surface) is Decision.BLOCK for level in range(-1, 9))


def test_unknown_surface_gets_the_strictest_and_unknown_category_a_person():
    policy = load()
    assert policy.decide("gore", 1, "somewhere") is Decision.BLOCK
    assert policy.decide("gore", 1, "age_gated") is Decision.ALLOW
    assert policy.decide("invented", 0, "public") is Decision.REVIEW


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('minors    = ["block", "block", "block", "block"]', 'minors = ["review", "block", "block", "block"]',
         "categories.sexual_minors.minors"),
        ("[categories.gore]", "[categories.gory]", "categories.gory"),
        ('public    = ["allow", "allow", "review", "block"]', 'public = ["allow", "block", "review", "block"]',
         "categories.minors_present.public"),
        ('public    = ["allow", "allow", "review", "block"]', 'public = ["allow", "review"]',
         "categories.minors_present.public"),
        ('public    = ["allow", "allow", "review", "block"]', 'public = ["allow", "maybe", "review", "block"]',
         "categories.minors_present.public"),
        ('empty      = "review"', 'empty = "allow"', "findings.empty"),
        ('flashing   = "review"', "", "findings.flashing"),
        ('name = "reelgate-default"', "name = 3", "name"),
        ('version = "2026.1"', "", "version"),
        ("longest = 20000", "longest = 0", "longest"),
        ("longest = 20000", "longst = 3", "longst"),
        ('gore = "We', 'gores = "We', "messages.en.gores"),
        ("[messages.ja]", "[messages.xx]", "messages.xx"),
    ],
)  # fmt: skip
def test_a_wrong_policy_is_refused_and_the_key_named(before, after, key):
    assert before in DEFAULT
    with pytest.raises(PolicyInvalid) as caught:
        parse(DEFAULT.replace(before, after, 1))
    assert caught.value.key == key
    assert caught.value.code == "policy_invalid"
    assert key in str(caught.value)


def test_the_line_of_the_mistake_is_named():
    wrong = DEFAULT.replace('blank      = "review"', 'blank = "perhaps"', 1)
    line = next(n for n, text in enumerate(wrong.splitlines(), 1) if "perhaps" in text)
    with pytest.raises(PolicyInvalid) as caught:
        parse(wrong)
    assert caught.value.line == line
    with pytest.raises(PolicyInvalid) as caught:
        parse('name = "a"\nversion = \n')
    assert caught.value.line == 2


def test_a_directory_of_ones_own(tmp_path):
    with pytest.raises(PolicyInvalid):
        load(tmp_path)
    (tmp_path / "policy.toml").write_text(DEFAULT.replace("reelgate-default", "school"), "utf-8")
    assert load(tmp_path).stamp == "school@2026.1"
    (tmp_path / "policy.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyInvalid):
        load(tmp_path)


def test_the_sentence_fits_what_decided():
    policy = load()
    verdict = Verdict(
        Decision.REVIEW, 0.6, (Reason("violence", 1, 0.6), Reason("self_harm", 1, 0.5)), policy.stamp
    )
    assert reason_message(policy, verdict, "en") == policy.message("self_harm", "en")
    unread = Verdict(Decision.REVIEW, 0.5, (Reason("injection_evasion", 1, 0.5, evidence="screen.language"),))
    assert reason_message(policy, unread, "ja") == policy.message("unclear", "ja")
    assert reason_message(policy, Verdict(Decision.ALLOW, 0.0), "en") == ""
    flashing = Verdict(Decision.REVIEW, 0.8, (Reason(Finding.FLASHING, 2, 0.8),))
    assert reason_message(policy, flashing, "de") == policy.message("flashing", "de")
