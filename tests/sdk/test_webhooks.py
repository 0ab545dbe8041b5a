"""Standard Webhooks, with the reference library as the oracle in both directions."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
import standardwebhooks
from hypothesis import given
from hypothesis import strategies as st

from reelgate import webhooks
from reelgate.errors import BadInput, BodyInvalid, Forged, Stale

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OTHER = "whsec_" + base64.b64encode(bytes(range(1, 33))).decode()
BODY = b'{"type":"job.ended","data":{"id":"job_1"}}'


def at(seconds: float):
    return lambda: seconds


NOW = at(1_800_000_000.25)


def test_the_published_example():
    """The test vector that the reference implementations share."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    made = webhooks.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', secret, at(1614265330))
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.text(max_size=100), st.binary(min_size=24, max_size=64), st.integers(0, 4_000_000_000))
def test_both_libraries_make_the_same_signature(text: str, key: bytes, moment: int):
    body, secret = text.encode(), "whsec_" + base64.b64encode(key).decode()
    ours = webhooks.sign("msg_1", body, secret, at(moment))["webhook-signature"]
    when = datetime.fromtimestamp(moment, tz=UTC)
    assert ours == standardwebhooks.Webhook(secret).sign("msg_1", when, text)
    assert webhooks.verify(webhooks.sign("msg_1", body, secret, at(moment)), body, secret, at(moment)).body == body


def test_what_we_sign_the_other_library_takes():
    import time

    made = webhooks.sign("msg_1", BODY, [OTHER, SECRET])
    assert abs(int(made["webhook-timestamp"]) - time.time()) < 60
    taken = standardwebhooks.Webhook(SECRET).verify(BODY.decode(), made)
    assert taken == {"type": "job.ended", "data": {"id": "job_1"}}


def test_what_the_other_library_signs_we_take_in_any_case():
    moment = datetime.fromtimestamp(1_800_000_000, tz=UTC)
    headers = {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": "1800000000",
        "WEBHOOK-SIGNATURE": standardwebhooks.Webhook(SECRET).sign("msg_1", moment, BODY.decode()),
    }
    message = webhooks.verify(headers, BODY, SECRET, NOW)
    assert (message.id, message.timestamp, message.json()) == (
        "msg_1",
        1_800_000_000,
        {"type": "job.ended", "data": {"id": "job_1"}},
    )


def test_a_rotation_loses_nothing():
    old_only = webhooks.sign("msg_1", BODY, OTHER, NOW)
    both = webhooks.sign("msg_1", BODY, [SECRET, OTHER], NOW)
    assert webhooks.verify(old_only, BODY, [SECRET, OTHER], NOW).id == "msg_1"
    assert webhooks.verify(both, BODY, OTHER, NOW).id == "msg_1"
    assert webhooks.verify(both, BODY, SECRET, NOW).id == "msg_1"
    with pytest.raises(Forged):
        webhooks.verify(old_only, BODY, SECRET, NOW)


@given(st.data())
def test_one_changed_byte_is_forged(data: st.DataObject):
    made = webhooks.sign("msg_1", BODY, SECRET, NOW)
    place = data.draw(st.integers(0, len(BODY) - 1))
    changed = bytes(byte ^ (index == place) for index, byte in enumerate(BODY))
    with pytest.raises(Forged):
        webhooks.verify(made, changed, SECRET, NOW)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("webhook-id", ""),
        ("webhook-id", "msg_2"),
        ("webhook-timestamp", ""),
        ("webhook-timestamp", "1800000001"),
        ("webhook-timestamp", "1.8e9"),
        ("webhook-timestamp", "-1800000000"),
        ("webhook-timestamp", "١٨٠٠٠٠٠٠٠٠"),
        ("webhook-signature", ""),
        ("webhook-signature", "v1,"),
        ("webhook-signature", "v1a,abc"),
        ("webhook-signature", "v1,🦛"),
        ("webhook-signature", "v2," + "A" * 44),
    ],
)
def test_a_changed_or_missing_header_is_forged(header: str, value: str):
    made = webhooks.sign("msg_1", BODY, SECRET, NOW)
    with pytest.raises(Forged):
        webhooks.verify({**made, header: value}, BODY, SECRET, NOW)
    with pytest.raises(Forged):
        webhooks.verify({name: text for name, text in made.items() if name != header}, BODY, SECRET, NOW)


@pytest.mark.parametrize("off", [-301, -300, 0, 300, 301])
def test_the_window_is_five_minutes_both_ways(off: int):
    made = webhooks.sign("msg_1", BODY, SECRET, at(1_800_000_000))
    if abs(off) > 300:
        with pytest.raises(Stale):
            webhooks.verify(made, BODY, SECRET, at(1_800_000_000 + off))
    else:
        assert webhooks.verify(made, BODY, SECRET, at(1_800_000_000 + off)).id == "msg_1"


def test_an_old_forgery_is_forged_and_not_stale():
    made = webhooks.sign("msg_1", BODY, OTHER, NOW)
    with pytest.raises(Forged):
        webhooks.verify(made, BODY, SECRET, at(0))


def test_a_dot_cannot_be_moved_between_id_and_body():
    made = webhooks.sign("msg", b"1800000000.pay 1", SECRET, NOW)
    moved = {**made, "webhook-id": "msg.1800000000"}
    with pytest.raises(Forged):
        webhooks.verify(moved, b"pay 1", SECRET, NOW)
    with pytest.raises(BadInput):
        webhooks.sign("msg.1", BODY, SECRET, NOW)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!!!", "whsec_YQ==", [], ["whsec_ä"]])
def test_a_bad_secret_is_refused_unsaid(secret: str | list[str]):
    with pytest.raises(BadInput) as caught:
        webhooks.sign("msg_1", BODY, secret)
    assert "YQ==" not in str(caught.value)


def test_fresh_secrets_differ_and_work():
    one, other = webhooks.new_secret(), webhooks.new_secret()
    assert one != other
    assert webhooks.verify(webhooks.sign("m", BODY, one, NOW), BODY, one, NOW).id == "m"


def test_a_body_that_is_no_json_says_so():
    made = webhooks.sign("m", b"hello", SECRET, NOW)
    with pytest.raises(BodyInvalid):
        webhooks.verify(made, b"hello", SECRET, NOW).json()
