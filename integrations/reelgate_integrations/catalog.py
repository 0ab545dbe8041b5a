"""What ships with Reelgate: one sorted row a generator, platform and twin, imported only when asked for.

Other packages bring theirs by entry points of the groups ``reelgate.generators``, ``reelgate.platforms`` and
``reelgate.twins``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from reelgate import plugins
from reelgate.contract import Generator, Platform
from reelgate.errors import NotOffered
from reelgate.plugins import Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from reelgate.testing.chatting import ChatTwin

GENERATOR_GROUP = "reelgate.generators"
PLATFORM_GROUP = "reelgate.platforms"
TWIN_GROUP = "reelgate.twins"

GENERATORS: tuple[Row, ...] = (
    Row(
        "storyboard",
        "reelgate_integrations.generators.storyboard.generator:StoryboardGenerator",
        "Draws and scores the words it knows by rule, on this machine, with no weights and no network.",
        "storyboard",
    ),
)
"""Generators of ours, by name."""

PLATFORMS: tuple[Row, ...] = (
    Row(
        "discord",
        "reelgate_integrations.discord.platform:DiscordPlatform",
        "Answers slash commands in Discord servers and conversations.",
        "discord",
    ),
    Row(
        "folder",
        "reelgate_integrations.folder.platform:FolderPlatform",
        "Delivers finished reels into a folder of this machine.",
    ),
)
"""Platforms of ours, by slug."""

TWINS: tuple[Row, ...] = (
    Row(
        "discord",
        "reelgate_integrations.discord.twin:DiscordTwin",
        "Plays Discord on this machine, with people, rules and faults.",
        "discord",
    ),
)
"""Twins of ours, by the slug of their platform."""


def generator(name: str, *args: object, **settings: object) -> Generator:
    """The generator called ``name``, made with the given settings.

    Raises ``NotFound`` for an unknown name, ``MissingExtra`` when a part is not installed, and ``NotOffered`` when
    what stands there cannot be made or lacks a verb of the contract.
    """
    made = _made(plugins.find(name, GENERATORS, GENERATOR_GROUP), name, args, settings)
    if not isinstance(made, Generator):
        raise NotOffered(f"The plugin {name!r} is not a generator: it lacks a part of reelgate.contract.Generator.")
    return made


def platform(name: str, *args: object, **settings: object) -> Platform:
    """The platform called ``name``, made with the given settings; raises as :func:`generator` does."""
    made = _made(plugins.find(name, PLATFORMS, PLATFORM_GROUP), name, args, settings)
    if not isinstance(made, Platform):
        raise NotOffered(f"The plugin {name!r} is not a platform: it lacks a part of reelgate.contract.Platform.")
    return made


def twin_maker(name: str) -> Callable[[], ChatTwin]:
    """What makes a twin of the platform ``name``; raises ``NotFound``, ``MissingExtra`` and ``NotOffered``."""
    maker = plugins.find(name, TWINS, TWIN_GROUP)
    if not callable(maker):
        raise NotOffered(f"The twin {name!r} is not something that can be made.")
    return cast("Callable[[], ChatTwin]", maker)


def _made(maker: object, name: str, args: tuple[object, ...], settings: dict[str, object]) -> object:
    if not callable(maker):
        raise NotOffered(f"The plugin {name!r} is not something that can be made.")
    return maker(*args, **settings)
