"""The grammar of times. The first rule that fits at a place wins, so longer phrases come first."""

from ramah.booking.extract.moment import time_readings as read
from ramah.booking.extract.moment.grammar import Grammar, Rule
from ramah.booking.extract.moment.hours import TimeSetting
from ramah.booking.extract.moment.time_readings import TimeReader, TimeReading
from ramah.booking.extract.moment.time_spans import SPAN, SPAN_AHEAD

#: A part of the day after the hour: "sore", "pm", "in the afternoon", "di malam hari".
_PART = "zone? (meridiem|oclock? ((within|at|on|filler|during) the?)? part (day_word(?!weekday))?)"
_PART_MAYBE = f"({_PART})?"
_HOUR = "(number|clock_time)"
_THROUGH = "(until|to|dash|and) clock?"
_NO_COUNT = "(?![unit word opaque number])"

_BEFORE_BARE = (
    "(?<![word opaque street label soft_label unit quantity year number the date_word month month_first this])"
)
_AFTER_BARE = (
    "(?![word opaque unit number hour_unit minute_unit clock day_word minggu week month_word month month_first ordinal"
    " haribulan quantity of dash label soft_label street])"
)

_RULES: tuple[tuple[str, str, TimeReader | None], ...] = (
    ("ahead", SPAN_AHEAD, read.ahead),
    ("past_span", f"{SPAN}? past", None),
    (
        "duration",
        "(number|half|half_en|span_minutes|quarter)"
        " (hour_unit|minute_unit(?![to plus])|clock(?![number clock_time half four_digits year]))"
        " (number minute_unit)?",
        None,
    ),
    # from one time to another
    ("spread_pair", f"clock dash_pair {_PART_MAYBE}|dash_pair {_PART}", read.spread),
    (
        "spread",
        f"clock {_HOUR} {_PART_MAYBE} {_THROUGH} {_HOUR} {_PART_MAYBE}(?![unit haribulan month month_first])"
        f"|{_HOUR} {_PART_MAYBE} (until|to|dash) clock? {_HOUR} {_PART}"
        f"|clock_time {_THROUGH} {_HOUR}"
        f"|between {_HOUR} {_PART_MAYBE} (and|until|to|dash) {_HOUR} {_PART_MAYBE}{_NO_COUNT}"
        f"|from {_HOUR} {_PART_MAYBE} (until|to|dash) {_HOUR} {_PART_MAYBE}{_NO_COUNT}",
        read.spread,
    ),
    ("spoken_to", f"(?<=at) number to number oclock? {_PART_MAYBE}{_NO_COUNT}", read.spoken_to),
    # halves and quarters
    ("half_past_en", f"half_en plus number oclock? {_PART_MAYBE}", read.half_past),
    ("half_en", f"at? half_en number(?![unit word]) {_PART_MAYBE}", read.half_past),
    ("half_to", f"clock? half number (?![unit clock hour_unit minute_unit]) {_PART_MAYBE}", read.half_to),
    (
        "minutes_then_hour",
        f"(quarter (plus|to|minus)|number minute_unit? plus|number minute_unit to) number oclock? {_PART_MAYBE}"
        f"|later number minute_unit clock number {_PART_MAYBE}",
        read.minutes_then_hour,
    ),
    (
        "hour_then_minutes",
        f"clock number part? (minus|plus) (quarter|number|half) minute_unit? {_PART_MAYBE}"
        f"|number part? (minus|plus) quarter {_PART_MAYBE}|number (minus|plus) number minute_unit? {_PART}"
        "|number part (minus|plus) number minute_unit?",
        read.hour_then_minutes,
    ),
    ("half_past", f"clock number half (?!clock) {_PART_MAYBE}|number half {_PART}", read.half_past),
    ("quarter_past", f"clock number quarter {_PART_MAYBE}|number quarter {_PART}", read.quarter_past),
    # an hour
    ("noon", "(clock? number)? noon", read.noon),
    (
        "between_occasions",
        "(after|lepas) prayer_word? occasion (before|until|to|and) prayer_word? occasion",
        read.occasion,
    ),
    ("occasion", "(after|lepas|before|clock|until|at|during|about) prayer_word? occasion", read.occasion),
    ("occasion_of_day", "(?<=[day_offset weekday]) occasion", read.occasion),
    (
        "clock",
        "clock at? (clock_time|number number(?![unit clock number month month_first minute_unit haribulan ordinal])"
        f"|number|four_digits|year) (?!unit) oclock? {_PART_MAYBE}",
        read.plain,
    ),
    ("clock_counted", f"clock (clock_time|number|four_digits) {_PART_MAYBE}", read.plain),
    ("figures", f"clock_time(?![unit]) (hour_unit|clock(?!number))? {_PART_MAYBE}", read.plain),
    ("part_at", f"part at {_HOUR}(?![unit street ordinal month month_first meridiem part])", read.plain),
    ("part_number", f"part number about_suffix?{_AFTER_BARE}", read.plain),
    (
        "spoken",
        f"number number {_PART}|(?<=at) number number(?![unit word])|{_BEFORE_BARE}number number{_AFTER_BARE}",
        read.spoken,
    ),
    ("hour_and_part", f"(number|four_digits) about_suffix? {_PART}|four_digits hour_unit", read.hour_and_part),
    ("after_number", f"(?<=[after before]) number(?!and){_AFTER_BARE}", read.plain),
    (
        "about_number",
        f"(?<=about) number about_suffix?{_AFTER_BARE}|{_BEFORE_BARE}number about_suffix{_AFTER_BARE}",
        read.about,
    ),
    ("day_then_hour", f"(?<=day_offset) number{_AFTER_BARE}", read.about),
    ("day_then_figures", f"(?<=[day_offset weekday]) four_digits{_AFTER_BARE}|four_digits(?= day_offset)", read.plain),
    ("oclock", f"number oclock {_PART_MAYBE}", read.plain),
    (
        "at",
        "(?<=at) (number|four_digits) (?![unit word opaque number street ordinal month month_first dash])",
        read.plain,
    ),
    ("half_of_day", "(?<=[day_offset weekday]) meridiem", read.half_of_day),
    ("part", "part (dash? part)? (day_word(?!weekday))?", read.part_of_day),
)

