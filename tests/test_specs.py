"""``make check-specs`` sees what it is there for, in a small file that agrees until a test changes it."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from bench.specs import discord
from bench.specs.__main__ import main
from bench.specs.traffic import CALLBACK, Exchange, Traffic, record

from reelgate_integrations.discord.standin.limits import LIMITS, VERBS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def traffic() -> Traffic:
    return record()


@pytest.fixture
def spec() -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    for limit in LIMITS:
        for pointer in limit.spec:
            name, field, keyword = pointer.split(".")
            properties = schemas.setdefault(name, {"properties": {}})["properties"]
            value = limit.value * 2 if limit.why else limit.value
            properties.setdefault(field, {"oneOf": [{"type": "null"}, {}]})["oneOf"][1][keyword] = value
    paths: dict[str, Any] = {}
    for verb in VERBS:
        some = {"content": {"application/json": {"schema": {}}}}
        told = {status: copy.deepcopy(some) for status in ("200", "201")}
        paths.setdefault(verb.path, {})[verb.method.lower()] = {"requestBody": some, "responses": told}
    return {"paths": paths, "components": {"schemas": schemas}}


def test_our_adapter_breaks_no_rule_of_the_twin(traffic: Traffic):
    assert traffic.broken == []
    seen = {f"{each.method} {each.path}" for each in traffic.sent}
    assert {
        "PUT /applications/{app}/commands",
        "PATCH /webhooks/{app}/{token}/messages/@original",
        "POST /channels/{channel}/messages",
        f"POST {CALLBACK}",
    } <= seen
    assert {each.sent["type"] for each in traffic.sent if each.path == CALLBACK} == {4, 5, 6, 8, 9}


def test_a_file_that_agrees_leaves_only_what_has_a_reason(spec: dict[str, Any], traffic: Traffic):
    found = [*discord.routes(spec), *discord.limits(spec)]
    found += [*discord.requests(spec, traffic.sent), *discord.answers(spec, traffic.answered)]
    assert found
    assert all(each.why for each in found)


def test_another_number_is_a_fault(spec: dict[str, Any]):
    spec["components"]["schemas"]["ButtonComponentForMessageRequest"]["properties"]["label"]["oneOf"][1][
        "maxLength"
    ] = 79
    (fault,) = [each for each in discord.limits(spec) if not each.why]
    assert fault.what == "label: 80 here, 79 in ButtonComponentForMessageRequest.label.maxLength"


def test_a_reason_that_is_no_longer_needed_is_a_fault(spec: dict[str, Any]):
    spec["components"]["schemas"]["MessageCreateRequest"]["properties"]["content"]["oneOf"][1]["maxLength"] = 2000
    (fault,) = [each for each in discord.limits(spec) if not each.why]
    assert "we say why" in fault.what


def test_a_route_that_is_gone_is_a_fault(spec: dict[str, Any]):
    del spec["paths"]["/users/@me"]["get"]
    assert [each.what for each in discord.routes(spec)] == ["GET /users/@me is not in the file"]


def test_a_body_that_does_not_fit_is_a_fault_with_its_place(spec: dict[str, Any]):
    shape = {"type": "object", "properties": {"components": {"items": {"oneOf": [
        {"properties": {"type": {"const": 1}, "label": {"maxLength": 3}}, "required": ["type"]},
        {"properties": {"type": {"const": 2}}, "required": ["type"]},
    ]}}}}  # fmt: skip
    spec["paths"]["/channels/{channel}/messages"]["post"]["requestBody"]["content"]["application/json"]["schema"] = (
        shape
    )
    sent = Exchange("POST", "/channels/{channel}/messages", {"components": [{"type": 1, "label": "long"}]}, 200, {})
    (fault,) = discord.requests(spec, [sent])
    assert fault.what.endswith("components.0.label: 'long' is too long") and not fault.why


def test_the_command_fails_where_something_differs(spec: dict[str, Any], tmp_path: Path, capsys: Any):
    assert main(tmp_path) == 2
    (tmp_path / "discord").mkdir()
    path = tmp_path / "discord" / "openapi.json"
    path.write_text(json.dumps(spec))
    assert main(tmp_path) == 0
    del spec["paths"]["/users/@me"]
    path.write_text(json.dumps(spec))
    assert main(tmp_path) == 1
    assert "FAULT GET /users/@me is not in the file" in capsys.readouterr().out
