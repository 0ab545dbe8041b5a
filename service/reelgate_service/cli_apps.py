"""``reelgate-service apps`` and ``installations``: which chat apps are listened to, and where they may work."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from typing import TYPE_CHECKING

import click

from reelgate.chat import LANGUAGES, Registration
from reelgate.door import Registrar
from reelgate.errors import BadInput, NotOffered
from reelgate_integrations import catalog
from reelgate_service import settings as settings_
from reelgate_service.cli_base import database, prepare
from reelgate_service.db import apps as registry
from reelgate_service.db import installations as places
from reelgate_service.db import tables
from reelgate_service.vault import open_vault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reelgate.contract import PlatformFacts

_as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@click.group()
def apps() -> None:
    """Chat apps that are registered here."""


@apps.command("add")
@click.argument("platform")
@click.argument("app")
@click.option("--tenant", help="Whose app it is; default local.")
@click.option("--name", help="What the app is called there; default Reelgate.")
@click.option("--api", help="Another address of the platform's API, for a private server or a twin.")
@click.option("--open/--closed", "open_", default=None, help="Whether any place may use it; default closed.")
@click.option(
    "--secret-env",
    "variables",
    multiple=True,
    metavar="NAME=VARIABLE",
    help="Where a secret is; else it is asked for.",
)
def apps_add(
    platform: str,
    app: str,
    tenant: str | None,
    name: str | None,
    api: str | None,
    open_: bool | None,
    variables: tuple[str, ...],
) -> None:
    """Register APP, by its public id at PLATFORM; or give one that is there new secrets."""
    facts = catalog.platform(platform, Registration(app)).facts
    if not facts.inbound:
        raise NotOffered(f"Nobody types into the platform {platform!r}: it needs no app.")
    secrets = _secrets(facts, app, variables)
    chosen = settings_.from_environment()
    prepare(chosen)
    db = database()
    with db.read() as session:
        before = session.get(tables.App, registry.app_id(platform, app))
    if before is not None:  # what is not named stays as it is
        tenant, name = tenant or before.tenant_id, name or before.name
        api = before.api if api is None else api
        open_ = bool(before.open) if open_ is None else open_
    registration = Registration(app, secrets, api or "", name or "Reelgate")
    catalog.platform(platform, registration)  # it says what it cannot be made with, before anything is kept
    made = registry.register(
        db,
        open_vault(chosen),
        tenant_id=tenant or "local",
        platform=platform,
        app=app,
        name=registration.name,
        api=registration.api,
        secrets=secrets,
        open=bool(open_),
    )
    whose = "any place may use it" if made.open else "places are added with: reelgate-service installations add"
    click.echo(f"Registered {made.id} for the tenant {made.tenant_id}; {whose}.")
    click.echo(f"{facts.title} reaches it at {chosen.address}/platforms/{made.id}")


@apps.command("list")
@_as_json
def apps_list(as_json: bool) -> None:
    """Every app, without its secrets."""
    with database().read() as session:
        rows = registry.listed(session)
    for row in rows:
        state = "disabled" if row.disabled_at is not None else "open" if row.open else "closed"
        if as_json:
            shown = {"platform": row.platform, "app": row.app, "tenant": row.tenant_id, "name": row.name}
            click.echo(json.dumps({**shown, "api": row.api, "state": state}, ensure_ascii=False))
        else:
            at = f"; {row.api}" if row.api else ""
            click.echo(f"{row.platform} {row.app}  {state:<8} {row.name}  (tenant {row.tenant_id}{at})")
    if not rows and not as_json:
        click.echo("No app is registered. Add one with: reelgate-service apps add PLATFORM APP")


@apps.command("disable")
@click.argument("platform")
@click.argument("app")
def apps_disable(platform: str, app: str) -> None:
    """Stop listening to an app at once; adding it again brings it back."""
    registry.disable(database(), platform, app)
    click.echo(f"Disabled {registry.app_id(platform, app)}.")


@apps.command("commands")
@click.argument("platform")
@click.argument("app")
@click.option("--place", default="", help="Only there, which shows at once; default everywhere.")
def apps_commands(platform: str, app: str, place: str) -> None:
    """Tell the platform which commands people can type."""
    found = registry.find(database(), open_vault(settings_.from_environment()), platform, app)
    made = catalog.platform(platform, found.registration)
    if not isinstance(made, Registrar):
        raise NotOffered(f"The platform {platform!r} need not be told: its commands are there by themselves.")
    click.echo("\n".join(made.register(place)))


@click.group()
def installations() -> None:
    """Places that an app was added to."""


@installations.command("add")
@click.argument("platform")
@click.argument("app")
@click.argument("place")
@click.option("--tenant", default="", help="Whose place it is; default the app's own tenant.")
def installations_add(platform: str, app: str, place: str, tenant: str) -> None:
    """Let people in PLACE, by its id at PLATFORM, use the app."""
    added = places.add(database(), registry.app_id(platform, app), _kept(place), tenant)
    click.echo(f"Added {added.id} for the tenant {added.tenant_id}.")


@installations.command("list")
@_as_json
def installations_list(as_json: bool) -> None:
    """Every place, with how the app behaves there."""
    with database().read() as session:
        rows = places.listed(session)
    for row in rows:
        platform, _, app = row.app_id.partition("/")
        settings = places.settings_of(row)
        if as_json:
            shown = {"platform": platform, "app": app, "place": row.place, "tenant": row.tenant_id}
            click.echo(json.dumps({**shown, **dataclasses.asdict(settings)}))
        else:
            click.echo(f"{platform} {app} {row.place}  {_told(settings)}  (tenant {row.tenant_id})")
    if not rows and not as_json:
        click.echo("No app was added anywhere yet.")


@installations.command("remove")
@click.argument("platform")
@click.argument("app")
@click.argument("place")
def installations_remove(platform: str, app: str, place: str) -> None:
    """Shut a place out; it stays out until it is added again."""
    places.remove(database(), registry.app_id(platform, app), _kept(place))
    click.echo(f"Removed {registry.app_id(platform, app)}/{place}.")


@installations.command("set")
@click.argument("platform")
@click.argument("app")
@click.argument("place")
@click.option("--quota", type=int, help="How many a member may ask for in a day; 0 for no limit.")
@click.option("--language", type=click.Choice([*LANGUAGES, "own"]), help="What it speaks; own: each member's own.")
@click.option("--channels", metavar="ID,ID|all", help="The only channels it answers in.")
def installations_set(
    platform: str, app: str, place: str, quota: int | None, language: str | None, channels: str | None
) -> None:
    """Change how the app behaves in a place."""
    changes: dict[str, object] = {}
    if quota is not None:
        changes["quota"] = quota
    if language is not None:
        changes["language"] = "" if language == "own" else language
    if channels is not None:
        changes["channels"] = () if channels == "all" else tuple(one.strip() for one in channels.split(","))
    if not changes:
        raise BadInput("Say what to change: --quota, --language or --channels.")
    db = database()
    with db.write("place.set") as session:
        found = places.named(session, registry.app_id(platform, app), _kept(place))
        settings = places.change(session, found, **changes).settings
    click.echo(_told(settings))


def _kept(place: str) -> str:
    """A place's id as the database has it; one that the list shows is one already."""
    listed = place.startswith("user:") and len(place) == len("user:") + 32
    return place if listed else open_vault(settings_.from_environment()).place(place)


