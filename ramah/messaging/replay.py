"""Replay: kept envelopes are read once more. What is stored stays as it is; what was lost comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, func, select, tuple_, update

from ramah.lib.errors import NotFound
from ramah.messaging.models import ChannelAccount, Envelope, EnvelopeStatus, Inbound
from ramah.messaging.webhooks import read_envelope
from ramah.store import Database, utc_now

log = structlog.get_logger()
AT_ONCE = 50


@dataclass(frozen=True)
class Chosen:
    """Which envelopes: received from ``since`` until before ``until``, of the account with this public key, this one
    alone, only those that nobody could read yet."""

    since: datetime | None = None
    until: datetime | None = None
    account_key: str | None = None
    envelope_id: str | None = None
    failed_only: bool = False


@dataclass
class Replayed:
    """What a replay found: envelopes read, messages and receipts in them, messages that were not stored before, and
    the envelopes that still cannot be read, with the reason."""

    envelopes: int = 0
    messages: int = 0
    receipts: int = 0
    brought_back: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Item:
    id: str
    received_at: datetime
    account_id: str
    body: bytes


def how_many(database: Database, chosen: Chosen) -> int:
    """How many envelopes a replay reads. Raises NotFound for an account or envelope that does not exist."""
    with database.every_organisation_reading() as session:
        key, known = (
            chosen.account_key,
            select(ChannelAccount.id).where(ChannelAccount.public_key == chosen.account_key),
        )
        if key is not None and session.scalar(known) is None:
            raise NotFound(f"no account with the key {key}")
        found = session.scalar(select(func.count()).select_from(Envelope).where(*_wanted(chosen))) or 0
    if chosen.envelope_id is not None and not found:
        raise NotFound(f"no such envelope: {chosen.envelope_id}")
    return found


def replay(database: Database, chosen: Chosen, advanced: Callable[[], None] = lambda: None) -> Replayed:
    """Read envelopes again, oldest first; safe to repeat and to stop. ``advanced`` is called after each of them."""
    result, accounts = Replayed(), _accounts(database)
    # What comes in meanwhile is read by whoever takes it in, and would never let this end.
    chosen = replace(chosen, until=chosen.until or utc_now())
    touched: set[str] = set()
    for item in _items(database, chosen):
        touched.add(item.account_id)
        account = accounts.get(item.account_id)
        if account is None:
            result.failures.append((item.id, "its account is gone"))
        else:
            _read(database, account, item, result)
        advanced()
    _ask_anew(database, touched)
    return result


def _read(database: Database, account: ChannelAccount, item: _Item, result: Replayed) -> None:
    before = _stored(database, account.organisation_id, item.id)
    result.envelopes += 1
    try:
        found = read_envelope(database, account, item.id, item.body, live=False)
    except Exception as error:  # noqa: BLE001 - the others are read; this one is named
        log.warning("replay_failed", envelope=item.id, reason=repr(error)[:300])
        result.failures.append((item.id, f"{type(error).__name__}: {error}"[:300]))
        return
    finally:
        result.brought_back += _stored(database, account.organisation_id, item.id) - before
    result.messages += found.messages
    result.receipts += found.receipts


def _stored(database: Database, organisation_id: str, envelope_id: str) -> int:
    with database.tenant_reading(organisation_id) as session:
        held = select(func.count()).select_from(Inbound).where(Inbound.envelope_id == envelope_id)
        return session.scalar(held) or 0


def _ask_anew(database: Database, account_ids: set[str]) -> None:
    """What old bodies say about an account itself is old as well: let the next check say how it stands."""
    with database.every_organisation() as session:
        session.execute(
            update(ChannelAccount)
            .where(ChannelAccount.id.in_(account_ids))
            .values(check_at=utc_now())
            .execution_options(synchronize_session=False)
        )


def _accounts(database: Database) -> dict[str, ChannelAccount]:
    with database.every_organisation_reading() as session:
        return {account.id: account for account in session.scalars(select(ChannelAccount))}


def _items(database: Database, chosen: Chosen) -> Iterator[_Item]:
    """A few bodies at a time, and no open transaction while they are read."""
    after: tuple[datetime, str] | None = None
    place = tuple_(Envelope.received_at, Envelope.id)
    while True:
        statement = select(Envelope.id, Envelope.received_at, Envelope.channel_account_id, Envelope.body)
        statement = statement.where(*_wanted(chosen))
        if after is not None:
            statement = statement.where(place > tuple_(*after))
        with database.every_organisation_reading() as session:
            rows = session.execute(statement.order_by(Envelope.received_at, Envelope.id).limit(AT_ONCE)).all()
        if not rows:
            return
        yield from (_Item(*row) for row in rows)
        after = (rows[-1].received_at, rows[-1].id)


def _wanted(chosen: Chosen) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.since is not None:
        conditions.append(Envelope.received_at >= chosen.since)
    if chosen.until is not None:
        conditions.append(Envelope.received_at < chosen.until)
    if chosen.account_key is not None:
        account = select(ChannelAccount.id).where(ChannelAccount.public_key == chosen.account_key)
        conditions.append(Envelope.channel_account_id.in_(account))
    if chosen.envelope_id is not None:
        conditions.append(Envelope.id == chosen.envelope_id)
    if chosen.failed_only:
        conditions.append(Envelope.status != EnvelopeStatus.DONE)
    return conditions
