"""A person of ours who answers elsewhere counts as a person here: the bot falls silent."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ramah.channels.content import Incoming, IncomingKind, Outgoing, Sender, Sent
from ramah.messaging.conversations import locked
from ramah.messaging.delivery import settle_sent
from ramah.messaging.inbox import accept
from ramah.messaging.models import Author, Conversation, HandledBy, Outbound, OutboundStatus, ThreadNote
from ramah.messaging.outbox import Writer, write_outbound
from ramah.messaging.turn_runner import TurnRunner
from ramah.store import Database
from tests.integration.conftest import ScriptedEngine, Tenant, claimer, text_message


def echo(key: str, text: str = "Saya bantu ya", reference: str | None = None) -> Incoming:
    return Incoming(
        external_id=f"echo.{key}",
        sender=Sender(platform_id="62811000001"),
        kind=IncomingKind.TEXT,
        text=text,
        from_business=True,
        reference=reference,
    )


@pytest.fixture
def conversation_id(database: Database, kilap: Tenant) -> str:
    return accept(database, kilap.whatsapp, text_message("halo")).conversation_id


def conversation(database: Database, tenant: Tenant) -> Conversation:
    with database.tenant_reading(tenant.id) as session:
        return session.scalars(select(Conversation)).one()


def queue_bot_message(database: Database, tenant: Tenant, conversation_id: str, text: str = "Jam 9-17") -> str:
    with database.tenant(tenant.id) as session:
        row = locked(session, conversation_id)
        return write_outbound(session, row, Writer(Author.BOT, row.epoch), Outgoing(text=text), text)[0].id


def outbound(database: Database, tenant: Tenant) -> list[Outbound]:
    with database.tenant_reading(tenant.id) as session:
        return list(session.scalars(select(Outbound).order_by(Outbound.position)))


def test_an_answer_from_the_phone_itself_takes_the_conversation_over(
    database: Database, kilap: Tenant, conversation_id: str, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    queue_bot_message(database, kilap, conversation_id)
    for _ in range(3):
        accept(database, kilap.whatsapp, echo("1"))
    found = conversation(database, kilap)
    assert (found.handled_by, found.staff_id, found.epoch) == (HandledBy.HUMAN, None, 1)
    dropped, theirs = outbound(database, kilap)
    assert dropped.status == OutboundStatus.DROPPED
    assert (theirs.author, theirs.status, theirs.content) == (
        Author.STAFF,
        OutboundStatus.SENT,
        {"text": "Saya bantu ya"},
    )
    with database.tenant_reading(kilap.id) as session:
        assert [note.kind for note in session.scalars(select(ThreadNote))] == ["answered_elsewhere"]
    assert runner.run_one()
    assert engine.turns == []


@pytest.mark.usefixtures("conversation_id")
def test_an_echo_of_our_own_message_proves_it_and_changes_no_hands(
    database: Database, kilap: Tenant, conversation_id: str
) -> None:
    outbound_id = queue_bot_message(database, kilap, conversation_id)
    parcel = claimer(database).claim()
    assert parcel is not None
    accept(database, kilap.whatsapp, echo("2", reference=outbound_id))
    (row,) = outbound(database, kilap)
    assert (row.status, row.provider_id) == (OutboundStatus.SENT, "echo.2")
    assert conversation(database, kilap).handled_by == HandledBy.BOT


def test_an_echo_by_the_providers_id_is_ours_too(database: Database, kilap: Tenant, conversation_id: str) -> None:
    queue_bot_message(database, kilap, conversation_id)
    parcel = claimer(database).claim()
    assert parcel is not None
    settle_sent(database, parcel, Sent(provider_id="echo.3"))
    accept(database, kilap.whatsapp, echo("3"))
    assert len(outbound(database, kilap)) == 1
    assert conversation(database, kilap).epoch == 0


def test_an_echo_that_overtakes_the_answer_to_our_send_is_known_by_its_words(
    database: Database, kilap: Tenant, conversation_id: str
) -> None:
    queue_bot_message(database, kilap, conversation_id, "Siap kak")
    assert claimer(database).claim() is not None
    accept(database, kilap.whatsapp, echo("4", text="Siap kak"))
    (row,) = outbound(database, kilap)
    assert (row.status, row.provider_id) == (OutboundStatus.SENT, "echo.4")
    assert conversation(database, kilap).handled_by == HandledBy.BOT
