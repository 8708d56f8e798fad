"""Amounts and references in the text of a slip: its caption, or the text of a PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ramah.billing.bills import BillView
from ramah.lib.wording import MINOR_PER_MAJOR

_NUMBER = r"\d{1,3}(?:[.,\s]\d{3})+(?:[.,]\d{2})?|\d+(?:[.,]\d{1,2})?"
_SUFFIX = r"ribu|rb|k|juta|jt"
_MARKED = {
    "IDR": re.compile(rf"\b(?:rp|idr)[.:\s]*({_NUMBER})\s*({_SUFFIX})?\b", re.IGNORECASE),
    "MYR": re.compile(rf"\b(?:rm|myr)[.:\s]*({_NUMBER})()", re.IGNORECASE),
}
_BARE = {
    "IDR": re.compile(rf"(?<![\w.,/-])({_NUMBER})\s*({_SUFFIX})?(?![\w/]|[-.,]\d)", re.IGNORECASE),
    "MYR": re.compile(rf"(?<![\w.,/-])({_NUMBER})()(?:\s*ringgit)?(?![\w/]|[-.,]\d)", re.IGNORECASE),
}
_TIMES = {"ribu": 1_000, "rb": 1_000, "k": 1_000, "juta": 1_000_000, "jt": 1_000_000}
_REFERENCE = re.compile(r"\b[A-Z]{2,6}[-/ ]?\d{4}[-/ ]?\d{3,6}\b", re.IGNORECASE)
_SHORT_REFERENCE = re.compile(
    r"\b(?:inv(?:oice|ois)?|tagihan|bil|bill|no|nomor|nombor)[\s.:#-]*(?:no\.?\s*)?#?0*(\d{1,6})\b", re.IGNORECASE
)
_LEAST = {"IDR": 1_000, "MYR": 100}
"""Below this a number is no payment, in minor units."""


@dataclass(frozen=True)
class SlipText:
    """What a text says. ``amounts`` are in minor units of ``currency``, as they come; ``reference`` is as written."""

    currency: str
    amounts: tuple[int, ...] = ()
    reference: str | None = None
    compact: str = ""
    numbers: tuple[int, ...] = ()

    def names(self, bill: BillView) -> bool:
        """Whether the bill's reference stands in the text, however it is spaced."""
        return _compact(bill.reference) in self.compact

    def names_shortly(self, bill: BillView) -> bool:
        """Whether the text has the last number of the reference ("invoice 12")."""
        last = re.findall(r"\d+", bill.reference)[-1:]
        return bool(last) and int(last[0]) in self.numbers


def read_slip(text: str, currency: str, *, typed: bool) -> SlipText:
    """Read a text. In what somebody ``typed`` a bare number counts as an amount; a PDF is full of other numbers."""
    amounts = _amounts(_MARKED[currency], text, currency)
    found = _REFERENCE.search(text)
    if typed and not amounts:
        bare = _SHORT_REFERENCE.sub(" ", _REFERENCE.sub(" ", text))
        amounts = _amounts(_BARE[currency], bare, currency)
    return SlipText(
        currency=currency,
        amounts=tuple(dict.fromkeys(amounts)),
        reference=found.group().upper()[:60] if found else None,
        compact=_compact(text),
        numbers=tuple(int(number) for number in _SHORT_REFERENCE.findall(text)),
    )


def named_by(said: SlipText, bills: Sequence[BillView]) -> list[BillView]:
    """The bills whose reference the text has; by the last number only where that fits one."""
    whole = [bill for bill in bills if said.names(bill)]
    shortly = [bill for bill in bills if said.names_shortly(bill)]
    return whole or (shortly if len(shortly) == 1 else [])


def _amounts(pattern: re.Pattern[str], text: str, currency: str) -> list[int]:
    found = (_minor(number, (suffix or "").lower(), currency) for number, suffix in pattern.findall(text))
    return [amount for amount in found if amount >= _LEAST[currency]]


def _minor(number: str, suffix: str, currency: str) -> int:
    """``150.000`` and ``150rb`` are the same rupiah; ``85.00`` and ``85`` the same ringgit."""
    whole, cents = _split(number)
    value = Decimal(f"{whole}.{cents or 0}") * _TIMES.get(suffix, 1)
    return int(value * MINOR_PER_MAJOR[currency])


def _split(number: str) -> tuple[str, str]:
    """Digits before and after the decimal sign. One or two digits at the end are decimals, three a group."""
    match = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", number, re.DOTALL)
    assert match is not None  # noqa: S101 - the pattern takes any text
    return re.sub(r"\D", "", match.group(1)) or "0", match.group(2) or ""


def _compact(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())
