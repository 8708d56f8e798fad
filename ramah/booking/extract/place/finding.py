"""Finds what a message says about an address."""

from __future__ import annotations

import re
from typing import Literal

from ramah.booking.extract.place.cities import FoundCity, find_city
from ramah.booking.extract.place.found import Country, FoundAddress
from ramah.booking.extract.place.gazetteer import known_heads, postcodes
from ramah.booking.extract.place.landmarks import find_landmark
from ramah.booking.extract.place.streets import CUT, FoundStreet, find_street, free_street
from ramah.booking.extract.words import tidy_spans, without_markup

Expected = Literal["street", "city", "postcode"]

_LONGEST_TEXT = 1_000
_POSTCODE = re.compile(r"(?<![\w+/.,:#-])(\d{5})(?![\w/%]|[.,:]\d|-\d)")
_ANNOUNCED = re.compile(
    r"(?:kode\s*pos|kodepos|poskod|post\s*code|postal(?:\s*code)?|zip(?:\s*code)?)(?:nya)?\W{0,3}(?:is|nya|adalah|ialah|saya)?\W{0,3}$",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(r"(?:rp|rm|idr|myr|\$)\W{0,2}$", re.IGNORECASE)
_UNIT_AFTER = re.compile(r"\s*(?:ribu|rb|rupiah|ringgit|km|k\b|kilo|rm|rp|perak|sen\b)", re.IGNORECASE)


def find_address(text: str, country: Country, *, expected: Expected | None = None) -> FoundAddress | None:
    """The address in ``text``, or None. A city that is not named follows from the postcode or district.

    ``expected`` is what was asked: then a bare answer counts, a street as free text.
    """
    clean = without_markup(text[:_LONGEST_TEXT]).replace(CUT, " ")
    street_word = find_street(clean, evidence=False) is not None
    postcode = _find_postcode(clean, country, expected=expected, evidence=street_word)
    evidence = street_word or postcode is not None or expected == "street"
    city = find_city(_cut(clean, _spans(postcode)), country, evidence=evidence, asked=expected == "city")
    named = evidence or bool(city.spans)
    postcode = postcode or _find_postcode(clean, country, expected=expected, evidence=named)
    landmark = find_landmark(_cut(clean, [*_spans(postcode), *city.spans]), evidence=evidence)
    rest = _cut(clean, [*_spans(postcode), *city.spans, *([landmark[1]] if landmark else [])])
    street = _find_street(rest, expected, named)
    return _put_together(postcode, city, landmark, street, country)


def _find_street(rest: str, expected: Expected | None, named: bool) -> FoundStreet | None:
    street = find_street(rest, evidence=named, units=expected != "street")
    return free_street(rest) if street is None and expected == "street" else street


def _put_together(
    postcode: tuple[str, tuple[int, int]] | None,
    city: FoundCity,
    landmark: tuple[str, tuple[int, int]] | None,
    street: FoundStreet | None,
    country: Country,
) -> FoundAddress | None:
    code = postcode[0] if postcode else None
    town = city.city or (postcodes(country).get(code) if code else None)
    if not (street or town or code or landmark):
        return None
    parts = [*_spans(postcode), *city.spans, *(street.spans if street else ()), *([landmark[1]] if landmark else [])]
    return FoundAddress(
        street.street if street else None, town, code, landmark[0] if landmark else None, tidy_spans(parts)
    )


def _find_postcode(
    text: str, country: Country, *, expected: Expected | None, evidence: bool
) -> tuple[str, tuple[int, int]] | None:
    """The last number that is a postcode: a listed one beside an address, or one of the country that was announced."""
    for match in reversed(list(_POSTCODE.finditer(text))):
        before = text[: match.start()]
        if _MONEY_BEFORE.search(before) or _UNIT_AFTER.match(text, match.end()) or not match[1].isascii():
            continue
        announced = _ANNOUNCED.search(before)
        listed = match[1] in postcodes(country)
        asked = expected == "postcode" or announced is not None
        if (listed and (evidence or expected)) or (asked and match[1][:3] in known_heads(country)):
            return match[1], ((announced.start() if announced else match.start()), match.end())
    return None


def _spans(postcode: tuple[str, tuple[int, int]] | None) -> list[tuple[int, int]]:
    return [postcode[1]] if postcode else []


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + CUT * (end - start) + text[end:]
    return text
