"""Words that make up a street, end it, or look like one."""

from __future__ import annotations

import re

from ramah.booking.extract.data import any_of, word_group

_SURE, _UNSURE, _PART = any_of("street_sure"), any_of("street_unsure"), any_of("address_parts")
SURE_STREET = re.compile(rf"(?<![\w/])(?:{_SURE})(?:\.|(?!\w))", re.IGNORECASE)
UNSURE_STREET = re.compile(rf"(?<![\w/-])(?:{_UNSURE})(?:\.|(?![\w-]))", re.IGNORECASE)
UNIT = re.compile(
    r"(?<!\w)(?:blok|blk|block|lot|unit|kav|kavling|rt)\.?[ ]{0,2}[A-Za-z]{0,2}[-/ ]?\d[\w/.-]*", re.IGNORECASE
)
ENGLISH_STREET = re.compile(
    r"(?<![\w/])\d+[A-Za-z]?,?[ ]+(?:[^\W\d_]['’\w]*[ ]+){1,3}"
    r"(?:street|road|avenue|lane|boulevard|drive|crescent)(?!\w)",
    re.IGNORECASE,
)
PART_START = re.compile(
    rf"\s*(?:(?:{_SURE}|{_UNSURE}|{_PART})(?:\.|(?![^\W\d_]))"
    r"|[A-Za-z]?\d+[A-Za-z]?(?:[-/]\w+)*\s*(?:$|,)|[A-Za-z]{1,2}-\d)",
    re.IGNORECASE,
)
"""How a further part of an address begins: RT 3/4, Blok C2, Taman Sea, A-12-3."""

PREFIX = re.compile(
    r"(?:(?:(?<!\w)(?:no|nomor|lot|unit|blok|blk|block|lantai|level|lvl|tingkat|suite)\.?[ ]*)[\w/-]*\d[\w/-]*"
    r"|(?<![\w.,:/-])\d{1,4}[A-Za-z]?|(?<!\w)[A-Za-z]{1,2}-\d+(?:-\w+)*)[ ]*$",
    re.IGNORECASE,
)
"""A number or unit right before the street word: "No 12 Jalan SS2"."""

BEFORE_NAME = re.compile(
    rf"(?<!\w)(?:{_SURE}|{_UNSURE}|hotel|mall|plaza|stasiun|terminal)\.?[ ]+"
    r"(?:(?:raya|tol|tun|sri|seri|persiaran)[ ]+)?$",
    re.IGNORECASE,
)
"""A street that bears the name of a city: "Jl. Raya Bogor", "Jalan Ipoh"."""

STREET_ENDS = word_group("street_ends")
"""Words that no street name holds; the street ends before them."""

NUMBER_OF_OTHER = word_group("number_of_other")
"""What a "no" may count instead of a house."""

LEAD_IN = re.compile(
    rf"\s*(?:(?:{any_of('before_address')})(?!\w)[ .:=,]*|[:=.,-]\s*)+",
    re.IGNORECASE,
)
"""What people say before a bare address."""
