"""How a reel was made, screened, marked and signed, for whoever asked for it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from reelgate.errors import NotFound
from reelgate.words import Kind
from reelgate_moderation.provenance import manifest
from reelgate_service.db import queries, records
from reelgate_service.web import openapi
from reelgate_service.web.parts import parts, who

routes = Blueprint("record", __name__)

_PAGE = 12


@routes.get("/v1/records")
@openapi.says(
    "List what was asked for, newest first", answers={200: "RecordPage"}, errors=(400, 401), query=("cursor",)
)
def list_records() -> Response:
    """One page of reels and stickers with the words that were asked; ``next`` is the cursor of the following one."""
    asking = who()
    here = parts()
    with here.db.read() as session:
        rows, after = queries.page(session, asking.tenant_id, request.args.get("cursor"), _PAGE)
        items = [records.short(row, here.vault) for row in rows if row.kind != Kind.VERIFY]
    return jsonify({"items": items, "next": after})


@routes.get("/v1/jobs/<job_id>/record")
@openapi.says("How it was made, screened, marked and signed", answers={200: "Record"}, errors=(401, 404))
def get_record(job_id: str) -> Response:
    """What is known so far; the manifest is read out of the finished file, without decoding it."""
    asking = who()
    here = parts()
    with here.db.read() as session:
        row = queries.job_row(session, asking.tenant_id, job_id)
        if row.kind == Kind.VERIFY:
            raise NotFound("A look at a file has no record.", says="There is no record of that job.")
        known = records.whole(session, row, here.vault)
        digest = records.sealed_file(session, row)
    known["manifest"] = _manifest(digest) if digest else None
    return jsonify(known)


def _manifest(digest: str) -> dict[str, Any] | None:
    try:
        file = parts().store.open("sealed", digest)
    except NotFound:
        return None  # the record outlives the file
    with file:
        report = manifest.read_manifest(file)
        store = manifest.read_store(file)
    if not report.present or store is None:
        return None
    signature = store["manifests"][store["active_manifest"]].get("signature_info", {})
    said = report.said
    return {
        "valid": report.valid,
        "trusted": report.trusted,
        "signer": report.signer,
        "issuer": report.issuer,
        "algorithm": signature.get("alg", ""),
        "serial": signature.get("cert_serial_number", ""),
        "codes": list(report.failures),
        "generator": said.generator,
        "generator_version": said.generator_version,
        "source_type": said.source_type,
        "training_data": said.training_data,
        "created": said.created,
        "actions": list(said.actions),
        "store": store,
    }
