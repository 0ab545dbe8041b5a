"""What a member is told about a verdict: one kind sentence, and what they can do instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reelgate.words import Decision
from reelgate_moderation.policy.policy import UNCLEAR

if TYPE_CHECKING:
    from reelgate.words import Verdict
    from reelgate_moderation.policy.policy import Policy

UNREAD = "screen."
"""How the evidence of a reason starts when nothing was found, but the text could not be judged."""


def reason_message(policy: Policy, verdict: Verdict, language: str, surface: str = "public") -> str:
    """The sentence for whoever asked, in ``language`` or else English; empty when the verdict is allow.

    ``policy`` is the one that judged. The sentence never says which words fired.
    """
    if verdict.decision is Decision.ALLOW:
        return ""
    return policy.message(deciding(policy, verdict, surface), language)


def deciding(policy: Policy, verdict: Verdict, surface: str = "public") -> str:
    """The category or finding that decided a verdict, or ``unclear``."""
    for reason in verdict.reasons:
        if reason.evidence.startswith(UNREAD):
            return UNCLEAR
        if policy.decide(reason.category, reason.severity, surface) is verdict.decision:
            return reason.category
    return UNCLEAR
