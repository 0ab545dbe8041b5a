"""The contracts between rooms: what a platform, a generator, a screen, a mark and a store must do.

Facts come first: every plugin states what it is as data, and only then acts. All verbs are synchronous;
time, keys and places come in through arguments or constructors, never from the environment. Arrays are
NumPy arrays; NumPy itself is imported by whoever makes them, so this module stays light.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from reelgate.chat import Button
    from reelgate.words import Address, Detection, Kind, Once, Order, SourceType, Verdict

SAMPLE_RATE = 48_000
"""Samples per second of every sound stream in the house."""


# -- moving pictures -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture: uint8 planes of BT.709 limited-range 4:2:0.

    ``y`` is (height, width); ``u`` and ``v`` are (height/2, width/2); ``alpha`` is (height, width), straight
    (not premultiplied), or ``None`` where the picture is opaque. Width and height are even.
    """

    y: NDArray[np.uint8]
    u: NDArray[np.uint8]
    v: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame and the sound that plays while it is shown.

    ``sound`` is float32 (n, 2) at 48 kHz within -1..1. Over a whole clip the blocks add up to
    ``round(duration * 48000)`` samples; at 24 fps each block is 2000 samples.
    """

    frame: Frame
    sound: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Clip:
    """Moving pictures with sound, read as a stream; nobody ever holds a list of frames.

    ``open()`` starts the same stream from the beginning each time it is called. ``duration`` is seconds,
    ``fps`` whole frames a second. ``silent`` says that there is no sound track (the blocks are zeros).
    """

    width: int
    height: int
    fps: int
    duration: float
    open: Callable[[], Iterator[Moment]]
    silent: bool = False

    @property
    def frames(self) -> int:
        """How many frames the stream holds."""
        return round(self.duration * self.fps)


# -- generators ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GeneratorFacts:
    """What a generator is, as data.

    ``sizes`` bounds the short and the long side in pixels; ``seconds`` the length. ``call_timeout`` is the
    hard limit of one outside call in seconds, ``max_wait`` the longest a job may take on its side.
    ``price_cents`` is the most one order can cost. ``honest_name`` is what a person is told it is.
    """

    name: str
    version: str
    honest_name: str
    kinds: frozenset[Kind]
    once: Once
    source_type: SourceType
    seconds: tuple[float, float]
    sizes: tuple[int, int]
    fps: int
    price_cents: int = 0
    training_data: str = ""
    local: bool = False
    call_timeout: float = 30.0
    max_wait: float = 900.0


@dataclass(frozen=True, slots=True)
class Ticket:
    """A generator's receipt for an order: its own id, and what it says it charges."""

    external_id: str
    charged_cents: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an order is. ``ready`` means :meth:`Generator.collect` may be called."""

    ready: bool
    done: int = 0
    total: int = 0
    retry_after: float = 5.0
    charged_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What a generator says it understood of the prompt; lists hold words of its own vocabulary.

    ``document`` is the generator's scene as JSON text (empty when it has none), stored beside the reel.
    """

    understood: tuple[str, ...] = ()
    approximated: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    document: str = ""


@dataclass(frozen=True, slots=True)
class Footage:
    """What a generator hands over: the clip, and what it understood."""

    clip: Clip
    scene: Scene = field(default_factory=Scene)


@runtime_checkable
class Generator(Protocol):
    """Films an order.

    Refusals are :class:`reelgate.errors.GeneratorRefused` (policy), ``GeneratorFault``,
    ``GeneratorBusy`` (capacity) and ``GeneratorQuota``; each says whether anything was charged.
    """

    @property
    def facts(self) -> GeneratorFacts:
        """What this generator is."""
        ...

    def start(self, order: Order, key: str) -> Ticket:
        """Ask for ``order``. ``key`` is the same for every repeat of one attempt. May cost money."""
        ...

    def find(self, key: str) -> Ticket | None:
        """The order made under ``key``, or ``None`` (kind look-up only; others raise ``NotOffered``)."""
        ...

    def poll(self, external_id: str) -> Progress:
        """How far the order is; costs nothing and may be repeated."""
        ...

    def collect(self, external_id: str, order: Order) -> Footage:
        """The finished footage; repeatable until the generator's own retention ends."""
        ...

    def cancel(self, external_id: str) -> None:
        """Stop the order if it still can be stopped; never raises for one already ended."""
        ...


# -- platforms -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limits:
    """What a place takes: the file must be born within these. ``max_bytes`` counts the finished file."""

    max_bytes: int
    max_width: int
    max_height: int
    max_seconds: float
    containers: tuple[str, ...] = ("mp4",)


@dataclass(frozen=True, slots=True)
class PlatformFacts:
    """What a platform is, as data.

    ``ack_deadline`` is in seconds; 0 means nobody waits. ``retry_horizon`` is how long, in seconds, it may send the
    same event again. ``secrets`` names what an operator must hand over when registering an app there.
    ``sticker_limits`` bounds a sticker where it differs from a reel. ``patience`` is for how many seconds a message
    that says "working on it" can be edited (0: for ever); after that the answer comes as a new one.
    """

    slug: str
    title: str
    once: Once
    limits: Limits
    sticker_limits: Limits | None = None
    ack_deadline: float = 0.0
    retry_horizon: float = 0.0
    patience: float = 0.0
    call_timeout: float = 30.0
    secrets: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    inbound: bool = True


