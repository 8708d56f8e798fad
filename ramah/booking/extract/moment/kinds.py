"""Kinds of token, and the notation in which the grammar is written.

A text becomes a row of tokens and each kind of token one character, so that a rule is an
ordinary regular expression over that row. Rules are written with the names of the kinds::

    compile_pattern("clock? half number")      # jam setengah 8

Spaces mean nothing; everything that is not a name keeps its meaning in ``re``.
"""

import re

KIND_NAMES = (
    # numbers and ready-made values
    "number", "digit_word", "tens_word", "teen_mark", "ten_mark", "low_ordinal", "high_ordinal", "four_digits", "year",
    "clock_time", "full_date", "dash_pair",
    # the calendar
    "day_offset", "weekday", "short_weekday", "minggu", "week", "weekend", "month_word", "day_word",
    "month", "month_first", "date_word", "haribulan", "ordinal", "span_days", "span_months",
    # which one
    "next", "this", "coming", "past", "every", "edge", "rank", "within", "later", "later_today", "now",
    # the clock
    "clock", "at", "oclock", "hour_unit", "minute_unit", "span_minutes", "part", "meridiem", "noon",
    "half", "half_en", "quarter", "degree", "minus", "plus", "to", "until", "between", "from", "about", "about_suffix",
    "after", "lepas", "before", "occasion", "prayer_word", "during", "zone",
    # what surrounds them
    "the", "of", "on", "and", "street", "label", "soft_label", "unit", "quantity", "greeting", "filler",
    "pause", "dash", "stop", "word", "opaque",
)  # fmt: skip

#: One character of the Unicode private use area for each kind.
KIND_CHARACTERS = {name: chr(0xE000 + position) for position, name in enumerate(KIND_NAMES)}

_NAME = re.compile(r"[a-z_]+")


def encode_pattern(pattern: str) -> str:
    """Translate a pattern in names of kinds into one over their characters.

    Raises KeyError for a name that is no kind.
    """
    return _NAME.sub(lambda found: KIND_CHARACTERS[found[0]], pattern).replace(" ", "")


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a pattern written in names of kinds."""
    return re.compile(encode_pattern(pattern))
