"""Services by what people call them, and what they cost."""

from __future__ import annotations

import pytest

from ramah.booking.catalogue import Catalogue, in_language, normal, price_text, with_discount
from ramah.integrations.erp.port import ServiceItem
from tests.unit.booking.kilap import catalogue


def codes(text: str, *, expected: bool = False) -> list[str]:
    return [item.code for item in catalogue().find_services(text, expected=expected)]


def service(code: str) -> ServiceItem:
    found = catalogue().service(code)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Cuci Basic", "basic-wash"),
        ("cuci asas", "basic-wash"),
        ("Basic wash please", "basic-wash"),
        ("mau cuci premium dong kak", "premium-wash"),
        ("nak cuci dalaman", "interior-detailing"),
        ("interior detailing", "interior-detailing"),
        ("salon mobil", "full-detailing"),
        ("detailing penuh", "full-detailing"),
        ("mau nano ceramic", "nano-coating"),
        ("cuci enjin", "engine-bay"),
        ("ganti oli", "periodic-service"),
        ("tukar minyak hitam boleh?", "periodic-service"),
        ("oil change", "periodic-service"),
        ("servis ac", "ac-cleaning"),
        ("aircond tak sejuk", "ac-cleaning"),
        ("AC cleaning!!", "ac-cleaning"),
    ],
)
def test_a_service_is_found_by_any_of_its_names_in_any_language(text: str, code: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cuci premum", "premium-wash"),
        ("cuci premim dong", "premium-wash"),
        ("nano coting", "nano-coating"),
        ("nanocoating", "nano-coating"),
        ("interior detaling", "interior-detailing"),
        ("gnti oli", "periodic-service"),
    ],
)
def test_a_misspelt_service_is_found(text: str, code: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize(("text", "code"), [("cuci basik", "basic-wash"), ("basic wsh", "basic-wash")])
def test_a_looser_likeness_counts_once_the_service_was_asked(text: str, code: str) -> None:
    assert codes(text, expected=True) == [code]


@pytest.mark.parametrize("expected", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        "mau cuci mobil dong",
        "nak cuci kereta saya",
        "mau detailing dong",
        "mesin cuci",
        "mobil saya kotor",
        "mobil saya avanza di outlet Jakarta",
        "exterior detailing",
        "yang paling murah",
        "wash my car",
        "halo kak",
        "Budi Santoso",
        "Jl. Melati No 5",
        "terima kasih",
        "😀",
        "",
    ],
)
def test_words_that_name_no_service_choose_none(text: str, expected: bool) -> None:
    assert codes(text, expected=expected) == []


def test_a_word_that_many_services_share_chooses_none_of_them() -> None:
    assert codes("cuci") == []
    assert set(codes("cuci", expected=True)) >= {"basic-wash", "premium-wash", "engine-bay"}
    assert set(codes("detailing", expected=True)) == {"interior-detailing", "full-detailing"}


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("interior dan premium", {"interior-detailing", "premium-wash"}),
        ("cuci premium dan nano coating", {"premium-wash", "nano-coating"}),
        ("cuci mobil biasa sama nano coating", {"basic-wash", "nano-coating"}),
        ("premium sama keramik", {"premium-wash", "nano-coating"}),
    ],
)
def test_two_services_in_one_message_are_both_found(text: str, both: set[str]) -> None:
    assert set(codes(text)) == both


def test_a_name_inside_a_longer_name_is_not_meant() -> None:
    assert codes("servis ac mobil") == ["ac-cleaning"]
    assert codes("full detailing service") == ["full-detailing"]
    assert codes("service aircon") == ["ac-cleaning"]


def test_a_plan_is_found_by_its_code_or_its_name() -> None:
    assert [plan.code for plan in catalogue().plans] == ["weekly", "fortnightly", "monthly"]
    for text, kind, code in (
        ("", "monthly", "monthly"),
        ("tiap 2 minggu aja", None, "fortnightly"),
        ("Setiap bulan", None, "monthly"),
        ("weekly please", None, "weekly"),
    ):
        plan = catalogue().find_plan(text, kind)
        assert plan is not None and plan.code == code
    assert catalogue().find_plan("tiap hari", None) is None


@pytest.mark.parametrize(
    ("country", "size", "amount", "text"),
    [
        ("ID", "small", 150_000, "Rp150.000"),
        ("ID", "medium", 180_000, "Rp180.000"),
        ("ID", "large", 220_000, "Rp220.000"),
        ("MY", "medium", 7_500, "RM75"),
        ("ID", None, 150_000, "Rp150.000"),
        ("MY", None, 6_000, "RM60"),
    ],
)
def test_the_price_follows_country_and_size_and_is_the_lowest_without_a_size(
    country: str, size: str | None, amount: int, text: str
) -> None:
    price = catalogue().price(service("premium-wash"), country, size)
    assert price is not None
    assert price.amount_minor == amount
    assert price_text(price, "id") == text


def test_a_price_without_sizes_fits_every_size() -> None:
    cleaning = catalogue("bersih_bonda")
    sofa = cleaning.service("sofa-cleaning")
    assert sofa is not None
    for size in (None, "small", "medium", "large"):
        price = cleaning.price(sofa, "MY", size)
        assert price is not None and price.amount_minor == 15_000


def test_a_country_without_prices_has_none() -> None:
    cleaning = catalogue("bersih_bonda")
    assert cleaning.price(cleaning.services[0], "ID", None) is None
    assert price_text(None, "id") == "-"


@pytest.mark.parametrize(
    ("amount", "percent", "left"),
    [(180_000, 15, 153_000), (7_500, 15, 6_375), (99, 5, 94), (1, 50, 0), (7_500, 0, 7_500)],
)
def test_a_discount_is_rounded_down_to_the_minor_unit(amount: int, percent: int, left: int) -> None:
    assert with_discount(amount, percent) == left


def test_a_text_is_shown_in_the_nearest_language_there_is() -> None:
    assert in_language({"id": "a", "ms": "b", "en": "c"}, "ms") == "b"
    assert in_language({"id": "a", "en": "c"}, "ms") == "a"
    assert in_language({"ms": "b", "en": "c"}, "id") == "b"
    assert in_language({"id": "a", "ms": ""}, "ms") == "a"
    assert in_language({"en": "c"}, "id") == "c"
    assert in_language({"zh": "d"}, "en") == "d"
    assert in_language({}, "en") == ""


def test_words_are_compared_without_case_and_signs() -> None:
    assert normal("  Cuci -- PREMIUM!! ") == "cuci premium"
    assert normal("🚗") == ""


def test_an_empty_catalogue_offers_nothing() -> None:
    empty = Catalogue((), ())
    assert empty.find_services("cuci premium", expected=True) == []
    assert empty.find_plan("weekly", "weekly") is None
    assert empty.service("basic-wash") is None and empty.plan(None) is None
