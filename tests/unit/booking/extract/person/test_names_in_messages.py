"""Names as customers type them, in Indonesian, Malay and English."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.booking.extract.person import find_name

# message, first name, last name, title
INTRODUCED = [
    ("nama saya Budi", "Budi", None, None),
    ("nama sy budi santoso", "Budi", "Santoso", None),
    ("Nama: Ahmad bin Ali", "Ahmad", "bin Ali", None),
    ("nama lengkap saya Dewi Lestari", "Dewi", "Lestari", None),
    ("namaku Dimas Prasetyo ya kak", "Dimas", "Prasetyo", None),
    ("aku Rina", "Rina", None, None),
    ("halo kak saya rina mau cuci mobil", "Rina", None, None),
    ("Perkenalkan saya Rudi dari Bekasi", "Rudi", None, None),
    ("atas nama Pak Joko", "Joko", None, "Pak"),
    ("booking a/n budi besok jam 3", "Budi", None, None),
    ("booking a.n. Sri Wahyuni", "Sri", "Wahyuni", None),
    ("Booking atas nama Ibu Dr. Ratna Sari Dewi, besok jam 3", "Ratna", "Sari Dewi", "Ibu Dr."),
    ("panggil aja Ucok", "Ucok", None, None),
    ("saya biasa dipanggil Tono", "Tono", None, None),
    ("dengan Budi", "Budi", None, None),
    ("ini Budi", "Budi", None, None),
    ("nama saya Budi, eh salah, nama saya Joko", "Joko", None, None),
    ("nama saya budi dan istri saya ani", "Budi", None, None),
    ("Nama saya Hari Santoso", "Hari", "Santoso", None),
    ("nama saya Selamat", "Selamat", None, None),
    ("nama saya M. Rizky Pratama", "M. Rizky", "Pratama", None),
    ("nama depan Budi, nama belakang Santoso", "Budi", "Santoso", None),
    ("nama depan saya Ayu", "Ayu", None, None),
    ("nama saya <b>Ani</b>", "Ani", None, None),
    ("nama saya Robert'); DROP TABLE students;--", "Robert", None, None),
    ("saya Siti Nurhaliza binti Ahmad", "Siti Nurhaliza", "binti Ahmad", None),
    ("nama saya Kumar a/l Raju", "Kumar", "a/l Raju", None),
    ("nama saya Priya a/p Suresh", "Priya", "a/p Suresh", None),
    ("nama saya Jagdeep anak lelaki Baljit", "Jagdeep", "anak lelaki Baljit", None),
    ("saya Tan Wei Ming nak booking", "Wei Ming", "Tan", None),
    ("nama saya Datuk Seri Anwar", "Anwar", None, "Datuk Seri"),
    ("nama penuh saya Nurul Izzah binti Anwar", "Nurul Izzah", "binti Anwar", None),
    ("nama saya Encik Azman", "Azman", None, "Encik"),
    ("saya Puan Salmah, nak tanya", "Salmah", None, "Puan"),
    ("my name is John McDonald", "John", "McDonald", None),
    ("My name's sarah connor", "Sarah", "Connor", None),
    ("I'm Dave", "Dave", None, None),
    ("im dave", "Dave", None, None),
    ("Hi, this is Michelle, I want a wash", "Michelle", None, None),
    ("call me Sarah please", "Sarah", None, None),
    ("Name: O'Brien", "O'Brien", None, None),
    ("first name Dave last name Smith", "Dave", "Smith", None),
    ("booking under the name Mrs Tan", "Tan", None, "Mrs"),
    ("nama saya محمد علي", "محمد", "علي", None),
    ("nama saya 陈伟明", "陈伟明", None, None),
    ("nama saya அருள்", "அருள்", None, None),
]

BARE = [
    ("budi", "Budi", None, None),
    ("Budi Santoso", "Budi", "Santoso", None),
    ("BUDI SANTOSO", "Budi", "Santoso", None),
    ("budi aja kak", "Budi", None, None),
    ("budi ya", "Budi", None, None),
    ("ya, Siti", "Siti", None, None),
    ("halo saya paijo", "Paijo", None, None),
    ("sutejo nama saya", "Sutejo", None, None),
    ("namanya Dewi", "Dewi", None, None),
    ("budi mau booking", "Budi", None, None),
    ("Budi Santoso 08123456789", "Budi", "Santoso", None),
    ("Budi, Jakarta Selatan", "Budi", None, None),
    ("budi santoso, hp 0812", "Budi", "Santoso", None),
    ("Pak Haji Ahmad Dahlan", "Ahmad", "Dahlan", "Pak Haji"),
    ("H. Ahmad Dahlan", "Ahmad", "Dahlan", "H."),
    ("Dr. Ani", "Ani", None, "Dr."),
    ("kak budi", "Budi", None, "Kak"),
    ("Mas Agus", "Agus", None, "Mas"),
    ("mbak sri", "Sri", None, "Mbak"),
    ("M. Rizky Pratama", "M. Rizky", "Pratama", None),
    ("moh. ali", "Moh.", "Ali", None),
    ("Ade Irawan", "Ade", "Irawan", None),
    ("Juli Astuti", "Juli", "Astuti", None),
    ("melati", "Melati", None, None),
    ("I Made Sukerta", "I Made", "Sukerta", None),
    ("bagus", "Bagus", None, None),
    ("Serena Wijaya", "Serena", "Wijaya", None),
    ("Wayan Sudirta dong", "Wayan", "Sudirta", None),
    ("budi 😊", "Budi", None, None),
    ("<b>Ani</b>", "Ani", None, None),
    ("Robert'); DROP TABLE students", "Robert", None, None),
    ("ahmad bin ali", "Ahmad", "bin Ali", None),
    ("ALI BIN ABU", "Ali", "bin Abu", None),
    ("nur aisyah binti abdul rahman", "Nur Aisyah", "binti Abdul Rahman", None),
    ("En. Azman", "Azman", None, "En."),
    ("Cik Siti Aminah", "Siti", "Aminah", "Cik"),
    ("Dato' Rashid", "Rashid", None, "Dato'"),
    ("Tan Sri Ahmad", "Ahmad", None, "Tan Sri"),
    ("Datin Paduka Seri Rosnah", "Rosnah", None, "Datin Paduka Seri"),
    ("Muhammad Hafiz lah", "Muhammad", "Hafiz", None),
    ("tan wei ming", "Wei Ming", "Tan", None),
    ("Mei Ling", "Mei", "Ling", None),
    ("Lee", "Lee", None, None),
    ("Ng", "Ng", None, None),
    ("mr tan", "Tan", None, "Mr"),
    ("it's Dave", "Dave", None, None),
    ("It's me, Dave", "Dave", None, None),
    ("o'brien", "O'Brien", None, None),
    ("anne-marie mcdonald", "Anne-Marie", "McDonald", None),
    ("Jean-Luc DeVille", "Jean-Luc", "DeVille", None),
    ("陈伟明", "陈伟明", None, None),
    ("أحمد", "أحمد", None, None),
]

LAST = [
    ("santoso", "Santoso"),
    ("Putra Wijaya", "Putra Wijaya"),
    ("nama belakang saya Santoso", "Santoso"),
    ("nama belakangnya Wijaya", "Wijaya"),
    ("bin Ali", "bin Ali"),
    ("binti hasan", "binti Hasan"),
    ("a/l Raju", "a/l Raju"),
    ("Santoso aja", "Santoso"),
    ("last name is Smith", "Smith"),
    ("van der Berg", "van der Berg"),
    ("McDonald", "McDonald"),
]

NO_INTRODUCTION = [
    "saya mau booking", "saya bingung", "saya dari Jakarta", "saya pakai avanza", "ini mobil saya", "siapa nama kamu?",
    "nama mobilnya Brio", "selamat pagi pak Budi", "halo kak Rina", "suami saya Joko", "tolong bilang Pak Budi",
    "budi", "Budi Santoso", "nama saya", "nama saya siapa?", "panggil taksi", "saya ade kereta myvi", "saya nak tanya",
    "saya setuju", "saya tak pasti", "nama anda siapa", "boleh tahu nama awak?", "I'm looking for a wash",
    "I am interested", "i'm not sure", "What's your name?", "my car is dirty", "this is great", "I'm Malaysian",
    "im waiting", "a/n", "nama saya 😊", "nama saya 12345",
]  # fmt: skip

NO_NAME = [
    "halo", "assalamualaikum", "selamat pagi", "iya", "ya", "tidak", "gak mau", "ok", "boleh", "terserah", "bukan",
    "berapa harganya?", "besok", "hari ini", "Jum'at", "jam 3", "cuci mobil", "ganti oli", "bagus banget", "mahal",
    "avanza", "Toyota Innova", "Jakarta", "Kuala Lumpur", "hahaha", "wkwkwk", "12345", "😊", "👍👍", "", " ", "-", "?",
    "<script>alert(1)</script>",
    "DROP TABLE users", "' OR 1=1 --", "tidak mau kasih nama", "skip", "anonymous",
    "esok petang", "tak nak", "boleh tolong?", "macam mana?", "hello there", "yes please", "no thanks", "Who are you?",
    "how much is it", "tomorrow morning", "i want to book a wash", "Pak", "x" * 80,
]  # fmt: skip

NO_LAST_NAME = [
    "gak ada",
    "tidak punya",
    "no last name",
    "cuma satu kata",
    "-",
    "tiada",
    "skip",
    "mahal",
    "besok",
    "takde",
    "none",
]


@pytest.mark.parametrize(("message", "first", "last", "title"), INTRODUCED)
def test_it_finds_an_introduced_name(message: str, first: str, last: str | None, title: str | None) -> None:
    found = find_name(message)
    assert found is not None
    assert (found.first, found.last, found.title, found.certain) == (first, last, title, True)


@pytest.mark.parametrize(("message", "first", "last", "title"), BARE)
def test_it_reads_a_bare_answer_where_a_name_was_asked_for(
    message: str, first: str, last: str | None, title: str | None
) -> None:
    found = find_name(message, expected="full")
    assert found is not None
    assert (found.first, found.last, found.title) == (first, last, title)


@pytest.mark.parametrize(("message", "last"), LAST)
def test_it_reads_a_bare_last_name(message: str, last: str) -> None:
    found = find_name(message, expected="last")
    assert found is not None
    assert (found.first, found.last, found.certain) == (last, None, False)


@pytest.mark.parametrize("message", NO_INTRODUCTION)
def test_it_takes_nothing_for_a_name_without_an_introduction(message: str) -> None:
    assert find_name(message) is None


@pytest.mark.parametrize("message", NO_NAME)
def test_it_takes_no_other_answer_for_a_name(message: str) -> None:
    assert find_name(message, expected="full") is None


@pytest.mark.parametrize("message", NO_LAST_NAME)
def test_it_takes_no_refusal_for_a_last_name(message: str) -> None:
    assert find_name(message, expected="last") is None


def test_a_whole_name_told_when_the_last_name_was_asked_is_certain() -> None:
    found = find_name("nama saya Budi Santoso", expected="last")
    assert found is not None
    assert (found.first, found.last, found.certain) == ("Budi", "Santoso", True)


def test_the_place_of_a_name_holds_its_title() -> None:
    message = "atas nama Pak Joko Widodo, besok"
    found = find_name(message)
    assert found is not None
    assert message[found.start : found.end] == "Pak Joko Widodo"


PIECES = st.sampled_from(
    [
        "nama saya ",
        "Budi",
        "bin",
        "a/l",
        "Pak ",
        "<b>",
        "'",
        "’",
        ".",
        "😊",
        "saya ",
        "I'm ",
        "\x00",
        "\u202e",
        "陈",
        "நா",
        "\n",
        ",",
    ]
)
MESSAGES = st.one_of(st.text(max_size=120), st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=12).map("".join))
EXPECTED: st.SearchStrategy[Literal["full", "last"] | None] = st.sampled_from([None, "full", "last"])


@settings(deadline=None)
@given(MESSAGES, EXPECTED)
def test_any_text_gives_a_harmless_name_or_none(message: str, expected: Literal["full", "last"] | None) -> None:
    found = find_name(message, expected=expected)
    if found is None:
        return
    assert 0 <= found.start < found.end <= len(message)
    assert 0 < len(found.first) <= 60
    assert found.last is None or 0 < len(found.last) <= 60
    shown = found.first + (found.last or "")
    assert not any(sign.isdigit() or sign in '<>();="\n\x00' for sign in shown)
