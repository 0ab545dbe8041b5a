"""What happens when: the one list that both the picture and the sound are made from.

Because picture and sound read the same events, they are in step by construction: an event's ``at`` is
exact in the mix to one sample and in the picture to half a frame.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that can be heard.

    ``at`` is seconds from the start. ``kind`` is one of ``step splash stroke flap call engine_start horn
    bounce land whoosh blink_cue``; ``strength`` 0..1; ``pan`` -1 (left) to 1; ``distance`` 0 (near) to 1
    (far); ``material`` what is touched: ``grass sand snow road wood water air``.
    """

    at: float
    kind: str
    strength: float = 0.5
    pan: float = 0.0
    distance: float = 0.3
    material: str = "grass"


@dataclass(frozen=True, slots=True)
class Soundscape:
    """Everything the sound needs to know of the scene; times in seconds.

    ``place`` and ``subject`` are names of the storyboard's own tables, ``archetype`` one of ``quadruped
    biped bird fish vehicle boat``, ``light`` one of ``dawn day sunset night``, ``mood`` one of ``calm
    cheerful wistful tense``, ``weather`` one of ``clear rain snow wind``. ``engine`` is the speed curve of a
    motor, as (seconds, 0..1) points; empty when there is none.
    """

    place: str
    subject: str
    archetype: str
    light: str
    mood: str
    weather: str
    duration: float
    seed: int
    events: tuple[Event, ...] = ()
    engine: tuple[tuple[float, float], ...] = ()
