"""How far a conversation is."""

from __future__ import annotations

import pytest

from ramah.care.stages import KnownFacts, Stage, stage_of


@pytest.mark.parametrize(
    ("known", "stage"),
    [
        (KnownFacts(), Stage.GREETING),
        (KnownFacts(person=True), Stage.IDENTIFIED),
        (KnownFacts(person=True, need=True), Stage.NEED_KNOWN),
        (KnownFacts(need=True), Stage.NEED_KNOWN),
        (KnownFacts(open_draft=True), Stage.NEED_KNOWN),
        (KnownFacts(open_draft=True, details=True, person=True), Stage.DETAILS),
        (KnownFacts(open_draft=True, details=True, quoted=True), Stage.QUOTED),
        (KnownFacts(booked=True, person=True, need=True), Stage.CONFIRMED),
        (KnownFacts(booked=True, paid=True), Stage.PAID),
        (KnownFacts(booked=True, paid=True, over=True), Stage.AFTER_SALES),
        (KnownFacts(booked=True, over=True), Stage.AFTER_SALES),
        (KnownFacts(booked=True, paid=True, over=True, open_draft=True, details=True), Stage.DETAILS),
    ],
)
def test_the_stage_follows_from_what_is_known(known: KnownFacts, stage: Stage) -> None:
    assert stage_of(known) is stage


def test_the_stages_have_an_order() -> None:
    assert [stage.value for stage in Stage] == [
        "greeting", "identified", "need_known", "details", "quoted", "confirmed", "paid", "after_sales",
    ]  # fmt: skip
