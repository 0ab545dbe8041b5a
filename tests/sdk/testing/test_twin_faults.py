"""The neutral half of every twin: plans of faults that replay, forms read to the byte, windows, a server, a line."""

from __future__ import annotations

import socket
import threading
from collections import Counter

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from requests.models import PreparedRequest

from reelgate.errors import BadInput
from reelgate.testing.buckets import Buckets
from reelgate.testing.faults import Fault, Faults, Plan, Spelling, Trouble
from reelgate.testing.forms import parts
from reelgate.testing.sending import Sender, over_http
from reelgate.testing.serving import Server
from reelgate.testing.twin import Breach, Route, Rule, Told, Twin, told_json


def test_a_plan_strikes_again_the_same_way_whatever_else_happens():
    plan = Plan((Fault(Trouble.LOSE_ANSWER, "api.a", 0.3), Fault(Trouble.SLOW, "api.*", 0.2)), seed=7)
    quiet, busy = Faults(plan), Faults(plan)
    alone = [quiet.strike("api.a")[:1] for _ in range(200)]
    mixed = []
    for _ in range(200):
        busy.strike("event.x")
        mixed.append(busy.strike("api.a")[:1])
    assert alone == mixed and sum(bool(each) for each in alone) > 30
    other = Faults(Plan(plan.faults, 8))
    assert [other.strike("api.a")[:1] for _ in range(200)] != alone


def test_skip_times_and_patterns():
    faults = Faults(Plan((Fault(Trouble.SLOW, "api.m*", skip=2, times=3),)))
    assert [bool(faults.strike("api.messages")) for _ in range(7)] == [False, False, True, True, True, False, False]
    assert not faults.strike("event.m")
    assert Counter(each.trouble for each in faults.struck) == {Trouble.SLOW: 3}
    faults.follow(Plan())
    assert not faults.strike("api.messages") and len(faults.struck) == 3


@given(
    st.builds(
        Fault,
        st.sampled_from(Trouble),
        chance=st.floats(0, 1),
        skip=st.integers(0, 9),
        spelling=st.sampled_from(Spelling),
    ),
    st.integers(),
)
def test_a_plan_is_data(fault: Fault, seed: int):
    plan = Plan((fault,), seed)
    assert Plan.from_json(plan.to_json()) == plan


@pytest.mark.parametrize(
    "text", ["", "{}", '{"seed":0,"faults":[{"trouble":"rain","spelling":"body"}]}', '{"seed":1,"faults":[1]}']
)
def test_what_is_no_plan_is_said(text: str):
    with pytest.raises(BadInput):
        Plan.from_json(text)


@given(st.dictionaries(st.text("abc[]0_", min_size=1), st.binary(max_size=300), min_size=1, max_size=5))
def test_forms_are_read_to_the_byte(fields: dict[str, bytes]):
    sent = PreparedRequest()
    sent.prepare_headers({})
    sent.prepare_body(None, [(name, (f"{name}.bin", data, "video/mp4")) for name, data in fields.items()])
    assert isinstance(sent.body, bytes)
    read = parts(sent.headers["Content-Type"], sent.body)
    assert {part.name: part.data for part in read} == fields
    assert all(part.filename == f"{part.name}.bin" and part.media_type == "video/mp4" for part in read)


@pytest.mark.parametrize(
    "body", [b"", b"--x\r\n", b"--x\r\nno head--x--", b"--x\r\nContent-Type: a\r\n\r\nb\r\n--x--"]
)
def test_what_is_no_form_is_said(body: bytes):
    with pytest.raises(BadInput):
        parts("multipart/form-data; boundary=x", body)
    with pytest.raises(BadInput):
        parts("multipart/form-data", body)


def test_windows():
    now = [100.0]
    buckets = Buckets(lambda: now[0])
    assert [buckets.take("a", 2, 5).over for _ in range(3)] == [False, False, True]
    assert not buckets.take("b", 2, 5).over
    now[0] = 105.0
    fresh = buckets.take("a", 2, 5)
    assert not fresh.over and (fresh.left, fresh.reset) == (1, 110.0)


