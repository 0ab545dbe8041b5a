"""A twin of Discord on a clock that tests move, and a bot that it speaks to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.integrations.discord.bot import IMAGINE, Bot, Clock

from reelgate_integrations.discord.twin import DiscordTwin

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def twin(clock: Clock) -> Iterator[DiscordTwin]:
    with DiscordTwin(clock, clock.wait) as twin:
        yield twin


@pytest.fixture
def bot(twin: DiscordTwin) -> Bot:
    bot = Bot(twin.registration)
    twin.connect(send=bot)
    assert bot.call("PUT", f"/applications/{bot.registration.app}/commands", [IMAGINE]).status_code == 200
    return bot
