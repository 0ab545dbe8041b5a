"""Stickers through the whole service, and things made again from earlier jobs."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from tests.service.web_client import Web, rows

from reelgate.contract import Limits
from reelgate.errors import AspectInvalid, NotFound, SecondsOutOfRange
from reelgate.media import webp
from reelgate.words import Detection
from reelgate_moderation.hashes.pdq import pdq
from reelgate_moderation.provenance.readers import HouseReader
from reelgate_moderation.provenance.verify import in_place, verify_file
from reelgate_service import access, marking, ordering, signing
from reelgate_service import studio as studio_
from reelgate_service.db import inbox, ledger, tables
from reelgate_service.db.lookup import DatabaseLedger
from reelgate_service.steps import forms
from reelgate_service.worker.run import run

if TYPE_CHECKING:
    from pathlib import Path

    from reelgate.contract import Clip, PictureMark
    from reelgate_service.db.base import Database
    from reelgate_service.settings import Settings
    from reelgate_service.studio import Studio

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def made(studio: Studio, platform: str = "folder", **how: Any) -> str:
    """Have a sticker made as far as it comes without a person; gives the job's id."""
    asked = ordering.make(
        tenant_id="local", platform=platform, app="local", text="a baby hippo waving", kind="sticker", seed=7, **how
    )
    accepted = inbox.accept(studio.db, studio.vault, asked, deadline_ms=86_400_000, max_queue=9)
    run(accepted.job_id, studio, kill_timer=False)
    return accepted.job_id


@on_sqlite
def test_a_sticker_goes_the_whole_way_and_is_ours(db: Database, settings: Settings, tmp_path: Path) -> None:
    studio = studio_.build(settings, db=db)
    job_id = made(studio)
    with db.read() as session:
        job = session.get_one(tables.Job, job_id)
        rendition = session.execute(select(tables.Rendition).where(tables.Rendition.job_id == job_id)).scalar_one()
        assert (job.state, job.kind) == ("done", "sticker")
        result = json.loads(job.result)
    assert rendition.media_type == result["media_type"] == "image/webp"
    assert (result["width"], result["height"], result["seconds"]) == (512, 512, 2.4)
    file = settings.delivery_path / f"sticker-{rendition.mark_id}.webp"
    assert file.stat().st_size == result["size"] < 500_000
    with file.open("rb") as opened:
        facts = webp.read(opened)
    assert (facts.loop, facts.alpha, facts.c2pa, facts.metadata) == (0, True, True, False)
    assert 2.0 <= facts.seconds <= 3.0
    ledger.sequence(db)
    keys = marking.keys(settings)
    known = DatabaseLedger(db, signing.chains(settings), keys)
    report = verify_file(file, mark_reader=HouseReader(keys), hasher=pdq, ledger=known, run=in_place).document()
    assert report["verdict"] == "ours"
    assert report["picture_mark"]["payload"] == rendition.mark_id
    assert report["picture_mark"]["p_value"] < 1e-6
    assert report["label"]["found"]
    assert report["label"]["text"] == "Drawn by software · Reelgate"
    altered = tmp_path / "altered.webp"
    _again(file, altered)
    report = verify_file(altered, mark_reader=HouseReader(keys), hasher=pdq, ledger=known, run=in_place).document()
    assert report["verdict"] == "ours_altered"


def _again(source: Path, out: Path) -> None:
    """What an app does: decode, compress harder, drop every chunk it does not know."""
    from PIL import Image, ImageSequence

    with Image.open(source) as image:
        frames = [frame.convert("RGBA") for frame in ImageSequence.Iterator(image)]
        frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=67, loop=0, quality=75)


@dataclass(frozen=True, slots=True)
class Blind:
    """A mark whose reader finds nothing until the file was made as ``enough`` says."""

    real: PictureMark
    tried: list[tuple[str, int]]
    enough: int

    def embedder(self, width: int, height: int, message: str, format: str, strength: int) -> Any:
        self.tried.append((format, strength))
        return self.real.embedder(width, height, message, format, strength)

    def detect(self, clip: Clip) -> Detection:
        return self.real.detect(clip) if len(self.tried) >= self.enough else Detection(None)


@on_sqlite
def test_a_mark_that_does_not_read_climbs_the_ladder_and_is_then_held(db: Database, settings: Settings) -> None:
    studio = studio_.build(settings, db=db)
    tried: list[tuple[str, int]] = []
    blind = replace(studio, picture_mark=Blind(studio.picture_mark, tried, 99))
    job_id = made(blind, seconds=1.0)
    assert tried == [("full", 2), ("full", 3), ("short", 3), ("short", 3)]
    with db.read() as session:
        assert session.get_one(tables.Job, job_id).state == "held"
        rendition = session.execute(select(tables.Rendition).where(tables.Rendition.job_id == job_id)).scalar_one()
        assert (rendition.mark_format, rendition.strength) == ("short", 4)
    assert not settings.delivery_path.exists() or not list(settings.delivery_path.iterdir())
    with studio.store.open("quarantine", rendition.quarantine_sha) as file:
        assert webp.read(file).frames <= 8  # the last rung leaves out every second frame


