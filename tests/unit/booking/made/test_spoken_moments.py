"""Dates and times of a wish to move: which name the booking, which the new time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from ramah.booking.made.spoken_moments import spoken_moments

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=JAKARTA)  # a Monday
TUESDAY_TEN = datetime(2026, 11, 24, 10, tzinfo=JAKARTA)
SATURDAY_TWO = datetime(2026, 11, 28, 14, tzinfo=JAKARTA)
TUESDAY, WEDNESDAY, THURSDAY, SATURDAY = (date(2026, 11, day) for day in (24, 25, 26, 28))


@pytest.mark.parametrize(
    ("text", "of_day", "day", "wanted"),
    [
        ("pindahin booking besok ke kamis", TUESDAY, THURSDAY, None),
        ("booking saya yang besok mau dipindah ke lusa jam 3 sore", TUESDAY, WEDNESDAY, time(15)),
        ("dari selasa jadi kamis jam 10", TUESDAY, THURSDAY, time(10)),
        ("pindah ke besok, booking yang sabtu", SATURDAY, TUESDAY, None),
        ("saya ga bisa datang besok, bisa ganti hari?", TUESDAY, None, None),
        ("mau reschedule ke kamis", None, THURSDAY, None),
        ("kamis bisa ga?", None, THURSDAY, None),
        ("tempahan esok nak tukar ke Khamis pukul 3 petang", TUESDAY, THURSDAY, time(15)),
        ("tukar tempahan Sabtu saya kepada lusa", SATURDAY, WEDNESDAY, None),
        ("move my booking tomorrow to Thursday at 3pm", TUESDAY, THURSDAY, time(15)),
        ("can my Saturday appointment be moved to Thursday 3pm", SATURDAY, THURSDAY, time(15)),
        ("reschedule the one tomorrow", TUESDAY, None, None),
        ("majuin booking besok ke jam 8 pagi", TUESDAY, None, time(8)),
        ("mau ganti jadwal", None, None, None),
    ],
)
def test_the_booking_and_the_new_time_are_told_apart(
    text: str, of_day: date | None, day: date | None, wanted: time | None
) -> None:
    found = spoken_moments(text, NOW, [TUESDAY_TEN, SATURDAY_TWO])
    assert (found.of_day, found.day, found.time) == (of_day, day, wanted)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("mundur sejam", 60),
        ("diundur 2 jam dong", 120),
        ("mundur setengah jam", 30),
        ("dimajukan satu jam", -60),
        ("majuin 2 jam", -120),
        ("tunda sehari", 1440),
        ("undur seminggu", 7 * 1440),
        ("lewatkan sejam boleh?", 60),
        ("awalkan dua jam", -120),
        ("push it back an hour", 60),
        ("postpone it by two days", 2880),
        ("an hour earlier please", -60),
        ("bring it forward 2 hours", -120),
        ("pindah ke jam 3", None),
        ("mundur", None),
        ("sejam lagi", None),
    ],
)
def test_how_much_later_or_earlier_is_read(text: str, minutes: int | None) -> None:
    shift = spoken_moments(text, NOW, [TUESDAY_TEN]).shift
    assert shift == (None if minutes is None else timedelta(minutes=minutes))


def test_once_the_booking_is_settled_every_date_is_wanted() -> None:
    found = spoken_moments("besok jam 10", NOW, ())
    assert (found.of_day, found.day, found.time) == (None, TUESDAY, time(10))


def test_a_part_of_the_day_alone_is_no_hour() -> None:
    found = spoken_moments("kamis sore aja", NOW, [TUESDAY_TEN])
    assert (found.day, found.time, found.part_of_day) == (THURSDAY, None, "sore")
