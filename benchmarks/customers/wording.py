"""The words of simulated customers: templates by language and style, filled with the facts of a goal."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import time
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from ruamel.yaml import YAML

from benchmarks.customers.goals import OUTLET, Goal, stock
from benchmarks.customers.noise import misspell
from ramah.lib.wording import locale_of

CLEAN, MESSY = "clean", "messy"
SLIPS = 0.12
"""Slips a word in a messy message."""
MARK = "\x01{}\x02"


@lru_cache(maxsize=3)
def templates(language: str) -> Mapping[str, Any]:
    """All templates of a language."""
    path = Path(__file__).with_name(f"wording.{language}.yml")
    found: Mapping[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return found


class Voice:
    """One customer's way of writing."""

    def __init__(self, language: str, style: str, dice: random.Random) -> None:
        self.language, self.style, self._dice = language, style, dice
        self._templates = templates(language)

    def phrase(self, kind: str, goal: Goal, style: str | None = None) -> str:
        """One message of a kind, such as ``car`` or ``correct_time``."""
        template = self._dice.choice(self._templates[kind][style or self.style])
        return self._fill(template, goal, style or self.style)

    def several(self, opening: str, kinds: list[str], goal: Goal) -> str:
        """One message that tells many things."""
        parts = [self._templates["inline"][kind].format(**self.words(goal)) for kind in kinds]
        said = ", ".join([self.phrase(opening, goal, CLEAN), *parts]).rstrip(", ")
        return said.lower() if self.style == MESSY else said

    def filler(self) -> str:
        """A message that says nothing."""
        return str(self._dice.choice(self._templates["fillers"]))

    def nudge(self, goal: Goal) -> str:
        """Back to the point."""
        return str(self._dice.choice(self._templates["nudge"])).format(**self.words(goal))

    def _fill(self, template: str, goal: Goal, style: str) -> str:
        words = self.words(goal)
        if style == MESSY:
            # Facts are marked while the words around them are misspelt: a name with a slip would be another name.
            marked = {name: MARK.format(number) for number, name in enumerate(words)}
            slipped = misspell(template.format(**marked), self._dice, SLIPS, self._templates["slang"])
            for number, value in enumerate(words.values()):
                slipped = slipped.replace(MARK.format(number), str(value))
            return slipped.strip(" ,")
        return template.format(**words).strip(" ,")

    def words(self, goal: Goal) -> dict[str, Any]:
        """All facts as this customer writes them."""
        fixed = self._templates["words"]
        place = fixed["outlet"] if goal.place == OUTLET else fixed["home"]
        city = stock()["cities"][goal.outlet]
        words = {
            "service": goal.service_words,
            "kind_words": fixed[goal.plan or "one_time"],
            "place_words": place.format(outlet_city=city),
            "outlet_city": city,
            "other_service": self._dice.choice(stock()["others"][self.language]),
            "name": goal.name,
            "first_name": goal.first_name,
            "last_name": goal.last_name or "",
            "street": goal.street,
            "city": goal.city,
            "postcode": goal.postcode,
            "landmark": goal.landmark,
        }
        lower = {f"{name}_lower": str(value).lower() for name, value in words.items()}
        return {**words, **lower, **_phone_words(goal), **_car_words(goal), **self._moment_words(goal)}

    def _moment_words(self, goal: Goal) -> dict[str, Any]:
        locale, day = locale_of(self.language), goal.day
        hour12 = (goal.at.hour - 1) % 12 + 1
        part = self._templates["words"]["parts"][self._part(goal.at)]
        spoken = self._templates["words"]["hour"][1 if goal.at.minute else 0]
        spoken = spoken.format(hour12=hour12, next12=hour12 % 12 + 1, part=part)
        return {
            "day": day.day,
            "day_th": f"{day.day}{_ordinal(day.day)}",
            "month": format_date(day, "MMMM", locale=locale),
            "month_short": format_date(day, "MMM", locale=locale).lower().rstrip("."),
            "month_number": day.month,
            "weekday": format_date(day, "EEEE", locale=locale),
            "clock": goal.at.strftime("%H:%M"),
            "clock_dot": goal.at.strftime("%H.%M"),
            "clock_words": self._spoken(spoken),
        }

    def _part(self, at: time) -> str:
        begins = self._templates["words"]["parts_begin"]
        return next((part for part in ("evening", "afternoon", "noon") if at.hour >= begins[part]), "morning")

    def _spoken(self, hour: str) -> str:
        return str(self._templates["words"]["say_hour"]).format(hour=hour)


def _ordinal(day: int) -> str:
    return "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _phone_words(goal: Goal) -> dict[str, str]:
    """As people write numbers at home: without the country."""
    home = "0" + goal.phone[3:] if goal.phone.startswith("+62") else "0" + goal.phone.removeprefix("+60")
    return {"phone": home, "phone_spaced": f"{home[:4]} {home[4:8]} {home[8:]}"}


def _car_words(goal: Goal) -> dict[str, Any]:
    plate = {"plate": goal.plate, "plate_messy": goal.plate.lower().replace(" ", "")}
    return {"car": goal.car_words.title(), "car_messy": goal.car_messy, "year": goal.year, **plate}
