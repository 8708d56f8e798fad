"""``ramah incidents``: what went wrong, where in our code, how often, and whom it touched."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import select

from ramah.desk.incidents import read_incident
from ramah.lib.errors import NotFound
from ramah.observe.models import Incident, IncidentState
from ramah.observe.register import OPEN, ListedIncident, find_incident, incidents, mark
from ramah.people import Organisation
from ramah.settings import settings
from ramah.store import Database

SHORT_ID = 8
MOST_TURNS = 3
TONES = {IncidentState.NEW: "red", IncidentState.BACK: "bold red", IncidentState.SEEN: "yellow"}


def run(show: str | None, seen: str | None, fixed: str | None, slug: str | None, *, everything: bool) -> int:
    """List, show or mark; returns the exit code, 1 while anything is new or back. Raises NotFound."""
    database, console = Database(settings().database_url), Console()
    try:
        for beginning, state in ((seen, IncidentState.SEEN), (fixed, IncidentState.FIXED)):
            if beginning:
                marked = _find(database, beginning)
                mark(database, marked.organisation_id, marked.id, state)
                console.print(f"{marked.id[:SHORT_ID]} counts as {state}.")
        if show:
            _print_one(console, *_touched(database, show))
        if show or seen or fixed:
            return 0
        return _print_list(console, _listed(database, slug, everything=everything))
    finally:
        database.close()


def _find(database: Database, beginning: str) -> Incident:
    with database.every_organisation_reading() as session:
        return find_incident(session, beginning)


def _touched(database: Database, beginning: str) -> tuple[Incident, list[int]]:
    """An incident, and the latest failed turns of conversations that it touched."""
    with database.every_organisation_reading() as session:
        incident, touched = read_incident(session, find_incident(session, beginning).id)
    return incident, [one.turn for one in touched if one.turn is not None][:MOST_TURNS]


def _listed(database: Database, slug: str | None, *, everything: bool) -> list[tuple[str, ListedIncident]]:
    states: Sequence[str] = tuple(IncidentState) if everything else OPEN
    with database.every_organisation_reading() as session:
        names = {row.id: row.slug for row in session.execute(select(Organisation.id, Organisation.slug))}
        if slug and slug not in names.values():
            raise NotFound(f"no organisation {slug!r}")
        found = [(names[one.incident.organisation_id], one) for one in incidents(session, states)]
    return [row for row in found if slug in (None, row[0])]


def _print_list(console: Console, rows: Sequence[tuple[str, ListedIncident]]) -> int:
    if not rows:
        console.print("No incident is open.")
        return 0
    table = Table(title="Incidents, the latest first")
    for name in ("id", "organisation", "state", "where", "what", "times", "conversations", "last"):
        table.add_column(name, justify="right" if name in ("times", "conversations") else "left", overflow="fold")
    for slug, one in rows:
        table.add_row(*_cells(slug, one))
    console.print(table)
    console.print("One of them whole: ramah incidents --show ID. Put right: ramah incidents --fixed ID.")
    return int(any(one.incident.state in (IncidentState.NEW, IncidentState.BACK) for _, one in rows))


def _cells(slug: str, one: ListedIncident) -> tuple[str, ...]:
    incident = one.incident
    tone = TONES.get(IncidentState(incident.state))
    state = f"[{tone}]{incident.state}[/]" if tone else incident.state
    return (
        incident.id[:SHORT_ID],
        escape(slug),
        state,
        escape(f"{incident.subsystem}: {incident.operation}"),
        escape(f"{incident.place}\n{incident.message.splitlines()[0][:160] if incident.message else ''}"),
        str(incident.count),
        str(one.conversations),
        f"{incident.last_at:%Y-%m-%d %H:%M} UTC",
    )


def _print_one(console: Console, incident: Incident, turns: Sequence[int]) -> None:
    facts = {
        "id": incident.id,
        "state": incident.state,
        "subsystem": incident.subsystem,
        "operation": incident.operation,
        "place": incident.place,
        "release": incident.release or "unknown",
        "times": str(incident.count),
        "first": f"{incident.first_at:%Y-%m-%d %H:%M:%S} UTC",
        "last": f"{incident.last_at:%Y-%m-%d %H:%M:%S} UTC",
        "conversation": incident.conversation_id or "none",
        "turns": ", ".join(f"ramah trace {turn}" for turn in turns) or "none was kept",
    }
    for name, value in facts.items():
        console.print(f"[bold]{name:>12}[/]  {escape(value)}")
    console.print(f"\n{escape(incident.message)}", soft_wrap=True)
