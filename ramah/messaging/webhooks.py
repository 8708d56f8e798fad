"""A provider's post: verified, kept, and every message and receipt in it stored, one broken part hiding no other."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import stamina
import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from ramah.channels.content import Batch, Incoming, Receipt, Watermark
from ramah.channels.errors import PayloadError
from ramah.lib.errors import BadInput, NotFound
from ramah.lib.spans import span
from ramah.lib.trace_context import TraceContext
from ramah.messaging.accounts import access_of, sibling_account
from ramah.messaging.envelopes import STUCK_AFTER, WAITING, Kept, keep, postpone, settle
from ramah.messaging.inbox import accept_in
from ramah.messaging.links import note_link, prove
from ramah.messaging.models import ChannelAccount, Envelope
from ramah.messaging.proofs import headers_to_keep, verify
from ramah.messaging.receipts import apply_receipt_in, apply_watermark_in
from ramah.messaging.registry import channel_for
from ramah.messaging.shared_apps import portions
from ramah.messaging.tracing import arriving
from ramah.observe import record_incident
from ramah.observe.metrics import ENVELOPES
from ramah.store import Database, utc_now

log = structlog.get_logger()
Part = Incoming | Receipt | Watermark
Received = tuple[ChannelAccount | None, Batch]
MOST_ATTEMPTS = 6
AWAY = (OperationalError, InterfaceError)
"""What is raised while the database is away or locked, whatever is asked of it."""


@dataclass(frozen=True)
class Stored:
    """What a body held: messages and receipts, and parts that were understood but need nothing."""

    messages: int = 0
    receipts: int = 0
    notices: int = 0


def receive(
    database: Database,
    account: ChannelAccount,
    headers: Mapping[str, str],
    body: bytes,
    context: TraceContext | None = None,
) -> Stored:
    """Keep a webhook body and store all that it holds; safe to repeat. ``context`` is the trace that it belongs to
    already, where a caller of the house says so; else one begins here.

    Raises SignatureError, or NotFound when the account was disconnected and nothing is for others of its app (nothing
    is kept). Anything that goes wrong afterwards is an incident, and the worker reads the kept envelope again; the
    provider is told that we have it, since we do.
    """
    with arriving("console", context):
        return _receive(database, account, headers, body)


def _receive(database: Database, account: ChannelAccount, headers: Mapping[str, str], body: bytes) -> Stored:
    channel, access = channel_for(account.kind), access_of(account)
    with span("verify", channel=account.kind, account=account.name):
        verify(database, account, headers, body)
        body = channel.without_secrets(access, body)
    headers = headers_to_keep(headers)
    parts = portions(database, account, body)
    if not parts:
        raise NotFound(f"the {account.kind} account at this address was disconnected")
    # All are kept before one is read: the provider hears 200 once everything is safe.
    with span("keep", bytes=len(body)):
        kept = [keep(database, part.account, headers, part.body) for part in parts]
    ENVELOPES.labels(account.kind).inc(len(kept))
    stored = [read_kept(database, part.account, one, part.body) for part, one in zip(parts, kept, strict=True)]
    return Stored(
        messages=sum(one.messages for one in stored),
        receipts=sum(one.receipts for one in stored),
        notices=sum(one.notices for one in stored),
    )


def receive_collected(database: Database, account: ChannelAccount, body: bytes) -> Stored:
    """The same for a body that we fetched ourselves, which needs no proof of its origin."""
    return read_kept(database, account, keep(database, account, {}, body), body)


def read_kept(database: Database, account: ChannelAccount, kept: Kept, body: bytes) -> Stored:
    """Read a kept envelope; failures are noted on it and never raised."""
    if kept.taken:
        return Stored()
    try:
        with arriving("worker"):
            _read_stuck(database, account, kept)
            return read_envelope(database, account, kept.id, body)
    except Exception as error:  # noqa: BLE001 - the body is safe; whatever happened, it is read again
        _note_failure(database, account, kept.id, error)
        if isinstance(error, AWAY):
            # Once we say that we have it, its writer goes on: by then it must count as interrupted, so that what comes
            # next, to whichever console, reads it first.
            time.sleep(STUCK_AFTER)
        return Stored()


def _read_stuck(database: Database, account: ChannelAccount, kept: Kept) -> None:
    """What was interrupted is read before what came after it, lest a message overtakes the one before it."""
    try:
        for attempt in stamina.retry_context(on=AWAY, attempts=5, timeout=STUCK_AFTER, wait_initial=0.05, wait_max=0.4):
            with attempt:
                for envelope_id, body in kept.earlier:
                    read_envelope(database, account, envelope_id, body)
    except Exception as error:
        if isinstance(error, AWAY) and not _is_there(database):
            # Nothing is wrong with them: when the database is back a moment later, they still come first.
            raise
        log.warning("stuck_envelope_failed", account=account.name, reason=repr(error)[:300])


def _is_there(database: Database) -> bool:
    try:
        with database.every_organisation_reading() as session:
            session.execute(select(1))
    except AWAY:
        return False
    return True


def read_envelope(
    database: Database, account: ChannelAccount, envelope_id: str, body: bytes, *, live: bool = True
) -> Stored:
    """Parse a body and store everything in it. Raises PayloadError, or what the database raised.

    ``live`` is False for bodies of long ago: what they say about the account itself is over.
    """
    with span("parse"):
        batches = channel_for(account.kind).parse(access_of(account), body)
    try:
        return _store_together(database, account, envelope_id, batches, live=live)
    except Exception as error:  # noqa: BLE001 - two batches may lock the same people crosswise; each part alone cannot
        log.info("envelope_apart", envelope=envelope_id, reason=type(error).__name__)
        return _store_apart(database, account, envelope_id, batches, live=live)


def read_waiting(database: Database) -> bool:
    """Read the oldest envelope that nobody finished. False when there is none."""
    with database.every_organisation_reading() as session:
        found = session.execute(
            select(Envelope.id, Envelope.organisation_id, Envelope.channel_account_id, Envelope.body)
            .where(WAITING, Envelope.next_try_at <= utc_now())
            .order_by(Envelope.next_try_at)
            .limit(1)
        ).first()
        account = session.get(ChannelAccount, found.channel_account_id) if found else None
    if found is None or account is None:
        return False
    read_kept(database, account, Kept(found.id, taken=False), found.body)
    return True


def _store_together(
    database: Database, account: ChannelAccount, envelope_id: str, batches: list[Batch], *, live: bool
) -> Stored:
    receivers = [(_receiver(database, account, batch), batch) for batch in batches]
    # The envelope is safe on the disk; were this lost in a power cut, it would be read again.
    with database.tenant(account.organisation_id, lasting=False) as session:
        for receiver, batch in receivers:
            if receiver is not None:
                for part in _parts(batch):
                    _store_part(session, receiver, part, envelope_id)
        if live:
            _note_health(session, account, receivers)
        return _finish(session, account, envelope_id, receivers)


def _store_apart(
    database: Database, account: ChannelAccount, envelope_id: str, batches: list[Batch], *, live: bool
) -> Stored:
    """Each part in a transaction of its own, so that one that cannot be stored hides no other. Raises the first
    failure after the rest is stored."""
    failures: list[Exception] = []
    receivers = [(_receiver(database, account, batch), batch) for batch in batches]
    for receiver, batch in receivers:
        for part in _parts(batch) if receiver is not None else ():
            try:
                _store_alone(database, receiver, part, envelope_id)
            except Exception as error:  # noqa: BLE001 - raised below, once its neighbours are safe
                failures.append(error)
    if failures:
        raise failures[0]
    with database.tenant(account.organisation_id, lasting=False) as session:
        if live:
            _note_health(session, account, receivers)
        return _finish(session, account, envelope_id, receivers)


def _note_health(session: Session, account: ChannelAccount, receivers: list[Received]) -> None:
    """What the body says about accounts; a body without such a word proves that we are heard of."""
    links = [(receiver, batch.link) for receiver, batch in receivers if receiver is not None and batch.link is not None]
    for receiver, link in links:
        note_link(session, receiver, link, "webhook")
    if not links:
        prove(session, account, "webhook")


# The same message may arrive by another envelope at this moment; the second look finds it stored. Its sender may be
# merged into another contact just now; the second look finds that one.
@stamina.retry(on=(DBAPIError, StaleDataError), attempts=4, wait_initial=0.02, wait_max=0.3)
def _store_alone(database: Database, receiver: ChannelAccount | None, part: Part, envelope_id: str) -> None:
    assert receiver is not None  # noqa: S101 - the caller looked
    with database.tenant(receiver.organisation_id, lasting=False) as session:
        _store_part(session, receiver, part, envelope_id)


def _parts(batch: Batch) -> tuple[Part, ...]:
    return (*batch.incoming, *batch.receipts, *batch.watermarks)


def _store_part(session: Session, receiver: ChannelAccount | None, part: Part, envelope_id: str) -> None:
    assert receiver is not None  # noqa: S101 - the callers looked
    if isinstance(part, Incoming):
        accept_in(session, receiver, part, envelope_id)
    elif isinstance(part, Receipt):
        apply_receipt_in(session, receiver, part)
    else:
        apply_watermark_in(session, receiver, part)


def _finish(session: Session, account: ChannelAccount, envelope_id: str, receivers: list[Received]) -> Stored:
    """The envelope counts all that it holds, so that the ledger names what was for a number that nobody connected."""
    whole = _counted([batch for _, batch in receivers])
    settle(
        session,
        account.organisation_id,
        envelope_id,
        messages=whole.messages,
        receipts=whole.receipts,
        notices=whole.notices,
    )
    return _counted([batch for receiver, batch in receivers if receiver is not None])


def _counted(batches: list[Batch]) -> Stored:
    return Stored(
        messages=sum(len(batch.incoming) for batch in batches),
        receipts=sum(len(batch.receipts) + len(batch.watermarks) for batch in batches),
        notices=sum(len(batch.notices) for batch in batches),
    )


def _receiver(database: Database, account: ChannelAccount, batch: Batch) -> ChannelAccount | None:
    for notice in batch.notices:
        log.info("webhook_notice", account=account.name, notice=str(notice)[:300])
    if not _parts(batch) and batch.link is None:
        return None
    receiver = sibling_account(database, account, batch.account_external_id)
    if receiver is None:
        error = BadInput(f"messages for number {batch.account_external_id}, which is connected to no account here")
        record_incident(database, account.organisation_id, error, "webhook:unknown-number")
    return receiver


def _note_failure(database: Database, account: ChannelAccount, envelope_id: str, error: Exception) -> None:
    """Unreadable bytes will not read better later; anything else is tried again."""
    log.warning("envelope_failed", account=account.name, envelope=envelope_id, reason=repr(error)[:300])
    most_attempts = 1 if isinstance(error, PayloadError) else MOST_ATTEMPTS
    try:
        postpone(database, account.organisation_id, envelope_id, repr(error), most_attempts)
        record_incident(database, account.organisation_id, error, f"webhook:{account.kind}")
    except DBAPIError:
        # The database has gone away since; the envelope is in it, and the worker reads what nobody finished.
        log.exception("envelope_failure_unnoted", envelope=envelope_id)
