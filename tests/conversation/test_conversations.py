"""Conversations as people really have them: corrections, questions in between, taps and typing mixed."""

from __future__ import annotations

import httpx
import pytest

from ramah.desk.handover import release, take_over, write
from ramah.messaging.models import HandledBy
from ramah.people import Staff
from tests.conversation.chats import WebChat, WhatsAppChat, wait_until_quiet
from tests.conversation.test_bookings import INDONESIAN, book, document_of, free_day
from tests.stack import Stack, wait_for

EVERYTHING = (
    "mau cuci premium sekali aja di rumah, nama saya Andi Wijaya hp 081299990001 mobil xpander 2021 B 4321 ABC, "
    "alamat Jl Mawar 7 Jakarta Selatan 12430"
)


def test_one_message_with_everything_is_followed_only_by_what_is_missing(stack: Stack) -> None:
    chat = WebChat(stack)
    answer = chat.say(EVERYTHING)
    assert "Hari apa" in answer or "tanggal" in answer.lower() or "Kapan" in answer, chat.transcript()


def test_a_question_in_the_middle_is_answered_and_the_form_goes_on(stack: Stack) -> None:
    chat = WebChat(stack)
    chat.say("mau booking")
    chat.say("cuci premium")
    chat.say("sekali aja")
    answer = chat.say("berapa harga nano coating?")
    assert "Rp3.500.000" in answer, chat.transcript()
    assert chat.say("Budi Santoso") and "Nano" not in chat.history[-1]


def test_a_correction_at_the_summary_changes_one_thing(stack: Stack) -> None:
    chat = WebChat(stack)
    day = free_day(stack, "JKT", 23)
    chat.say(EVERYTHING)
    chat.say(f"{day.day}/{day.month}")
    before = chat.say("jam 3 sore")
    after = chat.say("ganti jam jadi 4 sore")
    assert "15:00" in before and "16:00" in after and "15:00" not in after, chat.transcript()
    document = document_of(stack, chat.say("ya"))
    assert document["starts_at"].startswith(f"{day.isoformat()}T16:00")
    assert document["vehicle"]["plate"] == "B 4321 ABC"


def test_buttons_carry_a_whole_booking(stack: Stack) -> None:
    chat = WhatsAppChat(stack, number="628129900011")
    chat.say("halo")
    chat.tap("Booking")
    chat.tap("Cuci Premium")
    chat.tap("Sekali")
    chat.say("Rina Kartika")
    chat.say("brio 2020 B 77 RK")
    chat.tap("Di outlet")
    chat.tap("Jakarta")
    chat.tap(chat.choices[2].title)
    chat.tap(chat.choices[0].title)
    document = document_of(stack, chat.tap("Ya"))
    assert (document["outlet_code"], document["place"], document["vehicle"]["size"]) == ("JKT", "outlet", "small")


def test_a_returning_customer_is_offered_what_is_known(stack: Stack) -> None:
    chat = WhatsAppChat(stack, number="628129900012")
    book(chat, INDONESIAN, free_day(stack, "JKT", 24), subscription=False)
    chat.say("mau booking lagi")
    chat.say("cuci basic")
    answer = chat.say("sekali aja")
    assert "Avanza" in " ".join(choice.title for choice in chat.choices), chat.transcript()
    assert "nama" not in answer.lower()
    chat.tap("Avanza")
    chat.say("di rumah")
    assert "Jl Melati No 5" in " ".join(choice.title for choice in chat.choices), chat.transcript()


def test_who_asks_for_a_person_gets_one(stack: Stack) -> None:
    chat = WebChat(stack)
    chat.say("nak cakap dengan orang sebenar")
    conversation = chat.conversation()
    found = (conversation.handled_by, conversation.handover_reason)
    assert found == (HandledBy.QUEUE, "talk_to_person"), chat.transcript()


def test_a_stranger_who_wants_to_move_a_booking_is_shown_none_and_offered_a_person(stack: Stack) -> None:
    chat = WebChat(stack)
    answer = chat.say("can I reschedule my booking?")
    assert "colleague" in answer, chat.transcript()
    assert chat.conversation().handled_by == HandledBy.BOT


def test_a_takeover_silences_the_bot_until_the_release(stack: Stack) -> None:
    chat = WhatsAppChat(stack, number="628129900013")
    chat.say("halo")
    wait_until_quiet(chat)
    conversation = chat.conversation()
    with stack.database.tenant_reading(conversation.organisation_id) as session:
        staff = session.query(Staff).filter_by(email="rani@kilap.example").one()
    take_over(stack.database, conversation.organisation_id, conversation.id, staff.id)
    chat._send("mau booking", None, "mau booking")
    wait_until_quiet(chat)
    write(stack.database, conversation.organisation_id, conversation.id, staff.id, "Saya Rani, saya bantu ya", "k1")
    assert chat.answer() == "Saya Rani, saya bantu ya"
    release(stack.database, conversation.organisation_id, conversation.id, staff.id)
    assert chat.answer()
    assert chat.say("mau booking"), chat.transcript()
    wait_for(lambda: len(chat.delivered()) >= 4, "the phone has every message")


@pytest.mark.parametrize(
    "text",
    [
        "🙂🙂🙂",
        "أريد غسيل السيارة",
        "<b>halo</b><script>alert(1)</script>",
        "x" * 5000,
        "'; DROP TABLE inbound; --",
        "a\x00b",
    ],
    ids=["emoji", "right-to-left", "html", "5000 characters", "sql", "null byte"],
)
def test_strange_messages_are_kept_and_answered(stack: Stack, text: str) -> None:
    chat = WebChat(stack)
    assert chat.say(text)
    kept = next(message for message in chat.messages() if message["from"] == "customer")
    assert kept["text"] == text.replace("\x00", "")


def test_a_message_of_an_unknown_kind_is_kept_and_answered(stack: Stack) -> None:
    chat = WhatsAppChat(stack, number="628129900014")
    chat.say("halo")
    strange = {"type": "hologram", "hologram": {"x": 1}}
    body = {"from": chat.number, "message": strange}
    httpx.post(f"{stack.graph}/_demo/inbound", json=body, timeout=20).raise_for_status()
    assert chat.answer(), chat.transcript()


def test_a_name_with_html_and_sql_reaches_the_erp_harmless(stack: Stack) -> None:
    chat = WebChat(stack)
    day = free_day(stack, "JKT", 25)
    chat.say("mau cuci premium sekali aja di rumah, hp 081299990002 mobil xpander 2021 B 4322 ABC, "
             "alamat Jl Mawar 7 Jakarta Selatan 12430")  # fmt: skip
    chat.say("<b>Robert</b>'); DROP TABLE drafts;--")
    if "belakang" in chat.history[-1]:
        chat.tap("Satu") if any(one.title.startswith("Satu") for one in chat.choices) else chat.say("Tables")
    chat.say(f"{day.day}/{day.month}")
    chat.say("jam 10 pagi")
    customer = document_of(stack, chat.say("ya"))["customer"]
    assert "Robert" in customer["first_name"] and "<" not in str(customer)
