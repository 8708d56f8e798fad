"""Outbound: leased, sent in order, settled by receipts, never twice."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import select

from ramah.channels.content import Outgoing, Receipt, ReceiptStatus, Sent
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.messaging.conversations import locked
from ramah.messaging.delivery import send, settle_failed, settle_sent, sweep
from ramah.messaging.inbox import accept
from ramah.messaging.models import Author, ChannelAccount, Conversation, Outbound, OutboundStatus, SendAttempt
from ramah.messaging.outbox import Writer, write_outbound
from ramah.messaging.receipts import apply_receipt
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant, claimer, defaults, text_message

DEFAULTS = defaults()
TWO_TRIES = defaults(send_attempts=2)
AT_ONCE = DEFAULTS.model_copy(update={"uncertain_wait": -1.0})


@pytest.fixture
def conversation_id(database: Database, kilap: Tenant) -> str:
    return accept(database, kilap.whatsapp, text_message("halo")).conversation_id


def queue(database: Database, tenant: Tenant, conversation_id: str, *texts: str) -> list[str]:
    with database.tenant(tenant.id) as session:
        conversation = locked(session, conversation_id)
        rows = [
            write_outbound(session, conversation, Writer(Author.BOT, conversation.epoch), Outgoing(text=text), text)[0]
            for text in texts
        ]
        return [row.id for row in rows]


def status_of(database: Database, tenant: Tenant, outbound_id: str) -> str:
    with database.tenant_reading(tenant.id) as session:
        return session.get_one(Outbound, outbound_id).status


def receipt(status: ReceiptStatus, provider_id: str = "wamid.1", reference: str | None = None) -> Receipt:
    return Receipt(provider_id=provider_id, reference=reference, status=status, at=utc_now())


def test_messages_of_a_conversation_leave_one_after_the_other(
    database: Database, kilap: Tenant, conversation_id: str
) -> None:
    first, second = queue(database, kilap, conversation_id, "satu", "dua")
    parcel = claimer(database, "d1").claim()
    assert parcel is not None and parcel.outbound_id == first
    assert claimer(database, "d2").claim() is None
    settle_sent(database, parcel, Sent(provider_id="wamid.1"))
    following = claimer(database, "d2").claim()
    assert following is not None and following.outbound_id == second


def test_an_attempt_is_on_record_before_it_is_made(database: Database, kilap: Tenant, conversation_id: str) -> None:
    queue(database, kilap, conversation_id, "satu")
    assert claimer(database, "d1").claim()
    with database.tenant_reading(kilap.id) as session:
        assert session.scalars(select(SendAttempt)).one().ended_at is None


def test_a_refusal_that_may_pass_is_tried_again_and_then_given_up(
    database: Database, kilap: Tenant, conversation_id: str
) -> None:
    (outbound_id,) = queue(database, kilap, conversation_id, "satu")
    for expected in (OutboundStatus.QUEUED, OutboundStatus.FAILED):
        parcel = claimer(database, "d1").claim()
        assert parcel is not None
        settle_failed(database, parcel, ChannelError("busy", SendOutcome.RETRY, retry_after=0.0001), TWO_TRIES)
        assert status_of(database, kilap, outbound_id) == expected


def test_an_uncertain_send_waits_for_its_receipt_and_is_not_sent_again(
    database: Database, kilap: Tenant, conversation_id: str
) -> None:
    (outbound_id,) = queue(database, kilap, conversation_id, "satu")
    parcel = claimer(database, "d1").claim()
    assert parcel is not None
    settle_failed(database, parcel, ChannelError("time-out", SendOutcome.UNCERTAIN), DEFAULTS)
    assert claimer(database, "d1").claim() is None
    apply_receipt(database, kilap.whatsapp, receipt(ReceiptStatus.SENT, reference=outbound_id))
    assert status_of(database, kilap, outbound_id) == OutboundStatus.SENT
    assert sweep(database, DEFAULTS) == 0


def test_a_sender_that_died_leaves_an_uncertain_message_that_is_tried_again_in_the_end(
    database: Database, kilap: Tenant, conversation_id: str
) -> None:
    (outbound_id,) = queue(database, kilap, conversation_id, "satu")
    assert claimer(database, "dead", -1).claim()
    assert sweep(database, AT_ONCE) == 1
    assert status_of(database, kilap, outbound_id) == OutboundStatus.UNCERTAIN
    assert sweep(database, AT_ONCE) == 1
    assert claimer(database, "d2").claim()


def test_a_receipt_that_comes_before_the_send_is_recorded_is_not_lost(
    database: Database, kilap: Tenant, conversation_id: str
) -> None:
    (outbound_id,) = queue(database, kilap, conversation_id, "satu")
    parcel = claimer(database, "d1").claim()
    assert parcel is not None
    assert apply_receipt(database, kilap.whatsapp, receipt(ReceiptStatus.DELIVERED)).parked
    settle_sent(database, parcel, Sent(provider_id="wamid.1"))
    assert status_of(database, kilap, outbound_id) == OutboundStatus.DELIVERED


def test_ticks_end_the_same_in_whatever_order_receipts_come(
    database: Database, kilap: Tenant, conversation_id: str
) -> None:
    orders = list(permutations([ReceiptStatus.SENT, ReceiptStatus.DELIVERED, ReceiptStatus.READ]))
    ids = queue(database, kilap, conversation_id, *(f"pesan {number}" for number in range(len(orders))))
    events = []
    for number, (outbound_id, order) in enumerate(zip(ids, orders, strict=True)):
        parcel = claimer(database, "d").claim()
        assert parcel is not None and parcel.outbound_id == outbound_id
        settle_sent(database, parcel, Sent(provider_id=f"wamid.{number}"))
        events += [(f"wamid.{number}", status) for status in order]
    random.Random(3).shuffle(events)
    for provider_id, status in [*events, *events]:
        apply_receipt(database, kilap.whatsapp, receipt(status, provider_id))
    assert {status_of(database, kilap, one) for one in ids} == {OutboundStatus.READ}


def test_a_failure_is_final_unless_a_later_delivery_proves_otherwise(
    database: Database, kilap: Tenant, conversation_id: str
) -> None:
    (outbound_id,) = queue(database, kilap, conversation_id, "satu")
    parcel = claimer(database, "d").claim()
    assert parcel is not None
    settle_sent(database, parcel, Sent(provider_id="wamid.1"))
    apply_receipt(database, kilap.whatsapp, receipt(ReceiptStatus.FAILED))
    apply_receipt(database, kilap.whatsapp, receipt(ReceiptStatus.SENT))
    assert status_of(database, kilap, outbound_id) == OutboundStatus.FAILED
    apply_receipt(database, kilap.whatsapp, receipt(ReceiptStatus.READ))
    assert status_of(database, kilap, outbound_id) == OutboundStatus.READ


def test_nothing_is_sent_into_a_closed_window(database: Database, kilap: Tenant, conversation_id: str) -> None:
    queue(database, kilap, conversation_id, "satu")
    with database.tenant(kilap.id) as session:
        session.get_one(Conversation, conversation_id).last_inbound_at = utc_now() - timedelta(hours=25)
    parcel = claimer(database, "d").claim()
    assert parcel is not None
    with pytest.raises(ChannelError) as refused:
        send(parcel)
    assert refused.value.outcome is SendOutcome.WINDOW_CLOSED


def test_a_configuration_failure_is_shown_on_the_account(
    database: Database, kilap: Tenant, conversation_id: str
) -> None:
    queue(database, kilap, conversation_id, "satu")
    parcel = claimer(database, "d").claim()
    assert parcel is not None
    settle_failed(database, parcel, ChannelError("token expired", SendOutcome.CONFIGURATION, code="190"), DEFAULTS)
    with database.tenant_reading(kilap.id) as session:
        assert session.get_one(ChannelAccount, kilap.whatsapp.id).trouble == "token expired"
