"""The kit for inbound doors must catch what it promises to catch, and let a good door through."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reelgate.chat import Command, Form, Heard, Ignored, Origin, Press, Quiet, Suggest
from reelgate.contract import Limits, PlatformFacts
from reelgate.door import Answer
from reelgate.errors import BodyInvalid, Forged, Stale
from reelgate.testing.doors import Sample, check_door
from reelgate.testing.forging import forgeries, other
from reelgate.words import Address, Kind, Once, Prompt

if TYPE_CHECKING:
    from reelgate.chat import Event, Reply
    from reelgate.door import Inbound

SECRET = b"of the gate"


def mac(body: bytes, at: float, secret: bytes = SECRET) -> str:
    return hmac.new(secret, f"{at:.0f}.".encode() + body, hashlib.sha256).hexdigest()


def sign(body: bytes, at: float) -> dict[str, str]:
    return {"Gate-Time": f"{at:.0f}", "Gate-Signature": mac(body, at)}


def stranger(body: bytes, at: float) -> dict[str, str]:
    return {**sign(body, at), "Gate-Signature": mac(body, at, b"another")}


class Gate:
    """A small door that keeps every promise; the tests break one at a time."""

    facts = PlatformFacts("gate", "Gate", Once.NONE, Limits(1, 1, 1, 1.0))

    def verify(self, inbound: Inbound, now: float) -> None:
        at = inbound.headers.get("gate-time", "")
        if not at.isdigit() or not at.isascii():
            raise Forged
        told = inbound.headers.get("gate-signature", "").encode()
        if not hmac.compare_digest(mac(inbound.body, int(at)).encode(), told):
            raise Forged
        if abs(now - int(at)) > 300:
            raise Stale

    def greet(self, inbound: Inbound) -> Answer | None:
        return Answer(200, b"pong", "text/plain") if inbound.body == b"ping" else None

    def read(self, inbound: Inbound) -> list[Event]:
        try:
            told = json.loads(inbound.body)["events"]
        except (ValueError, LookupError, TypeError):
            raise BodyInvalid from None
        return [self.event(each) for each in told]

    def event(self, told: dict[str, str]) -> Event:
        heard = Heard(told["id"], 1.0, Address("gate", "app", {"room": "1"}), Origin("guild"))
        match told["kind"]:
            case "ask":
                return Command(heard, Kind.REEL, Prompt(told["words"]))
            case "press":
                return Press(heard, told["words"])
            case "type":
                return Suggest(heard, "prompt", told["words"])
        return Ignored(heard, "talk")

    def acknowledge(self, event: Event, reply: Reply) -> Answer:
        return Answer(200, json.dumps({"show": type(reply).__name__}).encode())


def body(*events: tuple[str, str]) -> bytes:
    return json.dumps({"events": [{"id": key, "kind": kind, "words": "a hippo"} for key, kind in events]}).encode()


SAMPLES = (
    Sample("ping", b"ping"),
    Sample("two", body(("1", "ask"), ("2", "press")), (Command, Press)),
    Sample("typing", body(("3", "type")), (Suggest,)),
    Sample("talk", body(("4", "talk")), (Ignored,)),
)


def test_a_good_door_passes() -> None:
    refused = check_door(Gate(), sign, SAMPLES, stranger=stranger)
    assert refused > sum(len(sample.body) + 64 for sample in SAMPLES)


def test_a_door_with_a_token_alone_is_not_asked_what_it_cannot_know() -> None:
    class Token(Gate):
        def verify(self, inbound: Inbound, now: float) -> None:
            if inbound.headers.get("token") != "t0ken":
                raise Forged

    signs = {"Token": "t0ken"}
    assert check_door(Token(), lambda body, at: signs, SAMPLES) < 60


class Truncating(Gate):
    """Compares the beginning of the signature only."""

    def verify(self, inbound: Inbound, now: float) -> None:
        told = inbound.headers.get("gate-signature", "")
        at = inbound.headers.get("gate-time", "0")
        if not at.isdigit() or told[:60] != mac(inbound.body, int(at))[:60] or abs(now - int(at)) > 300:
            raise Forged


class Rewriting(Gate):
    """Checks what it parsed, not what came."""

    def verify(self, inbound: Inbound, now: float) -> None:
        try:
            value = json.loads(inbound.body)
        except ValueError:
            super().verify(inbound, now)
            return
        super().verify(replace(inbound, body=json.dumps(value).encode()), now)


class Timeless(Gate):
    def verify(self, inbound: Inbound, now: float) -> None:
        at = inbound.headers.get("gate-time", "")
        super().verify(inbound, float(at) if at.isascii() and at.isdigit() else now)


class Stumbling(Gate):
    """Breaks on a header beyond ASCII, as ``compare_digest`` does with text."""

    def verify(self, inbound: Inbound, now: float) -> None:
        hmac.compare_digest(inbound.headers.get("gate-signature", ""), "0")
        super().verify(inbound, now)


class Open(Gate):
    def verify(self, inbound: Inbound, now: float) -> None:
        pass


class Closed(Gate):
    def verify(self, inbound: Inbound, now: float) -> None:
        raise Stale


class FreshKeys(Gate):
    """Makes a new name for an event each time it is read."""

    count = 0

    def event(self, told: dict[str, str]) -> Event:
        self.count += 1
        event = super().event(told)
        return replace(event, heard=replace(event.heard, once_key=f"{told['id']}-{self.count}"))


class OneKey(Gate):
    def event(self, told: dict[str, str]) -> Event:
        event = super().event(told)
        return replace(event, heard=replace(event.heard, once_key="the same"))


class Foreign(Gate):
    def event(self, told: dict[str, str]) -> Event:
        event = super().event(told)
        return replace(event, heard=replace(event.heard, address=Address("other", "app")))


class Numbers(Gate):
    def event(self, told: dict[str, str]) -> Event:
        event = super().event(told)
        return replace(event, heard=replace(event.heard, address=Address("gate", "app", {"room": 1})))


class Nowhere(Gate):
    def event(self, told: dict[str, str]) -> Event:
        event = super().event(told)
        return replace(event, heard=replace(event.heard, origin=Origin("")))


class Talkative(Gate):
    def event(self, told: dict[str, str]) -> Event:
        event = super().event(told)
        return Ignored(event.heard, "no")


class Fragile(Gate):
    def read(self, inbound: Inbound) -> list[Event]:
        return [self.event(each) for each in json.loads(inbound.body)["events"]]


class Silent(Gate):
    def acknowledge(self, event: Event, reply: Reply) -> Answer:
        if isinstance(reply, Form):
            raise NotImplementedError
        return super().acknowledge(event, reply)


class Failing(Gate):
    def acknowledge(self, event: Event, reply: Reply) -> Answer:
        return Answer(400 if isinstance(reply, Quiet) else 200)


class Unreadable(Gate):
    def acknowledge(self, event: Event, reply: Reply) -> Answer:
        return Answer(200, b"{'show': 'nothing'}")


class Deaf(Gate):
    def greet(self, inbound: Inbound) -> Answer | None:
        return None


@pytest.mark.parametrize(
    ("door", "sentence"),
    [
        (Truncating, "verify let it in"),
        (Rewriting, "two: the body made longer: verify let it in"),
        (Timeless, "from an hour ago: verify let it in"),
        (Stumbling, "verify raised TypeError"),
        (Open, "verify let it in"),
        (Closed, "ping: a true signature was refused as stale"),
        (FreshKeys, "so it would be made twice"),
        (OneKey, "two events of one body have the same once_key"),
        (Foreign, "the address names the platform 'other'"),
        (Numbers, "holds something else than text"),
        (Nowhere, "no installation is named"),
        (Talkative, "read as ['Ignored', 'Ignored'], it should be ['Command', 'Press']"),
        (Fragile, "the signed body b'' raised JSONDecodeError, not BodyInvalid"),
        (Silent, "acknowledge raised NotImplementedError for Form"),
        (Failing, "has the status 400"),
        (Unreadable, "says that it is JSON, and is not"),
        (Deaf, "greet does not answer"),
    ],
)
def test_a_bad_door_is_told_what_is_wrong(door: type[Gate], sentence: str) -> None:
    with pytest.raises(AssertionError) as fault:
        check_door(door(), sign, SAMPLES, stranger=stranger)
    assert sentence in str(fault.value)


def test_no_sample_is_no_check() -> None:
    with pytest.raises(AssertionError, match="at least one sample"):
        check_door(Gate(), sign, ())


def test_a_changed_sign_means_something_else_wherever_it_stands() -> None:
    """In base64 the last sign of 64 bytes has four idle bits: only its upper two count."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    assert all(alphabet.index(other(sign)) >> 4 != alphabet.index(sign) >> 4 for sign in alphabet)
    assert all(int(other(sign), 16) != int(sign, 16) for sign in "0123456789abcdef")


def test_every_byte_is_tried() -> None:
    made = list(forgeries(b"abc", {"h": "0f"}))
    assert [wrong for _, wrong, _ in made if len(wrong) == 3 and wrong != b"abc"] == [b"`bc", b"a`c", b"abg"]
    assert len(made) == 2 + 3 + 1 + 1 + 3 + 3
