"""Accounts from the terminal: the list with its health, and connecting one."""

from __future__ import annotations

import json

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from ramah.channels.content import LinkStatus
from ramah.lib.errors import BadInput, NotFound
from ramah.messaging.connecting import Connected, Connection, connect
from ramah.messaging.models import ChannelAccount
from ramah.people import Organisation
from ramah.settings import settings
from ramah.store import Database


def show_accounts() -> None:
    """Print a table of all active accounts."""
    table = Table("organisation", "kind", "name", "id", "link", "last proved", "trouble")
    database = Database(settings().database_url)
    with database.every_organisation_reading() as session:
        rows = session.execute(
            select(Organisation.slug, ChannelAccount)
            .join(Organisation, Organisation.id == ChannelAccount.organisation_id)
            .where(ChannelAccount.active)
            .order_by(Organisation.slug, ChannelAccount.kind)
        )
        for slug, account in rows:
            proved = f"{account.proved_at:%Y-%m-%d %H:%M} UTC by {account.proved_by}" if account.proved_at else "never"
            name, external_id = account.name, account.external_id
            table.add_row(slug, account.kind, name, external_id, account.link, proved, account.trouble or "")
    database.close()
    Console().print(table)


def connect_one(
    organisation: str,
    kind: str,
    name: str,
    external_id: str,
    secrets: list[str],
    options: list[str],
    base_url: str,
    fallback_url: str,
) -> int:
    """Connect and say what to do next; returns the exit code, 1 when the provider refused."""
    asked = Connection(
        kind=kind,
        name=name,
        external_id=external_id,
        secrets=dict(_secret(item) for item in secrets),
        options={key: _value(text) for key, text in map(_pair, options)} if options else None,
        base_url=base_url or None,
        fallback_url=fallback_url or None,
    )
    database = Database(settings().database_url)
    try:
        done = connect(database, _organisation_id(database, organisation), asked)
    finally:
        database.close()
    return _report(done)


def _organisation_id(database: Database, slug: str) -> str:
    with database.every_organisation_reading() as session:
        found = session.scalar(select(Organisation.id).where(Organisation.slug == slug))
    if found is None:
        raise NotFound(f"no organisation {slug!r}; see the slugs in `python -m ramah channels`")
    return found


def _secret(item: str) -> tuple[str, str]:
    return _pair(item) if "=" in item else (item, typer.prompt(item, hide_input=True))


def _pair(item: str) -> tuple[str, str]:
    name, sign, value = item.partition("=")
    if not sign or not name:
        raise BadInput(f"{item!r} is not NAME=VALUE")
    return name, value


def _value(text: str) -> object:
    """JSON where it is JSON (numbers, true, lists), else the text itself."""
    try:
        read: object = json.loads(text)
    except ValueError:
        return text
    return read


def _report(done: Connected) -> int:
    typer.echo(
        f"Account {done.account_id}: {done.state.status}" + (f", {done.state.detail}" if done.state.detail else "")
    )
    if done.webhook_url:
        typer.echo(f"Its provider posts to {done.webhook_url}")
    return 1 if done.state.status in (LinkStatus.FAILED, LinkStatus.LOGGED_OUT) else 0
