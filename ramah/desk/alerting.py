"""What happens in conversations and administrators may want to hear of: somebody asks for a person, the assistant does
not understand, a lead of high value. Looked for from outside, so that no message waits for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ramah.booking.models import Draft, DraftStatus
from ramah.desk.contacts.names import full_name
from ramah.lib.errors import BadInput
from ramah.lib.wording import MINOR_PER_MAJOR, money
from ramah.messaging.alerts import close_alert, open_alert
from ramah.messaging.models import Alert, Conversation, HandledBy, Interaction
from ramah.people import Contact, Organisation, Staff
from ramah.people.alert_choices import choices_of_all
from ramah.people.audit import Subject, record
from ramah.people.roles import Role
from ramah.store import Database, utc_now

PERSON_ASKED, LOW_CONFIDENCE, VALUABLE_LEAD = "person_asked", "low_confidence", "valuable_lead"
KINDS = (PERSON_ASKED, LOW_CONFIDENCE, VALUABLE_LEAD)
LOOKS_BACK = timedelta(minutes=10)
"""What is older when it is looked for, such as after an upgrade, is no news."""
NOT_UNDERSTOOD = "nlu_fallback"
DOUBTFUL = 0.4
"""Below this the assistant asks back rather than act (``FallbackClassifier`` in config.yml is stricter for some)."""
VALUABLE = "valuable_lead_minor"
USUAL_VALUE = {"IDR": 5_000_000, "MYR": 1_500_00}
CURRENCIES = {"ID": "IDR", "MY": "MYR"}
MOST_VALUE = 10**12


@dataclass(frozen=True)
class Found:
    """One thing to tell: which alert, about what, in which words."""

    kind: str
    subject: str
    facts: Mapping[str, str]


def watch_conversations(database: Database) -> bool:
    """Open what is new and close what is over, in each organisation where an administrator wants to hear of it.
    Returns whether anything changed."""
    with database.every_organisation_reading() as session:
        organisations = session.scalars(select(Organisation.id)).all()
    changed = [_watch(database, organisation_id) for organisation_id in organisations]
    return any(changed)


def value_of(organisation: Organisation) -> tuple[int, str]:
    """From how much on a lead is of high value, in minor units, and the currency."""
    currency = CURRENCIES.get(organisation.country, "IDR")
    return int((organisation.profile or {}).get(VALUABLE, USUAL_VALUE[currency])), currency


def set_value(database: Database, organisation_id: str, staff_id: str, whole: int) -> None:
    """Say it anew, in whole units of the currency. Raises BadInput."""
    with database.tenant(organisation_id) as session:
        organisation = session.get_one(Organisation, organisation_id, with_for_update=True)
        before, currency = value_of(organisation)
        minor = whole * MINOR_PER_MAJOR[currency]
        if not 0 < minor <= MOST_VALUE:
            raise BadInput("write an amount above zero", code="amount")
        if minor == before:
            return
        organisation.profile = {**(organisation.profile or {}), VALUABLE: minor}
        about = Subject("organisation", organisation.id, organisation.name)
        old, new = ({VALUABLE: amount} for amount in (before, minor))
        record(session, "settings.alerts", about, old=old, new=new, staff_id=staff_id)


def _watch(database: Database, organisation_id: str) -> bool:
    with database.tenant_reading(organisation_id) as session:
        wanted = _wanted(session)
        if not wanted:
            return False
        since = utc_now() - LOOKS_BACK
        found = [one for one in _all(session, organisation_id, since) if one.kind in wanted]
        known = _told(session, since)
        over = [alert for alert in known.values() if alert.closed_at is None and _is_over(session, alert)]
    new = [one for one in found if (one.kind, one.subject) not in known]
    if not new and not over:
        return False
    with database.tenant(organisation_id) as session:
        for one in new:
            open_alert(session, one.kind, one.subject, one.facts)
        for alert in over:
            close_alert(session, alert.kind, alert.subject, tell=False)
    return True


def _wanted(session: Session) -> set[str]:
    """The kinds that at least one administrator wants somewhere. Two queries."""
    staff = session.execute(select(Staff.id, Staff.roles).where(Staff.active)).all()
    choices = choices_of_all(session, [row[0] for row in staff if Role.ADMIN in row[1]])
    return {kind for chosen in choices.values() for kind in KINDS if chosen[kind].console or chosen[kind].mail}


def _told(session: Session, since: datetime) -> dict[tuple[str, str], Alert]:
    """What is open, and what was told of late: closed by hand, it is not told again."""
    recent = or_(Alert.closed_at.is_(None), Alert.opened_at >= since - LOOKS_BACK)
    rows = session.scalars(select(Alert).where(Alert.kind.in_(KINDS), recent).order_by(Alert.opened_at))
    return {(row.kind, row.subject): row for row in rows}


def _all(session: Session, organisation_id: str, since: datetime) -> Iterator[Found]:
    yield from _waiting(session, since)
    yield from _not_understood(session, since)
    yield from _valuable(session, session.get_one(Organisation, organisation_id), since)


def _waiting(session: Session, since: datetime) -> Iterator[Found]:
    rows = session.execute(
        select(Conversation, Contact)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(Conversation.handled_by == HandledBy.QUEUE, Conversation.queued_at >= since)
    )
    for conversation, contact in rows:
        # A customer who asks again later is told of again.
        subject = f"{conversation.id}.{conversation.epoch}.{int(conversation.queued_at.timestamp())}"
        yield Found(PERSON_ASKED, subject, _facts(conversation, contact))


def _not_understood(session: Session, since: datetime) -> Iterator[Found]:
    doubtful = or_(Interaction.intent == NOT_UNDERSTOOD, Interaction.confidence < DOUBTFUL)
    rows = session.execute(
        select(Conversation, Contact, func.max(Interaction.id))
        .join(Contact, Contact.id == Conversation.contact_id)
        .join(Interaction, Interaction.conversation_id == Conversation.id)
        .where(Conversation.last_activity_at >= since, Conversation.handled_by == HandledBy.BOT)
        .where(Interaction.created_at >= since, doubtful)
        .group_by(Conversation.id, Contact.id)
    )
    for conversation, contact, _ in rows:
        yield Found(LOW_CONFIDENCE, f"{conversation.id}.{conversation.epoch}", _facts(conversation, contact))


def _valuable(session: Session, organisation: Organisation, since: datetime) -> Iterator[Found]:
    least, currency = value_of(organisation)
    alive = (DraftStatus.OPEN, DraftStatus.SUBMITTING, DraftStatus.BOOKED)
    rows = session.execute(
        select(Draft, Conversation, Contact)
        .join(Conversation, Conversation.id == Draft.conversation_id)
        .join(Contact, Contact.id == Draft.contact_id)
        # By the conversation's activity, of which there is an index.
        .where(Conversation.last_activity_at >= since, Draft.status.in_(alive), Draft.updated_at >= since)
    )
    for draft, conversation, contact in rows:
        amount = int((draft.quote or {}).get("amount_minor") or 0)
        if amount >= least and (draft.quote or {}).get("currency") == currency:
            shown = money(amount, currency, organisation.language)
            facts = {**_facts(conversation, contact), "amount": shown, "reference": draft.reference}
            yield Found(VALUABLE_LEAD, f"{conversation.id}.{draft.id}", facts)


def _facts(conversation: Conversation, contact: Contact) -> dict[str, str]:
    name = full_name(contact) or contact.profile_name or contact.phone or conversation.recipient[:8]
    return {"name": name, "conversation": conversation.id, "words": conversation.preview}


def _is_over(session: Session, alert: Alert) -> bool:
    """Somebody cares for the customer, or nobody need any more."""
    conversation = session.get(Conversation, alert.subject.partition(".")[0])
    if conversation is None or conversation.handled_by in (HandledBy.HUMAN, HandledBy.CLOSED):
        return True
    return alert.kind == PERSON_ASKED and conversation.handled_by != HandledBy.QUEUE
