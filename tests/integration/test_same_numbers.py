"""Two organisations whose customers have the same numbers, and messages with the same ids: nothing crosses."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ramah.channels.content import Incoming, IncomingKind, MediaKind, Receipt, ReceiptStatus, RemoteMedia, Sender, Sent
from ramah.messaging.delivery import settle_sent
from ramah.messaging.inbox import accept
from ramah.messaging.live import missed_events
from ramah.messaging.models import (
    Conversation,
    Envelope,
    Inbound,
    Interaction,
    LiveEvent,
    MediaFile,
    Outbound,
    SendAttempt,
)
from ramah.messaging.receipts import apply_receipt
from ramah.messaging.thread import read_thread
from ramah.messaging.turn_runner import TurnRunner
from ramah.people import Contact, Identity
from ramah.store import Database, TenantRow, utc_now
from tests.integration.conftest import Tenant, claimer
from tests.integration.days import proof_of

PERSON = "62811000001"
PATH: tuple[type[TenantRow], ...] = (
    Envelope,
    Contact,
    Identity,
    Conversation,
    Inbound,
    MediaFile,
    Interaction,
    Outbound,
    SendAttempt,
    LiveEvent,
)


def write(database: Database, tenant: Tenant, text: str) -> str:
    """The same message id and the same person, whatever the organisation."""
    media = RemoteMedia(kind=MediaKind.IMAGE, reference="media-1")
    sender = Sender(platform_id=PERSON, name="Budi", phone=f"+{PERSON}")
    incoming = Incoming(external_id="wamid.SAME", sender=sender, kind=IncomingKind.TEXT, text=text, media=(media,))
    return accept(database, tenant.whatsapp, incoming).conversation_id


@pytest.fixture
def conversations(database: Database, kilap: Tenant, stranger: Tenant, runner: TurnRunner) -> dict[str, str]:
    """Both wrote, were answered, and both providers named their answer alike."""
    found = {tenant.id: write(database, tenant, f"rahasia {tenant.id}") for tenant in (kilap, stranger)}
    while runner.run_one():
        continue
    hand = claimer(database)
    for _ in found:
        parcel = hand.claim()
        assert parcel is not None
        settle_sent(database, parcel, Sent(provider_id="wamid.ANSWER"))
    return found


def test_each_has_its_own_person_conversation_and_messages(
    database: Database, kilap: Tenant, stranger: Tenant, conversations: dict[str, str]
) -> None:
    assert len(set(conversations.values())) == 2
    for mine, other in ((kilap, stranger), (stranger, kilap)):
        with database.tenant_reading(mine.id) as session:
            for kind in PATH:
                assert {row.organisation_id for row in session.scalars(select(kind))} <= {mine.id}, kind
            shown = str(read_thread(session, conversations[mine.id]))
            assert len(session.scalars(select(Contact)).all()) == 1
            assert read_thread(session, conversations[other.id]) == []
        assert f"rahasia {mine.id}" in shown and other.id not in shown


def test_a_receipt_moves_the_tick_of_its_own_account_only(
    database: Database, kilap: Tenant, stranger: Tenant, conversations: dict[str, str]
) -> None:
    receipt = Receipt(provider_id="wamid.ANSWER", status=ReceiptStatus.READ, at=utc_now())
    assert apply_receipt(database, kilap.whatsapp, receipt).changed
    statuses = {}
    for tenant in (kilap, stranger):
        with database.tenant_reading(tenant.id) as session:
            statuses[tenant.id] = session.scalars(select(Outbound.status)).one()
    assert statuses == {kilap.id: "read", stranger.id: "sent"}
    assert len(conversations) == 2


def test_pages_of_one_hear_nothing_of_the_other(
    database: Database, kilap: Tenant, stranger: Tenant, conversations: dict[str, str]
) -> None:
    for mine, other in ((kilap, stranger), (stranger, kilap)):
        events = missed_events(database, mine.id, 0)
        assert events
        assert {event.organisation_id for event in events} == {mine.id}
        assert conversations[other.id] not in {event.conversation_id for event in events}


def test_each_ledger_counts_its_own(
    database: Database, kilap: Tenant, stranger: Tenant, conversations: dict[str, str]
) -> None:
    write(database, stranger, "sama lagi")
    assert len(conversations) == 2
    for tenant in (kilap, stranger):
        proof = proof_of(database, tenant)
        assert (proof.is_whole, proof.counts["messages_in"], proof.counts["answered"]) == (True, 1, 1)