#: Only after the customer was asked for a time; the first of them before all other rules.
_ASKED_PAIR = ("asked_pair", f"^filler{{0,2}} number number{_AFTER_BARE}", read.plain)
_ASKED_RULES: tuple[tuple[str, str, TimeReader | None], ...] = (
    ("asked_now", "now", read.present),
    ("asked_occasion", "(?<!filler)occasion", read.occasion),
    ("asked_minutes", f"{_BEFORE_BARE}number (minus|plus) number minute_unit?{_AFTER_BARE}", read.hour_then_minutes),
    ("asked_half", f"{_BEFORE_BARE}number half{_AFTER_BARE}", read.half_past),
    ("asked_quarter", f"{_BEFORE_BARE}number quarter{_AFTER_BARE}", read.quarter_past),
    ("asked_spread", f"{_BEFORE_BARE}(dash_pair|number (dash|until|to) number){_AFTER_BARE}", read.spread),
    ("asked_number", f"{_BEFORE_BARE}number oclock?{_AFTER_BARE}", read.plain),
    ("asked_figures", f"^filler{{0,2}} four_digits{_AFTER_BARE}", read.plain),
)


def _grammar(rules: tuple[tuple[str, str, TimeReader | None], ...]) -> Grammar[TimeReading, TimeSetting]:
    return Grammar([Rule(name, pattern, reader) for name, pattern, reader in rules])


TIME_GRAMMAR = _grammar(_RULES)
ASKED_TIME_GRAMMAR = _grammar((_ASKED_PAIR, *_RULES, *_ASKED_RULES))
