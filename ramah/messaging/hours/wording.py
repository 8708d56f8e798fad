"""What a customer reads outside of the hours: the organisation's own words, or the usual ones of ``words.yml``."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from ramah.lib.wording import long_date
from ramah.messaging.hours.opening import next_opening
from ramah.messaging.hours.plan import Plan

WORDS = Path(__file__).parent / "words.yml"
DEFAULT_LANGUAGE = "en"
OPENS = "{opens}"
ORGANISATION = "{organisation}"


def outside_message(plan: Plan, language: str, organisation: str, now: datetime) -> str:
    """The message in ``language``. Own words that promise an opening give way where nothing opens any more."""
    opening = next_opening(plan, now)
    own = plan.messages.get(language, "").strip()
    if own and (opening is not None or OPENS not in own):
        text = own
    else:
        text = usual_message(plan, language, opens_again=opening is not None)
    told = opening_told(plan, opening, language, now) if opening else ""
    return text.replace(ORGANISATION, organisation).replace(OPENS, told)


def usual_message(plan: Plan, language: str, *, opens_again: bool = True) -> str:
    """The usual words with their placeholders."""
    spoken = _spoken(language)
    first, second = ("closed_until" if opens_again else "closed"), ("kept" if plan.needs_human else "again")
    return f"{spoken[first]} {spoken[second]}"


def opening_told(plan: Plan, opening: datetime, language: str, now: datetime) -> str:
    """``besok jam 08.00 WIB``: the opening as one tells it at the moment ``now``, in the plan's zone."""
    zone = ZoneInfo(plan.zone)
    local, today = opening.astimezone(zone), now.astimezone(zone).date()
    days = {today: "today", today + timedelta(days=1): "tomorrow"}
    spoken = _spoken(language)
    values = {"hours": f"{local:%H}", "minutes": f"{local:%M}", "zone": _words()["zones"].get(plan.zone, "")}
    clock = str(spoken["clock"]).format(**values).strip()
    told: str = spoken["opens"][days.get(local.date(), "later")]
    return told.format(clock=clock, day=long_date(local.date(), language))


def _spoken(language: str) -> dict[str, Any]:
    languages = _words()["languages"]
    found: dict[str, Any] = languages.get(language) or languages[DEFAULT_LANGUAGE]
    return found


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(WORDS.read_text(encoding="utf-8"))
    return found
