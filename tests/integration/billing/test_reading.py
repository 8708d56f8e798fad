"""The worker reads what was not there or not readable at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from ramah.billing.flags import Flag
from ramah.billing.proofs import Received
from ramah.billing.reading import read_one
from ramah.messaging.models import MediaStatus
from ramah.store import utc_now
from tests.fakes.disk.slips import pdf_slip
from tests.integration.billing.conftest import Payments

SLIP = pdf_slip("Transfer berhasil INV-2026-0002 Rp 200.000,00")
SHA = "a" * 64


def later(payments: Payments, minutes: int = 5) -> None:
    """The worker comes round after a while."""
    with time_machine.travel(utc_now() + timedelta(minutes=minutes), tick=False):
        assert read_one(payments.database, payments.storage)


def test_the_text_of_a_pdf_finds_its_bill(payments: Payments) -> None:
    payments.bill(1, 150_000)
    second = payments.bill(2, 200_000)
    assert payments.sends(SLIP, name="bukti.pdf").result is Received.UNMATCHED
    assert payments.proofs()[0].status == "reading"
    assert read_one(payments.database, payments.storage)
    (proof,) = payments.proofs()
    assert (proof.status, proof.bill_id, proof.certainty) == ("waiting", second, "exact")
    assert (proof.amount_minor, proof.reference) == (200_000, "INV-2026-0002")
    assert payments.status(second) == "claimed"
    assert not read_one(payments.database, payments.storage)


def test_the_text_corrects_what_was_proposed_before(payments: Payments) -> None:
    first, second = payments.bill(1, 150_000), payments.bill(2, 200_000)
    payments.sends(SLIP, said="150rb", name="bukti.pdf")
    assert payments.status(first) == "claimed"
    assert read_one(payments.database, payments.storage)
    assert (payments.status(first), payments.status(second)) == ("open", "claimed")


def test_a_pdf_without_text_is_left_to_people(payments: Payments) -> None:
    payments.bill(1)
    payments.sends(pdf_slip(" "), name="scan.pdf")
    assert read_one(payments.database, payments.storage)
    (proof,) = payments.proofs()
    assert (proof.status, proof.certainty, proof.flags) == ("waiting", "only", [Flag.UNREADABLE])


def test_a_photo_that_is_not_fetched_yet_waits_and_is_then_queued(payments: Payments) -> None:
    payments.bill(1)
    inbound_id = payments.file_on_its_way()
    assert payments.take(inbound_id).result is Received.MATCHED
    assert read_one(payments.database, payments.storage)
    assert payments.proofs()[0].status == "reading"
    payments.settle_file(inbound_id, MediaStatus.STORED, SHA)
    later(payments)
    (proof,) = payments.proofs()
    assert (proof.status, proof.sha256, payments.told()) == ("waiting", SHA, [])


def test_a_repetition_that_shows_only_later_is_told_and_frees_its_bill(payments: Payments) -> None:
    first = payments.bill(1)
    early, late = payments.file_on_its_way("INV-2026-0001"), payments.file_on_its_way("INV-2026-0001")
    payments.take(early), payments.take(late)
    for inbound_id in (early, late):
        payments.settle_file(inbound_id, MediaStatus.STORED, SHA)
    later(payments)
    later(payments)
    assert sorted(proof.status for proof in payments.proofs()) == ["repeated", "waiting"]
    assert [response for response, _ in payments.told()] == ["utter_proof_repeated"]
    assert payments.status(first) == "claimed"


def test_a_repetition_is_recognised_by_its_providers_word_before_it_is_fetched(payments: Payments) -> None:
    payments.bill(1)
    for expected in (Received.MATCHED, Received.CHECKED_ALREADY):
        assert payments.take(payments.file_on_its_way(sha256=SHA.upper())).result is expected
    assert [proof.status for proof in payments.proofs()] == ["reading", "repeated"]


@pytest.mark.parametrize("status", [MediaStatus.FAILED, MediaStatus.REFUSED])
def test_a_file_that_never_comes_frees_the_bill_and_is_asked_for_again(payments: Payments, status: MediaStatus) -> None:
    bill_id = payments.bill(1)
    inbound_id = payments.file_on_its_way()
    payments.take(inbound_id)
    payments.settle_file(inbound_id, status)
    later(payments)
    assert [response for response, _ in payments.told()] == ["utter_proof_lost"]
    assert (payments.proofs()[0].status, payments.status(bill_id)) == ("lost", "open")


def test_a_store_that_is_away_loses_nothing(payments: Payments) -> None:
    payments.bill(2, 200_000)
    payments.sends(SLIP, name="bukti.pdf")
    payments.storage.go_away()
    assert read_one(payments.database, payments.storage)
    assert payments.proofs()[0].status == "reading"
    payments.storage.come_back()
    later(payments)
    assert payments.proofs()[0].certainty == "exact"
