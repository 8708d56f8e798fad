"""Slips as customers send them: taken once, matched, recognised, never mixed up."""

from __future__ import annotations

import json

from ramah.billing.flags import Flag
from ramah.billing.proofs import Received, choose_bill, standing, take_slip
from tests.fakes.disk.files import OPUS, picture
from tests.integration.billing.conftest import BUDI, PHOTO, SARI, Payments

OTHER_PHOTO = picture("PNG", colour="green")


def test_a_photo_for_the_only_open_bill_claims_it(payments: Payments) -> None:
    bill_id = payments.bill(1)
    received = payments.sends()
    assert received.result is Received.MATCHED
    assert (received.variables["reference"], received.variables["amount"]) == ("INV-2026-0001", "Rp150.000")
    (proof,) = payments.proofs()
    assert (proof.status, proof.bill_id, proof.certainty) == ("waiting", bill_id, "only")
    assert payments.status(bill_id) == "claimed"


def test_the_caption_decides_between_bills(payments: Payments) -> None:
    payments.bill(1, 150_000)
    second = payments.bill(2, 200_000)
    assert payments.sends(said="udah tf 200rb ya kak").variables["reference"] == "INV-2026-0002"
    (proof,) = payments.proofs()
    assert (proof.bill_id, proof.certainty, proof.amount_minor) == (second, "amount", 200_000)


def test_a_turn_that_runs_again_makes_no_second_proof_and_says_the_same(payments: Payments) -> None:
    payments.bill(1)
    inbound_id = payments.file()
    assert payments.take(inbound_id) == payments.take(inbound_id)
    assert len(payments.proofs()) == 1


def test_the_same_slip_again_is_recognised_and_waits_for_nobody(payments: Payments) -> None:
    payments.bill(1)
    payments.sends()
    again = payments.sends()
    assert (again.result, again.repeated) == (Received.CHECKED_ALREADY, True)
    assert [proof.status for proof in payments.proofs()] == ["waiting", "repeated"]


def test_the_same_slip_of_another_person_is_taken_and_flagged(payments: Payments) -> None:
    payments.bill(1, phone=SARI)
    payments.bill(2, phone=BUDI)
    payments.sends(who=SARI)
    assert payments.sends(who=BUDI).result is Received.MATCHED
    first, second = payments.proofs()
    assert (first.flags, second.flags) == ([], [Flag.OTHER_PERSON])


def test_with_several_bills_and_no_hint_the_customer_is_asked_and_a_button_answers(payments: Payments) -> None:
    payments.bill(1, 150_000)
    second = payments.bill(2, 150_000)
    asked = payments.sends()
    assert asked.result is Received.WHICH_BILL
    assert [choice.title for choice in asked.choices] == ["Rp150.000 INV-2026-0001", "Rp150.000 INV-2026-0002"]
    named = json.loads(asked.choices[1].payload.removeprefix("/choose_bill"))
    chosen = choose_bill(payments.place(), named["proof"], named["bill"])
    assert (chosen.result, chosen.variables["reference"]) == (Received.MATCHED, "INV-2026-0002")
    assert (payments.proofs()[0].bill_id, payments.proofs()[0].certainty) == (second, "chosen")


def test_another_choice_opens_the_first_bill_again(payments: Payments) -> None:
    first, second = payments.bill(1), payments.bill(2)
    payments.sends()
    proof = payments.proofs()[0]
    choose_bill(payments.place(), proof.id, first)
    choose_bill(payments.place(), proof.id, second)
    assert (payments.status(first), payments.status(second)) == ("open", "claimed")


def test_nobody_chooses_for_the_slip_or_the_bill_of_somebody_else(payments: Payments) -> None:
    payments.bill(1), payments.bill(2)
    theirs = payments.bill(3, phone=BUDI)
    payments.sends()
    proof = payments.proofs()[0]
    assert choose_bill(payments.place(BUDI), proof.id, theirs).result is Received.GONE
    assert choose_bill(payments.place(SARI), proof.id, theirs).result is Received.GONE
    assert payments.proofs()[0].bill_id is None


def test_the_file_of_somebody_elses_message_is_no_slip(payments: Payments) -> None:
    payments.bill(1, phone=BUDI)
    assert payments.take(payments.file(who=SARI), who=BUDI).result is Received.NOT_A_SLIP


def test_without_a_bill_a_file_is_no_proof_unless_a_payment_was_spoken_of(payments: Payments) -> None:
    inbound_id = payments.file()
    received = payments.take(inbound_id)
    assert (received.result, received.variables["file"]) == (Received.NO_BILL, str(inbound_id))
    assert payments.proofs() == []
    assert payments.take(inbound_id, expected=True).result is Received.UNMATCHED
    assert [proof.bill_id for proof in payments.proofs()] == [None]


def test_a_voice_note_or_a_message_without_file_is_no_slip(payments: Payments) -> None:
    payments.bill(1)
    assert payments.sends(OPUS, name="vn.ogg").result is Received.NOT_A_SLIP
    assert take_slip(payments.place(), 0, expected=True).result is Received.NOT_A_SLIP


def test_i_have_paid_is_answered_by_how_the_slip_stands(payments: Payments) -> None:
    payments.bill(1)
    assert standing(payments.place()).result is Received.SEND_IT
    payments.sends()
    assert standing(payments.place()).result is Received.CHECKED_ALREADY
    assert standing(payments.place(BUDI)).result is Received.SEND_IT


def test_two_slips_for_one_bill_are_both_kept_and_the_second_is_flagged(payments: Payments) -> None:
    bill_id = payments.bill(1)
    payments.sends(PHOTO)
    payments.sends(OTHER_PHOTO, said="INV-2026-0001 sisanya")
    assert [(proof.bill_id, proof.flags) for proof in payments.proofs()] == [
        (bill_id, []),
        (bill_id, [Flag.BILL_CLAIMED]),
    ]
