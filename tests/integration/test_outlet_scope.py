"""Staff who are limited to outlets see what is theirs and what nobody's outlet is known of, on every statement."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from ramah.billing.models import Proof
from ramah.booking.models import Draft
from ramah.desk.handover import take_over
from ramah.desk.inbox_list import counts, list_page
from ramah.desk.list_filters import Filter
from ramah.lib.errors import NotFound
from ramah.messaging.inbox import accept
from ramah.messaging.models import ChannelAccount, Conversation, HandledBy, Inbound, MediaFile
from ramah.people import Contact
from ramah.store import Behalf, Database
from ramah.support.tickets import Report, open_ticket
from tests.integration.conftest import Tenant, text_message

WEST, EAST = "WEST", "EAST"


@pytest.fixture
def conversations(database: Database, kilap: Tenant) -> dict[str | None, str]:
    """One conversation about each outlet, and one about none that is known; all of them wait."""
    found: dict[str | None, str] = {}
    for number, outlet in enumerate((WEST, EAST, None)):
        message = text_message(f"halo {outlet}", key=str(number), who=f"6281100000{number}")
        found[outlet] = accept(database, kilap.whatsapp, message).conversation_id
        open_ticket(database, kilap.id, found[outlet], Report(f"goresan {outlet}"))
    with database.tenant(kilap.id) as session:
        for outlet, conversation_id in found.items():
            conversation = session.get_one(Conversation, conversation_id)
            conversation.outlet, conversation.handled_by = outlet, HandledBy.QUEUE
            _hang_on(session, conversation)
    return found


def _hang_on(session: Any, conversation: Conversation) -> None:
    who = {"contact_id": conversation.contact_id, "conversation_id": conversation.id}
    session.add(Draft(reference=f"RM-{conversation.outlet}", **who))
    account_id = conversation.channel_account_id
    file = MediaFile(channel_account_id=account_id, conversation_id=conversation.id, kind="image")
    session.add(file)
    session.flush()
    session.add(Proof(source=f"p-{conversation.id}", media_id=file.id, **who))


def seen(database: Database, tenant: Tenant, *outlets: str) -> Database:
    return database.on_behalf(Behalf(tenant.alice, outlets=outlets))


def test_the_list_and_its_numbers_are_those_of_the_scope(
    database: Database, kilap: Tenant, conversations: dict[str | None, str]
) -> None:
    with seen(database, kilap, WEST).tenant_reading(kilap.id) as session:
        listed = {item.conversation.id for item in list_page(session, kilap.alice, Filter(), None).items}
        assert listed == {conversations[WEST], conversations[None]}
        assert counts(session, kilap.alice)["waiting"] == 2
        assert list_page(session, kilap.alice, Filter(search="EAST"), None).items == []


@pytest.mark.parametrize("model", [Conversation, Contact, Inbound, Draft, Proof, MediaFile])
def test_what_hangs_on_a_conversation_is_seen_with_it(
    database: Database, kilap: Tenant, conversations: dict[str | None, str], model: Any
) -> None:
    assert len(conversations) == 3
    for outlets, number in (((WEST,), 2), ((WEST, EAST), 3), ((), 1)):
        with seen(database, kilap, *outlets).tenant_reading(kilap.id) as session:
            assert len(session.scalars(select(model)).all()) == number
            assert session.scalar(select(func.count()).select_from(aliased(model))) == number
    with database.tenant_reading(kilap.id) as session:
        assert len(session.scalars(select(model)).all()) == 3


def test_what_is_elsewhere_can_neither_be_opened_nor_taken(
    database: Database, kilap: Tenant, conversations: dict[str | None, str]
) -> None:
    limited = seen(database, kilap, WEST)
    with pytest.raises(NotFound):
        take_over(limited, kilap.id, conversations[EAST], kilap.alice)
    take_over(limited, kilap.id, conversations[WEST], kilap.alice)


def test_a_contact_who_also_writes_about_our_outlet_is_ours_too(
    database: Database, kilap: Tenant, conversations: dict[str | None, str]
) -> None:
    with database.tenant(kilap.id) as session:
        east = session.get_one(Conversation, conversations[EAST])
        account = session.get_one(ChannelAccount, kilap.webchat.id)
        session.add(Conversation(channel_account_id=account.id, contact_id=east.contact_id, recipient="-", outlet=WEST))
        contact_id = east.contact_id
    with seen(database, kilap, WEST).tenant_reading(kilap.id) as session:
        assert session.get(Contact, contact_id) is not None
        assert session.get(Conversation, conversations[EAST]) is None


def test_a_conversation_begins_with_the_outlet_of_its_number(database: Database, kilap: Tenant) -> None:
    with database.tenant(kilap.id) as session:
        session.get_one(ChannelAccount, kilap.whatsapp.id).options = {"outlet": EAST}
    with database.tenant_reading(kilap.id) as session:
        account = session.get_one(ChannelAccount, kilap.whatsapp.id)
    opened = accept(database, account, text_message("halo")).conversation_id
    with database.tenant_reading(kilap.id) as session:
        assert session.get_one(Conversation, opened).outlet == EAST