def _told(settings: places.PlaceSettings) -> str:
    quota = f"{settings.quota} a day" if settings.quota else "no limit"
    return f"channels {','.join(settings.channels) or 'all'}; {quota}; language {settings.language or 'own'}"


def _secrets(facts: PlatformFacts, app: str, variables: Sequence[str]) -> Mapping[str, str]:
    """The secrets the platform needs, from variables or the keyboard: an argument could be read by others."""
    given: dict[str, str] = {}
    for pair in variables:
        name, _, variable = pair.partition("=")
        if name not in facts.secrets or not variable:
            needed = " ".join(f"{one}=VARIABLE" for one in facts.secrets) or "none"
            raise BadInput(f"--secret-env takes NAME=VARIABLE; {facts.title} needs: {needed}.")
        value = os.environ.get(variable, "").strip()
        if not value:
            raise BadInput(f"The variable {variable} for the secret {name!r} is not set.")
        given[name] = value
    missing = [name for name in facts.secrets if name not in given]
    if missing and not sys.stdin.isatty():
        options = " ".join(f"--secret-env {name}=VARIABLE" for name in missing)
        raise BadInput(f"{facts.title} also needs: {options} (each names a variable that holds the secret).")
    for name in missing:
        given[name] = click.prompt(f"{facts.title} {app}: {name}", hide_input=True).strip()
    return given
