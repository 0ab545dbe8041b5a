"""The conformance kit for inbound doors: run :func:`check_door` on a platform that people type into.

It signs your samples as the platform would, sees each of them read as it should be, and then tries to get in with
everything but a true signature. Every failure is an ``AssertionError`` that says in one sentence what is wrong.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from reelgate import chat
from reelgate.chat import Choices, Event, Form, Ignored, Note, Press, Quiet, Suggest, Working
from reelgate.door import Answer, Door, Inbound
from reelgate.errors import BodyInvalid, Forged, Stale
from reelgate.testing.forging import forgeries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from reelgate.contract import PlatformFacts

    Sign: TypeAlias = Callable[[bytes, float], Mapping[str, str]]

NOW = 1_800_000_000.0
HOURS = (-3600.0, 3600.0)
SURFACES = frozenset({"public", "dm", "age_gated"})
GARBAGE = (b"", b"null", b"[]", b"{}", b'"words"', b"\xff\xfe", b'{"type": 7}', b'{"id": null, "data": [1]}')
AWKWARD = '"Quotes" & <b>signs</b>, a\nnew line, @everyone, 🦛. ' * 60


@dataclass(frozen=True, slots=True)
class Sample:
    """One body as the platform sends it, and what it must be read as.

    ``events`` are the classes of :mod:`reelgate.chat`, in order; empty means a greeting, which :meth:`Door.greet`
    has to answer.
    """

    name: str
    body: bytes = field(repr=False)
    events: tuple[type[Event], ...] = ()


def check_door(
    platform: Door, sign: Sign, samples: Sequence[Sample], *, stranger: Sign | None = None, now: float = NOW
) -> int:
    """Check every inbound verb of ``platform`` and return how many forgeries it refused.

    ``sign(body, at)`` gives the headers that prove a body sent at ``at`` (Unix seconds), and no others; ``stranger``
    does so with somebody else's secret. Where the headers do not depend on the body or on the time (a platform that
    only shows a token), what cannot be noticed there is not asked for. ``now`` is when all of this happens.
    """
    assert isinstance(platform, Door), "the platform lacks one of verify, greet, read, acknowledge"
    assert samples, "there is nothing to check: hand check_door at least one sample"
    facts: PlatformFacts = platform.facts  # type: ignore[attr-defined]
    seen: dict[str, str] = {}
    refused = 0
    for sample in samples:
        _let_in(platform, _inbound(sample.body, sign(sample.body, now)), now, sample.name)
        for event in _check_reading(platform, facts, sign, sample, now):
            key = event.heard.once_key
            other = seen.setdefault(key, sample.name)
            assert other == sample.name, f"{sample.name} and {other} have the same once_key {key!r}"
            _check_acknowledging(platform, event, sample.name)
        refused += _check_refusing(platform, sign, stranger, sample, now)
    _check_garbage(platform, sign, now)
    return refused


def _inbound(body: bytes, headers: Mapping[str, str]) -> Inbound:
    return Inbound(body, {name.lower(): value for name, value in headers.items()})


def _let_in(platform: Door, inbound: Inbound, now: float, name: str) -> None:
    try:
        platform.verify(inbound, now)
    except (Forged, Stale) as error:
        raise AssertionError(f"{name}: a true signature was refused as {error.code}") from error


def _check_reading(platform: Door, facts: PlatformFacts, sign: Sign, sample: Sample, now: float) -> list[Event]:
    """The events of a sample, once they are what it should be read as; none for a greeting."""
    name = sample.name
    inbound = _inbound(sample.body, sign(sample.body, now))
    greeting = platform.greet(inbound)
    if not sample.events:
        assert greeting is not None, f"{name}: greet does not answer this greeting"
        _check_answer(greeting, f"{name}: the greeting")
        return []
    assert greeting is None, f"{name}: greet answers a body that is no greeting"
    events = platform.read(inbound)
    kinds = [type(event).__name__ for event in events]
    wanted = [kind.__name__ for kind in sample.events]
    assert kinds == wanted, f"{name}: read as {kinds}, it should be {wanted}"
    keys = [event.heard.once_key for event in events]
    assert len(set(keys)) == len(keys), f"{name}: two events of one body have the same once_key"
    later = platform.read(_inbound(sample.body, sign(sample.body, now + 1)))
    assert [event.heard.once_key for event in later] == keys, (
        f"{name}: the same body sent again has another once_key, so it would be made twice"
    )
    assert later == events, f"{name}: the same body sent again is read differently"
    for event in events:
        _check_event(event, facts, name)
    return events


def _check_event(event: Event, facts: PlatformFacts, name: str) -> None:
    heard, origin = event.heard, event.heard.origin
    assert heard.once_key, f"{name}: the once_key is empty"
    assert math.isfinite(heard.at) and heard.at >= 0, f"{name}: 'at' is not a time in Unix seconds"
    assert heard.address.platform == facts.slug, f"{name}: the address names the platform {heard.address.platform!r}"
    place = heard.address.place
    assert all(isinstance(key, str) and isinstance(value, str) for key, value in place.items()), (
        f"{name}: the address's place holds something else than text, which cannot be kept"
    )
    assert origin.surface in SURFACES, f"{name}: the surface {origin.surface!r} is not one of {sorted(SURFACES)}"
    assert origin.language in chat.LANGUAGES, f"{name}: the language {origin.language!r} is none of ours"
    assert origin.installation or isinstance(event, Ignored), f"{name}: no installation is named, so nobody owns it"


def _check_acknowledging(platform: Door, event: Event, name: str) -> None:
    for reply in _replies(event):
        try:
            answer = platform.acknowledge(event, reply)
        except Exception as error:
            raise AssertionError(f"{name}: acknowledge raised {type(error).__name__} for {reply!r:.60}") from error
        _check_answer(answer, f"{name}: the answer to {type(reply).__name__}")


def _replies(event: Event) -> Iterable[chat.Reply]:
    """What the service may reply to such an event."""
    yield Quiet()
    if isinstance(event, Suggest):
        yield from (Choices(), Choices(("a baby hippo swimming", "an owl at night")))
        return
    yield from (Working(), Working(private=True), Note("We're very busy right now."), Note(AWKWARD))
    if isinstance(event, Press):
        yield Form("Edit the words", "What should we film?", "s" * 64, "a baby hippo", 2000)


def _check_answer(answer: Answer, what: str) -> None:
    assert isinstance(answer, Answer), f"{what} is no Answer"
    assert 200 <= answer.status < 300, f"{what} has the status {answer.status}: it would be taken for a failure"
    if answer.body and answer.media_type == "application/json":
        try:
            json.loads(answer.body)
        except ValueError as error:
            raise AssertionError(f"{what} says that it is JSON, and is not") from error


def _check_refusing(platform: Door, sign: Sign, stranger: Sign | None, sample: Sample, now: float) -> int:
    """Try to get in with everything but this sample as it was signed; how often that was refused."""
    body, headers = sample.body, sign(sample.body, now)
    over_body = dict(headers) != dict(sign(body + b" ", now))
    over_time = dict(headers) != dict(sign(body, now + HOURS[0]))
    count = 0
    for told, wrong, changed in forgeries(body, headers, over_body=over_body):
        count += _refused(platform, _inbound(wrong, changed), now, f"{sample.name}: {told}")
    if stranger is not None:
        other = _inbound(body, stranger(body, now))
        count += _refused(platform, other, now, f"{sample.name}: signed with somebody else's secret")
    for hour in HOURS if over_time else ():
        told = "from an hour ago" if hour < 0 else "from an hour ahead"
        count += _refused(platform, _inbound(body, sign(body, now + hour)), now, f"{sample.name}: {told}")
    return count


def _refused(platform: Door, inbound: Inbound, now: float, told: str) -> int:
    try:
        platform.verify(inbound, now)
    except (Forged, Stale):
        return 1
    except Exception as error:
        raise AssertionError(f"{told}: verify raised {type(error).__name__}, not Forged or Stale") from error
    raise AssertionError(f"{told}: verify let it in")


def _check_garbage(platform: Door, sign: Sign, now: float) -> None:
    """A true signature on something that is no event of the platform's must not break anything."""
    for body in GARBAGE:
        inbound = _inbound(body, sign(body, now))
        try:
            events = [] if platform.greet(inbound) else platform.read(inbound)
        except BodyInvalid:
            continue
        except Exception as error:
            kind = type(error).__name__
            raise AssertionError(f"the signed body {body!r} raised {kind}, not BodyInvalid") from error
        assert all(isinstance(event, Ignored) for event in events), f"the signed body {body!r} was read as an event"
