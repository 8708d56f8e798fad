"""The stuck doctor and the comforter on the running stack."""

from __future__ import annotations

from sqlalchemy import select

from ramah.messaging.models import HandledBy, Interaction
from ramah.observe import Incident
from tests.conversation.chats import WebChat
from tests.conversation.test_ways_out import draft_of, in_the_middle
from tests.stack import Stack

GIBBERISH = ("hmmm gitu ya", "aduh apaan itu", "zzzz", "hehe lucu")


def test_who_gets_nowhere_is_led_out_and_goes_on(stack: Stack) -> None:
    chat = in_the_middle(stack)
    answers = [chat.say(text) for text in GIBBERISH]
    assert "muter-muter" in answers[-1] and "Budi Santoso" in answers[-1], chat.transcript()
    assert not any("muter-muter" in answer for answer in answers[:-1]), chat.transcript()
    chat.say("081234567890")
    assert draft_of(chat).fields["phone"]["value"] == "+6281234567890", chat.transcript()
    with stack.database.every_organisation_reading() as session:
        turns = select(Interaction.doctor).where(Interaction.conversation_id == chat.conversation().id)
        assert [doctor for doctor in session.scalars(turns.order_by(Interaction.id)) if doctor] == ["no_progress"]
        incident = session.scalars(select(Incident).where(Incident.conversation_id == chat.conversation().id)).one()
    assert incident.subsystem == "dialogue" and "responses.id.yml:utter_ask_phone" in incident.place


def test_who_presses_for_time_twice_is_offered_a_person_and_gets_one(stack: Stack) -> None:
    chat = in_the_middle(stack)
    assert "Bicara dengan orang" not in offered(chat, "081234567890, urgent ya kak cepetan"), chat.transcript()
    assert "Bicara dengan orang" in offered(chat, "Avanza 2019 B 1234 XYZ, buruan dong"), chat.transcript()
    assert chat.conversation().urgent
    chat.tap("Bicara dengan orang")
    assert chat.conversation().handled_by == HandledBy.QUEUE, chat.transcript()


def offered(chat: WebChat, text: str) -> list[str]:
    """The new buttons under the answer to a message."""
    before = chat.choices
    chat.say(text)
    return [] if chat.choices is before else [choice.title for choice in chat.choices]


def test_a_calm_booking_is_left_alone(stack: Stack) -> None:
    chat = in_the_middle(stack)
    chat.say("081234567890")
    chat.say("Avanza 2019 B 1234 XYZ")
    with stack.database.every_organisation_reading() as session:
        turns = select(Interaction).where(Interaction.conversation_id == chat.conversation().id)
        found = list(session.scalars(turns.order_by(Interaction.id)))
    assert [turn.doctor for turn in found] == [None] * 5
    assert [turn.stage for turn in found] == ["need_known", "details", "details", "details", "details"]
