"""Finds a phone number in a message."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from ramah.booking.extract.data import any_of

Country = Literal["ID", "MY"]

_RUN = re.compile(
    r"(?<![\w+])(?<!\d[.,:/#-])\(?(?:\+|＋|[oO](?=\d[\dlI \-]{6}))?\(?\d"
    r"(?:(?:(?!/[0+])[ \t\u00a0.()\-–/]){0,3}(?:\d|[oO](?=\d))|(?<=\d)[oOlI](?![A-Za-z])){3,20}"
    r"(?![\w]|[.,:-]\d|/[1-9]|\s?%)"
)
_MONEY_OR_OTHER = re.compile(
    rf"(?:\$|(?<!\w)(?:{any_of('before_no_phone')})\b)[ .:#]*(?:no\.?|nomor|nombor|number)?[ .:#]*(?:\w+[ ]*:?[ ]*)?$",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    rf"(?<!\w)(?:{any_of('references')})\b[ .:#]*(?:no\.?|nomor|nombor|number|id)?[ .:#]*$", re.IGNORECASE
)
_SURE_REFERENCE = re.compile(
    rf"(?<!\w)(?:{any_of('sure_references')})\b[ .:#]*(?:no\.?|nomor|nombor|number|id)?[ .:#]*$|(?-i:[A-Z]{{2,5}}-)$",
    re.IGNORECASE,
)
_SURE_PHONE = re.compile(rf"\b(?:{any_of('sure_phone_words')})[ .:=-]*$", re.IGNORECASE)
_ANNOUNCED = re.compile(
    rf"(?:\b(?:{any_of('phone_words')})\b|:)[ .:=]*(?:(?:{any_of('after_phone_word')})\b[ .:=]*)*$", re.IGNORECASE
)
_LOOKED_BACK = 40
"""Characters before a number that may say what it is."""
_FEWEST_DIGITS = 6
_LONGEST_COUNT = 2
_WHOLE_NUMBER = 11
_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?!\d)|\d{4}-\d{1,2}-\d{1,2}")
_DIALLED = {
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
    PhoneNumberType.PERSONAL_NUMBER,
}


@dataclass(frozen=True)
class FoundPhone:
    """A valid number in E.164 and where it stands."""

    e164: str
    start: int
    end: int


@dataclass(frozen=True)
class _Run:
    """Digits that may be a phone number; ``announced`` by a word like "hp", or alone in the message."""

    digits: str
    start: int
    end: int
    announced: bool


class _Before(Enum):
    """What the words before some digits say of them."""

    PHONE = "announced"
    ANOTHER = "money, an account, an identity, a reference"
    NOTHING = "nothing"

    @classmethod
    def of(cls, before: str, head: str) -> _Before:
        if _is_other(before, head):
            return cls.ANOTHER
        return cls.PHONE if _ANNOUNCED.search(before) else cls.NOTHING


def find_phone(text: str, country: Country) -> FoundPhone | None:
    """The first valid phone number, read as dialled in ``country`` or with its international prefix."""
    for run in _runs(text):
        e164 = _valid(run, country)
        if e164:
            return FoundPhone(e164, run.start, run.end)
    return None


def odd_phone(text: str, country: Country) -> str | None:
    """What was meant as a phone number but is not one (too short, unknown prefix), as typed; else None."""
    if find_phone(text, country):
        return None
    for run in _runs(text):
        if _is_meant(run, country):
            return text[run.start : run.end]
    return None


def _runs(text: str) -> Iterator[_Run]:
    """Runs of digits, longest first, then their parts between blanks ("0812 3456 7890 2019")."""
    for match in _RUN.finditer(text):
        groups = [
            (group.start() + match.start(), group.end() + match.start()) for group in re.finditer(r"\S+", match[0])
        ]
        befores = [text[max(0, start - _LOOKED_BACK) : start] for start, _ in groups]
        counts = [len(_digits(text[start:end])) for start, end in groups]
        kinds = [_Before.of(before, text[start]) for before, (start, _) in zip(befores, groups, strict=True)]
        alone = not (text[: match.start()] + text[match.end() :]).strip(" .,!:\n")
        for size in range(len(groups), 0, -1):
            for first in range(len(groups) - size + 1):
                counted = counts[first : first + size]
                if sum(counted) < _FEWEST_DIGITS or _ends_in_a_count(counted):
                    continue
                start, end = groups[first][0], groups[first + size - 1][1]
                run = _run(text, start, end, kinds[first], alone=alone and size == len(groups))
                if run:
                    yield run


def _ends_in_a_count(digits: list[int]) -> bool:
    """A whole number and then one or two digits more, as in "0812 3456 7890 2 mobil"."""
    *number, last = digits
    return last <= _LONGEST_COUNT and min(number[1:], default=0) > _LONGEST_COUNT and sum(number) >= _WHOLE_NUMBER


def _run(text: str, start: int, end: int, before: _Before, *, alone: bool) -> _Run | None:
    typed = text[start:end]
    if before is _Before.ANOTHER or _DATE.match(typed.lstrip("(")):
        return None
    return _Run(_digits(typed), start, end, alone or before is _Before.PHONE)


def _is_other(before: str, head: str) -> bool:
    """``before`` says that what begins with ``head`` is money, an account, an identity or a reference."""
    if _SURE_PHONE.search(before):
        return False
    if _MONEY_OR_OTHER.search(before) or _SURE_REFERENCE.search(before):
        return True
    return _REFERENCE.search(before) is not None and head not in "0+＋(oO"


def _digits(typed: str) -> str:
    """Digits of any script as ASCII, a leading plus kept, the letters O and l read as 0 and 1."""
    plain = typed.translate({ord("o"): "0", ord("O"): "0", ord("l"): "1", ord("I"): "1", ord("＋"): "+"})
    return "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in plain if c.isdigit() or c == "+")


def _valid(run: _Run, country: Country) -> str | None:
    for written in _spellings(run, country):
        try:
            number = phonenumbers.parse(written, country)
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in _DIALLED:
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def _spellings(run: _Run, country: Country) -> Iterator[str]:
    """The ways in which the digits may be meant, surest first."""
    digits = run.digits
    if digits.startswith("+"):
        # "+62 0812" and "+0812" are everyday slips.
        yield re.sub(r"^\+(6[02])0+", r"+\1", digits)
        yield digits.removeprefix("+")
    elif digits.startswith("0"):
        yield digits
        yield "+" + digits.removeprefix("00") if digits.startswith("00") else digits
    elif digits.startswith(("60", "62", "65")) and len(digits) >= 10:
        yield re.sub(r"^(6[02])0+", r"+\1", digits) if digits[:3] in ("600", "620") else "+" + digits
    elif _is_mobile_without_zero(run, country):
        yield "0" + digits


def _is_mobile_without_zero(run: _Run, country: Country) -> bool:
    if country == "ID":
        return run.digits.startswith("8") and len(run.digits) >= 10
    return run.digits.startswith("1") and run.announced


def _is_meant(run: _Run, country: Country) -> bool:
    """Enough digits for a try, and the head of a phone number or a word that announces one."""
    length = len(run.digits.lstrip("+"))
    if run.announced and length >= 6:
        return True
    head = ("+", "08", "62", "021", "022", "031") if country == "ID" else ("+", "01", "03", "60")
    return length >= 7 and run.digits.startswith(head)
