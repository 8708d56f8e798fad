"""The commands. Heavy imports stay inside the commands, so that ``--help`` is instant."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from ramah.lib.errors import RamahError

app = typer.Typer(help="Ramah: conversations that lose nothing.", no_args_is_help=True, add_completion=False)


@app.command()
def migrate() -> None:
    """Bring the database to the newest revision."""
    from ramah.cli.tables import metadata
    from ramah.settings import settings
    from ramah.store import Database
    from ramah.store.migrate import upgrade

    database = Database(settings().database_url)
    upgrade(database, metadata())
    database.close()
    typer.echo("The database is at the newest revision.")


@app.command()
def demo() -> None:
    """Load (or refresh) the demo organisations. Refused in production."""
    from ramah.demo.loader import DEMO_PASSWORD, load_all
    from ramah.settings import settings
    from ramah.store import Database

    config = settings()
    if config.environment == "production":
        typer.echo("The demo has a known password; it is not loaded in production.", err=True)
        raise typer.Exit(2)
    database = Database(config.database_url)
    names = load_all(database, datetime.now(UTC).year)
    database.close()
    typer.echo(f"Loaded {', '.join(names)}. Logins are in ramah/demo/organisations; the password is {DEMO_PASSWORD}.")


@app.command()
def schema() -> None:
    """Print the JSON Schema of the booking document."""
    import json

    from ramah.integrations.erp.schema import booking_schema

    typer.echo(json.dumps(booking_schema(), indent=2, ensure_ascii=False))


@app.command()
def revision(name: str, message: str) -> None:
    """Write migration NAME (such as 0002) from the difference between models and database."""
    from ramah.cli.tables import metadata
    from ramah.settings import settings
    from ramah.store import Database
    from ramah.store.migrate import write_revision

    write_revision(Database(settings().database_url), metadata(), message, name)


@app.command()
def run(
    demo: bool | None = typer.Option(
        None, "--demo/--no-demo", help="Load the demo organisations when they are missing; else as RAMAH_DEMO says."
    ),
    whatsapp_demo: bool = typer.Option(False, help="Also start a stand-in for WhatsApp with a phone to write from."),
) -> None:
    """Start the engine, actions, console and worker, supervised, until Ctrl-C."""
    from ramah.cli.run import start_all

    raise typer.Exit(start_all(whatsapp_demo=whatsapp_demo, demo=demo))


@app.command()
def ledger(
    day: str | None = typer.Option(
        None, help="The day, such as 2026-01-31, in each organisation's zone; else yesterday."
    ),
    organisation: str | None = typer.Option(None, help="Only the organisation with this slug."),
    json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Account for every message of a day. Fails when anything is missing."""
    from ramah.cli.ledger import show

    raise typer.Exit(show(day, organisation, as_json=json))


@app.command()
def incidents(
    show: str | None = typer.Option(None, help="Everything about the incident whose id begins so."),
    seen: str | None = typer.Option(None, help="Note that somebody looks after this one."),
    fixed: str | None = typer.Option(None, help="Note that this one is put right; it is told anew when it comes back."),
    organisation: str | None = typer.Option(None, help="Only of the organisation with this slug."),
    everything: bool = typer.Option(False, "--all", help="Fixed ones, too."),
) -> None:
    """List what went wrong, grouped by its place in the code, the latest first; or look at one."""
    from ramah.cli.incidents import run as run_incidents

    raise typer.Exit(run_incidents(show, seen, fixed, organisation, everything=everything))


@app.command()
def trace(
    wanted: str = typer.Argument(metavar="ID", help="A trace id, a message's number, or the provider's message id."),
) -> None:
    """Show why the bot answered a message as it did, with what took how long."""
    from ramah.cli.trace import show

    raise typer.Exit(show(wanted))


@app.command()
def replay(
    since: str | None = typer.Option(None, help="Received at this moment or later; UTC where no zone is written."),
    until: str | None = typer.Option(None, help="Received before this moment."),
    account: str | None = typer.Option(None, help="Only of the channel account with this public key."),
    envelope: str | None = typer.Option(None, help="Only this envelope."),
    failed: bool = typer.Option(False, "--failed", help="Only what nobody could read yet."),
) -> None:
    """Read kept webhook bodies again. What is stored stays as it is, what was lost comes back."""
    from ramah.cli.replay import run as run_replay

    raise typer.Exit(run_replay(since, until, account, envelope, failed=failed))


@app.command()
def channels() -> None:
    """List every connected account with its health: what was last proved, and what is wrong."""
    from ramah.cli.channels import show_accounts

    show_accounts()


@app.command()
def connect(
    kind: str = typer.Argument(help="whatsapp, telegram, messenger, device, email, webform or webchat."),
    organisation: str = typer.Option(..., help="The organisation's slug."),
    name: str = typer.Option(..., help="What operators call it."),
    external_id: str = typer.Option(..., "--id", help="The provider's id: phone number id, bot id, page id, mailbox."),
    secret: Annotated[list[str] | None, typer.Option(help="NAME=VALUE, or NAME to be asked without an echo.")] = None,
    option: Annotated[list[str] | None, typer.Option(help="NAME=VALUE; the value may be JSON.")] = None,
    base_url: str = typer.Option("", help="The provider's address, where it is not the usual one."),
    fallback_url: str = typer.Option("", help="Offered to people while the account is down."),
) -> None:
    """Connect an account of any channel (or renew it), tell its provider and prove it; see docs/channels.md."""
    from ramah.cli.channels import connect_one

    raise typer.Exit(
        connect_one(organisation, kind, name, external_id, secret or [], option or [], base_url, fallback_url)
    )


@app.command()
def chat(
    lang: str | None = typer.Option(None, "--lang", help="Speak id, ms or en from the beginning."),
    channel: str = typer.Option("webchat", help="webchat, or whatsapp through the demo's phone."),
    organisation: str = typer.Option("kilap-auto", help="The public key of its web chat."),
    url: str | None = typer.Option(None, help="Of the console (or the demo's phone); else as the settings say."),
    json: bool = typer.Option(False, "--json", help="One JSON object a line in and out; see docs/testing.md."),
) -> None:
    """Talk to the running assistant, with numbered buttons."""
    from ramah.cli.chat import chat as talk

    raise typer.Exit(talk(url=url, organisation=organisation, channel=channel, language=lang, as_json=json))


def main() -> None:
    """Run a command; a failure that we know is one sentence, not a stack."""
    try:
        app()
    except RamahError as error:
        typer.echo(f"ramah: {error}", err=True)
        raise SystemExit(2) from error
