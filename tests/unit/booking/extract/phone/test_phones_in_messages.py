"""Phone numbers as customers type them in Indonesia and Malaysia."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.booking.extract.phone import find_phone, odd_phone
from ramah.booking.extract.phone.finding import Country

INDONESIAN = [
    ("081234567890", "+6281234567890"),
    ("0812-3456-7890", "+6281234567890"),
    ("0812 3456 7890", "+6281234567890"),
    ("0812.3456.7890", "+6281234567890"),
    ("08 12 34 56 78 90", "+6281234567890"),
    ("+62 812 3456 7890", "+6281234567890"),
    ("+6281234567890", "+6281234567890"),
    ("(+62) 812-3456-7890", "+6281234567890"),
    ("+62 0812 3456 7890", "+6281234567890"),
    ("62812 3456 7890", "+6281234567890"),
    ("6281234567890", "+6281234567890"),
    ("006281234567890", "+6281234567890"),
    ("812 3456 7890", "+6281234567890"),
    ("81234567890", "+6281234567890"),
    ("O812 3456 7890", "+6281234567890"),
    ("0812345678o0", "+6281234567800"),
    ("no hp saya 0812 3456 7890 ya", "+6281234567890"),
    ("hp:081234567890", "+6281234567890"),
    ("wa 081234567890", "+6281234567890"),
    ("WA saya di 0857-1234-5678 kak", "+6285712345678"),
    ("wa.me/6281234567890", "+6281234567890"),
    ("hubungi 0878 1234 5678.", "+6287812345678"),
    ("081234567890.", "+6281234567890"),
    ("nomornya 0899-123-4567", "+628991234567"),
    ("Budi 081234567890 Jakarta", "+6281234567890"),
    ("Xpander 2019 081234567890", "+6281234567890"),
    ("081234567890 2019", "+6281234567890"),
    ("12/03/2025 081234567890", "+6281234567890"),
    ("10.00 081234567890 15.00", "+6281234567890"),
    ("Jl Mawar 12 081234567890", "+6281234567890"),
    ("0812 3456 7890, 0813 3333 4444", "+6281234567890"),
    ("(021) 555-1234", "+62215551234"),
    ("telp kantor 021-5551234", "+62215551234"),
    ("telepon 022 4201234", "+62224201234"),
    ("+65 9123 4567", "+6591234567"),
    ("+60 12-345 6789", "+60123456789"),
    ("60123456789", "+60123456789"),
    ("٠٨١٢٣٤٥٦٧٨٩٠", "+6281234567890"),
    ("０８１２３４５６７８９０", "+6281234567890"),
    ("my number is 0812 3456 7890", "+6281234567890"),
    ("civic 081234567890", "+6281234567890"),
    ("mau booking 081234567890", "+6281234567890"),
    ("booking kak, 0812-3456-7890", "+6281234567890"),
]

MALAYSIAN = [
    ("0123456789", "+60123456789"),
    ("012-345 6789", "+60123456789"),
    ("012 345 6789", "+60123456789"),
    ("012.345.6789", "+60123456789"),
    ("+60123456789", "+60123456789"),
    ("+60 12-345 6789", "+60123456789"),
    ("+60 012 345 6789", "+60123456789"),
    ("60123456789", "+60123456789"),
    ("0060123456789", "+60123456789"),
    ("123456789", "+60123456789"),
    ("hp 12 345 6789", "+60123456789"),
    ("011-1234 5678", "+601112345678"),
    ("01112345678", "+601112345678"),
    ("016-7788990 boleh call", "+60167788990"),
    ("nombor saya 019-2233445", "+60192233445"),
    ("no tel: 0192233445", "+60192233445"),
    ("telefon rumah 03-2161 1234", "+60321611234"),
    ("office 07-222 1234", "+6072221234"),
    ("call me at 017-222 3344", "+60172223344"),
    ("my phone is 0172223344 thanks", "+60172223344"),
    ("whatsapp 014-5566778 ya", "+60145566778"),
    ("47300 0123456789", "+60123456789"),
    ("WXY 1234 0123456789", "+60123456789"),
    ("O12-345 6789", "+60123456789"),
    ("+62 812 3456 7890", "+6281234567890"),
    ("+65 8123 4567", "+6581234567"),
    ("contact 018-2003004 esok", "+60182003004"),
    ("013-7004005", "+60137004005"),
]

NO_PHONE: list[tuple[str, Country]] = [
    ("halo", "ID"), ("", "ID"), ("Rp 150.000", "ID"), ("rp 1.500.000", "ID"), ("Rp 81234567890", "ID"),
    ("12-03-2025 10:00", "ID"), ("2025-03-12", "ID"), ("08/12/2025", "ID"), ("08:00 - 20:00", "ID"), ("12870", "ID"),
    ("B 1234 XYZ", "ID"), ("rekening 8123456789", "ID"), ("no rek bca 081234567890", "ID"), ("bca 1234567890", "ID"),
    ("order 81234567890", "ID"), ("1 2 3 4", "ID"), ("jam 10 besok 2025", "ID"), ("NIK 3174012345678901", "ID"),
    ("0812345", "ID"), ("0" * 300, "ID"), ("1 " * 200, "ID"), ("tahun 2019", "ID"), ("xpander 2019 hitam", "ID"),
    ("Jl. Sudirman No. 5 RT 3 RW 4", "ID"), ("150000 ribu", "ID"), ("😊", "ID"), ("01000", "MY"),
    ("no ic 900101-14-1234", "MY"), ("RM 123456789", "MY"), ("saya di 47300 Petaling Jaya", "MY"), ("WXY 1234", "MY"),
    ("10am to 5pm", "MY"), ("jalan 12/3", "MY"), ("account 123456789", "MY"), ("my car is 2018", "MY"),
    ("3 orang", "MY"), ("esok pukul 2", "MY"), ("booking 123456", "MY"),
]  # fmt: skip

ODD: list[tuple[str, Country, str]] = [
    ("0812345", "ID", "0812345"),
    ("hp 12345678", "ID", "12345678"),
    ("no hp saya 0812 345", "ID", "0812 345"),
    ("0812345678901234", "ID", "0812345678901234"),
    ("123456", "ID", "123456"),
    ("+62 812 34", "ID", "+62 812 34"),
    ("+628123456789012345", "ID", "+628123456789012345"),
    ("0123456789", "ID", "0123456789"),
    ("012-345", "MY", "012-345"),
    ("my number is 012345", "MY", "012345"),
    ("081234567890", "MY", "081234567890"),
    ("+60 12 34", "MY", "+60 12 34"),
]


@pytest.mark.parametrize(("message", "e164"), INDONESIAN)
def test_it_finds_a_number_dialled_in_indonesia(message: str, e164: str) -> None:
    found = find_phone(message, "ID")
    assert found is not None
    assert found.e164 == e164


@pytest.mark.parametrize(("message", "e164"), MALAYSIAN)
def test_it_finds_a_number_dialled_in_malaysia(message: str, e164: str) -> None:
    found = find_phone(message, "MY")
    assert found is not None
    assert found.e164 == e164


@pytest.mark.parametrize(("message", "country"), NO_PHONE)
def test_it_takes_no_other_number_for_a_phone(message: str, country: Country) -> None:
    assert find_phone(message, country) is None


@pytest.mark.parametrize(("message", "country", "typed"), ODD)
def test_it_tells_what_was_meant_as_a_phone_number(message: str, country: Country, typed: str) -> None:
    assert find_phone(message, country) is None
    assert odd_phone(message, country) == typed


@pytest.mark.parametrize(
    "message",
    [
        "jam 3 sore",
        "Rp 150.000",
        "12870",
        "B 1234 XYZ",
        "besok 12/03/2025",
        "halo",
        "no ktp 3174012345678901",
        "081234567890",
    ],
)
def test_it_calls_nothing_else_an_odd_phone_number(message: str) -> None:
    assert odd_phone(message, "ID") is None


def test_the_place_of_a_number_holds_no_words() -> None:
    message = "no hp 0812-3456-7890 ya"
    found = find_phone(message, "ID")
    assert found is not None
    assert message[found.start : found.end] == "0812-3456-7890"


PIECES = st.sampled_from(
    ["0812", "+62", "60", "12", "-", " ", ".", "(", ")", "hp ", "o", "３", "٣", "345678", "\n", "/"]
)
MESSAGES = st.one_of(st.text(max_size=80), st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=14).map("".join))


@settings(deadline=None)
@given(MESSAGES, st.sampled_from(["ID", "MY"]))
def test_any_text_gives_a_valid_number_or_none(message: str, country: Country) -> None:
    found = find_phone(message, country)
    odd = odd_phone(message, country)
    assert odd is None or (found is None and odd in message)
    if found is not None:
        assert 0 <= found.start < found.end <= len(message)
        assert phonenumbers.is_valid_number(phonenumbers.parse(found.e164, None))
