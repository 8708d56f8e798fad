"""Which live events are news to whom."""

from __future__ import annotations

from typing import Any

import pytest

from console.inbox.signals import changes_counts, signals_in
from ramah.messaging.live import Event

NUMBER = 7


def event(kind: str, **data: Any) -> Event:
    return Event(NUMBER, "o1", "c1", kind, data)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (event("conversation", held_by="ani", from_customer=True), "message"),
        (event("conversation", held_by="budi", from_customer=True), None),
        (event("conversation", held_by=None, from_customer=True), None),
        (event("conversation", held_by="ani"), None),
        (event("state", handled_by="queue"), "waiting"),
        (event("state", handled_by="human"), None),
        (event("mention", staff=["budi", "ani"]), "mention"),
        (event("mention", staff=["budi"]), None),
        (event("status", position=3), None),
    ],
)
def test_news_are_told_to_whom_they_concern(told: Event, expected: str | None) -> None:
    found = [signal.as_json() for signal in signals_in([told], "ani")]
    assert found == ([{"kind": expected, "id": "c1", "event": NUMBER}] if expected else [])


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (event("state", handled_by="bot"), True),
        (event("conversation", held_by="ani"), True),
        (event("conversation", held_by="budi"), False),
        (event("status", position=3), False),
    ],
)
def test_the_numbers_are_counted_again_only_when_they_may_have_changed(told: Event, expected: bool) -> None:
    assert changes_counts([told], "ani") is expected
