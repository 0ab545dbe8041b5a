"""A C2PA checker of its own, written from the specification for the tests: it shares no code with the product.

Boxes, JUMBF, CBOR, hashes and COSE are taken apart here with ``cbor2`` and ``cryptography`` alone. Section
numbers are those of the C2PA Technical Specification 2.4.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import cbor2
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

if TYPE_CHECKING:
    from collections.abc import Iterator

C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")  # section A.5.1


@dataclass(frozen=True)
class Box:
    kind: bytes
    at: int
    size: int
    payload: bytes


@dataclass
class Superbox:
    """A JUMBF superbox: its label, the bytes that a hashed URI covers, its content boxes and children."""

    label: str
    body: bytes
    content: list[Box] = field(default_factory=list)
    children: list[Superbox] = field(default_factory=list)

    def child(self, label: str) -> Superbox:
        (found,) = [one for one in self.children if one.label == label]
        return found


@dataclass
class Checked:
    claim: dict[str, Any]
    assertions: dict[str, Any]
    certificates: list[x509.Certificate]


def boxes(data: bytes, base: int = 0) -> Iterator[Box]:
    at = 0
    while at < len(data):
        size, header = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, header = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = len(data) - at
        assert header <= size <= len(data) - at, "a box reaches past its parent"
        yield Box(data[at + 4 : at + 8], base + at, size, data[at + header : at + size])
        at += size


def superbox(payload: bytes) -> Superbox:
    first, *rest = boxes(payload)
    assert first.kind == b"jumd"
    toggles = first.payload[16]
    assert toggles & 3 == 3, "requestable and labelled"
    label = first.payload[17:].split(b"\0", 1)[0].decode()
    made = Superbox(label, payload)
    for box in rest:
        if box.kind == b"jumb":
            made.children.append(superbox(box.payload))
        else:
            made.content.append(box)
    return made


def manifest_store(file: bytes) -> Superbox:
    """The JUMBF in the file's only C2PA ``uuid`` box (section A.5)."""
    (payload,) = [b.payload for b in boxes(file) if b.kind == b"uuid" and b.payload[:16] == C2PA_UUID]
    rest = payload[16 + 4 :]  # version and flags
    purpose, rest = rest.split(b"\0", 1)
    assert purpose == b"manifest"
    (store,) = [box for box in boxes(rest[8:]) if box.kind == b"jumb"]  # after the merkle offset
    return superbox(store.payload)


def content_hash(file: bytes, binding: dict[str, Any]) -> bytes:
    """``c2pa.hash.bmff.v3`` (section 18.7): each top-level box that isn't excluded, its offset before it."""
    assert "merkle" not in binding
    digest = hashlib.new(binding["alg"])
    for box in boxes(file):
        whole = file[box.at : box.at + box.size]
        if not any(_excluded(box, whole, one) for one in binding["exclusions"]):
            digest.update(box.at.to_bytes(8, "big") + whole)
    return digest.digest()


def _excluded(box: Box, whole: bytes, rule: dict[str, Any]) -> bool:
    assert rule["xpath"].count("/") == 1, "only whole top-level boxes may be left out"
    if box.kind != rule["xpath"][1:].encode():
        return False
    return all(whole[one["offset"] :][: len(one["value"])] == one["value"] for one in rule.get("data") or [])


def check(file: bytes) -> Checked:
    """Check everything about the file's active manifest; raises ``AssertionError`` or ``InvalidSignature``."""
    store = manifest_store(file)
    assert store.label == "c2pa"
    manifest = store.children[-1]
    claim_bytes = manifest.child("c2pa.claim.v2").content[0].payload
    claim = cbor2.loads(claim_bytes)
    kept = {one.label: one for one in manifest.child("c2pa.assertions").children}
    references = claim["created_assertions"] + claim.get("gathered_assertions", [])
    assert {ref["url"].rsplit("/", 1)[1] for ref in references} == set(kept), "an assertion nobody claimed"
    for ref in references:
        label = ref["url"].rsplit("/", 1)[1]
        assert hashlib.new(ref.get("alg", claim["alg"]), kept[label].body).digest() == ref["hash"], label
    assertions = {label: cbor2.loads(one.content[0].payload) for label, one in kept.items()}
    binding = assertions["c2pa.hash.bmff.v3"]
    assert content_hash(file, binding) == binding["hash"], "the content is not what was signed"
    certificates = _check_signature(manifest.child("c2pa.signature").content[0].payload, claim_bytes)
    return Checked(claim, assertions, certificates)


def _check_signature(cose: bytes, claim: bytes) -> list[x509.Certificate]:
    """COSE_Sign1 over the detached claim (RFC 9052 section 4.4), ES256, certificates in ``x5chain``."""
    tagged = cbor2.loads(cose)
    assert tagged.tag == 18
    protected, unprotected, payload, signature = tagged.value
    assert payload is None
    header = cbor2.loads(protected)
    assert header[1] == -7, "ES256"
    chain = header.get(33) or unprotected.get("x5chain") or unprotected.get(33)
    certificates = [x509.load_der_x509_certificate(one) for one in (chain if isinstance(chain, list) else [chain])]
    signed = cbor2.dumps(["Signature1", protected, b"", claim])
    assert len(signature) == 64
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    key = certificates[0].public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    for lower, upper in pairwise(certificates):
        lower.verify_directly_issued_by(upper)
    assert "sigTst" not in unprotected and "sigTst2" not in unprotected, "no timestamp is claimed"
    return certificates


def holds(file: bytes) -> bool:
    """Whether :func:`check` passes; a file whose boxes cannot even be taken apart does not hold."""
    try:
        check(file)
    except (AssertionError, InvalidSignature, ValueError, KeyError, IndexError, TypeError, cbor2.CBORError):
        return False
    return True
