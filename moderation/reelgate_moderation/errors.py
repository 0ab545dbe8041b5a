"""What can be wrong with this room's own files and decisions; branches of the house's error tree.

::

    BadInput
    ├── PolicyInvalid     policy_invalid     a policy file that cannot be used, with its line and key
    ├── RulesInvalid      rules_invalid      a word list or rule file that cannot be used
    ├── BankInvalid       bank_invalid       a line of a hash bank that is no hash
    ├── SamplesInvalid    samples_invalid    stored samples that cannot be read back
    └── DecisionInvalid   decision_invalid   a reviewer's decision that this item does not offer
"""

from __future__ import annotations

from reelgate.errors import BadInput


class PolicyInvalid(BadInput):
    """A policy that cannot be used. The detail names the file, the line where known, and the key."""

    code = "policy_invalid"
    default_says = "The moderation policy has a mistake. Please ask the operator to correct it."

    def __init__(self, detail: str, *, key: str = "", line: int | None = None) -> None:
        place = f"line {line}: " if line is not None else ""
        super().__init__(f"{place}{detail}")
        self.key = key
        self.line = line


class RulesInvalid(BadInput):
    """A word list or rule file that cannot be used."""

    code = "rules_invalid"
    default_says = "The moderation rules have a mistake. Please ask the operator to correct them."


class BankInvalid(BadInput):
    """A line of a hash bank that is not ``hash label category``."""

    code = "bank_invalid"
    default_says = "The hash bank has a mistake. Please ask the operator to correct it."

    def __init__(self, detail: str, *, line: int | None = None) -> None:
        super().__init__(f"line {line}: {detail}" if line is not None else detail)
        self.line = line


class SamplesInvalid(BadInput):
    """Stored samples that cannot be read back."""

    code = "samples_invalid"
    default_says = "The stored pictures for screening cannot be read."


class DecisionInvalid(BadInput):
    """A reviewer's decision that this item does not offer, or that lacks what it needs."""

    code = "decision_invalid"
    default_says = "That decision is not offered here. Please choose one of the ones shown."
