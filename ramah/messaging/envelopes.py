"""Envelopes: a verified body is stored before anything is read from it, and read again until it has been."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, bindparam, literal, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from ramah.messaging.models import (
    ChannelAccount,
    Envelope,
    EnvelopeStatus,
)
from ramah.store import PREPARED, Base, Database, new_id, utc_now

SHARDS = 16
FIRST_WAIT = 5.0
LONGEST_WAIT = 600.0
INLINE_WAIT = 30.0
"""Seconds that the request which brought an envelope has to read it before the worker tries."""
STUCK_AFTER = 1.0
"""Seconds after which one that still waits counts as interrupted; reading one takes milliseconds."""
MOST_EARLIER = 20
WAITING = Envelope.status == literal(EnvelopeStatus.WAITING.value, literal_execute=True)
"""Written out in the statement, so that SQLite too sees that the index of the few that wait is enough."""

# Built once and sent past the unit of work: building them anew took longer than the database needed to answer. The
# organisation is named in each, since the guard of the sessions does not see them.
TABLE, TALLIES = Base.metadata.tables["envelopes"], Base.metadata.tables["envelope_tallies"]
KEEP = {
    "sqlite": sqlite_insert(TABLE).on_conflict_do_nothing().returning(TABLE.c.id),
    "postgresql": postgresql_insert(TABLE).on_conflict_do_nothing().returning(TABLE.c.id),
}
TALLY_KEY = ["channel_account_id", "day", "shard"]
ONE_MORE = {"count": TALLIES.c["count"] + 1}
COUNT = {
    "sqlite": sqlite_insert(TALLIES).on_conflict_do_update(index_elements=TALLY_KEY, set_=ONE_MORE),
    "postgresql": postgresql_insert(TALLIES).on_conflict_do_update(index_elements=TALLY_KEY, set_=ONE_MORE),
}
STUCK = (
    select(Envelope.id, Envelope.body)
    .where(
        WAITING,
        Envelope.channel_account_id == bindparam("account_id"),
        Envelope.received_at < bindparam("before"),
    )
    .order_by(Envelope.received_at)
    .limit(MOST_EARLIER)
    .execution_options(**PREPARED)
)
SETTLE = (
    update(TABLE)
    .where(TABLE.c.id == bindparam("envelope_id"), TABLE.c.organisation_id == bindparam("organisation"))
    .values(
        status=EnvelopeStatus.DONE,
        attempts=TABLE.c.attempts + 1,
        messages=bindparam("message_count"),
        receipts=bindparam("receipt_count"),
        notices=bindparam("notice_count"),
        error_text=None,
    )
)


@dataclass(frozen=True)
class Kept:
    """An envelope that is safe. ``taken`` means that an earlier delivery of the same bytes was read already, or is left
    for a person: this one has nothing left to do. ``earlier`` are interrupted ones that must be read before it (id and
    body)."""

    id: str
    taken: bool
    earlier: tuple[tuple[str, bytes], ...] = ()


def keep(database: Database, account: ChannelAccount, headers: Mapping[str, str], body: bytes) -> Kept:
    """Store a body, once. When this returns the provider may be told that we have it."""
    now = utc_now()
    values = {
        "id": new_id(),
        "organisation_id": account.organisation_id,
        "channel_account_id": account.id,
        "digest": hashlib.sha256(body).hexdigest(),
        "headers": dict(headers),
        "body": body,
        "received_at": now,
        "next_try_at": now + timedelta(seconds=INLINE_WAIT),
    }
    with database.tenant(account.organisation_id) as session:
        connection = session.connection()
        fresh = connection.scalar(KEEP[connection.dialect.name], values)
        if fresh is None:
            return _repeated(session, account, str(values["digest"]))
        _count(connection, account, now.date())
        return Kept(fresh, taken=False, earlier=_stuck(session, account, now))


def _repeated(session: Session, account: ChannelAccount, digest: str) -> Kept:
    """Counted in the database: many repetitions may come at one moment."""
    known = session.execute(
        update(Envelope)
        .where(Envelope.channel_account_id == account.id, Envelope.digest == digest)
        .values(repeats=Envelope.repeats + 1)
        .returning(Envelope.id, Envelope.status)
        .execution_options(synchronize_session=False)
    ).one()
    # One that still waits was interrupted: whoever wrote it may write again as soon as we say that we have it.
    taken = known.status != EnvelopeStatus.WAITING
    earlier = () if taken else _stuck(session, account, utc_now())
    return Kept(known.id, taken, tuple(item for item in earlier if item[0] != known.id))


def _stuck(session: Session, account: ChannelAccount, now: datetime) -> tuple[tuple[str, bytes], ...]:
    """Ids and bodies of earlier envelopes of this account that wait although nobody is reading them, oldest first."""
    wanted = {"account_id": account.id, "before": now - timedelta(seconds=STUCK_AFTER)}
    return tuple((row.id, row.body) for row in session.execute(STUCK, wanted))


def _count(connection: Connection, account: ChannelAccount, day: date) -> None:
    values = {
        "organisation_id": account.organisation_id,
        "channel_account_id": account.id,
        "day": day,
        "shard": random.randrange(SHARDS),  # noqa: S311 - spreads counting, guards nothing
        "count": 1,
    }
    connection.execute(COUNT[connection.dialect.name], values)


def settle(
    session: Session, organisation_id: str, envelope_id: str, *, messages: int, receipts: int, notices: int
) -> None:
    """Everything in the envelope is stored."""
    values = {
        "organisation": organisation_id,
        "envelope_id": envelope_id,
        "message_count": messages,
        "receipt_count": receipts,
        "notice_count": notices,
    }
    session.connection().execute(SETTLE, values)


def postpone(database: Database, organisation_id: str, envelope_id: str, problem: str, most_attempts: int) -> bool:
    """Reading it failed; try later, or leave it for a person. Returns whether it is left."""
    with database.tenant(organisation_id) as session:
        envelope = session.get_one(Envelope, envelope_id)
        envelope.attempts += 1
        envelope.error_text = problem[:400]
        if envelope.attempts >= most_attempts:
            envelope.status = EnvelopeStatus.FAILED
            return True
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (envelope.attempts - 1))
        envelope.next_try_at = utc_now() + timedelta(seconds=wait)
        return False
