"""Merging: two contacts become one, with everything that either had, in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import stamina
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import InstrumentedAttribute, Session

from ramah.desk.contact_book import one_contact
from ramah.desk.contacts.blocking import silence
from ramah.desk.contacts.fields import FIELDS
from ramah.desk.contacts.locking import lock_people
from ramah.desk.contacts.names import subject_of
from ramah.lib.errors import BadInput, NotFound, Refused
from ramah.messaging.conversations import announce_change
from ramah.messaging.hands import change_hands
from ramah.messaging.models import Conversation, HandledBy
from ramah.people import Contact, ContactChange, ContactMerge, DistinctContacts
from ramah.people.audit import record
from ramah.people.models import ConsentRecord
from ramah.store import Base, Database

CHOSEN = (*FIELDS, "profile_name")
"""The fields of which one of two values is chosen."""
Column = InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Merge:
    """What a person decided: ``gone_id`` becomes part of ``survivor_id``; of the fields in ``taken`` the value of the
    former stays. ``seen`` is the `fingerprint` of the two as they were shown."""

    survivor_id: str
    gone_id: str
    taken: Collection[str] = ()
    seen: str = ""


def fingerprint(one: Contact, other: Contact) -> str:
    """Changes when a field of either contact does."""
    values = [[getattr(contact, name) for name in CHOSEN] for contact in sorted((one, other), key=lambda c: c.id)]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]


def owned() -> Iterator[Column]:
    """Every column of the database that names the contact whose row it is. A new table is among them by itself."""
    contacts = Contact.__table__
    for mapper in Base.registry.mappers:
        if mapper.class_ is DistinctContacts:
            continue
        for column in mapper.local_table.columns:
            if any(key.column.table is contacts for key in column.foreign_keys):
                yield mapper.get_property_by_column(column).class_attribute


def survivor_of(session: Session, contact_id: str) -> str | None:
    """Whom a contact became by merging, None for one that was never merged."""
    return session.scalar(select(ContactMerge.survivor_id).where(ContactMerge.gone_id == contact_id))


# PostgreSQL breaks a tie of two who wait for one another by refusing one of them.
@stamina.retry(on=OperationalError, attempts=3, wait_initial=0.05, wait_max=0.3)
def merge(database: Database, organisation_id: str, staff_id: str, wanted: Merge) -> bool:
    """Merge two contacts; False when a colleague has done the same already.

    Raises NotFound for a contact that is not there, Refused where one of them changed since it was shown or became
    part of somebody else, BadInput for a contact and itself."""
    if wanted.survivor_id == wanted.gone_id:
        raise BadInput("choose two contacts")
    with database.tenant(organisation_id) as session:
        contacts, conversations = _locked(session, wanted)
        survivor, gone = contacts.get(wanted.survivor_id), contacts.get(wanted.gone_id)
        if survivor is None or gone is None:
            return _done_already(session, wanted)
        if wanted.seen and wanted.seen != fingerprint(survivor, gone):
            raise Refused("Somebody changed one of them meanwhile.")
        kept = {name: getattr(gone, name) for name in CHOSEN}
        before = {name: getattr(survivor, name) for name in CHOSEN}
        _take_values(survivor, gone, wanted.taken)
        _take_consent(session, survivor, gone)
        changed = _changed(survivor, before)
        _note_changes(session, survivor, staff_id, before, changed)
        _end_double_threads(session, survivor.id, conversations, staff_id)
        counts = _move(session, survivor.id, gone.id)
        session.add(ContactMerge(gone_id=gone.id, survivor_id=survivor.id, staff_id=staff_id, kept=kept))
        about = subject_of(survivor)
        session.delete(gone)
        session.flush()
        _tell(session, survivor, conversations, staff_id)
        was = {"id": gone.id, **_known(kept)}
        record(session, "contact.merged", about, old=was, new={**changed, **counts}, staff_id=staff_id)
        return True


def tell_apart(database: Database, organisation_id: str, staff_id: str, one_id: str, other_id: str) -> None:
    """Remember that these are two people: they are not suspected again. Raises NotFound."""
    first, second = sorted((one_id, other_id))
    with database.tenant(organisation_id) as session:
        one, other = one_contact(session, first, lock=True), one_contact(session, second, lock=True)
        if session.get(DistinctContacts, (first, second)) is None:
            session.add(DistinctContacts(first_id=first, second_id=second, staff_id=staff_id))
            names = {"first": subject_of(one).name, "second": subject_of(other).name}
            record(session, "contact.told_apart", subject_of(one), new=names, staff_id=staff_id)


def _locked(session: Session, wanted: Merge) -> tuple[dict[str, Contact], list[Conversation]]:
    """Both, seen by whoever merges them; what hangs on them moves whole, also where it lies in other outlets."""
    for contact_id in (wanted.survivor_id, wanted.gone_id):
        try:
            one_contact(session, contact_id)
        except NotFound:
            # In this order: a colleague may merge them between the two looks.
            if survivor_of(session, contact_id) is None:
                raise
    return lock_people(session, [wanted.survivor_id, wanted.gone_id])


def _done_already(session: Session, wanted: Merge) -> bool:
    became = survivor_of(session, wanted.gone_id)
    if became == wanted.survivor_id:
        return False
    if became or survivor_of(session, wanted.survivor_id):
        raise Refused("A colleague has just merged one of them with another contact.")
    raise NotFound("There is no such contact.")


def _take_values(survivor: Contact, gone: Contact, taken: Collection[str]) -> None:
    proved = gone.phone_proved and gone.phone is not None and ("phone" in taken or gone.phone == survivor.phone)
    if "phone" in taken or survivor.phone is None:
        survivor.phone_proved = proved or (gone.phone_proved and survivor.phone is None)
    else:
        survivor.phone_proved = survivor.phone_proved or proved
    for name in CHOSEN:
        if name in taken or getattr(survivor, name) is None:
            setattr(survivor, name, getattr(gone, name))
    survivor.created_at = min(survivor.created_at, gone.created_at)


def _take_consent(session: Session, survivor: Contact, gone: Contact) -> None:
    """The stricter word counts: who wanted nothing, or was blocked, under either name stays so."""
    stopped = [at for at in (survivor.opted_out_at, gone.opted_out_at) if at is not None]
    blocked = [at for at in (survivor.blocked_at, gone.blocked_at) if at is not None]
    survivor.blocked_at = min(blocked, default=None)
    if stopped and survivor.opted_out_at is None:
        last = ConsentRecord(
            contact_id=survivor.id, allowed=False, channel="console", source="merge", evidence=f"merge-{gone.id}"
        )
        session.add(last)
    survivor.opted_out_at = min(stopped, default=None)


def _changed(survivor: Contact, before: Mapping[str, Any]) -> dict[str, Any]:
    return {name: getattr(survivor, name) for name in CHOSEN if getattr(survivor, name) != before[name]}


def _note_changes(
    session: Session, survivor: Contact, staff_id: str, before: Mapping[str, Any], changed: Mapping[str, Any]
) -> None:
    session.add_all(
        ContactChange(contact_id=survivor.id, staff_id=staff_id, field=name, old=before[name], new=value)
        for name, value in changed.items()
        if name in FIELDS
    )
    session.flush()


def _end_double_threads(session: Session, survivor_id: str, conversations: list[Conversation], staff_id: str) -> None:
    """An address that went from one of them to the other may have an open thread with both: the survivor's goes on."""
    taken: set[tuple[str, str]] = set()
    for conversation in sorted(conversations, key=lambda one: one.contact_id != survivor_id):
        address = conversation.channel_account_id, conversation.recipient
        if conversation.handled_by == HandledBy.CLOSED:
            continue
        if address in taken:
            change_hands(session, conversation, HandledBy.CLOSED, staff_id, "closed")
        taken.add(address)
    session.flush()


