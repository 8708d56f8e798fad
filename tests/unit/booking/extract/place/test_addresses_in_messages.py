"""Addresses as customers type them, in Indonesian, Malay and English."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.booking.extract.place import find_address
from ramah.booking.extract.place.found import Country

Expected = Literal["street", "city", "postcode"] | None
Fields = tuple[str | None, str | None, str | None, str | None]

# message, (street, city, postcode, landmark)
INDONESIAN: list[tuple[str, Fields]] = [
    ("Jl. Sudirman No. 5, Jakarta Selatan 12870", ("Jl. Sudirman No. 5", "Jakarta Selatan", "12870", None)),
    ("jl mawar no 5 rt 3 rw 4 tebet jakarta selatan", ("jl mawar no 5 rt 3 rw 4 tebet", "Jakarta Selatan", None, None)),
    ("Jln Anggrek 7 RT 03/RW 05, Bekasi", ("Jln Anggrek 7 RT 03/RW 05", "Bekasi", None, None)),
    ("alamat saya jl melati 12 bandung, besok jam 3 ya", ("jl melati 12", "Bandung", None, None)),
    ("Komplek Permata Hijau Blok C2/15, Jaksel", ("Komplek Permata Hijau Blok C2/15", "Jakarta Selatan", None, None)),
    ("Perumahan Griya Asri Blok B No 12, Bekasi", ("Perumahan Griya Asri Blok B No 12", "Bekasi", None, None)),
    ("Gang Kelinci 3 Kelurahan Pasar Baru", ("Gang Kelinci 3 Kelurahan Pasar Baru", None, None, None)),
    ("gg. mangga 2 no 8 depok", ("gg. mangga 2 no 8", "Depok", None, None)),
    ("jalan merdeka 5", ("jalan merdeka 5", None, None, None)),
    ("Jalan Diponegoro", ("Jalan Diponegoro", None, None, None)),
    ("Jl. Surabaya 5", ("Jl. Surabaya 5", None, None, None)),
    ("Jl. Raya Bogor km 20, Jakarta Timur", ("Jl. Raya Bogor km 20", "Jakarta Timur", None, None)),
    ("Jl DI Panjaitan kav 5", ("Jl DI Panjaitan kav 5", None, None, None)),
    ("Jl Gatot Subroto 12 Bdg", ("Jl Gatot Subroto 12", "Bandung", None, None)),
    ("Jl. Pemuda 3 sby", ("Jl. Pemuda 3", "Surabaya", None, None)),
    ("jl kaliurang km 5 jogja", ("jl kaliurang km 5", "Yogyakarta", None, None)),
    ("budi, jl mawar 5 bandung 40132, no hp 0812", ("jl mawar 5", "Bandung", "40132", None)),
    ("Jl Tebet Raya 12, Tebet", ("Jl Tebet Raya 12, Tebet", "Jakarta Selatan", None, None)),
    ("Jl. Melati 5 12870", ("Jl. Melati 5", "Jakarta Selatan", "12870", None)),
    ("Jl Kenanga 8, kode pos 12870", ("Jl Kenanga 8", "Jakarta Selatan", "12870", None)),
    ("kode pos 12870", (None, "Jakarta Selatan", "12870", None)),
    ("Bandung 40132", (None, "Bandung", "40132", None)),
    ("saya di Bandung", (None, "Bandung", None, None)),
    ("Jkt", (None, "Jakarta", None, None)),
    ("Kab. Bandung", (None, "Kabupaten Bandung", None, None)),
    ("kota batu", (None, "Batu", None, None)),
    ("dekat Indomaret", (None, None, None, "dekat Indomaret")),
    ("depan SD 3", (None, None, None, "depan SD 3")),
    ("di sebelah masjid", (None, None, None, "sebelah masjid")),
    ("seberang pom bensin ya", (None, None, None, "seberang pom bensin")),
    ("patokannya warung bu tini", (None, None, None, "warung")),
    ("Jl. Mawar 5 dekat Alfamart, Bogor", ("Jl. Mawar 5", "Bogor", None, "dekat Alfamart")),
    (
        "Jl Kenanga no 8, Menteng Dalam, Tebet, Jakarta Selatan 12870, dekat Indomaret",
        ("Jl Kenanga no 8, Menteng Dalam, Tebet", "Jakarta Selatan", "12870", "dekat Indomaret"),
    ),
    (
        "Jl. Cempaka Putih Tengah 5, Jakarta Pusat, DKI Jakarta 10510 patokan seberang Alfamart",
        ("Jl. Cempaka Putih Tengah 5", "Jakarta Pusat", "10510", "seberang Alfamart"),
    ),
    ("Jl. Mawar 5\nRT 3/4\nJakarta Barat", ("Jl. Mawar 5, RT 3/4", "Jakarta Barat", None, None)),
    ("<b>Jl Mawar 5</b> Malang", ("Jl Mawar 5", "Malang", None, None)),
    ("my address is Jl. Kemang Raya 10, South Jakarta", ("Jl. Kemang Raya 10", "Jakarta Selatan", None, None)),
    ("Jl. Asia Afrika 8, Bandung, Jawa Barat", ("Jl. Asia Afrika 8", "Bandung", None, None)),
]

MALAYSIAN: list[tuple[str, Fields]] = [
    (
        "No 12, Jalan SS2/3, Taman Sea, 47300 Petaling Jaya, Selangor",
        ("No 12, Jalan SS2/3, Taman Sea", "Petaling Jaya", "47300", None),
    ),
    ("23 Jalan Ampang, KL", ("23 Jalan Ampang", "Kuala Lumpur", None, None)),
    (
        "Unit 3-2, Blok B, Pangsapuri Seri Mutiara, Shah Alam",
        ("Unit 3-2, Blok B, Pangsapuri Seri Mutiara", "Shah Alam", None, None),
    ),
    (
        "A-12-3, Menara Mutiara, Jalan Tun Razak, 50400 Kuala Lumpur",
        ("A-12-3, Menara Mutiara, Jalan Tun Razak", "Kuala Lumpur", "50400", None),
    ),
    ("Taman Melawati", ("Taman Melawati", None, None, None)),
    ("Lot 5 Jalan Ipoh", ("Lot 5 Jalan Ipoh", None, None, None)),
    ("No. 7, Lorong Damai 3, 11900 Bayan Lepas, Penang", ("No. 7, Lorong Damai 3", "Bayan Lepas", "11900", None)),
    ("12 Baker Street, George Town", ("12 Baker Street", "George Town", None, None)),
    ("5 Jalan Wangsa 2, Wangsa Maju 53300", ("5 Jalan Wangsa 2", "Kuala Lumpur", "53300", None)),
    ("Persiaran KLCC, Kuala Lumpur", ("Persiaran KLCC", "Kuala Lumpur", None, None)),
    ("kampung baru KL", ("kampung baru", "Kuala Lumpur", None, None)),
    ("Jalan Kuching dekat Petronas", ("Jalan Kuching", None, None, "dekat Petronas")),
    ("rumah saya kat Jalan Meru 3, Klang", ("Jalan Meru 3", "Klang", None, None)),
    ("Jalan Harmoni 5 Johor Bahru", ("Jalan Harmoni 5", "Johor Bahru", None, None)),
    ("81100 Johor Bahru", (None, "Johor Bahru", "81100", None)),
    ("poskod 47300", (None, "Petaling Jaya", "47300", None)),
    ("KL", (None, "Kuala Lumpur", None, None)),
    ("JB", (None, "Johor Bahru", None, None)),
    ("PJ", (None, "Petaling Jaya", None, None)),
    ("saya nak datang ke KL esok", (None, "Kuala Lumpur", None, None)),
    ("kat Shah Alam", (None, "Shah Alam", None, None)),
    ("Penang", (None, "Pulau Pinang", None, None)),
    ("I live in Ipoh", (None, "Ipoh", None, None)),
    ("opposite the mosque", (None, None, None, "opposite the mosque")),
    ("near the mosque", (None, None, None, "near the mosque")),
    ("berdekatan Masjid Negara", (None, None, None, "berdekatan Masjid Negara")),
    ("next to Petronas station", (None, None, None, "next to Petronas station")),
    ("behind the school", (None, None, None, "behind the school")),
]

# message, country, what was asked, fields
ASKED: list[tuple[str, Country, Expected, Fields]] = [
    ("Menteng Dalam 5, Jakarta Selatan 12870", "ID", "street", ("Menteng Dalam 5", "Jakarta Selatan", "12870", None)),
    ("Menteng Dalam", "ID", "street", ("Menteng Dalam", None, None, None)),
    ("mawar 12 rt 4", "ID", "street", ("mawar 12 rt 4", None, None, None)),
    ("rumah saya di cendana 5", "ID", "street", ("cendana 5", None, None, None)),
    ("No 5 RT 3/4", "ID", "street", ("No 5 RT 3/4", None, None, None)),
    ("B-3-5 Vista Komanwel, Bukit Jalil", "MY", "street", ("B-3-5 Vista Komanwel", "Kuala Lumpur", None, None)),
    ("12870", "ID", "street", (None, "Jakarta Selatan", "12870", None)),
    ("kuala lumpur", "MY", "street", (None, "Kuala Lumpur", None, None)),
    ("bandung", "ID", "city", (None, "Bandung", None, None)),
    ("surabya", "ID", "city", (None, "Surabaya", None, None)),
    ("jakrta selatan", "ID", "city", (None, "Jakarta Selatan", None, None)),
    ("tebet", "ID", "city", (None, "Jakarta Selatan", None, None)),
    ("Cibubur", "ID", "city", (None, "Jakarta Timur", None, None)),
    ("Tembalang", "ID", "city", (None, "Semarang", None, None)),
    ("batu", "ID", "city", (None, "Batu", None, None)),
    ("di depok", "ID", "city", (None, "Depok", None, None)),
    ("malang ya kak", "ID", "city", (None, "Malang", None, None)),
    ("solo", "ID", "city", (None, "Surakarta", None, None)),
    ("tangsel", "ID", "city", (None, "Tangerang Selatan", None, None)),
    ("jakarta", "ID", "city", (None, "Jakarta", None, None)),
    ("sidikalang", "ID", "city", (None, "Dairi", None, None)),
    ("kl", "MY", "city", (None, "Kuala Lumpur", None, None)),
    ("pj", "MY", "city", (None, "Petaling Jaya", None, None)),
    ("penang", "MY", "city", (None, "Pulau Pinang", None, None)),
    ("shah alm", "MY", "city", (None, "Shah Alam", None, None)),
    ("47300", "MY", "city", (None, "Petaling Jaya", "47300", None)),
    ("bandar tun hussein onn", "MY", "city", (None, "Bandar Tun Hussein Onn", None, None)),
    ("12870", "ID", "postcode", (None, "Jakarta Selatan", "12870", None)),
    ("kode posnya 40132 ya", "ID", "postcode", (None, "Bandung", "40132", None)),
    ("47300", "MY", "postcode", (None, "Petaling Jaya", "47300", None)),
    ("it's 50450", "MY", "postcode", (None, "Kuala Lumpur", "50450", None)),
]

NOTHING: list[tuple[str, Country, Expected]] = [
    ("halo", "ID", None), ("", "ID", None), ("jalan-jalan dulu", "ID", None), ("masih di jalan", "ID", None),
    ("jalan dulu ya", "ID", None), ("hari ini jalan kaki", "ID", None), ("minggu depan", "ID", None),
    ("bulan depan bisa?", "ID", None), ("nama depan Budi", "ID", None), ("nama belakang saya Santoso", "ID", None),
    ("bumper depan penyok", "ID", None), ("kaca belakang pecah", "ID", None), ("outlet depan mana", "ID", None),
    ("dekat mana ya", "ID", None), ("sebelah mana", "ID", None), ("50000", "ID", None), ("harga 50000", "ID", None),
    ("Rp 12870", "ID", None), ("avanza 12870 km", "ID", None), ("12870", "ID", None), ("Lembang", "ID", None),
    ("mobil saya avanza", "ID", None), ("besok jam 3 sore", "ID", None), ("nama saya Budi Santoso", "ID", None),
    ("081234567890", "ID", None), ("no 2 aja", "ID", None), ("yang paling dekat", "ID", None),
    ("mesin mobil saya mati", "ID", None), ("wash and polish", "ID", None), ("is it near", "ID", None),
    ("😊", "ID", None), ("taman dekat mana", "MY", None), ("5 kg", "MY", None), ("rm 50000", "MY", None),
    ("esok pukul 2", "MY", None), ("kl saya sibuk macam mana", "MY", None), ("next to me", "MY", None),
    ("depan rumah saya", "MY", None), ("behind you", "MY", None), ("ya", "ID", "street"), ("gak", "ID", "street"),
    ("dimana?", "ID", "street"), ("belum tahu", "ID", "street"), ("nanti saya kirim", "ID", "street"),
    ("besok jam 3", "ID", "street"), ("saya tidak mau kasih alamat", "ID", "street"), ("nanti", "ID", "street"),
    ("123", "ID", "street"), ("tak tahu", "MY", "street"), ("why do you need it?", "MY", "street"),
    ("not yet", "MY", "street"), ("😊", "MY", "street"), ("ya", "ID", "city"), ("gak tau", "ID", "city"),
    ("yang mana?", "ID", "city"), ("besok", "ID", "city"), ("no idea", "MY", "city"), ("gak tau", "ID", "postcode"),
    ("1234", "ID", "postcode"), ("123456", "ID", "postcode"), ("00000", "ID", "postcode"), ("lupa", "ID", "postcode"),
]  # fmt: skip


def _fields(message: str, country: Country, expected: Expected = None) -> Fields | None:
    found = find_address(message, country, expected=expected)
    return (found.street, found.city, found.postcode, found.landmark) if found else None


@pytest.mark.parametrize(("message", "fields"), INDONESIAN)
def test_it_finds_an_address_in_indonesia(message: str, fields: Fields) -> None:
    assert _fields(message, "ID") == fields


@pytest.mark.parametrize(("message", "fields"), MALAYSIAN)
def test_it_finds_an_address_in_malaysia(message: str, fields: Fields) -> None:
    assert _fields(message, "MY") == fields


@pytest.mark.parametrize(("message", "country", "expected", "fields"), ASKED)
def test_it_reads_a_bare_answer(message: str, country: Country, expected: Expected, fields: Fields) -> None:
    assert _fields(message, country, expected) == fields


@pytest.mark.parametrize(("message", "country", "expected"), NOTHING)
def test_it_takes_nothing_else_for_an_address(message: str, country: Country, expected: Expected) -> None:
    assert _fields(message, country, expected) is None


def test_the_places_of_an_address_leave_the_rest_of_the_message() -> None:
    message = "budi, jl mawar 5 bandung 40132, besok jam 3"
    found = find_address(message, "ID")
    assert found is not None
    assert [message[start:end] for start, end in found.spans] == ["jl mawar 5", "bandung", "40132"]


PIECES = st.sampled_from(
    [
        "Jl. ",
        "Mawar ",
        "no 5",
        ", ",
        "\n",
        "Jakarta Selatan",
        "KL",
        "12870",
        "dekat ",
        "Indomaret",
        "RT 3/4 ",
        "Taman ",
        "kab. ",
        "<b>",
        "\x1f",
        ". ",
    ]
)
MESSAGES = st.one_of(st.text(max_size=100), st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=14).map("".join))
EXPECTED: st.SearchStrategy[Expected] = st.sampled_from([None, "street", "city", "postcode"])


@settings(deadline=None)
@given(MESSAGES, st.sampled_from(["ID", "MY"]), EXPECTED)
def test_any_text_gives_a_sound_address_or_none(message: str, country: Country, expected: Expected) -> None:
    found = find_address(message, country, expected=expected)
    if found is None:
        return
    assert found.spans
    assert all(0 <= start < end <= len(message) for start, end in found.spans)
    assert all(one[1] <= other[0] for one, other in zip(found.spans, found.spans[1:], strict=False))
    assert found.street is None or (0 < len(found.street) <= 200 and "\x1f" not in found.street)
    assert found.postcode is None or (len(found.postcode) == 5 and found.postcode.isdigit())
