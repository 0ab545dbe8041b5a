"""Slash commands as Discord sends them, each distinct and signed, ready to be written to a socket."""

from __future__ import annotations

import json
import random
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

APP = "1100000000000000001"
GUILDS, MEMBERS = 20, 500
_EPOCH_MS = 1_420_070_400_000
"""Where Discord's ids begin to count."""

_SUBJECTS = ("a baby hippo", "a red fox", "a happy robot", "a small sailboat", "an old turtle", "two penguins")
_ACTIONS = ("swimming in a river", "running through a forest", "dancing in the city", "sleeping by the sea")


def commands(draw: random.Random, count: int, at: float) -> Iterator[bytes]:
    """``count`` bodies of ``/imagine``, no two alike; ``at`` is when they were typed (Unix seconds)."""
    for number in range(count):
        interaction = (int(at * 1000) - _EPOCH_MS << 22) + (draw.getrandbits(8) << 14) + number % 2**14
        guild, member = f"{1200 + draw.randrange(GUILDS)}{0:014}", f"{3400 + draw.randrange(MEMBERS)}{0:014}"
        yield json.dumps(_command(draw, str(interaction), guild, member)).encode()


def signed(body: bytes, key: Ed25519PrivateKey, path: str, host: str, at: float) -> bytes:
    """The whole request for a body, as a platform would send it over a connection that is kept."""
    stamp = str(int(at))
    signature = key.sign(stamp.encode() + body).hex()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: Discord-Interactions/1.0 (+https://discord.com)\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nAccept: */*\r\n"
        f"X-Signature-Ed25519: {signature}\r\nX-Signature-Timestamp: {stamp}\r\n\r\n"
    )
    return head.encode() + body


def requests(seed: int, count: int, key: Ed25519PrivateKey, path: str, host: str) -> list[bytes]:
    """``count`` signed requests; the same seed draws the same words, people and places."""
    draw, now = random.Random(seed), time.time()
    return [signed(body, key, path, host, now) for body in commands(draw, count, now)]


def _command(draw: random.Random, interaction: str, guild: str, member: str) -> dict[str, object]:
    words = f"{draw.choice(_SUBJECTS)} {draw.choice(_ACTIONS)}, number {draw.randrange(10**6)}"
    channel = {"id": f"56{guild[2:]}", "type": 0, "guild_id": guild, "name": "general", "nsfw": False, "position": 1}
    user = {"id": member, "username": f"member{member[:4]}", "global_name": None, "avatar": None}
    return {
        "id": interaction,
        "application_id": APP,
        "type": 2,
        "token": f"{draw.getrandbits(800):0200x}",
        "version": 1,
        "data": {
            "id": "1100000000000000777",
            "name": "imagine",
            "type": 1,
            "options": [{"name": "prompt", "type": 3, "value": words}],
        },
        "guild_id": guild,
        "guild": {"id": guild, "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "channel_id": channel["id"],
        "channel": channel,
        "locale": draw.choice(("en-US", "de", "fr", "ja")),
        "member": {
            "user": {**user, "discriminator": "0", "public_flags": 0},
            "roles": [f"{guild[:-1]}7"],
            "permissions": "2248473465835073",
            "joined_at": "2024-03-01T10:00:00.000000+00:00",
            "nick": None,
            "pending": False,
            "deaf": False,
            "mute": False,
            "flags": 0,
        },
        "app_permissions": "562949953601536",
        "context": 0,
        "authorizing_integration_owners": {"0": guild},
        "entitlements": [],
        "attachment_size_limit": 10485760,
    }
