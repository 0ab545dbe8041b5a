"""Judges a media file by what it shows and sounds like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reelgate.errors import MediaRejected
from reelgate.media import decode
from reelgate_moderation.hashes.bank import HashBank
from reelgate_moderation.output.sampler import Sampler
from reelgate_moderation.output.screen import PolicyOutputScreen

if TYPE_CHECKING:
    from pathlib import Path

    from reelgate.contract import Context
    from reelgate.words import Verdict
    from reelgate_moderation.policy.policy import Policy


def judge_file(path: Path, policy: Policy, context: Context, bank: HashBank | None = None) -> Verdict:
    """The output screen's verdict on the video, picture or sound in ``path``.

    Raises :class:`MediaRejected` for a file that is missing or no media.
    """
    if not path.is_file():
        raise MediaRejected("there is no such file")
    clip = decode.open_clip(path)
    sampler = Sampler(fps=clip.fps, duration=clip.duration)
    for index, moment in enumerate(clip.open()):
        sampler.offer(index, moment)
    return PolicyOutputScreen(policy, bank or HashBank()).screen(sampler.samples(), context)
