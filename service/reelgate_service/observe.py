"""What the service says of itself: JSON lines on stderr and counters for Prometheus.

Log fields come from a list; nothing else gets through, so no prompt, name, token or address can. Counters
carry no tenant and no member.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time

FIELDS = frozenset(
    {
        "job",
        "state",
        "fence",
        "code",
        "kind",
        "where",
        "request",
        "method",
        "route",
        "status",
        "ms",
        "count",
        "child",
        "pid",
        "exit",
        "wait",
        "port",
        "path",
        "review",
        "platform",
        "purpose",
        "event",
    }
)
"""The only fields a log line may carry."""


def log(event: str, **fields: str | int | float) -> None:
    """Write one line. A field that is not in :data:`FIELDS` is a programming error and raises ``KeyError``."""
    unknown = set(fields) - FIELDS
    if unknown:
        raise KeyError(f"These may not be logged: {', '.join(sorted(unknown))}.")
    if os.environ.get("REELGATE_LOG", "").lower() == "off":
        return
    line = {"at": round(time.time(), 3), "event": event, **fields}
    # A log that nobody reads any more (a closed terminal, a pipe that ended) must not end a worker.
    with contextlib.suppress(OSError):
        print(json.dumps(line), file=sys.stderr, flush=True)  # noqa: T201  this is the log
