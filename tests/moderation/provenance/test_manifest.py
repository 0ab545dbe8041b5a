"""Signing and reading: what the manifest says, what it never says, and that tampering is found."""

from __future__ import annotations

import hashlib
import io
import json
import random
import socket
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import av
import c2pa
import numpy as np
import pytest
from PIL import Image

from reelgate.contract import Moment
from reelgate.errors import BadInput
from reelgate.media import boxes as media_boxes
from reelgate.media import fit, webp
from reelgate.media.clip import black
from reelgate.media.encode import encode
from reelgate.words import SourceType
from reelgate_moderation.provenance.certificate import make_development_pair
from reelgate_moderation.provenance.claim import definition
from reelgate_moderation.provenance.identity import identity_from_pem
from reelgate_moderation.provenance.manifest import NOT_FETCHED, UNTRUSTED, read_manifest, sign

if TYPE_CHECKING:
    from reelgate.words import Claim
    from reelgate_moderation.provenance.identity import SigningIdentity


def boxes(data: bytes) -> list[bytes]:
    """The types of the top-level boxes in order."""
    found, at = [], 0
    while at < len(data):
        found.append(data[at + 4 : at + 8])
        at += int.from_bytes(data[at : at + 4], "big")
    return found


def frames(data: bytes) -> list[bytes]:
    with av.open(io.BytesIO(data)) as container:
        return [hashlib.sha256(np.ascontiguousarray(f.to_ndarray())).digest() for f in container.decode(video=0)]


def test_what_the_manifest_says_is_what_was_claimed(signed: bytes, claim: Claim, identity: SigningIdentity) -> None:
    report = read_manifest(io.BytesIO(signed), own=[identity.chain_pem])
    assert (report.present, report.valid, report.own, report.trusted) == (True, True, True, False)
    assert report.failures == (UNTRUSTED,)
    assert "not trusted" in report.signer
    assert report.said.provider == "Reelgate"
    assert report.said.source_type == claim.source_type.uri
    assert report.said.mark_id == claim.mark_id
    assert report.said.soft_binding == "com.reelgate.tile.1"
    assert (report.said.generator, report.said.generator_version) == ("storyboard", "1.0")
    assert (report.said.label, report.said.created) == (claim.label, claim.created)
    assert (report.said.title, report.said.training_data) == (claim.title, claim.training_data)
    assert report.said.actions == ("c2pa.created", "c2pa.edited", "c2pa.watermarked.bound")


def test_trained_pictures_say_so(plain: bytes, claim: Claim, identity: SigningIdentity) -> None:
    out = io.BytesIO()
    sign(io.BytesIO(plain), out, replace(claim, source_type=SourceType.TRAINED), identity)
    said = read_manifest(out).said
    assert said.source_type == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def test_no_thumbnail_and_nothing_personal(signed: bytes, plain: bytes) -> None:
    assert b"c2pa.thumbnail" not in signed
    assert len(signed) - len(plain) < 6000
    with c2pa.Reader("video/mp4", io.BytesIO(signed)) as reader:
        store = json.loads(reader.json())
    (manifest,) = store["manifests"].values()
    assert set(manifest) <= {
        "active_manifest", "claim_generator_info", "title", "instance_id", "assertions", "signature_info",
        "label", "claim_version", "format",
    }  # fmt: skip
    assert {one["label"] for one in manifest["assertions"]} == {
        "c2pa.actions.v2", "c2pa.soft-binding", "com.reelgate.disclosure", "c2pa.hash.bmff.v3",
    }  # fmt: skip


def test_moov_stays_first_and_every_frame_stays_the_same(signed: bytes, plain: bytes) -> None:
    before, after = boxes(plain), boxes(signed)
    assert [box for box in after if box != b"uuid"] == before
    assert after.index(b"moov") < after.index(b"mdat")
    assert frames(signed) == frames(plain)


def test_the_receipt_matches_the_file(plain: bytes, claim: Claim, identity: SigningIdentity) -> None:
    out = io.BytesIO()
    receipt = sign(io.BytesIO(plain), out, claim, identity)
    assert receipt.size == len(out.getvalue())
    at = out.getvalue().index(b"jumb") - 4
    store = out.getvalue()[at : at + receipt.manifest_size]
    assert hashlib.sha256(store).hexdigest() == receipt.manifest_hash


def test_a_flipped_byte_anywhere_in_the_media_is_found(signed: bytes, identity: SigningIdentity) -> None:
    draw = random.Random(7)
    start = signed.index(b"moov") + 8
    for at in [*(draw.randrange(start, len(signed)) for _ in range(40)), start, len(signed) - 1]:
        spoiled = bytearray(signed)
        spoiled[at] ^= 1 << draw.randrange(8)
        report = read_manifest(io.BytesIO(spoiled), own=[identity.chain_pem])
        assert not report.valid, at


def test_our_signature_is_still_known_as_ours_when_the_pictures_changed(
    signed: bytes, identity: SigningIdentity
) -> None:
    spoiled = bytearray(signed)
    spoiled[-5] ^= 1
    report = read_manifest(io.BytesIO(spoiled), own=[identity.chain_pem])
    assert (report.present, report.valid, report.own) == (True, False, True)
    assert "assertion.bmffHash.mismatch" in report.failures


def test_a_changed_manifest_is_nobodys(signed: bytes, identity: SigningIdentity) -> None:
    report = read_manifest(io.BytesIO(signed.replace(b"storyboard", b"storyb0ard")), own=[identity.chain_pem])
    assert report.present and not report.valid


