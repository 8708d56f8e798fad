"""Finds the city, and the district and the state beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from ramah.booking.extract.data import name_kinds, ordinary_words, word_group, word_set
from ramah.booking.extract.place.found import Country
from ramah.booking.extract.place.gazetteer import Kind, place_key, places, shown_name
from ramah.booking.extract.place.homes import Home
from ramah.booking.extract.place.mentions import Mention, find_mentions, is_plain, is_quarter, stands_alone
from ramah.booking.extract.place.postcodes import is_same_city
from ramah.booking.extract.place.provinces import province_named

_LIKENESS = 86
"""Of 100; below it a misspelt city is not recognised."""

_LONGEST_INITIALS = 4
_KINDS: tuple[Kind, ...] = ("city", "area", "district", "shared", "province")
_WITHIN_CITIES = ("district", "shared")


@dataclass(frozen=True)
class FoundCity:
    """A city, where it is named, and the state beside it, which belongs to no other field.

    ``district`` is a kecamatan named beside it; ``shared`` a name that ``homes`` have in common.
    """

    city: str | None
    spans: tuple[tuple[int, int], ...]
    province: str | None = None
    district: str | None = None
    shared: str | None = None
    homes: tuple[Home, ...] = ()
    extra: tuple[tuple[int, int], ...] = ()
    """Where district or shared name stand; they stay part of the street."""
    area: str | None = None
    """A quarter by which the city is known: Bangsar, Kemang."""


def find_city(text: str, country: Country, *, evidence: bool, asked: bool) -> FoundCity:
    """The city that ``text`` names: the last one, since addresses end with it.

    ``evidence``: a street or postcode stands in the text too, so that names which are everyday words count.
    ``asked``: the city was asked for; then districts, words and slips of the pen count as well.
    """
    found = find_mentions(text, country)
    mentions = [mention for mention in found if asked or evidence or is_plain(text, mention)]
    states = [mention for mention in mentions if mention.place.kind in ("state", "province")]
    within = [
        m
        for m in mentions
        if m.place.kind in _WITHIN_CITIES
        and (evidence or asked or _is_told_apart(m, states, country))
        and stands_alone(text, m, mentions)
    ]
    chosen = _chosen([m for m in mentions if m.place.kind not in _WITHIN_CITIES] + within)
    if chosen is None:
        guessed = _misspelt(text, country) or _unlisted(text) if asked else None
        return guessed or FoundCity(None, _extents(states) if evidence else (), _province(states, country))
    return _with_parts(text, chosen, mentions, [*within, *states], country, asked=asked)


def _is_told_apart(mention: Mention, states: list[Mention], country: Country) -> bool:
    """A town of several states, or a shared name beside one of its provinces, needs no street to be a place."""
    homes = mention.place.homes
    province = _province(states, country)
    return bool(homes) and (
        any(home.province == province for home in homes) or all(home.city == mention.place.name for home in homes)
    )


def _chosen(mentions: list[Mention]) -> Mention | None:
    for kind in _KINDS:
        of_kind = [mention for mention in mentions if mention.place.kind == kind]
        if of_kind:
            return of_kind[-1]
    return None


def _with_parts(
    text: str, chosen: Mention, mentions: list[Mention], parts: list[Mention], country: Country, *, asked: bool
) -> FoundCity:
    """``parts``: districts, shared names and states that count."""
    city = chosen.place.city
    states = [m for m in parts if m.place.kind in ("state", "province")]
    district = next((m for m in parts if m.place.kind == "district" and is_same_city(m.place.city, city)), None)
    shared = next((m for m in parts if m.place.kind == "shared" and _lies_in(m, city)), None)
    area = next((m for m in mentions if m.place.kind == "area" and m.place.city == city), None)
    # Every mention of a city goes, or its second one would be left in the street.
    same = [m for m in mentions if city and m.place.city == city and m.place.kind != "district"]
    same += [chosen] if asked and chosen.place.kind in _WITHIN_CITIES else []
    taken = [m for m in same if asked or _is_no_street(text, m, mentions)]
    return FoundCity(
        city,
        (*((m.prefix, m.end) for m in taken), *_extents(states)),
        _province(states, country),
        district.place.name if district else None,
        shared.place.name if shared else None,
        shared.place.homes if shared else (),
        _extents([m for m in (district, shared, *same) if m]),
        _shown(text[area.start : area.end]) if area and not asked else None,
    )


def _shown(area: str) -> str:
    """Initials in capitals: BSD, TTDI, USJ."""
    vowels = sum(letter in "aeiou" for letter in area.lower())
    return area.upper() if len(area) <= _LONGEST_INITIALS and vowels < 2 else shown_name(area)


def _is_no_street(text: str, mention: Mention, mentions: list[Mention]) -> bool:
    """A quarter may be a word in the name of a street ("Jl. Danau Sunter Utara") or a kelurahan: it stays there."""
    if mention.place.kind != "area":
        return True
    return stands_alone(text, mention, mentions) and not is_quarter(text, mention)


def _lies_in(mention: Mention, city: str | None) -> bool:
    return city is None or any(is_same_city(home.city, city) for home in mention.place.homes)


def _extents(mentions: list[Mention]) -> tuple[tuple[int, int], ...]:
    return tuple((mention.start, mention.end) for mention in mentions)


def _province(states: list[Mention], country: Country) -> str | None:
    return province_named(states[-1].place.name, country) if states else None


@cache
def _guessed_names(country: Country) -> tuple[str, ...]:
    kinds = ("city", "area", "province")
    return tuple(name for name, place in places(country).items() if place.kind in kinds and len(name) > 3)


def _misspelt(text: str, country: Country) -> FoundCity | None:
    key = place_key(text)
    words = key.split()
    if not 4 <= len(key) <= 30 or all(word in ordinary_words() for word in words) or set(words) <= set(name_kinds()):
        return None
    best = process.extractOne(key, _guessed_names(country), scorer=fuzz.ratio, score_cutoff=_LIKENESS)
    return FoundCity(places(country)[best[0]].city, (_extent(text),)) if best else None


def _unlisted(text: str) -> FoundCity | None:
    """A bare answer of up to four words that are nothing else: a town which the lists lack."""
    words = re.findall(r"[^\W\d_]+", text)
    keys = [word.lower() for word in words]
    plain = re.fullmatch(r"[^\W\d_]+(?:[ .'\-]+[^\W\d_]+){0,3}", text.strip(" .,!\n"))
    other = all(key in ordinary_words() for key in keys) or any(
        key in word_set("stop_words.txt") | word_group("no_street") for key in keys
    )
    if not plain or other or all(len(key) < 3 for key in keys):
        return None
    start, end = _extent(text)
    shown = text[start:end]
    return FoundCity(shown.title() if shown.islower() else shown, ((start, end),))


def _extent(text: str) -> tuple[int, int]:
    inner = text.strip(" .,!\n")
    start = text.index(inner)
    return start, start + len(inner)
