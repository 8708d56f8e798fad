"""What cannot be the answer is said back; what was no answer at all is not."""

from __future__ import annotations

from typing import Any, cast

import pytest

from ramah.booking.heard import Heard, Tap
from ramah.booking.oddities import odd_answer


class Somewhere:
    """As much of a context as oddities look at."""

    country = "ID"


@pytest.mark.parametrize(
    ("expected", "text", "response"),
    [
        ("phone", "0812345", "utter_phone_odd"),
        ("car_plate", "ZZZZ 123456", "utter_plate_odd"),
        ("car_year", "tahun 1899", "utter_not_understood_year"),
        ("postcode", "1234", "utter_postcode_odd"),
    ],
)
def test_an_answer_that_cannot_be_is_said_back(expected: str, text: str, response: str) -> None:
    notices = odd_answer(Heard(text), expected, {}, cast(Any, Somewhere()))
    assert [notice.response for notice in notices] == [response]
    assert notices[0].variables["value"] in text


@pytest.mark.parametrize("expected", ["phone", "car_plate", "car_year", "postcode", "first_name", None])
def test_what_was_no_answer_is_not_called_odd(expected: str | None) -> None:
    assert odd_answer(Heard("hmm bentar ya"), expected, {}, cast(Any, Somewhere())) == []


def test_an_understood_answer_and_a_tap_are_not_odd() -> None:
    context = cast(Any, Somewhere())
    assert odd_answer(Heard("12345"), "postcode", {"postcode": "12345"}, context) == []
    assert odd_answer(Heard("123", tap=Tap("d", "postcode", "1")), "postcode", {}, context) == []
