"""Reads the scripted customers: each has a name, acts, answers, and what the ERP must hold in the end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import holidays
from babel.dates import format_date
from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from ramah.lib.wording import locale_of

FOLDER = Path(__file__).parent
LANGUAGES = ("id", "ms", "en")
FIRST_DAY, LAST_DAY = 4, 58
OTHER = 11
"""Free days from a customer's day to its other day."""
WEEKEND = (4, 5, 6)
"""Days that the other tests of this folder leave free."""

Act = str | dict[str, Any]


class Script(BaseModel):
    """One customer.

    Attributes:
        name: What is special, as a sentence.
        does: The first acts, in order, whatever is asked.
        when: Acts for the first time that a step is asked, in place of the usual answer.
        answers: What the customer says to the question for a step.
        document: Fields of the ERP's document, dotted; None is "must be empty".
        bookings: One such mapping for each booking where there are several; they lie over ``document``.
        least: The messages that the booking needs at least.
        detours: Messages that the script costs on top, by its own doing.
        reopens: Steps that may be asked again, because the customer takes an answer back.
        never_asks: Steps that were told at once and must not be asked at all.
        ends: ``booked``, ``person`` (waits for one) or ``dropped``.
    """

    model_config = ConfigDict(extra="forbid")

    name: str
    language: str
    does: list[Act]
    when: dict[str, list[Act]] = Field(default_factory=dict)
    answers: dict[str, str] = Field(default_factory=dict)
    document: dict[str, Any] = Field(default_factory=dict)
    bookings: list[dict[str, Any]] = Field(default_factory=list)
    least: int
    detours: int = 0
    reopens: list[str] = Field(default_factory=list)
    never_asks: list[str] = Field(default_factory=list)
    ends: str = "booked"
    channel: str = "webchat"
    organisation: str = "kilap-auto"
    outlet: str = "JKT"
    slow: bool = False

    @property
    def id(self) -> str:
        """What pytest shows."""
        return f"{self.language}: {self.name}"


def read_scripts() -> list[Script]:
    """All customers of all languages."""
    return [script for language in LANGUAGES for script in _of(language)]


def _of(language: str) -> list[Script]:
    data = YAML(typ="safe").load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    base = data["base"]
    found = []
    for number, item in enumerate(data["customers"]):
        facts = facts_of(language, number)
        whole = {**base, **item, "language": language}
        for part in ("answers", "document"):
            whole[part] = {**base.get(part, {}), **item.get(part, {})}
        found.append(Script.model_validate(_filled(whole, facts)))
    return found


def facts_of(language: str, number: int) -> dict[str, str]:
    """What is different for every customer: a phone, a plate, days."""
    mobile = f"{LANGUAGES.index(language)}{number:03}"
    plate = 2000 + number
    days = [_day(number), _day(number + OTHER)]
    facts = {
        "phone": f"0812777{mobile}" if language != "ms" else f"012777{mobile}",
        "e164": f"+62812777{mobile}" if language != "ms" else f"+6012777{mobile}",
        "plate": {"id": f"B {plate} QAX", "ms": f"WQA {plate}", "en": f"B {plate} QAZ"}[language],
    }
    for name, day in zip(("", "other_"), days, strict=True):
        facts[f"{name}day"] = f"{day.day} {format_date(day, 'MMMM', locale=locale_of(language))}"
        facts[f"{name}weekday"] = format_date(day, "EEEE", locale=locale_of(language))
        facts[f"{name}date"] = day.isoformat()
        facts[f"{name}digits"] = f"{day.day}/{day.month}"
    return facts


def _day(number: int) -> date:
    start = date.today() + timedelta(days=FIRST_DAY)  # noqa: DTZ011 - any day near enough will do
    closed = {day for country in ("ID", "MY") for day in holidays.country_holidays(country, years=_years(start))}
    days = (start + timedelta(days=offset) for offset in range(LAST_DAY - FIRST_DAY))
    free = [day for day in days if day.weekday() in WEEKEND and day not in closed]
    return free[number % len(free)]


def _years(start: date) -> range:
    return range(start.year, start.year + 2)


def _filled(value: Any, facts: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for name, fact in facts.items():
            value = value.replace(f"<{name}>", fact)
        return value
    if isinstance(value, list):
        return [_filled(item, facts) for item in value]
    if isinstance(value, dict):
        return {name: _filled(item, facts) for name, item in value.items()}
    return value
