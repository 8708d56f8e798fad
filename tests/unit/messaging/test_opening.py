"""Open now? Open again when? Past midnight, on holidays, at the ends of months, and where the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ramah.messaging.hours.opening import closes_at, is_open, next_opening, opened_since, spans_on
from ramah.messaging.hours.plan import Plan, SpecialDay, Window

MONDAY, TUESDAY, SUNDAY = 0, 1, 6
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Kuala_Lumpur", "Europe/Berlin")


def window(text: str) -> Window:
    opens, closes = text.split("-")
    return Window.model_validate({"opens": opens, "closes": closes})


def plan(days: dict[int, str], zone: str = "Asia/Jakarta", special: dict[str, str] | None = None) -> Plan:
    """A plan from texts such as ``08:00-12:00 13:00-17:00`` by weekday, and by date for special days."""
    week = tuple(tuple(window(one) for one in days.get(day, "").split()) for day in range(7))
    others = [
        SpecialDay(day=date.fromisoformat(day), windows=tuple(window(one) for one in text.split()))
        for day, text in (special or {}).items()
    ]
    return Plan(enabled=True, zone=zone, week=week, special=tuple(others))


def local(text: str, zone: str = "Asia/Jakarta", fold: int = 0) -> datetime:
    """A clock reading in a zone as a moment."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def every_day(text: str) -> dict[int, str]:
    return dict.fromkeys(range(7), text)


OFFICE = dict.fromkeys(range(5), "08:00-12:00 13:00-17:00")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-11-23T07:59", False),
        ("2026-11-23T08:00", True),
        ("2026-11-23T11:59", True),
        ("2026-11-23T12:00", False),
        ("2026-11-23T13:00", True),
        ("2026-11-23T17:00", False),
        ("2026-11-28T10:00", False),
    ],
)
def test_it_is_open_in_its_windows_by_the_clock_of_its_zone(zone: str, moment: str, opened: bool) -> None:
    assert is_open(plan(OFFICE, zone), local(moment, zone)) is opened


def test_the_same_moment_is_open_in_one_zone_and_closed_in_another() -> None:
    moment = local("2026-11-23T08:30", "Asia/Makassar")
    assert is_open(plan(OFFICE, "Asia/Makassar"), moment)
    assert is_open(plan(OFFICE, "Asia/Kuala_Lumpur"), moment)
    assert not is_open(plan(OFFICE, "Asia/Jakarta"), moment)


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-11-23T19:59", False),
        ("2026-11-23T20:00", True),
        ("2026-11-24T00:00", True),
        ("2026-11-24T05:59", True),
        ("2026-11-24T06:00", False),
        ("2026-11-24T20:30", False),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(moment: str, opened: bool) -> None:
    assert is_open(plan({MONDAY: "20:00-06:00"}), local(moment)) is opened


def test_the_night_of_sunday_reaches_into_monday() -> None:
    assert is_open(plan({SUNDAY: "22:00-04:00"}), local("2026-11-23T03:00"))
    assert not is_open(plan({SUNDAY: "22:00-04:00"}), local("2026-11-24T03:00"))


@pytest.mark.parametrize("closes", ["24:00", "00:00"])
def test_a_window_to_midnight_ends_with_the_day(closes: str) -> None:
    late = plan({MONDAY: f"08:00-{closes}"})
    assert is_open(late, local("2026-11-23T23:59"))
    assert not is_open(late, local("2026-11-24T00:00"))
    assert spans_on(late, date(2026, 11, 23))[0].ends == local("2026-11-24T00:00")


def test_a_whole_day_lasts_from_midnight_to_midnight() -> None:
    whole = plan({TUESDAY: "00:00-24:00"})
    assert not is_open(whole, local("2026-11-23T23:59"))
    assert is_open(whole, local("2026-11-24T00:00"))
    assert is_open(whole, local("2026-11-24T23:59"))
    assert not is_open(whole, local("2026-11-25T00:00"))


def test_round_the_clock_it_never_closes_and_windows_that_touch_are_one() -> None:
    assert closes_at(plan(every_day("00:00-24:00")), local("2026-11-23T10:00")) is None
    touching = plan({MONDAY: "20:00-24:00", TUESDAY: "00:00-06:00"})
    assert closes_at(touching, local("2026-11-23T21:00")) == local("2026-11-24T06:00")


def test_a_holiday_is_closed_and_another_special_day_has_its_own_hours() -> None:
    kept = plan(OFFICE, special={"2026-12-25": "", "2026-12-24": "08:00-12:00", "2026-12-26": "10:00-14:00"})
    assert not is_open(kept, local("2026-12-25T10:00"))
    assert is_open(kept, local("2026-12-24T10:00"))
    assert not is_open(kept, local("2026-12-24T14:00"))
    assert is_open(kept, local("2026-12-26T10:00"))  # a Saturday


