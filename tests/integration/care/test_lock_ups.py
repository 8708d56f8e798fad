"""Thirty conversations that were locked on purpose: each is free within two turns, and each is an incident."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from ramah.booking.models import DraftStatus
from ramah.lib.scrubbing import scrubbed
from ramah.messaging.models import Conversation, HandledBy
from ramah.observe import Incident
from tests.integration.booking.pieces import WHOLE, Piece
from tests.integration.care.locked_dialogue import LockedDialogue

LOCKS = {
    "same_words": 3,
    "no_progress": 4,
    "known_asked": 1,
    "draft_dropped": 1,
    "draft_mislaid": 1,
    "nothing_asked": 2,
    "breaking": 1,
    "overtaken": 1,
}
"""After how many messages a lock is one: a question thrice, four messages in vain, an answer to nobody twice."""

FINDINGS = {
    "draft_dropped": "form_without_draft",
    "draft_mislaid": "form_without_draft",
    "nothing_asked": "draft_without_question",
    "breaking": "error_twice",
    "overtaken": "late_answer",
}
SEEDS = [(seed, list(LOCKS)[seed % len(LOCKS)]) for seed in range(32)]


@pytest.mark.parametrize(("seed", "lock"), SEEDS)
def test_a_locked_conversation_is_free_within_two_turns(dialogue: LockedDialogue, seed: int, lock: str) -> None:
    chance = random.Random(seed)
    pieces = WHOLE[chance.choice(list(WHOLE))]
    told = chance.randrange(1, len(pieces) - 1)
    for piece in pieces[:told]:
        dialogue.hears(piece)
    getattr(dialogue, lock)()
    answers = [dialogue.hears(pieces[told], late=lock == "overtaken") for _ in range(LOCKS[lock])]
    freed = [any(text.startswith("utter_unstuck") for text in said) for said in answers]
    assert freed == [False] * (LOCKS[lock] - 1) + [True]
    assert_the_next_answer_is_taken(dialogue, pieces, told, lock)
    assert_an_incident_tells_of_it(dialogue, pieces[told], FINDINGS.get(lock, lock))


def assert_the_next_answer_is_taken(dialogue: LockedDialogue, pieces: tuple[Piece, ...], told: int, lock: str) -> None:
    """The second turn: what the customer says counts again."""
    before = {row.id: dict(row.fields) for row in dialogue.rows() if row.status == DraftStatus.OPEN}
    dialogue.hears(pieces[0] if lock == "draft_dropped" else pieces[told])
    after = {row.id: dict(row.fields) for row in dialogue.rows() if row.status == DraftStatus.OPEN}
    assert after != before
    assert all(after[draft].items() >= fields.items() for draft, fields in before.items()), "what was told is kept"


def assert_an_incident_tells_of_it(dialogue: LockedDialogue, last: Piece, finding: str) -> None:
    """One incident of the dialogue, with the last bubbles and a place."""
    place = dialogue.customer.place
    with place.database.tenant_reading(place.organisation_id) as session:
        incidents = list(session.scalars(select(Incident).where(Incident.subsystem == "dialogue")))
        assert session.get_one(Conversation, place.conversation_id).handled_by == HandledBy.BOT
    assert [incident.operation for incident in incidents] == [f"stuck:{finding}"]
    assert f"customer: {scrubbed(last.text)}" in incidents[0].message
    assert incidents[0].place


def test_the_way_out_says_what_is_noted_and_asks_in_other_words(dialogue: LockedDialogue) -> None:
    for piece in WHOLE["id"][:3]:
        dialogue.hears(piece)
    dialogue.same_words()
    said = [dialogue.hears(Piece("itu tadi")) for _ in range(3)][-1]
    assert said[0] == "utter_unstuck"
    assert said[1].startswith("utter_ask_phone_again ")


def test_a_whole_booking_on_a_good_day_needs_no_doctor(dialogue: LockedDialogue) -> None:
    for piece in WHOLE["id"]:
        assert not any(text.startswith("utter_unstuck") for text in dialogue.hears(piece))
    place = dialogue.customer.place
    with place.database.tenant_reading(place.organisation_id) as session:
        assert not list(session.scalars(select(Incident)))
        assert session.get_one(Conversation, place.conversation_id).stage == "quoted"
