"""The grammar of dates. The first rule that fits at a place wins, so longer phrases come first."""

from ramah.booking.extract.moment import date_readings as read
from ramah.booking.extract.moment.calendar_days import DateSetting
from ramah.booking.extract.moment.date_readings import DateReader, DateReading
from ramah.booking.extract.moment.grammar import Grammar, Rule
from ramah.booking.extract.moment.time_spans import SPAN_AHEAD

_MONTH = "(month|month_first)"
_DAY = "(weekday|minggu)"
_WEEK = "(minggu|week)"
_NEXT_WEEK = f"({_WEEK} next|next {_WEEK})"
_THIS_WEEK = f"({_WEEK} this|this {_WEEK})"
_NEXT_MONTH = "(month_word next|next month_word)"
_THIS_MONTH = "(month_word this|this month_word)"
_MONTH_SAID = f"({_NEXT_MONTH}|{_THIS_MONTH}|month_word? {_MONTH})"

_RULES: tuple[tuple[str, str, DateReader], ...] = (
    # a day and a month
    ("figures", "date_word? pause? full_date", read.figures),
    (
        "days_of_month",
        f"date_word? (dash_pair|number ordinal? (until|to|dash) number ordinal?) [pause of]? month_word? {_MONTH} year?"
        "|number haribulan (until|to|dash) number haribulan",
        read.first_of_days,
    ),
    ("dot_month", "date_word (clock_time|dash_pair)", read.day_dot_month),
    (
        "day_month_word",
        "date_word? number ((ordinal|haribulan)? month_word number|haribulan number)"
        "(?![clock oclock part meridiem unit])",
        read.day_and_month,
    ),
    (
        "day_month",
        f"date_word? the? number (ordinal|haribulan)? [pause dash of]? month_word? {_MONTH} [pause dash]? year?",
        read.day_and_month,
    ),
    (
        "month_day",
        "(month_first the? number|(month|month_first) date_word number) ordinal?"
        "(?![unit minute_unit month month_first meridiem day_word]) (pause? year)?",
        read.day_and_month,
    ),
    (
        "day_relative_month",
        f"date_word? the? number (ordinal|haribulan)? [of on pause]? ({_NEXT_MONTH}|{_THIS_MONTH})",
        read.day_of_relative_month,
    ),
    (
        "relative_month_day",
        f"({_NEXT_MONTH}|{_THIS_MONTH}) [on pause]? (date_word number|date_word? the? number (ordinal|haribulan))",
        read.day_of_relative_month,
    ),
    (
        "ranked_day",
        f"(weekday|day_word? minggu) rank [of pause]? {_MONTH_SAID}"
        f"|the? (low_ordinal|rank) weekday [of within on]? the? {_MONTH_SAID}",
        read.ranked_weekday,
    ),
    (
        "range_of_days",
        f"(day_offset|day_word? {_DAY}) (until|to|dash) day_word? (day_offset|{_DAY})(?![next this])",
        read.range_of_days,
    ),
    # counted from today
    ("minutes_ahead", SPAN_AHEAD, read.minutes_ahead),
    (
        "days_ahead",
        f"(number? number|dash_pair) (day_word|{_WEEK}) later|within number (day_word|{_WEEK})|number day_word next"
        f"|later number (day_word|{_WEEK})|later span_days"
        "|within? span_days later|within span_days",
        read.days_ahead,
    ),
    (
        "months_ahead",
        "number month_word later|within number month_word|within? span_months later|within span_months",
        read.months_ahead,
    ),
    ("relative_day", "day_offset (?=day_offset)day_offset later?|day_offset", read.relative_day),
    ("this_part", "part (this|later_today)|this part|later_today part", read.implied_today),
    ("later_today", "later_today (?=[clock at half number clock_time])", read.perhaps_today),
    # a day of the month alone
    ("day_of_month_in_days", "date_word number day_offset", read.day_of_month_in_days),
    ("day_of_month", "date_word number (ordinal|haribulan)?|number haribulan", read.day_of_month),
    (
        "ordinal_day",
        "on the? number ordinal(?![word unit street opaque of month month_first month_word next this])"
        "|(?<=weekday) number ordinal(?![word unit street opaque of month month_first month_word next this])"
        "|the number ordinal(?![word unit street opaque of month_word])",
        read.day_of_month,
    ),
    # a day of the week
    ("next_week_day", f"{_NEXT_WEEK} [pause on]? day_word? {_DAY}(?![next this])", read.next_weekday),
    ("this_week_day", f"{_THIS_WEEK} [pause on]? day_word? weekday(?![next this])", read.weekday_of_this_week),
    ("day_next_week", f"day_word? {_DAY} part? [pause of]? {_NEXT_WEEK}", read.next_weekday),
    ("day_this_week", f"day_word? weekday part? [pause of]? {_THIS_WEEK}", read.weekday_of_this_week),
    (
        "eve",
        f"(?<![number clock_time])part day_word? {_DAY} (next|this)?|part minggu (next|this)?",
        read.eve_of_weekday,
    ),
    (
        "next_day",
        "next weekday|day_word? weekday part? next|(day_word minggu part?|minggu part) next",
        read.next_weekday,
    ),
    (
        "this_day",
        "this weekday|day_word? weekday part? this|(day_word minggu part?|minggu part) this",
        read.this_weekday,
    ),
    # some day of a week, weekend or month
    ("weekend", f"({_NEXT_WEEK}|this|next|coming) weekend|weekend (next|this)?", read.some_day_of_weekend),
    (
        "week_edge",
        f"edge of? the? ({_NEXT_WEEK}|{_THIS_WEEK}|{_WEEK})",
        read.some_day_of_week,
    ),
    ("week", f"{_NEXT_WEEK}|{_THIS_WEEK}", read.some_day_of_week),
    ("named_month_edge", f"edge of? {_MONTH}", read.some_day_of_named_month),
    ("month_edge", f"edge of? the? ({_NEXT_MONTH}|{_THIS_MONTH}|month_word)", read.some_day_of_month),
    ("month", _NEXT_MONTH, read.some_day_of_month),
    ("weekday", "every? coming? day_word? (weekday|minggu)", read.coming_weekday),
)

_BEFORE_BARE = "(?<![word opaque street label soft_label unit quantity year number the dash clock at half month plus])"
_AFTER_BARE = (
    "(?![word opaque unit number hour_unit minute_unit dash_pair clock_time part meridiem oclock of quantity])"
    "(?!day_word (?![weekday minggu]))(?![week month_word later])"
)

#: Only after the customer was asked for a date.
_ASKED_RULES: tuple[tuple[str, str, DateReader], ...] = (
    ("asked_month", _THIS_MONTH, read.some_day_of_month),
    ("asked_pair", f"{_BEFORE_BARE}dash_pair{_AFTER_BARE}", read.day_dot_month),
    ("asked_now", "now", read.implied_today),
    ("asked_day", f"{_BEFORE_BARE}the? number ordinal? {_AFTER_BARE}", read.bare_day_of_month),
)


def _grammar(rules: tuple[tuple[str, str, DateReader], ...]) -> Grammar[DateReading, DateSetting]:
    return Grammar([Rule(name, pattern, reader) for name, pattern, reader in rules])


DATE_GRAMMAR = _grammar(_RULES)
ASKED_DATE_GRAMMAR = _grammar((*_RULES, *_ASKED_RULES))
