"""What differs between the kinds of thing we make: everything else of a job's life is the same for all of them.

A :class:`Form` says how a kind is planned, dressed with its label, written and proven, what it is called when it
leaves, and what is tried when its mark does not read back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

from reelgate.media import boxes, diecut, encode, fit, loop, webp
from reelgate.words import Kind
from reelgate_moderation.marks.label import TAB, label_blender

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from reelgate.contract import Frame, GeneratorFacts, Limits, Moment, PlatformFacts
    from reelgate.media.encode import Encoded

DEFAULT_SHORT_SIDE = 720

Rung = tuple[str, int]
"""Format and strength of a mark. A strength over :data:`STRONGEST` is that one, with more room for it in the file."""

STRONGEST = 3


class Cut(Protocol):
    """One file as it was planned, before anything is drawn."""

    @property
    def plan(self) -> fit.EncodePlan | loop.LoopPlan:
        """Its size in pixels, frames a second and seconds, among what only its encoder wants to know."""
        ...

    def dresser(self, label: str) -> Callable[[Frame], Frame]:
        """What puts the visible label on frame after frame, and whatever else the form wears."""
        ...

    def write(
        self, moments: Iterator[Moment], strength: int, out: BinaryIO, tell: Callable[[int, int], None]
    ) -> Encoded:
        """Encode into ``out``. Raises ``MediaRejected`` when it does not come out as planned."""
        ...

    def prove(self, file: BinaryIO, strength: int) -> None:
        """Raise ``MediaRejected`` unless the file, by its own structure, is what was planned."""
        ...


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of thing. ``title`` names it in its manifest, ``ending`` ends its file's name.

    ``ladder`` is what is tried when a mark does not read back, in order; after the last a person decides. Above
    ``firm_p`` a mark reads here but might not after an app has compressed and shrunk the file, and is made stronger
    while there is something stronger (measured by ``bench.marks``).
    """

    kind: Kind
    media_type: str
    title: str
    ending: str
    ladder: tuple[Rung, ...]
    firm_p: float
    cut: Callable[[Mapping[str, Any], GeneratorFacts, list[Limits]], Cut]
    limits: Callable[[PlatformFacts], Limits]

    def file_name(self, mark_id: str) -> str:
        """What the finished file is called."""
        return f"{self.kind.value}-{mark_id}.{self.ending}"


@dataclass(frozen=True, slots=True)
class _ReelCut:
    plan: fit.EncodePlan

    def dresser(self, label: str) -> Callable[[Frame], Frame]:
        return label_blender(self.plan.width, self.plan.height, label)

    def write(
        self, moments: Iterator[Moment], strength: int, out: BinaryIO, tell: Callable[[int, int], None]
    ) -> Encoded:
        return encode.encode(moments, self.plan, out, on_progress=tell)

    def prove(self, file: BinaryIO, strength: int) -> None:
        boxes.prove(boxes.read(file), self.plan)


@dataclass(frozen=True, slots=True)
class _StickerCut:
    plan: loop.LoopPlan

    def dresser(self, label: str) -> Callable[[Frame], Frame]:
        """The label first: the white edge then runs round subject and label together."""
        labelled = label_blender(self.plan.width, self.plan.height, label, TAB)
        outlined = diecut.outliner(self.plan.width, self.plan.height)
        return lambda frame: outlined(labelled(frame))

    def write(
        self, moments: Iterator[Moment], strength: int, out: BinaryIO, tell: Callable[[int, int], None]
    ) -> Encoded:
        return loop.encode(moments, self._with_room(strength), out, on_progress=tell)

    def prove(self, file: BinaryIO, strength: int) -> None:
        webp.prove(webp.read(file), self._with_room(strength))

    def _with_room(self, strength: int) -> loop.LoopPlan:
        return loop.calmer(self.plan) if strength > STRONGEST else self.plan


def _reel(order: Mapping[str, Any], facts: GeneratorFacts, targets: list[Limits]) -> Cut:
    return _ReelCut(
        fit.plan(
            aspect=(order["aspect"][0], order["aspect"][1]),
            seconds=float(order["seconds"]),
            fps=int(order.get("fps", facts.fps)),
            short_side=int(order.get("short_side", DEFAULT_SHORT_SIDE)),
            targets=targets,
        )
    )


def _sticker(order: Mapping[str, Any], facts: GeneratorFacts, targets: list[Limits]) -> Cut:
    return _StickerCut(loop.plan(float(order["seconds"]), targets))


REEL = Form(
    kind=Kind.REEL,
    media_type="video/mp4",
    title="Reel",
    ending="mp4",
    ladder=(("full", 0), ("full", 1), ("full", 2), ("short", 2)),
    firm_p=1e-60,
    cut=_reel,
    limits=lambda facts: facts.limits,
)

STICKER = Form(
    kind=Kind.STICKER,
    media_type="image/webp",
    title="Sticker",
    ending="webp",
    ladder=(("full", 2), ("full", 3), ("short", 3), ("short", 4)),
    firm_p=1e-45,
    cut=_sticker,
    limits=lambda facts: facts.sticker_limits or facts.limits,
)

_FORMS = {form.kind.value: form for form in (REEL, STICKER)}


def form_of(kind: str) -> Form:
    """The form of a job's kind; raises ``LookupError`` for a kind that makes nothing."""
    return _FORMS[kind]
