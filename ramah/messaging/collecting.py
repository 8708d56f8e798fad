"""Collecting: channels that are asked for messages (mailboxes) are asked in turn, by one worker at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, exists, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from ramah.channels.content import Collected, LinkState, LinkStatus
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import Collecting
from ramah.lib.errors import NotFound
from ramah.lib.waits import jittered
from ramah.messaging.accounts import access_of
from ramah.messaging.links import note_link, prove
from ramah.messaging.models import ChannelAccount, RateBucket
from ramah.messaging.providers import LEFT_ALONE, Purpose, asking_for, is_left_alone
from ramah.messaging.registry import channel_for
from ramah.messaging.webhooks import receive_collected
from ramah.store import Database, utc_now

log = structlog.get_logger()
LOOK_EVERY = timedelta(seconds=15)
LEASE = timedelta(seconds=120)
"""How long a worker may take for one message before another one looks into the same mailbox."""
LONGEST_WAIT = timedelta(minutes=10)
NOT_FETCHED = "messages cannot be fetched: "
"""Begins what we say of an account that we cannot read, so that only reading it again takes it back: an account that
reads well may still be unable to send."""


def collect_one(database: Database) -> bool:
    """Ask one account whose time has come, and store all that is new there. False when no account is due.

    A message is stored before the cursor moves past it: whoever dies in between stores it again, which changes
    nothing (``envelopes.digest``, ``inbound.external_id``).
    """
    account = _claim(database)
    if account is None:
        return False
    try:
        count = _read(database, account)
    except ChannelError as error:
        if error.code == LEFT_ALONE and not is_left_alone(error):
            _come_back(database, account, error.retry_after or 0.0)
        else:
            _note_failure(database, account, error)
    else:
        _note_success(database, account, count)
    return True


def _claim(database: Database) -> ChannelAccount | None:
    """The account that waited longest, leased: its bucket is not free again before the lease ends."""
    now = utc_now()
    with database.every_organisation_reading() as session:
        kinds = [kind for kind in session.scalars(select(ChannelAccount.kind).distinct()) if _is_asked(kind)]
        due = session.scalars(_due(kinds, now)).all()
    for account in due:
        with database.tenant(account.organisation_id) as session:
            if _take(session, account, now):
                return account
    return None


def _is_asked(kind: str) -> bool:
    try:
        return isinstance(channel_for(kind), Collecting)
    except NotFound:
        return False


def _due(kinds: list[str], now: datetime) -> Select[ChannelAccount]:
    taken = exists().where(RateBucket.key == "collect:" + ChannelAccount.id, RateBucket.free_at > now)
    wanted = select(ChannelAccount).where(ChannelAccount.active, ChannelAccount.kind.in_(kinds), ~taken)
    oldest = select(RateBucket.free_at).where(RateBucket.key == "collect:" + ChannelAccount.id).scalar_subquery()
    return wanted.order_by(oldest, ChannelAccount.id).limit(8)


def _take(session: Session, account: ChannelAccount, now: datetime) -> bool:
    """Whether the lease is ours. The row's lock lasts for this statement's transaction only."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    first = insert(RateBucket).values(key=_key(account), organisation_id=account.organisation_id, free_at=now + LEASE)
    taken = session.execute(
        first.on_conflict_do_update(
            index_elements=["key"], set_={"free_at": now + LEASE}, where=RateBucket.free_at <= now
        )
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]  # an INSERT gives a CursorResult


def _read(database: Database, account: ChannelAccount) -> int:
    """Store what is new; returns how many messages. Stops when somebody else moved the cursor meanwhile."""
    channel, access = channel_for(account.kind), access_of(account)
    assert isinstance(channel, Collecting)  # noqa: S101 - the claim looked
    with asking_for(Purpose.MAILS, channel, access):
        return _take_in(database, account, channel.collect(access, account.cursor))


def _take_in(database: Database, account: ChannelAccount, found: Iterator[Collected]) -> int:
    before, count = account.cursor, 0
    for collected in found:
        receive_collected(database, account, collected.body)
        if not _move(database, account, before, collected):
            log.warning("collecting_overtaken", account=account.name)
            break
        before, count = collected.cursor, count + 1
    return count


def _move(database: Database, account: ChannelAccount, before: str | None, collected: Collected) -> bool:
    """Put the cursor behind a stored message, if it still is where we left it, and stretch the lease."""
    with database.tenant(account.organisation_id) as session:
        moved = session.execute(
            update(ChannelAccount)
            .where(ChannelAccount.id == account.id, ChannelAccount.cursor.is_not_distinct_from(before))
            .values(cursor=collected.cursor)
            .execution_options(synchronize_session=False)
        )
        _free_at(session, account, utc_now() + LEASE)
        return bool(moved.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def _note_success(database: Database, account: ChannelAccount, count: int) -> None:
    with database.tenant(account.organisation_id) as session:
        row = session.get_one(ChannelAccount, account.id)
        if row.trouble is None or row.trouble.startswith(NOT_FETCHED):
            prove(session, row, "check")
        # More may be waiting than one call gives.
        _free_at(session, account, utc_now() + (timedelta() if count else LOOK_EVERY))
    if count:
        log.info("collected", account=account.name, messages=count)


def _note_failure(database: Database, account: ChannelAccount, error: ChannelError) -> None:
    """Say so on the account, and ask again after as long as it has been failing: the waits double."""
    now = utc_now()
    broken_for_good = error.outcome is SendOutcome.CONFIGURATION
    status = LinkStatus.LOGGED_OUT if broken_for_good else LinkStatus.DISCONNECTED
    log.warning("collecting_failed", account=account.name, reason=str(error)[:200])
    with database.tenant(account.organisation_id) as session:
        row = session.get_one(ChannelAccount, account.id)
        since = row.trouble_since or now
        note_link(session, row, LinkState(status=status, detail=f"{NOT_FETCHED}{error}"[:300]), "check")
        wait = LONGEST_WAIT if broken_for_good else min(max(now - since, LOOK_EVERY), LONGEST_WAIT)
        _free_at(session, account, now + timedelta(seconds=jittered(wait.total_seconds())))


def _come_back(database: Database, account: ChannelAccount, seconds: float) -> None:
    """Its server has all the calls of ours that it may have; that says nothing about the mailbox."""
    with database.tenant(account.organisation_id) as session:
        _free_at(session, account, utc_now() + timedelta(seconds=seconds))


def _free_at(session: Session, account: ChannelAccount, moment: datetime) -> None:
    session.execute(
        update(RateBucket)
        .where(RateBucket.key == _key(account))
        .values(free_at=moment)
        .execution_options(synchronize_session=False)
    )


def _key(account: ChannelAccount) -> str:
    return f"collect:{account.id}"
