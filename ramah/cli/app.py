"""The commands. Heavy imports stay inside the commands, so that ``--help`` is instant."""

from __future__ import annotations

from datetime import UTC, datetime

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


def main() -> None:
    """Run a command; a failure that we know is one sentence, not a stack."""
    try:
        app()
    except RamahError as error:
        typer.echo(f"ramah: {error}", err=True)
        raise SystemExit(2) from error
