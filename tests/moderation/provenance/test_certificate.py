"""The development certificate: who may read it, that it says what it is, renewal, and two makers at once."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from reelgate.errors import BadInput, Unavailable
from reelgate_moderation.provenance.certificate import (
    LIFE,
    RENEW_BEFORE,
    development_chains,
    ensure_development_certificate,
    make_development_pair,
)
from reelgate_moderation.provenance.identity import fingerprint, identity_from_pem, load_identity

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_800_000_000.0
DAY = 86_400.0


def test_it_says_that_nobody_vouches_for_it(tmp_path: Path) -> None:
    identity = ensure_development_certificate(tmp_path / "keys", NOW)
    leaf, authority = x509.load_pem_x509_certificates(identity.chain_pem)
    assert identity.development
    assert identity.common_name == "Reelgate development certificate, not trusted"
    for certificate in (leaf, authority):
        assert "not trusted" in certificate.subject.rfc4514_string()
    leaf.verify_directly_issued_by(authority)
    authority.verify_directly_issued_by(authority)
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert leaf.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    usages = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert {usage.dotted_string for usage in usages} == {"1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36"}
    assert identity.algorithm == "es256"


def test_the_authoritys_key_is_kept_nowhere(tmp_path: Path) -> None:
    identity = ensure_development_certificate(tmp_path, NOW)
    _, authority = x509.load_pem_x509_certificates(identity.chain_pem)
    kept = [
        serialization.load_pem_private_key(path.read_bytes(), None).public_key()
        for path in tmp_path.iterdir()
        if b"PRIVATE KEY" in path.read_bytes()
    ]
    assert len(kept) == 1
    assert authority.public_key() not in kept


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "keys"
    ensure_development_certificate(home, NOW)
    assert home.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in home.iterdir())


def test_the_key_is_never_printed(tmp_path: Path) -> None:
    identity = ensure_development_certificate(tmp_path, NOW)
    body = identity.key_pem.decode().splitlines()[1]
    assert body not in repr(identity)
    assert "PRIVATE" not in repr(identity)


def test_asked_twice_it_is_the_same(tmp_path: Path) -> None:
    first = ensure_development_certificate(tmp_path, NOW)
    assert ensure_development_certificate(tmp_path, NOW + 100 * DAY) == first


def test_it_is_renewed_before_it_ends_and_the_old_one_still_verifies(tmp_path: Path) -> None:
    first = ensure_development_certificate(tmp_path, NOW)
    last_day = NOW + (LIFE - RENEW_BEFORE).total_seconds()
    assert ensure_development_certificate(tmp_path, last_day - DAY) == first
    second = ensure_development_certificate(tmp_path, last_day + DAY)
    assert fingerprint(second) != fingerprint(first)
    assert second.not_after > last_day + DAY
    assert development_chains(tmp_path) == [first.chain_pem, second.chain_pem]
    assert sum(b"PRIVATE KEY" in path.read_bytes() for path in tmp_path.iterdir()) == 1


def test_a_crash_between_key_and_chain_leaves_nothing_half_made(tmp_path: Path) -> None:
    (tmp_path / "development-0001.key.pem").write_bytes(b"left over")
    identity = ensure_development_certificate(tmp_path, NOW)
    assert ensure_development_certificate(tmp_path, NOW) == identity


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unavailable, match="cannot be kept"):
        ensure_development_certificate(tmp_path / "file" / "keys", NOW)


def _ask(place: Path, start: object, answers: object) -> None:
    start.wait()  # type: ignore[attr-defined]
    answers.put(fingerprint(ensure_development_certificate(place, NOW)))  # type: ignore[attr-defined]


def test_processes_that_ask_at_once_get_the_same(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start, answers = context.Event(), context.Queue()
    askers = [context.Process(target=_ask, args=(tmp_path / "keys", start, answers)) for _ in range(4)]
    for asker in askers:
        asker.start()
    start.set()
    found = {answers.get(timeout=60) for _ in askers}
    for asker in askers:
        asker.join(60)
    assert len(found) == 1
    assert len(development_chains(tmp_path / "keys")) == 1


def _files(folder: Path, chain: bytes, key: bytes) -> tuple[Path, Path]:
    cert_path, key_path = folder / "chain.pem", folder / "key.pem"
    cert_path.write_bytes(chain)
    key_path.write_bytes(key)
    key_path.chmod(0o600)
    return cert_path, key_path


def test_an_operators_own_is_loaded(tmp_path: Path) -> None:
    chain, key = make_development_pair(NOW)
    assert load_identity(*_files(tmp_path, chain, key)) == identity_from_pem(chain, key)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    cert_path, key_path = _files(tmp_path, *make_development_pair(NOW))
    key_path.chmod(0o640)
    with pytest.raises(BadInput, match="chmod 600"):
        load_identity(cert_path, key_path)


def test_a_foreign_key_is_refused(tmp_path: Path) -> None:
    chain, _ = make_development_pair(NOW)
    _, key = make_development_pair(NOW)
    with pytest.raises(BadInput, match="does not belong"):
        load_identity(*_files(tmp_path, chain, key))


def test_a_chain_without_its_authority_is_refused(tmp_path: Path) -> None:
    chain, key = make_development_pair(NOW)
    leaf = chain[: chain.rindex(b"-----BEGIN")]
    with pytest.raises(BadInput, match="authority"):
        load_identity(*_files(tmp_path, leaf, key))


def test_what_is_no_pem_is_refused_without_quoting_it(tmp_path: Path) -> None:
    cert_path, key_path = _files(tmp_path, b"tell nobody 1", b"tell nobody 2")
    with pytest.raises(BadInput) as caught:
        load_identity(cert_path, key_path)
    assert "tell nobody" not in str(caught.value) + caught.value.says
    with pytest.raises(BadInput):
        load_identity(tmp_path / "absent", key_path)


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ec.generate_private_key(ec.SECP384R1()), "es384"),
        (ed25519.Ed25519PrivateKey.generate(), "ed25519"),
    ],
)
def test_the_algorithm_follows_from_the_key(
    key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey, algorithm: str
) -> None:
    chain, _ = make_development_pair(NOW)
    leaf, authority = x509.load_pem_x509_certificates(chain)
    signer = ec.generate_private_key(ec.SECP256R1())
    fresh = (
        x509.CertificateBuilder()
        .subject_name(leaf.subject)
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(leaf.not_valid_before_utc)
        .not_valid_after(leaf.not_valid_after_utc)
        .sign(signer, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    key_pem = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    made = identity_from_pem(fresh.public_bytes(pem) + authority.public_bytes(pem), key_pem)
    assert made.algorithm == algorithm
