"""Health checks: each account is asked again and again whether it works; only an answer proves anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ramah.channels.content import LinkState
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.lib.errors import NotFound
from ramah.lib.waits import jittered
from ramah.messaging.accounts import access_of
from ramah.messaging.alerts.connections import watch_connections
from ramah.messaging.links import note_link, note_trouble
from ramah.messaging.models import ChannelAccount
from ramah.messaging.providers import Purpose, asking_for, is_left_alone
from ramah.messaging.registry import channel_for
from ramah.observe import record_incident
from ramah.store import Database, utc_now

__all__ = ["check_one", "watch_connections"]

log = structlog.get_logger()
CANDIDATES = 8
NEVER = 86_400.0
"""Seconds until an account is looked at again whose channel cannot be asked."""
SECOND_LOOK = 30.0
"""Seconds until an account is asked again that did not answer once."""
FAILED_ONCE = "the last check failed: "
BY = "check"


@dataclass(frozen=True)
class Claimed:
    """An account whose check is this worker's, with the channel's pace in seconds."""

    account: ChannelAccount
    every: float


def check_one(database: Database) -> bool:
    """Ask the provider about the account that is due. False when none is."""
    claimed = _claim(database)
    if claimed is None:
        return False
    account = claimed.account
    try:
        channel, access = channel_for(account.kind), access_of(account)
        with asking_for(Purpose.CHECKS, channel, access):
            state = channel.check(access)
    except ChannelError as error:
        _failed(database, claimed, error)
    except Exception as error:
        log.exception("check_broken", account=account.id)
        record_incident(database, account.organisation_id, error, f"check:{account.kind}")
    else:
        _answered(database, claimed, state)
    return True


def _claim(database: Database) -> Claimed | None:
    """The due account, taken by moving its next check: only one worker can."""
    now = utc_now()
    with database.every_organisation_reading() as session:
        due = session.scalars(
            select(ChannelAccount)
            .where(ChannelAccount.active, ChannelAccount.check_at <= now)
            .order_by(ChannelAccount.check_at)
            .limit(CANDIDATES)
        ).all()
    for account in due:
        every = _pace(account)
        if _move(database, account, now + timedelta(seconds=every or NEVER)) and every is not None:
            return Claimed(account, every)
    return None


def _pace(account: ChannelAccount) -> float | None:
    try:
        return channel_for(account.kind).abilities.check_every
    except NotFound:
        return None


def _move(database: Database, account: ChannelAccount, until: datetime) -> bool:
    with database.tenant(account.organisation_id) as session:
        won = session.execute(
            update(ChannelAccount)
            .where(ChannelAccount.id == account.id, ChannelAccount.check_at == account.check_at)
            .values(check_at=until)
            .execution_options(synchronize_session=False)
        )
        return bool(won.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def _answered(database: Database, claimed: Claimed, state: LinkState) -> None:
    with database.tenant(claimed.account.organisation_id) as session:
        note_link(session, claimed.account, state, BY)
    log.info("checked", account=claimed.account.id, state=state.status)


def _failed(database: Database, claimed: Claimed, error: ChannelError) -> None:
    """One failure is weather, two in a row are a trouble; a refusal that somebody must mend is one at once."""
    log.warning("check_failed", account=claimed.account.id, outcome=error.outcome, code=error.code)
    with database.tenant(claimed.account.organisation_id) as session:
        row = session.get_one(ChannelAccount, claimed.account.id, with_for_update=True)
        if error.outcome is SendOutcome.WAIT and not is_left_alone(error):
            # Too many questions, the provider's word or ours: that says nothing about the account.
            _look_again(session, row, error.retry_after or claimed.every)
            return
        again = (row.link_detail or "").startswith(FAILED_ONCE)
        if again or error.outcome is SendOutcome.CONFIGURATION:
            note_trouble(row, str(error))
        else:
            _look_again(session, row, min(claimed.every, max(error.retry_after or 0.0, jittered(SECOND_LOOK))))
        row.link_detail = f"{FAILED_ONCE}{error}"[:300]


def _look_again(session: Session, row: ChannelAccount, seconds: float) -> None:
    row.check_at = utc_now() + timedelta(seconds=seconds)
    session.flush()
