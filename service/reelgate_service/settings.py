"""What the operator chose: one frozen dataclass, read from the environment once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from reelgate.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "REELGATE_"
_DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://")
_BROKERS = ("redis://", "rediss://", "amqp://", "amqps://")


class SettingInvalid(BadInput):
    """An environment variable that cannot be used as it is; the detail names it."""

    code = "setting_invalid"
    default_says = "A setting of this installation cannot be used as it is."


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, with the defaults of a laptop: SQLite, files, no broker.

    Times are seconds. ``broker_url`` empty means that the poller alone finds work. ``secret_keys`` and
    ``mark_keys`` are comma-separated, newest first; empty ones are made and kept under ``home``.
    """

    home: Path
    database_url: str
    broker_url: str = field(default="", repr=False)
    store_url: str = ""
    public_url: str = ""
    bind: str = "127.0.0.1:8700"
    secret_keys: str = field(default="", repr=False)
    mark_keys: str = field(default="", repr=False)
    signing_cert: str = ""
    signing_key: str = field(default="", repr=False)
    policy_dir: str = ""
    deliver_dir: str = ""
    lease_s: float = 30.0
    settle_s: float = 60.0
    sweep_s: float = 5.0
    poll_s: float = 1.0
    orphan_s: float = 3600.0
    deadline_s: float = 86_400.0
    workers: int = 1
    web_processes: int = 2
    web_threads: int = 16
    max_queue: int = 500
    min_free_mb: int = 100
    allow_private_hooks: bool = False
    playground: bool = True

    @property
    def store_path(self) -> Path:
        """The folder behind a ``file://`` store."""
        if not self.store_url.startswith("file://"):
            raise SettingInvalid("REELGATE_STORE_URL must start with file:// in this version.")
        return Path(self.store_url.removeprefix("file://"))

    @property
    def delivery_path(self) -> Path:
        """Where the platform ``folder`` puts finished reels."""
        return Path(self.deliver_dir) if self.deliver_dir else self.home / "delivered"

    @property
    def spool(self) -> Path:
        """Where files are made before they are kept; emptied of old ones by the sweeper."""
        return self.home / "spool"

    @property
    def address(self) -> str:
        """Where a browser finds the pages: the public address, else the one bound to, as seen from this machine."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host, _, port = self.bind.rpartition(":")
        return f"http://{'127.0.0.1' if host in {'0.0.0.0', '[::]'} else host}:{port}"  # noqa: S104  told, not bound

    @property
    def here_alone(self) -> bool:
        """True when nobody but this machine's own people reach the service, by an address or through a proxy."""
        host = self.bind.rpartition(":")[0].strip("[]")
        try:
            loopback = host == "localhost" or ip_address(host).is_loopback
        except ValueError:
            loopback = False
        return loopback and not self.public_url

    def masked(self) -> dict[str, str]:
        """Every setting as text, secrets hidden, for ``doctor``."""
        shown: dict[str, str] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if not item.repr:
                shown[item.name] = "(set)" if value else "(not set)"
            elif item.name == "database_url":
                shown[item.name] = _without_password(str(value))
            elif item.name == "deliver_dir":
                shown[item.name] = str(self.delivery_path)
            else:
                shown[item.name] = str(value) or "(not set)"
        return shown


def _without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    if not at:
        return url
    scheme, slashes, user = head.partition("://")
    return f"{scheme}{slashes}{user.partition(':')[0]}:***@{tail}"


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read ``REELGATE_*``; raises :class:`SettingInvalid` naming the variable that cannot be read."""
    env = os.environ if environ is None else environ
    home = Path(env.get(PREFIX + "HOME") or Path.home() / ".reelgate").expanduser().absolute()
    values: dict[str, object] = {
        "home": home,
        "database_url": env.get(PREFIX + "DATABASE_URL") or f"sqlite:///{home / 'reelgate.db'}",
        "store_url": env.get(PREFIX + "STORE_URL") or f"file://{home / 'store'}",
    }
    for item in fields(Settings):
        if item.name in values:
            continue
        raw = env.get(PREFIX + item.name.upper())
        if raw is None or raw == "":
            continue
        values[item.name] = _parse(item.name, str(item.type), raw)
    settings = Settings(**values)  # type: ignore[arg-type]  # the loop above gives each field its own type
    if not settings.database_url.startswith(_DATABASES):
        raise SettingInvalid("REELGATE_DATABASE_URL must look like sqlite:///PATH or postgresql://USER@HOST/NAME.")
    if settings.broker_url and not settings.broker_url.startswith(_BROKERS):
        raise SettingInvalid("REELGATE_BROKER_URL must start with redis:// or amqp://, or be empty.")
    if bool(settings.signing_cert) != bool(settings.signing_key):
        raise SettingInvalid("REELGATE_SIGNING_CERT and REELGATE_SIGNING_KEY go together: set both or neither.")
    if settings.public_url and not settings.public_url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise SettingInvalid("REELGATE_PUBLIC_URL must look like https://HOST: where others reach this service.")
    if settings.lease_s < 1:
        raise SettingInvalid("REELGATE_LEASE_S must be at least 1 second.")
    return settings


def _parse(name: str, kind: str, raw: str) -> object:
    variable = PREFIX + name.upper()
    try:
        if kind == "float":
            return float(raw)
        if kind == "int":
            return int(raw)
    except ValueError as cause:
        raise SettingInvalid(f"{variable} must be a number, not {raw!r}.") from cause
    if kind == "bool":
        if raw.lower() not in {"0", "1", "true", "false", "yes", "no"}:
            raise SettingInvalid(f"{variable} must be 1 or 0, not {raw!r}.")
        return raw.lower() in {"1", "true", "yes"}
    return raw
