"""What one schedule is: drawn from its seed alone, so that a failing one can be played again."""

from __future__ import annotations

import random
from dataclasses import dataclass

from reelgate.testing.faults import Fault, Plan, Spelling, Trouble

WORDS, REFUSED_WORDS = "a paper boat on a pond", "a naked child"

_OUTGOING = (Trouble.LOSE_REQUEST, Trouble.LOSE_ANSWER, Trouble.SERVER_ERROR, Trouble.RATE_LIMIT)
_INCOMING = (Trouble.DUPLICATE, Trouble.REPEAT, Trouble.FORGERY)


@dataclass(frozen=True, slots=True)
class Schedule:
    """One command and all that goes wrong around it.

    ``seen`` refuses the film and not the words: everybody saw that it was being made, where other refusals are
    guessed at the door and whispered. ``late`` lets the interaction's token die before the work begins. ``blind``
    takes from the bot the right to read the channel's history, so that after the token's death nothing that stands
    there can be looked up: kind none. ``shut``: the member takes no messages from the bot. ``kills`` are how many
    named points a process passes before it is killed, of the web's first requests and of the workers.
    """

    seed: int
    refused: bool
    seen: bool
    late: bool
    blind: bool
    shut: bool
    web_kills: tuple[int, ...]
    worker_kills: tuple[int, ...]
    faults: Plan

    @property
    def calm(self) -> bool:
        """Nothing goes wrong in it."""
        return not self.faults.faults and not self.web_kills and not self.worker_kills


def drawn(seed: int) -> Schedule:
    """The schedule of a seed: one in ten is free of faults."""
    rng = random.Random(f"schedule {seed}")
    late = rng.random() < 0.35
    calm = rng.random() < 0.1
    refused, blind = rng.random() < 0.2, late and rng.random() < 0.4
    web_kills = () if calm else tuple(rng.randint(1, 2) for _ in range(rng.choice((0, 0, 1))))
    # Where the web dies before it has said yes, the member types once more: that is another event, and the first one
    # is not sent again as well.
    incoming = tuple(each for each in _INCOMING if not web_kills or each is not Trouble.REPEAT)
    return Schedule(
        seed=seed,
        refused=refused,
        seen=refused and random.Random(f"seen {seed}").random() < 0.5,
        late=late,
        blind=blind,
        shut=late and random.Random(f"shut {seed}").random() < 0.3,
        web_kills=web_kills,
        worker_kills=() if calm else tuple(rng.randint(1, 45) for _ in range(rng.choice((0, 1, 1, 2)))),
        faults=Plan((), seed) if calm else Plan(tuple(_faults(rng, incoming)), seed),
    )


def _faults(rng: random.Random, incoming: tuple[Trouble, ...]) -> list[Fault]:
    outgoing = [
        Fault(
            trouble,
            routes=rng.choice(("api.*", "api.*", "api.*original*", "api.*message*")),
            chance=rng.choice((0.5, 1.0)),
            skip=rng.choice((0, 0, 1, 2)),
            times=rng.randint(1, 3),
            seconds=rng.choice((0.5, 2.0, 30.0)),
            spelling=rng.choice(tuple(Spelling)),
            scope=rng.choice(("user", "global", "shared")),
        )
        for trouble in rng.sample(_OUTGOING, rng.randint(0, 3))
    ]
    return outgoing + [Fault(trouble, routes="event.command") for trouble in rng.sample(incoming, rng.randint(0, 2))]