@dataclass(frozen=True, slots=True)
class Parcel:
    """A finished, sealed file on its way to a member. ``open()`` gives its bytes; ``name`` ends in its type.

    ``link`` is where the file can be fetched when the platform will not take it (empty: nowhere). ``buttons`` go
    under the message where the platform has any.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    caption: str
    open: Callable[[], BinaryIO]
    link: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """A platform's own id for the message it made."""

    message_id: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Aloud:
    """What is said where others read it too, in the place of a sentence that is for the asker alone."""

    sentence: str
    buttons: tuple[Button, ...] = ()


@runtime_checkable
class Platform(Protocol):
    """A place where people ask and get answers. What it cannot do it refuses with ``NotOffered``."""

    @property
    def facts(self) -> PlatformFacts:
        """What this platform is."""
        ...

    def deliver(self, address: Address, parcel: Parcel, key: str) -> Receipt:
        """Post the file. ``key`` is the same for every repeat of one delivery.

        What goes to a ``private`` address is posted where only the asker reads it, or not at all (``PlaceGone``).
        Raises ``AnswerLost`` when it may have been posted all the same, ``PlatformBusy`` and ``PlatformFault``
        when it was not and another attempt may work, ``PlaceGone`` when there is nobody left to post to, and
        ``TooBig`` when the platform takes no file of this size.
        """
        ...

    def repeatable(self, address: Address, since: float, now: float) -> bool:
        """May a call made at ``since`` (Unix seconds), whose answer was lost, simply be made again at ``now``?

        Asked for kind key only; a platform that remembers keys for a while says no after that. It is then
        treated as one that can be looked up, and as kind none where ``find`` answers ``NotOffered``.
        """
        ...

    def find(self, address: Address, key: str) -> Receipt | None:
        """The message made under ``key``, or ``None``; ``NotOffered`` where that cannot be known."""
        ...

    def progress(self, address: Address, sentence: str, buttons: tuple[Button, ...] = ()) -> None:
        """Tell the asker how far their job is. Best effort; may be skipped or repeated."""
        ...

    def decline(
        self,
        address: Address,
        sentence: str,
        key: str,
        buttons: tuple[Button, ...] = (),
        aloud: Aloud | None = None,
    ) -> Receipt:
        """Tell the asker, kindly, that there will be no reel, in one message. Raises as ``deliver``.

        ``sentence`` is plain text. Where others would read it, ``aloud`` is said instead; ``None``: anybody may read
        the sentence.
        """
        ...

    def withdraw(self, address: Address, message_id: str) -> None:
        """Take a message of ours back. One that is gone already is no error; ``NotOffered`` where that can't be."""
        ...


# -- trust ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Context:
    """Where words were said: the policy may differ by surface, and messages by language."""

    tenant: str = "local"
    surface: str = "public"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Sample:
    """One moment taken out of a clip for screening.

    ``at`` is seconds; ``rgb`` is uint8 (height, width, 3); ``sound`` the float32 (n, 2) block around it.
    """

    at: float
    rgb: NDArray[np.uint8]
    sound: NDArray[np.float32]


@runtime_checkable
class PromptScreen(Protocol):
    """Judges words. Fails closed: what it cannot judge it sends to review."""

    def screen(self, text: str, context: Context) -> Verdict:
        """The verdict on ``text``."""
        ...


@runtime_checkable
class OutputScreen(Protocol):
    """Judges what was filmed, from samples. Fails closed, and an empty stream is not judged safe."""

    def screen(self, samples: Iterator[Sample], context: Context) -> Verdict:
        """The verdict on the samples."""
        ...


@runtime_checkable
class PictureMark(Protocol):
    """An invisible mark in the pictures.

    ``strength`` 0 is the standard embedding; each step up is stronger and shows a little more.
    """

    def embedder(self, width: int, height: int, message: str, format: str, strength: int) -> Callable[[Frame], Frame]:
        """A function that marks frame after frame of one asset, in order. ``message`` is 16 hex digits."""
        ...

    def detect(self, clip: Clip) -> Detection:
        """Read the mark blind: no side information but the keys the reader was made with."""
        ...


# -- keeping -------------------------------------------------------------------------------------------


@runtime_checkable
class Store(Protocol):
    """Keeps blobs by content hash in two spaces, ``quarantine`` and ``sealed``."""

    def put(self, space: str, data: BinaryIO) -> str:
        """Keep the bytes; returns their SHA-256 in hex. Putting the same bytes twice keeps one blob."""
        ...

    def open(self, space: str, sha256: str) -> BinaryIO:
        """The bytes; raises ``NotFound``."""
        ...

    def url(self, sha256: str, seconds: float) -> str:
        """A signed link to a sealed blob that dies after ``seconds``. Quarantine never has one."""
        ...

    def check(self, space: str, sha256: str) -> bool:
        """Read a blob back and hash it: true when it still is what its name says."""
        ...

    def delete(self, space: str, sha256: str) -> None:
        """Forget the bytes; deleting what is not there is no error."""
        ...
