"""A whole booking is made on the running stack, then each of its turns is replayed: it goes the same way again."""

from __future__ import annotations

from contextlib import closing

from sqlalchemy import select

from ramah.messaging.engine_client import EngineClient, Replayed
from ramah.messaging.models import Conversation, Inbound, Interaction
from ramah.settings import Settings
from tests.conversation.chats import Chat, WebChat
from tests.conversation.test_bookings import INDONESIAN, book, free_day
from tests.integration.booking.replaying import every_row
from tests.stack import Stack


def booking_rows(stack: Stack) -> dict[str, list[str]]:
    names = ("drafts", "erp_bookings", "erp_customers", "outbound", "inbound", "contacts", "live_events")
    return {name: rows for name, rows in every_row(stack.database).items() if name in names}


def turns_of(chat: Chat) -> list[tuple[str, list[str]]]:
    """Each message of the customer that the engine heard, and the actions that followed then."""
    with chat.database.every_organisation_reading() as session:
        rows = session.execute(
            select(Inbound.id, Interaction.did)
            .join(Interaction, Interaction.inbound_id == Inbound.id)
            .where(Inbound.conversation_id == chat.conversation().id)
            .order_by(Inbound.id)
        ).all()
    return [(str(number), [one["action"] for one in did if one.get("action")]) for number, did in rows if did]


def test_each_turn_of_a_booking_goes_again_as_it_went(stack: Stack) -> None:
    chat: Chat = WebChat(stack)
    answer = book(chat, INDONESIAN, free_day(stack, "JKT", 23), subscription=False)
    turns, before = turns_of(chat), booking_rows(stack)
    conversation: Conversation = chat.conversation()
    config = Settings(_env_file=None, engine_url=f"http://127.0.0.1:{stack.ports['ENGINE']}")  # type: ignore[call-arg]
    replayed: dict[str, Replayed] = {}
    with closing(EngineClient(config)) as engine:
        for number, _ in turns:
            replayed[number] = engine.replay(conversation.id, number)
    assert booking_rows(stack) == before
    assert len(turns) > 8
    for number, did in turns:
        assert [one["action"] for one in replayed[number].did] == did, chat.transcript()
    last = replayed[turns[-1][0]]
    assert [one.operation for one in last.withheld] == ["book"]
    assert any(one.text and one.text in answer for one in last.replies), chat.transcript()
