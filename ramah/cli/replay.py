"""``ramah replay``: read kept envelopes again."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ramah.lib.errors import BadInput
from ramah.messaging.replay import Chosen, Replayed, how_many, replay
from ramah.settings import settings
from ramah.store import Database


def run(since: str | None, until: str | None, account: str | None, envelope: str | None, *, failed: bool) -> int:
    """Read envelopes again with a progress bar and say what was found; returns the exit code, 1 when some still
    cannot be read. Raises BadInput for moments that are none, NotFound for an unknown account or envelope."""
    chosen = Chosen(_moment(since), _moment(until), account, envelope, failed)
    database = Database(settings().database_url)
    try:
        result = _with_progress(database, chosen)
    finally:
        database.close()
    _print(result)
    return 1 if result.failures else 0


def _with_progress(database: Database, chosen: Chosen) -> Replayed:
    columns = (TextColumn("Reading envelopes"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr)) as bar:
        task = bar.add_task("replay", total=how_many(database, chosen))
        return replay(database, chosen, lambda: bar.advance(task))


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{text!r} is no moment; write it as 2026-01-31 or 2026-01-31T08:00+07:00") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _print(result: Replayed) -> None:
    console = Console(soft_wrap=True, highlight=False)
    console.print(
        f"Read {result.envelopes} envelopes with {result.messages} messages and {result.receipts} receipts; "
        f"{result.brought_back} messages were not stored before."
    )
    for envelope_id, why in result.failures:
        console.print(escape(f"failed: {envelope_id}: {why}"), style="red")
