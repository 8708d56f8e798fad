"""Dates and times in what customers write: Indonesian, Malay, English, mixed and misspelt.

A grammar of our own (word tables in ``lexicon``, rules in ``date_rules`` and ``time_rules``):
general parsers read a few of these phrases and, worse, read some of them wrongly. Nothing here
is final; what is found is meant to be read back to the customer.

Rules for days
    * A bare weekday is the nearest coming one; named on that weekday it is a week ahead.
      With "ini", "this" it may be today.
    * "depan", "hadapan", "next" with a weekday is that day in the next calendar week, Monday to
      Sunday; so is "Kamis minggu depan". "minggu depan" and "next week" alone are its Monday.
    * "minggu" is Sunday after "hari", before a part of the day, and alone; "malam Minggu" is
      Saturday evening and "malam Jumat" Thursday evening, while "Jumat malam" is Friday evening.
      With "depan" or "ini" it is the week. "tiap minggu", "2 minggu sekali" and "seminggu" are
      no dates.
    * A day and month without a year is in this year, even when past (the caller tells the
      customer), but more than 30 days past it is next year's. A day of the month alone
      ("tgl 5") is the next such day. Days that do not exist (31/2) are not found.
    * The start of a month is its 1st, the middle the 15th, the end from the 25th; a weekend
      begins on Saturday. None of these is exact.
    * "Senin sampai Rabu" gives the first day, not exact; "tgl 25 besok" is the coming 25th, exact if that is tomorrow.
      "lagi 3 hari" (Malay) is "3 hari lagi". "Sabtu pertama Desember" is the first Saturday of that month.
    * Days more than a year past or three years ahead are not found: birthdays and numbers that look alike.
    * Days already over ("kemarin", "Senin lalu", "last week") are not found.

Rules for times
    * An hour without a part of the day falls inside opening hours where it can, otherwise
      between 07:00 and 19:00. Two figures with a leading zero ("03:00") are taken as written.
    * Indonesian "setengah 8" is 07:30, Malay "pukul 2 setengah" and English "half 2" are 02:30.
    * A part of the day alone gives ``part_of_day`` and a sensible start: pagi 09:00, siang and
      tengah hari 12:00, petang and afternoon 14:00, sore 15:00, malam 19:00. ``PART_WINDOWS``
      says when each begins and ends. A part that opens a message is a greeting ("Pagi kak")
      unless a time was asked for.
    * "around 6", "9ish" and "besok 3" name an hour without a word for it and are not exact. "jam 5 subuh" is 05:00.
    * Prayer times are fixed clock times, by the zone of the outlet (``parts_of_day``).
    * Of a range ("jam 2-4") the start is given; "after 3" gives 15:00, "before 12" gives 12:00.
      These, "around 3" and "jam 3an" are not exact.

Spans of dates and times may overlap: in "nanti sore", "malam Minggu" and "setengah jam lagi" the
same words name both, so look for both in the same text before cutting anything out of it. Plates,
phones, prices, years, postcodes, house and unit numbers are neither.
"""

from ramah.booking.extract.moment.dates import find_dates
from ramah.booking.extract.moment.found import FoundDate, FoundTime
from ramah.booking.extract.moment.parts_of_day import PART_WINDOWS
from ramah.booking.extract.moment.times import find_times

__all__ = ["PART_WINDOWS", "FoundDate", "FoundTime", "find_dates", "find_times"]
