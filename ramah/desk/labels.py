"""Labels: marks of an organisation's own on conversations, put on and taken off, each with a line in the thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramah.desk.lines import add_line
from ramah.desk.models import ConversationLabel, Label
from ramah.lib.errors import BadInput, NotFound
from ramah.messaging.conversations import locked
from ramah.people import Organisation
from ramah.store import Database

COLOURS = ("grey", "green", "blue", "amber", "red", "violet")
LONGEST_NAME = 40
BETWEEN, INSIDE = "\x1e", "\x1f"
"""Signs that no name holds: between two labels, and between the parts of one."""


@dataclass(frozen=True)
class LabelView:
    """A label as lists show it."""

    id: str
    name: str
    colour: str


def all_labels(session: Session) -> list[LabelView]:
    """The organisation's labels by name. One query."""
    rows = session.scalars(select(Label).order_by(func.lower(Label.name)))
    return [LabelView(row.id, row.name, row.colour) for row in rows]


def words_of_labels(conversation_id: Any) -> Any:
    """All labels of a conversation in one value of its row, so that a list needs no further statement."""
    parts = Label.id + INSIDE + Label.colour + INSIDE + Label.name
    return (
        select(func.aggregate_strings(parts, BETWEEN))
        .select_from(ConversationLabel)
        # Outer, so that SQLite begins with the few labels of the conversation and not with all there are.
        .outerjoin(Label, Label.id == ConversationLabel.label_id)
        .where(ConversationLabel.conversation_id == conversation_id)
        .correlate_except(Label, ConversationLabel)
        .scalar_subquery()
    )


def labels_in_words(words: str | None) -> tuple[LabelView, ...]:
    """What ``words_of_labels`` gave, by name."""
    parts = [one.split(INSIDE) for one in words.split(BETWEEN)] if words else []
    return tuple(sorted((LabelView(one[0], one[2], one[1]) for one in parts), key=lambda label: label.name.lower()))


def make_label(database: Database, organisation_id: str, name: str) -> LabelView:
    """The label of this name, made when there is none; its colour follows from how many there are.

    Raises BadInput for a name that is empty or too long."""
    name = readable_name(name)
    with database.tenant(organisation_id) as session:
        one_after_the_other(session, organisation_id)
        known = all_labels(session)
        found = next((label for label in known if label.name.lower() == name.lower()), None)
        if found is not None:
            return found
        row = Label(name=name, colour=COLOURS[len(known) % len(COLOURS)])
        session.add(row)
        session.flush()
        return LabelView(row.id, row.name, row.colour)


def readable_name(name: str) -> str:
    """A name as it is kept. Raises BadInput for one that is empty or too long."""
    name = " ".join("".join(sign for sign in name if sign.isprintable()).split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(f"a label has a name of 1 to {LONGEST_NAME} characters", code="name")
    return name


def one_after_the_other(session: Session, organisation_id: str) -> None:
    """Two colleagues may think of the same name at once."""
    session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())


def put_label(
    database: Database, organisation_id: str, conversation_id: str, staff_id: str, label_id: str, *, on: bool
) -> bool:
    """Put a label on, or take it off; returns whether that changed anything. Raises NotFound."""
    with database.tenant(organisation_id) as session:
        conversation = locked(session, conversation_id)
        label = session.scalar(select(Label).where(Label.id == label_id))
        if label is None:
            raise NotFound("There is no such label.")
        there = session.get(ConversationLabel, (conversation_id, label_id))
        if (there is not None) is on:
            return False
        if on:
            session.add(ConversationLabel(conversation_id=conversation_id, label_id=label_id))
        elif there is not None:
            session.delete(there)
        add_line(session, conversation, "labelled" if on else "unlabelled", staff_id, label.name)
        return True


def labels_on(session: Session, conversation_ids: Sequence[str]) -> dict[str, int]:
    """How many of these conversations carry each label, by label. One query."""
    rows = session.execute(
        select(ConversationLabel.label_id, func.count())
        .where(ConversationLabel.conversation_id.in_(conversation_ids))
        .group_by(ConversationLabel.label_id)
    )
    return {row[0]: row[1] for row in rows}
