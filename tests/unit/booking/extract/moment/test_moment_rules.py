"""The rules of the package docstring, on days and at hours other than the tables'."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from ramah.booking.extract.moment import PART_WINDOWS, find_dates, find_times

JAKARTA = ZoneInfo("Asia/Jakarta")


def on(day: str, clock: str = "09:30") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=JAKARTA)


def the_date(text: str, now: datetime) -> date:
    found = find_dates(text, now)
    assert len(found) == 1, found
    return found[0].value


def the_time(text: str, opens: time = time(8), closes: time = time(20)) -> time:
    found = find_times(text, on("2026-11-20"), opens=opens, closes=closes)
    assert len(found) == 1, found
    return found[0].value


@pytest.mark.parametrize(
    ("said_on", "phrase", "meant"),
    [
        ("2026-11-22", "minggu", "2026-11-29"),
        ("2026-11-22", "hari Minggu ini", "2026-11-22"),
        ("2026-11-22", "minggu depan", "2026-11-23"),
        ("2026-11-22", "Senin depan", "2026-11-23"),
        ("2026-11-22", "Sabtu ini", "2026-11-28"),
        ("2026-11-22", "malam minggu", "2026-11-28"),
        ("2026-11-21", "malam minggu", "2026-11-21"),
        ("2026-11-21", "akhir pekan ini", "2026-11-21"),
        ("2026-11-22", "this weekend", "2026-11-22"),
        ("2026-11-23", "Senin depan", "2026-11-30"),
        ("2026-11-23", "next Sunday", "2026-12-06"),
        ("2026-11-20", "Kamis minggu ini", "2026-11-19"),
        ("2026-12-31", "besok", "2027-01-01"),
        ("2026-12-31", "bulan depan", "2027-01-01"),
        ("2026-12-31", "tgl 5 bulan depan", "2027-01-05"),
        ("2026-12-20", "5 Jan", "2027-01-05"),
        ("2026-11-30", "akhir bulan", "2026-11-30"),
        ("2027-01-31", "sebulan lagi", "2027-02-28"),
        ("2027-02-10", "tgl 31", "2027-03-31"),
        ("2027-12-20", "29 Februari", "2028-02-29"),
    ],
)
def test_it_counts_from_the_day_on_which_it_is_said(said_on: str, phrase: str, meant: str) -> None:
    assert the_date(phrase, on(said_on)) == date.fromisoformat(meant)


def test_a_date_thirty_days_past_is_still_this_years() -> None:
    assert the_date("21 Oktober", on("2026-11-20")) == date(2026, 10, 21)


def test_a_date_thirty_one_days_past_is_next_years() -> None:
    assert the_date("20 Oktober", on("2026-11-20")) == date(2027, 10, 20)


def test_a_day_that_the_calendar_lacks_is_not_found() -> None:
    assert find_dates("29 Februari 2027", on("2026-11-20")) == []


@pytest.mark.parametrize("phrase", ["17 Agustus 1945", "lahir 5 Mei 1990", "garansi sampai 5/12/2035"])
def test_a_day_years_away_is_not_found(phrase: str) -> None:
    assert find_dates(phrase, on("2026-11-20")) == []


@pytest.mark.parametrize(
    ("said_on", "phrase", "meant"),
    [
        ("2026-11-20", "Sabtu pertama Desember", "2026-12-05"),
        ("2026-11-25", "tgl 25 besok", "2026-11-25"),
        ("2026-11-24", "tgl 25 besok", "2026-11-25"),
        ("2026-11-20", "Senin sampai Rabu", "2026-11-23"),
        ("2026-11-20", "lagi 2 minggu", "2026-12-04"),
    ],
)
def test_ranges_and_ranks_name_one_day(said_on: str, phrase: str, meant: str) -> None:
    assert the_date(phrase, on(said_on)) == date.fromisoformat(meant)


def test_it_can_read_the_month_first() -> None:
    assert find_dates("12/5", on("2026-11-20"), day_first=False)[0].value == date(2026, 12, 5)


def test_half_an_hour_before_midnight_ends_on_the_next_day() -> None:
    late = on("2026-11-20", "23:45")
    assert the_date("setengah jam lagi", late) == date(2026, 11, 21)
    assert find_times("setengah jam lagi", late)[0].value == time(0, 15)


@pytest.mark.parametrize(
    ("phrase", "opens", "closes", "meant"),
    [
        ("jam 3", time(8), time(20), time(15)),
        ("jam 8", time(8), time(20), time(8)),
        ("jam 7", time(8), time(20), time(19)),
        ("jam 7", time(7), time(17), time(7)),
        ("setengah 8", time(7), time(20), time(7, 30)),
        ("jam 3", time(0), time(0), time(15)),
        ("jam 9", time(0), time(0), time(9)),
        ("jam 6", time(8), time(17), time(18)),
        ("jam 3 pagi", time(8), time(20), time(3)),
        ("03:00", time(8), time(20), time(3)),
    ],
)
def test_an_hour_without_a_part_of_the_day_falls_in_opening_hours(
    phrase: str, opens: time, closes: time, meant: time
) -> None:
    assert the_time(phrase, opens, closes) == meant


@pytest.mark.parametrize(
    ("phrase", "only_part"), [("besok pagi", True), ("jam 3an sore", False), ("abis ashar", False)]
)
def test_it_says_whether_an_hour_was_named(phrase: str, only_part: bool) -> None:
    assert find_times(phrase, on("2026-11-20"))[0].only_part is only_part


def test_a_part_of_the_day_begins_when_the_outlet_opens_at_the_earliest() -> None:
    assert the_time("besok pagi", opens=time(10)) == time(10)


def test_each_part_of_the_day_has_a_window_that_holds_its_start() -> None:
    for phrase in ("besok pagi", "besok siang", "besok petang", "besok sore", "besok malam"):
        found = find_times(phrase, on("2026-11-20"), opens=time(0), closes=time(0))[0]
        assert found.part_of_day is not None
        begins, ends = PART_WINDOWS[found.part_of_day]
        assert begins <= found.value < ends


def test_prayer_times_follow_the_zone_of_the_outlet() -> None:
    moment = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Asia/Kuala_Lumpur"))
    assert find_times("lepas Asar", moment)[0].value > the_time("lepas Asar")


def test_the_offsets_mark_the_words_that_were_read() -> None:
    text = "Halo kak, mau booking Sabtu, tgl 5 Desember jam 3 sore ya"
    day, hour = find_dates(text, on("2026-11-20"))[0], find_times(text, on("2026-11-20"))[0]
    assert text[day.start : day.end] == "Sabtu, tgl 5 Desember"
    assert text[hour.start : hour.end] == "jam 3 sore"


def test_offsets_count_characters_of_the_original_text() -> None:
    text = "😀😀 İstanbul ’ besokkk jam 3"
    day = find_dates(text, on("2026-11-20"))[0]
    assert text[day.start : day.end] == "besokkk"
