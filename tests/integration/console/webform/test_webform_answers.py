"""Who answers a form, and in whose name nobody may write."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ramah.channels.webform.definition import definition_of
from ramah.channels.webform.submission import submission_of
from ramah.messaging import webforms
from ramah.messaging.accounts import connect_account
from ramah.messaging.claims import claim_turn
from ramah.messaging.inbox import accept
from ramah.messaging.models import ChannelAccount, Conversation, Envelope, HandledBy, Inbound
from ramah.messaging.routing import Route, route
from ramah.messaging.webhooks import read_waiting
from ramah.people import Contact
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant, text_message
from tests.integration.console.contents import count
from tests.integration.console.webform.conftest import (
    Visitor,
    connect,
    conversation,
    messages,
)
from tests.unit.channels.webform.forms import CONTACT, FILLED


def test_a_form_without_an_answer_waits_for_a_person(visitor: Visitor, database: Database) -> None:
    visitor.send()
    assert (conversation(database).handled_by, conversation(database).handover_reason) == (HandledBy.QUEUE, "web_form")
    claim = claim_turn(database, "worker-1", 60)
    assert claim is not None
    assert route(claim) is Route.SILENT


def mailbox(database: Database, tenant: Tenant) -> ChannelAccount:
    """An e-mail account that is never spoken to."""
    with database.tenant(tenant.id) as session:
        return connect_account(session, "email", "Kilap", f"cs@{tenant.id[:8]}.example", {})


def test_an_answer_by_mail_is_a_conversation_with_that_address(
    visitor: Visitor, database: Database, kilap: Tenant
) -> None:
    account = mailbox(database, kilap)
    connect(database, kilap, answer_by="email", answer_account_id=account.id)
    visitor.send(_language="en")
    opened = conversation(database)
    assert (opened.channel_account_id, opened.recipient) == (account.id, "budi@contoh.example")
    assert (opened.handled_by, opened.language) == (HandledBy.BOT, "en")
    claim = claim_turn(database, "worker-1", 60)
    assert claim is not None
    assert route(claim) is Route.ENGINE


def test_an_answer_by_phone_waits_for_a_person_and_opens_no_window(
    visitor: Visitor, database: Database, kilap: Tenant
) -> None:
    connect(database, kilap, answer_by="whatsapp", answer_account_id=kilap.whatsapp.id)
    visitor.send()
    opened = conversation(database)
    assert (opened.channel_account_id, opened.recipient) == (kilap.whatsapp.id, "6281234567890")
    assert opened.handled_by == HandledBy.QUEUE
    assert opened.last_inbound_at is None


def test_nobody_speaks_for_a_number_that_is_not_theirs(visitor: Visitor, database: Database, kilap: Tenant) -> None:
    owner = text_message("booking saya", who="6281234567890")
    accept(
        database,
        kilap.whatsapp,
        owner.model_copy(update={"sender": owner.sender.model_copy(update={"phone": "+6281234567890"})}),
    )
    connect(database, kilap, answer_by="whatsapp", answer_account_id=kilap.whatsapp.id)
    with database.every_organisation_reading() as session:
        before = session.scalars(select(Conversation)).one().last_inbound_at
    visitor.send({**FILLED, "message": "Batalkan booking saya"})
    assert [row.automatic for row in messages(database)] == [False, True]
    assert conversation(database).last_inbound_at == before
    while (claim := claim_turn(database, "worker-1", 60)) is not None:
        assert "Batalkan" not in claim.text or route(claim) is Route.SILENT
        with database.tenant(kilap.id) as session:
            session.get_one(Inbound, claim.inbound_id).status = "done"
            session.get_one(Conversation, claim.conversation_id).lease_owner = None
            session.get_one(Conversation, claim.conversation_id).lease_until = None
    with database.every_organisation_reading() as session:
        assert session.scalars(select(Contact)).one().phone == "+6281234567890"


def test_a_form_cannot_answer_by_the_account_of_another_organisation(
    visitor: Visitor, database: Database, kilap: Tenant, stranger: Tenant, form: ChannelAccount
) -> None:
    for account_id in (mailbox(database, stranger).id, kilap.webchat.id, kilap.whatsapp.id, "none"):
        connect(database, kilap, answer_by="email", answer_account_id=account_id)
        visitor.send({**FILLED, "message": f"Pesan {account_id}"})
    assert {row.channel_account_id for row in messages(database)} == {form.id}
    assert {row.organisation_id for row in messages(database)} == {kilap.id}
    assert len(messages(database)) == 4


def test_a_phone_field_left_empty_leaves_it_to_a_person(
    visitor: Visitor, database: Database, kilap: Tenant, form: ChannelAccount
) -> None:
    connect(database, kilap, answer_by="whatsapp", answer_account_id=kilap.whatsapp.id)
    visitor.send({**FILLED, "phone": ""})
    assert conversation(database).channel_account_id == form.id


def test_a_submission_that_cannot_be_stored_is_kept_and_read_by_the_worker(
    visitor: Visitor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(webforms, "accept_in", failing)
        assert "Terima kasih." in visitor.send().text
    assert messages(database) == []
    with database.every_organisation() as session:
        session.scalars(select(Envelope)).one().next_try_at = utc_now()
    assert read_waiting(database)
    assert len(messages(database)) == 1
    visitor.send()
    assert len(messages(database)) == 1
    assert count(database, Envelope) == 1


def test_the_same_submission_from_many_sides_is_one_message(
    database: Database, kilap: Tenant, form: ChannelAccount
) -> None:
    submission = submission_of(definition_of(CONTACT), "page-1", "id", FILLED, "ID")
    results = [webforms.submit(database, form, submission) for _ in range(3)]
    assert [result.repeated for result in results if result] == [False, True, True]
    assert len({result.inbound_id for result in results if result}) == 1
