"""Find the times of day that a text names."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from ramah.booking.extract.moment.context import prepare
from ramah.booking.extract.moment.found import FoundTime
from ramah.booking.extract.moment.grammar import Match
from ramah.booking.extract.moment.hours import TimeSetting, settle
from ramah.booking.extract.moment.parts_of_day import PARTS
from ramah.booking.extract.moment.time_readings import TimeReading, start_of_part
from ramah.booking.extract.moment.time_rules import ASKED_TIME_GRAMMAR, TIME_GRAMMAR
from ramah.booking.extract.moment.tokens import Token

#: What may stand between an hour and its part of the day: "jam 7 besok malam", "malam Minggu jam 7".
_BRIDGE = {
    "day_offset", "weekday", "minggu", "next", "this", "later_today", "day_word", "at", "on", "pause", "within", "the",
    "about", "coming", "zone", "dash",
}  # fmt: skip
_LONGEST_BRIDGE = 5
_AROUND = {"about", "about_suffix", "plus", "minus"}
_AFTER = {"after", "lepas"}
_DEFAULT_OPENS, _DEFAULT_CLOSES = time(8), time(20)


def find_times(
    text: str,
    now: datetime,
    *,
    expected: bool = False,
    opens: time = _DEFAULT_OPENS,
    closes: time = _DEFAULT_CLOSES,
) -> list[FoundTime]:
    """Times of day named in a text, in the order of the text.

    ``now`` is aware, in the zone of the outlet. ``expected`` says that a time was just asked
    for, so that "3" alone is one. An hour that could be before or after noon falls between
    ``opens`` and ``closes`` where it can.
    """
    setting = TimeSetting(now, opens, closes)
    tokens = prepare(text, asked=expected)
    grammar = ASKED_TIME_GRAMMAR if expected else TIME_GRAMMAR
    matches = [_loosened(match, tokens) for match in grammar.find(tokens, setting)]
    return [_found(match, tokens, setting) for match in _with_parts(matches, tokens)]


def _found(match: Match[TimeReading], tokens: Sequence[Token], setting: TimeSetting) -> FoundTime:
    reading = match.reading
    part = PARTS.get(reading.repeated_part) or PARTS.get(reading.part)
    start, end = tokens[match.first].start, tokens[match.last - 1].end
    return FoundTime(
        _value(reading, setting), start, end, part.label if part else None, reading.exact, reading.only_part
    )


def _value(reading: TimeReading, setting: TimeSetting) -> time:
    if reading.fixed is not None:
        return reading.fixed
    if reading.clock is not None:
        return settle(reading.clock, reading.part, setting)
    return start_of_part(reading.part, setting)


def _loosened(match: Match[TimeReading], tokens: Sequence[Token]) -> Match[TimeReading]:
    """Take in "around", "-ish", "after" and "before" beside a time, which make it less exact."""
    first, last = match.first, match.last
    if match.reading.only_part:
        return match
    if first and tokens[first - 1].kind in {"about", "before", "from"} | _AFTER:
        first -= 1
    while last < len(tokens) and tokens[last].kind in _AROUND | {"dash"} and _around(tokens, last):
        last += 1
    exact = match.reading.exact and (first, last) == (match.first, match.last)
    return Match(replace(match.reading, exact=exact), first, last)


def _around(tokens: Sequence[Token], place: int) -> bool:
    """Whether the token makes the time before it approximate: "3-an", "jam 3 lewat"."""
    if tokens[place].kind == "dash":
        return place + 1 < len(tokens) and tokens[place + 1].kind == "about_suffix"
    return True


def _with_parts(matches: Sequence[Match[TimeReading]], tokens: Sequence[Token]) -> list[Match[TimeReading]]:
    """Give an hour the part of the day said before it, or else after it."""
    return _merge(_merge(matches, tokens, part_first=True), tokens, part_first=False)


def _merge(
    matches: Sequence[Match[TimeReading]], tokens: Sequence[Token], *, part_first: bool
) -> list[Match[TimeReading]]:
    done: list[Match[TimeReading]] = []
    for match in matches:
        part, hour = (done[-1], match) if done and part_first else (match, done[-1] if done else match)
        if done and _completes(part.reading, hour.reading) and _bridged(done[-1], match, tokens):
            said = part.reading.part
            reading = replace(hour.reading, part=hour.reading.part or said, repeated_part=said)
            done[-1] = Match(reading, done[-1].first, match.last)
        else:
            done.append(match)
    return done


def _completes(part: TimeReading, hour: TimeReading) -> bool:
    """Whether a part of the day says the half of the day of an hour, or only repeats it ("8pm tonight")."""
    return part.only_part and hour.clock is not None and hour.part in ("", "am", "pm", part.part)


def _bridged(left: Match[TimeReading], right: Match[TimeReading], tokens: Sequence[Token]) -> bool:
    between = [token.kind for token in tokens[left.last : right.first]]
    return len(between) <= _LONGEST_BRIDGE and set(between) <= _BRIDGE
