"""The registry of apps, the places they are in, and what a member may ask for in a day."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from reelgate.errors import BadInput, Conflict, NotFound, ReelgateError
from reelgate_service import access
from reelgate_service.db import apps, installations, tables, uses
from reelgate_service.db.installations import EveryChannel, OnlyChannel, Place, PlaceSettings, SettingBad
from reelgate_service.vault import Vault, VaultError

if TYPE_CHECKING:
    from reelgate_service.db.apps import Registered
    from reelgate_service.db.base import Database

SECRETS = {"public_key": "aa11", "token": "a token nobody may read"}
DAY = 86_400_000
NOON = 1_800_000_000_000


def registered(db: Database, vault: Vault, app: str = "123", **other: object) -> Registered:
    asked: dict[str, object] = {
        "tenant_id": "local",
        "platform": "discord",
        "app": app,
        "name": "Reelgate",
        "api": "",
        "secrets": SECRETS,
        "open": True,
    }
    return apps.register(db, vault, **{**asked, **other})  # type: ignore[arg-type]


def place_in(db: Database, app: Registered, place: str) -> Place | None:
    with db.read() as session:
        return installations.find(session, app, place)


def changed(db: Database, place: Place, **changes: object) -> Place:
    with db.write("test") as session:
        return installations.change(session, place, **changes)


def configured(db: Database, place: Place, setting: str, value: str = "") -> PlaceSettings:
    with db.write("test") as session:
        return installations.configure(session, place, setting, value).settings


# -- apps ------------------------------------------------------------------------------------------------------------


def test_what_was_registered_is_found_with_its_secrets(db: Database, vault: Vault) -> None:
    made = registered(db, vault, name="Clips", api="http://127.0.0.1:9000", open=False)
    found = apps.find(db, vault, "discord", "123")
    assert found == made
    assert (found.id, found.tenant_id, found.open) == ("discord/123", "local", False)
    assert found.registration.secrets == SECRETS
    assert (found.registration.name, found.registration.api) == ("Clips", "http://127.0.0.1:9000")
    assert "nobody may read" not in repr(found)


def test_no_column_holds_a_secret_and_it_opens_in_its_own_row_only(db: Database, vault: Vault) -> None:
    registered(db, vault)
    registered(db, vault, "456", secrets={"token": "another one"})
    with db.write("test") as session:
        rows = apps.listed(session)
        assert not [row for row in rows if b"token" in row.sealed or "token" in f"{row.name}{row.api}"]
        rows[0].sealed = rows[1].sealed
    with pytest.raises(VaultError):
        apps.find(db, vault, "discord", "123")
    with pytest.raises(VaultError):
        apps.find(db, Vault([b"n" * 32]), "discord", "456")


def test_unknown_and_disabled_are_alike_and_registering_again_brings_it_back(db: Database, vault: Vault) -> None:
    registered(db, vault)
    apps.disable(db, "discord", "123")
    said = set()
    for app in ("123", "999"):
        with pytest.raises(NotFound) as caught:
            apps.find(db, vault, "discord", app)
        said.add(str(caught.value).replace(app, "APP"))
    assert len(said) == 1
    with pytest.raises(NotFound):
        apps.disable(db, "discord", "123")
    with pytest.raises(NotFound):
        installations.add(db, "discord/123", "guild")
    registered(db, vault)
    assert apps.find(db, vault, "discord", "123").registration.secrets == SECRETS


def test_new_secrets_replace_the_old_and_installations_stay(db: Database, vault: Vault) -> None:
    app = registered(db, vault)
    place = installations.add(db, app.id, "guild")
    place = changed(db, place, quota=3)
    with db.read() as session:
        before = apps.listed(session)[0].created_at
    again = registered(db, vault, secrets={"token": "a new one"}, name="Renamed")
    assert apps.find(db, vault, "discord", "123").registration.secrets == {"token": "a new one"}
    assert place_in(db, again, "guild") == place
    with db.read() as session:
        assert [(row.name, row.created_at) for row in apps.listed(session)] == [("Renamed", before)]


def test_an_app_changes_its_tenant_only_when_nothing_hangs_on_it(db: Database, vault: Vault) -> None:
    access.make_tenant(db, "acme", "Acme")
    app = registered(db, vault)
    installations.add(db, app.id, "guild")
    with pytest.raises(Conflict, match="local"):
        registered(db, vault, tenant_id="acme")
    apps.disable(db, "discord", "123")
    with pytest.raises(Conflict):
        registered(db, vault, tenant_id="acme")
    installations.remove(db, app.id, "guild")
    moved = registered(db, vault, tenant_id="acme")
    assert apps.find(db, vault, "discord", "123") == moved
    with db.read() as session:
        assert [row.id for row in apps.listed(session, "acme")] == ["discord/123"]
        assert list(apps.listed(session, "local")) == []
    with pytest.raises(NotFound):
        registered(db, vault, "456", tenant_id="nobody")


@pytest.mark.parametrize(
    "wrong",
    [
        {"app": ""},
        {"app": "a/b"},
        {"app": "a b"},
        {"app": "a" * 101},
        {"platform": "dis/cord"},
        {"name": " "},
        {"name": "x" * 81},
        {"name": "two\nlines"},
        {"api": "ftp://host"},
        {"api": "https://"},
        {"api": "https://me:hunter2@host"},
        {"secrets": {"token": ""}},
        {"secrets": {"token": "trailing "}},
    ],
)
def test_what_cannot_be_registered_is_said_without_the_secret(
    db: Database, vault: Vault, wrong: dict[str, object]
) -> None:
    with pytest.raises(BadInput) as caught:
        registered(db, vault, **wrong)  # type: ignore[arg-type]
    assert "hunter2" not in str(caught.value) and "trailing" not in str(caught.value)
    with db.read() as session:
        assert list(apps.listed(session)) == []


# -- places ----------------------------------------------------------------------------------------------------------


def test_an_open_app_takes_unknown_places_in_and_a_closed_one_does_not(db: Database, vault: Vault) -> None:
    opened, closed = registered(db, vault), registered(db, vault, "456", open=False)
    with db.write("test") as session:
        found = installations.find_or_add(session, opened, "guild", NOON)
        assert installations.find_or_add(session, opened, "guild", NOON + 1) == found
        assert installations.find_or_add(session, closed, "guild", NOON) is None
    assert found == Place("discord/123/guild", "local", "guild", PlaceSettings())
    assert place_in(db, opened, "guild") == found
    added = installations.add(db, closed.id, "guild")
    assert place_in(db, closed, "guild") == added != found


def test_two_first_requests_at_once_add_one_place(db: Database, vault: Vault) -> None:
    app = registered(db, vault)
    gate = threading.Barrier(8)

    def first(_: int) -> Place | None:
        gate.wait()
        with db.write("test") as session:
            return installations.find_or_add(session, app, "guild", NOON)

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(first, range(8)))
    assert found == {place_in(db, app, "guild")} != {None}


def test_a_place_that_was_taken_out_stays_out_until_it_is_added_again(db: Database, vault: Vault) -> None:
    app = registered(db, vault)
    place = changed(db, installations.add(db, app.id, "guild"), language="de")
    installations.remove(db, app.id, "guild")
    assert place_in(db, app, "guild") is None
    with db.write("test") as session:
        assert installations.find_or_add(session, app, "guild", NOON) is None
        assert not installations.take_out(session, app.id, "guild", NOON)
    with pytest.raises(NotFound):
        installations.remove(db, app.id, "guild")
    with pytest.raises(NotFound):
        changed(db, place, quota=1)
    assert installations.add(db, app.id, "guild") == place


def test_a_place_belongs_to_one_tenant_and_starts_afresh_with_the_next(db: Database, vault: Vault) -> None:
    access.make_tenant(db, "acme", "Acme")
    app = registered(db, vault)
    place = changed(db, installations.add(db, app.id, "guild"), quota=5, channels=("1",))
    with pytest.raises(Conflict, match="local"):
        installations.add(db, app.id, "guild", "acme")
    installations.remove(db, app.id, "guild")
    theirs = installations.add(db, app.id, "guild", "acme")
    assert theirs == Place("discord/123/guild", "acme", "guild", PlaceSettings())
    with pytest.raises(NotFound):
        changed(db, place, quota=1)  # the old tenant's hand on it is worth nothing
    with db.read() as session:
        assert [row.id for row in installations.listed(session, "acme")] == [theirs.id]
        assert list(installations.listed(session, "local")) == []
        assert len(installations.listed(session)) == 1
    with pytest.raises(NotFound):
        installations.add(db, app.id, "other", "nobody")


@pytest.mark.parametrize("place", ["", "a b", "a\nb", "x" * 256])
def test_a_place_without_a_plain_id_is_refused(db: Database, vault: Vault, place: str) -> None:
    app = registered(db, vault)
    with pytest.raises(BadInput):
        installations.add(db, app.id, place)
    with pytest.raises(BadInput), db.write("test") as session:
        installations.find_or_add(session, app, place, NOON)


def test_settings_are_kept_and_checked(db: Database, vault: Vault) -> None:
    app = registered(db, vault)
    place = installations.add(db, app.id, "guild")
    many = tuple(str(number) for number in range(50))
    place = changed(db, place, channels=many, quota=1000, language="ja")
    assert place_in(db, app, "guild") == place
    assert place.settings == PlaceSettings(many, 1000, "ja")
    for wrong in (
        {"channels": (*many, "51")},
        {"channels": ("1", "1")},
        {"channels": ("general",)},
        {"channels": ("²",)},
        {"channels": ("1" * 33,)},
        {"quota": -1},
        {"quota": 1001},
        {"language": "tlh"},
        {"colour": "red"},
    ):
        with pytest.raises(SettingBad):
            changed(db, place, **wrong)
    assert place_in(db, app, "guild") == place
    assert changed(db, place, channels=(), quota=0, language="").settings == PlaceSettings()


def test_settings_change_as_a_chat_asks_for_it(db: Database, vault: Vault) -> None:
    place = installations.add(db, registered(db, vault).id, "guild")
    assert configured(db, place, "show") == PlaceSettings()
    with pytest.raises(EveryChannel):
        configured(db, place, "channel_forbid", "7")
    assert configured(db, place, "channel_allow", "7").channels == ("7",)
    assert configured(db, place, "channel_allow", "8").channels == ("7", "8")
    assert configured(db, place, "channel_allow", "7").channels == ("8", "7")
    assert configured(db, place, "channel_forbid", "9").channels == ("8", "7")
    assert configured(db, place, "channel_forbid", "8").channels == ("7",)
    with pytest.raises(OnlyChannel):  # an empty list would mean: answer everywhere
        configured(db, place, "channel_forbid", "7")
    assert configured(db, place, "quota", "12").quota == 12
    assert configured(db, place, "language", "pt").language == "pt"
    assert configured(db, place, "channels_all") == PlaceSettings((), 12, "pt")
    for setting, value in (("quota", "many"), ("quota", "-1"), ("quota", ""), ("language", "x"), ("volume", "11")):
        with pytest.raises(SettingBad):
            configured(db, place, setting, value)


def test_of_two_changes_at_once_neither_is_lost(db: Database, vault: Vault) -> None:
    app = registered(db, vault)
    place = installations.add(db, app.id, "guild")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: configured(db, place, "channel_allow", str(number)), range(24)))
    kept = place_in(db, app, "guild")
    assert kept is not None
    assert sorted(kept.settings.channels, key=int) == [str(number) for number in range(24)]


# -- quotas ----------------------------------------------------------------------------------------------------------


def test_a_quota_is_never_passed_however_many_ask_at_once(db: Database, vault: Vault) -> None:
    place = installations.add(db, registered(db, vault).id, "guild")

    def ask(_: int) -> bool:
        with db.write("test") as session:
            return uses.use(session, place, "member", NOON, 7)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(40)))
    assert answers.count(True) == 7
    with db.read() as session:
        assert session.scalars(select(tables.Use.used)).all() == [7]
        assert uses.left(session, place, "member", NOON, 7) == 0


def test_each_member_place_tenant_and_day_counts_alone(db: Database, vault: Vault) -> None:
    app = registered(db, vault)
    here, there = installations.add(db, app.id, "here"), installations.add(db, app.id, "there")
    access.make_tenant(db, "acme", "Acme")
    theirs = replace(here, tenant_id="acme")
    midnight = NOON - NOON % DAY + DAY
    with db.write("test") as session:
        assert uses.left(session, here, "a", NOON, 1) == 1
        assert uses.use(session, here, "a", midnight - 1, 1)
        assert not uses.use(session, here, "a", midnight - 1, 1)
        assert uses.left(session, here, "a", midnight - 1, 1) == 0
        for place, member, now in ((here, "b", NOON), (there, "a", NOON), (theirs, "a", NOON), (here, "a", midnight)):
            assert uses.use(session, place, member, now, 1)
        assert uses.use(session, here, "a", midnight - 1, 2), "a raised quota counts at once"
        assert uses.left(session, here, "a", midnight - 1, 1) == 0, "a lowered one is not below nothing"


def test_no_quota_is_no_limit_and_counts_nothing(db: Database, vault: Vault) -> None:
    place = installations.add(db, registered(db, vault).id, "guild")
    with db.write("test") as session:
        assert all(uses.use(session, place, "member", NOON, 0) for _ in range(3))
        assert uses.left(session, place, "member", NOON, 0) is None
        assert session.scalar(select(func.count()).select_from(tables.Use)) == 0


def test_a_use_is_given_back_with_the_transaction_it_was_part_of(db: Database, vault: Vault) -> None:
    place = installations.add(db, registered(db, vault).id, "guild")
    with pytest.raises(ReelgateError), db.write("test") as session:
        assert uses.use(session, place, "member", NOON, 1)
        raise ReelgateError("the job could not be accepted")
    with db.read() as session:
        assert uses.left(session, place, "member", NOON, 1) == 1
