"""What a prompt was understood to mean: everything the director needs, and nothing else."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class ScenePlan:
    """One scene in the storyboard's own words.

    ``subject`` is what was asked for and ``player`` who of the cast plays it. ``colour`` is 0xRRGGBB or ``None``
    for its natural one; ``scale`` multiplies its size; ``pace`` its speed. ``camera`` is ``auto`` unless
    asked for. ``greets`` says that it waves to us.
    ``understood``, ``approximated`` and ``ignored`` say how the words were taken, in words of our own tables.
    """

    subject: str
    player: str
    action: str
    place: str
    light: str
    weather: str = "clear"
    camera: str = "auto"
    mood: str = "calm"
    colour: int | None = None
    baby: bool = False
    scale: float = 1.0
    pace: float = 1.0
    autumn: bool = False
    talks: bool = False
    greets: bool = False
    understood: tuple[str, ...] = ()
    approximated: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    def document(self) -> str:
        """The plan as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
