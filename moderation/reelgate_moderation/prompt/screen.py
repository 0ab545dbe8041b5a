"""Screens words before anything is filmed: fold, tokenise, apply rules, ask the policy.

Two readings are scored, the words as they stand and what they may hide; the worse one counts. Whatever
goes wrong inside, and whatever cannot be read, ends in review, never in allow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reelgate.words import Decision, Reason, Verdict, stricter
from reelgate_moderation.policy.message import reason_message
from reelgate_moderation.policy.policy import Category
from reelgate_moderation.prompt import language, lexicon, patterns, rules
from reelgate_moderation.prompt.normalise import fold
from reelgate_moderation.prompt.tokens import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reelgate.contract import Context
    from reelgate_moderation.policy.policy import Policy
    from reelgate_moderation.prompt.normalise import Folded

__all__ = ["PolicyPromptScreen", "reason_message"]

_MINOR_WORD = "underage"
_DEPTH = 2


class PolicyPromptScreen:
    """Judges a member's words by the lists and rules that ship with the package and an operator's policy."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._lexicon = lexicon.shipped()
        self._rules = rules.shipped()

    def screen(self, text: str, context: Context) -> Verdict:
        """The verdict on ``text``. Never raises: a fault inside is a review with the reason ``unclear``."""
        try:
            return self._judge(text, context)
        except Exception:  # noqa: BLE001  a screen that falls over must hold the words, not pass them
            return self._unclear("screen.fault", ())

    def _judge(self, text: str, context: Context) -> Verdict:
        if len(text) > self._policy.longest:
            return self._unclear("screen.too_long", ())
        folded = fold(text)
        reasons = _merge(self._reasons(text, folded, _DEPTH))
        decision = Decision.ALLOW
        for reason in reasons:
            decision = stricter(decision, self._policy.decide(reason.category, reason.severity, context.surface))
        if decision is not Decision.BLOCK and not language.readable(text, folded.text.split()):
            return self._unclear("screen.language", reasons)
        return Verdict(decision, _score(reasons), reasons, self._policy.stamp)

    def _unclear(self, evidence: str, reasons: tuple[Reason, ...]) -> Verdict:
        held = Reason(str(Category.INJECTION_EVASION), 1, 0.5, evidence=evidence)
        return Verdict(Decision.REVIEW, max(0.5, _score(reasons)), (held, *reasons), self._policy.stamp)

    def _reasons(self, text: str, folded: Folded, depth: int) -> Iterator[Reason]:
        found = tokens(folded, self._lexicon)
        found = _with_ages(folded, found)
        tagged = rules.Tagged(found, self._lexicon)
        for hit in rules.apply(self._rules, tagged):
            span = folded.span(found[hit.first].start, found[hit.last].end)
            yield Reason(str(hit.rule.category), hit.severity, hit.score, span=span, evidence=hit.rule.name)
            disguised = hit.hidden or any(span[0] <= at < span[1] for at in folded.disguised)
            if disguised and hit.severity > 0:
                yield Reason(str(Category.INJECTION_EVASION), 1, 0.5, span=span, evidence="evasion.disguised")
        yield from patterns.personal(text)
        pieces = patterns.assembled(text, self._lexicon)
        if pieces:
            yield Reason(str(Category.INJECTION_EVASION), 1, 0.6, span=pieces, evidence="evasion.assembled")
        if depth:
            yield from self._hidden_texts(text, folded, depth)

    def _hidden_texts(self, text: str, folded: Folded, depth: int) -> Iterator[Reason]:
        """Reasons found inside encoded words and invisible tag characters; their span is the carrier's."""
        carriers = [*patterns.encoded(text)]
        if len(folded.smuggled) > 6:
            carriers.append(((min(folded.disguised), max(folded.disguised) + 1), folded.smuggled))
        for span, inner in carriers:
            yield Reason(str(Category.INJECTION_EVASION), 1, 0.6, span=span, evidence="evasion.encoded")
            for reason in self._reasons(inner, fold(inner), depth - 1):
                yield Reason(reason.category, reason.severity, reason.score, span=span, evidence=reason.evidence)


def _with_ages(folded: Folded, found: list[Token]) -> list[Token]:
    """Tokens with a reading added where an age below eighteen is given in figures."""
    spans = list(patterns.ages(folded.text))
    if not spans:
        return found
    return [
        Token(t.word, t.start, t.end, t.hidden | {_MINOR_WORD}) if any(a <= t.start < b for a, b in spans) else t
        for t in found
    ]


def _merge(reasons: Iterator[Reason]) -> tuple[Reason, ...]:
    """The worst reason of each category and rule, worst first; weaker ones of a category only if they add a rule."""
    best: dict[tuple[str, str], Reason] = {}
    for reason in reasons:
        key = (reason.category, reason.evidence)
        if key not in best or reason.score > best[key].score:
            best[key] = reason
    return tuple(sorted(best.values(), key=lambda r: (-r.severity, -r.score, r.category, r.evidence)))


def _score(reasons: tuple[Reason, ...]) -> float:
    """One figure for the whole text: 1 minus the product of what each category leaves open (noisy or)."""
    worst: dict[str, float] = {}
    for reason in reasons:
        worst[reason.category] = max(worst.get(reason.category, 0.0), reason.score)
    left = 1.0
    for score in worst.values():
        left *= 1.0 - score
    return round(1.0 - left, 4)
