"""Envelopes: a verified body is stored before anything is read from it, and read again until it has been."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import stamina
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ramah.messaging.models import (
    ChannelAccount,
    Envelope,
    EnvelopeStatus,
    EnvelopeTally,
)
from ramah.store import Database, utc_now

SHARDS = 16
FIRST_WAIT = 5.0
LONGEST_WAIT = 600.0
STUCK_AFTER = 1.0
"""Seconds after which an envelope that still waits is taken to have been interrupted; reading one takes milliseconds."""
MOST_EARLIER = 20
INLINE_WAIT = 30.0
"""Seconds that the request which brought an envelope has to read it before the worker tries."""


@dataclass(frozen=True)
class Kept:
    """An envelope that is safe. ``taken`` means that an earlier delivery of the same bytes was read already, or is left
    for a person: this one has nothing left to do."""

    id: str
    taken: bool


# Two deliveries of the same bytes may race on PostgreSQL; the loser's second look finds the winner's row.
@stamina.retry(on=IntegrityError, attempts=4, wait_initial=0.02, wait_max=0.2)
def keep(database: Database, account: ChannelAccount, headers: Mapping[str, str], body: bytes) -> Kept:
    """Store a body, once. When this returns the provider may be told that we have it."""
    digest = hashlib.sha256(body).hexdigest()
    with database.tenant(account.organisation_id) as session:
        # Counted in the database: many repetitions may come at one moment.
        known = session.execute(
            update(Envelope)
            .where(Envelope.channel_account_id == account.id, Envelope.digest == digest)
            .values(repeats=Envelope.repeats + 1)
            .returning(Envelope.id, Envelope.status)
            .execution_options(synchronize_session=False)
        ).first()
        if known is not None:
            # One that still waits was interrupted: whoever wrote it may write again as soon as we say that we have it.
            return Kept(known.id, taken=known.status != EnvelopeStatus.WAITING)
        envelope = Envelope(
            channel_account_id=account.id,
            digest=digest,
            headers=dict(headers),
            body=body,
            next_try_at=utc_now() + timedelta(seconds=INLINE_WAIT),
        )
        session.add(envelope)
        session.flush()
        _count(session, account, envelope.received_at.date())
        return Kept(envelope.id, taken=False)


def stuck_before(database: Database, account: ChannelAccount, kept: Kept) -> list[tuple[str, bytes]]:
    """Ids and bodies of earlier envelopes of this account that wait although nobody is reading them, oldest first."""
    statement = (
        select(Envelope.id, Envelope.body)
        .where(
            Envelope.status == EnvelopeStatus.WAITING,
            Envelope.channel_account_id == account.id,
            Envelope.received_at < utc_now() - timedelta(seconds=STUCK_AFTER),
            Envelope.id != kept.id,
        )
        .order_by(Envelope.received_at)
        .limit(MOST_EARLIER)
    )
    with database.tenant_reading(account.organisation_id) as session:
        return [(row.id, row.body) for row in session.execute(statement)]


def _count(session: Session, account: ChannelAccount, day: date) -> None:
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = insert(EnvelopeTally).values(
        organisation_id=account.organisation_id,
        channel_account_id=account.id,
        day=day,
        shard=random.randrange(SHARDS),  # noqa: S311 - spreads counting, guards nothing
        count=1,
    )
    key = ["channel_account_id", "day", "shard"]
    session.execute(statement.on_conflict_do_update(index_elements=key, set_={"count": EnvelopeTally.count + 1}))


def settle(session: Session, envelope_id: str, messages: int, receipts: int, notices: int) -> None:
    """Everything in the envelope is stored."""
    session.execute(
        update(Envelope)
        .where(Envelope.id == envelope_id)
        .values(
            status=EnvelopeStatus.DONE,
            attempts=Envelope.attempts + 1,
            messages=messages,
            receipts=receipts,
            notices=notices,
            error_text=None,
        )
        .execution_options(synchronize_session=False)
    )


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
