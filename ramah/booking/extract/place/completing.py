"""Puts the parts of an address together: the city by its district or postcode, or the candidates for it."""

from __future__ import annotations

from dataclasses import dataclass

from ramah.booking.extract.place.candidates import candidates_of
from ramah.booking.extract.place.cities import FoundCity
from ramah.booking.extract.place.found import Candidate, Country, FoundAddress
from ramah.booking.extract.place.gazetteer import Place, find_place
from ramah.booking.extract.place.homes import Home
from ramah.booking.extract.place.parts import Part, building_of, estate_of, number_of, quarter_between, unit_of
from ramah.booking.extract.place.postcodes import FoundPostcode, is_doubtful, postcode_cities
from ramah.booking.extract.place.provinces import province_of
from ramah.booking.extract.place.streets import FoundStreet
from ramah.booking.extract.words import tidy_spans


@dataclass(frozen=True)
class Pieces:
    """What each search found."""

    postcode: FoundPostcode | None
    city: FoundCity
    landmark: tuple[str, tuple[int, int]] | None
    street: FoundStreet | None
    quarter: Part | None
    district: Part | None

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where all of them stand."""
        parts = [(part.start, part.end) for part in (self.quarter, self.district) if part]
        parts += [self.postcode[1]] if self.postcode else []
        parts += [self.landmark[1]] if self.landmark else []
        return tidy_spans([*parts, *self.city.spans, *self.city.extra, *(self.street.spans if self.street else ())])


@dataclass(frozen=True)
class _Where:
    city: str | None
    candidates: tuple[Candidate, ...]


def put_together(pieces: Pieces, country: Country) -> FoundAddress | None:
    """The address of all pieces, or None where they say nothing."""
    street = pieces.street.street if pieces.street else None
    code = pieces.postcode[0] if pieces.postcode else None
    estate = estate_of(street, country) if street else None
    where = _where(pieces, code, estate, country)
    district, quarter = _district(pieces, where, country), _quarter(pieces, estate, street, country)
    if not (street or where.city or where.candidates or code or pieces.landmark or district or quarter):
        return None
    return FoundAddress(
        street,
        where.city,
        code,
        pieces.landmark[0] if pieces.landmark else None,
        pieces.spans,
        number=number_of(street, country) if street else None,
        unit=unit_of(street) if street else None,
        neighbourhood=quarter if quarter != district else None,
        district=district,
        province=province_of(where.city, country) or pieces.city.province,
        candidates=where.candidates,
        doubtful_postcode=bool(code and where.city and is_doubtful(code, where.city, country)),
    )


def _where(pieces: Pieces, code: str | None, estate: str | None, country: Country) -> _Where:
    """The city, or where the named place may lie."""
    if pieces.city.city:
        return _Where(pieces.city.city, ())
    listed = postcode_cities(country).get(code, ()) if code else ()
    if len(listed) == 1:
        return _Where(listed[0], ())
    name, homes = _shared(pieces, estate, country)
    if len(homes) == 1:
        return _Where(homes[0].city, ())
    candidates = candidates_of(name, homes, code, pieces.city.province, country)
    return _Where(candidates[0].city, ()) if len(candidates) == 1 else _Where(None, candidates)


def _shared(pieces: Pieces, estate: str | None, country: Country) -> tuple[str | None, tuple[Home, ...]]:
    """The shared name in the text: a district before a quarter before an estate. Homes of one if it is not shared."""
    if pieces.city.homes:
        return pieces.city.shared, pieces.city.homes
    names = [part.name for part in (pieces.district, pieces.quarter) if part] + ([estate] if estate else [])
    for name in names:
        place = find_place(name, country)
        if place and place.kind == "shared":
            return place.name, place.homes
        if place and place.city and pieces.district and name == pieces.district.name:
            return place.name, (_home(place, country),)
    return None, ()


def _home(place: Place, country: Country) -> Home:
    return Home(place.city or "", province_of(place.city, country), None, is_district=True)


def _district(pieces: Pieces, where: _Where, country: Country) -> str | None:
    if pieces.district:
        return pieces.district.name
    if pieces.city.district:
        return pieces.city.district
    homes = [home for home in pieces.city.homes if where.city in (None, home.city)]
    return pieces.city.shared if homes and all(home.is_district for home in homes) else None


def _quarter(pieces: Pieces, estate: str | None, street: str | None, country: Country) -> str | None:
    """Kelurahan or taman before a name between street and city, before the quarter that tells the city."""
    if pieces.quarter:
        return pieces.quarter.name
    between = quarter_between(street) if street else None
    taken = {pieces.city.district, pieces.district.name if pieces.district else None}
    building = building_of(street, country) if street else None
    between = between if between not in taken else None
    return estate or between or _shared_quarter(pieces.city) or pieces.city.area or building


def _shared_quarter(city: FoundCity) -> str | None:
    """A shared name that is no town by itself."""
    return city.shared if any(home.city != city.shared for home in city.homes) else None
