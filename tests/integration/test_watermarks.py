"""A mark without message ids settles what left before it, and nothing that left after."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from ramah.channels.content import Outgoing, ReceiptStatus, Sent, Watermark
from ramah.messaging.conversations import locked
from ramah.messaging.delivery import settle_sent
from ramah.messaging.inbox import accept
from ramah.messaging.models import Author, Outbound
from ramah.messaging.outbox import Writer, write_outbound
from ramah.messaging.receipts import apply_watermark_in
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant, claimer, text_message

PERSON = "62811000001"


@pytest.fixture
def conversation_id(database: Database, kilap: Tenant) -> str:
    return accept(database, kilap.whatsapp, text_message("halo", who=PERSON)).conversation_id


def send_at(database: Database, tenant: Tenant, conversation_id: str, text: str, moment: datetime) -> None:
    """A message that left at this moment; the provider's answer took two seconds."""
    with time_machine.travel(moment, tick=False):
        with database.tenant(tenant.id) as session:
            row = locked(session, conversation_id)
            write_outbound(session, row, Writer(Author.BOT, row.epoch), Outgoing(text=text), text)
        parcel = claimer(database).claim()
        assert parcel is not None
    with time_machine.travel(moment + timedelta(seconds=2), tick=False):
        settle_sent(database, parcel, Sent(provider_id=f"m.{text}"))


def mark(database: Database, tenant: Tenant, status: ReceiptStatus, up_to: datetime, who: str = PERSON) -> int:
    with database.tenant(tenant.id) as session:
        return apply_watermark_in(session, tenant.whatsapp, Watermark(recipient=who, status=status, up_to=up_to))


def statuses(database: Database, tenant: Tenant) -> list[str]:
    with database.tenant_reading(tenant.id) as session:
        return list(session.scalars(select(Outbound.status).order_by(Outbound.position)))


def test_what_left_before_the_mark_is_read_and_what_left_later_is_not(
    database: Database, kilap: Tenant, conversation_id: str
) -> None:
    start = utc_now() + timedelta(minutes=1)
    for number in range(3):
        send_at(database, kilap, conversation_id, f"pesan {number}", start + timedelta(minutes=number))
    # The mark is the second message's own moment, before its answer reached us.
    assert mark(database, kilap, ReceiptStatus.READ, start + timedelta(minutes=1, seconds=1)) == 2
    assert statuses(database, kilap) == ["read", "read", "sent"]


def test_marks_never_run_backwards_and_change_nothing_twice(
    database: Database, kilap: Tenant, conversation_id: str
) -> None:
    start = utc_now() + timedelta(minutes=1)
    send_at(database, kilap, conversation_id, "halo", start)
    later = start + timedelta(minutes=5)
    assert mark(database, kilap, ReceiptStatus.READ, later) == 1
    assert mark(database, kilap, ReceiptStatus.READ, later) == 0
    assert mark(database, kilap, ReceiptStatus.DELIVERED, later) == 0
    assert statuses(database, kilap) == ["read"]


def test_a_mark_of_one_person_says_nothing_about_another(
    database: Database, kilap: Tenant, conversation_id: str
) -> None:
    start = utc_now() + timedelta(minutes=1)
    send_at(database, kilap, conversation_id, "halo", start)
    assert mark(database, kilap, ReceiptStatus.READ, start + timedelta(minutes=5), who="62811000002") == 0
    assert statuses(database, kilap) == ["sent"]
