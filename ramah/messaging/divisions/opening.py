"""A division's own hours: whether it is open, when it opens again, and what is said meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ramah.messaging.divisions.texts import Texts
from ramah.messaging.hours.opening import is_open, next_opening
from ramah.messaging.hours.plan import Plan
from ramah.messaging.hours.wording import opening_told, outside_message
from ramah.messaging.models import Division


@dataclass(frozen=True)
class Closed:
    """A division that is closed at the moment ``now``."""

    division: Division
    plan: Plan
    now: datetime

    @property
    def opens(self) -> datetime | None:
        """When it opens again; None where nobody can say."""
        return next_opening(self.plan, self.now)

    def in_menu(self, texts: Texts) -> str:
        """``closed, opens tomorrow at 08:00``."""
        return self._worded(texts, "menu_closed")

    def sentence(self, texts: Texts) -> str:
        """The same as a sentence that names the division."""
        return self._worded(texts, "closed")

    def message(self, texts: Texts) -> str:
        """What a customer reads who chooses it: its own words, or the usual ones."""
        return outside_message(self.plan, texts.language, self.division.name, self.now)

    def _worded(self, texts: Texts, name: str) -> str:
        opens = self.opens
        if opens is None:
            return texts.word(name, division=self.division.name)
        told = opening_told(self.plan, opens, texts.language, self.now)
        return texts.word(f"{name}_until", division=self.division.name, opens=told)


def plan_of(hours: dict[str, Any] | None) -> Plan | None:
    """The plan that stands on a division; None where it is open always."""
    return Plan.model_validate(hours) if hours and hours["enabled"] else None


def closed(division: Division | None, now: datetime) -> Closed | None:
    """The division as a closed one, or None while it is open."""
    plan = plan_of(division.hours) if division is not None else None
    return Closed(division, plan, now) if division is not None and plan is not None and not is_open(plan, now) else None


def all_closed(divisions: Sequence[Division], now: datetime) -> list[Closed]:
    """Those that are closed, in their order."""
    return [one for division in divisions if (one := closed(division, now)) is not None]
