"""Named points where a process may die, on both sides of every commit and every outside call.

In ordinary life a point costs one comparison. The crash bench arms a hook that kills, freezes or raises at
one of them. Nothing commits except through :func:`reelgate_service.db.base.Database.write` and nothing
calls out except through :func:`outside`, so a new step has its points by construction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_hook: Callable[[str], None] | None = None


def arm(hook: Callable[[str], None] | None) -> None:
    """Call ``hook`` with the name of every point this process passes; ``None`` disarms."""
    global _hook
    _hook = hook


def point(name: str) -> None:
    """A place where this process may be made to die."""
    if _hook is not None:
        _hook(name)


def outside(name: str, call: Callable[[], T]) -> T:
    """Do an outside call (pay, post, store) with a point on each side of it."""
    point(f"{name}.call.before")
    result = call()
    point(f"{name}.call.after")
    return result
