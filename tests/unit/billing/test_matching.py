"""Which bill is proposed: amount and reference, reference, an amount that one bill has, the only one, none."""

from __future__ import annotations

from ramah.billing.flags import Flag
from ramah.billing.matching import Certainty, amount_of, propose
from ramah.billing.models import BillStatus
from ramah.billing.slip import read_slip
from tests.unit.billing.bills import bill

ONE, TWO, SAME = bill(1, 150_000), bill(2, 200_000), bill(3, 200_000)


def found(text: str, *bills: object) -> tuple[object, Certainty, tuple[Flag, ...]]:
    match = propose(bills, read_slip(text, "IDR", typed=True))  # type: ignore[arg-type]
    return match.bill, match.certainty, match.flags


def test_amount_and_reference_are_exact() -> None:
    assert found("INV-2026-0002 Rp200.000", ONE, TWO, SAME) == (TWO, Certainty.EXACT, ())


def test_a_reference_goes_before_an_amount_and_the_difference_is_flagged() -> None:
    assert found("INV-2026-0002 Rp150.000", ONE, TWO) == (TWO, Certainty.REFERENCE, (Flag.AMOUNT_DIFFERS,))


def test_a_reference_alone_is_enough() -> None:
    assert found("INV-2026-0002", ONE, TWO) == (TWO, Certainty.REFERENCE, ())


def test_an_amount_counts_only_where_one_bill_has_it() -> None:
    assert found("tf 150rb", ONE, TWO, SAME) == (ONE, Certainty.AMOUNT, ())
    assert found("tf 200rb", ONE, TWO, SAME) == (None, Certainty.NONE, ())


def test_the_only_open_bill_is_proposed_where_nothing_was_read() -> None:
    assert found("ini ya kak", ONE) == (ONE, Certainty.ONLY, ())
    assert found("", ONE, TWO) == (None, Certainty.NONE, ())
    assert found("") == (None, Certainty.NONE, ())


def test_the_only_open_bill_with_another_amount_is_flagged() -> None:
    assert found("tf 99rb", ONE) == (ONE, Certainty.ONLY, (Flag.AMOUNT_DIFFERS,))


def test_a_reference_of_no_open_bill_proposes_none() -> None:
    assert found("INV-2026-0777", ONE) == (None, Certainty.NONE, ())


def test_a_bill_that_another_slip_claims_comes_after_an_open_one_and_is_flagged() -> None:
    claimed = bill(4, 150_000, BillStatus.CLAIMED)
    assert found("", claimed, TWO) == (TWO, Certainty.ONLY, ())
    assert found("INV-2026-0004", claimed, TWO) == (claimed, Certainty.REFERENCE, (Flag.BILL_CLAIMED,))


def test_the_amount_shown_is_the_bills_where_the_slip_has_it() -> None:
    read = read_slip("Rp2.500 Rp200.000", "IDR", typed=False)
    assert (amount_of(read, TWO), amount_of(read, None)) == (200_000, 2_500)
    assert amount_of(read_slip("", "IDR", typed=False), TWO) is None
