"""Where a scene plays: layered backgrounds, one file each."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..layers import Backdrop, Set

PLACES = ("beach", "city", "desert", "forest", "meadow", "mountains", "river", "room", "sea", "space", "underwater")
"""Every place there is, by the name its file has."""


def paint(name: str, stage: Set) -> Backdrop:
    """The place called ``name``, painted for this stage."""
    painter = cast("Callable[[Set], Backdrop]", import_module(f".{name}", __name__).paint)
    return painter(stage)
