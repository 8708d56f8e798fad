"""Who wrote, in which thread, and which files came along."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ramah.channels.content import MediaKind
from ramah.channels.email.parse import parse_mail
from tests.unit.channels.email.recorded import MAILBOX, message, recorded


@pytest.mark.parametrize(
    ("name", "address", "person"),
    [
        ("first_mail_id", "budi@contoh.example", "Budi Santoso"),
        ("encoded_headers", "budi@contoh.example", "Budi Santoso, S.T."),
        ("outlook_reply_en", "alice@contoh.example", "Tan, Alice"),
        ("raw_utf8_headers", "bakti@contoh.example", "Bàkti Jaya"),
        ("no_message_id", "printer@kantor.example", None),
        ("reply_to_same_domain", "budi@contoh.example", "Web"),
        ("reply_to_other_domain", "budi@contoh.example", "Budi Santoso"),
        ("reply_to_public_provider", "eve@gmail.com", "Eve"),
        ("spoofed_display_name", "eve@jahat.example", "cs@kilap.example"),
        ("no_from", "unknown@invalid", None),
    ],
)
def test_the_sender_is_who_the_answer_may_go_to(name: str, address: str, person: str | None) -> None:
    sender = message(name).sender
    assert (sender.platform_id, sender.name) == (address, person)
    assert sender.phone is None


def test_a_mail_knows_its_id_its_thread_and_its_time() -> None:
    read = message("gmail_reply_id")
    assert read.external_id == "<gmail-id@mail.example.net>"
    assert read.reply_to == "<ramah.out-1@kilap.example>"
    assert read.sent_at == datetime(2025, 3, 3, 3, 12, tzinfo=UTC)
    assert read.raw["subject"] == "Re: Jadwal cuci mobil"


def test_a_mail_without_an_id_gets_one_that_stays() -> None:
    first, second = message("no_message_id").external_id, message("no_message_id").external_id
    assert first == second
    assert first.startswith("sha256:")
    (other,) = parse_mail(MAILBOX, recorded("no_message_id") + b"x")
    assert other.incoming[0].external_id != first


def test_an_id_that_no_column_holds_is_hashed() -> None:
    body = b"From: a@b.example\r\nMessage-ID: <" + b"x" * 400 + b"@b.example>\r\n\r\nhalo"
    (batch,) = parse_mail(MAILBOX, body)
    assert len(batch.incoming[0].external_id) <= 200
    assert batch.incoming[0].external_id.startswith("sha256:")


def files(name: str) -> list[tuple[MediaKind, str, str | None]]:
    """Kind, number and name of a mail's files."""
    return [(file.kind, file.reference.split(":")[1], file.filename) for file in message(name).media]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("apple_pictures_between", [(MediaKind.IMAGE, "1", "IMG_0012.jpeg")]),
        ("apple_file_in_html", [(MediaKind.DOCUMENT, "2", "STNK B 1234 XY.pdf")]),
        (
            "nested_multiparts",
            [
                (MediaKind.IMAGE, "2", "logo.png"),
                (MediaKind.DOCUMENT, "3", "catatan é.txt"),
                (MediaKind.DOCUMENT, "4", None),
            ],
        ),
        ("only_a_file", [(MediaKind.IMAGE, "0", "foto.jpg")]),
        ("gmail_reply_id", []),
        ("dsn_headers_only", []),
    ],
)
def test_files_are_found_wherever_they_hang(name: str, expected: list[tuple[MediaKind, str, str | None]]) -> None:
    assert files(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        "auto_absence_en",
        "auto_absence_id",
        "auto_absence_ms",
        "auto_submitted",
        "auto_precedence",
        "auto_list",
        "auto_null_return_path",
        "auto_xautoreply",
        "dsn_failed",
        "dsn_headers_only",
        "dsn_in_words",
        "own_mail",
        "own_mail_by_id",
        "no_from",
    ],
)
def test_what_no_person_wrote_is_never_answered(name: str) -> None:
    assert message(name).automatic


@pytest.mark.parametrize("name", ["not_automatic", "gmail_reply_id", "first_mail_id", "spoofed_display_name"])
def test_what_a_person_wrote_is_answered(name: str) -> None:
    assert not message(name).automatic
