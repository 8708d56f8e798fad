"""The book of contacts: found by what people know of them, corrected field by field with a history, read in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from ramah.booking.models import Draft, DraftStatus
from ramah.desk.contacts.fields import FIELDS, readable
from ramah.desk.word_search import digits_of, likely_contacts
from ramah.lib.errors import BadInput, NotFound, Refused
from ramah.messaging.models import ChannelAccount, Conversation
from ramah.people import Contact, ContactChange, Identity, Organisation, Staff
from ramah.people.audit import Subject, record
from ramah.store import Behalf, Database
from ramah.store.behalf import BEHALF
from ramah.store.words import holds
from ramah.support.models import Ticket

PAGE = 50
RECENT = 30
LATEST_FIRST = (Contact.created_at.desc(), Contact.id.desc())


@dataclass(frozen=True)
class ContactPage:
    """A page of the book, and the contact after which the next one begins."""

    contacts: Sequence[Contact]
    next_after: str | None


@dataclass(frozen=True)
class Change:
    """What a person writes into a field. ``seen`` is what stood there when they began."""

    field: str
    value: str
    seen: str


@dataclass(frozen=True)
class ContactFacts:
    """All that the page of a contact shows."""

    contact: Contact
    identities: Sequence[Identity]
    conversations: Sequence[tuple[Conversation, str, str]]
    bookings: Sequence[Draft]
    tickets: Sequence[Ticket]
    changes: Sequence[tuple[ContactChange, str]]


def find_contacts(session: Session, search: str, after: str | None = None, most: int = PAGE) -> ContactPage:
    """Contacts by name, number, e-mail, policy or plate, the latest first. One query, one more with words to search
    for, and one with ``after``."""
    statement, search = _visible(session, select(Contact)), search.strip()
    if search:
        likely = likely_contacts(session, search)
        statement = statement.where(fits(search), *([] if likely is None else [Contact.id.in_(likely)]))
    last = session.get(Contact, after) if after else None
    if last is not None:
        statement = statement.where(_comes_after(last.created_at, last.id))
    rows = session.scalars(statement.order_by(*LATEST_FIRST).limit(most + 1)).all()
    return ContactPage(rows[:most], rows[most - 1].id if len(rows) > most else None)


def every_contact(database: Database, organisation_id: str, search: str, most: int = 1000) -> Iterator[Contact]:
    """All contacts that fit, read page by page, so that a large book needs no more memory than a small one."""
    after: str | None = None
    while True:
        with database.tenant_reading(organisation_id) as session:
            page = find_contacts(session, search, after, most)
        yield from page.contacts
        if page.next_after is None:
            return
        after = page.next_after


def contact_facts(session: Session, contact_id: str) -> ContactFacts:
    """The page of one contact. Raises NotFound."""
    contact = one_contact(session, contact_id)
    talks = (
        select(Conversation, ChannelAccount.kind, ChannelAccount.name)
        .join(ChannelAccount, ChannelAccount.id == Conversation.channel_account_id)
        .where(Conversation.contact_id == contact_id)
        .order_by(Conversation.last_activity_at.desc())
    )
    bookings = select(Draft).where(Draft.contact_id == contact_id, Draft.status != DraftStatus.DROPPED)
    tickets = select(Ticket).where(Ticket.contact_id == contact_id)
    return ContactFacts(
        contact=contact,
        identities=session.scalars(select(Identity).where(Identity.contact_id == contact_id)).all(),
        conversations=[(row[0], row[1], row[2]) for row in session.execute(talks.limit(RECENT))],
        bookings=session.scalars(bookings.order_by(Draft.created_at.desc()).limit(RECENT)).all(),
        tickets=session.scalars(tickets.order_by(Ticket.created_at.desc()).limit(RECENT)).all(),
        changes=history(session, contact_id),
    )


def history(session: Session, contact_id: str) -> list[tuple[ContactChange, str]]:
    """What staff changed, the latest first, with who it was."""
    statement = (
        select(ContactChange, Staff.name)
        .join(Staff, Staff.id == ContactChange.staff_id)
        .where(ContactChange.contact_id == contact_id)
        .order_by(ContactChange.id.desc())
        .limit(RECENT)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def change_contact(database: Database, organisation_id: str, contact_id: str, staff_id: str, change: Change) -> None:
    """Write one field and its line of history.

    Raises NotFound; BadInput, with the field as its code, for what cannot stand there; Refused when the field is no
    longer as the person saw it."""
    if change.field not in FIELDS:
        raise BadInput("this field cannot be changed", code="unknown")
    with database.tenant(organisation_id) as session:
        contact = one_contact(session, contact_id, lock=True)
        old = getattr(contact, change.field)
        new = readable(change.field, change.value, session.get_one(Organisation, organisation_id).country)
        if new == old:
            return
        if (old or "") != change.seen:
            raise Refused("Somebody changed it meanwhile.")
        setattr(contact, change.field, new)
        if change.field == "phone":
            contact.phone_proved = False
        session.add(ContactChange(contact_id=contact_id, staff_id=staff_id, field=change.field, old=old, new=new))
        about = Subject("contact", contact_id, " ".join(filter(None, (contact.first_name, contact.last_name))))
        record(session, "contact.changed", about, old={change.field: old}, new={change.field: new}, staff_id=staff_id)


def note_export(database: Database, organisation_id: str, staff_id: str, search: str) -> None:
    """Who takes the book along stands in the audit log before the first line leaves."""
    with database.tenant(organisation_id) as session:
        record(session, "export.contacts", new={"search": search}, staff_id=staff_id)


def one_contact(session: Session, contact_id: str, *, lock: bool = False) -> Contact:
    """A contact whom this session may see, its row locked if wanted. Raises NotFound."""
    statement = _visible(session, select(Contact).where(Contact.id == contact_id))
    contact = session.scalar(statement.with_for_update(of=Contact) if lock else statement)
    if contact is None:
        raise NotFound("There is no such contact.")
    return contact


def _visible(session: Session, statement: Select[Contact]) -> Select[Contact]:
    """Who is limited to some outlets sees those who wrote to them: the session filters the conversations."""
    behalf: Behalf | None = session.info.get(BEHALF)
    if behalf is None or behalf.outlets is None:
        return statement
    return statement.where(Contact.id.in_(select(Conversation.contact_id)))


def fits(search: str) -> ColumnElement[bool]:
    """Contacts with the words in their name, phone, e-mail, policy number or plate."""
    name = func.coalesce(Contact.first_name, "") + " " + func.coalesce(Contact.last_name, "")
    digits = digits_of(search)
    plain = (Contact.profile_name, Contact.email, Contact.policy_number, Contact.plate)
    conditions = [holds(column, search) for column in (name, *plain)]
    if digits:
        conditions.append(Contact.phone.contains(digits, autoescape=True))
    conditions.append(holds(func.replace(func.coalesce(Contact.plate, ""), " ", ""), search.replace(" ", "")))
    return or_(*conditions)


def _comes_after(created_at: datetime, contact_id: str) -> ColumnElement[bool]:
    # The first condition alone is what the index is entered by.
    further = or_(Contact.created_at < created_at, and_(Contact.created_at == created_at, Contact.id < contact_id))
    return and_(Contact.created_at <= created_at, further)
