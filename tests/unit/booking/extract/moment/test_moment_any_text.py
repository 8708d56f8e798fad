"""What holds for every text: it never fails, offsets are true, the work grows with the length."""

import re
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from types import FrameType
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.booking.extract.moment import find_dates, find_times
from ramah.booking.extract.moment.context import prepare
from ramah.booking.extract.moment.date_rules import ASKED_DATE_GRAMMAR
from ramah.booking.extract.moment.dates import FARTHEST_AHEAD, LONGEST_AGO
from ramah.booking.extract.moment.grammar import Grammar
from ramah.booking.extract.moment.kinds import KIND_NAMES
from ramah.booking.extract.moment.lexicon import PHRASES, WORDS
from ramah.booking.extract.moment.time_rules import ASKED_TIME_GRAMMAR
from ramah.booking.extract.moment.tokens import tokenise

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Asia/Jakarta"))
LONG_MESSAGE = 5_000
PIECES = [
    *WORDS,
    *(" ".join(words) for words in PHRASES),
    *"0123456789",
    "25",
    "2026",
    "15:00",
    "5/12",
    "9-11",
    "²",
    "٣",
]
JOINTS = [" ", "", ", ", "-", ".", "/", ":", "\n"]
MESSAGES = st.one_of(
    st.text(max_size=200),
    st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(JOINTS)), max_size=14).map(
        lambda pieces: "".join(part for pair in pieces for part in pair)
    ),
)
MOMENTS = st.floats(-9_000, 27_000).map(lambda days: NOW + timedelta(days=days))
REPEATED = [
    "besok jam 3 sore ",
    "0",
    "0-",
    "1/2 ",
    "jam ",
    "minggu ",
    "tgl 5 ",
    "08 ",
    "aa-",
    "a",
    "Rp1.",
    "2 sampai ",
    "😀",
]


@settings(max_examples=400, deadline=None)
@given(message=MESSAGES, now=MOMENTS, asked=st.booleans())
def test_it_reads_any_text_and_marks_true_offsets(message: str, now: datetime, asked: bool) -> None:
    for found in (
        find_dates(message, now, expected=asked),
        find_times(message, now, expected=asked),
        find_dates(message, now, day_first=False),
    ):
        assert all(0 <= one.start < one.end <= len(message) for one in found)
        assert [one.start for one in found] == sorted(one.start for one in found)


@settings(max_examples=300, deadline=None)
@given(message=MESSAGES, now=MOMENTS, asked=st.booleans())
def test_every_day_found_is_one_that_somebody_may_book(message: str, now: datetime, asked: bool) -> None:
    for found in find_dates(message, now, expected=asked):
        assert now.date() - LONGEST_AGO <= found.value <= now.date() + FARTHEST_AHEAD


@settings(max_examples=300, deadline=None)
@given(message=MESSAGES)
def test_tokens_follow_each_other_and_never_outnumber_the_characters(message: str) -> None:
    tokens = tokenise(message)
    assert len({(token.start, token.end) for token in tokens}) <= len(message)
    assert all(left.end <= right.start or left.start == right.start for left, right in pairwise(tokens))
    assert all(token.kind in KIND_NAMES for token in prepare(message, asked=True))


@pytest.mark.parametrize("grammar", [ASKED_DATE_GRAMMAR, ASKED_TIME_GRAMMAR], ids=["dates", "times"])
def test_every_rule_looks_at_a_bounded_number_of_tokens(grammar: Grammar[object, object]) -> None:
    assert re.findall(r"[*+]|\{\d+,\}", grammar.pattern.pattern) == []


def calls_made(find: Callable[..., object], message: str) -> int:
    """How many functions, ours and the interpreter's, a search calls."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        find(message, NOW, expected=True)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("piece", REPEATED)
def test_twice_the_text_is_at_most_about_twice_the_work(piece: str) -> None:
    long = (piece * LONG_MESSAGE)[:LONG_MESSAGE]
    half = long[: LONG_MESSAGE // 2]
    for find in (find_dates, find_times):
        once = calls_made(find, half)
        twice = calls_made(find, long)
        assert twice <= 2.2 * once + 200
