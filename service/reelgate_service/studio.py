"""The studio: every concrete part that a job's life needs, built once a worker process.

The only room that knows which generator, screen, mark, store and signer are in use. It holds no job.
"""

from __future__ import annotations

import socket
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reelgate_integrations import catalog
from reelgate_integrations.folder.platform import FolderPlatform
from reelgate_moderation.hashes.bank import HashBank
from reelgate_moderation.marks.picture import TilePictureMark
from reelgate_moderation.output.screen import PolicyOutputScreen
from reelgate_moderation.policy.loader import load as load_policy
from reelgate_moderation.prompt.screen import PolicyPromptScreen
from reelgate_service import marking, signing
from reelgate_service.db import apps
from reelgate_service.db.base import Database, open_database
from reelgate_service.storage import DiskStore
from reelgate_service.vault import Vault, open_vault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reelgate.chat import Registration
    from reelgate.contract import Generator, OutputScreen, PictureMark, Platform, PromptScreen, Store
    from reelgate_moderation.policy.policy import Policy
    from reelgate_moderation.provenance.identity import SigningIdentity
    from reelgate_service.settings import Settings


@dataclass(frozen=True, slots=True)
class Studio:
    """Everything a step may use. ``owner`` names this process on the leases it takes."""

    settings: Settings
    db: Database
    vault: Vault
    store: Store
    policy: Policy
    prompt_screen: PromptScreen
    output_screen: OutputScreen
    picture_mark: PictureMark
    identity: SigningIdentity
    generators: Callable[[str], Generator]
    platforms: Callable[[str, str], Platform]
    owner: str


def build(
    settings: Settings,
    *,
    db: Database | None = None,
    generators: Mapping[str, Generator] | None = None,
    platforms: Mapping[str, Platform] | None = None,
) -> Studio:
    """Put the studio together. ``generators`` and ``platforms`` stand in front of the catalog."""
    policy = load_policy(Path(settings.policy_dir) if settings.policy_dir else None)
    bank = HashBank.load(settings.home / "hashes")
    opened = db or open_database(settings.database_url)
    vault = open_vault(settings)
    ours = {"folder": FolderPlatform(settings.delivery_path), **(platforms or {})}
    registered: dict[tuple[str, str], tuple[Registration, Platform]] = {}
    made: dict[str, Generator] = dict(generators or {})

    def generator(name: str) -> Generator:
        if name not in made:
            made[name] = catalog.generator(name)
        return made[name]

    def platform(slug: str, app: str) -> Platform:
        """The platform as that app; made anew only when its registration changed, for it remembers rate limits."""
        if slug in ours:
            return ours[slug]
        registration = apps.find(opened, vault, slug, app).registration
        known = registered.get((slug, app))
        if known is None or known[0] != registration:
            known = registered[slug, app] = (registration, catalog.platform(slug, registration))
        return known[1]

    return Studio(
        settings=settings,
        db=opened,
        vault=vault,
        store=DiskStore(settings.store_path),
        policy=policy,
        prompt_screen=PolicyPromptScreen(policy),
        output_screen=PolicyOutputScreen(policy, bank),
        picture_mark=TilePictureMark(marking.keys(settings)),
        identity=signing.identity(settings),
        generators=generator,
        platforms=platform,
        owner=f"{socket.gethostname()}-{uuid.uuid4().hex[:8]}",
    )
