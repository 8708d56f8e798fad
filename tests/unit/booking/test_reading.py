"""What one message tells of a booking, in three languages, together and piece by piece."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ramah.booking.heard import Heard
from ramah.booking.reading import Reading, read
from ramah.integrations.erp.document import VehiclePart, VehicleSize
from tests.unit.booking.kilap import reading_context

STEPS = ("first_name", "last_name", "phone", "car_model", "car_year", "car_plate", "street", "city", "postcode")
MOMENTS = ("appointment_date", "appointment_time")


def reading(text: str, expected: str | None = None, country: Any = "ID", **entities: str) -> Reading:
    return read(Heard(text=text, entities=entities), expected, reading_context(country))


def facts(text: str, expected: str | None = None, country: Any = "ID", **entities: str) -> dict[str, str]:
    return reading(text, expected, country, **entities).facts


def test_one_indonesian_message_may_tell_everything() -> None:
    text = (
        "Halo kak, saya Budi Santoso 0812-3456-7890, mau cuci premium sekali aja buat Avanza 2019 B 1234 XYZ "
        "di rumah Jl. Melati No 5 Depok 16415 besok jam 10 pagi"
    )
    assert facts(text, place="home", kind="one_time") == {
        "service": "premium-wash",
        "booking_kind": "one_time",
        "first_name": "Budi",
        "last_name": "Santoso",
        "phone": "+6281234567890",
        "car_make": "Toyota",
        "car_model": "Avanza",
        "car_size": "medium",
        "car_year": "2019",
        "car_plate": "B 1234 XYZ",
        "place": "home",
        "street": "Jl. Melati No 5",
        "city": "Depok",
        "postcode": "16415",
        "appointment_date": "2026-11-24",
        "appointment_time": "10:00",
    }


def test_one_malay_message_may_tell_everything() -> None:
    text = (
        "Salam, nama saya Ahmad Faizal bin Osman, 012-345 6789, nak cuci premium setiap minggu di cawangan KL, "
        "kereta Myvi 2020 plat VBC 1234 esok pukul 3 petang"
    )
    assert facts(text, country="MY", plan="weekly", kind="subscription") == {
        "service": "premium-wash",
        "booking_kind": "subscription",
        "plan": "weekly",
        "first_name": "Ahmad Faizal",
        "last_name": "bin Osman",
        "phone": "+60123456789",
        "car_make": "Perodua",
        "car_model": "Myvi",
        "car_size": "small",
        "car_year": "2020",
        "car_plate": "VBC 1234",
        "place": "outlet",
        "outlet": "KUL",
        "appointment_date": "2026-11-24",
        "appointment_time": "15:00",
    }


def test_one_english_message_may_tell_everything() -> None:
    text = (
        "Hi, I'm John Tan, +60123456789. Weekly premium wash for my Honda City 2018 WXY 1234 at home, "
        "12 Jalan Ampang, Kuala Lumpur 50450, starting Friday at 2pm"
    )
    assert facts(text, plan="weekly", place="home") == {
        "service": "premium-wash",
        "booking_kind": "subscription",
        "plan": "weekly",
        "first_name": "John",
        "last_name": "Tan",
        "phone": "+60123456789",
        "car_make": "Honda",
        "car_model": "City",
        "car_size": "medium",
        "car_year": "2018",
        "car_plate": "WXY 1234",
        "place": "home",
        "street": "12 Jalan Ampang",
        "city": "Kuala Lumpur",
        "postcode": "50450",
        "appointment_date": "2026-11-27",
        "appointment_time": "14:00",
    }


@pytest.mark.parametrize(
    ("expected", "text", "fact"),
    [
        ("service", "cuci premium", {"service": "premium-wash"}),
        ("first_name", "budi", {"first_name": "Budi"}),
        ("first_name", "Siti Nurhaliza", {"first_name": "Siti", "last_name": "Nurhaliza"}),
        ("last_name", "Wijaya Kusuma", {"last_name": "Wijaya Kusuma"}),
        ("phone", "081234567890", {"phone": "+6281234567890"}),
        ("car_year", "2019", {"car_year": "2019"}),
        ("car_year", "thn 19", {"car_year": "2019"}),
        ("car_plate", "b1234xyz", {"car_plate": "B 1234 XYZ"}),
        ("street", "Jl. Melati No 5 RT 03/04", {"street": "Jl. Melati No 5 RT 03/04", "unit": "RT 03/04"}),
        ("city", "depok", {"city": "Depok"}),
        ("appointment_date", "lusa", {"appointment_date": "2026-11-25"}),
        ("appointment_date", "5 des", {"appointment_date": "2026-12-05"}),
        ("appointment_time", "10", {"appointment_time": "10:00"}),
        ("appointment_time", "setengah 3", {"appointment_time": "14:30"}),
        ("outlet", "Bandung", {"outlet": "BDG", "place": "outlet"}),
    ],
)
def test_each_piece_is_understood_alone_when_it_was_asked(expected: str, text: str, fact: dict[str, str]) -> None:
    assert facts(text, expected) == fact


@pytest.mark.parametrize("text", ["budi", "2019", "10", "Bandung", "depok", "Wijaya Kusuma"])
def test_a_bare_piece_means_nothing_when_nothing_was_asked(text: str) -> None:
    assert facts(text) == {}


@pytest.mark.parametrize("expected", [None, "service", *STEPS, *MOMENTS])
@pytest.mark.parametrize(
    "greeting",
    ["halo", "Halo kak", "Selamat pagi kak", "Assalamualaikum", "hi there", "good morning", "apa kabar"],
)
def test_a_greeting_tells_nothing(greeting: str, expected: str | None) -> None:
    assert facts(greeting, expected) == {}


@pytest.mark.parametrize("expected", [None, "first_name", "last_name"])
@pytest.mark.parametrize(
    "text",
    ["cuci premium", "full detailing", "nano coating dong", "servis berkala", "Basic Wash", "Cuci Enjin", "detailing"],
)
def test_a_service_is_never_a_name(text: str, expected: str | None) -> None:
    assert not {"first_name", "last_name"} & set(facts(text, expected))


def test_an_introduction_counts_beside_a_service() -> None:
    assert facts("nama saya Budi, mau cuci premium", "service") == {"service": "premium-wash", "first_name": "Budi"}


@pytest.mark.parametrize(
    ("text", "expected", "entities", "code"),
    [
        ("di outlet Bandung", None, {"place": "outlet"}, "BDG"),
        ("ke cabang Surabaya aja", None, {"place": "outlet"}, "SBY"),
        ("cawangan Johor Bahru", "place", {}, "JHB"),
        ("KL", "outlet", {}, "KUL"),
        ("jb je", "outlet", {}, "JHB"),
        ("sby", "outlet", {}, "SBY"),
        ("jaksel", "outlet", {}, "JKT"),
        ("the Jakarta branch please", None, {}, "JKT"),
        ("Kilap Auto Bandung", "outlet", {}, "BDG"),
    ],
)
@pytest.mark.parametrize("country", ["ID", "MY"])
def test_an_outlet_is_known_by_its_city_its_short_name_or_its_own(
    text: str, expected: str | None, entities: dict[str, str], code: str, country: str
) -> None:
    assert facts(text, expected, country, **entities) == {"outlet": code, "place": "outlet"}


def test_a_city_without_an_outlet_names_none() -> None:
    assert facts("Medan", "outlet") == {}


def test_two_outlets_in_one_message_choose_none() -> None:
    assert "outlet" not in facts("Jakarta atau Bandung ya", "outlet")


def test_at_home_in_a_city_with_an_outlet_stays_at_home() -> None:
    assert facts("di rumah saya di Bandung", "place", place="home") == {"place": "home", "city": "Bandung"}


@pytest.mark.parametrize(
    ("text", "country", "phone"),
    [
        ("nombor saya 012-345 6789", "ID", "+60123456789"),
        ("nomor saya 0812 3456 7890", "MY", "+6281234567890"),
        ("+60 12-345 6789", "ID", "+60123456789"),
        ("wa 62812 3456 7890", "MY", "+6281234567890"),
    ],
)
def test_a_phone_of_the_other_country_is_understood(text: str, country: str, phone: str) -> None:
    assert facts(text, country=country) == {"phone": phone}


@pytest.mark.parametrize("country", ["ID", "MY"])
def test_an_address_in_the_other_country_is_understood(country: str) -> None:
    there = facts("12 Jalan Ampang, Kuala Lumpur 50450", "street", country)
    here = facts("Jl. Melati No 5, Depok 16415", "street", country)
    assert there == {"street": "12 Jalan Ampang", "city": "Kuala Lumpur", "postcode": "50450"}
    assert here == {"street": "Jl. Melati No 5", "city": "Depok", "postcode": "16415"}


def test_a_postcode_of_the_other_country_does_not_move_the_customer() -> None:
    assert "city" not in facts("50450", "postcode", "ID")


def test_a_part_of_the_day_is_kept_where_no_time_is_named() -> None:
    heard = reading("besok sore", "appointment_date")
    assert heard.facts == {"appointment_date": "2026-11-24"}
    assert heard.part_of_day == "sore"


@pytest.mark.parametrize(
    "plate",
    ["B 1234 XYZ", "AB 1 C", "WWW 1", "W 1 N", "QAA 1234 Q", "1M4U 1234", "Putrajaya 1", "PATRIOT 2020", "BAMbee 22"],
)
def test_every_plate_that_is_read_fits_the_document(plate: str) -> None:
    found = facts(plate, "car_plate", "MY")["car_plate"]
    assert found == plate.upper()
    assert VehiclePart(make="Proton", model="X50", year=2022, plate=found, size=VehicleSize.MEDIUM).plate == found


def test_two_services_are_rivals_and_none_is_chosen() -> None:
    heard = reading("interior dan premium", "service")
    assert "service" not in heard.facts
    assert set(heard.rivals) == {"interior-detailing", "premium-wash"}


def test_a_rhythm_makes_it_a_subscription() -> None:
    assert facts("tiap bulan", plan="monthly") == {"plan": "monthly", "booking_kind": "subscription"}
    assert facts("langganan dong", kind="subscription") == {"booking_kind": "subscription"}
    asked = read(Heard(text="mau langganan", intent="subscribe_service"), None, reading_context())
    assert asked.facts == {"booking_kind": "subscription"}


def test_a_car_is_not_looked_for_where_none_is_asked() -> None:
    context = reading_context()
    no_cars = type(context)(context.catalogue, context.outlets, "MY", context.now, asks_vehicle=False)
    assert read(Heard(text="Avanza 2019 B 1234 XYZ"), None, no_cars).facts == {}


@pytest.mark.parametrize("expected", [None, "service", "first_name", "car_model", "street", "city", "appointment_time"])
@pytest.mark.parametrize("piece", ["x", "Budi ", "0812 ", "jam 10 besok ", "Jl. Melati ", "B 1 "])
def test_five_thousand_characters_are_read_in_no_time_and_fit_the_document(piece: str, expected: str | None) -> None:
    begun = time.process_time()
    found = facts((piece * 5000)[:5000], expected)
    assert time.process_time() - begun < 2.0
    assert all(len(value) <= 140 for value in found.values())


def test_what_stands_after_a_thousand_characters_is_not_searched() -> None:
    assert "phone" not in facts("." * 1000 + " 081234567890")
    assert facts("." * 900 + " 081234567890")["phone"] == "+6281234567890"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "' OR '1'='1",
        "%s%s%n",
        "{{7*7}}",
        "😀😀😀",
        "👍",
        "\x00",
        "   ",
        "\n\n",
        "",
        "null",
    ],
)
def test_code_and_signs_are_nobodys_name(text: str) -> None:
    assert not {"first_name", "last_name"} & set(facts(text, "first_name"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<b>Budi</b>", "Budi"),
        ("Robert'); DROP TABLE drafts;--", "Robert"),
        ("Budi 😀", "Budi"),
        ("\u202eBudi\u202c", "Budi"),
        ("Bu\x00di", "Budi"),
        ("李小龙", "李小龙"),
        ("محمد", "محمد"),
    ],
)
def test_a_name_is_found_beside_code_and_signs(text: str, name: str) -> None:
    assert facts(text, "first_name")["first_name"] == name


def test_signs_that_turn_the_writing_are_kept_out_of_every_fact() -> None:
    found = facts("Jl. \u202eMelati\u2066 No 5", "street")
    assert found["street"] == "Jl. Melati No 5"
