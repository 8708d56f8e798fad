"""A customer pays: bill, link, slip, a person's decision, and what the bot says by itself."""

from __future__ import annotations

import base64
import io

import httpx
from PIL import Image
from sqlalchemy import select

from ramah.billing.approval import approve
from ramah.billing.models import Bill, Proof
from ramah.people import Organisation, Staff
from tests.conversation.chats import WebChat, WhatsAppChat
from tests.stack import Stack, wait_for

DEBTOR = "628111000900"
"""The number that the demo's bills are for."""


def picture(colour: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (60, 90), colour).save(written, "JPEG")
    return written.getvalue()


def send_file(chat: WhatsAppChat, content: bytes, caption: str | None = None) -> str:
    """A photo from the phone; returns what the bot answered."""
    file = {"kind": "image", "content": base64.b64encode(content).decode(), "mime_type": "image/jpeg"}
    chat.history.append("> [photo]")
    body = {"from": chat.number, "name": chat.name, "file": {**file, **({"caption": caption} if caption else {})}}
    answer = httpx.post(f"{chat.stack.graph}/_demo/inbound", json=body, timeout=20)
    assert answer.status_code < 300, answer.text
    return chat.answer()


def proofs(stack: Stack) -> list[Proof]:
    with stack.database.every_organisation_reading() as session:
        return list(session.scalars(select(Proof).order_by(Proof.created_at)))


def test_a_customer_pays_one_of_two_bills(stack: Stack) -> None:
    chat = WhatsAppChat(stack, number=DEBTOR, name="Sari")
    assert "2 tagihan" in chat.say("kak mau bayar tagihan")
    told = chat.tap("Rp350.000")
    assert "INV-2026-0001" in told and "Rp350.000" in told
    link = next(word for word in told.split() if "/pay/" in word)
    page = httpx.get(f"{stack.console}/pay/{link.partition('/pay/')[2]}", timeout=20)
    assert page.status_code == 200 and "5270 1234 567" in page.text

    slip = picture("blue")
    assert "tagihan yang mana" in send_file(chat, slip)
    assert "INV-2026-0001" in chat.tap("Rp350.000")
    wait_for(lambda: proofs(stack)[0].status == "waiting", "the slip is in the queue")
    assert "sebelumnya" in send_file(chat, slip)
    assert "dicek" in chat.say("transferan saya udah masuk belum kak")

    with stack.database.every_organisation_reading() as session:
        organisation = session.scalars(select(Organisation).where(Organisation.slug == "kilap-auto")).one()
        staff = session.scalars(select(Staff).where(Staff.organisation_id == organisation.id)).first()
    assert staff is not None
    approve(stack.database, organisation.id, proofs(stack)[0].id, staff.id)
    chat.history.append("> (a person approves)")
    assert "INV-2026-0001" in chat.answer() and "Lunas" in chat.transcript()
    with stack.database.every_organisation_reading() as session:
        own = (Bill.reference == "INV-2026-0001", Bill.organisation_id == organisation.id)
        bill = session.scalars(select(Bill).where(*own)).one()
    assert bill.status == "paid"


def test_words_under_a_photo_name_the_bill(stack: Stack) -> None:
    chat = WhatsAppChat(stack, number=DEBTOR, name="Sari")
    chat.answer()
    assert "INV-2026-0002" in send_file(chat, picture("green"), "udah transfer ya kak 200rb")


def test_a_visitor_whose_number_nobody_proved_is_shown_no_bill(stack: Stack) -> None:
    chat = WebChat(stack)
    told = chat.say("mau bayar tagihan dong kak")
    assert "BCA" in told and "/pay/" not in told
    assert "PDF" in chat.say("udah tf ya kak")
