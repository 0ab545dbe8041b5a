"""Where an app was added to, whose place that is, and how the app behaves there.

A place belongs to one tenant. An app that is *open* takes in every place that shows up with a verified request; one
that is closed knows only those an operator named. A place that was taken out stays out until it is added again.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from reelgate.chat import LANGUAGES
from reelgate.errors import BadInput, Conflict, NotFound
from reelgate_service.db import tables
from reelgate_service.db.apps import need_app
from reelgate_service.db.base import insert, touched
from reelgate_service.db.tenants import need_tenant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from reelgate_service.db.apps import Registered
    from reelgate_service.db.base import Database

MAX_CHANNELS = 50
MAX_QUOTA = 1000
_MAX_PLACE = 255
_MAX_CHANNEL = 32


class OnlyChannel(BadInput):
    """The last allowed channel would be forbidden, and an empty list means every channel."""

    code = "only_channel"
    default_says = "That is the only channel I answer in. Allow another one first, or let me answer in all channels."


class EveryChannel(BadInput):
    """A channel would be forbidden while none was ever named: there is no list to take it from."""

    code = "every_channel"
    default_says = "I answer in every channel now. Allow the channels you want, and I keep to those."


class SettingBad(BadInput):
    """A setting that does not exist, or a value that it cannot have."""

    code = "setting_bad"
    default_says = "That setting cannot have that value."


@dataclass(frozen=True, slots=True)
class PlaceSettings:
    """How the app behaves in one place.

    ``channels`` are the only ones it answers in (none: all). ``quota`` is how many reels a member may ask for in a
    day (UTC; 0: no limit). ``language`` is what it speaks there (empty: the member's own).
    """

    channels: tuple[str, ...] = ()
    quota: int = 0
    language: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One installation of an app; ``id`` is ``PLATFORM/APP/PLACE``, ``place`` the platform's own id."""

    id: str
    tenant_id: str
    place: str
    settings: PlaceSettings


def find(session: Session, registered: Registered, place: str) -> Place | None:
    """The place, or ``None`` for one that is unknown or was taken out."""
    row = session.get(tables.Installation, key_of(registered.id, place))
    return None if row is None or row.removed_at is not None else _place(row)


def named(session: Session, app: str, place: str) -> Place:
    """The place of ``app`` (``PLATFORM/APP``); raises ``NotFound``."""
    row = session.get(tables.Installation, key_of(app, place))
    if row is None or row.removed_at is not None:
        raise NotFound(f"There is no installation {key_of(app, place)!r}.")
    return _place(row)


def find_or_add(session: Session, registered: Registered, place: str, now: int) -> Place | None:
    """The place as :func:`find`; an open app takes an unknown one in, for its own tenant."""
    key = key_of(registered.id, place)
    row = session.get(tables.Installation, key)
    if row is not None:
        return None if row.removed_at is not None else _place(row)
    if not registered.open:
        return None
    _check_place(place)
    session.execute(
        insert(session, tables.Installation)
        .values(
            id=key, tenant_id=registered.tenant_id, app_id=registered.id, place=place, settings="{}", created_at=now
        )
        .on_conflict_do_nothing()  # two first requests at once: one adds it, both find it
    )
    return find(session, registered, place)


def add(db: Database, app: str, place: str, tenant_id: str = "") -> Place:
    """Say that a place belongs to a tenant (none named: the app's own); safe to repeat. ``app`` is ``PLATFORM/APP``.

    Raises ``NotFound`` for an unknown app or tenant and :class:`Conflict` while it is another tenant's.
    """
    with db.write("place.added") as session:
        return admit(session, app, place, tenant_id, db.now(session))


def admit(session: Session, app: str, place: str, tenant_id: str, now: int) -> Place:
    """:func:`add`, in a transaction that is already open. A new tenant starts with fresh settings."""
    _check_place(place)
    tenant_id = tenant_id or need_app(session, app).tenant_id
    need_app(session, app)
    need_tenant(session, tenant_id)
    key = key_of(app, place)
    row = session.get(tables.Installation, key, with_for_update=True)
    if row is None:
        row = tables.Installation(
            id=key, tenant_id=tenant_id, app_id=app, place=place, settings="{}", created_at=now, removed_at=None
        )
        session.add(row)
    elif row.tenant_id != tenant_id:
        if row.removed_at is None:
            raise Conflict(f"The place {key!r} belongs to the tenant {row.tenant_id!r}. Remove it there first.")
        row.tenant_id, row.settings, row.created_at = tenant_id, "{}", now
    row.removed_at = None
    session.flush()
    return _place(row)


def remove(db: Database, app: str, place: str) -> None:
    """Take the app out of a place; raises ``NotFound``. ``app`` is ``PLATFORM/APP``."""
    with db.write("place.removed") as session:
        if not take_out(session, app, place, db.now(session)):
            raise NotFound(f"There is no installation {key_of(app, place)!r}.")


def take_out(session: Session, app: str, place: str, now: int) -> bool:
    """:func:`remove`, in a transaction that is already open; ``False`` when it was not there."""
    row = tables.Installation
    changed = session.execute(
        update(row).where(row.id == key_of(app, place), row.removed_at.is_(None)).values(removed_at=now)
    )
    return touched(changed) == 1


def listed(session: Session, tenant_id: str = "") -> Sequence[tables.Installation]:
    """Every place an app is in, or those of one tenant, in order."""
    row = tables.Installation
    asked = select(row).where(row.removed_at.is_(None)).order_by(row.id)
    return session.scalars(asked.where(row.tenant_id == tenant_id) if tenant_id else asked).all()


def change(session: Session, place: Place, **changes: object) -> Place:
    """Set ``channels``, ``quota`` or ``language``; raises :class:`SettingBad` for a value they cannot have."""
    return _save(session, _hold(session, place), changes)


def configure(session: Session, place: Place, setting: str, value: str = "") -> Place:
    """One change as a chat asks for it (the settings of :class:`reelgate.chat.Configure`), on what is set now.

    Raises :class:`SettingBad`, :class:`OnlyChannel` and :class:`EveryChannel`.
    """
    if setting == "show":
        return place
    row = _hold(session, place)
    channels = _settings(row.settings).channels
    match setting:
        case "channel_allow":
            return _save(session, row, {"channels": (*(one for one in channels if one != value), value)})
        case "channel_forbid":
            if not channels:
                raise EveryChannel("No channel is named, so all are allowed.")
            if channels == (value,):
                raise OnlyChannel("The last allowed channel cannot be forbidden.")
            return _save(session, row, {"channels": tuple(one for one in channels if one != value)})
        case "channels_all":
            return _save(session, row, {"channels": ()})
        case "quota":
            return _save(
                session, row, {"quota": int(value) if value.isascii() and value.isdigit() and len(value) < 9 else -1}
            )
        case "language":
            return _save(session, row, {"language": value})
    raise SettingBad(f"There is no setting {setting!r}.")


def settings_of(row: tables.Installation) -> PlaceSettings:
    """What a row of :func:`listed` has set."""
    return _settings(row.settings)


def key_of(app: str, place: str) -> str:
    """The row of a place."""
    return f"{app}/{place}"


def place_of(key: str, tenant_id: str, place: str, settings: str) -> Place:
    """A place from what stands in its row."""
    return Place(key, tenant_id, place, _settings(settings))


def _place(row: tables.Installation) -> Place:
    return place_of(row.id, row.tenant_id, row.place, row.settings)


def _settings(text: str) -> PlaceSettings:
    kept = json.loads(text)
    return PlaceSettings(tuple(kept.get("channels", ())), kept.get("quota", 0), kept.get("language", ""))


def _hold(session: Session, place: Place) -> tables.Installation:
    """The row, locked, so that of two changes at once neither is lost; raises ``NotFound``."""
    row = tables.Installation
    found = session.execute(
        select(row)
        .where(row.id == place.id, row.tenant_id == place.tenant_id, row.removed_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(f"There is no installation {place.id!r}.")
    return found


def _save(session: Session, row: tables.Installation, changes: dict[str, object]) -> Place:
    known = {field.name for field in dataclasses.fields(PlaceSettings)}
    if not changes.keys() <= known:
        raise SettingBad(f"The settings are {', '.join(sorted(known))}.")
    settings = _checked(dataclasses.replace(_settings(row.settings), **changes))  # type: ignore[arg-type]
    row.settings = json.dumps(dataclasses.asdict(settings))
    session.flush()
    return _place(row)


def _checked(settings: PlaceSettings) -> PlaceSettings:
    channels = settings.channels
    if len(channels) > MAX_CHANNELS or len(set(channels)) != len(channels):
        raise SettingBad(f"At most {MAX_CHANNELS} channels, each once.")
    for one in channels:
        if not (one.isascii() and one.isdigit() and len(one) <= _MAX_CHANNEL):
            raise SettingBad(f"A channel's id is 1 to {_MAX_CHANNEL} digits.")
    if not 0 <= settings.quota <= MAX_QUOTA:
        raise SettingBad(f"A quota is a whole number from 0 (no limit) to {MAX_QUOTA}.")
    if settings.language and settings.language not in LANGUAGES:
        raise SettingBad(f"The languages are {', '.join(LANGUAGES)}.")
    return settings


def _check_place(place: str) -> None:
    if not place or len(place) > _MAX_PLACE or not place.isprintable() or " " in place:
        raise BadInput(f"A place's id is 1 to {_MAX_PLACE} signs without spaces.")
