"""Whole bookings on the running stack, and the document that reached the ERP, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from babel.dates import format_date
from sqlalchemy import select

from ramah.booking.embedded.models import Booking, Subscription
from ramah.people import ClosedDay, Outlet
from tests.conversation.chats import Chat, WebChat, WhatsAppChat
from tests.stack import Stack

TYPING = {"id": "id_ID", "ms": "ms_MY", "en": "en_GB"}
NUMBERS = count(1)


@dataclass(frozen=True)
class Words:
    """What a customer of one language writes."""

    language: str
    outlet: str
    start: str
    service: str
    service_code: str
    one_time: str
    subscription: str
    plan: str
    name: tuple[str, ...]
    first: str
    last: str | None
    phone: str
    e164: str
    car: str
    make: str
    model: str
    plate: str
    home: str
    address: str
    street: str
    city: str
    postcode: str
    landmark: str
    time: str
    yes: str
    currency: str


INDONESIAN = Words(
    "id", "JKT", "mau booking dong kak", "cuci premium", "premium-wash", "sekali aja", "langganan", "tiap bulan",
    ("nama saya Budi Santoso",), "Budi", "Santoso", "081234567890", "+6281234567890", "avansa 2019 B 1234 XYZ",
    "Toyota", "Avanza", "B 1234 XYZ", "di rumah aja", "Jl Melati No 5, Jakarta Selatan 12430 dekat Indomaret",
    "Jl Melati No 5", "Jakarta Selatan", "12430", "dekat Indomaret", "jam 3 sore", "ya betul", "IDR",
)  # fmt: skip
MALAY = Words(
    "ms", "KUL", "nak tempah cuci kereta", "cuci premium", "premium-wash", "sekali je", "langganan", "setiap bulan",
    ("nama saya Siti", "Nurhaliza"), "Siti", "Nurhaliza", "012-345 6789", "+60123456789", "myvi 2020 WXY 1234",
    "Perodua", "Myvi", "WXY 1234", "di rumah",
    "12 Jalan Telawi, Kuala Lumpur 59100 berdekatan masjid",
    "12 Jalan Telawi", "Kuala Lumpur", "59100", "berdekatan masjid", "pukul 2 petang", "ya betul", "MYR",
)  # fmt: skip
ENGLISH = Words(
    "en", "JKT", "hi, I want to book a service", "premium wash", "premium-wash", "just once", "subscription",
    "every month", ("I'm Dave", "Miller"), "Dave", "Miller", "+62 811 2222 333", "+628112222333",
    "honda hrv 2021 B 2222 CD",
    "Honda", "HR-V", "B 2222 CD", "at home", "Jalan Kemang Raya 10, Jakarta Selatan 12730 near the mosque",
    "Jalan Kemang Raya 10", "Jakarta Selatan", "12730", "near the mosque", "4pm", "yes", "IDR",
)  # fmt: skip
HOURS = {"id": "15:00", "ms": "14:00", "en": "16:00"}


def free_day(stack: Stack, outlet_code: str, offset: int) -> date:
    """A working day some time ahead, another one for each test."""
    with stack.database.every_organisation_reading() as session:
        closed = set(
            session.scalars(
                select(ClosedDay.day).join(Outlet, Outlet.id == ClosedDay.outlet_id).where(Outlet.code == outlet_code)
            )
        )
    day = date.today() + timedelta(days=3)  # noqa: DTZ011 - any day near enough will do
    days = (day + timedelta(days=number) for number in range(60))
    return [day for day in days if day not in closed and day.weekday() < 4][offset]


def chat_on(stack: Stack, channel: str, words: Words) -> Chat:
    """A new customer on a channel; on WhatsApp the number is known."""
    if channel == "webchat":
        return WebChat(stack)
    digits = words.e164.removeprefix("+")
    number = digits[:-3] + f"{next(NUMBERS):03}"
    return WhatsAppChat(stack, number=number)


def book(chat: Chat, words: Words, day: date, *, subscription: bool) -> str:
    """Talk until the reference number."""
    chat.say(words.start)
    chat.say(words.service)
    chat.say(words.subscription if subscription else words.one_time)
    if subscription:
        chat.say(words.plan)
    for part in words.name:
        chat.say(part)
    if isinstance(chat, WebChat):
        chat.say(words.phone)
    chat.say(words.car)
    chat.say(words.home)
    chat.say(words.address)
    chat.say(f"{day.day} {format_date(day, 'MMMM', locale=TYPING[words.language])}")
    summary = chat.say(words.time)
    assert words.plate in summary and words.postcode in summary, chat.transcript()
    return chat.say(words.yes)


def document_of(stack: Stack, answer: str) -> dict[str, Any]:
    """The document that the ERP holds under the reference in the answer."""
    reference = next(word.strip("*.") for word in answer.split() if word.strip("*.").startswith("RM-"))
    with stack.database.every_organisation_reading() as session:
        document: dict[str, Any] = (
            session.scalars(select(Booking).where(Booking.name == f"BK-{reference}")).one().document
        )
    return document


@pytest.mark.parametrize("words", [INDONESIAN, MALAY, ENGLISH], ids=lambda words: words.language)
@pytest.mark.parametrize("channel", ["webchat", "whatsapp"])
@pytest.mark.parametrize("subscription", [False, True], ids=["one_time", "subscription"])
def test_a_booking_made_by_chatting_reaches_the_erp_field_by_field(
    stack: Stack, channel: str, words: Words, subscription: bool
) -> None:
    chat = chat_on(stack, channel, words)
    day = free_day(stack, words.outlet, next(NUMBERS) % 20)
    document = document_of(stack, book(chat, words, day, subscription=subscription))
    phone = words.e164 if channel == "webchat" else f"+{chat.address()}"
    assert document["kind"] == ("subscription" if subscription else "one_time")
    assert (document["service_code"], document["outlet_code"]) == (words.service_code, words.outlet)
    assert (document["place"], document["channel"], document["minutes"]) == ("home", channel, 90)
    assert document["starts_at"].startswith(f"{day.isoformat()}T{HOURS[words.language]}:00")
    assert document["customer"] == {
        "first_name": words.first, "last_name": words.last, "phone": phone, "language": words.language,
    }  # fmt: skip
    vehicle = document["vehicle"]
    assert (vehicle["make"], vehicle["model"], vehicle["plate"]) == (words.make, words.model, words.plate)
    assert {name: value for name, value in document["address"].items() if value is not None} == {
        "street": words.street, "city": words.city, "postcode": words.postcode, "landmark": words.landmark,
        "country": words.currency[:2].replace("IDR"[:2], "ID"),
    }  # fmt: skip
    assert document["price"]["currency"] == words.currency and document["price"]["amount_minor"] > 0
    expected_plan = {"code": "monthly", "interval": "month", "interval_count": 1, "start_date": day.isoformat()}
    assert document["plan"] == (expected_plan if subscription else None)


def test_a_subscription_stands_in_the_erp_beside_its_first_visit(stack: Stack) -> None:
    chat = chat_on(stack, "webchat", INDONESIAN)
    answer = book(chat, INDONESIAN, free_day(stack, "JKT", 21), subscription=True)
    document = document_of(stack, answer)
    with stack.database.every_organisation_reading() as session:
        row = session.scalars(select(Subscription).where(Subscription.booking_id == document["booking_id"])).one()
    assert (row.plan_code, row.status) == ("monthly", "active")
