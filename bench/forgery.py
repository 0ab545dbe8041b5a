"""How many forged requests get past Discord's door: ``python -m bench.forgery --count 100000``.

Every request starts as a true one, signed by the app's own key, and is then spoilt in one way. None may get in, and
none of the true ones, in any spelling that Discord may use, may be kept out.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from reelgate.chat import Registration
from reelgate.door import Inbound
from reelgate.errors import Forged, Stale
from reelgate_integrations.discord.door import SIGNATURE, TIMESTAMP
from reelgate_integrations.discord.facts import EPOCH_MS, MAX_BODY
from reelgate_integrations.discord.platform import DiscordPlatform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ORDER = 2**252 + 27742317777372353535851937790883648493
"""The order of Ed25519's group: S and S + ORDER mean the same, and only the smaller one may be taken."""

APP = "1300000000000000001"
WORDS = (
    "a baby hippo swimming",
    "zwei Eulen im Regen",
    "café ☕ at dawn",
    "猫が踊る",
    'a "quoted" fox \\ two',
    "x" * 1500,
)


@dataclass(frozen=True, slots=True)
class Request:
    """A request and when it arrives (Unix seconds)."""

    body: bytes
    headers: dict[str, str]
    now: float

    @property
    def inbound(self) -> Inbound:
        """As the door sees it."""
        return Inbound(self.body, self.headers)


class Maker:
    """Makes true and spoilt requests; the same ``seed`` makes the same ones."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.key, self.second, self.other = (
            Ed25519PrivateKey.from_private_bytes(self.dice.randbytes(32)) for _ in range(3)
        )
        told = ",".join(
            key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex() for key in (self.key, self.second)
        )
        self.registration = Registration(APP, {"public_key": told})

    def true(self) -> Request:
        """A request as Discord sends it."""
        now = 1_700_000_000 + self.dice.randrange(200_000_000) + self.dice.random()
        return self.signed(self.body(now), int(now), now)

    def body(self, at: float) -> bytes:
        """A command, a press, a form sent off or a webhook event, made at ``at``."""
        token, member = self.dice.randbytes(24).hex(), {"user": {"id": str(self.dice.randrange(10**18))}}
        told: dict[str, object] = {
            "id": str(((int(at * 1000) - EPOCH_MS) << 22) | self.dice.randrange(1 << 22)), "application_id": APP,
            "token": token, "version": 1, "guild_id": "41771983423143937", "channel_id": "645027906669510667",
            "locale": "de", "member": member,
        }  # fmt: skip
        words = self.dice.choice(WORDS)
        match self.dice.randrange(4):
            case 0:
                told |= {
                    "type": 2,
                    "data": {
                        "name": "imagine",
                        "type": 1,
                        "options": [
                            {"name": "prompt", "type": 3, "value": words},
                            {"name": "seconds", "type": 10, "value": 4.5},
                        ],
                    },
                }
            case 1:
                told |= {"type": 3, "data": {"custom_id": "s" * 51, "component_type": 2}}
            case 2:
                field = {"type": 18, "component": {"type": 4, "custom_id": "words", "value": words}}
                told |= {"type": 5, "data": {"custom_id": "s" * 51, "components": [field]}}
            case _:
                event = {
                    "type": "APPLICATION_AUTHORIZED",
                    "timestamp": "2026-01-01T00:00:00",
                    "data": {"user": member},
                }
                told = {"version": 1, "application_id": APP, "type": 1, "event": event}
        return json.dumps(told, ensure_ascii=self.dice.random() < 0.5, separators=(",", ":")).encode()

    def signed(self, body: bytes, at: int | str, now: float, key: Ed25519PrivateKey | None = None) -> Request:
        """``body`` signed at ``at`` as it arrives at ``now``."""
        stamp = str(at)
        signature = (key or self.key).sign(stamp.encode() + body).hex()
        return Request(body, {SIGNATURE: signature, TIMESTAMP: stamp}, now)

    def spelt(self) -> Request:
        """A true request in any spelling that must be let in."""
        request = self.true()
        match self.dice.randrange(5):
            case 0:
                return replace(request, headers=_with(request, SIGNATURE, request.headers[SIGNATURE].upper()))
            case 1:
                return replace(request, now=int(request.headers[TIMESTAMP]) + self.dice.choice((-300, 300)))
            case 2:
                return self.signed(request.body, request.headers[TIMESTAMP], request.now, self.second)
            case 3:
                return replace(request, headers={**request.headers, "x-forwarded-for": "192.0.2.1", "accept": "*/*"})
        return request


def _with(request: Request, name: str, value: str | None) -> dict[str, str]:
    rest = {each: told for each, told in request.headers.items() if each != name}
    return rest if value is None else {**rest, name: value}


def _flipped(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data) * 8)
    return data[: at // 8] + bytes([data[at // 8] ^ (1 << at % 8)]) + data[at // 8 + 1 :]


def _signature(request: Request, raw: bytes) -> Request:
    return replace(request, headers=_with(request, SIGNATURE, raw.hex()))


def _raw(request: Request) -> bytes:
    return bytes.fromhex(request.headers[SIGNATURE])


def body_bit(maker: Maker, true: Request) -> Request:
    """One bit of the body is another."""
    return replace(true, body=_flipped(true.body, maker.dice))


def signature_bit(maker: Maker, true: Request) -> Request:
    """One bit of the signature is another."""
    return _signature(true, _flipped(_raw(true), maker.dice))


def body_cut_or_longer(maker: Maker, true: Request) -> Request:
    """Bytes are missing at an end of the body, or there are more."""
    cut = maker.dice.randrange(1, 40)
    more = maker.dice.choice((b" ", b"\n", b"\0", b"{}", b"\xef\xbb\xbf"))
    return replace(
        true, body=maker.dice.choice((true.body[cut:], true.body[:-cut], true.body + more, more + true.body))
    )


def written_anew(maker: Maker, true: Request) -> Request:
    """The same JSON in other bytes, as whoever parses first and checks later would make of it."""
    told = json.loads(true.body)
    ways = [json.dumps(told), json.dumps(told, indent=1), json.dumps(told, sort_keys=True, separators=(",", ":"))]
    other = [way.encode() for way in ways if way.encode() != true.body]
    return replace(true, body=maker.dice.choice(other))


def other_app(maker: Maker, true: Request) -> Request:
    """Signed with another app's key."""
    return maker.signed(true.body, true.headers[TIMESTAMP], true.now, maker.other)


