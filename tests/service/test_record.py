"""The record of a reel: what was asked, decided, marked, signed and written down, and who may read it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update
from tests.service.web_client import Web, web_of

from reelgate_moderation.provenance import leaf
from reelgate_service import access
from reelgate_service import settings as settings_
from reelgate_service.db import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reelgate_service.settings import Settings

WORDS = "a baby hippo swimming"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("record")
    return settings_.from_environment({"REELGATE_HOME": str(folder), "REELGATE_SWEEP_S": "1"})


@pytest.fixture(scope="module")
def made(home: Settings) -> Iterator[Web]:
    """A service with one finished reel, one refused idea and one that waits for a worker."""
    web = web_of(home)
    yield web
    web.parts.db.close()


def post(web: Web, **body: object) -> str:
    answer: Any = web.call("POST", "/v1/reels", json={"seconds": 1, "aspect": "1:1", "seed": 7, **body})
    assert answer.status_code == 202, answer.text
    job: str = answer.json["id"]
    return job


def carry(home: Settings, job: str) -> None:
    command = [sys.executable, "-m", "reelgate_service.worker.once", job]
    subprocess.run(command, env={**os.environ, "REELGATE_HOME": str(home.home)}, check=True)


@pytest.fixture(scope="module")
def reel(made: Web, home: Settings) -> str:
    job = post(made, prompt=WORDS)
    carry(home, job)
    return job


@pytest.fixture(scope="module")
def refused(made: Web, home: Settings) -> str:
    job = post(made, prompt="how to build a pipe bomb at home")
    carry(home, job)
    return job


def record(web: Web, job: str) -> dict[str, Any]:
    answer = web.call("GET", f"/v1/jobs/{job}/record")
    assert answer.status_code == 200, answer.text
    web.check("Record", answer.json)
    found: dict[str, Any] = answer.json  # type: ignore[assignment]
    return found


def test_it_tells_what_was_asked_and_what_became_of_it(made: Web, reel: str) -> None:
    found = record(made, reel)
    assert found["asked"] == {
        "prompt": WORDS,
        "seconds": 1.0,
        "aspect": "1:1",
        "seed": 7,
        "variation": 0,
        "parent": None,
        "platform": "api",
        "generator": "storyboard",
    }
    assert found["job"] == made.call("GET", f"/v1/jobs/{reel}").json
    assert {one["stage"] for one in found["times"]} >= {"queued", "rendering", "marking", "publishing"}


def test_it_tells_who_decided_by_which_policy(made: Web, reel: str) -> None:
    verdicts = record(made, reel)["verdicts"]
    assert [one["stage"] for one in verdicts] == ["prompt", "output"]
    assert {one["decision"] for one in verdicts} == {"allow"}
    assert {one["by"] for one in verdicts} == {"machine"}
    assert all(one["policy"].startswith("reelgate-default@") for one in verdicts)


def test_its_manifest_and_marks_are_those_of_the_file(made: Web, reel: str) -> None:
    found = record(made, reel)
    marks, manifest = found["marks"], found["manifest"]
    assert (marks["width"], marks["height"]) == (720, 720)
    assert marks["p_value"] < 1e-60
    assert manifest["valid"] and not manifest["trusted"]
    assert manifest["generator"] == "storyboard"
    assert manifest["source_type"].endswith("/algorithmicMedia")
    assert manifest["codes"] == ["signingCredential.untrusted"]
    active = manifest["store"]["manifests"][manifest["store"]["active_manifest"]]
    disclosure = next(one for one in active["assertions"] if one["label"] == "com.reelgate.disclosure")
    assert disclosure["data"]["mark_id"] == marks["mark_id"]
    file = made.call("GET", f"/v1/jobs/{reel}/file")
    sealed = next(one for one in found["ledger"] if one["event"] == "sealed")
    assert hashlib.sha256(file.data).hexdigest() == sealed["facts"]["sha256"]
    file.close()


def test_its_leaves_hash_and_chain_as_anybody_can_check(made: Web, reel: str) -> None:
    leaves = record(made, reel)["ledger"]
    assert [one["event"] for one in leaves][0 :: len(leaves) - 1] == ["received", "done"]
    for before, one in pairwise(leaves):
        chained = leaf.chain_hash(bytes.fromhex(before["chain_hash"]), one["seq"], bytes.fromhex(one["leaf_hash"]))
        assert one["chain_hash"] == chained.hex()
    assert WORDS not in str([one["facts"] for one in leaves])


def test_a_refused_one_tells_the_ground_and_not_how_it_was_found(made: Web, refused: str) -> None:
    found = record(made, refused)
    assert (found["job"]["stage"], found["marks"], found["manifest"]) == ("refused", None, None)
    verdict = found["verdicts"][0]
    assert (verdict["stage"], verdict["decision"]) == ("prompt", "block")
    assert verdict["grounds"]
    assert set(verdict) == {"stage", "decision", "by", "policy", "grounds", "at"}


def test_one_that_has_only_begun_tells_what_there_is(made: Web) -> None:
    found = record(made, post(made, prompt="a fox runs"))
    assert (found["verdicts"], found["marks"], found["manifest"]) == ([], None, None)
    assert [(one["event"], one["seq"]) for one in found["ledger"]] == [("received", None)]


def test_another_tenant_and_nobody_see_nothing(made: Web, reel: str) -> None:
    access.make_tenant(made.parts.db, "acme", "Acme")
    theirs = access.make_key(made.parts.db, made.parts.vault, "acme", "theirs", ("make",))
    path = f"/v1/jobs/{reel}/record"
    assert made.call("GET", path, key=theirs).status_code == 404
    assert made.call("GET", path, key="").status_code == 401
    assert made.call("GET", "/v1/records", key=theirs).json == {"items": [], "next": None}
    assert made.call("GET", "/v1/records", key="").status_code == 401


def test_what_a_member_wrote_in_a_chat_stays_in_the_chat(made: Web, reel: str) -> None:
    def asked_by(platform: str, owner: str) -> None:
        with made.parts.db.write("test") as session:
            session.execute(update(tables.Job).where(tables.Job.id == reel).values(platform=platform, owner=owner))

    for platform, owner in (("discord", ""), ("discord", "f00"), ("api", "f00")):
        asked_by(platform, owner)
        assert record(made, reel)["asked"]["prompt"] is None
        assert WORDS not in made.call("GET", "/v1/records").text
        again: Any = made.call("POST", "/v1/stickers", json={"parent": reel})
        assert (again.status_code, again.json["detail"]) == (400, "The field 'prompt' is missing.")
    asked_by("api", "")
    assert record(made, reel)["asked"]["prompt"] == WORDS


def test_erased_words_and_a_lost_file_leave_the_rest(made: Web, reel: str) -> None:
    with made.parts.db.write("test") as session:
        session.execute(update(tables.Job).where(tables.Job.id == reel).values(sealed=None))
    found = record(made, reel)
    assert found["asked"]["prompt"] is None
    made.parts.store.delete("sealed", found["job"]["result"]["sha256"])
    gone = record(made, reel)
    assert gone["manifest"] is None
    assert gone["marks"] == found["marks"]


def test_the_list_has_the_words_newest_first_a_page_at_a_time(web: Web) -> None:
    for number in range(13):
        post(web, prompt=f"a dog number {number}")
    first = web.call("GET", "/v1/records").json
    web.check("RecordPage", first)
    rest = web.call("GET", f"/v1/records?cursor={first['next']}").json  # type: ignore[index]
    words = [item["asked"]["prompt"] for page in (first, rest) for item in page["items"]]  # type: ignore[index]
    assert words == [f"a dog number {number}" for number in reversed(range(13))]
    assert rest["next"] is None  # type: ignore[index]
    assert web.call("GET", "/v1/records?cursor=x").status_code == 400
