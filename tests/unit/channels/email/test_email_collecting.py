"""Reading a mailbox, against an IMAP server that behaves like one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ramah.channels.content import Collected, MediaKind, RemoteMedia
from ramah.channels.email import collecting
from ramah.channels.email.channel import EmailChannel
from ramah.channels.email.parse import parse_mail
from ramah.channels.errors import ChannelError, SendOutcome
from tests.fakes.mail.faults import Fault
from tests.fakes.mail.host import ADDRESS, MailHost
from tests.unit.channels.email.conftest import PATIENCE
from tests.unit.channels.email.recorded import recorded


def texts(collected: list[Collected]) -> list[str]:
    """What the mails say."""
    return [parse_mail(ADDRESS, one.body)[0].incoming[0].text for one in collected]


def read(channel: EmailChannel, host: MailHost, cursor: str | None = None) -> list[Collected]:
    """All that one call gives."""
    return list(channel.collect(host.access(), cursor))


def test_new_mails_come_oldest_first_and_once(channel: EmailChannel, host: MailHost) -> None:
    host.arrives("satu")
    host.arrives("dua")
    first = read(channel, host)
    assert texts(first) == ["satu", "dua"]
    assert read(channel, host, first[-1].cursor) == []
    host.arrives("tiga")
    assert texts(read(channel, host, first[-1].cursor)) == ["tiga"]
    assert texts(read(channel, host, first[0].cursor)) == ["dua", "tiga"]


def test_bytes_are_kept_as_they_are(channel: EmailChannel, host: MailHost) -> None:
    stored = host.folder.add(recorded("latin1_called_utf8"))
    assert read(channel, host)[0].body == stored.raw


def test_reading_marks_nothing_and_opens_nothing_for_writing(channel: EmailChannel, host: MailHost) -> None:
    host.folder.add(recorded("nested_multiparts"))
    before = host.folder.snapshot()
    read(channel, host)
    assert host.folder.snapshot() == before
    assert not [said for said in host.imap.said if said.startswith(("SELECT", "STORE", "UID STORE", "EXPUNGE"))]


def test_the_first_look_takes_the_last_two_days(channel: EmailChannel, host: MailHost) -> None:
    now = datetime.now(UTC)
    for days, text in ((30, "lama"), (2.1, "dua hari lebih"), (1.9, "kemarin"), (0, "sekarang")):
        host.arrives(text).received_at = now - timedelta(days=days)
    assert texts(read(channel, host)) == ["kemarin", "sekarang"]


def test_a_restored_mailbox_is_read_again_from_the_first_look_on(channel: EmailChannel, host: MailHost) -> None:
    now = datetime.now(UTC)
    host.arrives("sebelum kita").received_at = now - timedelta(days=40)
    host.arrives("sudah dibaca").received_at = now - timedelta(days=20)
    host.arrives("belum dibaca").received_at = now - timedelta(days=10)
    cursor = f"{host.folder.validity}:2:{now - timedelta(days=30):%Y%m%d}"
    host.folder.renumber()
    again = read(channel, host, cursor)
    assert texts(again) == ["sudah dibaca", "belum dibaca"]
    assert again[-1].cursor == f"{host.folder.validity}:3:{now - timedelta(days=30):%Y%m%d}"


@pytest.mark.parametrize("cursor", ["nonsense", "", "1:2:3:4"])
def test_a_cursor_that_is_none_begins_anew(channel: EmailChannel, host: MailHost, cursor: str) -> None:
    host.arrives("satu")
    assert texts(read(channel, host, cursor)) == ["satu"]


def test_one_call_gives_at_most_fifty(channel: EmailChannel, host: MailHost) -> None:
    for number in range(53):
        host.arrives(f"pesan {number}")
    first = read(channel, host)
    assert len(first) == 50
    assert texts(read(channel, host, first[-1].cursor)) == ["pesan 50", "pesan 51", "pesan 52"]


def test_a_mail_that_vanishes_meanwhile_hides_no_other(channel: EmailChannel, host: MailHost) -> None:
    first, _, third = host.arrives("satu"), host.arrives("dua"), host.arrives("tiga")
    cursor = f"{host.folder.validity}:{first.uid - 1}"
    reading = channel.collect(host.access(), cursor)
    got = [next(reading)]
    host.folder.remove(2)
    got += list(reading)
    assert texts(got) == ["satu", "tiga"]
    assert got[-1].cursor.split(":")[1] == str(third.uid)


@pytest.mark.parametrize("fault", [Fault.IMAP_CUT, Fault.IMAP_SILENT, Fault.IMAP_NONSENSE, Fault.IMAP_LOGIN_LATER])
def test_a_broken_connection_is_tried_again(channel: EmailChannel, host: MailHost, fault: Fault) -> None:
    host.arrives("satu")
    host.fail_next(fault)
    with pytest.raises(ChannelError) as caught:
        read(channel, host)
    assert caught.value.outcome is SendOutcome.RETRY
    assert texts(read(channel, host)) == ["satu"]


def test_what_came_before_a_cut_stays_read(channel: EmailChannel, host: MailHost) -> None:
    host.arrives("satu")
    host.arrives("dua")
    reading = channel.collect(host.access(), None)
    first = next(reading)
    host.fail_next(Fault.IMAP_CUT)
    with pytest.raises(ChannelError):
        next(reading)
    assert texts(read(channel, host, first.cursor)) == ["dua"]


def test_a_mail_that_the_server_cannot_give_is_named_and_hides_no_other(channel: EmailChannel, host: MailHost) -> None:
    host.arrives("sulit").unreadable = True
    host.arrives("mustahil").hopeless = True
    host.arrives("mudah")
    cursor = f"{host.folder.validity}:0"
    got = read(channel, host, cursor)
    assert texts(got) == ["sulit", "", "mudah"]
    assert parse_mail(ADDRESS, got[0].body)[0].incoming[0].raw["too_large"]
    assert "cannot be converted" in str(parse_mail(ADDRESS, got[1].body)[0].incoming[0].raw["unreadable"])


def test_a_mail_that_is_too_large_comes_without_its_files(
    channel: EmailChannel, host: MailHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = host.folder.add(recorded("nested_multiparts"))
    (whole,) = parse_mail(ADDRESS, stored.raw)[0].incoming
    monkeypatch.setattr(collecting, "LARGEST_MAIL", 500)
    (cut,) = parse_mail(ADDRESS, read(channel, host)[0].body)[0].incoming
    assert (cut.text, cut.external_id, cut.sender) == (whole.text, whole.external_id, whole.sender)
    assert cut.raw["too_large"] == str(len(stored.raw))
    assert [(file.reference, file.filename) for file in cut.media] == [
        (file.reference, file.filename) for file in whole.media
    ]
    assert b"iVBORw0KGgo=" not in read(channel, host)[0].body


@pytest.mark.parametrize(
    "name",
    [
        "gmail_html_only",
        "apple_reply_id",
        "outlook_html",
        "dsn_headers_only",
        "mdn_read",
        "encoded_headers",
        "only_a_file",
    ],
)
def test_a_cut_mail_reads_like_the_whole_one(
    channel: EmailChannel, host: MailHost, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    stored = host.folder.add(recorded(name))
    monkeypatch.setattr(collecting, "LARGEST_MAIL", 0)
    (whole,), (cut,) = parse_mail(ADDRESS, stored.raw), parse_mail(ADDRESS, read(channel, host)[0].body)
    assert [one.text for one in cut.incoming] == [one.text for one in whole.incoming]
    assert cut.receipts == whole.receipts


def fetch(channel: EmailChannel, host: MailHost, file: RemoteMedia, most: int = 1_000_000) -> bytes:
    """The bytes of a file."""
    return channel.fetch(host.access(), file, most).content


def test_files_are_fetched_by_the_mail_and_their_number(channel: EmailChannel, host: MailHost) -> None:
    host.arrives("lain", "<other@contoh.example>")
    host.folder.add(recorded("nested_multiparts"))
    host.folder.add(recorded("only_a_file"))
    (nested,) = parse_mail(ADDRESS, recorded("nested_multiparts"))[0].incoming
    logo, note, letter = nested.media
    assert fetch(channel, host, logo) == b"\x89PNG\r\n\x1a\n"
    assert fetch(channel, host, note).strip() == b"isi catatan"
    assert b"isi surat lama" in fetch(channel, host, letter)
    (photo,) = parse_mail(ADDRESS, recorded("only_a_file"))[0].incoming[0].media
    assert fetch(channel, host, photo) == b"\xff\xd8\xff\xe0\x00\x10JFIF"


def test_a_file_of_a_mail_without_an_id_is_found_by_its_hash(channel: EmailChannel, host: MailHost) -> None:
    nameless = recorded("only_a_file").replace(b"Message-ID: <file@mail.example.net>\r\n", b"")
    host.folder.add(nameless)
    host.folder.add(nameless.replace(b"foto.jpg", b"lain.jpg"))
    (file,) = parse_mail(ADDRESS, read(channel, host)[0].body)[0].incoming[0].media
    assert fetch(channel, host, file) == b"\xff\xd8\xff\xe0\x00\x10JFIF"


@pytest.mark.parametrize(
    ("reference", "most"),
    [
        ("part:0:<gone@mail.example.net>", 1_000),
        ("part:9:<file@mail.example.net>", 1_000),
        ("part:0:<file@mail.example.net>", 5),
        ("part:0:sha256:" + "0" * 64, 1_000),
        ("part:0:<é@mail.example.net>", 1_000),
        ("https://example.org/a.jpg", 1_000),
    ],
)
def test_what_is_gone_or_too_large_is_given_up(
    channel: EmailChannel, host: MailHost, reference: str, most: int
) -> None:
    host.folder.add(recorded("only_a_file"))
    with pytest.raises(ChannelError) as caught:
        channel.fetch(host.access(), RemoteMedia(kind=MediaKind.IMAGE, reference=reference), most)
    assert caught.value.outcome is SendOutcome.GIVE_UP


def test_a_server_that_drips_is_cut_off(host: MailHost) -> None:
    host.arrives("satu")
    host.fail_next(Fault.IMAP_DRIPPING)
    hasty = EmailChannel(replace(PATIENCE, whole=0.5))
    with pytest.raises(ChannelError) as caught:
        read(hasty, host)
    assert caught.value.outcome is SendOutcome.RETRY
    assert texts(read(hasty, host)) == ["satu"]


def test_a_look_ends_between_two_mails_and_the_next_goes_on(
    channel: EmailChannel, host: MailHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "MOST_SECONDS", -1.0)
    host.arrives("satu")
    assert read(channel, host) == []
    monkeypatch.undo()
    assert texts(read(channel, host)) == ["satu"]
