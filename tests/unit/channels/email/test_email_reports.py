"""Bounces, delays, deliveries and read marks, as receipts."""

from __future__ import annotations

import pytest

from ramah.channels.content import ReceiptStatus
from ramah.channels.email.parse import parse_mail
from tests.unit.channels.email.recorded import MAILBOX, batch_of, message, recorded


@pytest.mark.parametrize(
    ("name", "reference", "status", "code"),
    [
        ("dsn_failed", "out-7", ReceiptStatus.FAILED, "5.1.1"),
        ("dsn_headers_only", "out-8", ReceiptStatus.FAILED, "5.2.2"),
        ("dsn_in_words", "out-6", ReceiptStatus.FAILED, "5.1.1"),
        ("dsn_delivered", "out-7", ReceiptStatus.DELIVERED, None),
        ("mdn_read", "out-5", ReceiptStatus.READ, None),
    ],
)
def test_a_report_is_a_receipt_of_our_mail(name: str, reference: str, status: ReceiptStatus, code: str | None) -> None:
    (receipt,) = batch_of(name).receipts
    assert receipt.provider_id == f"<ramah.{reference}@kilap.example>"
    assert (receipt.reference, receipt.status, receipt.error_code) == (reference, status, code)


def test_a_delay_is_noticed_and_settles_nothing() -> None:
    batch = batch_of("dsn_delayed")
    assert not batch.receipts
    assert batch.notices[0]["report"] == "delayed"


def test_a_bounce_is_shown_in_the_thread_of_whoever_it_did_not_reach() -> None:
    assert message("dsn_failed").sender.platform_id == "budi@contoh.example"
    assert message("dsn_headers_only").sender.platform_id == "penuh@contoh.example"


def test_a_bounce_of_somebody_elses_mail_speaks_for_no_customer() -> None:
    foreign = recorded("dsn_failed").replace(b"ramah.out-7@kilap.example", b"other@elsewhere.example")
    (batch,) = parse_mail(MAILBOX, foreign)
    assert batch.receipts[0].reference is None
    assert batch.incoming[0].sender.platform_id == "mailer-daemon@googlemail.com"


@pytest.mark.parametrize("name", ["dsn_delivered", "dsn_delayed", "mdn_read"])
def test_good_news_and_delays_are_no_lines_in_the_thread(name: str) -> None:
    assert not batch_of(name).incoming


def test_an_ordinary_mail_that_quotes_our_id_proves_nothing() -> None:
    body = recorded("dsn_in_words").replace(b"Return-Path: <>", b"Return-Path: <a@b.example>")
    (batch,) = parse_mail(MAILBOX, body.replace(b"MAILER-DAEMON@", b"eve@"))
    assert not batch.receipts