def test_another_reelgates_signature_is_valid_but_not_own(
    plain: bytes, claim: Claim, identity: SigningIdentity, now: float
) -> None:
    out = io.BytesIO()
    sign(io.BytesIO(plain), out, claim, identity_from_pem(*make_development_pair(now)))
    report = read_manifest(out, own=[identity.chain_pem])
    assert (report.valid, report.own, report.trusted) == (True, False, False)
    assert report.failures == (UNTRUSTED,)


def test_trust_comes_only_from_the_operators_anchors(signed: bytes, identity: SigningIdentity) -> None:
    authority = identity.chain_pem[identity.chain_pem.rindex(b"-----BEGIN") :]
    report = read_manifest(io.BytesIO(signed), anchors=authority)
    assert (report.valid, report.trusted, report.own, report.failures) == (True, True, False, ())


def test_anchors_must_be_certificates(signed: bytes) -> None:
    with pytest.raises(BadInput):
        read_manifest(io.BytesIO(signed), anchors=b"no certificate")


@pytest.mark.parametrize("data", [b"", b"\0" * 64, b"hello, this is no video at all", b"\x1aE\xdf\xa3" + b"\0" * 60])
def test_what_holds_no_manifest_is_reported_as_absent(data: bytes) -> None:
    assert not read_manifest(io.BytesIO(data)).present


def test_an_unsigned_file_holds_none(plain: bytes) -> None:
    report = read_manifest(io.BytesIO(plain))
    assert (report.present, report.valid, report.failures) == (False, False, ())


def test_mangled_files_never_raise(signed: bytes) -> None:
    draw = random.Random(3)
    head = signed.index(b"moov")
    for _ in range(150):
        spoiled = bytearray(signed)
        for _ in range(draw.randrange(1, 30)):
            spoiled[draw.randrange(head)] = draw.randrange(256)
        cut = draw.choice([len(spoiled), draw.randrange(len(spoiled))])
        assert not read_manifest(io.BytesIO(bytes(spoiled[:cut]))).trusted


@pytest.mark.parametrize("days", [-6 * 365, 10])
def test_a_certificate_that_has_ended_or_not_begun_signs_nothing(
    plain: bytes, claim: Claim, now: float, days: int
) -> None:
    with pytest.raises(BadInput, match="valid at time of signing"):
        sign(
            io.BytesIO(plain), io.BytesIO(), claim, identity_from_pem(*make_development_pair(now + days * 86_400))
        )


def test_the_houses_own_encode_stays_what_was_planned(claim: Claim, identity: SigningIdentity) -> None:
    """No edit list, the index first, the same tracks: proven by the boxes before and after signing."""
    frames = 12
    plan = fit.plan_like(128, 128, frames, 24, threads=1)
    moments = (Moment(black(128, 128), np.zeros((2000, 2), np.float32)) for _ in range(frames))
    made, out = io.BytesIO(), io.BytesIO()
    encode(moments, plan, made)
    sign(made, out, claim, identity)
    before, after = media_boxes.read(made), media_boxes.read(out)
    media_boxes.prove(after, plan)
    assert (before.c2pa, after.c2pa, after.moov_first) == (False, True, True)
    assert replace(after, size=before.size, c2pa=False) == before


def test_what_is_no_mp4_cannot_be_signed(claim: Claim, identity: SigningIdentity) -> None:
    with pytest.raises(BadInput):
        sign(io.BytesIO(b"no video"), io.BytesIO(), claim, identity)


def test_a_manifest_kept_elsewhere_is_never_fetched(plain: bytes, claim: Claim, identity: SigningIdentity) -> None:
    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        out = io.BytesIO()
        with (
            c2pa.Signer.from_info(c2pa.C2paSignerInfo("es256", identity.chain_pem, identity.key_pem, None)) as signer,
            c2pa.Builder(definition(claim)) as builder,
        ):
            builder.set_no_embed()
            builder.set_remote_url(f"http://127.0.0.1:{server.server_port}/manifest.c2pa")
            builder.sign(signer, "video/mp4", io.BytesIO(plain), out)
        assert b"/manifest.c2pa" in out.getvalue()
        # The library's default does ask, so the silence below is ours.
        with pytest.raises(c2pa.C2paError):
            c2pa.Reader("video/mp4", out)
        assert asked
        asked.clear()
        report = read_manifest(out, own=[identity.chain_pem])
        assert (report.present, report.failures) == (False, (NOT_FETCHED,))
        assert asked == []
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_signing_and_reading_work_without_a_network(
    monkeypatch: pytest.MonkeyPatch, plain: bytes, claim: Claim, identity: SigningIdentity
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    out = io.BytesIO()
    sign(io.BytesIO(plain), out, claim, identity)
    assert read_manifest(out).valid


def test_a_webp_is_signed_in_a_chunk_of_its_own_and_still_plays(claim: Claim, identity: SigningIdentity) -> None:
    plain, out = io.BytesIO(), io.BytesIO()
    images = [Image.new("RGBA", (64, 64), (40 * k, 90, 120, 255 if k else 0)) for k in range(4)]
    images[0].save(plain, "WEBP", save_all=True, append_images=images[1:], duration=50, loop=0)
    plain.seek(0)
    sign(plain, out, claim, identity, "image/webp")
    report = read_manifest(out)
    assert (report.present, report.valid, report.said.mark_id) == (True, True, claim.mark_id)
    facts = webp.read(out)
    assert (facts.c2pa, facts.frames, facts.loop) == (True, 4, 0)
    changed = bytearray(out.getvalue())
    changed[plain.getbuffer().nbytes // 2] ^= 1
    assert not read_manifest(io.BytesIO(bytes(changed))).valid
