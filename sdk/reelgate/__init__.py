"""Reelgate: connect a chat or photo app to a text-to-video generator, safely.

::

    from reelgate import Client

    client = Client("http://127.0.0.1:8000", "rg_live_...")
    job = client.reels.create("a baby hippo swimming", seconds=8)
    client.download(client.jobs.wait(job), "hippo.mp4")

Nothing is imported before it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reelgate import errors, webhooks
    from reelgate.client.client import Client
    from reelgate.errors import ReelgateError
    from reelgate.words import Prompt

    __version__: str

_HOMES = {"Client": "reelgate.client.client", "Prompt": "reelgate.words", "ReelgateError": "reelgate.errors"}
_ROOMS = ("errors", "webhooks")

__all__ = ["Client", "Prompt", "ReelgateError", "__version__", "errors", "webhooks"]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in _ROOMS:
        return import_module(f"reelgate.{name}")
    if name == "__version__":
        return _version()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _version() -> str:
    """The installed version, or one that says it runs from a plain source tree."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("reelgate")
    except PackageNotFoundError:
        return "0+source"
