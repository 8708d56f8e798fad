"""What must be true after a script: the documents, nothing asked again, no sentence three times, few turns."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import select

from benchmarks.customers.understanding import CONFIRMATION
from ramah.booking.embedded.models import Booking
from ramah.messaging.models import HandledBy, Interaction
from ramah.store import Database
from tests.conversation.customers.playing import Story

MOST_OVER = 1.2
"""Turns over the least, detours aside."""
REPETITIONS = 2
"""Times that one sentence may ask."""


def prove(story: Story, database: Database) -> None:
    """Check everything that this script promises."""
    script, transcript = story.script, story.transcript
    if script.ends == "person":
        assert story.handled_by == HandledBy.QUEUE, transcript
    if script.ends == "booked":
        documents = [document_of(database, reference) for reference in story.references]
        wanted = [{**script.document, **booking} for booking in script.bookings or [{}]]
        wrong = _differences(documents, wanted)
        assert wrong == [], f"{wrong}\n{transcript}"
    assert asked_again(story) == [], transcript
    assert said_too_often(story) == [], transcript
    assert story.person.turns <= allowed_turns(story), f"{story.person.turns} turns\n{transcript}"


def allowed_turns(story: Story) -> int:
    """The least with a fifth on top, and the script's own detours."""
    return int(story.script.least * MOST_OVER) + story.script.detours


def asked_again(story: Story) -> list[str]:
    """Steps that were asked, answered, and asked once more later on; or told at once and asked all the same."""
    in_turn = [step for step, _ in groupby(story.asked)]
    again = {step for step in in_turn if in_turn.count(step) > 1} - {CONFIRMATION, *story.script.reopens}
    return sorted(again | (set(story.script.never_asks) & set(in_turn)))


def said_too_often(story: Story) -> list[str]:
    """Questions that came in the same words three times for one booking."""
    most = REPETITIONS * max(1, len(story.script.bookings))
    return [question for question, times in story.questions.items() if times > most]


def doctors_cases(story: Story, database: Database) -> list[str]:
    """Where the stuck doctor stepped in, each with the transcript. An incident joins many cases; a turn has its own."""
    with database.every_organisation_reading() as session:
        turns = select(Interaction.doctor).where(Interaction.conversation_id == story.person.conversation(session).id)
        return [f"{story.script.id}: {finding}\n{story.transcript}" for finding in session.scalars(turns) if finding]


def document_of(database: Database, reference: str) -> dict[str, Any]:
    """The document in the ERP, flat: dotted names."""
    with database.every_organisation_reading() as session:
        booking = session.scalars(select(Booking).where(Booking.name == f"BK-{reference}")).one()
        return _flat(booking.document)


def _flat(value: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, inside in value.items():
        flat |= _flat(inside, f"{before}{name}.") if isinstance(inside, Mapping) else {f"{before}{name}": inside}
    return flat


def _differences(documents: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> list[str]:
    """Each document against the wanted one that fits best; several bookings may come in any order."""
    found, rest = [], list(documents)
    for one in wanted:
        best = min(rest, key=lambda document: len(_wrong(document, one)), default={})
        found += _wrong(best, one)
        rest = [document for document in rest if document is not best]
    return found


def _wrong(document: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    return [
        f"{name}: wanted {value!r}, found {document.get(name)!r}"
        for name, value in wanted.items()
        if str(document.get(name)).removesuffix(".0")[: len(str(value))] != str(value)
    ]
