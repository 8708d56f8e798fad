"""The parts of a street as typed: house number, unit or RT/RW, neighbourhood; and a district that is announced."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ramah.booking.extract.data import any_of, word_group, word_set
from ramah.booking.extract.place.found import Country
from ramah.booking.extract.place.gazetteer import find_place, malaysian_districts, one_spelling, place_key, shown_name
from ramah.booking.extract.place.street_words import STREET_ENDS

_MOST_WORDS = 4
_FIGURE = r"[A-Za-z]{0,2}[-/ ]?\d[\w/.-]*"

_UNITS = re.compile(
    r"(?<!\w)(?:"
    r"rt\.?[ ]*\d{1,3}(?:[ ]*[/,.-]?[ ]*(?:rw\.?[ ]*)?\d{1,3})?"
    r"|rw\.?[ ]*\d{1,3}"
    rf"|(?:blok|blk|block)\.?[ ]*(?:{_FIGURE}|[A-Za-z]{{1,2}}\d*(?:[-/]\w+)?(?!\w))"
    rf"|(?:lot|unit|suite|kav|kavling|kapling|pintu|batu|tower|menara(?=[ ][A-Z\d]\b))\.?[ ]*(?:{_FIGURE}|[A-Z](?!\w))"
    r"|(?:lantai|lt|level|lvl|tingkat|tkt|aras|floor)\.?[ ]*\d{1,3}[A-Za-z]?(?!\w)"
    r"|(?:\d{1,3}(?:st|nd|rd|th)|ground)[ ]floor"
    r"|[A-Za-z]{1,2}\d?-\d{1,3}[A-Za-z]?(?:-\w{1,4})*(?![\w-])"
    r"|\d{1,3}-\d{1,3}-\w{1,4}(?![\w-])"
    r")",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<!\w)(?:no|nomor|nomer|nombor|num|rumah)\.?[ ]*(\d[\w/-]*|[A-Za-z]{1,2}-?\d[\w/-]*)", re.IGNORECASE
)
_NUMBER_BEFORE = re.compile(
    r"(?:#|\b)(\d{1,4}[A-Za-z]?(?:-(?:\d{1,3}[A-Za-z]?|[A-Za-z]))?)(?:[ ]*,)?[ ]+(?=[^\W\d_])", re.IGNORECASE
)
_STREET_NUMBER = re.compile(
    r"(?<!\w)(?:jl|jln|jalan|gg|gang|lrg|lorong|dusun|dsn)\.?[ ]+"
    r"(?:[^\W\d_][\w'’.-]*[ ]+){1,6}?(\d{1,4}[A-Za-z]?)(?![\w/-])",
    re.IGNORECASE,
)
_KILOMETRE = re.compile(r"(?:km|kav|kavling|blok|gang|gg)\.?[ ]*$", re.IGNORECASE)

_QUARTER = re.compile(r"(?<!\w)(?P<cue>kelurahan|kel\.?|desa|ds\.?)[ ]*[:=]?[ ]+", re.IGNORECASE)
_ESTATE = re.compile(rf"(?<![\w/])(?P<cue>{any_of('estates')})\.?[ ]+(?=\w)", re.IGNORECASE)
_BUILDING = re.compile(rf"(?<![\w/])(?P<cue>{any_of('buildings')})\.?[ ]+(?=\w)", re.IGNORECASE)
_NUMBERED_QUARTER = re.compile(rf"(?<![\w/])(?:{any_of('numbered_quarters')})\.?[ ]*\d{{1,2}}(?![\w/-])", re.IGNORECASE)
_BEFORE_BLOCK = re.compile(r"((?:[^\W\d_]+[ ]+){1,4})(?=(?:blok|blk|block)\b)", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"(?:[^\W\d_][\w'’.-]*[ ]+){1,4}(\d{1,4}[A-Za-z]?)(?=$|,)")
_DISTRICT = re.compile(r"(?<!\w)(?P<cue>kecamatan|kec\.?|mukim|daerah)[ ]*[:=]?[ ]+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_ENDS = STREET_ENDS | word_group("part_ends") | (word_set("stop_words.txt") - word_group("street_names_though_stop"))

_NO_QUARTER = _ENDS | word_group("buildings")


@dataclass(frozen=True)
class Part:
    """A part of an address by its name and where it stands, cue included."""

    name: str
    start: int
    end: int


def unit_of(street: str) -> str | None:
    """Block, lot, floor, flat and RT/RW: "Blok C2/15", "A-12-3", "RT 03/RW 05"; several with commas between."""
    found = [" ".join(match[0].split()).strip(" .,/-") for match in _UNITS.finditer(street)]
    return ", ".join(found) or None


def number_of(street: str, country: Country) -> str | None:
    """The house number. In Malaysia a number behind the name belongs to the name: "Jalan Meru 3"."""
    street = _UNITS.sub(lambda unit: "," * len(unit[0]), street)
    announced = _NUMBER.search(street)
    if announced:
        return announced[1].rstrip("-/")
    first = _NUMBER_BEFORE.match(street.lstrip(" ,"))
    if first:
        return first[1]
    behind = _STREET_NUMBER.search(street) or _BARE_NUMBER.match(street) if country == "ID" else None
    return behind[1] if behind and not _KILOMETRE.search(street[: behind.start(1)]) else None


def find_quarter(text: str, country: Country, *, evidence: bool) -> Part | None:
    """A kelurahan or desa that is announced. "kel" and "desa" alone also say other things and need ``evidence``."""
    for match in _QUARTER.finditer(text) if country == "ID" else ():
        name_end = _end_of_name(text, match.end())
        sure = evidence or match["cue"].lower() == "kelurahan"
        if name_end and sure and not _is_street_before(text[: match.start()]):
            return Part(shown_name(text[match.end() : name_end]), match.start(), name_end)
    return None


def find_district(text: str, country: Country, *, evidence: bool = False, listed: bool = False) -> Part | None:
    """A kecamatan, mukim or daerah that is announced; ``listed``: only those that the lists know."""
    for match in _DISTRICT.finditer(text):
        name_end = _end_of_name(text, match.end())
        known = _listed(text, match.end(), name_end, country) if name_end else None
        if known:
            return Part(known[0], match.start(), known[1])
        if name_end and not listed and _announces_district(match["cue"].lower(), evidence):
            return Part(shown_name(text[match.end() : name_end]), match.start(), name_end)
    return None


def _announces_district(cue: str, evidence: bool) -> bool:
    """The whole word is sure; "kec" needs an address beside it, and "daerah" is any area."""
    return cue in ("kecamatan", "mukim") or (evidence and cue != "daerah")


def estate_of(street: str, country: Country) -> str | None:
    """A taman, kampung, seksyen or housing estate by its name: "Taman Sea", "Komplek Permata Hijau", "Seksyen 7"."""
    numbered = _NUMBERED_QUARTER.search(street)
    before_block = _BEFORE_BLOCK.match(street)
    if before_block and not _begins_street(street):
        return _announced(_ESTATE, street, country) or shown_name(before_block[1])
    return _announced(_ESTATE, street, country) or (shown_name(numbered[0]) if numbered else None)


def building_of(street: str, country: Country) -> str | None:
    """A house with many homes, which stands for the neighbourhood where none is named: "Apartemen Green Bay"."""
    return _announced(_BUILDING, street, country)


def _announced(cue: re.Pattern[str], street: str, country: Country) -> str | None:
    for match in cue.finditer(street):
        end = None if _is_street_before(street[: match.start()]) else _end_of_name(street, match.end())
        if end:
            word = one_spelling(match["cue"].lower(), country)
            return shown_name(f"{word} {street[match.end() : end]}")
    return None


def quarter_between(street: str) -> str | None:
    """A part of the street behind its first that is nothing but a name: "Jl Kenanga 8, Menteng Dalam"."""
    pieces = [piece.strip() for piece in street.split(",")]
    for piece in pieces[1:]:
        words = piece.split()
        named = not any(word.lower() in _NO_QUARTER or not word.isalpha() for word in words)
        if words and named and len(words) <= _MOST_WORDS and not _ESTATE.match(piece) and not _begins_street(piece):
            return shown_name(piece)
    return None


def _begins_street(piece: str) -> bool:
    return (
        re.match(
            rf"(?:{any_of('street_sure')}|{any_of('street_unsure')}|{any_of('address_parts')})\b", piece, re.IGNORECASE
        )
        is not None
    )


def _is_street_before(before: str) -> bool:
    """ "Jalan Taman Sea" is a street, no estate."""
    return (
        re.search(r"(?<!\w)(?:jalan|jln|jl|lorong|lrg|persiaran|lebuh|gang|gg)\.?[ ]*$", before, re.IGNORECASE)
        is not None
    )


def _end_of_name(text: str, start: int) -> int | None:
    """Where a name of up to four words ends that begins at ``start``."""
    end: int | None = None
    for count, word in enumerate(_WORD.finditer(text, start)):
        between = text[end if end is not None else start : word.start()]
        if count == _MOST_WORDS or between.strip(" .") or word[0].lower().strip(".") in _ENDS:
            break
        if end is None and between.strip():
            break
        end = word.end()
    return end


def _listed(text: str, start: int, end: int, country: Country) -> tuple[str, int] | None:
    """The longest beginning of a name that is a listed district, and where it ends."""
    words = list(_WORD.finditer(text, start, end))
    for last in reversed(words):
        name = text[start : last.end()]
        if _is_listed(name, country):
            place = find_place(name, country)
            return (place.name if place and country == "ID" else shown_name(name)), last.end()
    return None


def _is_listed(name: str, country: Country) -> bool:
    if country == "MY":
        return place_key(name) in malaysian_districts()
    place = find_place(name, country)
    return place is not None and place.kind in ("district", "shared", "area", "city")
