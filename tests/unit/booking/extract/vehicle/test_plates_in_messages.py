"""Number plates of Indonesia and Malaysia as customers type them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.booking.extract.vehicle import find_vehicle, odd_plate

PLATES = [
    ("B 1234 XYZ", "B 1234 XYZ"),
    ("b1234xyz", "B 1234 XYZ"),
    ("b 1234 xyz", "B 1234 XYZ"),
    ("D.1234.AB", "D 1234 AB"),
    ("D-1234-AB", "D 1234 AB"),
    ("AB 5678 CD", "AB 5678 CD"),
    ("nopol AB 5678 CD kak", "AB 5678 CD"),
    ("plat saya b 1234 ya", "B 1234"),
    ("plat nomor L 1 A", "L 1 A"),
    ("no polisi F 1234 AB", "F 1234 AB"),
    ("DK 1234 AB", "DK 1234 AB"),
    ("dk1234ab", "DK 1234 AB"),
    ("B 1 ABC", "B 1 ABC"),
    ("avanza b1234cd hitam", "B 1234 CD"),
    ("mobilnya B 2345 KLM, abu-abu", "B 2345 KLM"),
    ("WXY 1234", "WXY 1234"),
    ("wxy1234", "WXY 1234"),
    ("wxy 1234", "WXY 1234"),
    ("VAB 1234", "VAB 1234"),
    ("W 1234 A", "W 1234 A"),
    ("WA 1234 B", "WA 1234 B"),
    ("JQK 88", "JQK 88"),
    ("no plat JQK 88", "JQK 88"),
    ("QAA 1234 A", "QAA 1234 A"),
    ("SAB 123 C", "SAB 123 C"),
    ("SAA 1234 B", "SAA 1234 B"),
    ("KV 1234 B", "KV 1234 B"),
    ("PATRIOT 1", "PATRIOT 1"),
    ("PUTRAJAYA 123", "PUTRAJAYA 123"),
    ("number plate is wxy 77", "WXY 77"),
    ("no pendaftaran: PKL 5566", "PKL 5566"),
    ("plate BMT 2020", "BMT 2020"),
]

ASKED = [
    ("B 1234", "B 1234"),
    ("b 1234 aja", "B 1234"),
    ("b 1234 xyz ya", "B 1234 XYZ"),
    ("WXY1234", "WXY 1234"),
    ("vg 88", "VG 88"),
    ("rm 1234", "RM 1234"),
    ("patriot 12", "PATRIOT 12"),
    ("ad 12 an", "AD 12 AN"),
    ("12345", None),
    ("XX 1234 AB", None),
    ("belum ada plat", None),
    ("jam 3", None),
    ("RT 5", None),
]

NO_PLATE = [
    "jam 3", "JAM 3 SORE", "RT 5", "RT 5 RW 3", "no 12", "rm 80", "RM 80", "rp 150.000", "at 10 am", "besok jam 10 am",
    "Blok B 12 A", "blok c2", "Unit A 1234", "Jl. D 12", "gang h 5", "Lot PT 1234", "km 12", "KM 120", "pkl 10",
    "tgl 12", "hp 0812", "wa 1234", "CRV 2019", "BRV 2019", "BMW 320", "Jan 2025", "Mac 2025", "Mar 12", "Sab 12",
    "b 5", "a 1", "in 10 minutes", "by 5 pm", "dan 2 lagi", "ke 3", "2 jam", "XX 1234 AB", "I 1234 AB", "B 12345 AB",
    "B 0123 AB", "T 2 jam", "version v2", "halo", "", "seri 3", "proton 2019", "perdana 2000", "di 12 tempat",
    "cc 1500", "ac 2 pk", "for 2 cars", "at 10:30", "PM 3", "SD 3", "disc 50",
]  # fmt: skip

ODD = [
    ("plat B 99999 XYZQ", "B 99999 XYZQ"),
    ("XX 1234 AB", "XX 1234 AB"),
    ("12345", "12345"),
    ("QQQQ 99999", "QQQQ 99999"),
    ("plat saya 1234", "1234"),
    ("nopol ii 1234 zz", "ii 1234 zz"),
]

NOT_ODD = [
    "halo",
    "jam 3 sore",
    "B 1234 XYZ",
    "belum ada plat",
    "proton x70 2021",
    "besok",
    "WXY 1234",
    "",
    "saya di rumah",
]


def _plate(message: str, expected: str | None = None) -> str | None:
    found = find_vehicle(message, expected="plate" if expected else None, this_year=2025)
    return found.plate if found else None


@pytest.mark.parametrize(("message", "plate"), PLATES)
def test_it_finds_a_plate(message: str, plate: str | None) -> None:
    assert _plate(message) == plate


@pytest.mark.parametrize(("message", "plate"), ASKED)
def test_it_reads_a_bare_answer_where_the_plate_was_asked_for(message: str, plate: str | None) -> None:
    assert _plate(message, "plate") == plate


@pytest.mark.parametrize("message", NO_PLATE)
def test_it_takes_nothing_else_for_a_plate(message: str) -> None:
    assert _plate(message) is None


@pytest.mark.parametrize(("message", "typed"), ODD)
def test_it_tells_what_was_meant_as_a_plate(message: str, typed: str) -> None:
    assert odd_plate(message) == typed


@pytest.mark.parametrize("message", NOT_ODD)
def test_it_calls_nothing_else_an_odd_plate(message: str) -> None:
    assert odd_plate(message) is None


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_gives_an_odd_plate_of_its_own_words_or_none(message: str) -> None:
    odd = odd_plate(message)
    assert odd is None or (odd in message and any(sign.isdigit() for sign in odd))
