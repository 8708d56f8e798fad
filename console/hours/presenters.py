"""From a plan to what the page shows: the week, the special days, the state now, the words outside of the hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_datetime

from console.translations import Marked, mark
from ramah.lib.wording import locale_of
from ramah.messaging.hours.bot import BotMode
from ramah.messaging.hours.managing import BotPage
from ramah.messaging.hours.opening import closes_at, is_open, next_opening
from ramah.messaging.hours.plan import LANGUAGES, Plan, SpecialDay, Window
from ramah.messaging.hours.wording import outside_message, usual_message

DAYS = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)
LANGUAGE_NAMES = {"id": "Bahasa Indonesia", "ms": "Bahasa Melayu", "en": "English"}
OFTEN_USED = (
    "Asia/Jakarta",
    "Asia/Makassar",
    "Asia/Jayapura",
    "Asia/Kuala_Lumpur",
    "Asia/Kuching",
    "Asia/Singapore",
)
MALAYSIAN_STATES = {
    "01": "Johor", "02": "Kedah", "03": "Kelantan", "04": "Melaka", "05": "Negeri Sembilan", "06": "Pahang",
    "07": "Pulau Pinang", "08": "Perak", "09": "Perlis", "10": "Selangor", "11": "Terengganu", "12": "Sabah",
    "13": "Sarawak", "14": "Kuala Lumpur", "15": "Labuan", "16": "Putrajaya",
}  # fmt: skip
"""ISO 3166-2:MY; each has public holidays of its own."""
SOON = timedelta(days=6)
MODES: dict[BotMode, tuple[Marked, Marked]] = {
    BotMode.ANSWERS: (mark("Answers"), mark("The bot answers customers by itself.")),
    BotMode.DRAFTS: (
        mark("Drafts for approval"),
        mark("The bot writes, a person reads it in the conversation and sends, changes or discards it."),
    ),
    BotMode.OFF: (mark("Off"), mark("Every conversation goes straight into the queue.")),
}


def page_context(found: BotPage, language: str, now: datetime) -> dict[str, Any]:
    """All that ``hours/page.html`` shows."""
    plan = found.kept.plan
    return {
        "bots": found.bots,
        "chosen": found.chosen,
        "own": found.kept.own,
        "plan": plan,
        "week": [
            {"number": day, "name": name, "windows": [_window(window) for window in plan.week[day]]}
            for day, name in enumerate(DAYS)
        ],
        "special": special_days(plan.special),
        "zones": _zones(),
        "mode": found.mode,
        "modes": [{"value": mode, "name": name, "about": about} for mode, (name, about) in MODES.items()],
        "country": found.country,
        "years": [now.year, now.year + 1],
        "states": sorted(MALAYSIAN_STATES.items(), key=lambda state: state[1]),
        "languages": [_language(plan, code) for code in LANGUAGES],
        **preview(plan, found.organisation, language, now),
    }


def preview(plan: Plan, organisation: str, language: str, now: datetime) -> dict[str, Any]:
    """Whether it is open now, until or from when, and what a customer reads outside of the hours."""
    opened, opening = is_open(plan, now), next_opening(plan, now)
    until = closes_at(plan, now) if opened else None
    # What is shown while it is open is what somebody reads right after it closes.
    at = until or now
    return {
        "opened": opened,
        "until": _moment(plan, until, language, now) if until else None,
        "opens": _moment(plan, opening, language, now) if opening else None,
        "clock": f"{now.astimezone(ZoneInfo(plan.zone)):%H:%M}",
        "previews": [
            {"code": code, "name": LANGUAGE_NAMES[code], "text": outside_message(plan, code, organisation, at)}
            for code in LANGUAGES
        ],
        "problem": None,
    }


def special_days(days: tuple[SpecialDay, ...]) -> list[dict[str, str]]:
    """Rows of the table, earliest first."""
    return [
        {
            "day": special.day.isoformat(),
            "name": special.name,
            "hours": ", ".join(f"{window.opens:%H:%M}-{_closing(window)}" for window in special.windows),
        }
        for special in days
    ]


def _window(window: Window) -> dict[str, Any]:
    return {"opens": f"{window.opens:%H:%M}", "closes": _closing(window), "overnight": window.is_overnight}


def _closing(window: Window) -> str:
    closes = f"{window.closes:%H:%M}"
    return "24:00" if closes == "00:00" else closes


def _language(plan: Plan, code: str) -> dict[str, str]:
    return {
        "code": code,
        "name": LANGUAGE_NAMES[code],
        "own": plan.messages.get(code, ""),
        "usual": usual_message(plan, code),
    }


def _moment(plan: Plan, moment: datetime, language: str, now: datetime) -> str:
    """``Mon 08:00``, with the date where that is not the next one of its name."""
    local = moment.astimezone(ZoneInfo(plan.zone))
    pattern = "EEE HH:mm" if moment - now < SOON else "EEE d MMM y, HH:mm"
    return format_datetime(local, pattern, locale=locale_of(language))


def _zones() -> list[str]:
    places = ("Asia", "Australia", "Europe", "America", "Africa", "Pacific", "Indian", "Atlantic")
    others = sorted(zone for zone in available_timezones() if zone.split("/")[0] in places)
    return [*OFTEN_USED, *(zone for zone in others if zone not in OFTEN_USED), "UTC"]
