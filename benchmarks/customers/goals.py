"""What one simulated customer wants: every fact of one booking, drawn from the stock by a seeded dice."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HOME, OUTLET = "home", "outlet"
SUBSCRIPTIONS = 0.3
AT_HOME = 0.6
SINGLE_NAMES = 0.15
HALF_HOURS = 0.2
OPENS, CLOSES = 8, 20


@dataclass(frozen=True)
class Goal:
    """One booking as the customer imagines it. ``plan`` is None for a single visit; the address counts at home only."""

    language: str
    service: str
    service_words: str
    plan: str | None
    first_name: str
    last_name: str | None
    phone: str
    make: str
    model: str
    car_words: str
    car_messy: str
    year: int
    plate: str
    place: str
    outlet: str
    street: str
    city: str
    postcode: str
    landmark: str
    day: date
    at: time

    def on(self, day: date, at: time) -> Goal:
        """The same wish at another moment."""
        return replace(self, day=day, at=at)

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name


@lru_cache(maxsize=1)
def stock() -> Mapping[str, Any]:
    """The YAML that goals are drawn from."""
    found: Mapping[str, Any] = YAML(typ="safe").load(Path(__file__).with_name("stock.yml").read_text(encoding="utf-8"))
    return found


def draw_goal(dice: random.Random, language: str, days: Mapping[str, list[date]], number: int) -> Goal:
    """Customer ``number``'s wish. ``days`` are open days by outlet; customers spread over them, so that few collide."""
    known = stock()
    outlet = dice.choice(known["outlets"][language])
    code = dice.choice(list(known["services"]))
    first, last = _names(dice, language)
    make, model, car_words, car_messy = dice.choice(known["cars"][language])
    street, city, postcode, landmark = dice.choice(known["addresses"][outlet])
    if language == "en":
        landmark = known["landmarks_in_english"].get(landmark, landmark)
    service = known["services"][code]
    return Goal(
        language=language,
        service=code,
        service_words=dice.choice(service[language]),
        plan=dice.choice(known["plans"]) if dice.random() < SUBSCRIPTIONS else None,
        first_name=first,
        last_name=last,
        phone=_phone(dice, known["countries"][outlet]),
        make=make,
        model=model,
        car_words=car_words,
        car_messy=car_messy,
        year=dice.randint(2012, 2025),
        plate=_plate(dice, outlet),
        place=HOME if dice.random() < AT_HOME else OUTLET,
        outlet=outlet,
        street=street,
        city=city,
        postcode=postcode,
        landmark=landmark,
        day=days[outlet][number % len(days[outlet])],
        at=_time(dice, service["minutes"]),
    )


def _names(dice: random.Random, language: str) -> tuple[str, str | None]:
    known = stock()
    if known["single_names"][language] and dice.random() < SINGLE_NAMES:
        return dice.choice(known["single_names"][language]), None
    return dice.choice(known["first_names"][language]), dice.choice(known["last_names"][language])


def _phone(dice: random.Random, country: str) -> str:
    if country == "ID":
        return f"+628{dice.choice(('12', '13', '21', '52', '57'))}{dice.randint(10_000_000, 99_999_999)}"
    return f"+601{dice.choice('23679')}{dice.randint(2_000_000, 9_999_999)}"


def _plate(dice: random.Random, outlet: str) -> str:
    letters = dice.choice(stock()["plate_letters"][outlet])
    tail = "".join(dice.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(2))
    number = dice.randint(1000, 9999)
    if stock()["countries"][outlet] == "ID":
        return f"{letters} {number} {tail}{dice.choice('ABCDEFGH')}"
    return f"{letters}{tail} {number}"


def _time(dice: random.Random, minutes: int) -> time:
    hour = dice.randint(OPENS + 1, CLOSES - 1 - (minutes + 59) // 60)
    return time(hour, 30 if dice.random() < HALF_HOURS else 0)
