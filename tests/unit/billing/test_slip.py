"""Amounts and references as people and banks write them."""

from __future__ import annotations

import pytest

from ramah.billing.slip import named_by, read_slip
from tests.unit.billing.bills import bill

TYPED = [
    ("IDR", "udah tf Rp150.000 ya kak", (150_000,)),
    ("IDR", "Rp 150.000,-", (150_000,)),
    ("IDR", "Rp150.000,00", (150_000,)),
    ("IDR", "IDR 1,250,000.00", (1_250_000,)),
    ("IDR", "rp.75.500", (75_500,)),
    ("IDR", "transfer 150rb", (150_000,)),
    ("IDR", "150 ribu udah masuk", (150_000,)),
    ("IDR", "150k", (150_000,)),
    ("IDR", "1,5jt", (1_500_000,)),
    ("IDR", "1.5 juta", (1_500_000,)),
    ("IDR", "tf 200000 atas nama Budi", (200_000,)),
    ("IDR", "200.000", (200_000,)),
    ("IDR", "udah bayar INV-2026-0001", ()),
    ("IDR", "invoice 0002 150.000", (150_000,)),
    ("IDR", "tagihan no 12", ()),
    ("IDR", "mobil 2 ya", ()),
    ("IDR", "tanggal 21/11/2026", ()),
    ("IDR", "", ()),
    ("MYR", "dah transfer RM85", (8_500,)),
    ("MYR", "RM 85.00", (8_500,)),
    ("MYR", "rm1,250.50", (125_050,)),
    ("MYR", "MYR 120", (12_000,)),
    ("MYR", "120 ringgit", (12_000,)),
    ("MYR", "bayar 85.50", (8_550,)),
]
PRINTED = [
    ("IDR", "m-Transfer BERHASIL 21/11 10:05:12 Ke 5270123456 PT KILAP Rp 350.000,00", (350_000,)),
    ("IDR", "No. Ref 20261121100512 350000", ()),
    ("MYR", "Maybank2u Amount RM280.00 Reference INV-2026-0003", (28_000,)),
    ("MYR", "Account 5140 1234 5678", ()),
]


@pytest.mark.parametrize(("currency", "text", "amounts"), TYPED)
def test_it_reads_the_amount_that_somebody_typed(currency: str, text: str, amounts: tuple[int, ...]) -> None:
    assert read_slip(text, currency, typed=True).amounts == amounts


@pytest.mark.parametrize(("currency", "text", "amounts"), PRINTED)
def test_in_a_printed_slip_only_an_amount_with_its_sign_counts(
    currency: str, text: str, amounts: tuple[int, ...]
) -> None:
    assert read_slip(text, currency, typed=False).amounts == amounts


@pytest.mark.parametrize("text", ["INV-2026-0002", "inv 2026 0002", "Ref:INV/2026/0002 ok", "INV20260002", "invoice 2"])
def test_a_reference_is_found_however_it_is_spaced(text: str) -> None:
    bills = [bill(1), bill(2), bill(12)]
    assert named_by(read_slip(text, "IDR", typed=True), bills) == [bills[1]]


@pytest.mark.parametrize("text", ["invoice 3", "INV-2026-0009", "cuci 2 mobil", ""])
def test_what_names_no_open_bill_names_none(text: str) -> None:
    assert named_by(read_slip(text, "IDR", typed=True), [bill(1), bill(2)]) == []


def test_a_reference_that_is_nobodys_is_kept_as_it_was_written() -> None:
    assert read_slip("bayar inv-2026-0999", "IDR", typed=True).reference == "INV-2026-0999"
