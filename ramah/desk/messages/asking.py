"""What the message log can be asked for, as conditions that an index answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_, select, text
from sqlalchemy.orm import Session

from ramah.desk.contact_book import fits
from ramah.desk.word_search import likely_contacts
from ramah.messaging.inbox import SAY
from ramah.messaging.models import (
    TROUBLED,
    ChannelAccount,
    Conversation,
    Inbound,
    InboundStatus,
    Outbound,
    OutboundStatus,
)
from ramah.people import Contact

MOST_PEOPLE = 200
"""Conversations of the people whose name or number fits, the latest ones; a wider word must be made narrower."""
_TROUBLED = (OutboundStatus.FAILED, OutboundStatus.UNCERTAIN, OutboundStatus.UNPROVED)


class Direction(StrEnum):
    """Which way a message went. Of two at the same moment, what went out came later."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True)
class Place:
    """Where a page ended: the moment, the direction and the row's id of its last line."""

    at: datetime
    direction: Direction
    id: str


@dataclass(frozen=True)
class Wanted:
    """What is asked for; empty asks for all. ``since`` is included, ``until`` is not. ``person`` is a name or number,
    ``account`` the id of a channel account, ``kind`` a platform, ``status`` that of either direction."""

    since: datetime | None = None
    until: datetime | None = None
    person: str = ""
    account: str = ""
    kind: str = ""
    direction: str = ""
    status: str = ""
    before: Place | None = None


@dataclass(frozen=True)
class Way:
    """One of the two tables, with the column of its moments and the states that its rows can have."""

    direction: Direction
    model: Any
    at: Any
    states: frozenset[str]

    @property
    def latest_first(self) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """The order of the log within this table."""
        return self.at.desc(), self.model.id.desc()


INCOMING = Way(Direction.IN, Inbound, Inbound.received_at, frozenset(InboundStatus))
OUTGOING = Way(Direction.OUT, Outbound, Outbound.created_at, frozenset(OutboundStatus))


def talks_with(session: Session, person: str) -> list[str]:
    """The ids of the conversations with the people whose name or number fits, the latest ones. At most two
    statements."""
    likely = likely_contacts(session, person)
    theirs = select(Conversation.id).join(Contact, Contact.id == Conversation.contact_id).where(fits(person))
    theirs = theirs if likely is None else theirs.where(Conversation.contact_id.in_(likely))
    return list(session.scalars(theirs.order_by(Conversation.last_activity_at.desc()).limit(MOST_PEOPLE)))


def conditions(way: Way, wanted: Wanted, talks: Sequence[str]) -> list[ColumnElement[bool]] | None:
    """The conditions for one direction; None where nothing of it can fit. ``talks`` are those with the ``person``."""
    if wanted.direction not in ("", way.direction) or (wanted.status and wanted.status not in way.states):
        return None
    found = [way.at >= wanted.since] if wanted.since else []
    found += [way.at < wanted.until] if wanted.until else []
    found += [*_whose(way, wanted, talks), *_status(way, wanted.status)]
    if way is INCOMING:
        found.append(Inbound.kind != SAY)
    return [*found, *_after(way, wanted.before)]


def _whose(way: Way, wanted: Wanted, talks: Sequence[str]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.account:
        found.append(way.model.channel_account_id == wanted.account)
    if wanted.kind:
        accounts = select(ChannelAccount.id).where(ChannelAccount.kind == wanted.kind)
        found.append(way.model.channel_account_id.in_(accounts))
    if wanted.person:
        found.append(way.model.conversation_id.in_(talks))
    return found


def _status(way: Way, status: str) -> list[ColumnElement[bool]]:
    if not status:
        return []
    # Written out in the statement, so that SQLite too sees that the small index of troubles is enough.
    exactly = way.model.status == literal(status, literal_execute=True)
    return [text(TROUBLED), exactly] if way is OUTGOING and status in _TROUBLED else [exactly]  # type: ignore[list-item]


def _after(way: Way, before: Place | None) -> list[ColumnElement[bool]]:
    """Further back than a line of either table."""
    if before is None:
        return []
    if way.direction != before.direction:
        # At the same moment, what came in stands below what went out.
        return [way.at <= before.at if way is INCOMING else way.at < before.at]
    number: Any = int(before.id) if way is INCOMING else before.id
    # The first condition alone is what the index is entered by.
    return [way.at <= before.at, or_(way.at < before.at, and_(way.at == before.at, way.model.id < number))]
