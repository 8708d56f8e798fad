"""A number that was typed names the one button that shows it: an amount, or the end of a bill's number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ramah.channels.content import Choice

LEAST_DIGITS, LEAST_AT_END = 3, 4
"""Of a whole number, and of the end of one ("the last four digits")."""

MOST_WORDS = 4
_TIMES = {"rb": 1_000, "ribu": 1_000, "k": 1_000, "jt": 1_000_000, "juta": 1_000_000}
_TYPED = re.compile(r"(\d[\d.,]*)\s*(rb|ribu|k|jt|juta)?\b", re.IGNORECASE)
_SHOWN = re.compile(r"\d[\d.,]*")
_CENTS = re.compile(r"[.,](\d{2})$")


def choice_by_number(choices: Sequence[Choice], typed: str) -> str | None:
    """The payload of the only button that shows the typed number, whole or as the end of a longer one."""
    numbers = _TYPED.findall(typed)
    if len(numbers) != 1 or len(typed.split()) > MOST_WORDS:
        return None
    number, suffix = numbers[0]
    wanted = str(int(_digits(number) or 0) * _TIMES[suffix.lower()]) if suffix else _digits(number)
    if len(wanted) < LEAST_DIGITS:
        return None
    fitting = {choice.payload for choice in choices if _shows(choice, wanted)}
    return fitting.pop() if len(fitting) == 1 else None


def _shows(choice: Choice, wanted: str) -> bool:
    numbers = [_digits(shown) for shown in _SHOWN.findall(choice.title)]
    return wanted in numbers or (len(wanted) >= LEAST_AT_END and any(number.endswith(wanted) for number in numbers))


def _digits(number: str) -> str:
    """``250.000``, ``250,000.00`` and ``250000`` are the same; so are ``85`` sen-less ringgit."""
    return re.sub(r"\D", "", _CENTS.sub("", number.rstrip(".,")))
