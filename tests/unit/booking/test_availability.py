"""When an outlet can take a visit: hours, breaks, nights, holidays, capacity, zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from ramah.booking.availability import (
    Visit,
    closed_reason,
    free_starts,
    hours_text,
    is_free,
    is_open_for,
    next_open_days,
    open_spans,
)
from ramah.integrations.erp.port import TakenTime
from tests.unit.booking.kilap import JAKARTA, KUALA_LUMPUR, MONDAY, make_outlet, outlet

FRIDAY = date(2026, 11, 27)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = Visit(minutes=60, capacity=1)
EVERY_NIGHT = make_outlet({day: [("20:00", "06:00")] for day in range(7)})


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=JAKARTA)


def held(hour: int, minute: int = 0, minutes: int = 60) -> TakenTime:
    return TakenTime(booking_id="other", place="outlet", starts_at=at(hour, minute), minutes=minutes)


def clocks(starts: list[datetime]) -> list[str]:
    return [start.strftime("%H:%M") for start in starts]


def test_johor_bahru_takes_nobody_during_the_friday_break() -> None:
    starts = free_starts(outlet("JHB"), FRIDAY, HOUR, [], LONG_AGO)
    assert clocks(starts) == ["08:00", "09:00", "10:00", "11:00", "15:00", "16:00", "17:00", "18:00", "19:00"]


def test_the_friday_break_is_no_break_on_a_thursday() -> None:
    starts = free_starts(outlet("JHB"), FRIDAY - timedelta(days=1), HOUR, [], LONG_AGO)
    assert "13:00" in clocks(starts) and len(starts) == 12


def test_a_visit_may_not_reach_into_the_break() -> None:
    eleven = datetime.combine(FRIDAY, time(11), tzinfo=KUALA_LUMPUR)
    assert is_open_for(outlet("JHB"), eleven, 60)
    assert not is_open_for(outlet("JHB"), eleven, 75)


def test_the_days_hours_are_told_with_the_break() -> None:
    assert hours_text(outlet("JHB"), FRIDAY) == "08:00-12:00, 15:00-20:00"
    assert hours_text(outlet("JHB"), FRIDAY + timedelta(days=1)) == "08:00-20:00"


def test_the_last_start_lets_the_visit_end_by_closing() -> None:
    starts = free_starts(outlet("JKT"), MONDAY, Visit(minutes=480, capacity=1), [], LONG_AGO)
    assert clocks(starts)[-1] == "12:00"
    assert is_open_for(outlet("JKT"), at(19), 60)
    assert not is_open_for(outlet("JKT"), at(19, 15), 60)


def test_a_visit_longer_than_the_day_has_no_start() -> None:
    assert free_starts(outlet("JKT"), MONDAY, Visit(minutes=721, capacity=3), [], LONG_AGO) == []


def test_opening_hours_may_reach_past_midnight() -> None:
    opens, closes = open_spans(EVERY_NIGHT, MONDAY)[0]
    assert (opens, closes) == (at(20), at(6, day=MONDAY + timedelta(days=1)))
    assert is_open_for(EVERY_NIGHT, at(23, 30), 60)
    assert is_open_for(EVERY_NIGHT, at(5), 60)
    assert not is_open_for(EVERY_NIGHT, at(5, 15), 60)
    assert not is_open_for(EVERY_NIGHT, at(12), 60)


def test_starts_after_midnight_belong_to_the_day_that_the_customer_named() -> None:
    starts = free_starts(EVERY_NIGHT, MONDAY, HOUR, [], LONG_AGO)
    assert {start.date() for start in starts} == {MONDAY}
    assert clocks(starts) == ["00:00", "01:00", "02:00", "03:00", "04:00", "05:00", "20:00", "21:00", "22:00", "23:00"]


def test_the_night_after_the_last_open_day_still_counts() -> None:
    mondays_only = make_outlet({0: [("20:00", "02:00")]})
    tuesday = MONDAY + timedelta(days=1)
    assert clocks(free_starts(mondays_only, MONDAY, HOUR, [], LONG_AGO)) == ["20:00", "21:00", "22:00", "23:00"]
    assert clocks(free_starts(mondays_only, tuesday, HOUR, [], LONG_AGO)) == ["00:00", "01:00"]


def test_a_holiday_has_no_hours_and_a_reason() -> None:
    closed = make_outlet({0: [("08:00", "20:00")]}, holidays=[(MONDAY, "Deepavali")])
    assert closed_reason(closed, MONDAY) == "Deepavali"
    assert open_spans(closed, MONDAY) == []
    assert hours_text(closed, MONDAY) == "-"


def test_a_weekday_without_hours_is_closed_without_a_reason() -> None:
    assert closed_reason(make_outlet({0: [("08:00", "20:00")]}), MONDAY + timedelta(days=1)) == ""
    assert closed_reason(make_outlet({0: [("08:00", "20:00")]}), MONDAY) is None


def test_one_bay_takes_one_visit_at_a_time() -> None:
    visit = Visit(minutes=90, capacity=1)
    assert not is_free(at(10), visit, [held(11)])
    assert not is_free(at(10), visit, [held(9, 30)])
    assert is_free(at(10), visit, [held(9), held(11, 30)])


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ([held(9, 30), held(10, 30)], True),  # one ends as the other begins
        ([held(9, 30), held(10)], False),
        ([held(10, 15), held(10, 15)], False),
        ([held(9), held(9)], True),
        ([held(11), held(11)], True),
        ([held(10, minutes=15), held(10, 15, minutes=15), held(10, 30, minutes=30)], True),
        ([held(8, minutes=600), held(10, 45, minutes=15)], False),
    ],
)
def test_two_bays_take_what_never_overlaps_twice(taken: list[TakenTime], free: bool) -> None:
    assert is_free(at(10), Visit(minutes=60, capacity=2), taken) is free


def test_no_bay_takes_nobody() -> None:
    assert not is_free(at(10), Visit(minutes=60, capacity=0), [])
    assert free_starts(outlet("JKT"), MONDAY, Visit(minutes=60, capacity=0), [], LONG_AGO) == []


def test_what_is_held_is_left_out_of_the_starts() -> None:
    starts = clocks(free_starts(outlet("JKT"), MONDAY, HOUR, [held(9), held(13, 30)], LONG_AGO))
    assert not {"09:00", "13:00", "14:00"} & set(starts)
    assert {"08:00", "10:00", "12:00", "15:00"} <= set(starts)


def test_starts_that_have_passed_are_not_offered() -> None:
    assert clocks(free_starts(outlet("JKT"), MONDAY, HOUR, [], at(17)))[0] == "18:00"
    assert free_starts(outlet("JKT"), MONDAY, HOUR, [], at(19)) == []


def test_kuala_lumpur_opens_an_hour_before_jakarta_by_the_sun() -> None:
    eight_there = free_starts(outlet("KUL"), MONDAY, HOUR, [], LONG_AGO)[0]
    assert eight_there == at(7)
    assert is_open_for(outlet("KUL"), at(7), 60)
    assert not is_open_for(outlet("JKT"), at(7), 60)
    assert is_open_for(outlet("JKT"), at(19), 60)
    assert not is_open_for(outlet("KUL"), at(19), 60)


def test_a_visit_held_in_universal_time_counts_in_the_outlets_zone() -> None:
    other = TakenTime(
        booking_id="other", place="outlet", starts_at=datetime(2026, 11, 23, 2, tzinfo=UTC), minutes=60
    )  # 09:00 in Jakarta, 10:00 in Kuala Lumpur
    assert "09:00" not in clocks(free_starts(outlet("JKT"), MONDAY, HOUR, [other], LONG_AGO))
    kuala_lumpur = clocks(free_starts(outlet("KUL"), MONDAY, HOUR, [other], LONG_AGO))
    assert "10:00" not in kuala_lumpur and "09:00" in kuala_lumpur


def test_the_next_open_days_begin_today_until_closing() -> None:
    assert next_open_days(outlet("JKT"), at(19, 59), 3, 60) == [MONDAY + timedelta(days=n) for n in range(3)]
    assert next_open_days(outlet("JKT"), at(20), 1, 60) == [MONDAY + timedelta(days=1)]


def test_today_is_the_outlets_today() -> None:
    half_past_eleven_at_night_in_jakarta = at(23, 30)
    assert next_open_days(outlet("KUL"), half_past_eleven_at_night_in_jakarta, 1, 60) == [MONDAY + timedelta(days=1)]
    past_midnight_in_kuala_lumpur = at(23, 30, day=MONDAY - timedelta(days=1))
    assert next_open_days(outlet("KUL"), past_midnight_in_kuala_lumpur, 1, 60) == [MONDAY]


def test_the_next_open_days_skip_holidays_and_closed_weekdays_and_end_with_the_horizon() -> None:
    weekdays = {day: [("08:00", "12:00")] for day in range(5)}
    tuesday = MONDAY + timedelta(days=1)
    closed = make_outlet(weekdays, holidays=[(tuesday, "stocktaking")])
    assert [day.day for day in next_open_days(closed, at(7), 5, 60)] == [23, 25, 26, 27, 30]
    assert [day.day for day in next_open_days(closed, at(7), 5, 3)] == [23, 25, 26]
