"""The turn of a slip is tried again in a sandbox, as if the slip had not come yet."""

from __future__ import annotations

from ramah.billing.rewinding import rewind_payments
from ramah.booking.rewinding import Then
from ramah.lib.sandbox import Sandbox, inside
from ramah.store import discarding, utc_now
from tests.integration.billing.conftest import Payments


def test_a_slip_claims_its_bill_again_and_the_real_claim_stays(payments: Payments) -> None:
    bill_id, conversation = payments.bill(1), payments.place().conversation_id
    number = payments.file()
    then = Then(conversation, str(number), utc_now())
    before = payments.take(number)
    (real,) = payments.proofs()
    payments.sends()  # the same again: it points at the first one
    with inside(Sandbox(then.moment, "a run")), discarding():
        with payments.database.tenant(payments.tenant.id) as session:
            rewind_payments(session, then)
        assert (payments.proofs(), payments.status(bill_id)) == ([], "open")
        assert payments.take(number) == before
        assert payments.status(bill_id) == "claimed"
    assert real.id in [proof.id for proof in payments.proofs()]
    assert payments.status(bill_id) == "claimed"