def test_windows_that_closed_are_forgotten():
    now = [100.0]
    buckets = Buckets(lambda: now[0])
    assert buckets.take("a", 1, 1e6).over is False
    for number in range(5000):
        now[0] += 1
        buckets.take(f"token-{number}", 5, 2)
    assert len(buckets._open) <= 2001
    assert buckets.take("a", 1, 1e6).over, "a window that is still open is not"


def test_a_twin_that_runs_for_days_keeps_what_is_newest(echo: Echo):
    faults = Faults(Plan((Fault(Trouble.SERVER_ERROR),)))
    twin = Twin(echo, lambda: 5.0, lambda seconds: None, faults)
    for number in range(10_500):
        twin.ask("GET", f"/none/{number}", {}, {}, b"")
        faults.strike(f"api.{number}")
    assert len(twin.violations) == len(faults.struck) == 10_000
    assert "/none/10499" in twin.violations[-1].detail and faults.struck[-1].route == "api.10499"


class Echo:
    """A platform with one route that counts, and one rule."""

    def __init__(self) -> None:
        self.count = 0
        self.routes = [Route("api.count", "POST", "/count/{who}", self._play)]
        self.rules = [Rule("polite", "say please", self._check), Rule("ours", "be short", self._long, refuses=False)]

    def _play(self, call) -> Told:
        self.count += 1
        return told_json(200, {"who": call.place["who"], "length": len(call.asked.body)})

    def _check(self, call):
        if b"please" not in call.asked.body:
            yield Breach("it was not polite")

    def _long(self, call):
        if len(call.asked.body) > 100_000:
            yield Breach("it was long")

    def read(self, asked):
        return asked.body

    def unknown(self, asked, known):
        return Told(405 if known else 404)

    def refuse(self, call, broken):
        return told_json(400, [breach.detail for _, breach in broken])

    def limited(self, call, fault):
        return Told(429)

    def failing(self, status):
        return Told(status)

    def admit(self, call):
        return None, {"X-Seen": "yes"}

    def secrets(self):
        return ["s3cret"]


@pytest.fixture
def echo():
    return Echo()


@pytest.fixture
def waited() -> list[float]:
    return []


@pytest.fixture
def server(echo: Echo, waited: list[float]):
    twin = Twin(echo, lambda: 5.0, waited.append, Faults())
    with Server(twin) as server:
        yield server, twin


def test_a_server_takes_bodies_of_both_kinds_and_keeps_its_connections(server, echo: Echo):
    url = f"{server[0].url}/count/you"
    with requests.Session() as session:
        assert session.post(url, data=b"please").json() == {"who": "you", "length": 6}
        long = [b"please"] + [b"x" * 70_000] * 3
        assert session.post(url, data=iter(long)).json()["length"] == 210_006
        assert session.post(url, data=b"please").headers["X-Seen"] == "yes"
        assert session.get(url).status_code == 405 and session.post(server[0].url).status_code == 404
    assert [(each.rule, each.route) for each in server[1].violations] == [
        ("ours", "api.count"),
        ("route", ""),
        ("route", ""),
    ]


def test_a_broken_rule_is_answered_and_recorded_and_has_no_effect(server, echo: Echo):
    told = requests.post(f"{server[0].url}/count/you", data=b"now", timeout=10)
    assert told.status_code == 400 and told.json() == ["it was not polite"]
    assert echo.count == 0 and server[1].violations[0].rule == "polite" and server[1].statuses == {400: 1}


@pytest.mark.parametrize(
    ("trouble", "effect", "status"),
    [(Trouble.LOSE_REQUEST, 0, None), (Trouble.LOSE_ANSWER, 1, None), (Trouble.SERVER_ERROR, 0, 503),
     (Trouble.RATE_LIMIT, 0, 429), (Trouble.SLOW, 1, 200)],
)  # fmt: skip
def test_faults_happen_before_or_after_the_effect(server, echo: Echo, waited: list[float], trouble, effect, status):
    server[1].faults.follow(Plan((Fault(trouble, seconds=2.5, times=1),)))
    url = f"{server[0].url}/count/you"
    try:
        got = requests.post(url, data=b"please", timeout=10).status_code
    except requests.ConnectionError:
        got = None
    assert (got, echo.count) == (status, effect)
    assert waited == ([2.5] if trouble is Trouble.SLOW else [])
    assert server[1].log[-1].troubles == (trouble.value,)
    assert requests.post(url, data=b"please", timeout=10).status_code == 200


