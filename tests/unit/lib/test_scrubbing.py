"""Planted secrets and personal data do not survive; what helps to find a fault does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ramah.lib.scrubbing import _HARMLESS, _RULES, scrubbed

PLANTED = {
    "postgresql://ramah:s3cr3t-word@10.0.0.5/ramah refused": "s3cr3t-word",
    "GET /v23.0/1/messages?access_token=EAAGm0PX4ZCpsBA&limit=2 gave 401": "EAAGm0PX4ZCpsBA",
    'the body was {"app_secret": "0f1e2d3c4b", "a": 1}': "0f1e2d3c4b",
    "Authorization: Bearer abc.def-ghi was refused": "abc.def-ghi",
    "verify_token='kilap-hook' does not match": "kilap-hook",
    "https://api.telegram.org/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe": "AAHdqTcvCH1v",
    "X-Hub-Signature: sha256=a1b2c3d4e5f60718293a4b5c6d7e8f90": "a1b2c3d4e5f60718293a4b5c6d7e8f90",
    "no route to budi.santoso+car@example.co.id": "budi.santoso",
    "message to +62 812-3456-7890 failed": "3456",
    "to 60123456789 failed": "60123456789",
    "transfer to account 123 456 7890 12": "7890",
    "NIK 3174051209900001 is not ours": "3174051209900001",
    "password: hunter2, user: ani": "hunter2",
}


@pytest.mark.parametrize("text", PLANTED)
def test_a_planted_secret_is_gone(text: str) -> None:
    assert PLANTED[text] not in scrubbed(text)


@pytest.mark.parametrize(
    "text",
    [
        "no conversation 6a7c2a46-8f0e-4c3b-9d59-0b6c4f4f6f11",
        "the engine did not answer in time (/webhooks/ramah/turn)",
        "Rp1.250.000 is more than the bill of 2026-11-21 09:30",
        "booking BK-2026-000123 was changed meanwhile",
        "ramah.messaging.turns:finish_turn:42 raised IntegrityError 500",
        "the key of the account is missing",
        "(130429) rate limit hit; retry after 60 seconds",
    ],
)
def test_what_helps_to_find_a_fault_stays(text: str) -> None:
    assert scrubbed(text) == text


def test_scrubbing_twice_changes_nothing_more() -> None:
    for text in PLANTED:
        assert scrubbed(scrubbed(text)) == scrubbed(text)


@given(st.from_regex(_HARMLESS, fullmatch=True))
def test_what_is_not_looked_at_closely_holds_nothing(text: str) -> None:
    assert all(pattern.search(text) is None for pattern, _ in _RULES)
