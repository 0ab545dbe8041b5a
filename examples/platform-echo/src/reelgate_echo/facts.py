"""What an echo board is, as data. Reelgate reads this before it calls anything."""

from __future__ import annotations

from reelgate.contract import Limits, PlatformFacts
from reelgate.words import Once

FACTS = PlatformFacts(
    slug="echo",
    title="Echo board",
    # The board remembers every Idempotency-Key: posting again with the same one gives the same message.
    once=Once.KEY,
    limits=Limits(25 << 20, 1080, 1920, 60.0, ("mp4", "webp", "png")),
    ack_deadline=3.0,
    retry_horizon=3600.0,
    call_timeout=20.0,
    secrets=("signing_secret", "token"),
    scopes=("messages:write", "events:receive"),
)

WINDOW_S = 300.0
"""How far the time of a signed request may be off before it is refused, in seconds."""
