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
    r"(?:(?<!\w)(?:no|nomor|nombor|nomer|lot|unit|blok|blk|block|lantai|level|lvl|tingkat|suite|rt|rw|batu)"
    r"\.?[ ]*[\w/-]*\d[\w/-]*"
    r"|(?<!\w)(?:blok|blk|block|tower)\.?[ ]*[A-Za-z]{1,2}|(?<!\w)(?:\d{1,2}(?:st|nd|rd|th)|ground)[ ]floor"
    r"|(?<![\w.,:/-])\d{1,4}[A-Za-z]?(?:-(?:\d{1,3}[A-Za-z]?|[A-Za-z])(?!\w)){0,2}"
    r"|(?<!\w)[A-Za-z]{1,2}-\d+(?:-\w+)*)[ ]*$",
    re.IGNORECASE,
)
"""A number or unit right before the street word: "No 12 Jalan SS2"."""

BEFORE_NAME = re.compile(
    rf"(?<!\w)(?:{_SURE}|{_UNSURE}|hotel|mall|plaza|stasiun|terminal)\.?[ ]+"
    r"(?:(?:raya|tol|tun|sri|seri|persiaran)[ ]+)?$",
    re.IGNORECASE,
)
"""A street that bears the name of a city: "Jl. Raya Bogor", "Jalan Ipoh"."""

AFTER_NAME = re.compile(r"[ ]+(?:road|street|avenue|lane|drive|boulevard|crescent)(?!\w)", re.IGNORECASE)
"""The same in English: "Penang Road"."""

FLAT = re.compile(r"(?<![\w-])[A-Za-z]{1,2}-\d{1,3}[A-Za-z]?-\w{1,4}(?![\w-])")
"""Block, floor and door of a flat: A-12-3."""

BUILDING = re.compile(
    r"(?<!\w)(?:[A-Z][\w'’]*[ ]+){1,3}(?i:apartments?|condominium|condo|residences?|residency|court|heights)(?!\w)"
)
"""An English name of a house with many homes."""

STREET_ENDS = word_group("street_ends")
"""Words that no street name holds; the street ends before them."""

NUMBER_OF_OTHER = word_group("number_of_other")
"""What a "no" may count instead of a house."""

LEAD_IN = re.compile(
    rf"\s*(?:(?:{any_of('before_address')})(?!\w)[ .:=,]*|[:=.,-]\s*)+",
    re.IGNORECASE,
)
"""What people say before a bare address."""

HOME = re.compile(
    r"(?<!\w)(?:(?:alamat|almt|addr?ess|lokasi|location|rumah|rmh|home|house)(?:nya|ku|\s+(?:saya|aku|sy|kami|is))?\s*"
    r"(?:(?:di|ada di|kat|dkt|in|at|is|dekat|itu|ialah|adalah)\b|[:=])"
    r"|(?:tinggal|tgl|duduk|stay|staying|live|living|based)\s+(?:di|kat|in|at)\b"
    r"|kecamatan|kelurahan|\bkec\.|\bkel\.|\bmukim\b)",
    re.IGNORECASE,
)
"""Words by which somebody says where they live; a district behind them counts without a street."""
