"""Keeping proofs: each night yesterday is proved once, and what is missing is told."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from ramah.lib.errors import RamahError
from ramah.messaging.alerts import close_alert, open_alert
from ramah.messaging.ledger.proof import Proof, prove_day
from ramah.messaging.ledger.span import local_today
from ramah.messaging.models import LedgerDay
from ramah.observe import record_incident
from ramah.people import Organisation
from ramah.settings import Settings, settings
from ramah.store import Database, utc_now

log = structlog.get_logger()
ALERT = "ledger"
MOST_NAMED = 10
MOST_CAUGHT_UP = 7
"""Days that are proved afterwards when no worker ran for some nights."""


class LedgerBroken(RamahError):
    """Something of a day is missing."""

    subsystem = "ledger"


def prove_due(database: Database, config: Settings) -> bool:
    """Prove one organisation's yesterday, once its night has come. False when no proof is due.

    Safe with several workers: the day is kept once, and only who keeps it tells."""
    with database.every_organisation_reading() as session:
        organisations = session.scalars(select(Organisation).order_by(Organisation.slug)).all()
    for organisation in organisations:
        day = _due_day(database, organisation, config.ledger_hour)
        if day is not None:
            keep(database, prove_day(database, organisation.id, day))
            return True
    return False


def _due_day(database: Database, organisation: Organisation, hour: int) -> date | None:
    now = utc_now()
    today = local_today(organisation, now)
    yesterday = today - timedelta(days=1)
    if now.astimezone(ZoneInfo(organisation.timezone)).hour < hour:
        return None
    with database.tenant_reading(organisation.id) as session:
        newest = session.scalar(select(LedgerDay.day).order_by(LedgerDay.day.desc()).limit(1))
    if newest is None:
        return yesterday
    following = max(newest + timedelta(days=1), today - timedelta(days=MOST_CAUGHT_UP))
    return following if following <= yesterday else None


def keep(database: Database, proof: Proof) -> bool:
    """Keep the proof of a day that is over, and tell when something is missing. False when another one was faster."""
    with database.tenant(proof.span.organisation_id) as session:
        kept = _insert(session, proof)
        if kept and not proof.is_whole:
            _tell(session, proof)
    if kept and not proof.is_whole:
        record_incident(database, proof.span.organisation_id, LedgerBroken(_summary(proof)), "ledger:prove")
    log.info("ledger_kept", organisation=proof.span.slug, day=str(proof.span.day), kept=kept, **proof.counts)
    return kept


def refresh(database: Database, proof: Proof) -> bool:
    """Put a newer proof in the place of the kept one, and end the alert when the day is whole again.

    False when the day is not kept yet; then nothing is written."""
    with database.tenant(proof.span.organisation_id) as session:
        row = session.scalar(select(LedgerDay).where(LedgerDay.day == proof.span.day).with_for_update())
        if row is None:
            return False
        row.counts, row.missing, row.checked_at = dict(proof.counts), _missing(proof), proof.span.now
        if proof.is_whole:
            close_alert(session, ALERT, proof.span.day.isoformat())
    return True


def _insert(session: Session, proof: Proof) -> bool:
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = insert(LedgerDay).values(
        organisation_id=proof.span.organisation_id,
        day=proof.span.day,
        counts=proof.counts,
        missing=_missing(proof),
        checked_at=proof.span.now,
    )
    key = ["organisation_id", "day"]
    return session.scalar(statement.on_conflict_do_nothing(index_elements=key).returning(LedgerDay.id)) is not None


def _missing(proof: Proof) -> list[dict[str, object]]:
    return [finding.as_json() for finding in proof.missing]


def _tell(session: Session, proof: Proof) -> None:
    day = proof.span.day.isoformat()
    facts = {"day": day, "missing": str(proof.counts["missing"]), "named": _named(proof)}
    open_alert(session, ALERT, day, facts, f"{settings().public_url.rstrip('/')}/console/ledger")


def _named(proof: Proof) -> str:
    lines = [f"- {finding.kind} {finding.id}: {finding.why}" for finding in proof.missing[:MOST_NAMED]]
    return "\n".join(lines)


def _summary(proof: Proof) -> str:
    return f"{proof.counts['missing']} missing on {proof.span.day} of {proof.span.slug}: {_named(proof)}"
