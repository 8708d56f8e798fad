"""Names that several cities have: reported, decided by what else is said, resolved by the customer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.booking.extract.place import FoundAddress, find_address, resolve
from ramah.booking.extract.place.candidates import MOST_CANDIDATES
from ramah.booking.extract.place.found import Country
from ramah.booking.extract.place.gazetteer import places
from ramah.booking.extract.place.homes import shared_names


def found_in(message: str, country: Country = "ID") -> FoundAddress:
    found = find_address(message, country)
    assert found is not None
    return found


SUKAJADI = "jl kamboja 7, Sukajadi"


def test_a_candidate_has_a_label_a_city_and_the_beginning_of_its_postcodes() -> None:
    bandung = found_in(SUKAJADI).candidates[0]
    assert (bandung.label, bandung.city, bandung.postcode_prefix) == ("Sukajadi, Bandung", "Bandung", "4016")


def test_cities_come_before_regencies_and_java_before_other_islands() -> None:
    cities = [candidate.city for candidate in found_in("Jl. Raya 1, Wonosari").candidates]
    assert cities[-1] == "Boalemo"
    cities = [candidate.city for candidate in found_in("jl mawar 2, Banjarsari").candidates]
    assert cities[0] == "Surakarta"


@pytest.mark.parametrize("country", ["ID", "MY"])
def test_no_name_offers_more_cities_than_a_message_holds_buttons(country: Country) -> None:
    for name in shared_names(country):
        found = find_address(name, country, expected="city")
        assert found is None or len(found.candidates) <= MOST_CANDIDATES


@pytest.mark.parametrize("country", ["ID", "MY"])
def test_the_cities_of_shared_names_are_listed_cities(country: Country) -> None:
    cities = {place.city for place in places(country).values()} | set(shared_names(country))
    assert all(home.city in cities for homes in shared_names(country).values() for home in homes)


@pytest.mark.parametrize(
    ("addition", "city"),
    [
        (", Bandung", "Bandung"),
        (", Pekanbaru", "Pekanbaru"),
        (" 40162", "Bandung"),
        (" 28124", "Pekanbaru"),
        (", Riau", "Pekanbaru"),
        (", Jawa Barat", "Bandung"),
    ],
)
def test_a_city_a_postcode_or_a_province_decides(addition: str, city: str) -> None:
    found = found_in(SUKAJADI + addition)
    assert (found.city, found.candidates, found.doubtful_postcode) == (city, (), False)


@pytest.mark.parametrize("choice", ["Sukajadi, Pekanbaru", "pekanbaru", "PEKANBARU", "Sukajadi,  pekanbaru"])
def test_the_choice_of_a_candidate_completes_the_address(choice: str) -> None:
    resolved = resolve(choice, found_in(SUKAJADI))
    assert (resolved.city, resolved.province, resolved.candidates) == ("Pekanbaru", "Riau", ())
    assert resolved.street == "jl kamboja 7, Sukajadi"


def test_another_city_than_the_offered_ones_may_be_chosen() -> None:
    assert resolve("sby", found_in(SUKAJADI)).city == "Surabaya"


def test_a_choice_that_names_no_place_changes_nothing() -> None:
    found = found_in(SUKAJADI)
    assert resolve("yang pertama", found) == found


def test_a_choice_is_checked_against_the_postcode() -> None:
    found = replace(found_in(SUKAJADI), postcode="40162")
    assert not resolve("Bandung", found).doubtful_postcode
    assert resolve("Pekanbaru", found).doubtful_postcode


def test_towns_of_one_name_are_told_apart_by_their_state() -> None:
    found = find_address("kepala batas", "MY", expected="city")
    assert found is not None
    resolved = resolve("Kepala Batas, Kedah", found)
    assert (resolved.city, resolved.province) == ("Kepala Batas", "Kedah")


@pytest.mark.parametrize(
    ("message", "country", "province"),
    [
        ("saya di Bandung", "ID", "Jawa Barat"),
        ("jl mawar 5 jaksel", "ID", "DKI Jakarta"),
        ("jl mawar 5, Jatim", "ID", "Jawa Timur"),
        ("kat shah alam", "MY", "Selangor"),
        ("penang", "MY", "Pulau Pinang"),
        ("12 Jalan Ampang, KL", "MY", "Kuala Lumpur"),
    ],
)
def test_the_province_follows_from_the_city_or_is_named(message: str, country: Country, province: str) -> None:
    assert found_in(message, country).province == province


@pytest.mark.parametrize(
    ("message", "country", "doubtful"),
    [
        ("Jl Melati 5 Bandung 40132", "ID", False),
        ("Jl Melati 5 Kab. Bandung 40132", "ID", False),
        ("Jl Melati 5 Jakarta 12870", "ID", False),
        ("Jl Melati 5 Jakarta 40132", "ID", True),
        ("Jl Melati 5 Surabaya, kode pos 40199", "ID", True),
        ("Jl Melati 5 Bandung, kode pos 40199", "ID", False),
        ("5 Jalan Mawar, 47400 Kuala Lumpur", "MY", False),
        ("5 Jalan Mawar, 11900 Penang", "MY", False),
        ("5 Jalan Mawar, 11900 Johor Bahru", "MY", True),
    ],
)
def test_a_postcode_of_another_city_is_doubtful(message: str, country: Country, doubtful: bool) -> None:
    assert found_in(message, country).doubtful_postcode is doubtful


@settings(deadline=None)
@given(choice=st.text(max_size=40))
def test_any_answer_leaves_a_sound_address(choice: str) -> None:
    found = found_in(SUKAJADI)
    resolved = resolve(choice, found)
    assert resolved == found or (resolved.city and not resolved.candidates)
