"""Databases for the service's tests: SQLite always, PostgreSQL where one answers (and loudly skipped if not)."""

from __future__ import annotations

import contextlib
import os
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.service.web_client import Web, web_of

from reelgate_service import settings as settings_
from reelgate_service.clock import SharedClock
from reelgate_service.db import budgets, migrate
from reelgate_service.db.base import Database, open_database
from reelgate_service.vault import Vault, open_vault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSTGRES = os.environ.get("REELGATE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
START = 1_800_000_000_000


@contextlib.contextmanager
def scratch_schema() -> Iterator[str]:
    """The URL of a fresh schema on the test server, gone afterwards."""
    name = f"reelgate_test_{uuid.uuid4().hex[:10]}"
    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL answers on 127.0.0.1:5432: its half of these tests did not run")
    with server:
        server.execute(f'CREATE SCHEMA "{name}"')  # type: ignore[arg-type]
        try:
            yield f"{POSTGRES}?options=-csearch_path%3D{name}"
        finally:
            server.execute(f'DROP SCHEMA "{name}" CASCADE')  # type: ignore[arg-type]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Each database in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/reelgate.db"
    else:
        with scratch_schema() as url:
            yield url


@pytest.fixture
def clock(tmp_path: Path) -> SharedClock:
    """A clock that only the test moves."""
    made = SharedClock(tmp_path / "clock")
    made.set(START)
    return made


@pytest.fixture
def db(database_url: str, clock: SharedClock) -> Iterator[Database]:
    """An open database with its schema and a budget of 100 cents for tenant ``local``."""
    opened = open_database(database_url, clock)
    migrate.upgrade(opened)
    with opened.write("test") as session:
        budgets.set_cap(session, "local", budgets.period_of(START), 100)
    yield opened
    opened.close()


@pytest.fixture
def settings(tmp_path: Path) -> settings_.Settings:
    """Settings of a home of the test's own."""
    home = tmp_path / "home"
    home.mkdir()
    return replace(settings_.from_environment({"REELGATE_HOME": str(home)}), settle_s=5.0)


@pytest.fixture
def vault(settings: settings_.Settings) -> Vault:
    """A vault with a key of the test's own."""
    return open_vault(settings)


@pytest.fixture
def web(settings: settings_.Settings) -> Iterator[Web]:
    """A web application over a fresh SQLite database."""
    made = web_of(settings)
    yield made
    made.parts.db.close()
