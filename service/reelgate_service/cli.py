"""``reelgate-service``: for people who run a service."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from reelgate.errors import NotOffered
from reelgate_moderation.review import desk
from reelgate_moderation.review.desk import Choice
from reelgate_service import access, cli_apps
from reelgate_service import settings as settings_
from reelgate_service.cli_base import Group
from reelgate_service.cli_base import database as _database
from reelgate_service.cli_base import prepare as _prepare
from reelgate_service.db import budgets, ledger, migrate, reviews, sessions
from reelgate_service.db.tables import Budget
from reelgate_service.db.tenants import listed as all_tenants
from reelgate_service.db.tenants import need_tenant
from reelgate_service.needs import need_address, need_parts
from reelgate_service.vault import open_vault


@click.group(cls=Group)
def main() -> None:
    """Run Reelgate: the web service, its workers, and what an operator needs."""


main.add_command(cli_apps.apps)
main.add_command(cli_apps.installations)


@main.command()
@click.option("--bind", help="Address and port; default 127.0.0.1:8700.")
def serve(bind: str | None) -> None:
    """Run everything: migrations, the web, and a supervised worker."""
    import os

    from reelgate_service.worker.supervise import supervise, web_child, worker_children

    if bind:
        os.environ["REELGATE_BIND"] = bind
    chosen = settings_.from_environment()
    need_address(chosen.bind)
    need_parts(chosen)
    _prepare(chosen)
    click.echo(f"Reelgate serves http://{chosen.bind} (home: {chosen.home}). Stop it with Ctrl-C.", err=True)
    if chosen.playground and chosen.here_alone:
        click.echo(f"Try it in a browser: {_link(chosen, 'local')} (works once, for 15 minutes)", err=True)
    elif chosen.playground:
        click.echo("For a link that signs a browser in: reelgate-service sign-in", err=True)
    click.echo("Make an API key with: reelgate-service keys add NAME", err=True)
    sys.exit(supervise([web_child(chosen), *worker_children(chosen)]))


@main.command()
def worker() -> None:
    """Run workers alone, beside a web service on the same database."""
    from reelgate_service.worker.supervise import supervise, worker_children

    chosen = settings_.from_environment()
    need_parts(chosen)
    _prepare(chosen)
    sys.exit(supervise(worker_children(chosen)))


def _link(chosen: settings_.Settings, tenant: str) -> str:
    return f"{chosen.address}/sign-in#{sessions.issue(_database(), open_vault(chosen), tenant)}"


@main.command("sign-in")
@click.option("--tenant", default="local", show_default=True)
def sign_in(tenant: str) -> None:
    """Print a link that signs one browser in, once, within 15 minutes."""
    chosen = settings_.from_environment()
    if not chosen.playground:
        raise NotOffered("The playground is switched off (REELGATE_PLAYGROUND).")
    _prepare(chosen)
    click.echo(_link(chosen, tenant))


@main.command("migrate")
def migrate_() -> None:
    """Bring the database to this version's schema."""
    database = _database()
    migrate.upgrade(database)
    click.echo("The schema is up to date.")


