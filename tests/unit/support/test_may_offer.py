"""When the assistant may speak of an offer unasked."""

from __future__ import annotations

import pytest

from ramah.booking.offers import COMPLAINT, may_offer
from ramah.mood import Mood, MoodLabel

CHEERFUL, CALM = Mood(MoodLabel.JOY, 0.8, urgent=False), Mood(MoodLabel.NEUTRAL, 0.0, urgent=False)


@pytest.mark.parametrize("mood", [CHEERFUL, CALM])
@pytest.mark.parametrize("stage", ["need_known", "details", "quoted", "confirmed", "paid", "after_sales"])
def test_a_calm_customer_whose_need_is_known_may_be_told(mood: Mood, stage: str) -> None:
    assert may_offer(mood, stage, "bot")


@pytest.mark.parametrize("label", [MoodLabel.ANGER, MoodLabel.SADNESS, MoodLabel.FEAR])
def test_nobody_upset_or_afraid_is_sold_anything(label: MoodLabel) -> None:
    assert not may_offer(Mood(label, 0.6, urgent=False), "confirmed", "bot")


def test_nobody_in_a_hurry_is_sold_anything() -> None:
    assert not may_offer(Mood(MoodLabel.JOY, 0.6, urgent=True), "confirmed", "bot")


@pytest.mark.parametrize("stage", [None, "greeting", "identified", COMPLAINT])
def test_nothing_is_offered_before_the_need_is_known_nor_during_a_complaint(stage: str | None) -> None:
    assert not may_offer(CHEERFUL, stage, "bot")


@pytest.mark.parametrize("handled_by", ["queue", "human", "closed"])
def test_the_bot_offers_nothing_in_a_conversation_of_people(handled_by: str) -> None:
    assert not may_offer(CHEERFUL, "confirmed", handled_by)
