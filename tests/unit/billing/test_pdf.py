"""The text of PDFs: what banks make is read, what is broken or a scan is left to people."""

from __future__ import annotations

import pytest

from ramah.billing.pdf import text_of
from tests.fakes.disk.files import PDF
from tests.fakes.disk.slips import pdf_slip


def test_the_text_of_a_bank_slip_is_read() -> None:
    assert "INV-2026-0001 Rp 350.000,00" in (text_of(pdf_slip("Transfer INV-2026-0001 Rp 350.000,00")) or "")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", PDF, pdf_slip("x")[:90], pdf_slip(" "), b"no pdf at all"])
def test_what_has_no_text_or_is_broken_is_left_to_people(content: bytes) -> None:
    assert text_of(content) is None
