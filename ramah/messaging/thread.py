"""The thread as people read it: inbound, outbound and notes, in order of their positions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.channels.content import Outgoing
from ramah.messaging.inbox import SAY
from ramah.messaging.models import Inbound, Outbound, OutboundStatus, ThreadNote
from ramah.people import Staff

PAGE = 200
_OF_A_TURN = re.compile(r"(?:turn|desk)-(\d+)-")


@dataclass(frozen=True)
class Line:
    """One line of a thread. ``author`` is customer, bot, staff, system or note; ``status`` a tick
    (None for inbound); ``choices`` are dicts of title, payload, description; ``external_id`` is the provider's name of
    the message, ``quotes`` that of the one which it answers, ``turn`` the number of the message
    whose turn it belongs to."""

    position: int
    author: str
    author_name: str | None
    text: str
    at: datetime
    kind: str = "text"
    choices: tuple[dict[str, Any], ...] = ()
    image_url: str | None = None
    status: str | None = None
    error_text: str | None = None
    error_code: str | None = None
    client_id: str | None = None
    inbound_id: int | None = field(default=None)
    external_id: str | None = None
    quotes: str | None = None
    turn: int | None = None


def read_thread(session: Session, conversation_id: str, after: int = 0, *, limit: int = PAGE) -> list[Line]:
    """Lines with a position above ``after``, oldest first, at most ``limit``. Three queries, whatever the length."""
    lines = [
        *_inbound(session, conversation_id, after, limit),
        *_outbound(session, conversation_id, after, limit),
        *_notes(session, conversation_id, after, limit),
    ]
    return sorted(lines, key=lambda line: line.position)[:limit]


def read_latest(session: Session, conversation_id: str, newest_position: int, *, limit: int = PAGE) -> list[Line]:
    """The last ``limit`` lines of a thread."""
    return read_thread(session, conversation_id, max(0, newest_position - limit), limit=limit)


def _inbound(session: Session, conversation_id: str, after: int, limit: int) -> list[Line]:
    rows = session.scalars(
        select(Inbound)
        .where(Inbound.conversation_id == conversation_id, Inbound.position > after, Inbound.kind != SAY)
        .order_by(Inbound.position)
        .limit(limit)
    )
    return [
        Line(
            position=row.position,
            author="customer",
            author_name=None,
            text=row.text,
            at=row.received_at,
            kind=row.kind,
            client_id=_client_id(row.external_id),
            inbound_id=row.id,
            external_id=row.external_id,
            quotes=row.reply_to,
            turn=row.id,
        )
        for row in rows
    ]


def _client_id(external_id: str) -> str | None:
    """The id that the visitor's browser gave its message (``web-<address>-<id>``)."""
    parts = external_id.split("-", 2)
    return parts[2] if len(parts) == 3 and parts[0] == "web" else None


def _outbound(session: Session, conversation_id: str, after: int, limit: int) -> list[Line]:
    rows = session.execute(
        select(Outbound, Staff.name)
        .outerjoin(Staff, Staff.id == Outbound.staff_id)
        .where(
            Outbound.conversation_id == conversation_id,
            Outbound.position > after,
            Outbound.status != OutboundStatus.DROPPED,
        )
        .order_by(Outbound.position)
        .limit(limit)
    )
    return [_outbound_line(row, name) for row, name in rows]


def _outbound_line(row: Outbound, staff_name: str | None) -> Line:
    content = Outgoing.model_validate(row.content)
    return Line(
        position=row.position,
        author=row.author,
        author_name=staff_name,
        text=content.text,
        at=row.created_at,
        choices=tuple(choice.model_dump() for choice in content.choices),
        image_url=content.image_url,
        status=row.status,
        error_text=row.error_text,
        error_code=row.error_code,
        client_id=row.send_key.rsplit("#", 1)[0] if row.author == "staff" else None,
        external_id=row.provider_id,
        quotes=content.reply_to,
        turn=turn_of(row.send_key),
    )


def turn_of(send_key: str) -> int | None:
    """The number of the message whose turn wrote this, None for what no turn wrote."""
    found = _OF_A_TURN.match(send_key)
    return int(found[1]) if found else None


def _notes(session: Session, conversation_id: str, after: int, limit: int) -> list[Line]:
    rows = session.execute(
        select(ThreadNote, Staff.name)
        .outerjoin(Staff, Staff.id == ThreadNote.staff_id)
        .where(ThreadNote.conversation_id == conversation_id, ThreadNote.position > after)
        .order_by(ThreadNote.position)
        .limit(limit)
    )
    return [Line(note.position, "note", name, note.text or "", note.created_at, kind=note.kind) for note, name in rows]
