"""Screens what was filmed: known pictures, empty or blank reels, flashing, broken sound.

What a reel *shows* is judged here only against the operator's hash bank; nothing in it recognises content.
An empty stream, a picture that cannot be read and a fault inside all end in review, never in allow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reelgate.words import Decision, Reason, Verdict, stricter
from reelgate_moderation.hashes.pdq import LEAST_QUALITY, MATCH, pdq_rgb
from reelgate_moderation.output.flashes import flashing
from reelgate_moderation.policy.policy import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reelgate.contract import Context, Sample
    from reelgate_moderation.hashes.bank import HashBank
    from reelgate_moderation.policy.policy import Policy

MOST = 4096
"""A clip has far fewer samples; a longer stream is not read to its end, but held."""

_FLAT = 2.0
_BLANK_SHARE = 0.9
_STILL = 0.75
_STILL_SECONDS = 2.0
_CLIP_LEVEL = 0.999
_CLIP_SHARE = 0.05
_LOUD_RMS = 0.7


class PolicyOutputScreen:
    """Judges a clip's samples by an operator's policy and hash bank."""

    def __init__(self, policy: Policy, bank: HashBank) -> None:
        self._policy = policy
        self._bank = bank

    def screen(self, samples: Iterator[Sample], context: Context) -> Verdict:
        """The verdict on the samples. Never raises: a fault inside is a review with reason ``unreadable``."""
        try:
            kept = [sample for sample, _ in zip(samples, range(MOST + 1), strict=False)]
            reasons = self._reasons(kept)
        except Exception:  # noqa: BLE001  a screen that falls over must hold the reel, not pass it
            reasons = [Reason(Finding.UNREADABLE, 2, 0.5, evidence="output.fault")]
        decision = Decision.ALLOW
        for reason in reasons:
            decision = stricter(decision, self._policy.decide(reason.category, reason.severity, context.surface))
        reasons.sort(key=lambda reason: (-reason.severity, -reason.score))
        score = max((reason.score for reason in reasons), default=0.0)
        return Verdict(decision, score, tuple(reasons), self._policy.stamp)

    def _reasons(self, samples: Sequence[Sample]) -> list[Reason]:
        if not samples:
            return [Reason(Finding.EMPTY, 2, 0.5, evidence="output.no_samples")]
        if len(samples) > MOST or not all(_is_picture(sample) for sample in samples):
            return [Reason(Finding.UNREADABLE, 2, 0.5, evidence="output.not_readable")]
        whole = (samples[0].at, samples[-1].at)
        found = [*self._known(samples)]
        flat = [float(sample.rgb.std(axis=(0, 1)).max()) < _FLAT for sample in samples]
        if sum(flat) >= _BLANK_SHARE * len(flat):
            found.append(Reason(Finding.BLANK, 2, 0.6, at=whole, evidence="output.blank"))
        elif _still(samples):
            found.append(Reason(Finding.FROZEN, 1, 0.3, at=whole, evidence="output.frozen"))
        second = flashing(samples)
        if second:
            found.append(Reason(Finding.FLASHING, 2, 0.8, at=second, evidence="output.flashing"))
        return found + _sound(samples)

    def _known(self, samples: Sequence[Sample]) -> Iterator[Reason]:
        """Samples that lie near a hash of the bank, as they are or mirrored; one reason for each label."""
        if not len(self._bank):
            return
        told: set[str] = set()
        for index, sample in enumerate(samples):
            for picture in (sample.rgb, sample.rgb[:, ::-1]):
                number, quality = pdq_rgb(picture)
                match = self._bank.find(number) if quality >= LEAST_QUALITY else None
                if match and match.entry.label not in told:
                    told.add(match.entry.label)
                    end = samples[min(index + 1, len(samples) - 1)].at
                    yield Reason(
                        category=str(match.entry.category),
                        severity=3,
                        score=0.99 - 0.2 * match.distance / MATCH,
                        at=(sample.at, end),
                        evidence="output.hash_bank",
                    )


def _is_picture(sample: Sample) -> bool:
    return (
        sample.rgb.dtype == np.uint8
        and sample.rgb.ndim == 3
        and sample.rgb.shape[2] == 3
        and 0 not in sample.rgb.shape
        and bool(np.isfinite(sample.sound).all())
    )


def _still(samples: Sequence[Sample]) -> bool:
    """Whether every sample looks like the first (mean difference under 0.75 of 255) for two seconds and more."""
    if samples[-1].at - samples[0].at < _STILL_SECONDS:
        return False
    first = samples[0].rgb.astype(np.int16)
    return all(float(np.abs(sample.rgb - first).mean()) < _STILL for sample in samples[1:])


def _sound(samples: Sequence[Sample]) -> list[Reason]:
    """Clipping (over 5 % of a block at full scale) and loudness (over -3 dBFS RMS) in half of the blocks."""
    blocks = [sample for sample in samples if sample.sound.size]
    if not blocks:
        return []
    whole = (samples[0].at, samples[-1].at)
    clipped = sum(float((np.abs(s.sound) >= _CLIP_LEVEL).mean()) > _CLIP_SHARE for s in blocks)
    loud = sum(float(np.sqrt(np.square(s.sound, dtype=np.float64).mean())) > _LOUD_RMS for s in blocks)
    found = []
    if clipped * 2 >= len(blocks):
        found.append(Reason(Finding.CLIPPED, 2, 0.6, at=whole, evidence="output.clipped"))
    if loud * 2 >= len(blocks):
        found.append(Reason(Finding.LOUD, 2, 0.6, at=whole, evidence="output.loud"))
    return found
