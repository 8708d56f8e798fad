"""The slips that wait for a person, oldest first, and those that were decided lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramah.billing.bills import BillView
from ramah.billing.embedded import BILLS
from ramah.billing.models import Proof, ProofStatus
from ramah.billing.slips import OPEN
from ramah.messaging.media.views import FileView, view_of
from ramah.messaging.models import ChannelAccount, Conversation, MediaFile
from ramah.people import Contact, Staff
from ramah.store import Database

MOST_SHOWN = 100
LATELY = 20
DECIDED = (ProofStatus.APPROVED, ProofStatus.REJECTED)


@dataclass(frozen=True)
class QueueItem:
    """One slip with what a person needs to decide. ``bills`` are those it could be for; ``others`` are the names of
    other contacts who sent the same file; ``decided_by`` is a name."""

    proof: Proof
    contact: Contact
    channel: str
    file: FileView
    bill: BillView | None
    bills: Sequence[BillView] = ()
    others: tuple[str, ...] = ()
    decided_by: str | None = None


def waiting(database: Database, organisation_id: str) -> list[QueueItem]:
    """What is to be decided, the oldest first; slips whose file is still on its way among them."""
    with database.tenant_reading(organisation_id) as session:
        statement = select(Proof).where(Proof.status.in_(OPEN)).order_by(Proof.created_at, Proof.id)
        return [_item(session, proof) for proof in session.scalars(statement.limit(MOST_SHOWN)).all()]


def decided(database: Database, organisation_id: str) -> list[QueueItem]:
    """The last decisions, the latest first."""
    with database.tenant_reading(organisation_id) as session:
        statement = select(Proof).where(Proof.status.in_(DECIDED)).order_by(Proof.decided_at.desc())
        return [_item(session, proof) for proof in session.scalars(statement.limit(LATELY)).all()]


def count_waiting(database: Database, organisation_id: str) -> int:
    """How many slips wait for a decision."""
    with database.tenant_reading(organisation_id) as session:
        found = select(func.count()).select_from(Proof).where(Proof.status == ProofStatus.WAITING)
        return session.scalar(found) or 0


def _item(session: Session, proof: Proof) -> QueueItem:
    contact = session.get_one(Contact, proof.contact_id)
    conversation = session.get_one(Conversation, proof.conversation_id)
    undecided = proof.status in OPEN
    bill = BILLS.find(session, proof.bill_id) if proof.bill_id else None
    bills = list(BILLS.unpaid(session, contact)) if undecided else []
    return QueueItem(
        proof=proof,
        contact=contact,
        channel=session.get_one(ChannelAccount, conversation.channel_account_id).kind,
        file=view_of(session.get_one(MediaFile, proof.media_id)),
        bill=bill,
        bills=bills if bill is None or bill in bills else [bill, *bills],
        others=_others(session, proof) if undecided else (),
        decided_by=session.scalar(select(Staff.name).where(Staff.id == proof.decided_by)),
    )


def _others(session: Session, proof: Proof) -> tuple[str, ...]:
    if proof.sha256 is None:
        return ()
    found = session.scalars(
        select(Contact)
        .join(Proof, Proof.contact_id == Contact.id)
        .where(Proof.sha256 == proof.sha256, Proof.contact_id != proof.contact_id)
        .distinct()
    )
    return tuple(contact.profile_name or contact.phone or contact.id[:8] for contact in found)