def other_request(maker: Maker, true: Request) -> Request:
    """The signature, or the time and the signature, of another true request."""
    another = maker.true()
    headers = {**true.headers, SIGNATURE: another.headers[SIGNATURE]}
    return replace(true, headers=maker.dice.choice((headers, another.headers)))


def other_time(maker: Maker, true: Request) -> Request:
    """The time is another than the signed one, in value or in spelling."""
    at = true.headers[TIMESTAMP]
    near = str(int(at) + maker.dice.choice((-1, 1, 60, -299)))
    wide = at.translate({48 + digit: 0xFF10 + digit for digit in range(10)})
    spelt = (
        f" {at}",
        f"{at} ",
        f"+{at}",
        f"0{at}",
        f"{at}.0",
        f"{at}e0",
        f"-{at}",
        wide,
        f"{at}\n",
        "",
        f"0x{int(at):x}",
    )
    return replace(true, headers=_with(true, TIMESTAMP, maker.dice.choice((near, *spelt))))


def signed_odd_time(maker: Maker, true: Request) -> Request:
    """A time that is no time, but truly signed."""
    at = true.headers[TIMESTAMP]
    return maker.signed(true.body, maker.dice.choice((f" {at}", f"+{at}", f"{at}.5", "now", "-1", at * 2)), true.now)


def old_or_ahead(maker: Maker, true: Request) -> Request:
    """Truly signed, but not now."""
    away = maker.dice.choice((301.5, 3600, 86_400, 30 * 86_400, 10**9)) * maker.dice.choice((-1, 1))
    return replace(true, now=int(true.headers[TIMESTAMP]) + away)


def old_event_signed_now(maker: Maker, true: Request) -> Request:
    """Truly signed just now, but the interaction's own clock is another."""
    at = true.now + maker.dice.choice((-1, 1)) * maker.dice.choice((310, 4000, 90_000))
    body = true.body
    while b'"event":' in body or body == true.body:
        body = maker.body(at)
    return maker.signed(body, int(true.now), true.now)


def headers_missing(maker: Maker, true: Request) -> Request:
    """A header is not there, is empty, or has another name."""
    name = maker.dice.choice((SIGNATURE, TIMESTAMP))
    other = maker.dice.choice((None, "", name.replace("-", "_")))
    headers = _with(true, name, None if other is None or "_" in other else "")
    return replace(true, headers={**headers, other: true.headers[name]} if other and "_" in other else headers)


