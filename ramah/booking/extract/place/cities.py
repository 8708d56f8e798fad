"""Finds the city, and the state beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from ramah.booking.extract.data import name_kinds, ordinary_words, word_set
from ramah.booking.extract.place.found import Country
from ramah.booking.extract.place.gazetteer import Place, place_key, places
from ramah.booking.extract.place.street_words import BEFORE_NAME

_LONGEST_NAME = 5
_LONGEST_PREFIX = 40
"""Characters before a name that are looked at for a street word or a "kec."."""
_LIKENESS = 86
"""Of 100; below it a misspelt city is not recognised."""

_PREFIX = re.compile(
    r"(?<!\w)(?:kota(?:madya)?|kab(?:upaten)?|kec(?:amatan)?|bandaraya|daerah|city of)\.?\s*$", re.IGNORECASE
)
_REGENCY = re.compile(r"(?<!\w)kab(?:upaten)?\.?\s*$", re.IGNORECASE)
_TOWARDS = re.compile(r"(?<!\w)(?:di|ke|kat|dekat|in|to|at|from|dari|area)\s+$", re.IGNORECASE)
_DISTRICT = re.compile(r"(?<!\w)(?:kec(?:amatan)?|di|daerah)\.?\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Mention:
    """A place named in the text. ``prefix`` is where a "kota" or "kec." before it begins."""

    place: Place
    prefix: int
    start: int
    end: int


@dataclass(frozen=True)
class FoundCity:
    """A city, where it is named, and the state beside it, which belongs to no other field."""

    city: str | None
    spans: tuple[tuple[int, int], ...]


def find_city(text: str, country: Country, *, evidence: bool, asked: bool) -> FoundCity:
    """The city that ``text`` names: the last one, since addresses end with it.

    ``evidence``: a street or postcode stands in the text too, so that names which are everyday words count.
    ``asked``: the city was asked for; then districts, words and slips of the pen count as well.
    """
    found = _mentions(text, country)
    mentions = [mention for mention in found if asked or evidence or _is_plain(text, mention)]
    states = tuple((m.start, m.end) for m in mentions if m.place.kind in ("state", "province"))
    chosen = _chosen(text, mentions, evidence or asked)
    if chosen and chosen.place.kind == "district" and not asked:
        return FoundCity(chosen.place.city, states)
    if chosen:
        # Every mention of a city goes, or its second one would be left in the street.
        same = [m for m in mentions if m.place.city == chosen.place.city and m.place.kind != "district"] or [chosen]
        return FoundCity(chosen.place.city, (*((m.prefix, m.end) for m in same), *states))
    guessed = _misspelt(text, country) or _unlisted(text) if asked else None
    return guessed or FoundCity(None, states if evidence else ())


def _is_plain(text: str, mention: Mention) -> bool:
    """A name that is nothing else: no everyday word, or after "kota", or a short form in capitals or after "di"."""
    if not mention.place.is_word or mention.prefix < mention.start:
        return True
    short = mention.end - mention.start <= 3
    return short and (text[mention.start : mention.end].isupper() or _TOWARDS.search(text[: mention.start]) is not None)


def _chosen(text: str, mentions: list[Mention], with_districts: bool) -> Mention | None:
    for kind in ("city", "area", "district", "province"):
        of_kind = [mention for mention in mentions if mention.place.kind == kind]
        if kind == "district":
            of_kind = [mention for mention in of_kind if with_districts and _stands_alone(text, mention)]
        if of_kind:
            return of_kind[-1]
    return None


def _stands_alone(text: str, mention: Mention) -> bool:
    """A district counts as a part of its own: between commas, behind a number, or with "kec." before it."""
    before, after = text[: mention.prefix].rstrip(" \t"), text[mention.end :].lstrip(" \t")
    ends = not after or after[0] in ",;\n.()!\x1f"
    begins = not before or before[-1] in ",;\n.\x1f" or before[-1].isdigit()
    return ends and (begins or _DISTRICT.search(text[: mention.start]) is not None)


def _mentions(text: str, country: Country) -> list[Mention]:
    tokens = list(re.finditer(r"[^\W_]+", text))
    found: list[Mention] = []
    first = 0
    while first < len(tokens):
        mention, size = _mention_at(text, tokens, first, country)
        if mention:
            found.append(mention)
        first += size
    return found


def _mention_at(text: str, tokens: list[re.Match[str]], first: int, country: Country) -> tuple[Mention | None, int]:
    start = tokens[first].start()
    before = text[max(0, start - _LONGEST_PREFIX) : start]
    if BEFORE_NAME.search(before):
        return None, 1
    for size in range(min(_LONGEST_NAME, len(tokens) - first), 0, -1):
        end = tokens[first + size - 1].end()
        place = _place(before, text[start:end], country)
        if place:
            prefix = _PREFIX.search(before)
            return Mention(place, start - len(before) + prefix.start() if prefix else start, start, end), size
    return None, 1


def _place(before: str, name: str, country: Country) -> Place | None:
    if re.search(r"[^\w .\-'’]", name):
        return None
    key = place_key(name)
    if _REGENCY.search(before):
        regency = places(country).get(f"kabupaten {key}")
        if regency:
            return regency
    return places(country).get(key)


def _misspelt(text: str, country: Country) -> FoundCity | None:
    key = place_key(text)
    words = key.split()
    if not 4 <= len(key) <= 30 or all(word in ordinary_words() for word in words) or set(words) <= set(name_kinds()):
        return None
    choices = [
        name for name, place in places(country).items() if place.kind in ("city", "area", "province") and len(name) > 3
    ]
    best = process.extractOne(key, choices, scorer=fuzz.ratio, score_cutoff=_LIKENESS)
    return FoundCity(places(country)[best[0]].city, (_extent(text),)) if best else None


def _unlisted(text: str) -> FoundCity | None:
    """A bare answer of up to four words that are nothing else: a town which the lists lack."""
    words = re.findall(r"[^\W\d_]+", text)
    keys = [word.lower() for word in words]
    plain = re.fullmatch(r"[^\W\d_]+(?:[ .'\-]+[^\W\d_]+){0,3}", text.strip(" .,!\n"))
    other = all(key in ordinary_words() for key in keys) or any(key in word_set("stop_words.txt") for key in keys)
    if not plain or other or all(len(key) < 3 for key in keys):
        return None
    start, end = _extent(text)
    shown = text[start:end]
    return FoundCity(shown.title() if shown.islower() else shown, ((start, end),))


def _extent(text: str) -> tuple[int, int]:
    inner = text.strip(" .,!\n")
    start = text.index(inner)
    return start, start + len(inner)
