"""The storyboard as a generator: any prompt becomes a drawn, animated, scored clip; no weights, no network."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from reelgate.contract import Clip, Footage, GeneratorFacts, Moment, Progress, Scene, Ticket
from reelgate.errors import BadInput, GeneratorRefused, MissingExtra, NotOffered
from reelgate.plugins import missing
from reelgate.words import Kind, Once, SourceType

from .parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reelgate.words import Order

    from .plan import ScenePlan
    from .scene import Scene as Directed
    from .sticker import Sticker

VERSION = "1"
LIBRARIES = "Drawing needs the system's EGL and GL libraries. Type: apt-get install libegl1 libgl1"

FACTS = GeneratorFacts(
    name="storyboard",
    version=VERSION,
    honest_name="Storyboard (drawn by software)",
    kinds=frozenset({Kind.REEL, Kind.STICKER}),
    once=Once.KEY,
    source_type=SourceType.ALGORITHMIC,
    seconds=(1.0, 16.0),
    sizes=(144, 1920),
    fps=24,
    price_cents=0,
    training_data="none: drawn by a program from tables written by hand",
    local=True,
)


class StoryboardGenerator:
    """Implements :class:`reelgate.contract.Generator`; holds no state, so every call may be repeated anywhere.

    The same order always gives the same frames and samples; another ``variation`` of it the same idea, told anew.
    """

    @property
    def facts(self) -> GeneratorFacts:
        """What this generator is."""
        return FACTS

    def start(self, order: Order, key: str) -> Ticket:
        """Take the order; raises ``GeneratorRefused`` for kinds, lengths or sizes outside the facts."""
        _check(order)
        return Ticket("storyboard-" + hashlib.sha256(key.encode()).hexdigest()[:24])

    def find(self, key: str) -> Ticket | None:
        """Not needed: repeating :meth:`start` with the same key is safe. Raises ``NotOffered``."""
        raise NotOffered("The storyboard is of the kind 'key': ask again with the same key instead of looking up.")

    def poll(self, external_id: str) -> Progress:
        """Always ready: drawing happens while the footage is read."""
        return Progress(ready=True, done=1, total=1, retry_after=0.0, charged_cents=0)

    def collect(self, external_id: str, order: Order) -> Footage:
        """The footage of an order; raises ``MissingExtra`` when the drawing library cannot be loaded."""
        _check(order)
        drawing()
        return _sticker(order) if order.kind is Kind.STICKER else _reel(order)

    def cancel(self, external_id: str) -> None:
        """Nothing runs between calls, so there is nothing to stop."""


def drawing() -> None:
    """Make sure that skia can be imported; raises ``MissingExtra`` with the sentence to type."""
    try:
        import skia  # noqa: F401
    except ImportError as cause:
        if cause.name == "skia" or isinstance(cause, ModuleNotFoundError):
            raise missing("storyboard", cause) from cause
        raise MissingExtra(LIBRARIES, says=LIBRARIES) from cause


def _check(order: Order) -> None:
    short, long = min(order.width, order.height), max(order.width, order.height)
    if order.kind not in FACTS.kinds:
        raise GeneratorRefused(f"The storyboard draws reels and stickers; it cannot {order.kind.value}.")
    if not FACTS.seconds[0] <= order.seconds <= FACTS.seconds[1]:
        raise GeneratorRefused("The storyboard draws between 1 and 16 seconds.")
    if short < FACTS.sizes[0] or long > FACTS.sizes[1] or order.width % 2 or order.height % 2:
        raise GeneratorRefused("The storyboard draws even sizes from 144 to 1920 pixels a side.")
    if order.fps < 1 or order.fps > 60:
        raise BadInput("The storyboard draws 1 to 60 frames a second.")


def _reel(order: Order) -> Footage:
    from .rigs.cast import CAST
    from .scene import direct

    cut = _cut(order)
    plan = parse(order.text, order.seed, CAST, order.variation)
    scene = direct(plan, order.width, order.height, order.seconds, order.seed, order.variation, cut)

    def stream() -> Iterator[Moment]:
        return _moments(scene, cut, order.fps, order.seconds)

    return Footage(Clip(order.width, order.height, order.fps, order.seconds, stream), _told(scene.plan))


def _sticker(order: Order) -> Footage:
    from .rigs.cast import CAST
    from .sticker import direct

    plan = parse(order.text, order.seed, CAST)
    sticker = direct(plan, order.width, order.height, order.seconds, order.seed, _cut(order))

    def stream() -> Iterator[Moment]:
        return _silent(sticker, order.fps, order.seconds)

    clip = Clip(order.width, order.height, order.fps, order.seconds, stream, silent=True)
    return Footage(clip, _told(sticker.plan))


def _cut(order: Order) -> int:
    """What is left to chance is drawn from this: the seed itself, or another number for each variation of it."""
    if not order.variation:
        return order.seed
    return int.from_bytes(hashlib.sha256(f"{order.seed} {order.variation}".encode()).digest()[:4], "big")


def _told(plan: ScenePlan) -> Scene:
    return Scene(plan.understood, plan.approximated, plan.ignored, plan.document())


def _moments(scene: Directed, seed: int, fps: int, seconds: float) -> Iterator[Moment]:
    """Frame by frame with its sound; blocks are cut by cumulative rounding, so they add up to the whole."""
    from reelgate.contract import SAMPLE_RATE
    from reelgate.media.clip import frame_from_rgba

    from .render import pictures
    from .sound.mix import synthesise

    sound = synthesise(scene.soundscape)
    frames = round(seconds * fps)
    total = len(sound)
    for i, picture in enumerate(pictures(scene, seed, fps, frames)):
        start = round(i * SAMPLE_RATE / fps)
        end = total if i == frames - 1 else round((i + 1) * SAMPLE_RATE / fps)
        yield Moment(frame_from_rgba(picture), sound[min(start, total) : min(end, total)])


def _silent(sticker: Sticker, fps: int, seconds: float) -> Iterator[Moment]:
    """Frame by frame with alpha, over silence."""
    import numpy as np

    from reelgate.contract import SAMPLE_RATE
    from reelgate.media.clip import frame_from_rgba

    from .sticker import pictures

    for i, picture in enumerate(pictures(sticker, fps, round(seconds * fps))):
        samples = round((i + 1) * SAMPLE_RATE / fps) - round(i * SAMPLE_RATE / fps)
        yield Moment(frame_from_rgba(picture, keep_alpha=True), np.zeros((samples, 2), np.float32))
