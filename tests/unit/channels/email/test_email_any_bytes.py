"""Mails that nobody should send: any bytes are read, quickly, and never stop the mailbox."""

from __future__ import annotations

import time
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ramah.channels.email.html_text import text_of_html
from ramah.channels.email.parse import parse_mail
from ramah.channels.email.trimming import own_words
from tests.unit.channels.email.recorded import FIXTURES, MAILBOX

RECORDED = [path.read_bytes() for path in sorted(FIXTURES.glob("*.eml"))]
PIECES = st.sampled_from(
    [
        b"From: ", b"Subject: ", b"Content-Type: ", b"multipart/mixed; boundary=b", b"multipart/report; boundary=b",
        b"message/rfc822", b"message/delivery-status", b"text/html", b"text/plain; charset=", b"\x00", b"\xff\xfe",
        b"--b", b"--b--", b"\r\n", b"\n\n", b"=?utf-8?B?", b"?=", b"<ramah.x@kilap.example>", b"a@b.example",
        b"Action: failed", b"filename*=utf-8''%", b"zlib", b"idna", b"; format=flowed", b"base64", b"x-uuencode",
        b"Content-Transfer-Encoding: ", b"On 3/3/2025 10:05 a@b wrote:", b"> ", b"-- \n", b"<div>", b"<![CDATA[", b"<!",
    ]
)  # fmt: skip
SLOW = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(st.binary(max_size=2_000))
def test_any_bytes_are_a_mail(body: bytes) -> None:
    (batch,) = parse_mail(MAILBOX, body)
    assert batch.incoming or batch.receipts or batch.notices


@SLOW
@given(st.lists(PIECES | st.binary(max_size=6), max_size=40).map(b"".join))
def test_any_pieces_of_mails_are_a_mail(body: bytes) -> None:
    (batch,) = parse_mail(MAILBOX, body)
    for incoming in batch.incoming:
        assert len(incoming.external_id) <= 200
        assert len(incoming.sender.platform_id) <= 200


@SLOW
@given(st.sampled_from(RECORDED), st.integers(0, 3_000), st.binary(max_size=30))
def test_a_damaged_mail_is_still_a_mail(body: bytes, place: int, damage: bytes) -> None:
    (batch,) = parse_mail(MAILBOX, body[:place] + damage + body[place + len(damage) :])
    assert batch.incoming or batch.receipts or batch.notices


@SLOW
@given(st.text(max_size=500))
def test_text_that_is_no_mail_programs_is_never_lost(text: str) -> None:
    kept = own_words(text, forwarded=False)
    assert bool(kept) == bool(text.strip())


@SLOW
@given(st.text(alphabet="<>/abdivpresclq =\"'!-[&;#x0\n", max_size=300))
def test_any_markup_becomes_text(markup: str) -> None:
    assert isinstance(text_of_html(markup, without_quotes=True), str)


HEAD = b"From: a@b.example\r\nContent-Type: %s\r\n\r\n"
BURDENS = {
    "on": (b"text/plain", b"On " * 300_000),
    "headings": (b"text/plain", b"On 3/3/2025 10:05 x@y\n" * 20_000),
    "quotes": (b"text/plain", b">" * 500_000),
    "dashes": (b"text/plain", b"- " * 300_000),
    "flowed": (b"text/plain; format=flowed", b"a \n" * 200_000),
    "open paragraphs": (b"text/html", b"<p>x" * 19_000),
    "open lists": (b"text/html", b"<ul><li>x" * 9_000),
    "preformatted": (b"text/html", b"<pre>\n" * 19_000),
    "angles": (b"text/html", b"<" * 300_000),
    "parts": (b"multipart/mixed; boundary=b", b"--b\n\nx\n" * 20_000),
}


@pytest.mark.parametrize("name", BURDENS)
def test_no_mail_takes_long_to_read(name: str) -> None:
    kind, body = BURDENS[name]
    started = time.process_time()
    parse_mail(MAILBOX, HEAD % kind + body)
    assert time.process_time() - started < 5


def test_containers_without_end_are_read_by_their_head() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3_000))
    (batch,) = parse_mail(MAILBOX, b"From: budi@contoh.example\nSubject: dalam sekali\n" + deep + b"\nhalo")
    assert batch.incoming[0].sender.platform_id == "budi@contoh.example"
    assert "dalam sekali" in batch.incoming[0].text


def test_a_part_in_a_codec_that_is_no_charset_is_read_all_the_same() -> None:
    mail = EmailMessage()
    mail.set_content("Besok ya")
    for codec in ("zlib", "punycode", "idna", "undefined", "\x00", "unicode_escape"):
        body = mail.as_bytes().replace(b"utf-8", codec.encode())
        assert parse_mail(MAILBOX, body)[0].incoming[0].text == "Besok ya"
