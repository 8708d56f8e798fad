"""Second look at the tokens: written numbers, and words that mean something else where they stand."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ramah.booking.extract.moment.grammar import Grammar, Rule
from ramah.booking.extract.moment.kinds import KIND_CHARACTERS, compile_pattern
from ramah.booking.extract.moment.tokens import Token, kinds_of, tokenise

_TIMELY = (
    "day_offset weekday minggu week month_word next this clock clock_time at number part meridiem half after lepas"
    " before later_today full_date"
)

#: Stretches that hold no date and no time. The reason stands beside each.
_NOT_MOMENTS = "|".join(
    (
        "street [word unit label soft_label]{0,4} (full_date|dash_pair|clock_time|number (month|month_first)?)"
        "(?![day_word later minute_unit meridiem])",  # Jl Melati 12, Jalan SS 2/75, Jl 17 Agustus
        "label dash? (number|full_date|dash_pair|clock_time)(dash (number|word))?",  # RT 03/05, lantai 3
        "soft_label (stop|dash)? number (?![part meridiem month month_first oclock minute_unit day_word])",  # no 5
        "past part? clock (number|clock_time) part?",  # tadi jam 3
        "clock (number|clock_time) part? past",
        "past (part|weekday|minggu|week|month_word)",  # last Monday, kemarin sore
        "(part|weekday|minggu|week|month_word) past",  # minggu lalu
        "(weekday|minggu|week|month_word) lepas(?![occasion prayer_word clock clock_time number noon])",  # Isnin lepas
        "greeting (part|street)",  # selamat pagi
        "(every|quantity) (minggu|week|month_word|weekend)(?!part)",  # tiap minggu
        "(every|quantity) (day_word(?![weekday minggu])|edge (minggu|week|month_word))",  # tiap hari
        "(?<![within clock date_word at later])number (minggu|week)(?![later next this part])",  # 2 minggu sekali
        "minggu soft_label",  # minggu ke-2
        "(number (day_word|week|minggu|month_word)|span_days|span_months) (from|after|lepas|before)"
        " (the|next|this|day_word)? (day_offset|weekday|minggu)",  # a week from tomorrow, 2 hari sebelum Senin
        "(number week|span_days) (from|on) (the|next|this)? (day_offset|weekday)",  # a week on Saturday
        "(weekday|weekend|week) after next|weekday week(?![next this])",  # Friday after next, Monday week
    )
)

#: A part of the day that opens a message is a greeting ("Pagi kak, ...") unless it was asked for.
_OPENING = compile_pattern(f"^greeting{{0,2}} part{{1,2}}(?![{_TIMELY} degree])")
_NEVER_GREETING = {"tengah hari", "subuh", "night"}

_HIDDEN = compile_pattern(_NOT_MOMENTS)
_WEEKDAY_NEIGHBOURS = compile_pattern(
    "(?<=[on this next coming every until day_word]) short_weekday"
    "|short_weekday (?=[next this part clock at number clock_time day_offset full_date])"
    "|^short_weekday [filler stop pause]{0,4}$"
    "|short_weekday (?=filler [short_weekday weekday])|(?<=[short_weekday weekday] filler) short_weekday"
)
#: Letters that may stand against a number without a space: "3pm", "jam3", "5hb".
_MAY_TOUCH = {
    "clock", "part", "meridiem", "date_word", "haribulan", "ordinal", "month", "month_first", "oclock", "hour_unit",
    "minute_unit", "about_suffix", "unit", "at", "street", "label", "soft_label", "half", "zone", "day_word", "filler",
}  # fmt: skip
_FIGURES = {"number", "four_digits", "year", "clock_time", "full_date", "dash_pair"}
_LETTERED = {"word", "opaque"}
_HOURS = {"number", "clock_time", "half", "quarter"}


def prepare(text: str, *, asked: bool) -> list[Token]:
    """Tokens of a text with numbers composed and everything that is no date or time made opaque.

    ``asked`` says that the customer was just asked for it.
    """
    tokens = _without_abbreviation_stops(tokenise(text))
    tokens = _hide_glued_figures(tokens)
    tokens = _compose_numbers(tokens)
    tokens = _keep_attached_endings(tokens)
    tokens = _settle_short_weekdays(tokens)
    tokens = tokens if asked else _hide_opening_greeting(tokens)
    return _hide(_without_degrees(_settle_dawn(tokens)), _HIDDEN)


def _without_abbreviation_stops(tokens: Sequence[Token]) -> list[Token]:
    """Drop the full stop of "tgl. 5", "pkl. 10" and "Jl. Melati"."""
    abbreviated = {"date_word", "clock", "street", "label", "soft_label", "month", "month_first", "part", "weekday"}
    return [
        token
        for before, token in zip((None, *tokens), tokens, strict=False)
        if not (token.word == "." and before and before.kind in abbreviated and before.end == token.start)
    ]


def _hide_glued_figures(tokens: Sequence[Token]) -> list[Token]:
    """Make opaque what is written together and is neither: A5, CX5, B1234XYZ."""
    hidden = set()
    for place in range(len(tokens) - 1):
        here, following = tokens[place], tokens[place + 1]
        kinds = {here.kind, following.kind}
        if here.end == following.start and kinds & _FIGURES and not kinds & _MAY_TOUCH and kinds & _LETTERED:
            hidden |= {place, place + 1}
    return [replace(token, kind="opaque") if place in hidden else token for place, token in enumerate(tokens)]


def _keep_attached_endings(tokens: Sequence[Token]) -> list[Token]:
    """Leave "an", "ish", "st" and "th" their meaning only against a number ("jam 3an", "25th")."""
    kept: list[Token] = []
    for token in tokens:
        touching = bool(kept) and token.start - kept[-1].end <= 0
        if token.kind in ("ordinal", "about_suffix") and not touching and not (kept and kept[-1].kind == "dash"):
            token = replace(token, kind="unit" if token.kind == "ordinal" else "word")
        kept.append(token)
    return kept


def _read_tens(tokens: Sequence[Token], _: None) -> int | None:
    """Value of a number in words: dua belas, tiga puluh lima, twenty five."""
    digits = [token.number for token in tokens if token.kind == "digit_word"]
    kinds = [token.kind for token in tokens]
    if "teen_mark" in kinds:
        return digits[0] + 10
    if "ten_mark" in kinds:
        return digits[0] * 10 + sum(digits[1:])
    return sum(token.number for token in tokens)


_NAMED_MONTH = "(month|month_first)"
_NUMBERS: Grammar[int, None] = Grammar(
    (
        Rule("high_ordinal", "tens_word dash? (low_ordinal|high_ordinal)|high_ordinal", _read_tens),
        Rule("low_ordinal", f"low_ordinal (?=of? {_NAMED_MONTH})|(?<={_NAMED_MONTH}) low_ordinal", _read_tens),
        Rule("teens", "digit_word teen_mark", _read_tens),
        Rule("tens", "digit_word ten_mark digit_word?", _read_tens),
        Rule("english_tens", "tens_word dash? digit_word?", _read_tens),
        Rule("digit", "digit_word", _read_tens),
    )
)


def _compose_numbers(tokens: Sequence[Token]) -> list[Token]:
    """Replace numbers in words by number tokens whose ``word`` is "word"."""
    composed: list[Token] = []
    done = 0
    for match in _NUMBERS.find(tokens, None):
        composed.extend(tokens[done : match.first])
        start, end = tokens[match.first].start, tokens[match.last - 1].end
        composed.append(Token("number", "word", match.reading, start, end))
        if tokens[match.last - 1].kind in ("low_ordinal", "high_ordinal"):
            composed.append(Token("ordinal", "ordinal", 0, start, end))
        done = match.last
    return [*composed, *tokens[done:]]


def _settle_short_weekdays(tokens: Sequence[Token]) -> list[Token]:
    """Decide for "sat", "sun", "sel"... between the weekday and the ordinary word."""
    places = {found.start() for found in _WEEKDAY_NEIGHBOURS.finditer(kinds_of(tokens))}
    return [
        replace(token, kind="weekday" if place in places else "word") if token.kind == "short_weekday" else token
        for place, token in enumerate(tokens)
    ]


def _settle_dawn(tokens: Sequence[Token]) -> list[Token]:
    """The prayer at dawn behind an hour is a part of the day: "jam 5 subuh"."""
    return [
        replace(token, kind="part") if token.word == "subuh" and before and before.kind in _HOURS else token
        for before, token in zip((None, *tokens), tokens, strict=False)
    ]


def _without_degrees(tokens: Sequence[Token]) -> list[Token]:
    """Drop the words that only shade a part of the day: "pagi banget jam 7", "agak sorean"."""
    return [
        token
        for before, token, after in zip((None, *tokens), tokens, (*tokens[1:], None), strict=False)
        if token.kind != "degree"
        or not any(beside and beside.kind in ("part", "noon", "degree") for beside in (before, after))
    ]


def _hide_opening_greeting(tokens: list[Token]) -> list[Token]:
    """Make opaque the "Pagi" of "Pagi kak"."""
    opening = _OPENING.match(kinds_of(tokens))
    if opening is None or any(token.word in _NEVER_GREETING for token in tokens[: opening.end()]):
        return tokens
    return _hide(tokens, _OPENING)


def _hide(tokens: Sequence[Token], pattern: re.Pattern[str]) -> list[Token]:
    """Make the matching stretches opaque."""
    opaque = KIND_CHARACTERS["opaque"]
    kinds = pattern.sub(lambda found: opaque * len(found[0]), kinds_of(tokens))
    return [
        replace(token, kind="opaque") if kind == opaque and token.kind != "opaque" else token
        for kind, token in zip(kinds, tokens, strict=True)
    ]
