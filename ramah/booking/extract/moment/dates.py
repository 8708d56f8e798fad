"""Find the days that a text names."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from ramah.booking.extract.moment.calendar_days import DateSetting
from ramah.booking.extract.moment.context import prepare
from ramah.booking.extract.moment.date_readings import DateReading, joined
from ramah.booking.extract.moment.date_rules import ASKED_DATE_GRAMMAR, DATE_GRAMMAR
from ramah.booking.extract.moment.found import FoundDate
from ramah.booking.extract.moment.grammar import Match
from ramah.booking.extract.moment.tokens import Token

#: What may stand between a weekday and its date: "Sabtu, tgl 5", "5 Des (hari Sabtu)".
_JOINTS = {"pause", "dash", "day_word", "on"}
_LONGEST_JOINT = 2
LONGEST_AGO, FARTHEST_AHEAD = timedelta(days=366), timedelta(days=3 * 366)
"""How far from today a day may lie that is taken for a wish."""


def find_dates(text: str, now: datetime, *, day_first: bool = True, expected: bool = False) -> list[FoundDate]:
    """Days named in a text, in the order of the text.

    ``now`` is aware, in the zone of the outlet. ``day_first`` reads 5/12 as 5 December.
    ``expected`` says that a date was just asked for, so that "25" alone is a day of the month.
    """
    tokens = prepare(text, asked=expected)
    grammar = ASKED_DATE_GRAMMAR if expected else DATE_GRAMMAR
    setting = DateSetting(now, day_first)
    matches = [match for match in grammar.find(tokens, setting) if _is_sensible(match.reading, setting)]
    return [_found(match, tokens) for match in _without_weak(_join_weekdays(matches, tokens), tokens)]


def _is_sensible(reading: DateReading, setting: DateSetting) -> bool:
    """Nobody books a visit years from now; such dates are birthdays, warranties and numbers that look alike."""
    return setting.today - LONGEST_AGO <= reading.value <= setting.today + FARTHEST_AHEAD


def _found(match: Match[DateReading], tokens: Sequence[Token]) -> FoundDate:
    start, end = tokens[match.first].start, tokens[match.last - 1].end
    return FoundDate(match.reading.value, start, end, match.reading.exact)


def _join_weekdays(matches: Sequence[Match[DateReading]], tokens: Sequence[Token]) -> list[Match[DateReading]]:
    """Make one match of a weekday and the date beside it."""
    done: list[Match[DateReading]] = []
    for match in matches:
        if done and _belong_together(done[-1], match, tokens):
            done[-1] = _join(done[-1], match, tokens)
        else:
            done.append(match)
    return done


def _belong_together(left: Match[DateReading], right: Match[DateReading], tokens: Sequence[Token]) -> bool:
    gap = [token.kind for token in tokens[left.last : right.first]]
    one_weekday = left.reading.only_weekday != right.reading.only_weekday
    precise = left.reading.exact and right.reading.exact and not (left.reading.weak or right.reading.weak)
    return one_weekday and precise and len(gap) <= _LONGEST_JOINT and set(gap) <= _JOINTS


def _join(left: Match[DateReading], right: Match[DateReading], tokens: Sequence[Token]) -> Match[DateReading]:
    if left.reading.only_weekday:
        relative = tokens[right.first].kind == "day_offset"
        return Match(joined(left.reading, right.reading, coming=relative), left.first, right.last)
    return Match(joined(right.reading, left.reading, coming=False), left.first, right.last)


def _without_weak(matches: Sequence[Match[DateReading]], tokens: Sequence[Token]) -> list[Match[DateReading]]:
    """Drop a weak day where another is named, and a bare number after an hour ("jam 10 atau 11")."""
    firm = [match for match in matches if not match.reading.weak]
    hour = next((place for place, token in enumerate(tokens) if token.kind == "clock"), len(tokens))
    return firm or [match for match in matches if match.first < hour]
