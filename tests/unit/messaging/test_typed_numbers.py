"""A typed number is the button that shows it, where only one does."""

from __future__ import annotations

import pytest

from ramah.channels.content import Choice
from ramah.messaging.typed_numbers import choice_by_number

RUPIAH = (
    Choice(title="Rp150.000 INV-2026-0001", payload="/one"),
    Choice(title="Rp1.250.000 INV-2026-0042", payload="/two"),
)
RINGGIT = (
    Choice(title="RM85.00 INV-2026-0101", payload="/one"),
    Choice(title="RM150.00 INV-2026-0102", payload="/two"),
)


@pytest.mark.parametrize(
    ("typed", "payload"),
    [
        ("150.000", "/one"),
        ("Rp 150rb", "/one"),
        ("150 ribu kak", "/one"),
        ("1,25 juta", None),
        ("1250000", "/two"),
        ("0042", "/two"),
        ("yang 0042 ya", "/two"),
        ("2026", None),
        ("42", None),
        ("besok jam 10", None),
        ("150.000 atau 1.250.000", None),
        ("saya sudah transfer 150.000 kemarin", None),
        ("halo", None),
    ],
)
def test_rupiah(typed: str, payload: str | None) -> None:
    assert choice_by_number(RUPIAH, typed) == payload


@pytest.mark.parametrize(("typed", "payload"), [("RM150", "/two"), ("150.00", "/two"), ("0101", "/one"), ("85", None)])
def test_ringgit(typed: str, payload: str | None) -> None:
    assert choice_by_number(RINGGIT, typed) == payload
