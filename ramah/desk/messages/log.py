"""Pages of the message log, both directions merged by their moments: two statements a page, two more for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, literal, select
from sqlalchemy.orm import Session

from ramah.channels.content import Outgoing
from ramah.desk.messages.asking import INCOMING, OUTGOING, Direction, Place, Wanted, Way, conditions, talks_with
from ramah.messaging.models import ChannelAccount, Conversation, Inbound, Outbound
from ramah.people import Contact, Staff
from ramah.people.audit import record
from ramah.store import Database

PAGE = 50
EXPORTED_AT_ONCE = 500
MOST_EXPORTED = 100_000
EXPORT = "export.messages"


@dataclass(frozen=True)
class LogLine:
    """One message. ``author`` is customer, bot, staff or system; ``trouble`` what the provider or our own gate said;
    ``attempts`` how often it was tried."""

    id: str
    at: datetime
    direction: Direction
    conversation_id: str
    position: int
    contact: Contact
    account: ChannelAccount
    author: str
    staff: str | None
    text: str
    kind: str
    status: str
    attempts: int
    error_code: str | None = None
    trouble: str | None = None
    provider_id: str | None = None

    @property
    def place(self) -> Place:
        """Where a page goes on that ends with this line."""
        return Place(self.at, self.direction, self.id)


def log_page(session: Session, wanted: Wanted, most: int = PAGE) -> tuple[list[LogLine], Place | None]:
    """A page, the latest first, and the place to go on from. At most two statements, two more for a person."""
    talks = talks_with(session, wanted.person) if wanted.person else []
    lines = [line for way in (OUTGOING, INCOMING) for line in _lines(session, way, wanted, talks, most + 1)]
    # A stable sort leaves lines of one moment as they are: what went out above what came in, each by their ids.
    lines.sort(key=lambda line: line.at, reverse=True)
    return lines[:most], lines[most - 1].place if len(lines) > most else None


def accounts_of(session: Session) -> list[ChannelAccount]:
    """What can be chosen among, those that are switched off last. One statement."""
    order = (ChannelAccount.active.desc(), ChannelAccount.kind, ChannelAccount.name)
    return list(session.scalars(select(ChannelAccount).order_by(*order)))


def note_export(database: Database, organisation_id: str, asked: dict[str, Any]) -> None:
    """Who takes the log along stands in the audit log before the first line leaves."""
    with database.tenant(organisation_id) as session:
        record(session, EXPORT, new=asked)


def every_line(database: Database, organisation_id: str, wanted: Wanted) -> Iterator[LogLine]:
    """All lines that fit, the latest first, at most ``MOST_EXPORTED``, read in pages: many need no more memory."""
    left, place = MOST_EXPORTED, wanted.before
    while left > 0:
        with database.tenant_reading(organisation_id) as session:
            lines, place = log_page(session, _from(wanted, place), min(left, EXPORTED_AT_ONCE))
        yield from lines
        left -= len(lines)
        if place is None:
            return


def _from(wanted: Wanted, place: Place | None) -> Wanted:
    return Wanted(**{**wanted.__dict__, "before": place})


def _lines(session: Session, way: Way, wanted: Wanted, talks: Sequence[str], most: int) -> list[LogLine]:
    found = conditions(way, wanted, talks)
    if found is None:
        return []
    # The page is chosen before anything is joined to it: names are read for fifty rows, however many are sorted.
    chosen = select(way.model.id, way.at.label("at")).where(*found).order_by(*way.latest_first).limit(most).subquery()
    rows = session.execute(_with_names(way, chosen).order_by(chosen.c.at.desc(), chosen.c.id.desc()))
    read = _incoming if way is INCOMING else _outgoing
    return [read(*row) for row in rows]


def _with_names(way: Way, chosen: Subquery) -> Select[Any, Contact, ChannelAccount, Any]:
    # Outer joins, though nothing is ever missing: SQLite would else begin with all rows of the organisation.
    staff = Staff.name if way is OUTGOING else literal(None)
    statement = (
        select(way.model, Contact, ChannelAccount, staff)
        .select_from(chosen)
        .outerjoin(way.model, way.model.id == chosen.c.id)
        .outerjoin(Conversation, Conversation.id == way.model.conversation_id)
        .outerjoin(Contact, Contact.id == Conversation.contact_id)
        .outerjoin(ChannelAccount, ChannelAccount.id == way.model.channel_account_id)
    )
    return statement.outerjoin(Staff, Staff.id == Outbound.staff_id) if way is OUTGOING else statement


def _incoming(row: Inbound, contact: Contact, account: ChannelAccount, _staff: None) -> LogLine:
    return LogLine(
        id=str(row.id),
        at=row.received_at,
        direction=Direction.IN,
        conversation_id=row.conversation_id,
        position=row.position,
        contact=contact,
        account=account,
        author="customer",
        staff=None,
        text=row.text,
        kind=row.kind,
        status=row.status,
        attempts=row.attempts,
        provider_id=row.external_id,
    )


def _outgoing(row: Outbound, contact: Contact, account: ChannelAccount, staff: str | None) -> LogLine:
    return LogLine(
        id=row.id,
        at=row.created_at,
        direction=Direction.OUT,
        conversation_id=row.conversation_id,
        position=row.position,
        contact=contact,
        account=account,
        author=row.author,
        staff=staff,
        text=Outgoing.model_validate(row.content).text,
        kind="text",
        status=row.status,
        attempts=row.attempts,
        error_code=row.error_code,
        trouble=row.error_text,
        provider_id=row.provider_id,
    )
