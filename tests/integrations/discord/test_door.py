"""Discord's door: whose signature counts, for how long, and that nothing else gets in."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from bench import forgery
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.integrations.discord.fixtures import APP, NAMES, NOW, REGISTRATION, SIGNER, STRANGER, inbound, raw, signs
from tests.integrations.discord.signer import ORDER, Signer

from reelgate import chat
from reelgate.chat import Registration
from reelgate.door import Answer, Door, Inbound, Registrar, Replayer
from reelgate.errors import BadInput, BodyInvalid, Forged, Stale
from reelgate.testing.doors import Sample, check_door
from reelgate_integrations.discord.platform import DiscordPlatform

EVENTS = {
    "command": chat.Command, "press": chat.Press, "filled": chat.Filled, "suggest": chat.Suggest,
    "configure": chat.Configure, "added": chat.Added, "ignored": chat.Ignored,
}  # fmt: skip
DOOR = DiscordPlatform(REGISTRATION)
BODY = raw("command__imagine")


def test_it_is_a_door_that_can_be_registered_and_replayed():
    assert isinstance(DOOR, Door) and isinstance(DOOR, Registrar) and isinstance(DOOR, Replayer)
    assert DiscordPlatform(Registration("")).facts == DOOR.facts


def test_the_oracle_signs_as_the_standard_says():
    """The first and the second vector of RFC 8032, section 7.1."""
    first = Signer(bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
    assert first.public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert first.sign(b"").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
        "655141438e7a100b"
    )
    second = Signer(bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
    assert second.sign(b"\x72").hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
        "b00d291612bb0c00"
    )


def test_the_kit_finds_nothing_wrong():
    samples = [
        Sample(name, raw(name), (EVENTS[kind],) if (kind := name.partition("__")[0]) in EVENTS else ())
        for name in NAMES
    ]
    few = [each for each in samples if each.name in {"command__imagine", "ping__interactions", "added__gone"}]
    refused = check_door(DOOR, signs, few, stranger=lambda body, at: signs(body, at, STRANGER), now=NOW)
    assert refused > sum(len(each.body) for each in few)
    for sample in samples:
        request = inbound(sample.body)
        DOOR.verify(request, NOW)
        assert bool(sample.events) == (DOOR.greet(request) is None), sample.name
        if sample.events:
            (event,) = DOOR.read(request)
            assert isinstance(event, sample.events), sample.name


@pytest.mark.parametrize("name", ["ping__interactions", "ping__events"])
def test_a_ping_is_answered(name: str):
    wanted = {"ping__interactions": Answer(200, b'{"type":1}'), "ping__events": Answer(204)}[name]
    assert DOOR.greet(inbound(raw(name))) == wanted


def test_either_of_two_keys_counts_and_no_third_one():
    both = DiscordPlatform(Registration(APP, {"public_key": f"{STRANGER.public.hex()}, {SIGNER.public.hex()}"}))
    both.verify(inbound(BODY), NOW)
    both.verify(inbound(BODY, signer=STRANGER), NOW)
    for door, signer in ((both, Signer(b"third".ljust(32))), (DOOR, STRANGER)):
        with pytest.raises(Forged):
            door.verify(inbound(BODY, signer=signer), NOW)


def test_without_a_key_nothing_gets_in():
    with pytest.raises(Forged):
        DiscordPlatform(Registration(APP)).verify(inbound(BODY), NOW)


@pytest.mark.parametrize("away", [-300, 300])
def test_five_minutes_are_near_enough(away: int):
    DOOR.verify(inbound(raw("added__gone"), NOW), NOW + away)


@pytest.mark.parametrize("away", [-301, 301, 86_400, -86_400, 10**9])
def test_more_than_five_minutes_are_stale(away: int):
    with pytest.raises(Stale):
        DOOR.verify(inbound(raw("added__gone"), NOW), NOW + away)


@pytest.mark.parametrize("away", [-320, 320, 10**6])
def test_an_interaction_whose_own_clock_disagrees_is_stale(away: int):
    with pytest.raises(Stale):
        DOOR.verify(inbound(BODY, NOW + away), NOW + away)


def test_a_signed_body_that_is_no_json_is_true_but_says_nothing():
    for body in (b"", b"{", b"[]", b'{"a":NaN}', b"[" * 100_000, b'{"application_id":"1","type":2}'):
        request = inbound(body)
        DOOR.verify(request, NOW)
        with pytest.raises(BodyInvalid):
            DOOR.greet(request) or DOOR.read(request)


@pytest.mark.parametrize("gone", ["id", "token", "application_id", "data", "type"])
def test_a_true_body_without_its_envelope_is_invalid(gone: str):
    told = json.loads(BODY)
    del told[gone]
    with pytest.raises(BodyInvalid):
        DOOR.read(inbound(json.dumps(told).encode()))


def test_a_body_for_another_app_is_invalid():
    told = json.loads(BODY) | {"application_id": "1301234567890123777"}
    with pytest.raises(BodyInvalid):
        DOOR.read(inbound(json.dumps(told).encode()))


@pytest.mark.parametrize("low", [
    "01" + "00" * 31, "00" * 32, "00" * 31 + "80",
    "ec" + "ff" * 30 + "7f", "ed" + "ff" * 30 + "7f", "ee" + "ff" * 30 + "7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "xyz", "ab" * 31, "ab" * 33,
])  # fmt: skip
def test_a_key_that_anybody_could_sign_for_is_refused(low: str):
    with pytest.raises(BadInput):
        DiscordPlatform(Registration(APP, {"public_key": low}))


def test_s_plus_the_order_is_refused_by_the_library_that_we_use():
    headers = signs(BODY, NOW)
    signature = bytes.fromhex(headers["x-signature-ed25519"])
    s = int.from_bytes(signature[32:], "little") + ORDER
    twin = (signature[:32] + s.to_bytes(32, "little")).hex()
    with pytest.raises(Forged):
        DOOR.verify(inbound(BODY, x_signature_ed25519=twin), NOW)


def test_all_refusals_of_a_signature_look_alike():
    told = set()
    for headers in ({}, {"x-signature-timestamp": "1"}, signs(b"other", NOW), signs(BODY, NOW, STRANGER)):
        with pytest.raises(Forged) as caught:
            DOOR.verify(Inbound(BODY, headers), NOW)
        told.add((str(caught.value), caught.value.says))
    assert len(told) == 1


def test_two_thousand_spoilt_requests_get_nowhere():
    maker = forgery.Maker(20)
    door = DiscordPlatform(maker.registration)
    tried = Counter(name for name, request in forgery.forged(maker, 2000) if not forgery.let_in(door, request))
    assert tried.total() == 2000 and set(tried) == set(forgery.CLASSES)
    assert all(forgery.let_in(door, maker.spelt()) for _ in range(300))


def test_the_bench_notices_a_door_that_is_open(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    assert forgery.main(["--count", "50"]) == 0
    monkeypatch.setattr(forgery, "let_in", lambda door, request: True)
    assert forgery.main(["--count", "50"]) == 1
    assert "accepted 50 of 50 forged" in capsys.readouterr().out


@given(body=st.binary(max_size=300), signature=st.text(max_size=140), stamp=st.text(max_size=14))
@settings(max_examples=200, deadline=None)
def test_whatever_knocks_is_refused_in_the_same_way(body: bytes, signature: str, stamp: str):
    with pytest.raises(Forged):
        DOOR.verify(Inbound(body, {"x-signature-ed25519": signature, "x-signature-timestamp": stamp}), NOW)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.lists(
    inner, max_size=4) | st.dictionaries(st.sampled_from([
        "id", "type", "data", "token", "member", "user", "channel", "options", "name", "value", "custom_id", "event",
        "components", "component", "message", "guild_id", "permissions", "resolved", "focused", "context", "locale",
        "authorizing_integration_owners", "attachment_size_limit", "component_type", "timestamp",
    ]), inner, max_size=6), max_leaves=30))  # fmt: skip
@settings(max_examples=120, deadline=None)
def test_whatever_a_true_body_holds_is_an_event_or_invalid(told: object):
    base = json.loads(BODY)
    body = json.dumps(base | told if isinstance(told, dict) else base | {"data": told, "member": told}).encode()
    request = Inbound(body, {})
    try:
        events = [] if DOOR.greet(request) else DOOR.read(request)
    except BodyInvalid:
        return
    for event in events:
        assert all(isinstance(each, str) for each in event.heard.address.place.values())
        assert DOOR.acknowledge(event, chat.Note("Hello")).status in {200, 204}
