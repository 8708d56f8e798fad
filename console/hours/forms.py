"""From the posted form to a plan: what people type as times is read generously, and refused in words."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Any

from sanic import Request

from console.security import form_text
from ramah.lib.errors import BadInput
from ramah.messaging.hours.keeping import checked_plan
from ramah.messaging.hours.plan import DAYS, LANGUAGES, Plan, SpecialDay

TYPED_TIME = re.compile(r"\s*([0-9]{1,2})\s*[:.h]?\s*([0-9]{2})?\s*", re.ASCII)
BETWEEN = re.compile(r"\s*(?:-|–|to|s/d)\s*")


def plan_in(request: Request) -> Plan:
    """The plan that the form describes. Raises BadInput."""
    return checked_plan(
        enabled=bool(form_text(request, "enabled")),
        zone=form_text(request, "zone").strip(),
        week=[_day(request, day) for day in range(DAYS)],
        special=_special(request),
        tells=bool(form_text(request, "tells")),
        needs_human=bool(form_text(request, "needs_human")),
        messages={language: form_text(request, f"message-{language}") for language in LANGUAGES},
    )


def special_days_in(request: Request) -> tuple[SpecialDay, ...]:
    """Only the special days of the form. Raises BadInput."""
    return checked_plan(zone="UTC", special=_special(request)).special


def clock_typed(text: str) -> str:
    """``8``, ``830``, ``08.30`` and ``8:30`` as ``08:30``. Raises BadInput."""
    digits = text.strip()
    found = TYPED_TIME.fullmatch(f"{digits[:-2]}:{digits[-2:]}" if re.fullmatch("[0-9]{3,4}", digits) else digits)
    if found is None:
        raise BadInput(f"“{text[:20]}” is no time; write it as 08:30.")
    return f"{int(found[1]):02}:{found[2] or '00'}"


def _day(request: Request, day: int) -> list[dict[str, str]]:
    opens, closes = _all(request, f"day-{day}-opens"), _all(request, f"day-{day}-closes")
    pairs = zip_longest(opens, closes, fillvalue="")
    return [_window(begin, end) for begin, end in pairs if begin.strip() or end.strip()]


def _special(request: Request) -> list[dict[str, Any]]:
    columns = [_all(request, f"special-{name}") for name in ("day", "name", "hours")]
    rows = zip_longest(*columns, fillvalue="")
    return [{"day": day, "name": name.strip(), "windows": _windows(hours)} for day, name, hours in rows if day.strip()]


def _windows(text: str) -> list[dict[str, str]]:
    """``09:00-12:00, 13:00-15:00``; nothing means closed."""
    return [_window(*_halves(part)) for part in text.split(",") if part.strip()]


def _halves(text: str) -> tuple[str, str]:
    halves = BETWEEN.split(text.strip())
    if len(halves) != 2:
        raise BadInput(f"“{text.strip()[:40]}” is no span of time; write it as 09:00-12:00.")
    return halves[0], halves[1]


def _window(opens: str, closes: str) -> dict[str, str]:
    return {"opens": clock_typed(opens), "closes": clock_typed(closes)}


def _all(request: Request, name: str) -> list[str]:
    values = request.form.getlist(name) if request.form else None
    return [str(value).replace("\x00", "") for value in values or []]
