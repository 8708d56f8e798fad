"""The organisation's labels as a whole: named, coloured, counted, merged, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from ramah.desk.labels import COLOURS, LabelView, all_labels, make_label, one_after_the_other, readable_name
from ramah.desk.models import ConversationLabel, Label, SavedFilter
from ramah.lib.errors import BadInput, NotFound
from ramah.people.audit import Subject, record
from ramah.store import Database


@dataclass(frozen=True)
class LabelUse:
    """A label, and on how many conversations it is."""

    label: LabelView
    uses: int


def label_uses(session: Session) -> list[LabelUse]:
    """All labels by name. Two queries."""
    rows = session.execute(select(ConversationLabel.label_id, func.count()).group_by(ConversationLabel.label_id)).all()
    counts = {row[0]: row[1] for row in rows}
    return [LabelUse(label, counts.get(label.id, 0)) for label in all_labels(session)]


def add_label(database: Database, organisation_id: str, staff_id: str, name: str, colour: str) -> None:
    """A new label of this colour. Raises BadInput for a name that cannot be one, or that is there already."""
    plain = readable_name(name)
    with database.tenant_reading(organisation_id) as session:
        _free(session, plain)
    made = make_label(database, organisation_id, plain)
    change_label(database, organisation_id, staff_id, made.id, plain, colour, action="label.made")


def change_label(
    database: Database,
    organisation_id: str,
    staff_id: str,
    label_id: str,
    name: str,
    colour: str,
    *,
    action: str = "label.changed",
) -> None:
    """Give a label another name and colour, wherever it is. Raises NotFound, BadInput as ``add_label`` does."""
    plain = readable_name(name)
    if colour not in COLOURS:
        raise BadInput("choose one of the colours", code="colour")
    with database.tenant(organisation_id) as session:
        one_after_the_other(session, organisation_id)
        row = _one(session, label_id)
        _free(session, plain, but=label_id)
        old, new = {"name": row.name, "colour": row.colour}, {"name": plain, "colour": colour}
        if old == new and action == "label.changed":
            return
        row.name, row.colour = plain, colour
        before = old if action == "label.changed" else None
        record(session, action, Subject("label", row.id, plain), old=before, new=new, staff_id=staff_id)


def merge_labels(database: Database, organisation_id: str, staff_id: str, label_id: str, into_id: str) -> None:
    """Every conversation with the one has the other instead, and the one is gone. Raises NotFound, BadInput for a label
    and itself."""
    if label_id == into_id:
        raise BadInput("choose another label", code="same")
    with database.tenant(organisation_id) as session:
        one_after_the_other(session, organisation_id)
        row, into = _one(session, label_id), _one(session, into_id)
        has_both = select(ConversationLabel.conversation_id).where(ConversationLabel.label_id == into_id)
        session.execute(
            update(ConversationLabel)
            .where(ConversationLabel.label_id == label_id, ConversationLabel.conversation_id.not_in(has_both))
            .values(label_id=into_id)
            .execution_options(synchronize_session=False)
        )
        uses = _take_away(session, row, instead=into_id)
        new = {"into": into.name, "also_had": uses}
        record(session, "label.merged", Subject("label", label_id, row.name), new=new, staff_id=staff_id)


def delete_label(database: Database, organisation_id: str, staff_id: str, label_id: str) -> None:
    """Take a label away from everywhere. Raises NotFound."""
    with database.tenant(organisation_id) as session:
        row = _one(session, label_id)
        uses = _take_away(session, row)
        record(session, "label.deleted", Subject("label", label_id, row.name), old={"uses": uses}, staff_id=staff_id)


def _take_away(session: Session, row: Label, instead: str = "") -> int:
    """From conversations, and from the filters that people saved; returns from how many conversations."""
    gone = session.execute(
        delete(ConversationLabel)
        .where(ConversationLabel.label_id == row.id)
        .execution_options(synchronize_session=False)
    )
    for kept in session.scalars(select(SavedFilter)).all():
        if kept.query.get("label") == row.id:
            kept.query = _without(kept.query, instead)
    session.delete(row)
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult


def _without(query: Mapping[str, str], instead: str) -> dict[str, str]:
    named = {"label": instead} if instead else {}
    return {**{name: value for name, value in query.items() if name != "label"}, **named}


def _one(session: Session, label_id: str) -> Label:
    found = session.scalar(select(Label).where(Label.id == label_id))
    if found is None:
        raise NotFound("There is no such label.")
    return found


def _free(session: Session, name: str, but: str = "") -> None:
    if any(label.name.lower() == name.lower() and label.id != but for label in all_labels(session)):
        raise BadInput("there is a label of this name; merge the two instead", code="taken")