def _move(session: Session, survivor_id: str, gone_id: str) -> dict[str, int]:
    """Everything that was the one's is the other's; returns how many rows of which table."""
    _move_pairs(session, survivor_id, gone_id)
    _free_evidence(session, survivor_id, gone_id)
    counts: dict[str, int] = {}
    for column in owned():
        moved = session.execute(
            update(column.class_)
            .where(column == gone_id)
            .values({column.key: survivor_id})
            .execution_options(synchronize_session="fetch")
        )
        if moved.rowcount:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
            counts[column.class_.__tablename__] = moved.rowcount  # type: ignore[attr-defined]
    return counts


def _move_pairs(session: Session, survivor_id: str, gone_id: str) -> None:
    """Who was told apart from the one is apart from the other too."""
    theirs = (DistinctContacts.first_id == gone_id) | (DistinctContacts.second_id == gone_id)
    for row in session.scalars(select(DistinctContacts).where(theirs)).all():
        other = row.second_id if row.first_id == gone_id else row.first_id
        first, second = sorted((survivor_id, other))
        if other != survivor_id and session.get(DistinctContacts, (first, second)) is None:
            session.add(DistinctContacts(first_id=first, second_id=second, staff_id=row.staff_id))
    session.execute(delete(DistinctContacts).where(theirs))
    session.flush()


def _free_evidence(session: Session, survivor_id: str, gone_id: str) -> None:
    """Consents name the message they rest on, once for each contact: of two of the same name one is named further."""
    same = select(ConsentRecord.evidence).where(ConsentRecord.contact_id == survivor_id)
    rows = session.scalars(
        select(ConsentRecord).where(ConsentRecord.contact_id == gone_id, ConsentRecord.evidence.in_(same))
    )
    for row in rows.all():
        row.evidence = f"{row.evidence[:40]}~{gone_id}"
    session.flush()


def _tell(session: Session, survivor: Contact, conversations: list[Conversation], staff_id: str) -> None:
    if survivor.blocked_at is not None:
        silence(session, conversations, staff_id)
    for conversation in conversations:
        if conversation.handled_by != HandledBy.CLOSED:
            announce_change(session, conversation)


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
