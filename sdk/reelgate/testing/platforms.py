"""The conformance kit for platforms: run :func:`check_platform` on yours, against its twin or a test account.

Every failure is an ``AssertionError`` that says in one sentence what is wrong.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from reelgate.contract import Aloud, Parcel, Platform, Receipt
from reelgate.door import Door
from reelgate.errors import NotOffered
from reelgate.words import Once

if TYPE_CHECKING:
    from collections.abc import Callable

    from reelgate.contract import PlatformFacts
    from reelgate.words import Address


def check_platform(platform: Platform, address: Address, parcel: Parcel | None = None, *, run: str = "kit") -> None:
    """Check the facts and every outgoing verb of ``platform`` at ``address``.

    ``parcel`` is what is delivered; left out, it is a small PNG, for platforms that take PNG. ``run`` makes the
    keys of this check its own, so that it can be repeated against a platform that remembers.
    """
    assert isinstance(platform, Platform), (
        "the platform lacks one of facts, deliver, repeatable, find, progress, decline, withdraw"
    )
    check_platform_facts(platform.facts)
    assert platform.facts == platform.facts, "the facts differ when they are asked for twice"
    assert not platform.facts.inbound or isinstance(platform, Door), (
        "the facts say that people type into this platform, but it lacks one of verify, greet, read, acknowledge"
    )
    if parcel is None:
        assert "png" in platform.facts.limits.containers, "this platform takes no PNG: hand check_platform a parcel"
        parcel = sample_parcel()
    for sentence in ("We are filming it.", "We are filming it: 25 %.", "We are filming it: 25 %.", "Nearly there."):
        platform.progress(address, sentence)
    if platform.facts.once is Once.KEY:
        assert platform.repeatable(address, 1.0, 1.0) in {True, False}, "repeatable answers neither yes nor no"
    _check_once(platform, address, "deliver", f"{run}-deliver", _delivery(platform, address, parcel))
    for name, aloud in (("decline", None), ("decline-aloud", Aloud("This one did not work out."))):
        _check_once(platform, address, "decline", f"{run}-{name}", _refusal(platform, address, aloud))
    _check_withdrawing(platform, address, parcel, f"{run}-withdraw")


def _check_withdrawing(platform: Platform, address: Address, parcel: Parcel, key: str) -> None:
    """Check that a message can be taken back twice, where it can be taken back at all."""
    receipt = platform.deliver(address, parcel, key)
    try:
        platform.withdraw(address, receipt.message_id)
    except NotOffered:
        return
    platform.withdraw(address, receipt.message_id)


def check_platform_facts(facts: PlatformFacts) -> None:
    """Check that a platform's facts are sane: its slug, limits and deadlines."""
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,31}", facts.slug), f"the slug {facts.slug!r} is not short lower-case ASCII"
    assert facts.title.strip(), "the title is empty"
    assert isinstance(facts.once, Once), "once is not one of Once.KEY, Once.LOOKUP, Once.NONE"
    limits = facts.limits
    for name in ("max_bytes", "max_width", "max_height", "max_seconds"):
        assert getattr(limits, name) > 0, f"limits.{name} must be above zero"
    assert limits.containers, "limits.containers is empty: the platform takes no file at all"
    for ending in limits.containers:
        assert re.fullmatch(r"[a-z0-9]{2,5}", ending), (
            f"the container {ending!r} is not a bare lower-case file ending"
        )
    for name in ("ack_deadline", "retry_horizon"):
        assert getattr(facts, name) >= 0, f"{name} must not be negative"
    assert facts.call_timeout > 0, "call_timeout must be above zero: no call may last for ever"
    for label, link in facts.links.items():
        assert link.startswith("https://"), f"the link {label!r} is not an https address"


def sample_parcel(name: str = "kit-sample.png") -> Parcel:
    """A valid 16 by 16 PNG (one colour) as a parcel, made with the standard library alone."""
    rows = b"".join(b"\x00" + b"\x2e\x86\xc1" * 16 for _ in range(16))
    body = struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", body) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return parcel_of(data, name, "image/png")


def parcel_of(data: bytes, name: str, media_type: str, caption: str = "Drawn by software") -> Parcel:
    """A parcel that holds ``data``."""
    return Parcel(name, media_type, len(data), hashlib.sha256(data).hexdigest(), caption, lambda: io.BytesIO(data))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _delivery(platform: Platform, address: Address, parcel: Parcel) -> Callable[[str], Receipt]:
    """Delivers ``parcel`` and insists that its stream was closed afterwards."""

    def deliver(key: str) -> Receipt:
        opened: list[BinaryIO] = []

        def watched() -> BinaryIO:
            opened.append(parcel.open())
            return opened[-1]

        lent = replace(parcel, open=watched)
        receipt = platform.deliver(address, lent, key)
        assert all(stream.closed for stream in opened), "deliver left the parcel's stream open"
        return receipt

    return deliver


def _refusal(platform: Platform, address: Address, aloud: Aloud | None) -> Callable[[str], Receipt]:
    """Declines, with or without another sentence for where others read."""
    return lambda key: platform.decline(
        address, "We can't film that one. Please try a different idea.", key, aloud=aloud
    )


def _check_once(platform: Platform, address: Address, verb: str, key: str, act: Callable[[str], Receipt]) -> None:
    """Check what the platform's kind of once promises for one verb that makes a message."""
    once = platform.facts.once
    if once is Once.LOOKUP:
        assert platform.find(address, key) is None, f"find knows a {verb} that was never made"
    receipt = act(key)
    assert isinstance(receipt, Receipt), f"{verb} did not return a Receipt"
    assert receipt.message_id, f"{verb} returned a receipt without a message id"
    if once is Once.KEY:
        again = act(key)
        assert again == receipt, f"{verb} repeated with the same key gave another receipt: {receipt} then {again}"
    if once is Once.LOOKUP:
        found = platform.find(address, key)
        assert found is not None, f"find does not know the {verb} that was just made"
        assert found.message_id == receipt.message_id, f"find names another message than {verb} returned"
        return
    try:
        found = platform.find(address, key)
    except NotOffered:
        return
    assert once is Once.KEY, f"a platform of kind {once.value!r} must answer find with NotOffered"
    assert found is not None, f"find does not know the {verb} that was just made"
    assert found.message_id == receipt.message_id, f"find names another message than {verb} returned"
