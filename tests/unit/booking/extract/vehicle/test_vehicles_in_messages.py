"""Cars as customers type them, in Indonesian, Malay and English."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.booking.extract.data import name_kinds
from ramah.booking.extract.vehicle import FoundVehicle, find_vehicle

THIS_YEAR = 2025
Expected = Literal["car", "year", "plate"] | None

# message, make, model, size
CARS = [
    ("avanza", "Toyota", "Avanza", "medium"),
    ("avansa", "Toyota", "Avanza", "medium"),
    ("avanja", "Toyota", "Avanza", "medium"),
    ("mobil saya Avanza Veloz", "Toyota", "Avanza Veloz", "medium"),
    ("inova rebon", "Toyota", "Innova Reborn", "large"),
    ("Kijang Innova Zenix", "Toyota", "Innova Zenix", "large"),
    ("inova", "Toyota", "Innova", "large"),
    ("fortunr", "Toyota", "Fortuner", "large"),
    ("portuner vrz", "Toyota", "Fortuner", "large"),
    ("alpart putih", "Toyota", "Alphard", "large"),
    ("agya", "Toyota", "Agya", "small"),
    ("yaris cross", "Toyota", "Yaris Cross", "medium"),
    ("toyota rush", "Toyota", "Rush", "medium"),
    ("mobil rush", "Toyota", "Rush", "medium"),
    ("xpandr", "Mitsubishi", "Xpander", "medium"),
    ("expander cross", "Mitsubishi", "Xpander Cross", "medium"),
    ("pajero sport", "Mitsubishi", "Pajero Sport", "large"),
    ("pajeroo", "Mitsubishi", "Pajero", "large"),
    ("civic turbo", "Honda", "Civic Turbo", "medium"),
    ("jaz", "Honda", "Jazz", "small"),
    ("cuci jazz besok", "Honda", "Jazz", "small"),
    ("brv", "Honda", "BR-V", "medium"),
    ("hr-v", "Honda", "HR-V", "medium"),
    ("hr v", "Honda", "HR-V", "medium"),
    ("CRV", "Honda", "CR-V", "large"),
    ("brio satya", "Honda", "Brio", "small"),
    ("honda city", "Honda", "City", "medium"),
    ("city honda", "Honda", "City", "medium"),
    ("city 2020", "Honda", "City", "medium"),
    ("kereta saya city", "Honda", "City", "medium"),
    ("ertigaa", "Suzuki", "Ertiga", "medium"),
    ("suzuki swift", "Suzuki", "Swift", "small"),
    ("my car is a swift", "Suzuki", "Swift", "small"),
    ("xenia", "Daihatsu", "Xenia", "medium"),
    ("grand max", "Daihatsu", "Gran Max", "medium"),
    ("sigra", "Daihatsu", "Sigra", "small"),
    ("terios", "Daihatsu", "Terios", "medium"),
    ("grand livina", "Nissan", "Grand Livina", "medium"),
    ("x-trail", "Nissan", "X-Trail", "large"),
    ("nissan march", "Nissan", "March", "small"),
    ("stargazer", "Hyundai", "Stargazer", "medium"),
    ("ioniq 5", "Hyundai", "Ioniq 5", "medium"),
    ("kia rio", "Kia", "Rio", "small"),
    ("air ev wuling", "Wuling", "Air ev", "small"),
    ("mivi", "Perodua", "Myvi", "small"),
    ("kereta myvi merah", "Perodua", "Myvi", "small"),
    ("perodua viva", "Perodua", "Viva", "small"),
    ("alza", "Perodua", "Alza", "medium"),
    ("proton saga", "Proton", "Saga", "medium"),
    ("saga lama", "Proton", "Saga", "medium"),
    ("wira proton", "Proton", "Wira", "medium"),
    ("proton x70", "Proton", "X70", "medium"),
    ("vios", "Toyota", "Vios", "medium"),
    ("hilux 4x4", "Toyota", "Hilux", "large"),
    ("mazda 3", "Mazda", "3", "medium"),
    ("cx-5", "Mazda", "CX-5", "medium"),
    ("peugeot 2008", "Peugeot", "2008", "medium"),
    ("vw kodok", "Volkswagen", "Beetle", "small"),
    ("mini cooper", "Mini", "Cooper", "small"),
    ("BMW X5", "BMW", "X5", "large"),
    ("BMW 320i", "BMW", "320i", None),
    ("mercy c200", "Mercedes-Benz", "C200", None),
    ("Mercedes-Benz C-Class", "Mercedes-Benz", "C-Class", "medium"),
    ("toyota", "Toyota", None, None),
    ("mobil saya toyoda", "Toyota", None, None),
    ("a Honda, please", "Honda", None, None),
    ("range rover", "Land Rover", None, None),
]

ASKED = [
    ("city", "Honda", "City", "medium"),
    ("wish", "Toyota", "Wish", "medium"),
    ("saya punya swift", "Suzuki", "Swift", "small"),
    ("rio", "Kia", "Rio", "small"),
    ("BMW 320", "BMW", "320", None),
    ("honda beat", "Honda", "Beat", None),
    ("Audi Quattro", "Audi", "Quattro", None),
    ("esemka garuda", None, "Esemka Garuda", None),
]

# message, expected, year
YEARS: list[tuple[str, Expected, int | None]] = [
    ("avanza 2019", None, 2019),
    ("2019 avanza", None, 2019),
    ("avanza tahun 2019", None, 2019),
    ("mobil tahun 2019", None, 2019),
    ("keluaran 2015", None, 2015),
    ("kereta tahun 2017", None, 2017),
    ("built in 2012", None, 2012),
    ("peugeot 2008 2015", None, 2015),
    ("mazda 2 2019", None, 2019),
    ("B 1234 XYZ 2018", None, 2018),
    ("2019", "year", 2019),
    ("'19", "year", 2019),
    ("19", "year", 2019),
    ("98", "year", 1998),
    ("26", "year", 2026),
    ("27", "year", None),
    ("tahun 2015 kayaknya", "year", 2015),
    ("2019an", "year", 2019),
    ("thn 2k19", "year", 2019),
    ("about 2016", "year", 2016),
    ("1949", "year", None),
    ("2026", "year", 2026),
    ("2030", "year", None),
    ("jam 19", "year", None),
    ("gak tahu", "year", None),
    ("2018", "car", 2018),
    ("2019", None, None),
    ("12 Maret 2025", None, None),
    ("avanza 12 Maret 2025", None, None),
    ("booking 12/03/2025", None, None),
    ("sejak 2019 saya langganan", None, None),
]

COLOURS = [
    ("avanza hitam", "black"),
    ("xpander warna abu-abu", "grey"),
    ("myvi merah 2019", "red"),
    ("white civic", "white"),
    ("kereta warna biru", "blue"),
    ("brio kuning", "yellow"),
    ("my car colour is silver, a vios", "silver"),
    ("avanza, alamat Cempaka Putih", None),
    ("vios di Tanah Merah", None),
]

NO_CAR = [
    "city", "kl city", "wish you well", "march 2025", "i wish", "let's go check", "mau carry on", "every day",
    "saya mau cuci mobil", "mobil saya kotor", "kereta saya rosak", "i want to book a wash", "wira", "satria", "rio",
    "Serena", "Perdana", "persona", "Jl. Kijang 5", "Taman Kenari", "dekat dealer honda", "depan showroom Toyota",
    "play jazz music", "dengar lagu jazz", "fortune", "camera", "cooler", "sigma", "kelima", "civil", "berapa harga",
    "besok jam 3", "esok pukul 2 petang", "tomorrow at 10", "nama saya Budi", "Jakarta Selatan", "ya", "", "😊",
    "in a rush", "focus on it", "a class", "the crown", "spark joy", "go", "warung kopi",
    "dekat kuda lumping", "juara satu", "ceria sekali", "panggil saya Satria",
]  # fmt: skip

NO_CAR_ASKED = [
    "gak tau",
    "nanti dulu",
    "let me go and check",
    "hitam",
    "budi",
    "Jakarta",
    "mobil biasa",
    "tak pasti",
    "not sure",
    "?",
    "😊",
]


def _found(message: str, expected: Expected = None) -> FoundVehicle | None:
    return find_vehicle(message, expected=expected, this_year=THIS_YEAR)


@pytest.mark.parametrize(("message", "make", "model", "size"), CARS)
def test_it_finds_a_car(message: str, make: str | None, model: str | None, size: str | None) -> None:
    found = _found(message)
    assert found is not None
    assert (found.make, found.model, found.size) == (make, model, size)


@pytest.mark.parametrize(("message", "make", "model", "size"), ASKED)
def test_it_reads_a_bare_answer_where_the_car_was_asked_for(
    message: str, make: str | None, model: str | None, size: str | None
) -> None:
    found = _found(message, "car")
    assert found is not None
    assert (found.make, found.model, found.size) == (make, model, size)


@pytest.mark.parametrize(("message", "expected", "year"), YEARS)
def test_it_finds_the_year_of_the_car(message: str, expected: Expected, year: int | None) -> None:
    found = _found(message, expected)
    assert (found.year if found else None) == year


@pytest.mark.parametrize(("message", "colour"), COLOURS)
def test_it_finds_the_colour_beside_the_car(message: str, colour: str | None) -> None:
    found = _found(message)
    assert found is not None
    assert found.colour == colour


@pytest.mark.parametrize("message", NO_CAR)
def test_it_takes_no_other_word_for_a_car(message: str) -> None:
    assert _found(message) is None


@pytest.mark.parametrize("message", NO_CAR_ASKED)
def test_it_takes_no_other_answer_for_a_car(message: str) -> None:
    assert _found(message, "car") is None


def test_it_takes_no_personal_name_for_a_car() -> None:
    assert [name for name in name_kinds() if _found(name) is not None] == []


def test_it_finds_everything_in_one_sentence() -> None:
    message = "mobil saya avansa hitam thn 2019 plat b1234xyz ya"
    found = _found(message)
    assert found is not None
    assert (found.make, found.model, found.year) == ("Toyota", "Avanza", 2019)
    assert (found.plate, found.colour, found.size) == ("B 1234 XYZ", "black", "medium")
    assert [message[start:end] for start, end in found.spans] == ["avansa", "hitam", "thn 2019", "b1234xyz"]


PIECES = st.sampled_from(
    [
        "avanza ",
        "Honda ",
        "BMW",
        "2019",
        "B 1234 XYZ",
        "WXY",
        "-",
        "1234",
        "merah ",
        "warna ",
        "plat ",
        "'",
        "<b>",
        "\n",
        "mazda 3",
    ]
)
MESSAGES = st.one_of(st.text(max_size=100), st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=12).map("".join))
EXPECTED: st.SearchStrategy[Expected] = st.sampled_from([None, "car", "year", "plate"])


@settings(deadline=None)
@given(MESSAGES, EXPECTED)
def test_any_text_gives_a_sound_car_or_none(message: str, expected: Expected) -> None:
    found = _found(message, expected)
    if found is None:
        return
    assert found.spans
    assert all(0 <= start < end <= len(message) for start, end in found.spans)
    assert all(one[1] <= other[0] for one, other in zip(found.spans, found.spans[1:], strict=False))
    assert found.year is None or 1950 <= found.year <= THIS_YEAR + 1
    assert found.plate is None or re.fullmatch(r"[A-Z0-9]{1,10}( [A-Z0-9]{1,5}){0,2}", found.plate)
