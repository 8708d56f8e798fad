"""Money, dates and times as people of a language write them. Formatting only; sentences live in YAML."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal

from babel.dates import format_date as babel_date
from babel.numbers import format_currency

MINOR_PER_MAJOR = {"IDR": 1, "MYR": 100}
"""Rupiah are stored whole (their sen are out of use since the 1990s), ringgit in sen."""

_LOCALES = {"id": "id_ID", "ms": "ms_MY", "en": "en_GB"}
_PATTERNS = {"IDR": "¤#,##0", "MYR": "¤#,##0.00"}
_SYMBOLS = {"IDR": "Rp", "MYR": "RM"}


def locale_of(language: str) -> str:
    """The Babel locale of one of our languages."""
    return _LOCALES.get(language, "en_GB")


def money(amount_minor: int, currency: str, language: str) -> str:
    """``Rp150.000`` or ``RM85.00``, grouped as the language groups."""
    amount = Decimal(amount_minor) / MINOR_PER_MAJOR[currency]
    text = format_currency(amount, currency, format=_PATTERNS[currency], locale=locale_of(language))
    return re.sub(r"[.,]00$", "", text.replace(currency, _SYMBOLS[currency]).replace("\xa0", ""))


def long_date(day: date, language: str) -> str:
    """``Senin, 23 November 2026``."""
    return babel_date(day, "EEEE, d MMMM y", locale=locale_of(language))


def short_date(day: date, language: str) -> str:
    """``Sen, 23 Nov``, short enough for a button."""
    return babel_date(day, "EEE, d MMM", locale=locale_of(language))


def clock(moment: time) -> str:
    """``15:30``; the 24-hour clock is read in all three languages."""
    return moment.strftime("%H:%M")
