"""What an envelope held must be stored. Where fewer rows point to it than it held, its body is read once more and each
message is looked up: it may be a repetition of what an earlier envelope brought, or an echo of what we sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from ramah.channels.content import Incoming
from ramah.channels.errors import PayloadError
from ramah.lib.text import without_nulls
from ramah.messaging.accounts import access_of
from ramah.messaging.ledger.counts import in_day
from ramah.messaging.ledger.finding import Finding
from ramah.messaging.ledger.span import Span
from ramah.messaging.models import (
    ChannelAccount,
    Envelope,
    EnvelopeStatus,
    Inbound,
    Outbound,
)
from ramah.messaging.registry import channel_for

AT_ONCE = 50
LOOKED_UP_AT_ONCE = 1000
ECHO_KEY_LENGTH = 80
Accounts = Sequence[ChannelAccount]


@dataclass(frozen=True)
class _Held:
    """A message that an envelope held, and the account that it belongs to."""

    envelope_id: str
    account_id: str
    external_id: str
    reference: str | None

    @property
    def echo_key(self) -> str:
        """The send key of a message that one of ours wrote elsewhere."""
        return f"echo-{self.external_id}"[:ECHO_KEY_LENGTH]


def unstored(session: Session, span: Span) -> Iterator[Finding]:
    """Messages of the day's envelopes that are stored nowhere.

    Two statements; where bodies must be read again, two more for each thousand messages in them."""
    accounts = session.scalars(select(ChannelAccount).where(_of(ChannelAccount, span))).all()
    pending: list[_Held] = []
    for envelope_id, account_id, body, messages, stored in session.execute(_uneven(span)):
        if stored > messages:
            why = f"{stored} messages point to it, it held {messages}"
            yield Finding("envelope_changed", envelope_id, why, rows=stored - messages)
            continue
        for one in _read_again(accounts, envelope_id, account_id, body):
            if isinstance(one, Finding):
                yield one
            else:
                pending.append(one)
        if len(pending) >= LOOKED_UP_AT_ONCE:
            yield from _missing(session, span, pending)
            pending = []
    if pending:
        yield from _missing(session, span, pending)


def _of(model: Any, span: Span) -> Any:
    return model.organisation_id == span.organisation_id


def _uneven(span: Span) -> Select[str, str, bytes, int, Any]:
    rows = (
        select(Inbound.envelope_id, func.count().label("stored"))
        .where(_of(Inbound, span), Inbound.envelope_id.is_not(None), Inbound.received_at >= span.reach)
        .group_by(Inbound.envelope_id)
        .subquery("rows")
    )
    stored = func.coalesce(rows.c.stored, 0)
    return (
        select(Envelope.id, Envelope.channel_account_id, Envelope.body, Envelope.messages, stored)
        .outerjoin(rows, rows.c.envelope_id == Envelope.id)
        .where(_of(Envelope, span), *in_day(Envelope.received_at, span))
        .where(Envelope.status == EnvelopeStatus.DONE, Envelope.messages != stored)
        .order_by(Envelope.received_at)
        .execution_options(yield_per=AT_ONCE)
    )


def _read_again(accounts: Accounts, envelope_id: str, account_id: str, body: bytes) -> Iterator[_Held | Finding]:
    account = next((one for one in accounts if one.id == account_id), None)
    if account is None:
        yield Finding("envelope_unread", envelope_id, "its account is gone, so nobody can say what it held")
        return
    try:
        batches = channel_for(account.kind).parse(access_of(account), body)
    except PayloadError as error:
        yield Finding("envelope_unread", envelope_id, f"it was read once and cannot be read any more: {error}")
        return
    for batch in batches:
        receiver = _receiver(accounts, account, batch.account_external_id)
        if receiver is not None:
            yield from (_held(envelope_id, receiver.id, message) for message in batch.incoming)
        elif batch.incoming:
            why = f"it holds messages for {batch.account_external_id}, which is connected to no account here"
            yield Finding("message", envelope_id, why, rows=len(batch.incoming))


def _receiver(accounts: Accounts, account: ChannelAccount, external_id: str) -> ChannelAccount | None:
    if account.external_id == external_id:
        return account
    return next((one for one in accounts if one.kind == account.kind and one.external_id == external_id), None)


def _held(envelope_id: str, account_id: str, message: Incoming) -> _Held:
    external_id, reference = without_nulls([message.external_id, message.reference])
    return _Held(envelope_id, account_id, external_id, reference)


def _missing(session: Session, span: Span, held: list[_Held]) -> Iterator[Finding]:
    came_in = _came_in(session, span, held)
    went_out = _went_out(session, span, held)
    for one in held:
        names = (one.external_id, one.echo_key, one.reference)
        if (one.account_id, one.external_id) not in came_in and not any((one.account_id, n) in went_out for n in names):
            yield Finding("message", one.external_id, f"envelope {one.envelope_id} held it, and no row has it")


def _came_in(session: Session, span: Span, held: list[_Held]) -> set[tuple[str, str]]:
    rows = session.execute(
        select(Inbound.channel_account_id, Inbound.external_id).where(
            _of(Inbound, span), Inbound.external_id.in_({one.external_id for one in held})
        )
    )
    return {(row[0], row[1]) for row in rows}


def _went_out(session: Session, span: Span, held: list[_Held]) -> set[tuple[str, str | None]]:
    """Under each name that an echo may have given the row."""
    rows = session.execute(
        select(Outbound.channel_account_id, Outbound.provider_id, Outbound.send_key, Outbound.id)
        .where(_of(Outbound, span))
        .where(
            or_(
                Outbound.provider_id.in_({one.external_id for one in held}),
                Outbound.send_key.in_({one.echo_key for one in held}),
                Outbound.id.in_({one.reference for one in held if one.reference}),
            )
        )
    )
    return {(row[0], name) for row in rows for name in row[1:] if name}
