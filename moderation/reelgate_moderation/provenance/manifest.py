"""Signs a finished MP4 or WebP with its claim, and reads the manifest of any file.

Both happen on this machine alone: no timestamp authority, no revocation look-up, no manifest fetched from
elsewhere, no thumbnail. The price is stated, not hidden: there is no trusted timestamp, so a reader judges
the certificate by its own clock.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

import c2pa

from reelgate.errors import BadInput
from reelgate_moderation.provenance.claim import CREATED_LABELS, Said, definition, said, shown
from reelgate_moderation.provenance.identity import SigningIdentity, certificates_text, issuers_pem, leaf_serial

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reelgate.words import Claim

_OFFLINE: dict[str, dict[str, Any]] = {
    "core": {"allowed_network_hosts": []},
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": True},
    "builder": {"thumbnail": {"enabled": False}, "created_assertion_labels": CREATED_LABELS},
}
UNTRUSTED = "signingCredential.untrusted"
UNREADABLE = "manifest.unreadable"
NOT_FETCHED = "manifest.notFetched"
"""Two codes of our own in ``failures``: there but not parsable, and kept at an address we do not ask."""


@dataclass(frozen=True, slots=True)
class SignedManifest:
    """What signing made: SHA-256 (hex) and length of the manifest store, length of the finished file."""

    manifest_hash: str
    manifest_size: int
    size: int


@dataclass(frozen=True, slots=True)
class ManifestReport:
    """What a file's active manifest says and how far it can be believed.

    ``valid``: the signature is good and the file's bytes are what was signed. ``own``: the signature was made
    with one of the keys the reader called its own, whether or not the bytes still match. ``trusted``: the
    signer chains to an anchor of the operator's choice. ``failures`` are C2PA validation codes (section 15),
    a signer that nobody vouches for among them. ``earlier`` are mark ids of ingredient manifests.
    """

    present: bool
    valid: bool = False
    own: bool = False
    trusted: bool = False
    signer: str = ""
    issuer: str = ""
    said: Said = field(default_factory=Said)
    failures: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()


def sign(
    source: BinaryIO, out: BinaryIO, claim: Claim, identity: SigningIdentity, media_type: str = "video/mp4"
) -> SignedManifest:
    """Copy ``source``, a ``video/mp4`` or ``image/webp``, to ``out`` with its manifest inside.

    An MP4 gets it in a ``uuid`` box before ``moov``, a WebP in a ``C2PA`` chunk; the order of the other parts stays
    as it is, their offsets are mended. ``out`` is empty and opened for writing and reading (``w+b``); flushing it to
    disk is the caller's. Raises :class:`BadInput` when ``source`` is no such file or the identity cannot sign.
    """
    try:
        with (
            c2pa.Context.from_dict(_OFFLINE) as context,
            c2pa.Signer.from_info(
                c2pa.C2paSignerInfo(identity.algorithm, identity.chain_pem, identity.key_pem, None)
            ) as signer,
            c2pa.Builder(definition(claim, media_type), context) as builder,
        ):
            manifest = builder.sign(signer, media_type, source, out)
    except c2pa.C2paError as error:
        raise BadInput(f"the file could not be signed: {error}") from error
    return SignedManifest(hashlib.sha256(manifest).hexdigest(), len(manifest), out.seek(0, 2))


def read_manifest(file: BinaryIO, *, own: Iterable[bytes] = (), anchors: bytes | None = None) -> ManifestReport:
    """The report on ``file``'s manifest; ``present`` is false where there is none.

    ``own`` are certificate chains (PEM, leaf first) whose signatures count as this installation's;
    ``anchors`` are the certificate authorities (PEM) the operator trusts, none by default. The file may come
    from a stranger: nothing is fetched, and what cannot be parsed is reported, not raised. Raises
    :class:`BadInput` only for ``anchors`` that hold no certificates.
    """
    trust = {"trust_anchors": certificates_text(anchors)} if anchors else {}
    try:
        store = _read(file, trust)
    except (c2pa.C2paError.ManifestNotFound, c2pa.C2paError.NotSupported):
        return ManifestReport(present=False)
    except c2pa.C2paError as error:
        if str(error).startswith("Remote"):  # only an address: the manifest is elsewhere, and stays there
            return ManifestReport(present=False, failures=(NOT_FETCHED,))
        return ManifestReport(present=True, failures=(UNREADABLE,))
    active = store["manifests"].get(store.get("active_manifest"), {})
    signature = active.get("signature_info") or {}
    others = [said(one) for key, one in store["manifests"].items() if key != store.get("active_manifest")]
    return ManifestReport(
        present=True,
        valid=store.get("validation_state") in {"Valid", "Trusted"},
        own=_own(file, str(signature.get("cert_serial_number")), list(own)),
        trusted=_vouched(store),
        signer=shown(signature.get("common_name")),
        issuer=shown(signature.get("issuer")),
        said=said(active),
        failures=tuple(sorted(_codes(store, "failure"))),
        earlier=tuple(sorted({one.mark_id for one in others if one.mark_id})),
    )


def read_store(file: BinaryIO) -> dict[str, Any] | None:
    """The whole manifest store of ``file`` as C2PA readers write it in JSON, its validation included.

    For showing to people: :func:`read_manifest` is what to decide by. ``None`` where there is none to be read.
    """
    try:
        return _read(file, {})
    except c2pa.C2paError:
        return None


def _read(file: BinaryIO, trust: dict[str, str]) -> dict[str, Any]:
    file.seek(0)
    with (
        c2pa.Context.from_dict({**_OFFLINE, "trust": trust}) as context,
        c2pa.Reader(None, file, context=context) as reader,
    ):
        store: dict[str, Any] = json.loads(reader.json())
    return store


def _own(file: BinaryIO, serial: str, chains: list[bytes]) -> bool:
    """True when the signer is the very leaf of one of ``chains``.

    The issuing authorities stand in as anchors for one more reading: an authority gives a serial number once,
    so a signature that chains to it under that number was made with that leaf's key.
    """
    mine = [chain for chain in chains if leaf_serial(chain) == serial]
    if not mine:
        return False
    return _vouched(_read(file, {"trust_anchors": b"".join(issuers_pem(chain) for chain in mine).decode()}))


def _vouched(store: dict[str, Any]) -> bool:
    """The signature itself holds and its signer is known, whatever became of the content."""
    return {"claimSignature.validated", "signingCredential.trusted"} <= _codes(store, "success")


def _codes(store: dict[str, Any], outcome: str) -> set[str]:
    active = (store.get("validation_results") or {}).get("activeManifest") or {}
    return {str(one.get("code")) for one in active.get(outcome) or []}
