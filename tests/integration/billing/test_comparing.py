"""A slip that shows what an earlier one shows is marked, however it was saved; one with another digit is not."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from ramah.billing.comparing import compare_one
from ramah.billing.flags import Flag
from tests.integration.billing.conftest import BUDI, Payments

WIDE, HIGH = 720, 1480


def screenshot(amount: str = "Rp 150.000", scale: float = 1.0, quality: int = 92) -> bytes:
    """A bank's receipt as telephones show it."""
    drawn = Image.new("RGB", (WIDE, HIGH), "white")
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, 0, WIDE, 220), fill=(0, 84, 166))
    for row, words in enumerate(("Transfer berhasil", "21 Nov 2026 10:14", "Ke: PT Kilap Auto", "Dari: SARI DEWI")):
        pen.text((60, 300 + row * 120), words, fill="black", font_size=44)
    pen.text((60, 860), amount, fill="black", font_size=72)
    small = drawn.resize((round(WIDE * scale), round(HIGH * scale)), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    small.save(written, "JPEG", quality=quality)
    return written.getvalue()


def compare_all(payments: Payments) -> None:
    """The worker until nothing is left."""
    while compare_one(payments.database, payments.storage):
        pass


def test_a_resized_and_compressed_copy_is_marked_and_its_sender_told(payments: Payments) -> None:
    payments.bill(1)
    payments.sends(screenshot())
    payments.sends(screenshot(scale=0.55, quality=45))
    compare_all(payments)
    first, second = payments.proofs()
    assert (second.alike_id, second.status) == (first.id, "waiting")
    assert Flag.LOOKS_ALIKE in second.flags
    assert Flag.LOOKS_ALIKE not in first.flags
    assert [response for response, _ in payments.told()] == ["utter_proof_looks_the_same_bill"]


def test_a_copy_by_somebody_else_is_marked_and_nobody_is_told(payments: Payments) -> None:
    payments.bill(1)
    payments.bill(2, phone=BUDI)
    payments.sends(screenshot())
    payments.sends(screenshot(scale=0.7, quality=60), who=BUDI)
    compare_all(payments)
    assert Flag.LOOKS_ALIKE in payments.proofs()[1].flags
    assert payments.told() == []


def test_a_slip_that_differs_by_one_digit_is_another_slip(payments: Payments) -> None:
    payments.bill(1)
    for amount in ("Rp 150.000", "Rp 160.000", "Rp 158.000"):
        payments.sends(screenshot(amount))
    compare_all(payments)
    assert [proof.alike_id for proof in payments.proofs()] == [None, None, None]


def test_plain_pictures_are_not_taken_for_each_other(payments: Payments) -> None:
    from tests.fakes.disk.files import picture

    payments.bill(1)
    for colour in ("blue", "navy"):
        payments.sends(picture("JPEG", colour=colour))
    compare_all(payments)
    assert [proof.alike_id for proof in payments.proofs()] == [None, None]


def test_each_slip_is_compared_once(payments: Payments) -> None:
    payments.bill(1)
    payments.sends(screenshot())
    assert compare_one(payments.database, payments.storage)
    assert not compare_one(payments.database, payments.storage)
