"""The conformance kits must catch what they promise to catch, and let a good plugin through."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from reelgate.contract import (
    Aloud,
    Clip,
    Footage,
    Frame,
    GeneratorFacts,
    Limits,
    Moment,
    Parcel,
    PlatformFacts,
    Progress,
    Receipt,
    Scene,
    Ticket,
)
from reelgate.errors import NotOffered
from reelgate.testing.clips import check_clip
from reelgate.testing.generators import check_generator, check_generator_facts
from reelgate.testing.platforms import check_platform, check_platform_facts, sample_parcel
from reelgate.words import Address, Kind, Once, Order, SourceType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reelgate.chat import Button

ORDER = Order(Kind.REEL, "a dot", 1.0, 16, 32, 12, 5)


def film(order: Order, change: Callable[[int, Moment], Moment] = lambda _, moment: moment) -> Clip:
    """A clip of plain frames whose brightness counts up."""

    def run() -> Iterator[Moment]:
        half = (order.height // 2, order.width // 2)
        for number in range(round(order.seconds * order.fps)):
            y = np.full((order.height, order.width), 16 + (number + order.seed) % 200, np.uint8)
            frame = Frame(y, np.full(half, 128, np.uint8), np.full(half, 128, np.uint8))
            sound = np.full((48000 // order.fps, 2), 0.01 * (number % 3), np.float32)
            yield change(number, Moment(frame, sound))

    return Clip(order.width, order.height, order.fps, order.seconds, run)


@dataclass
class Dots:
    """A small generator that keeps every promise; the tests break one at a time."""

    once: Once = Once.KEY
    price: int = 0
    orders: dict[str, Order] = field(default_factory=dict)
    polls: int = 0

    @property
    def facts(self) -> GeneratorFacts:
        return GeneratorFacts(
            "dots", "1", "Dots, drawn by a test", frozenset({Kind.REEL}), self.once, SourceType.ALGORITHMIC,
            (1.0, 4.0), (16, 64), 12, self.price, local=True, max_wait=30.0,
        )  # fmt: skip

    def start(self, order: Order, key: str) -> Ticket:
        self.orders[key] = order
        return Ticket(key)

    def find(self, key: str) -> Ticket | None:
        if self.once is not Once.LOOKUP:
            raise NotOffered("no")
        return Ticket(key) if key in self.orders else None

    def poll(self, external_id: str) -> Progress:
        self.polls += 1
        return Progress(self.polls > 2, min(self.polls, 3), 3, 1.0)

    def collect(self, external_id: str, order: Order) -> Footage:
        return Footage(film(order), Scene(("dot",)))

    def cancel(self, external_id: str) -> None:
        self.orders.pop(external_id, None)


@pytest.mark.parametrize("once", list(Once))
def test_a_good_generator_passes(once: Once) -> None:
    waits: list[float] = []
    footage = check_generator(Dots(once), ORDER, wait=waits.append)
    assert footage.clip.frames == 12
    assert waits == [1.0, 1.0]


class SecondOrder(Dots):
    def start(self, order: Order, key: str) -> Ticket:
        self.orders[f"{key}{len(self.orders)}"] = order
        return Ticket(f"{key}{len(self.orders)}")


class Overcharging(Dots):
    def start(self, order: Order, key: str) -> Ticket:
        return Ticket(key, 99)


class NeverReady(Dots):
    def poll(self, external_id: str) -> Progress:
        return Progress(False, retry_after=4.0)


class Forgetful(Dots):
    def poll(self, external_id: str) -> Progress:
        self.polls += 1
        return Progress(self.polls == 1)


class Moody(Dots):
    """Films something else each time it is asked."""

    def collect(self, external_id: str, order: Order) -> Footage:
        self.polls += 1
        return Footage(film(replace(order, seed=self.polls)))


class Wrong(Dots):
    """Films at its own size."""

    def collect(self, external_id: str, order: Order) -> Footage:
        return Footage(film(replace(order, width=32)))


class Finding(Dots):
    def find(self, key: str) -> Ticket | None:
        return None


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (SecondOrder(), "second order"),
        (Overcharging(), "charged 99"),
        (NeverReady(), "max_wait"),
        (Forgetful(), "not ready when asked again"),
        (Moody(), "repeatable"),
        (Wrong(), "the order asks for"),
        (Finding(), "NotOffered"),
        (Finding(Once.LOOKUP), "does not know the order"),
    ],
)
def test_a_broken_generator_is_caught(broken: Dots, sentence: str) -> None:
    with pytest.raises(AssertionError, match=sentence):
        check_generator(broken, ORDER, wait=lambda _: None)


def test_generator_facts_that_lie_are_caught() -> None:
    good = Dots().facts
    check_generator_facts(good)
    for lie in (
        {"honest_name": " "},
        {"seconds": (4.0, 1.0)},
        {"kinds": frozenset()},
        {"fps": 0},
        {"price_cents": -1},
        {"source_type": SourceType.TRAINED},
        {"name": "Two Words"},
    ):
        with pytest.raises(AssertionError):
            check_generator_facts(replace(good, **lie))  # type: ignore[arg-type]


def reshaped(number: int, moment: Moment) -> Moment:
    return moment if number < 5 else replace(moment, frame=replace(moment.frame, u=moment.frame.y))


def retyped(number: int, moment: Moment) -> Moment:
    return replace(moment, frame=replace(moment.frame, y=moment.frame.y.astype(np.uint16)))  # type: ignore[arg-type]


def half_transparent(number: int, moment: Moment) -> Moment:
    return moment if number else replace(moment, frame=replace(moment.frame, alpha=moment.frame.y))


def too_loud(number: int, moment: Moment) -> Moment:
    return replace(moment, sound=moment.sound + np.float32(1.5))


def not_a_number(number: int, moment: Moment) -> Moment:
    return replace(moment, sound=moment.sound * np.float32("nan"))


def too_short(number: int, moment: Moment) -> Moment:
    return replace(moment, sound=moment.sound[:-1])


def mono(number: int, moment: Moment) -> Moment:
    return replace(moment, sound=moment.sound[:, :1])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (reshaped, "frame 5: plane u"),
        (retyped, "not uint8"),
        (half_transparent, "all or none"),
        (too_loud, "within -1..1"),
        (not_a_number, "within -1..1"),
        (too_short, "add up to"),
        (mono, r"not \(n, 2\)"),
    ],
)
def test_a_broken_clip_is_caught(change: Callable[[int, Moment], Moment], sentence: str) -> None:
    with pytest.raises(AssertionError, match=sentence):
        check_clip(film(ORDER, change))


def test_clips_that_end_early_go_on_or_do_not_start_over_are_caught() -> None:
    good = film(ORDER)
    with pytest.raises(AssertionError, match="goes on"):
        check_clip(replace(good, duration=0.5))
    with pytest.raises(AssertionError, match="promises"):
        check_clip(replace(good, duration=2.0))
    once = good.open()
    with pytest.raises(AssertionError, match="holds 0 frames"):
        check_clip(replace(good, open=lambda: once))
    seeds = iter(range(9))
    with pytest.raises(AssertionError, match="start over"):
        check_clip(replace(good, open=lambda: film(replace(ORDER, seed=next(seeds))).open()))
    with pytest.raises(AssertionError, match="silent"):
        check_clip(replace(good, silent=True))
    assert check_clip(good) == check_clip(film(ORDER)) != check_clip(film(replace(ORDER, seed=6)))


@dataclass
class Board:
    """A small platform that keeps every promise."""

    once: Once = Once.KEY
    posts: dict[str, str] = field(default_factory=dict)

    @property
    def facts(self) -> PlatformFacts:
        return PlatformFacts("board", "A board", self.once, Limits(1 << 20, 64, 64, 1.0, ("png",)), inbound=False)

    def deliver(self, address: Address, parcel: Parcel, key: str) -> Receipt:
        with parcel.open() as stream:
            stream.read()
        return self._post(key)

    def find(self, address: Address, key: str) -> Receipt | None:
        if self.once is not Once.LOOKUP:
            raise NotOffered("no")
        return Receipt(self.posts[key]) if key in self.posts else None

    def repeatable(self, address: Address, since: float, now: float) -> bool:
        return True

    def progress(self, address: Address, sentence: str, buttons: tuple[Button, ...] = ()) -> None:
        pass

    def decline(
        self,
        address: Address,
        sentence: str,
        key: str,
        buttons: tuple[Button, ...] = (),
        aloud: Aloud | None = None,
    ) -> Receipt:
        return self._post(key)

    def withdraw(self, address: Address, message_id: str) -> None:
        self.posts = {key: post for key, post in self.posts.items() if post != message_id}

    def _post(self, key: str) -> Receipt:
        return Receipt(self.posts.setdefault(key, f"post {len(self.posts)}"))


class Doubling(Board):
    def _post(self, key: str) -> Receipt:
        self.posts[key] = f"post {len(self.posts)} {key}"
        self.posts[f"{key}{len(self.posts)}"] = ""
        return Receipt(self.posts[key])


class Leaking(Board):
    def deliver(self, address: Address, parcel: Parcel, key: str) -> Receipt:
        self.kept = parcel.open()
        return self._post(key)


class Nameless(Board):
    def _post(self, key: str) -> Receipt:
        return Receipt("")


class Blind(Board):
    def find(self, address: Address, key: str) -> Receipt | None:
        return None


class Inviting(Board):
    @property
    def facts(self) -> PlatformFacts:
        return replace(super().facts, inbound=True)


@pytest.mark.parametrize("once", list(Once))
def test_a_good_platform_passes(once: Once) -> None:
    check_platform(Board(once), Address("board", "x"))


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (Doubling(), "another receipt"),
        (Leaking(), "stream open"),
        (Nameless(), "without a message id"),
        (Blind(), "does not know the deliver"),
        (Blind(Once.NONE), "NotOffered"),
        (Blind(Once.LOOKUP), "does not know the deliver"),
        (Inviting(), "people type into"),
    ],
)
def test_a_broken_platform_is_caught(broken: Board, sentence: str) -> None:
    with pytest.raises(AssertionError, match=sentence):
        check_platform(broken, Address("board", "x"))


def test_platform_facts_that_lie_are_caught() -> None:
    good = Board().facts
    check_platform_facts(good)
    for lie in (
        {"slug": "A Board"},
        {"title": ""},
        {"limits": Limits(0, 64, 64, 1.0)},
        {"limits": Limits(1, 64, 64, 1.0, (".mp4",))},
        {"ack_deadline": -1.0},
        {"links": {"docs": "http://plain"}},
    ):
        with pytest.raises(AssertionError):
            check_platform_facts(replace(good, **lie))  # type: ignore[arg-type]


def test_the_sample_parcel_is_a_picture_that_others_can_read() -> None:
    from PIL import Image

    parcel = sample_parcel()
    with parcel.open() as stream, Image.open(stream) as picture:
        picture.load()
        assert (picture.format, picture.size, picture.getpixel((3, 3))) == ("PNG", (16, 16), (0x2E, 0x86, 0xC1))
