"""Finds what a message says about an address."""

from __future__ import annotations

from ramah.booking.extract.place.cities import FoundCity, find_city
from ramah.booking.extract.place.completing import Pieces, put_together
from ramah.booking.extract.place.found import Country, FoundAddress
from ramah.booking.extract.place.gazetteer import find_place
from ramah.booking.extract.place.landmarks import find_landmark
from ramah.booking.extract.place.parts import find_district, find_quarter
from ramah.booking.extract.place.postcodes import Expected, FoundPostcode, find_postcode
from ramah.booking.extract.place.street_words import HOME
from ramah.booking.extract.place.streets import CUT, FoundStreet, find_street, free_street
from ramah.booking.extract.words import without_markup

_LONGEST_TEXT = 1_000


def find_address(text: str, country: Country, *, expected: Expected | None = None) -> FoundAddress | None:
    """The address in ``text``, or None. A city that is not named follows from the postcode or district.

    ``expected`` is what was asked: then a bare answer counts, a street as free text.
    """
    clean = without_markup(text[:_LONGEST_TEXT]).replace(CUT, " ")
    street_word = find_street(clean, evidence=False) is not None
    postcode = find_postcode(clean, country, expected=expected, evidence=street_word)
    postcode = postcode or _beside_city(clean, country)
    evidence = street_word or postcode is not None or expected == "street"
    city = _find_city(clean, postcode, country, evidence=evidence, expected=expected)
    named = evidence or bool(city.spans)
    postcode = postcode or find_postcode(clean, country, expected=expected, evidence=named)
    landmark = find_landmark(_cut(clean, [*_spans(postcode), *city.spans]), evidence=evidence)
    rest = _cut(clean, [*_spans(postcode), *city.spans, *([landmark[1]] if landmark else [])])
    street = _find_street(rest, expected, named)
    announced = named or bool(city.extra)
    quarter = find_quarter(rest, country, evidence=announced)
    district = find_district(clean, country, listed=True) or find_district(rest, country, evidence=announced)
    return put_together(Pieces(postcode, city, landmark, street, quarter, district), country)


def _find_city(
    clean: str, postcode: FoundPostcode | None, country: Country, *, evidence: bool, expected: Expected | None
) -> FoundCity:
    """``evidence`` also in "rumah saya di Tebet", which says nothing about a street or a landmark."""
    home = HOME.search(clean) is not None
    return find_city(_cut(clean, _spans(postcode)), country, evidence=evidence or home, asked=expected == "city")


def _beside_city(clean: str, country: Country) -> FoundPostcode | None:
    """A postcode in a message that holds nothing else but a city: "47300 pj"."""
    code = find_postcode(clean, country, expected="postcode", evidence=True)
    if code is None:
        return None
    start, end = code[1]
    return code if find_place(clean[:start] + clean[end:], country) else None


def _find_street(rest: str, expected: Expected | None, named: bool) -> FoundStreet | None:
    street = find_street(rest, evidence=named, units=expected != "street")
    free = free_street(rest) if expected == "street" else None
    # The customer was asked: what stands before the street word belongs to it ("cendana 5 taman orkid").
    return free if free and (street is None or free.street.endswith(street.street)) else street


def _spans(postcode: FoundPostcode | None) -> list[tuple[int, int]]:
    return [postcode[1]] if postcode else []


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + CUT * (end - start) + text[end:]
    return text
