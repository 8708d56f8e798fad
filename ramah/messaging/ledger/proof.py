"""Proving a day: the figures, what is late, and what is missing; it must be nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from ramah.messaging.ledger.attempts import untried
from ramah.messaging.ledger.counts import figures
from ramah.messaging.ledger.envelope_messages import unstored
from ramah.messaging.ledger.envelope_tally import uncounted
from ramah.messaging.ledger.envelopes_unread import unread
from ramah.messaging.ledger.files import lost_files
from ramah.messaging.ledger.finding import Check, Finding, Tally
from ramah.messaging.ledger.identities import forgotten
from ramah.messaging.ledger.interactions import unexplained
from ramah.messaging.ledger.late import unanswered, unsent
from ramah.messaging.ledger.positions import gaps
from ramah.messaging.ledger.references import dangling
from ramah.messaging.ledger.span import Span, span_of
from ramah.people import Organisation
from ramah.store import Database, utc_now

MISSING: tuple[Check, ...] = (
    uncounted,
    unread,
    unstored,
    gaps,
    dangling,
    unexplained,
    untried,
    lost_files,
    forgotten,
)
LATE: tuple[Check, ...] = (unanswered, unsent)


@dataclass(frozen=True)
class Proof:
    """A day as it stands. ``counts`` hold the figures with ``missing`` and ``late``; the lists name the first of them.

    ``missing`` counts what each check misses: one lost row may be missed by several of them."""

    span: Span
    counts: dict[str, int]
    missing: tuple[Finding, ...]
    late: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        """Whether everything is accounted for."""
        return self.counts["missing"] == 0

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "organisation": self.span.slug,
            "day": self.span.day.isoformat(),
            "timezone": self.span.zone,
            "counts": self.counts,
            "missing": [finding.as_json() for finding in self.missing],
            "late": [finding.as_json() for finding in self.late],
        }


def prove_day(database: Database, organisation_id: str, day: date, now: datetime | None = None) -> Proof:
    """Account for every row of an organisation's day. Writes nothing; a fixed number of statements, streamed.

    A day that is not over is proved as far as it has come.
    """
    with _still(database, organisation_id) as session:
        span = span_of(session.get_one(Organisation, organisation_id), day, now or utc_now())
        counts, missing, late = figures(session, span), Tally(), Tally()
        for check in MISSING:
            missing.take(check(session, span))
        for check in LATE:
            late.take(check(session, span))
    counts |= {"missing": missing.rows, "late": late.rows}
    return Proof(span, counts, tuple(missing.listed), tuple(late.listed))


@contextmanager
def _still(database: Database, organisation_id: str) -> Iterator[Session]:
    """A session that sees one moment only, or a message that comes between two statements would look half stored."""
    with database.tenant_reading(organisation_id) as session:
        if not database.is_sqlite:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session
