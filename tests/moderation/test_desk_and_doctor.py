"""What a person can decide, rules that refuse nonsense, and a doctor that finds what is ill."""

from __future__ import annotations

import pytest

from reelgate_moderation import doctor
from reelgate_moderation.errors import DecisionInvalid, RulesInvalid
from reelgate_moderation.prompt import lexicon, rules
from reelgate_moderation.prompt.normalise import fold
from reelgate_moderation.prompt.tokens import tokens
from reelgate_moderation.review.desk import Choice, Direction, offers, rule


@pytest.mark.parametrize(
    ("kind", "choice", "more", "direction"),
    [
        ("prompt", "approve", {}, Direction.CONTINUE),
        ("prompt", "block", {"note": "no"}, Direction.REFUSE),
        ("output", "approve", {}, Direction.CONTINUE),
        ("output", "block", {}, Direction.REFUSE),
        ("effect", "adopt", {"external_id": "m-17"}, Direction.CONTINUE),
        ("effect", "resend", {}, Direction.REPEAT),
        ("effect", "abandon", {}, Direction.FAIL),
    ],
)
def test_where_a_decision_leads(kind, choice, more, direction):
    ruling = rule(kind, choice, reviewer=" ada ", **more)
    assert ruling.direction is direction
    assert ruling.reviewer == "ada"
    assert choice in offers(kind)


@pytest.mark.parametrize(
    ("kind", "choice", "more"),
    [
        ("prompt", "adopt", {"external_id": "x"}),
        ("output", "resend", {}),
        ("effect", "approve", {}),
        ("effect", "adopt", {}),
        ("effect", "adopt", {"external_id": "  "}),
        ("effect", "resend", {"external_id": "x"}),
        ("prompt", "approve", {"reviewer": " "}),
        ("prompt", "approve", {"approvable": False}),
        ("prompt", "approve", {"note": "x" * 2001}),
        ("prompt", "perhaps", {}),
        ("dream", "approve", {}),
    ],
)
def test_what_is_not_offered_is_refused_with_a_sentence(kind, choice, more):
    with pytest.raises(DecisionInvalid) as caught:
        rule(kind, choice, **{"reviewer": "ada", **more})
    assert caught.value.says.endswith(".")
    assert caught.value.status == 400


def test_every_choice_is_offered_somewhere():
    assert {c for kind in ("prompt", "output", "effect", "report") for c in offers(kind)} == set(Choice)


LISTS = lexicon.build(
    [("own", '[colour]\nen = "red, blue"\n[thing]\nen = "cart+n, paper boat|boats"\n[neutral]\nen = "red cart"\n'
             '[softener]\nen = "toy"\n[helping]\nen = "help"\n')]
)  # fmt: skip
RULE = '[[rule]]\nname = "r"\ncategory = "violence"\nseverity = 2\nscore = 0.8\nnear = ["colour", "thing"]\n'


def fires(text: str, more: str = "") -> list[rules.Hit]:
    found = tokens(fold(text), LISTS)
    return rules.apply(rules.parse(RULE + more, LISTS), rules.Tagged(found, LISTS))


def test_a_rule_needs_all_its_tags_within_the_window():
    assert fires("a blue cart")
    assert fires("carts of blue")
    assert not fires("a blue sky")
    assert not fires("a blue " + "very " * 9 + "cart")
    assert not fires("carts of blue", "ordered = true\n")


def test_phrases_reach_to_their_last_word_and_neutral_ones_clear():
    hit = fires("a blue paper boat sails")[0]
    assert (hit.first, hit.last) == (1, 3)
    assert not fires("a red cart")
    assert fires("a red paper boat")


def test_conditions_and_softening():
    assert not fires("a blue toy cart", 'unless = "softener"\n')
    assert not fires("a blue cart", 'anywhere = "softener"\n')
    assert fires("a blue toy cart", "softened = true\n")[0].severity == 1
    assert fires("a blue toy cart", "softened = true\nfloor = 2\n")[0].severity == 2
    assert fires("help: a blue cart", "helped = true\n")[0].severity == 0
    assert fires("a blue cart, help", 'lifts = "helping"\n')[0].severity == 3


@pytest.mark.parametrize(
    "text",
    [
        "[[rule]",
        '[[rule]]\nname = "x"\n',
        RULE.replace("violence", "violins"),
        RULE.replace("severity = 2", "severity = 4"),
        RULE.replace("score = 0.8", "score = 1.0"),
        RULE.replace("colour", "color"),
        RULE + "windows = 3\n",
        RULE.replace('name = "r"\n', ""),
    ],
)
def test_a_wrong_rule_is_refused(text):
    with pytest.raises(RulesInvalid):
        rules.parse(text, LISTS)


@pytest.mark.parametrize(
    "text",
    ["[a", 'a = "b"', "[a]\nen = 3", '[a]\nen = "x*"', '[a]\nen = "_ word"', '[a]\nen = "some wor* here"'],
)
def test_a_wrong_list_is_refused(text):
    with pytest.raises(RulesInvalid):
        lexicon.build([("own", text)])


def test_the_doctor_finds_nothing_wrong_and_then_something(monkeypatch, tmp_path):
    monkeypatch.delenv("REELGATE_POLICY_DIR", raising=False)
    monkeypatch.setenv("REELGATE_HOME", str(tmp_path))
    assert all(check.ok for check in doctor.checks())
    assert "empty" in next(check.detail for check in doctor.checks() if check.name == "hash bank")
    monkeypatch.setenv("REELGATE_POLICY_DIR", str(tmp_path))
    (tmp_path / "hashes").mkdir()
    (tmp_path / "hashes" / "a.txt").write_text("junk")
    ill = {check.name: check for check in doctor.checks() if not check.ok}
    assert set(ill) == {"policy", "hash bank"}
    assert all(check.mend for check in ill.values())
