"""``ramah ledger``: prove a day, and fail when anything is missing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import select

from ramah.lib.errors import BadInput, NotFound
from ramah.messaging.ledger import Finding, Proof, local_today, prove_day, refresh
from ramah.people import Organisation
from ramah.settings import settings
from ramah.store import Database, utc_now

LABELS = {
    "envelopes": "Envelopes received",
    "messages_in": "Messages in",
    "answered": "  answered, or rightly left without an answer",
    "with_person": "  with a person",
    "waiting": "  waiting",
    "gave_up": "  the turn failed, a person was asked",
    "messages_out": "Messages out",
    "delivered": "  delivered",
    "read": "    of these, read",
    "sent": "  sent, no proof of delivery yet",
    "under_way": "  queued or being sent",
    "failed": "  failed",
    "unproved": "  may have been sent, nobody can tell",
    "dropped": "  dropped, since a person took over",
    "late": "Late",
    "missing": "Missing",
}


def show(day: str | None, slug: str | None, *, as_json: bool) -> int:
    """Prove a day of one or all organisations and print it; returns the exit code, 1 when anything is missing.

    A day that was kept before is refreshed. Raises BadInput for what is no date, NotFound for an unknown slug.
    """
    database = Database(settings().database_url)
    try:
        proofs = [_prove(database, one, day) for one in _organisations(database, slug)]
    finally:
        database.close()
    _print_json(proofs) if as_json else _print_tables(proofs)
    return 0 if all(proof.is_whole for proof in proofs) else 1


def _organisations(database: Database, slug: str | None) -> list[Organisation]:
    with database.every_organisation_reading() as session:
        statement = select(Organisation).order_by(Organisation.slug)
        found = list(session.scalars(statement.where(Organisation.slug == slug) if slug else statement))
    if slug and not found:
        raise NotFound(f"no organisation {slug!r}")
    return found


def _prove(database: Database, organisation: Organisation, day: str | None) -> Proof:
    chosen = _read_day(day) if day else local_today(organisation, utc_now()) - timedelta(days=1)
    proof = prove_day(database, organisation.id, chosen)
    if proof.span.is_over:
        refresh(database, proof)
    return proof


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{text!r} is no date; write it as 2026-01-31") from error


def _print_json(proofs: Sequence[Proof]) -> None:
    missing = sum(proof.counts["missing"] for proof in proofs)
    Console(soft_wrap=True).print_json(
        json.dumps({"missing": missing, "organisations": [proof.as_json() for proof in proofs]})
    )


def _print_tables(proofs: Sequence[Proof]) -> None:
    console = Console(soft_wrap=True, highlight=False)
    for proof in proofs:
        so_far = "" if proof.span.is_over else ", so far"
        table = Table(title=f"{proof.span.slug}, {proof.span.day} ({proof.span.zone}){so_far}", show_header=False)
        table.add_column()
        table.add_column(justify="right")
        for name, label in LABELS.items():
            style = "bold red" if name == "missing" and not proof.is_whole else None
            table.add_row(label, str(proof.counts[name]), style=style)
        console.print(table)
        _print_findings(console, "late", proof.late)
        _print_findings(console, "missing", proof.missing)


def _print_findings(console: Console, word: str, findings: Sequence[Finding]) -> None:
    for finding in findings:
        console.print(escape(f"{word}: {finding.kind} {finding.id}: {finding.why}"))
