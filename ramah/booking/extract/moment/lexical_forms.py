"""The shapes of characters that make a token, in the order in which they are tried."""

import re

_LETTER = r"[^\W\d_]"

_FORMS = (
    # What could pass for a date or a time but is something else comes first.
    ("price", r"(?:\brp\.?|\bidr|\brm|\bmyr|\busd|\bsgd|\$|£|€)\s{0,2}[0-9][0-9.,]{0,14}"),
    ("grouped", r"[0-9]{1,3}(?:[.,][0-9]{3}){1,4}(?![0-9])"),
    ("iso_date", r"[0-9]{4}(?P<iso>[-/.])[0-9]{1,2}(?P=iso)[0-9]{1,2}(?![0-9])"),
    ("long_date", r"[0-9]{1,2}(?P<long>[-/.])[0-9]{1,2}(?P=long)[0-9]{4}(?![0-9])"),
    ("short_date", r"[0-9]{1,2}(?P<short>[-/])[0-9]{1,2}(?P=short)[0-9]{2}(?![0-9]|[-/.][0-9])"),
    ("dotted_date", r"(?<![\w.,])[0-9]{1,2}\.(?:0?[1-9]|1[0-2])\.(?:2[4-9]|3[0-9])(?![0-9]|\.[0-9])"),
    (
        "phone",
        r"(?=\+?(?:[0-9][ .()-]{0,2}){9})(?:\+[0-9]{1,3}|0[0-9]{1,3}|6[0-9]{1,4})(?:[ .()-]{1,2}[0-9]{2,9}){1,5}",
    ),
    ("and_a_half", r"[0-9]{1,2}[.,]5\s?(?:jam|hours?|hrs?)\b"),
    (
        "decimal",
        r"[0-9]+[.,][0-9](?![0-9])|[0-9]+,[0-9]+|[0-9]{1,3}(?:[.,][0-9]{1,2})?\s?%|[0-9]+\.[6-9][0-9](?![0-9])|24/7\b|[0-9]{5,}",
    ),
    ("half", r"1/2(?=\s?ja?m\b)|(?<=jam )1/2(?![0-9/])|½"),
    ("quarter", r"1/4(?=\s?ja?m\b)|¼"),
    ("clock_time", r"(?:[01]?[0-9]|2[0-4])[:.][0-5][0-9](?::[0-5][0-9])?(?![0-9]|[.,:/][0-9])"),
    ("day_and_month", r"[0-9]{1,2}/[0-9]{1,2}(?![0-9]|/[0-9])"),
    ("dash_pair", r"[0-9]{1,2}-[0-9]{1,2}(?![0-9:.-])"),
    ("digit_letters", r"2(?:nite|moro|morrow|day)\b"),
    ("digits", r"[0-9]+"),
    ("meridiem", r"[ap]\.\s?m\b\.?"),
    ("until", r"s/d\b|\bs\.d\.?(?![^\W_])"),
    ("doubled", rf"(?P<twice>{_LETTER}{{3,12}})(?:-(?P=twice)|2)(?![^\W_])"),
    ("letters", rf"{_LETTER}+(?:['’‘`ʼ]{_LETTER}+)*"),
    ("symbol", r"[@&#]"),
    ("pause", r"[,;:/()\[\]\"*_]"),
    ("dash", r"[-–—~]"),
    ("stop", r"[^\s]|\n"),
)

#: Every character that is not a space falls into exactly one named form.
LEXER = re.compile("|".join(f"(?P<{name}>{form})" for name, form in _FORMS), re.IGNORECASE)

#: Forms whose kind needs no look at the word tables.
KIND_OF_FORM = {
    "price": "opaque",
    "grouped": "opaque",
    "phone": "opaque",
    "decimal": "opaque",
    "iso_date": "full_date",
    "long_date": "full_date",
    "short_date": "full_date",
    "dotted_date": "full_date",
    "day_and_month": "full_date",
    "half": "half",
    "quarter": "quarter",
    "clock_time": "clock_time",
    "dash_pair": "dash_pair",
    "until": "until",
    "pause": "pause",
    "dash": "dash",
    "stop": "stop",
}
