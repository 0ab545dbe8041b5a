"""A development signing certificate, made on the machine that uses it and saying so.

A manifest needs a signature, and a signature a certificate. Until an operator brings one that a trust list
knows, Reelgate makes its own: an authority that signs one certificate and whose key is thrown away at once,
so that even someone who trusts it by mistake trusts nothing else. Readers report such a manifest as valid and
its signer as not trusted, which is the truth.

There is no trusted timestamp (that takes a network), so a manifest is judged by the clock of whoever reads
it: it stops being valid when the certificate ends. Hence the long life.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from reelgate.errors import Unavailable
from reelgate_moderation.provenance.identity import (
    DEVELOPMENT_ORGANISATION,
    SigningIdentity,
    identity_from_pem,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEAF_NAME = "Reelgate development certificate, not trusted"
AUTHORITY_NAME = "Reelgate development authority, not trusted"
LIFE = timedelta(days=5 * 365)
RENEW_BEFORE = timedelta(days=30)
_BACKDATE = timedelta(hours=1)  # another machine's clock may be a little behind
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
_CHAIN, _KEY = ".chain.pem", ".key.pem"


def ensure_development_certificate(directory: Path, now: float) -> SigningIdentity:
    """The development identity kept in ``directory``, made or renewed when needed; ``now`` is Unix seconds.

    Asked twice, or by two processes at once, it answers the same identity. Within 30 days of its end a new
    one takes over; the old chain stays for those who verify, the old key does not. The directory is made at
    mode 0700, each file at 0600. Raises :class:`Unavailable` when the directory cannot be used.
    """
    try:
        return _ensure(directory, now)
    except OSError as error:
        raise Unavailable(f"the signing certificate cannot be kept in {directory}: {error.strerror}") from error


def _ensure(directory: Path, now: float) -> SigningIdentity:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    with _alone(directory):
        names = _names(directory)
        if names:
            identity = _load(directory, names[-1])
            if identity.not_before <= now < identity.not_after - RENEW_BEFORE.total_seconds():
                return identity
        name = _make(directory, now, after=names[-1] if names else "")
        for old in names:
            (directory / f"{old}{_KEY}").unlink(missing_ok=True)
        return _load(directory, name)


def development_chains(directory: Path) -> list[bytes]:
    """Every development chain this directory has held, oldest first, as PEM: to recognise older files."""
    return [(directory / f"{name}{_CHAIN}").read_bytes() for name in _names(directory)]


def make_development_pair(now: float) -> tuple[bytes, bytes]:
    """A fresh chain (leaf, authority) and the leaf's key, as PEM; ES256 throughout."""
    moment = datetime.fromtimestamp(now, UTC)
    authority_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_id = x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key())
    authority = (
        _builder(AUTHORITY_NAME, AUTHORITY_NAME, authority_key.public_key(), moment)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .add_extension(authority_id, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    leaf = (
        _builder(LEAF_NAME, AUTHORITY_NAME, leaf_key.public_key(), moment)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION, _DOCUMENT_SIGNING]), critical=False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(leaf_key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority_id), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    chain = b"".join(part.public_bytes(serialization.Encoding.PEM) for part in (leaf, authority))
    key = leaf_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return chain, key


def _builder(subject: str, issuer: str, key: ec.EllipticCurvePublicKey, moment: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_x500(subject))
        .issuer_name(_x500(issuer))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - _BACKDATE)
        .not_valid_after(moment + LIFE)
    )


def _x500(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, DEVELOPMENT_ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Hold the directory's lock; the kernel drops it when the holder dies."""
    handle = os.open(directory / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _names(directory: Path) -> list[str]:
    """The generations in order; one counts once its chain is there, and the chain is written last."""
    return sorted(path.name.removesuffix(_CHAIN) for path in directory.glob(f"*{_CHAIN}"))


def _load(directory: Path, name: str) -> SigningIdentity:
    return identity_from_pem((directory / f"{name}{_CHAIN}").read_bytes(), (directory / f"{name}{_KEY}").read_bytes())


def _make(directory: Path, now: float, *, after: str) -> str:
    chain, key = make_development_pair(now)
    number = int(after.removeprefix("development-") or 0) + 1
    name = f"development-{number:04d}"
    _write(directory / f"{name}{_KEY}", key)
    _write(directory / f"{name}{_CHAIN}", chain)
    return name


def _write(path: Path, data: bytes) -> None:
    """Write whole or not at all, mode 0600 from the first byte on."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
