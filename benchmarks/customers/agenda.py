"""The agenda: which facts a customer has told, and with which words it answers the question for a step."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from benchmarks.customers.goals import OUTLET, Goal
from benchmarks.customers.wording import Voice

TOPICS = {
    "service": ("service",),
    "kind": ("booking_kind", "plan"),
    "name": ("first_name", "last_name"),
    "phone": ("phone",),
    "car": ("car_model", "car_year", "car_plate"),
    "place": ("place", "outlet"),
    "address": ("street", "city", "postcode"),
    "date": ("appointment_date",),
    "time": ("appointment_time",),
}
TOPIC_OF = {step: topic for topic, steps in TOPICS.items() for step in steps}
WHOLE = {"first_name": "name", "car_model": "car", "street": "address"}
"""Steps whose question invites the whole topic; customers may still answer the step alone."""
ALONE = {"street": "street", "car_model": "car_model", "first_name": "first_name"}
OTHERS = {"appointment_date": "date", "appointment_time": "time", "outlet": "outlet"}


@dataclass
class Agenda:
    """What is told, by step. ``partly`` is how often a customer answers a part of what was asked."""

    goal: Goal
    voice: Voice
    dice: random.Random
    partly: float
    told: set[str] = field(default_factory=set)

    def tell(self, *steps: str) -> None:
        """Remember what was told. Whoever has one name has not told that there is no other."""
        self.told |= set(steps) - ({"last_name"} if self.goal.last_name is None and len(steps) > 1 else set())

    def topics_to_volunteer(self) -> list[str]:
        """Topics that fit one message, in the order people write them."""
        return [topic for topic in TOPICS if topic != "address" or self.goal.place != OUTLET]

    def answer(self, step: str, style: str | None = None) -> tuple[str, set[str]]:
        """Words for a step, and the steps that they tell."""
        kind, tells = self._kind_of(step, plainly=style is not None)
        if kind == "street":
            # Nobody asks for the landmark alone; who leaves it out does not want it.
            self.goal = replace(self.goal, landmark="")
        return self.voice.phrase(kind, self.goal, style), tells

    def _kind_of(self, step: str, *, plainly: bool) -> tuple[str, set[str]]:
        goal = self.goal
        if step == "booking_kind":
            return ("one_time", {"booking_kind"}) if goal.plan is None else ("subscription", {"booking_kind"})
        if step == "plan":
            return goal.plan or "one_time", {"plan"}
        if step == "last_name" and goal.last_name is None:
            return "single_name", {"last_name"}
        if step == "first_name" and goal.last_name is None:
            return "first_name", {"first_name"}
        if step == "place":
            return ("outlet_place" if goal.place == OUTLET else "home"), {"place"}
        if step in WHOLE and (plainly or self.dice.random() >= self.partly):
            return WHOLE[step], set(TOPICS[TOPIC_OF[step]])
        return ALONE.get(step, OTHERS.get(step, step)), {step}

    def value(self, step: str) -> str | None:
        """The value that a button for this step must have, or None where buttons cannot say it."""
        goal = self.goal
        return {
            "service": goal.service,
            "booking_kind": "subscription" if goal.plan else "one_time",
            "plan": goal.plan,
            "last_name": None if goal.last_name else "none",
            "place": goal.place,
            "outlet": goal.outlet,
            "appointment_date": goal.day.isoformat(),
            "appointment_time": goal.at.strftime("%H:%M"),
            "confirmation": "yes",
        }.get(step)