def headers_doubled(maker: Maker, true: Request) -> Request:
    """Two headers of one name, as servers join them."""
    name = maker.dice.choice((SIGNATURE, TIMESTAMP))
    told, bad = true.headers[name], maker.dice.choice((true.headers[name], "0" * len(true.headers[name]), ""))
    both = maker.dice.choice((f"{told},{bad}", f"{bad},{told}", f"{told}, {bad}", f"{told};{bad}", f"{told} {bad}"))
    return replace(true, headers=_with(true, name, both))


def signature_spelt(maker: Maker, true: Request) -> Request:
    """The right signature in a spelling that Discord does not use."""
    told = true.headers[SIGNATURE]
    wide = told.translate({48 + digit: 0xFF10 + digit for digit in range(10)})
    ways = (f"0x{told}", f"ed25519={told}", f" {told}", f"{told}\n", told[:-2], told[2:], f"{told}00", f"00{told}",
            f"{told[:64]} {told[64:]}", f"{told[:64]}:{told[64:]}", wide)  # fmt: skip
    return replace(true, headers=_with(true, SIGNATURE, maker.dice.choice([way for way in ways if way != told])))


def signature_made_up(maker: Maker, true: Request) -> Request:
    """No key was there: S + L, S and R exchanged, nothing, the neutral element, chance."""
    raw = _raw(true)
    s = int.from_bytes(raw[32:], "little")
    ways = (raw[:32] + (s + ORDER).to_bytes(32, "little"), raw[32:] + raw[:32], bytes(64), bytes([1]) + bytes(63),
            b"\xff" * 64, maker.dice.randbytes(64), raw[:32] + bytes(32), bytes(32) + raw[32:])  # fmt: skip
    return _signature(true, maker.dice.choice(ways))


def too_long(maker: Maker, true: Request) -> Request:
    """Truly signed and longer than any body of Discord's."""
    return maker.signed(true.body + b" " * (MAX_BODY + 1), true.headers[TIMESTAMP], true.now)


CLASSES: dict[str, tuple[int, Callable[[Maker, Request], Request]]] = {
    "a bit of the body": (200, body_bit),
    "a bit of the signature": (200, signature_bit),
    "body cut or longer": (60, body_cut_or_longer),
    "JSON written anew": (100, written_anew),
    "another app's key": (80, other_app),
    "another request's signature": (60, other_request),
    "another time": (80, other_time),
    "a signed time that is none": (20, signed_odd_time),
    "too old or ahead": (60, old_or_ahead),
    "an old interaction signed now": (40, old_event_signed_now),
    "headers missing": (30, headers_missing),
    "headers doubled": (30, headers_doubled),
    "signature in another spelling": (30, signature_spelt),
    "signature made up": (60, signature_made_up),
    "body too long": (1, too_long),
}
"""How a request is spoilt, with how often in about a thousand."""


def forged(maker: Maker, count: int) -> Iterator[tuple[str, Request]]:
    """``count`` spoilt requests and how each was spoilt; every class comes up at least once."""
    names = list(CLASSES)
    weights = [CLASSES[name][0] for name in names]
    for number in range(count):
        name = names[number] if number < len(names) else maker.dice.choices(names, weights)[0]
        yield name, CLASSES[name][1](maker, maker.true())


def let_in(door: DiscordPlatform, request: Request) -> bool:
    """Does the door take it for true? Any other error than Forged and Stale comes through."""
    try:
        door.verify(request.inbound, request.now)
    except (Forged, Stale):
        return False
    return True


def main(argv: list[str]) -> int:
    """Print what was tried and what got in; 1 when anything did, or anything true was kept out."""
    options = argparse.ArgumentParser(prog="python -m bench.forgery", description=__doc__)
    options.add_argument("--count", type=int, default=100_000, help="how many spoilt requests")
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args(argv)
    maker = Maker(asked.seed)
    door = DiscordPlatform(maker.registration)
    tried: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    for name, request in forged(maker, asked.count):
        tried[name] += 1
        accepted[name] += let_in(door, request)
    true = max(asked.count // 20, 100)
    rejected = sum(not let_in(door, maker.spelt()) for _ in range(true))
    print(f"{'spoilt by':<32} {'tried':>8} {'let in':>7}")
    for name in CLASSES:
        print(f"{name:<32} {tried[name]:>8,} {accepted[name]:>7,}")
    print(f"\naccepted {accepted.total()} of {tried.total():,} forged; rejected {rejected} of {true:,} true")
    return 1 if accepted.total() or rejected else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