def test_a_twin_that_stumbles_says_so(server, echo: Echo):
    echo.read = lambda asked: 1 / 0
    assert requests.post(f"{server[0].url}/count/you", data=b"please", timeout=10).status_code == 500
    assert "ZeroDivisionError" in server[1].violations[0].detail


def test_the_log_hides_secrets(server):
    requests.post(
        f"{server[0].url}/count/s3cret", data=b"please s3cret", headers={"Content-Type": "text/plain"}, timeout=10
    )
    entry = server[1].log[-1]
    assert "s3cret" not in entry.line + entry.sent + entry.got and "please" in entry.sent


def test_a_line_sends_twice_at_once_and_gives_up_in_time(server, echo: Echo):
    send = over_http(f"{server[0].url}/count/you", patience=10)
    faults = Faults(Plan((Fault(Trouble.DUPLICATE, "event.x"), Fault(Trouble.REPEAT, "event.x", times=1))))
    line = Sender(send, faults, lambda headers: headers, lambda seconds: None)
    done = line.deliver("x", b"please", {})
    assert done.answer is not None and done.answer[0] == 200 and len(done.duplicates) == 1 and echo.count == 2
    assert [each and each[0] for each in line.repeat()] == [200] and line.repeat() == []
    gone = Sender(over_http("http://127.0.0.1:9/", 1), Faults(), lambda headers: headers, lambda seconds: None)
    assert gone.deliver("x", b"", {}).answer is None


def raw(server: Server, request: bytes) -> bytes:
    """What the server says to these bytes, up to the end of the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as line:
        line.sendall(request)
        return b"".join(iter(lambda: line.recv(65_536), b""))


# A size below nothing would be read until the caller hangs up, which looks like an answer that was lost.
@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Content-Length: -5", 400), (b"Content-Length: 1e3", 400), (b"Content-Length: 99999999999", 413),
        (b"Transfer-Encoding: chunked\r\n\r\n-1\r\nabc", 400), (b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"Transfer-Encoding: chunked\r\n\r\nfffffffff\r\n", 413),
    ],
)  # fmt: skip
def test_a_size_that_is_none_is_refused_at_once(server, head: bytes, status: int):
    told = raw(server[0], b"POST /count/you HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n")
    assert told.startswith(f"HTTP/1.1 {status} ".encode())


def test_an_address_that_is_none_is_no_lost_answer(server):
    told = raw(server[0], b"GET http://[x/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 404 ") and server[1].violations[0].rule == "route"


def test_a_line_brings_no_cookie_back(server, echo: Echo):
    headers: list[dict[str, str]] = []
    echo.admit = lambda call: (headers.append(dict(call.asked.headers)), (None, {"Set-Cookie": "a=b"}))[1]
    send = over_http(f"{server[0].url}/count/you", patience=10)
    for _ in range(2):
        send(b"please", {})
    assert len(headers) == 2 and all("cookie" not in each for each in headers)


def test_what_is_kept_for_later_while_it_is_sent_is_not_lost():
    """One thread keeps, another sends what was kept: each of them comes again, once."""
    again: list[bytes] = []
    faults = Faults(Plan((Fault(Trouble.REPEAT, "event.*"),)))
    line = Sender(lambda body, headers: (200, {}, body), faults, lambda headers: headers, lambda seconds: None)
    keeper = threading.Thread(target=lambda: [line.deliver("x", b"%d" % n, {}) for n in range(3000)])
    keeper.start()
    while keeper.is_alive():
        again += [each[2] for each in line.repeat() if each]
    again += [each[2] for each in line.repeat() if each]
    assert len(again) == len(set(again)) == 3000


def test_many_callers_at_once_lose_nothing(server, echo: Echo):
    def call() -> None:
        with requests.Session() as session:
            for _ in range(10):
                session.post(f"{server[0].url}/count/you", data=b"please", timeout=30)

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server[1].statuses == {200: 80}
