"""The token of a form's page."""

from __future__ import annotations

import pytest

from console.webform.tokens import FASTEST, OLDEST, Standing, judge, new_token

NOW = 1_700_000_000.0
SECRET = "a secret"


def standing(token: str, after: float, key: str = "kilap-form", secret: str = SECRET) -> Standing:
    """What a token is worth so many seconds after it was made."""
    return judge(secret, key, token, NOW + after).standing


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (0, Standing.TOO_FAST),
        (FASTEST - 0.1, Standing.TOO_FAST),
        (FASTEST, Standing.GOOD),
        (OLDEST, Standing.GOOD),
        (OLDEST + 1, Standing.STALE),
        (-3600, Standing.TOO_FAST),
    ],
)
def test_a_token_is_good_after_three_seconds_and_for_a_day(after: float, expected: Standing) -> None:
    assert standing(new_token(SECRET, "kilap-form", NOW), after) is expected


def test_a_token_belongs_to_one_form_and_one_secret() -> None:
    token = new_token(SECRET, "kilap-form", NOW)
    assert standing(token, 10, key="other-form") is Standing.STALE
    assert standing(token, 10, secret="another") is Standing.STALE


@pytest.mark.parametrize(
    "spoil", [lambda t: "", lambda t: t[:-1], lambda t: "9" + t, lambda t: t + "0", lambda t: "é" + t]
)
def test_a_token_that_was_changed_is_worth_nothing(spoil: object) -> None:
    assert callable(spoil)
    assert standing(spoil(new_token(SECRET, "kilap-form", NOW)), 10) is Standing.STALE


def test_each_page_has_its_own_name() -> None:
    names = {judge(SECRET, "f", new_token(SECRET, "f", NOW), NOW + 5).id for _ in range(20)}
    assert len(names) == 20