def test_a_place_bounds_its_stickers_by_their_own_limits() -> None:
    facts = type("Facts", (), {"limits": 1, "sticker_limits": None})
    assert forms.STICKER.limits(facts) == 1  # type: ignore[arg-type]
    facts = type("Facts", (), {"limits": 1, "sticker_limits": 2})
    assert (forms.STICKER.limits(facts), forms.REEL.limits(facts)) == (2, 1)  # type: ignore[arg-type, comparison-overlap]
    cut = forms.STICKER.cut({"seconds": 2.4}, None, [Limits(300_000, 320, 320, 5.0, ("webp",))])  # type: ignore[arg-type]
    assert (cut.plan.width, cut.plan.height, cut.plan.fps) == (320, 320, 15)


def test_stickers_have_their_own_length_and_shape() -> None:
    base = {"tenant_id": "local", "platform": "api", "app": "local", "text": "a fox"}
    asked = ordering.make(**base, kind="sticker")  # type: ignore[arg-type]
    assert (asked.order["seconds"], asked.order["aspect"]) == (2.4, [1, 1])
    asked = ordering.make(**base)  # type: ignore[arg-type]
    assert (asked.order["seconds"], asked.order["aspect"]) == (8.0, [9, 16])
    with pytest.raises(SecondsOutOfRange, match="8") as refused:
        ordering.make(**base, kind="sticker", seconds=8.0)  # type: ignore[arg-type]
    assert "1 to 3" in refused.value.says
    with pytest.raises(AspectInvalid):
        ordering.make(**base, kind="sticker", aspect="9:16")  # type: ignore[arg-type]


def job_of(web: Web, answer: Any) -> tables.Job:
    with web.parts.db.read() as session:
        return session.get_one(tables.Job, answer.json["id"])


def words_of(web: Web, job: tables.Job) -> str:
    assert job.sealed is not None
    opened = web.parts.vault.open(job.sealed, job.tenant_id, "jobs", "sealed", job.id)
    return str(json.loads(opened)["words"])


def test_a_sticker_is_asked_for_over_http(web: Web) -> None:
    answer = web.call("POST", "/v1/stickers", json={"prompt": "a baby hippo waving", "seed": 3})
    assert answer.status_code == 202
    web.check("Job", answer.json)
    assert answer.json["kind"] == "sticker"  # type: ignore[index]
    assert json.loads(job_of(web, answer).order)["aspect"] == [1, 1]
    for body, code in (({"prompt": "a", "seconds": 4}, "seconds_out_of_range"), ({}, "body_invalid")):
        answer = web.call("POST", "/v1/stickers", json=body)
        assert answer.json["code"] == code  # type: ignore[index]
    assert web.call("POST", "/v1/stickers", json={"prompt": "a fox"}, key="").status_code == 401


@pytest.mark.parametrize("path", ["/v1/reels", "/v1/stickers"])
def test_a_parent_lends_its_words_and_with_a_variation_its_seed(web: Web, path: str) -> None:
    first = web.call("POST", "/v1/reels", json={"prompt": "a dog on a hill", "seed": 41})
    parent = first.json["id"]  # type: ignore[index]
    again = job_of(web, web.call("POST", path, json={"parent": parent}))
    varied = job_of(web, web.call("POST", path, json={"parent": parent, "variation": 2}))
    other = job_of(web, web.call("POST", path, json={"parent": parent, "prompt": "a cat", "variation": 1, "seed": 9}))
    assert words_of(web, again) == words_of(web, varied) == "a dog on a hill"
    assert words_of(web, other) == "a cat"
    orders = [json.loads(each.order) for each in (again, varied, other)]
    assert [order["variation"] for order in orders] == [0, 2, 1]
    assert orders[0]["seed"] != 41
    assert (orders[1]["seed"], orders[2]["seed"]) == (41, 9)
    assert {each.parent for each in (again, varied, other)} == {parent}


def test_foreign_absent_and_unfit_parents_are_alike_not_found(web: Web) -> None:
    parent = web.call("POST", "/v1/reels", json={"prompt": "a dog"}).json["id"]  # type: ignore[index]
    with web.parts.db.write("test") as session:
        session.add(tables.Tenant(id="other", name="Other", created_at=0))
    theirs = access.make_key(web.parts.db, web.parts.vault, "other", "test", ("make",))
    before = rows(web, tables.Job)
    answers = [
        web.call("POST", "/v1/stickers", json={"parent": parent}, key=theirs),
        web.call("POST", "/v1/stickers", json={"parent": parent, "prompt": "a cat"}, key=theirs),
        web.call("POST", "/v1/reels", json={"parent": "nothing"}),
    ]
    assert {(each.status_code, each.json["code"], each.json["detail"]) for each in answers} == {  # type: ignore[index]
        (404, "not_found", "There is no job by that name.")
    }
    with web.parts.db.write("test") as session:
        session.get_one(tables.Job, parent).sealed = None
    assert web.call("POST", "/v1/reels", json={"parent": parent}).status_code == 404
    assert rows(web, tables.Job) == before
    with web.parts.db.read() as session, pytest.raises(NotFound):
        ordering.again(session, web.parts.vault, "local", parent)
