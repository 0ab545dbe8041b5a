"""The conformance kit for generators: run :func:`check_generator` on yours with a short order it can film.

Every failure is an ``AssertionError`` that says in one sentence what is wrong. An order that costs money is
placed once for kinds look-up and none, twice under the same key for kind key.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from reelgate.contract import Footage, Generator, Progress, Scene, Ticket
from reelgate.errors import NotOffered
from reelgate.testing.clips import check_clip
from reelgate.words import Kind, Once, SourceType

if TYPE_CHECKING:
    from collections.abc import Callable

    from reelgate.contract import GeneratorFacts
    from reelgate.words import Order


def check_generator(
    generator: Generator, order: Order, *, run: str = "kit", wait: Callable[[float], None] = time.sleep
) -> Footage:
    """Film ``order`` the way the service does and check every answer; returns the footage.

    ``run`` makes the keys of this check its own. ``wait`` is called between polls with the seconds the
    generator asks for; a twin's clock can stand in for sleeping.
    """
    assert isinstance(generator, Generator), "the generator lacks one of facts, start, find, poll, collect, cancel"
    facts = generator.facts
    check_generator_facts(facts)
    _check_order(facts, order)
    key = f"{run}-first"
    ticket = _started(generator, order, key)
    _await(generator, ticket, wait)
    footage = _collected(generator, ticket, order)
    digest = check_clip(footage.clip)
    again = check_clip(_collected(generator, ticket, order).clip)
    assert again == digest, "collect gave another clip the second time: it must be repeatable"
    if facts.local:
        other = _started(generator, order, f"{run}-second")
        _await(generator, other, wait)
        same = check_clip(_collected(generator, other, order).clip)
        assert same == digest, "the same order with the same seed gave other frames or sound"
        generator.cancel(other.external_id)
    generator.cancel(ticket.external_id)
    generator.cancel(ticket.external_id)
    return footage


def check_generator_facts(facts: GeneratorFacts) -> None:
    """Check that a generator's facts are sane: names, ranges, price, and the training-data statement."""
    assert re.fullmatch(r"[a-z][a-z0-9_.-]{0,63}", facts.name), (
        f"the name {facts.name!r} is not short lower-case ASCII"
    )
    assert facts.version.strip(), "the version is empty"
    assert facts.honest_name.strip(), "honest_name is empty: people must be told what made their reel"
    assert facts.kinds and facts.kinds <= {Kind.REEL, Kind.STICKER}, "kinds must be reel, sticker or both"
    assert isinstance(facts.once, Once), "once is not one of Once.KEY, Once.LOOKUP, Once.NONE"
    assert isinstance(facts.source_type, SourceType), "source_type is not a SourceType"
    for name, (low, high) in (("seconds", facts.seconds), ("sizes", facts.sizes)):
        assert 0 < low <= high, f"{name} must be a rising pair above zero, not {(low, high)}"
    assert facts.fps > 0, "fps must be above zero"
    assert facts.price_cents >= 0, "price_cents must not be negative"
    assert facts.call_timeout > 0 and facts.max_wait > 0, "call_timeout and max_wait must be above zero"
    assert facts.source_type is not SourceType.TRAINED or facts.training_data.strip(), (
        "a trained generator must state its training data"
    )


def _check_order(facts: GeneratorFacts, order: Order) -> None:
    short, long = sorted((order.width, order.height))
    assert order.kind in facts.kinds, f"the order asks for a {order.kind}, which the facts do not offer"
    assert facts.seconds[0] <= order.seconds <= facts.seconds[1], "the order's seconds lie outside the facts' range"
    assert facts.sizes[0] <= short and long <= facts.sizes[1], "the order's size lies outside the facts' range"


def _started(generator: Generator, order: Order, key: str) -> Ticket:
    once, price = generator.facts.once, generator.facts.price_cents
    if once is Once.LOOKUP:
        assert generator.find(key) is None, "find knows an order that was never placed"
    ticket = generator.start(order, key)
    assert isinstance(ticket, Ticket) and ticket.external_id, "start did not return a Ticket with an id"
    assert 0 <= ticket.charged_cents <= price, (
        f"start charged {ticket.charged_cents} cents; the facts say at most {price}"
    )
    if once is Once.KEY:
        again = generator.start(order, key)
        assert again.external_id == ticket.external_id, "start repeated with the same key made a second order"
    if once is Once.LOOKUP:
        found = generator.find(key)
        assert found is not None, "find does not know the order that was just placed"
        assert found.external_id == ticket.external_id, "find names another order than start returned"
        return ticket
    try:
        generator.find(key)
    except NotOffered:
        return ticket
    raise AssertionError(f"a generator of kind {once.value!r} must answer find with NotOffered")


def _await(generator: Generator, ticket: Ticket, wait: Callable[[float], None]) -> None:
    waited = 0.0
    while True:
        progress = generator.poll(ticket.external_id)
        assert isinstance(progress, Progress), "poll did not return a Progress"
        done, total = progress.done, progress.total
        assert done >= 0 and total >= 0, f"poll says {done} of {total} are done"
        assert not total or done <= total, f"poll says {done} of {total} are done"
        charged = progress.charged_cents
        assert charged is None or 0 <= charged <= generator.facts.price_cents, (
            f"poll says {charged} cents were charged; the facts say at most {generator.facts.price_cents}"
        )
        if progress.ready:
            assert generator.poll(ticket.external_id).ready, "an order that was ready is not ready when asked again"
            return
        assert progress.retry_after > 0, "retry_after must be above zero while an order is not ready"
        waited += progress.retry_after
        assert waited <= generator.facts.max_wait, (
            f"the order was not ready within max_wait ({generator.facts.max_wait} s)"
        )
        wait(progress.retry_after)


def _collected(generator: Generator, ticket: Ticket, order: Order) -> Footage:
    footage = generator.collect(ticket.external_id, order)
    assert isinstance(footage, Footage), "collect did not return Footage"
    clip, scene = footage.clip, footage.scene
    if generator.facts.local:
        asked = (order.width, order.height, order.fps)
        given = (clip.width, clip.height, clip.fps)
        assert given == asked, f"the clip is (width, height, fps) {given}; the order asks for {asked}"
        assert abs(clip.duration - order.seconds) <= 0.5 / clip.fps + 1e-9, (
            f"the clip lasts {clip.duration} s; the order asks for {order.seconds}"
        )
    assert isinstance(scene, Scene), "the footage's scene is not a Scene"
    for name in ("understood", "approximated", "ignored"):
        words = getattr(scene, name)
        assert isinstance(words, tuple) and all(isinstance(word, str) for word in words), (
            f"scene.{name} must be a tuple of words"
        )
    return footage
