"""A small sample of the acknowledgement bench: it counts right and sees what goes wrong. No time is judged."""

from __future__ import annotations

import json
import math
import random
import socket
import threading
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from bench.ack.__main__ import missed, table
from bench.ack.interactions import commands
from bench.ack.load import Load, Task, moments
from bench.ack.rig import Measured, Plan, measure
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.service.conftest import POSTGRES, scratch_schema

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "11" * 32


def measured(*milliseconds: float, **answers: int) -> Measured:
    found = Counter({kind.replace("_", " "): count for kind, count in answers.items()})
    return Measured("side", 0, "", "", [one / 1000 for one in milliseconds], [], found, answers.get("accepted", 0))


def test_every_interaction_is_its_own_and_the_same_seed_draws_the_same() -> None:
    bodies = [json.loads(body) for body in commands(random.Random(3), 500, 1_800_000_000.0)]
    assert len({body["id"] for body in bodies}) == len({body["token"] for body in bodies}) == 500
    assert [json.loads(body) for body in commands(random.Random(3), 500, 1_800_000_000.0)] == bodies
    assert len({body["guild_id"] for body in bodies}) == 20


def test_requests_are_due_by_the_clock_and_not_by_the_answers() -> None:
    task = Task("", 0, "", KEY, 100, 60, 5)
    due = moments(task)
    assert len(due) == 6000 and due == sorted(due) and due[0] >= 0 and due[-1] < 60
    gaps = [later - earlier for earlier, later in pairwise(due)]
    assert 0.9 < 100 * sum(gaps) / len(gaps) < 1.1
    assert 0.3 < sum(gap > 0.01 for gap in gaps) / len(gaps) < 0.45, "a Poisson process has e^-1 of them"
    assert moments(Task("", 0, "", KEY, 4, 1, 5, even=True)) == [0.0, 0.25, 0.5, 0.75]


def served(answer: Callable[[socket.socket, int], None], requests: int) -> Load:
    """A load of that many requests on a server that does ``answer`` to each connection, with its number."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for number in range(50):
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection, number), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return Load(Task("127.0.0.1", listening.getsockname()[1], "/x", KEY, 50, requests / 50, 1, even=True))


def test_a_kept_connection_that_was_closed_costs_a_second_try_and_no_answer() -> None:
    def once_each(connection: socket.socket, _: int) -> None:
        with connection:
            if connection.recv(65536):
                connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"type":5}')

    heard = served(once_each, 20).run()
    assert heard.answers == {"accepted": 20}
    assert len(heard.took) == 20 and min(heard.took) > 0


def test_answers_of_another_kind_are_told_apart() -> None:
    replies = [
        b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{"type":4}',
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno",
        b"",
    ]

    def differently(connection: socket.socket, number: int) -> None:
        with connection:
            connection.recv(65536)
            connection.sendall(replies[number % 4])

    heard = served(differently, 8).run()
    assert heard.answers == {
        "status 401": 2,
        "status 200, type 4": 2,
        "status 200, no answer of Discord's kind": 2,
        "connection lost": 2,
    }
    assert len(heard.took) == 6


def test_a_request_without_an_answer_took_for_ever() -> None:
    side = measured(*range(1, 100), accepted=99, no_answer=1)
    assert side.within(0.5) == 50 and side.within(0.99) == 99 and side.within(1.0) == math.inf
    assert "inf" in table([side])


def test_goals_and_faults_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    slow, quick = measured(*[260.0] * 100, accepted=100), measured(*[100.0] * 100, accepted=100)
    assert missed(quick, quick) == []
    assert len(missed(slow, quick)) == 2
    assert missed(slow, slow) == ["p99 260.0 ms (goal: at most 250)"]
    assert capsys.readouterr().out.count("MISSED") == 3
    slow.rows = 99
    assert slow.faults() == ["side: 99 rows were written, for 100 acknowledgements"]


@pytest.mark.postgres
def test_a_sample_writes_a_job_for_each_acknowledgement() -> None:
    with scratch_schema():  # skips, loudly, where no server answers
        service, bare = measure(POSTGRES, Plan(rate=25, seconds=1, blocks=1, seed=4, warm=0.4))
    assert service.faults() == bare.faults() == []
    assert service.answers == bare.answers == {"accepted": 25}
    assert service.rows == service.accepted == 35
    assert len(service.took) == len(bare.took) == len(service.late) == 25
    assert service.spent > 0 and bare.spent > 0


@pytest.mark.postgres
def test_a_stranger_is_acknowledged_by_neither() -> None:
    with scratch_schema():
        stranger = Ed25519PrivateKey.generate()
        sides = measure(POSTGRES, Plan(rate=20, seconds=0.5, blocks=1, seed=4, warm=0.1), stranger)
    for side in sides:
        assert side.accepted == side.rows == 0
        assert side.answers == {"status 401": 12}
        assert side.faults() == [f"{side.name}: 12 times: status 401"]
