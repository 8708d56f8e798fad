"""The stage of a conversation from the first word to the time after the service."""

from __future__ import annotations

from datetime import date, timedelta

from ramah.billing.models import Bill, BillStatus
from ramah.messaging.engine_client import EngineReply, EngineTurn
from ramah.messaging.models import Conversation
from tests.integration.booking.pieces import WHOLE, Piece
from tests.integration.care.locked_dialogue import LockedDialogue


def stage(dialogue: LockedDialogue) -> str | None:
    """The stage that the conversation has now."""
    place = dialogue.customer.place
    with place.database.tenant_reading(place.organisation_id) as session:
        return session.get_one(Conversation, place.conversation_id).stage


def chat(dialogue: LockedDialogue, text: str) -> str | None:
    """Small talk outside of any form, and the stage after it."""
    dialogue.lock = lambda: EngineTurn(replies=[EngineReply(text="ya Kak")])
    dialogue.hears(Piece(text))
    dialogue.lock = None
    return stage(dialogue)


def put_bill(dialogue: LockedDialogue, status: BillStatus) -> None:
    """A bill of the booking."""
    place, reference = dialogue.customer.place, dialogue.rows()[-1].reference
    with place.database.tenant(place.organisation_id) as session:
        bill = Bill(
            reference=f"INV-{status}",
            description="cuci",
            amount_minor=180_000,
            currency="IDR",
            due_on=date(2026, 12, 1),
            status=status,
            booking_reference=reference,
        )
        session.add(bill)


def test_the_stage_moves_with_the_booking(dialogue: LockedDialogue) -> None:
    assert chat(dialogue, "halo") == "greeting"
    service, kind, name, phone, car, *rest = WHOLE["id"]
    for piece, expected in ((service, "need_known"), (name, "need_known"), (kind, "details"), (car, "details")):
        dialogue.hears(piece)
        assert stage(dialogue) == expected, piece.text
    for piece in (phone, *rest):
        dialogue.hears(piece)
    assert stage(dialogue) == "quoted"


def test_after_the_booking_come_payment_and_the_time_after_it(dialogue: LockedDialogue) -> None:
    for piece in WHOLE["id"]:
        dialogue.hears(piece)
    dialogue.customer.taps("yes")
    assert dialogue.customer.submits().result == "confirmed"
    assert chat(dialogue, "makasih") == "confirmed"
    put_bill(dialogue, BillStatus.VOID)
    put_bill(dialogue, BillStatus.OPEN)
    assert chat(dialogue, "oke") == "confirmed"
    place = dialogue.customer.place
    with place.database.tenant(place.organisation_id) as session:
        session.query(Bill).filter(Bill.reference == f"INV-{BillStatus.OPEN}").one().status = BillStatus.PAID
    assert chat(dialogue, "sudah saya bayar") == "paid"
    dialogue.customer.waits(timedelta(days=3))
    assert chat(dialogue, "halo kak") == "after_sales"
