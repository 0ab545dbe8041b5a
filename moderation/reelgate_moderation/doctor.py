"""What the doctor looks at in this room: the policy, the lists and rules, the hash bank."""

from __future__ import annotations

import os
from pathlib import Path

from reelgate.contract import Context
from reelgate.doctor import Check
from reelgate.errors import ReelgateError
from reelgate.words import Decision
from reelgate_moderation.hashes.bank import HashBank
from reelgate_moderation.policy.loader import POLICY_FILE, load
from reelgate_moderation.prompt import lexicon, rules
from reelgate_moderation.prompt.screen import PolicyPromptScreen

_HARMLESS = "a baby hippo swimming in a river at sunrise"
_HARMFUL = "a man murders a woman with a knife"


def checks() -> list[Check]:
    """The checks of moderation; each says how to mend what it found."""
    return [_policy(), _rules(), _verdicts(), _bank()]


def _policy() -> Check:
    named = os.environ.get("REELGATE_POLICY_DIR", "")
    try:
        policy = load(Path(named) if named else None)
    except ReelgateError as error:
        return Check("policy", False, error.detail, f"correct {POLICY_FILE}, or unset REELGATE_POLICY_DIR")
    return Check("policy", True, f"{policy.stamp}{'' if named else ' (the default)'}")


def _rules() -> Check:
    try:
        detail = f"{len(rules.shipped())} rules over {len(lexicon.shipped().tags)} lists"
    except ReelgateError as error:
        return Check("prompt rules", False, error.detail, "install the package again")
    return Check("prompt rules", True, detail)


def _verdicts() -> Check:
    """One harmless and one harmful prompt, judged by the default policy."""
    screen = PolicyPromptScreen(load())
    harmless = screen.screen(_HARMLESS, Context()).decision
    harmful = screen.screen(_HARMFUL, Context()).decision
    well = harmless is Decision.ALLOW and harmful is not Decision.ALLOW
    detail = f"a harmless prompt: {harmless}; a harmful one: {harmful}"
    return Check("prompt screen", well, detail, "" if well else "install the package again")


def _bank() -> Check:
    home = os.environ.get("REELGATE_HOME", "")
    try:
        bank = HashBank.load(Path(home) / "hashes") if home else HashBank()
    except ReelgateError as error:
        return Check("hash bank", False, error.detail, "correct the line, or take the file out of the bank")
    if not len(bank):
        return Check(
            "hash bank",
            True,
            "empty: no known pictures are matched",
            "put the hashes of a vetted exchange into the folder hashes of REELGATE_HOME, one to a line",
        )
    return Check("hash bank", True, f"{len(bank)} hashes")
