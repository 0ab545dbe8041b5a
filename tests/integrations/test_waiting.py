"""Waits that platforms ask for are understood in every spelling, and kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelgate.errors import PlatformBusy
from reelgate_integrations.waiting import LONGEST_S, UNSAID_S, Waiting, wait_s


@pytest.mark.parametrize(
    ("spellings", "seconds"),
    [
        (("3", None), 3.0),
        (("3", 2.17), 3.0),
        ((None, 2.17), 2.17),
        (("0.5",), 0.5),
        ((0,), 0.0),
        ((), UNSAID_S),
        (("soon", None, True, [], "nan", "inf", -4), UNSAID_S),
        (("Wed, 21 Oct 2026 07:28:00 GMT",), UNSAID_S),
        (("9" * 400,), UNSAID_S),
        (("86400",), LONGEST_S),
    ],
)
def test_spellings(spellings: tuple[object, ...], seconds: float):
    assert wait_s(*spellings) == seconds


@given(st.lists(st.one_of(st.none(), st.text(), st.floats(), st.integers(), st.booleans())))
def test_whatever_is_said_the_wait_is_sensible(spellings: list[object]):
    assert 0 <= wait_s(*spellings) <= LONGEST_S


def test_a_wait_is_kept_for_its_name_and_no_longer():
    now = [100.0]
    waiting = Waiting(lambda: now[0], most=9, window=60)
    waiting.ban("one", 5)
    waiting.ban("one", 2)
    waiting.need("other")
    with pytest.raises(PlatformBusy) as caught:
        waiting.need("other", "one")
    assert caught.value.retry_after == 5
    now[0] = 105.0
    waiting.need("one")


def test_the_brake_lets_go_when_the_refusals_are_old():
    now = [0.0]
    waiting = Waiting(lambda: now[0], most=3, window=60)
    for _ in range(3):
        waiting.need("any")
        waiting.refused()
        now[0] += 10
    with pytest.raises(PlatformBusy) as caught:
        waiting.need("any")
    assert caught.value.retry_after == 30
    now[0] = 60.0
    waiting.need("any")


def test_what_is_over_is_forgotten():
    now = [0.0]
    waiting = Waiting(lambda: now[0], most=3, window=60)
    for number in range(5000):
        now[0] += 1
        waiting.ban(f"route {number}", 0.5)
    assert len(waiting._until) <= 2001
