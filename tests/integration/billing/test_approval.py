"""A person decides once; the bill, the audit and what the customer is told follow."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from ramah.billing.approval import approve, reject
from ramah.billing.proofs import Received, standing
from ramah.billing.queue import count_waiting, decided, waiting
from ramah.lib.errors import BadInput, NotFound, RamahError, Refused
from tests.fakes.disk.files import picture
from tests.integration.billing.conftest import BUDI, Payments
from tests.integration.conftest import Tenant

GREEN = picture("JPEG", colour="green")


def test_an_approved_slip_pays_its_bill_and_the_customer_is_told(payments: Payments) -> None:
    bill_id = payments.bill(1)
    payments.sends()
    (proof,) = payments.proofs()
    approve(payments.database, payments.tenant.id, proof.id, payments.tenant.alice)
    (proof,) = payments.proofs()
    assert (proof.status, proof.decided_by, proof.decided_at is not None) == ("approved", payments.tenant.alice, True)
    assert payments.status(bill_id) == "paid"
    ((response, words),) = payments.told()
    assert (response, words["reference"], words["amount"]) == (
        "utter_proof_approved_bill",
        "INV-2026-0001",
        "Rp150.000",
    )
    assert standing(payments.place()).result is Received.APPROVED_ALREADY


def test_a_rejected_slip_opens_its_bill_again_and_the_reason_is_told(payments: Payments) -> None:
    bill_id = payments.bill(1)
    payments.sends()
    reject(payments.database, payments.tenant.id, payments.proofs()[0].id, payments.tenant.alice, " fotonya \n buram ")
    assert payments.status(bill_id) == "open"
    ((response, words),) = payments.told()
    assert (response, words["reason"]) == ("utter_proof_rejected_bill", "fotonya buram")
    again = payments.sends()
    assert (again.result, again.variables["reason"]) == (Received.REJECTED_ALREADY, "fotonya buram")


def test_the_second_is_told_who_was_first(payments: Payments) -> None:
    payments.bill(1)
    payments.sends()
    proof_id = payments.proofs()[0].id
    approve(payments.database, payments.tenant.id, proof_id, payments.tenant.alice)
    with pytest.raises(Refused, match="Alice has approved"):
        reject(payments.database, payments.tenant.id, proof_id, payments.tenant.bob, "no")
    assert payments.proofs()[0].status == "approved"
    assert len(payments.told()) == 1


def test_of_two_at_once_one_wins(payments: Payments) -> None:
    bill_id = payments.bill(1)
    payments.sends()
    proof_id = payments.proofs()[0].id

    def decide(staff_id: str) -> str:
        try:
            approve(payments.database, payments.tenant.id, proof_id, staff_id)
        except RamahError as error:
            return type(error).__name__
        return "won"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(decide, [payments.tenant.alice, payments.tenant.bob]))
    assert results == ["Refused", "won"]
    assert (payments.status(bill_id), len(payments.told())) == ("paid", 1)


def test_an_unmatched_slip_needs_a_bill_of_this_customer(payments: Payments) -> None:
    first, _second = payments.bill(1), payments.bill(2)
    theirs = payments.bill(3, phone=BUDI)
    payments.sends()
    proof_id = payments.proofs()[0].id
    for wrong in (None, theirs, "nothing"):
        with pytest.raises(BadInput):
            approve(payments.database, payments.tenant.id, proof_id, payments.tenant.alice, wrong)
    approve(payments.database, payments.tenant.id, proof_id, payments.tenant.alice, first)
    assert payments.status(first) == "paid"


def test_an_operator_may_put_another_bill_in_the_place_of_the_proposal(payments: Payments) -> None:
    first, second = payments.bill(1, 150_000), payments.bill(2, 200_000)
    payments.sends(said="150rb")
    approve(payments.database, payments.tenant.id, payments.proofs()[0].id, payments.tenant.alice, second)
    assert (payments.status(first), payments.status(second)) == ("open", "paid")


def test_a_bill_is_paid_once(payments: Payments) -> None:
    payments.bill(1)
    payments.sends()
    payments.sends(GREEN, said="INV-2026-0001")
    first, second = payments.proofs()
    approve(payments.database, payments.tenant.id, first.id, payments.tenant.alice)
    with pytest.raises(Refused, match="paid already"):
        approve(payments.database, payments.tenant.id, second.id, payments.tenant.alice)
    reject(payments.database, payments.tenant.id, second.id, payments.tenant.alice, "sudah lunas")
    assert payments.proofs()[1].status == "rejected"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_a_rejection_needs_a_reason_that_can_be_read(payments: Payments, reason: str) -> None:
    payments.bill(1)
    payments.sends()
    with pytest.raises(BadInput):
        reject(payments.database, payments.tenant.id, payments.proofs()[0].id, payments.tenant.alice, reason)
    assert payments.proofs()[0].status == "waiting"


def test_another_organisation_finds_and_decides_nothing(payments: Payments, stranger: Tenant) -> None:
    payments.bill(1)
    payments.sends()
    assert waiting(payments.database, stranger.id) == []
    proof_id = payments.proofs()[0].id
    with pytest.raises(NotFound):
        approve(payments.database, stranger.id, proof_id, stranger.alice)
    with pytest.raises(NotFound):
        reject(payments.database, stranger.id, proof_id, stranger.alice, "no")


def test_the_queue_is_oldest_first_and_remembers_decisions(payments: Payments) -> None:
    payments.bill(1), payments.bill(2, phone=BUDI)
    payments.sends()
    payments.sends(who=BUDI)
    items = waiting(payments.database, payments.tenant.id)
    assert [item.bill.reference for item in items if item.bill] == ["INV-2026-0001", "INV-2026-0002"]
    assert items[1].others == (f"+{items[0].contact.phone}"[1:],)
    assert count_waiting(payments.database, payments.tenant.id) == 2
    reject(payments.database, payments.tenant.id, items[0].proof.id, payments.tenant.bob, "buram")
    ((done),) = decided(payments.database, payments.tenant.id)
    assert (done.decided_by, done.proof.reason) == ("Bob", "buram")
    assert count_waiting(payments.database, payments.tenant.id) == 1