@main.command()
@click.option("--check", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Compare with this file.")
def openapi(check: Path | None) -> None:
    """Print the OpenAPI file, or compare it with a committed one."""
    from reelgate_service.app import create_app
    from reelgate_service.web.openapi import document

    text = json.dumps(document(create_app()), indent=2) + "\n"
    if check is None:
        click.echo(text, nl=False)
    elif check.read_text(encoding="utf-8") != text:
        click.echo(f"{check} is not this version's. Write it anew: reelgate-service openapi > {check}", err=True)
        sys.exit(1)


@main.group("reviews")
def reviews_() -> None:
    """What waits for a person."""


@reviews_.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def reviews_list(as_json: bool) -> None:
    """Open items, oldest first."""
    with _database().read() as session:
        rows = list(reviews.waiting(session))
    for row in rows:
        offers = list(desk.offers(row.kind))
        if as_json:
            click.echo(
                json.dumps(
                    {"id": row.id, "job": row.job_id, "kind": row.kind, "reason": row.reason, "offers": offers}
                )
            )
        else:
            click.echo(f"{row.id}  {row.kind:<7} {row.reason}  (job {row.job_id}; {', '.join(offers)})")
    if not rows and not as_json:
        click.echo("Nothing waits.")


@reviews_.command("show")
@click.argument("review_id")
def reviews_show(review_id: str) -> None:
    """One item with the words it is about, opened for the person at this machine."""
    chosen = settings_.from_environment()
    database = _database()
    with database.read() as session:
        click.echo(json.dumps(reviews.show(session, open_vault(chosen), review_id), indent=2, ensure_ascii=False))


def _decide(review_id: str, decision: str, note: str, external_id: str = "") -> None:
    import getpass

    state = reviews.decide(
        _database(), review_id, decision, f"operator:{getpass.getuser()}", note=note, external_id=external_id
    )
    click.echo(f"Decided: {decision}. The job is now {state}.")


_note = click.option("--note", default="", help="Why, for the record.")


@reviews_.command("approve")
@click.argument("review_id")
@_note
def reviews_approve(review_id: str, note: str) -> None:
    """Let a held prompt or reel go on."""
    _decide(review_id, Choice.APPROVE, note)


@reviews_.command("block")
@click.argument("review_id")
@_note
def reviews_block(review_id: str, note: str) -> None:
    """Refuse a held prompt or reel."""
    _decide(review_id, Choice.BLOCK, note)


@reviews_.command("adopt")
@click.argument("review_id")
@click.argument("external_id")
@_note
def reviews_adopt(review_id: str, external_id: str, note: str) -> None:
    """Say that the lost call did happen, and what the other side made."""
    _decide(review_id, Choice.ADOPT, note, external_id)


@reviews_.command("resend")
@click.argument("review_id")
@_note
def reviews_resend(review_id: str, note: str) -> None:
    """Say that the lost call did not happen (or may happen twice): do it again."""
    _decide(review_id, Choice.RESEND, note)


@reviews_.command("abandon")
@click.argument("review_id")
@_note
def reviews_abandon(review_id: str, note: str) -> None:
    """Give the job up."""
    _decide(review_id, Choice.ABANDON, note)


@main.group()
def keys() -> None:
    """API keys."""


@keys.command("add")
@click.argument("name")
@click.option("--tenant", default="local", show_default=True)
@click.option(
    "--scope", "scopes", multiple=True, default=("make",), show_default=True, type=click.Choice(access.SCOPES)
)
def keys_add(name: str, tenant: str, scopes: tuple[str, ...]) -> None:
    """Make a key and show it, once."""
    chosen = settings_.from_environment()
    _prepare(chosen)
    click.echo(access.make_key(_database(), open_vault(chosen), tenant, name, scopes))


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def keys_list(as_json: bool) -> None:
    """Every key by its id and name; the key itself was shown once."""
    with _database().read() as session:
        rows = access.listed(session)
    for row in rows:
        state = "live" if row.revoked_at is None else "revoked"
        if as_json:
            shown = {"id": row.id, "name": row.name, "tenant": row.tenant_id, "scopes": row.scopes.split(",")}
            click.echo(json.dumps({**shown, "state": state}, ensure_ascii=False))
        else:
            click.echo(f"{row.id}  {state:<8} {row.name}  ({row.scopes}; tenant {row.tenant_id})")
    if not rows and not as_json:
        click.echo("There is no key. Make one with: reelgate-service keys add NAME")


@keys.command("revoke")
@click.argument("key_id")
def keys_revoke(key_id: str) -> None:
    """Make a key useless at once; its id is the 8 digits after rg_live_."""
    access.revoke(_database(), key_id)
    click.echo("Revoked.")


@main.group()
def tenants() -> None:
    """Customers of this installation."""


@tenants.command("add")
@click.argument("tenant_id")
@click.argument("name")
def tenants_add(tenant_id: str, name: str) -> None:
    """Make a tenant."""
    chosen = settings_.from_environment()
    _prepare(chosen)
    access.make_tenant(_database(), tenant_id, name)
    click.echo(f"Made {tenant_id}.")


@tenants.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def tenants_list(as_json: bool) -> None:
    """Every tenant, with what it may spend this month."""
    database = _database()
    with database.read() as session:
        period = budgets.period_of(database.now(session))
        rows = [(row, session.get(Budget, (row.id, period))) for row in all_tenants(session)]
    for row, budget in rows:
        spent, cap = (budget.spent + budget.reserved, budget.cap) if budget else (0, 0)
        if as_json:
            shown = {"id": row.id, "name": row.name, "period": period, "spent": spent, "cap": cap}
            click.echo(json.dumps(shown, ensure_ascii=False))
        else:
            click.echo(f"{row.id}  {row.name}  ({spent} of {cap} cents in {period})")


@tenants.command("budget")
@click.argument("tenant_id")
@click.argument("cents", type=click.IntRange(min=0))
def tenants_budget(tenant_id: str, cents: int) -> None:
    """Set what a tenant may spend this month, in cents."""
    database = _database()
    with database.write("budget.set") as session:
        need_tenant(session, tenant_id)
        budgets.set_cap(session, tenant_id, budgets.period_of(database.now(session)), cents)
    click.echo(f"{tenant_id} may spend {cents} cents this month.")


@main.group("ledger")
def ledger_() -> None:
    """The ledger of what was made."""


@ledger_.command("verify")
def ledger_verify() -> None:
    """Check every leaf and the chain; exit status 1 when anything was changed, moved or cut off."""
    report = ledger.verify(_database())
    if report.ok:
        click.echo(f"The ledger holds: {report.rows} leaves, head {report.head.chain_hash.hex()[:16]}.")
    else:
        click.echo(f"The ledger is damaged at leaf {report.bad_seq}: {report.why}.", err=True)
        sys.exit(1)


@main.command()
@click.option(
    "--kills", type=click.IntRange(min=0), default=0, help="Stop after this many kills; 0 means every point once."
)
@click.option("--postgres", default="", help="Also run on this PostgreSQL database (a scratch schema is made in it).")
@click.option("--seed", default=1, show_default=True, help="Which points a bounded run picks.")
def crash(kills: int, postgres: str, seed: int) -> None:
    """Kill our own workers at every named point and check that nothing was lost or doubled."""
    from reelgate_service.crash.bench import crash_bench

    sys.exit(crash_bench(kills=kills, postgres=postgres, seed=seed, say=click.echo))
