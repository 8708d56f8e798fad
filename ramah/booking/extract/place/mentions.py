"""Places named in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ramah.booking.extract.data import word_group
from ramah.booking.extract.place.found import Country
from ramah.booking.extract.place.gazetteer import Place, find_place, place_key, places
from ramah.booking.extract.place.street_words import AFTER_NAME, BEFORE_NAME, STREET_ENDS, SURE_STREET, UNSURE_STREET

_LONGEST_NAME = 5
_LONGEST_PREFIX = 40
"""Characters before a name that are looked at for a street word or a "kec."."""

_PREFIX = re.compile(
    r"(?<!\w)(?:kota(?:madya)?|kab(?:upaten)?|kec(?:amatan)?|kel(?:urahan)?|bandaraya|daerah|mukim|city of)\.?\s*$",
    re.IGNORECASE,
)
_REGENCY = re.compile(r"(?<!\w)kab(?:upaten)?\.?\s*$", re.IGNORECASE)
_QUARTER = re.compile(r"(?<!\w)kel(?:urahan)?\.?\s*$", re.IGNORECASE)
_TOWARDS = re.compile(r"(?<!\w)(?:di|ke|kat|dekat|in|to|at|from|dari|area)\s+$", re.IGNORECASE)
_LEADS_TO_DISTRICT = re.compile(
    r"(?<!\w)(?:kec(?:amatan)?|kel(?:urahan)?|di|ke|kat|dari|in|at|from|daerah|area|wilayah)\.?\s*$", re.IGNORECASE
)
_OWN_CUE = re.compile(r"(?:taman|tmn|kampung|kampong|kg|bandar)\.?[ ]+\w", re.IGNORECASE)
_NEXT_PARTS = {"kec", "kecamatan", "kab", "kabupaten", "kota", "sektor", "rt", "no"}
_EVERYDAY = word_group("everyday_districts")
_ENDING_WORDS = STREET_ENDS | _NEXT_PARTS
_ENDS = ",;\n.()!?\x1f"


@dataclass(frozen=True)
class Mention:
    """A place named in the text. ``prefix`` is where a "kota" or "kec." before it begins."""

    place: Place
    prefix: int
    start: int
    end: int


def find_mentions(text: str, country: Country) -> list[Mention]:
    """The places named, from left to right; the longest name at each word counts."""
    tokens = list(re.finditer(r"[^\W_]+", text))
    found: list[Mention] = []
    first = 0
    while first < len(tokens):
        # Right behind a place no street word counts: in "taman desa rawang" desa belongs to the taman.
        adjoins = bool(found) and not text[found[-1].end : tokens[first].start()].strip()
        mention, size = _mention_at(text, tokens, first, country, adjoins=adjoins)
        if mention:
            found.append(mention)
        first += size
    return found


def is_plain(text: str, mention: Mention) -> bool:
    """A name that is nothing else: no everyday word, or after "kota", or a short form in capitals or after "di"."""
    if not mention.place.is_word or mention.prefix < mention.start:
        return True
    before = text[: mention.start]
    short = mention.end - mention.start <= 3
    return short and (
        text[mention.start : mention.end].isupper()
        or _TOWARDS.search(before) is not None
        or _ends_address(before, text[mention.end :])
    )


def _ends_address(before: str, after: str) -> bool:
    """The last word behind a street: "kampung sungai penchala kl"."""
    return not after.strip(" .!") and (SURE_STREET.search(before) or UNSURE_STREET.search(before)) is not None


def stands_alone(text: str, mention: Mention, others: list[Mention]) -> bool:
    """A district counts as a part of its own: between commas, behind a number, or with "kec." before it.

    One of the ``others`` may follow it directly: "tebet jakarta selatan".
    """
    if _OWN_CUE.match(text, mention.start, mention.end):
        return True
    name = text[mention.start : mention.end]
    if mention.prefix == mention.start and name in _EVERYDAY:
        return False  # "pukul 5 petang" names no district of Bali
    before = text[: mention.prefix].rstrip(" \t")
    begins = not before or before[-1] in ",;\n.\x1f" or before[-1].isdigit()
    followed = any(mention.end <= m.prefix and not text[mention.end : m.prefix].strip() for m in others)
    return (followed or _is_end(text[mention.end :])) and (
        begins or _LEADS_TO_DISTRICT.search(text[: mention.start]) is not None
    )


def is_quarter(text: str, mention: Mention) -> bool:
    """Whether "kel." announces the name."""
    return _QUARTER.search(text[: mention.start]) is not None


def _is_end(after: str) -> bool:
    rest = after.lstrip(" \t")
    following = re.match(r"[^\W\d_]+", rest)
    return not rest or rest[0] in _ENDS or (following is not None and following[0].lower() in _ENDING_WORDS)


def _mention_at(
    text: str, tokens: list[re.Match[str]], first: int, country: Country, *, adjoins: bool
) -> tuple[Mention | None, int]:
    start = tokens[first].start()
    before = text[max(0, start - _LONGEST_PREFIX) : start]
    if not adjoins and BEFORE_NAME.search(before):
        return None, 1
    for size in range(min(_LONGEST_NAME, len(tokens) - first), 0, -1):
        end = tokens[first + size - 1].end()
        place = _place(before, text[start:end], country)
        if place and not AFTER_NAME.match(text, end):
            prefix = _PREFIX.search(before)
            return Mention(place, start - len(before) + prefix.start() if prefix else start, start, end), size
    return None, 1


def _place(before: str, name: str, country: Country) -> Place | None:
    if re.search(r"[^\w .\-'’]", name):
        return None
    if _REGENCY.search(before):
        regency = places(country).get(f"kabupaten {place_key(name)}")
        if regency:
            return regency
    found = find_place(name, country)
    return None if found and found.kind == "district" and _QUARTER.search(before) else found
