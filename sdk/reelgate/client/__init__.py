"""The client of a Reelgate service; nothing is imported before it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reelgate.client.caller import Retry, World
    from reelgate.client.client import Client
    from reelgate.client.model import Endpoint, Job, Report, Result, Review, Trouble, Update
    from reelgate.client.transport import Call, Reply, Transport

_HOMES = {
    "Call": "transport",
    "Client": "client",
    "Endpoint": "model",
    "Job": "model",
    "Reply": "transport",
    "Report": "model",
    "Result": "model",
    "Retry": "caller",
    "Review": "model",
    "Transport": "transport",
    "Trouble": "model",
    "Update": "model",
    "World": "caller",
}

__all__ = [
    "Call",
    "Client",
    "Endpoint",
    "Job",
    "Reply",
    "Report",
    "Result",
    "Retry",
    "Review",
    "Transport",
    "Trouble",
    "Update",
    "World",
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(f"reelgate.client.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
