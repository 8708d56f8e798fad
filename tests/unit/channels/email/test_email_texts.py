"""What a person wrote, without what their program quoted or signed for them."""

from __future__ import annotations

import pytest

from ramah.channels.content import IncomingKind
from tests.unit.channels.email.recorded import FIXTURES, batch_of, message

OWN_WORDS = {
    "apple_reply_id": "Ya, betul 👍",
    "apple_reply_ms": "Ya, betul",
    "broken_base64": "Besok jam 10 ya",
    "gmail_html_only": "Jam 10 saja ya\nAlamat: Jl. Melati 5",
    "gmail_reply_en": "Tomorrow at ten works for me.",
    "gmail_reply_id": "Besok jam 10 bisa, di outlet Bekasi.",
    "gmail_reply_ms": "Boleh, esok pukul 3 petang.",
    "hidden_preheader": "Baris satu masih satu\n\n- cuci\n- poles\n\na\nb\nHarga < 500 ribu",
    "latin1_called_utf8": "Café “Kopi” déjà tutup?",
    "missing_boundary": "Isi tanpa batas.",
    "outlook_html": "Friday at 2 pm please.",
    "outlook_ios": "Yes, please go ahead.",
    "outlook_original_message": "Setuju.",
    "outlook_reply_en": "Please make it Friday instead.\n\nRegards,\nAlice",
    "outlook_reply_id": "Hari Jumat saja, terima kasih.",
    "outlook_reply_ms": "Hari Jumaat sahaja, terima kasih.",
    "thunderbird_below": "Hari Rabu jam sembilan, kalau masih ada tempat.\nYang di Depok.",
    "unknown_charset": "Besok jam 10 ya 🙂",
    "utf8_called_ascii": "Harga “coating” berapa?",
    "yahoo_reply_en": "Saturday morning please.",
    "yahoo_reply_id": "Sabtu pagi saja ya.",
}
FIRST_MAILS = {
    "apple_file_in_html": "Terlampir STNK saya.",
    "apple_pictures_between": "Goresan\n\nIni goresannya:\n\nBisa dipoles?",
    "encoded_headers": "Harga “coating” untuk mobil\n\nMohon info.",
    "first_mail_id": "Tanya poles bodi\n\nSelamat pagi,\n\nBerapa harga untuk Avanza 2019? Saya di Bekasi.\n\n"
    "Terima kasih\nBudi",
    "first_mail_subject_repeats": "Halo, berapa harga poles untuk Avanza?",
    "first_mail_without_subject": "Halo, masih buka hari ini?",
    "only_a_subject": "Tolong hubungi saya hari ini",
    "raw_utf8_headers": "Tanya “coating”\n\nBerapa harganya?",
}


@pytest.mark.parametrize("name", OWN_WORDS)
def test_only_the_persons_own_words_are_read(name: str) -> None:
    assert message(name).text == OWN_WORDS[name]
    assert message(name).kind is IncomingKind.TEXT


@pytest.mark.parametrize("name", FIRST_MAILS)
def test_the_first_mail_of_a_thread_says_its_subject_where_that_says_more(name: str) -> None:
    assert message(name).text == FIRST_MAILS[name]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("forwarded_gmail", "Poles bodi Rp 750.000"),
        ("forwarded_outlook", "Polish RM 300"),
        ("forwarded_apple", "> Poles bodi Rp 750.000"),
    ],
)
def test_what_was_forwarded_is_kept(name: str, kept: str) -> None:
    assert kept in message(name).text
    assert "lama" in message(name).text or "Old Shop" in message(name).text


def test_a_list_a_route_and_a_sentence_of_ones_own_are_no_signature_and_no_quote() -> None:
    text = message("signature_list_and_route").text
    for piece in ("Dari: Jakarta", "To: Bandung", "Tanggal: 5 Mei", "saya menulis:", "-cuci mobil", "-poles bodi"):
        assert piece in text


def test_a_mail_that_is_nothing_but_a_quote_is_shown_whole() -> None:
    assert message("only_a_quote").text == "> Ya, saya setuju dengan jadwalnya."


def test_a_mail_with_files_only_is_a_file() -> None:
    assert message("only_a_file").kind is IncomingKind.MEDIA


def test_every_recorded_mail_becomes_something() -> None:
    names = sorted(path.stem for path in FIXTURES.glob("*.eml"))
    assert len(names) > 50
    for name in names:
        batch = batch_of(name)
        assert batch.incoming or batch.receipts or batch.notices, name
