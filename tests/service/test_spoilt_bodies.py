"""Bodies that Discord signed and that make no sense: a kind answer or a typed refusal, and never a crash."""

from __future__ import annotations

import copy
import json
import random
import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.integrations.discord.fixtures import APP, NAMES, recorded
from tests.service.web_client import web_of

from reelgate_integrations.discord.facts import EPOCH_MS
from reelgate_integrations.discord.standin.line import Keys
from reelgate_service.db import apps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reelgate_service.settings import Settings

COUNT = 400
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2.5, 10**30, -(10**400), "", "x", "\x00", "a\x00b", "\ud800", "\udfff\ud800", "9" * 20,
    "9" * 21, "1" * 5000, [], [None], [[]], {}, {"id": None}, {"0": None}, "\u00b2", "\u0661", " 1", "nan",
)  # fmt: skip
Step = str | int


def places(value: object, at: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Every place in a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inner:
        yield (*at, step)
        yield from places(each, (*at, step))


def put(body: dict[str, Any], at: tuple[Step, ...], value: object) -> None:
    """Change what stands in one place."""
    part: Any = body
    for step in at[:-1]:
        part = part[step]
    part[at[-1]] = value


def spoilt(rng: random.Random) -> bytes:
    """A body with one or two places changed, or a few bytes."""
    body = copy.deepcopy(recorded(rng.choice(NAMES)))
    if "token" in body:
        body["id"] = str(((int(time.time() * 1000) - EPOCH_MS) << 22) + rng.randrange(1 << 22))
    if rng.random() < 0.2:
        raw = bytearray(json.dumps(body).encode())
        for _ in range(rng.randint(1, 3)):
            raw[rng.randrange(len(raw))] = rng.randrange(256)
        return bytes(raw)
    for _ in range(rng.randint(1, 2)):
        known = [at for at in places(body) if at != ("id",)]
        put(body, rng.choice(known), rng.choice(ODD))
    return json.dumps(body).encode()


@pytest.mark.parametrize("seed", range(2))
def test_no_signed_body_makes_the_door_stumble(settings: Settings, database_url: str, seed: int):
    web, keys, rng = web_of(replace(settings, database_url=database_url)), Keys.fresh(), random.Random(seed)
    apps.register(
        web.parts.db, web.parts.vault, tenant_id="local", platform="discord", app=APP, name="Bot", api="",
        secrets={"public_key": keys.public_key, "bot_token": "token"}, open=True,
    )  # fmt: skip
    answers: Counter[int] = Counter()
    for number in range(COUNT):
        body = spoilt(rng)
        told = web.client.post(f"/platforms/discord/{APP}", data=body, headers=keys.sign(body, time.time()))
        answers[told.status_code] += 1
        assert told.status_code < 500, (number, body)
        if told.status_code >= 400:
            assert told.mimetype == "application/problem+json", body
    web.parts.db.close()
    assert answers[400] > COUNT / 10 and answers[200] > COUNT / 10, "some are refused, and others are answered"
