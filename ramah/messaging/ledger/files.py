"""Each file that a message brought has a row of its own, whether it could be fetched or not."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramah.messaging.ledger.counts import in_day
from ramah.messaging.ledger.finding import Finding
from ramah.messaging.ledger.span import Span
from ramah.messaging.models import Inbound, MediaFile

AT_ONCE = 500


def lost_files(session: Session, span: Span) -> Iterator[Finding]:
    """Messages of the day with fewer files than they brought. One statement."""
    files = (
        select(MediaFile.inbound_id, func.count().label("there"))
        .where(MediaFile.organisation_id == span.organisation_id, MediaFile.created_at >= span.reach)
        .group_by(MediaFile.inbound_id)
        .subquery("files")
    )
    there = func.coalesce(files.c.there, 0)
    brought = func.json_array_length(Inbound.media)
    statement = (
        select(Inbound.id, brought, there)
        .outerjoin(files, files.c.inbound_id == Inbound.id)
        .where(Inbound.organisation_id == span.organisation_id, *in_day(Inbound.received_at, span))
        .where(brought > there)
        .order_by(Inbound.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for inbound_id, wanted, found in session.execute(statement):
        why = f"the message brought {wanted} files, {found} are there"
        yield Finding("media_file", f"inbound {inbound_id}", why, rows=wanted - found)
