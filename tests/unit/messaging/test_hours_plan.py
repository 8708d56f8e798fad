"""What may be written as hours, the words outside of them, public holidays, and the rules of one turn."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from ramah.lib.errors import BadInput
from ramah.messaging.hours.bot import BotRules
from ramah.messaging.hours.keeping import checked_plan
from ramah.messaging.hours.plan import LANGUAGES, Plan, SpecialDay
from ramah.messaging.hours.public_holidays import public_holidays, with_holidays
from ramah.messaging.hours.wording import outside_message, usual_message

MONDAY_TO_FRIDAY = [[{"opens": "08:00", "closes": "17:00"}]] * 5 + [[], []]


def plan(**changes: Any) -> Plan:
    return checked_plan(**{"enabled": True, "zone": "Asia/Jakarta", "week": MONDAY_TO_FRIDAY, **changes})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"zone": "Mars/Olympus"}, "time zone is not known"),
        ({"zone": "../etc/passwd"}, "time zone is not known"),
        ({"zone": ""}, "zone"),
        ({"week": [[]] * 6}, "week"),
        ({"week": [[{"opens": "25:00", "closes": "17:00"}], *[[]] * 6]}, "opens"),
        ({"week": [[{"opens": "08:00:30", "closes": "17:00"}], *[[]] * 6]}, "without seconds"),
        ({"special": [{"day": "2026-02-30"}]}, "day"),
        ({"special": [{"day": "2026-02-01"}, {"day": "2026-02-01"}]}, "twice"),
        ({"messages": {"id": "x" * 1001}}, "1000"),
        ({"messages": {"xx": "bye"}}, "not in xx"),
    ],
)
def test_what_cannot_be_hours_is_refused_in_words(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        plan(**changes)


@pytest.mark.parametrize(
    "windows",
    [
        [("08:00", "12:00"), ("11:00", "13:00")],
        [("20:00", "06:00"), ("22:00", "23:00")],
        [("00:00", "24:00"), ("08:00", "09:00")],
    ],
)
def test_windows_of_a_day_do_not_overlap(windows: list[tuple[str, str]]) -> None:
    with pytest.raises(ValidationError, match="begins before"):
        SpecialDay.model_validate(
            {"day": "2026-11-23", "windows": [{"opens": opens, "closes": closes} for opens, closes in windows]}
        )


def test_windows_that_touch_are_welcome_and_stand_in_order() -> None:
    special = SpecialDay.model_validate(
        {
            "day": "2026-11-23",
            "windows": [{"opens": "12:00", "closes": "24:00"}, {"opens": "08:00", "closes": "12:00"}],
        }
    )
    assert [f"{window.opens:%H:%M}" for window in special.windows] == ["08:00", "12:00"]


def test_a_plan_survives_being_stored() -> None:
    kept = plan(special=[{"day": "2026-12-25", "name": "Natal"}], messages={"id": "Tutup ya"})
    assert Plan.model_validate(kept.model_dump(mode="json")) == kept


@pytest.mark.parametrize(
    ("language", "now", "told"),
    [
        ("id", "2026-11-22T23:00", "buka lagi hari ini jam 08.00 WIB"),  # Monday 06:00 in Jakarta
        ("id", "2026-11-23T12:00", "buka lagi besok jam 08.00 WIB"),
        ("id", "2026-11-27T12:00", "buka lagi Senin, 30 November 2026, jam 08.00 WIB"),
        ("ms", "2026-11-27T12:00", "buka semula Isnin, 30 November 2026, pukul 08:00 WIB"),
        ("en", "2026-11-23T12:00", "open again tomorrow at 08:00 WIB"),
        ("xx", "2026-11-23T12:00", "open again tomorrow"),
    ],
)
def test_the_usual_words_tell_the_next_opening(language: str, now: str, told: str) -> None:
    said = outside_message(plan(), language, "Kilap Auto", utc(now))
    assert told in said
    assert "Kilap Auto" in said
    assert "{" not in said


def test_a_zone_without_a_name_of_its_own_leaves_nothing_behind() -> None:
    said = outside_message(plan(zone="Asia/Kuala_Lumpur"), "ms", "Bersih", utc("2026-11-23T12:00"))
    assert "esok pukul 08:00." in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_promise_is_made_that_nobody_keeps(language: str) -> None:
    never = plan(week=[[]] * 7, messages={language: "Opens {opens}"})
    said = outside_message(never, language, "Kilap", utc("2026-11-23T12:00"))
    assert said == usual_message(never, language, opens_again=False).replace("{organisation}", "Kilap")
    assert usual_message(plan(needs_human=False), language) != usual_message(plan(), language)


def test_own_words_come_before_the_usual_ones_and_signs_in_them_do_no_harm() -> None:
    kept = plan(messages={"id": "{organisation} tutup {x} {0} {, buka {opens}"})
    said = outside_message(kept, "id", "Kilap {opens}", utc("2026-11-23T12:00"))
    assert said.startswith("Kilap ")
    assert "{x} {0} {, buka besok jam 08.00 WIB" in said
    assert "closed" in outside_message(kept, "en", "Kilap", utc("2026-11-23T12:00"))


def test_public_holidays_are_closed_days_with_their_names() -> None:
    indonesia = {special.day: special for special in public_holidays("ID", 2026)}
    assert indonesia[date(2026, 8, 17)].windows == ()
    assert "Kemerdekaan" in indonesia[date(2026, 8, 17)].name
    assert date(2026, 8, 31) in {special.day for special in public_holidays("MY", 2026)}
    assert len(public_holidays("MY", 2026, "14")) > len(public_holidays("MY", 2026))


@pytest.mark.parametrize(("country", "year", "state"), [("SG", 2026, None), ("ID", 1800, None), ("MY", 2026, "99")])
def test_a_country_year_or_state_that_is_not_known_is_refused(country: str, year: int, state: str | None) -> None:
    with pytest.raises(BadInput):
        public_holidays(country, year, state)


def test_a_day_that_was_set_by_hand_outlives_the_holidays() -> None:
    own = SpecialDay.model_validate({"day": "2026-08-17", "windows": [{"opens": "09:00", "closes": "12:00"}]})
    merged = with_holidays((own,), public_holidays("ID", 2026))
    assert [special for special in merged if special.day == own.day] == [own]
    assert len(merged) == len(public_holidays("ID", 2026))


OPEN, CLOSED = utc("2026-11-23T03:00"), utc("2026-11-23T12:00")  # 10:00 and 19:00 in Jakarta


@pytest.mark.parametrize(
    ("arrived", "now", "outside"),
    [(OPEN, OPEN, False), (OPEN, CLOSED, False), (CLOSED, OPEN, False), (CLOSED, CLOSED, True)],
)
def test_a_message_that_came_in_time_or_is_read_in_time_is_answered(
    arrived: datetime, now: datetime, outside: bool
) -> None:
    assert BotRules(plan=plan()).is_outside(arrived, now) is outside


def test_without_hours_nothing_is_outside() -> None:
    assert not BotRules().is_outside(CLOSED, CLOSED)


def test_the_customer_is_told_once_in_each_closed_period() -> None:
    assert BotRules(plan=plan()).tells(CLOSED)
    assert not BotRules(plan=plan(), told_at=utc("2026-11-23T11:00")).tells(CLOSED)
    assert BotRules(plan=plan(), told_at=utc("2026-11-22T12:00")).tells(CLOSED)
    assert not BotRules(plan=plan(tells=False)).tells(CLOSED)
