"""Who signs: a certificate chain and the key that belongs to its first certificate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from reelgate.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

DEVELOPMENT_ORGANISATION = "Reelgate development, not trusted"
"""The organisation in every certificate that this software makes for itself; no authority stands behind it."""

_CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}


@dataclass(frozen=True, slots=True)
class SigningIdentity:
    """A signer: ``chain_pem`` leaf first, ``key_pem`` unencrypted PKCS #8 (never printed), C2PA ``algorithm``.

    ``not_before`` and ``not_after`` are Unix seconds; ``development`` says that nobody vouches for it.
    """

    chain_pem: bytes = field(repr=False)
    key_pem: bytes = field(repr=False)
    algorithm: str
    common_name: str
    not_before: float
    not_after: float
    development: bool


def identity_from_pem(chain_pem: bytes, key_pem: bytes) -> SigningIdentity:
    """The identity in two PEM texts; raises :class:`BadInput` when they don't fit together.

    The algorithm follows from the key: P-256 ES256, P-384 ES384, P-521 ES512, Ed25519, RSA PS256
    (C2PA 2.4, section 13.2).
    """
    try:
        chain = x509.load_pem_x509_certificates(chain_pem)
        key = serialization.load_pem_private_key(key_pem, password=None)
    except (ValueError, TypeError):
        # The parser's own words could quote the file; say only which kind of thing is wrong.
        raise BadInput("the signing certificate or key is not readable PEM, or the key is encrypted") from None
    if len(chain) < 2:
        raise BadInput("the chain must hold the signing certificate and the authority that issued it")
    leaf = chain[0]
    if _public(leaf.public_key()) != _public(key.public_key()):
        raise BadInput("the signing key does not belong to the first certificate of the chain")
    return SigningIdentity(
        chain_pem=b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in chain),
        key_pem=key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        algorithm=_algorithm(key),
        common_name=_name(leaf, x509.NameOID.COMMON_NAME),
        not_before=leaf.not_valid_before_utc.timestamp(),
        not_after=leaf.not_valid_after_utc.timestamp(),
        development=_name(leaf, x509.NameOID.ORGANIZATION_NAME) == DEVELOPMENT_ORGANISATION,
    )


def load_identity(cert_path: Path, key_path: Path) -> SigningIdentity:
    """An operator's own identity from two PEM files.

    Raises :class:`BadInput` when a file is missing, unreadable or foreign to the other, or when anyone but
    its owner may read the key.
    """
    try:
        mode = key_path.stat().st_mode & 0o777
        chain_pem, key_pem = cert_path.read_bytes(), key_path.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot read the signing certificate or key: {error.strerror}") from None
    if mode & 0o077:
        raise BadInput(f"the signing key is readable by others (mode {mode:04o}); type: chmod 600 on it")
    return identity_from_pem(chain_pem, key_pem)


def fingerprint(identity: SigningIdentity) -> str:
    """SHA-256 of the leaf certificate in DER, hex: what the ledger records of the signer."""
    return x509.load_pem_x509_certificate(identity.chain_pem).fingerprint(hashes.SHA256()).hex()


def leaf_serial(chain_pem: bytes) -> str:
    """The first certificate's serial number in decimal, as C2PA readers print it."""
    return str(x509.load_pem_x509_certificate(chain_pem).serial_number)


def issuers_pem(chain_pem: bytes) -> bytes:
    """Every certificate of the chain but the first."""
    rest = x509.load_pem_x509_certificates(chain_pem)[1:]
    return b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in rest)


def certificates_text(pem: bytes) -> str:
    """The certificates in ``pem`` and nothing else, as text; raises :class:`BadInput` where there are none."""
    try:
        found = x509.load_pem_x509_certificates(pem)
    except ValueError:
        raise BadInput("the trusted authorities are not readable PEM certificates") from None
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in found).decode()


def _public(key: object) -> bytes:
    return key.public_bytes(  # type: ignore[attr-defined,no-any-return]
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _algorithm(key: object) -> str:
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return _CURVES[key.curve.name]
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "ed25519"
    if isinstance(key, rsa.RSAPrivateKey):
        return "ps256"
    raise BadInput("the signing key is of a kind that C2PA does not use (P-256, P-384, P-521, Ed25519 or RSA)")


def _name(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""
