"""Who signs for this installation: the operator's certificate, or a development one made on the first day."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from reelgate_moderation.provenance.certificate import development_chains, ensure_development_certificate
from reelgate_moderation.provenance.identity import SigningIdentity, load_identity

if TYPE_CHECKING:
    from reelgate_service.settings import Settings


def identity(settings: Settings) -> SigningIdentity:
    """The signer in use; raises ``BadInput`` when the operator's files do not fit together."""
    if settings.signing_cert and settings.signing_key:
        return load_identity(Path(settings.signing_cert), Path(settings.signing_key))
    return ensure_development_certificate(_folder(settings), time.time())


def chains(settings: Settings) -> list[bytes]:
    """Every chain this installation signs or has signed with, to recognise its own files."""
    ours = development_chains(_folder(settings)) if _folder(settings).is_dir() else []
    if settings.signing_cert:
        ours.append(Path(settings.signing_cert).read_bytes())
    return ours


def _folder(settings: Settings) -> Path:
    return settings.home / "keys"
