"""Back, cancel, start over, another language, a person: they always work, whatever was asked."""

from __future__ import annotations

from sqlalchemy import select

from ramah.booking.models import Draft, DraftStatus
from ramah.messaging.models import HandledBy
from tests.conversation.chats import Chat, WebChat
from tests.stack import Stack


def draft_of(chat: Chat) -> Draft:
    """The latest draft of a conversation."""
    with chat.database.every_organisation_reading() as session:
        return session.scalars(
            select(Draft).where(Draft.conversation_id == chat.conversation().id).order_by(Draft.created_at.desc())
        ).all()[0]


def in_the_middle(stack: Stack) -> WebChat:
    """A customer who has said service, kind and name."""
    chat = WebChat(stack)
    chat.say("mau booking cuci premium")
    chat.say("sekali aja")
    chat.say("Budi Santoso")
    return chat


def test_cancel_drops_the_draft_and_the_next_booking_starts_afresh(stack: Stack) -> None:
    chat = in_the_middle(stack)
    chat.say("batal aja deh")
    assert draft_of(chat).status == DraftStatus.DROPPED, chat.transcript()
    chat.say("mau booking")
    assert "first_name" not in draft_of(chat).fields and draft_of(chat).status == DraftStatus.OPEN


def test_back_asks_the_last_question_again(stack: Stack) -> None:
    chat = in_the_middle(stack)
    chat.say("kembali")
    assert "first_name" not in draft_of(chat).fields, chat.transcript()
    chat.say("Rudi Hartono")
    assert draft_of(chat).fields["first_name"]["value"] == "Rudi", chat.transcript()


def test_start_over_begins_with_an_empty_draft(stack: Stack) -> None:
    chat = in_the_middle(stack)
    chat.say("ulang dari awal")
    assert draft_of(chat).fields == {}, chat.transcript()


def test_another_language_in_the_middle_asks_the_same_question_in_it(stack: Stack) -> None:
    chat = in_the_middle(stack)
    answer = chat.say("please speak english")
    assert "number" in answer.lower() or "phone" in answer.lower(), chat.transcript()


def test_a_person_is_called_and_the_draft_waits_for_the_assistant(stack: Stack) -> None:
    chat = in_the_middle(stack)
    chat.say("mau ngomong sama orang aja")
    assert chat.conversation().handled_by == HandledBy.QUEUE, chat.transcript()
    chat._send("Lanjut", "/back_to_assistant", "Lanjut")
    chat.answer()
    assert chat.conversation().handled_by == HandledBy.BOT
    assert draft_of(chat).status == DraftStatus.OPEN
    chat.say("081234567891")
    assert draft_of(chat).fields["phone"]["value"] == "+6281234567891", chat.transcript()


def test_help_and_thanks_do_not_disturb_the_form(stack: Stack) -> None:
    chat = in_the_middle(stack)
    before = dict(draft_of(chat).fields)
    chat.say("makasih ya")
    chat.say("bantuan dong")
    assert {name: fact["value"] for name, fact in draft_of(chat).fields.items()} == {
        name: fact["value"] for name, fact in before.items()
    }, chat.transcript()
