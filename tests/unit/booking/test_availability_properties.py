"""Whatever the hours and the visits held: a free start never breaks capacity or hours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.booking.availability import Visit, free_starts, is_free, is_open_for, open_spans
from ramah.integrations.erp.port import TakenTime
from ramah.people import Outlet
from tests.unit.booking.kilap import KUALA_LUMPUR, MONDAY, make_outlet

MIDNIGHT = datetime.combine(MONDAY, time(), tzinfo=KUALA_LUMPUR)
QUARTERS = st.integers(0, 95)


def clock_of(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


def at_quarter(quarter: int) -> datetime:
    return MIDNIGHT + timedelta(minutes=15 * quarter)


@st.composite
def outlets(draw: st.DrawFn) -> Outlet:
    """An outlet with up to two spans on Sunday, Monday and Tuesday; some reach past midnight."""
    spans = st.lists(st.tuples(QUARTERS.map(clock_of), QUARTERS.map(clock_of)), max_size=2)
    hours = {weekday: draw(spans) for weekday in (6, 0, 1)}
    return make_outlet(hours, zone="Asia/Kuala_Lumpur", slot_minutes=draw(st.sampled_from([15, 30, 60])))


def held_visits() -> st.SearchStrategy[list[TakenTime]]:
    visit = st.builds(
        lambda quarter, length: TakenTime(
            booking_id="other", place="outlet", starts_at=at_quarter(quarter), minutes=15 * length
        ),
        st.integers(-20, 110),
        st.integers(1, 32),
    )
    return st.lists(visit, max_size=12)


def visits() -> st.SearchStrategy[Visit]:
    return st.builds(lambda length, capacity: Visit(15 * length, capacity), st.integers(1, 32), st.integers(0, 3))


def busiest(visit_start: datetime, minutes: int, taken: list[TakenTime]) -> int:
    """How many visits are on at the busiest minute of a visit, counted minute by minute."""
    moments = [visit_start + timedelta(minutes=minute) for minute in range(0, minutes, 5)]
    return max(
        sum(other.starts_at <= moment < other.starts_at + timedelta(minutes=other.minutes) for other in taken)
        for moment in moments
    )


@settings(max_examples=120, deadline=None)
@given(outlets(), visits(), held_visits(), QUARTERS)
def test_a_free_start_is_open_to_come_on_its_day_and_has_room(
    outlet: Outlet, visit: Visit, taken: list[TakenTime], now: int
) -> None:
    for start in free_starts(outlet, MONDAY, visit, taken, at_quarter(now)):
        assert start > at_quarter(now)
        assert start.date() == MONDAY
        assert is_open_for(outlet, start, visit.minutes)
        assert busiest(start, visit.minutes, taken) < visit.capacity


@settings(max_examples=120, deadline=None)
@given(visits(), held_visits(), QUARTERS)
def test_a_time_is_free_exactly_when_the_busiest_minute_leaves_room(
    visit: Visit, taken: list[TakenTime], quarter: int
) -> None:
    start = at_quarter(quarter)
    assert is_free(start, visit, taken) is (busiest(start, visit.minutes, taken) < visit.capacity)


@settings(max_examples=60, deadline=None)
@given(outlets(), visits())
def test_filling_a_day_visit_by_visit_ends_and_never_overbooks(outlet: Outlet, visit: Visit) -> None:
    taken: list[TakenTime] = []
    while starts := free_starts(outlet, MONDAY, visit, taken, MIDNIGHT - timedelta(days=1)):
        taken.append(TakenTime(booking_id="b", place="outlet", starts_at=starts[0], minutes=visit.minutes))
    for one in taken:
        assert busiest(one.starts_at, one.minutes, taken) <= visit.capacity


@settings(max_examples=60, deadline=None)
@given(outlets(), st.sampled_from([MONDAY, MONDAY + timedelta(days=1)]))
def test_spans_begin_on_their_day_and_end_within_a_day(outlet: Outlet, day: date) -> None:
    for opens, closes in open_spans(outlet, day):
        assert opens.date() == day
        assert timedelta() < closes - opens <= timedelta(days=1)