def test_the_night_before_a_holiday_goes_on_and_that_of_the_holiday_does_not_begin() -> None:
    kept = plan(every_day("20:00-06:00"), special={"2026-12-25": ""})
    assert is_open(kept, local("2026-12-25T05:00"))
    assert not is_open(kept, local("2026-12-25T20:30"))
    assert not is_open(kept, local("2026-12-26T05:00"))
    assert is_open(kept, local("2026-12-26T20:30"))


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23T07:00", "2026-11-23T08:00"),
        ("2026-11-23T12:30", "2026-11-23T13:00"),
        ("2026-11-27T18:00", "2026-11-30T08:00"),  # over the weekend
        ("2026-10-30T18:00", "2026-11-02T08:00"),  # over the end of a month
        ("2026-12-31T18:00", "2027-01-01T08:00"),  # over the end of a year
        ("2028-02-28T18:00", "2028-02-29T08:00"),  # into a leap day, a Tuesday
        ("2027-02-28T18:00", "2027-03-01T08:00"),  # and none in this year
    ],
)
def test_it_opens_again_at_the_next_window(moment: str, opening: str) -> None:
    assert next_opening(plan(OFFICE), local(moment)) == local(opening)


def test_holidays_in_a_row_are_passed_over() -> None:
    kept = plan(OFFICE, special={f"2027-03-{day:02}": "" for day in range(8, 13)})
    assert next_opening(kept, local("2027-03-05T18:00")) == local("2027-03-15T08:00")


def test_only_a_special_day_next_year_is_found_and_nothing_at_all_is_none() -> None:
    assert next_opening(plan({}, special={"2027-11-20": "09:00-10:00"}), local("2026-11-23T10:00")) == local(
        "2027-11-20T09:00"
    )
    assert next_opening(plan({}), local("2026-11-23T10:00")) is None


def test_a_leap_day_can_be_special() -> None:
    kept = plan(OFFICE, special={"2028-02-29": ""})
    assert not is_open(kept, local("2028-02-29T10:00"))
    assert next_opening(kept, local("2028-02-28T18:00")) == local("2028-03-01T08:00")


def test_a_plan_that_is_switched_off_is_open_always() -> None:
    off = plan(OFFICE).model_copy(update={"enabled": False})
    assert is_open(off, local("2026-11-22T03:00"))
    assert closes_at(off, local("2026-11-22T03:00")) is None


BERLIN = "Europe/Berlin"


def test_a_night_in_which_the_clocks_go_forward_is_an_hour_shorter() -> None:
    (span,) = spans_on(plan({5: "20:00-06:00"}, BERLIN), date(2026, 3, 28))
    assert span.ends - span.begins == timedelta(hours=9)


def test_a_night_in_which_the_clocks_go_back_is_an_hour_longer() -> None:
    (span,) = spans_on(plan({5: "20:00-06:00"}, BERLIN), date(2026, 10, 24))
    assert span.ends - span.begins == timedelta(hours=11)


def test_a_closing_time_that_comes_twice_means_the_second() -> None:
    kept = plan({SUNDAY: "00:30-02:30"}, BERLIN)
    assert is_open(kept, local("2026-10-25T02:15", BERLIN, fold=1))
    assert not is_open(kept, local("2026-10-25T02:30", BERLIN, fold=1))


def test_an_opening_time_that_the_clocks_skip_opens_after_the_leap() -> None:
    kept = plan({SUNDAY: "02:30-04:00"}, BERLIN)
    assert next_opening(kept, local("2026-03-28T12:00", BERLIN)) == local("2026-03-29T03:30", BERLIN)
    assert not is_open(kept, local("2026-03-29T03:15", BERLIN))
    assert is_open(kept, local("2026-03-29T03:45", BERLIN))


def test_a_window_that_the_clocks_swallow_is_none() -> None:
    assert all(span.begins < span.ends for span in spans_on(plan({SUNDAY: "02:00-03:00"}, BERLIN), date(2026, 3, 29)))


def test_another_closed_period_begins_once_it_was_open_in_between() -> None:
    kept = plan(OFFICE)
    evening = local("2026-11-23T18:00")
    assert not opened_since(kept, evening, local("2026-11-24T07:59"))
    assert opened_since(kept, evening, local("2026-11-24T08:00"))
    assert opened_since(kept, evening, local("2026-11-24T19:00"))
    assert not opened_since(kept, local("2026-11-27T18:00"), local("2026-11-29T23:00"))


clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(days=st.dictionaries(st.integers(0, 6), st.tuples(clocks, clocks)), zone=st.sampled_from(ZONES), moment=moments)
def test_an_opening_is_open_and_nothing_before_it_is(
    days: dict[int, tuple[time, time]], zone: str, moment: datetime
) -> None:
    week = tuple((Window(opens=days[day][0], closes=days[day][1]),) if day in days else () for day in range(7))
    kept = Plan(enabled=True, zone=zone, week=week)
    opening = next_opening(kept, moment)
    if opening is None:
        assert not days
        return
    assert opening > moment
    assert is_open(kept, opening)
    if not is_open(kept, moment):
        steps = [moment + (opening - moment) * part / 20 for part in range(20)]
        assert not any(is_open(kept, step) for step in steps)
    else:
        end = closes_at(kept, moment)
        assert end is None or (end > moment and not is_open(kept, end))
