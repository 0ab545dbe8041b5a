"""Traffic in the shape in which Discord sends it, and a key that signs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.integrations.discord.signer import Signer

from reelgate.chat import Registration
from reelgate.door import Inbound

HERE = Path(__file__).parent
APP, GUILD, CHANNEL, MEMBER = (
    "1301234567890123776", "1187000000000000001", "1187000000000000002", "201000000000000003",
)  # fmt: skip
NOW = 1_767_225_610.0
SIGNER, STRANGER = Signer(b"app".ljust(32)), Signer(b"another app".ljust(32))
REGISTRATION = Registration(APP, {"public_key": SIGNER.public.hex(), "bot_token": "bot-token-of-the-tests"})
NAMES = sorted(path.stem for path in HERE.glob("*__*.json"))


def raw(name: str) -> bytes:
    """The body as it came over the wire: in one line."""
    return json.dumps(recorded(name), ensure_ascii=False, separators=(",", ":")).encode()


def recorded(name: str) -> dict[str, Any]:
    """The body as an object."""
    found: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return found


def signs(body: bytes, at: float, signer: Signer = SIGNER) -> dict[str, str]:
    """The two headers."""
    stamp = str(int(at))
    return {"x-signature-ed25519": signer.sign(stamp.encode() + body).hex(), "x-signature-timestamp": stamp}


def inbound(body: bytes, at: float = NOW, signer: Signer = SIGNER, **more: str) -> Inbound:
    """A signed request; ``more`` replaces headers, with _ for -."""
    changed = {name.replace("_", "-"): value for name, value in more.items()}
    return Inbound(body, {**signs(body, at, signer), **changed})
