"""``ramah run``: everything on this machine, supervised."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime

import typer
from ruamel.yaml import YAML
from sqlalchemy import select

from ramah.cli.processes import LOOPBACK, PROJECT, all_processes, public_address
from ramah.cli.tables import metadata
from ramah.demo.loader import DEMO_PASSWORD, FOLDER, load_all
from ramah.people import Organisation, Staff
from ramah.settings import Settings, settings
from ramah.store import Database
from ramah.store.migrate import upgrade
from ramah.supervisor import Supervisor, SupervisorError, only_one, refuse_busy_ports

DEMO_LOGIN = "rani@kilap.example"
WEB_CHATS = ("kilap-auto", "bersih-bonda")


def start_all(*, whatsapp_demo: bool = False, demo: bool | None = None) -> int:
    """Prepare the database, start all processes and stay until Ctrl-C; returns the exit code.

    ``demo`` loads the demo organisations when they are missing; None leaves it to RAMAH_DEMO.

    Raises:
        SupervisorError: Another one runs already, a port is busy, or the demo was asked for in production.
    """
    # Paths in the settings are relative to the project, from wherever the command is called.
    os.chdir(PROJECT)
    config = settings()
    demo = config.demo if demo is None else demo
    if config.environment == "production" and (demo or whatsapp_demo):
        raise SupervisorError("The demo has known passwords; it is not for production. Leave out the demo options.")
    specs = all_processes(config, demo=demo, whatsapp_demo=whatsapp_demo)
    with only_one(config.var_dir / "supervisor.lock"):
        refuse_busy_ports(specs)
        prepare_database(config, demo=demo)
        links = _links(config, demo=demo, whatsapp_demo=whatsapp_demo)
        supervisor = Supervisor(specs, config.var_dir / "log", announce=lambda: typer.echo(links))
        return asyncio.run(supervisor.run())


def prepare_database(config: Settings, *, demo: bool) -> None:
    """Bring the database to the newest revision and load the demo organisations when one is missing."""
    typer.echo("Preparing the database ...")
    database = Database(config.database_url)
    try:
        upgrade(database, metadata())
        # What an administrator changed in a loaded organisation must survive a restart; `ramah demo` refreshes it.
        if demo and not _demo_is_loaded(database):
            typer.echo("Loading the demo organisations ...")
            load_all(database, datetime.now(UTC).year)
    finally:
        database.close()


def _demo_is_loaded(database: Database) -> bool:
    # Everything of an organisation but its name comes in one transaction, the staff with it.
    with database.every_organisation_reading() as session:
        owners = select(Staff.organisation_id)
        complete = set(session.scalars(select(Organisation.slug).where(Organisation.id.in_(owners))))
    wanted = {YAML(typ="safe").load(path.read_text(encoding="utf-8"))["slug"] for path in FOLDER.glob("*.yml")}
    return wanted <= complete


def _links(config: Settings, *, demo: bool, whatsapp_demo: bool) -> str:
    home = public_address(config)
    rows = {"Front page": f"{home}/", "Console": f"{home}/console"}
    if demo:
        rows |= {f"Web chat {key}": f"{home}/chat/{key}" for key in WEB_CHATS}
        rows["Demo login"] = f"{DEMO_LOGIN} / {DEMO_PASSWORD}"
    if whatsapp_demo:
        rows["WhatsApp phone"] = f"http://{LOOPBACK}:{config.whatsapp_demo_port}/_demo/"
    rows["Logs"] = str((config.var_dir / "log").resolve())
    width = max(map(len, rows))
    lines = [f"  {name:<{width}}  {where}" for name, where in rows.items()]
    return "\n".join(["", "Ramah is ready. Ctrl-C stops everything.", *lines, ""])
