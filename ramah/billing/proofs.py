"""Proofs of payment as customers send them: taken in once, recognised, and answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.billing.choices import BillChoice, bill_choices
from ramah.billing.debtor import Debtor, bill_words, debtor_of
from ramah.billing.embedded import BILLS
from ramah.billing.models import Proof, ProofStatus
from ramah.billing.settling import announce_proof, choose, propose_bill, recognise, settle
from ramah.billing.slips import COUNTED, OPEN, digest_of, earlier, is_pdf, said_with, slip_in
from ramah.booking.context import Place
from ramah.messaging.conversations import locked
from ramah.messaging.models import MediaFile, MediaStatus
from ramah.store import utc_now

REMEMBERED = timedelta(days=14)
"""How long a decided proof is what "has my payment arrived?" asks about."""


class Received(StrEnum):
    """What came of a file, or of the words "I have paid"."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"
    WHICH_BILL = "which_bill"
    CHECKED_ALREADY = "being_checked"  # the same slip again, or a slip that waits
    APPROVED_ALREADY = "approved"
    REJECTED_ALREADY = "rejected"
    NO_BILL = "no_bill"  # a file, but nothing to pay
    IS_IT_A_SLIP = "is_it_a_slip"  # a file in the middle of something else; asked before it is taken
    NOT_A_SLIP = "not_a_slip"  # no picture and no PDF
    SEND_IT = "send_it"  # no slip yet
    GONE = "gone"  # a button whose proof or bill is decided or not theirs


@dataclass(frozen=True)
class Reception:
    """The answer, with its variables and buttons. ``repeated``: this very file came before."""

    result: Received
    variables: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[BillChoice, ...] = ()
    repeated: bool = False


ALREADY = {
    ProofStatus.APPROVED: Received.APPROVED_ALREADY,
    ProofStatus.REJECTED: Received.REJECTED_ALREADY,
}


def take_slip(place: Place, inbound_id: int, *, expected: bool) -> Reception:
    """Take the file of a message as a proof, once per message. ``expected``: the customer spoke of a payment, so that
    a file counts even where no bill is open."""
    with place.database.tenant(place.organisation_id) as session:
        debtor = debtor_of(session, place.conversation_id, place.language)
        file = slip_in(session, place.conversation_id, inbound_id)
        if file is None:
            return Reception(Received.NOT_A_SLIP)
        source = f"inbound-{inbound_id}"
        known = session.scalar(select(Proof).where(Proof.source == source))
        if known is not None:
            return _answer(session, debtor, known)
        if not debtor.bills and not expected and not _came_before(session, debtor, file):
            return Reception(Received.NO_BILL, {"file": str(inbound_id)})
        proof = new_proof(debtor, file, source, said_with(session, inbound_id))
        return receive(session, debtor, proof, file)


def ask_about_file(place: Place, inbound_id: int) -> Reception | None:
    """What to ask about a file that came in the middle of something else; None where it can be taken as ever: it is no
    slip, it was taken already, or nothing is to be paid."""
    with place.database.tenant_reading(place.organisation_id) as session:
        debtor = debtor_of(session, place.conversation_id, place.language)
        if not debtor.bills or slip_in(session, place.conversation_id, inbound_id) is None:
            return None
        if session.scalar(select(Proof.id).where(Proof.source == f"inbound-{inbound_id}")) is not None:
            return None
        return Reception(Received.IS_IT_A_SLIP, {"file": str(inbound_id)})


def new_proof(debtor: Debtor, file: MediaFile, source: str, said: str = "") -> Proof:
    """A proof of a file, not yet read. ``source`` names what it came with."""
    return Proof(
        organisation_id=debtor.organisation.id,
        source=source,
        contact_id=debtor.contact.id,
        conversation_id=debtor.conversation.id,
        media_id=file.id,
        said=said[:2000],
        flags=[],
    )


def receive(session: Session, debtor: Debtor, proof: Proof, file: MediaFile) -> Reception:
    """Write a new proof. A picture that is stored is settled at once; what must be read first waits for the worker."""
    session.add(proof)
    session.flush()
    locked(session, proof.conversation_id)
    if file.status == MediaStatus.STORED and not is_pdf(file):
        settle(session, debtor, proof, file)
    elif not recognise(session, proof, file):
        propose_bill(session, debtor, proof)
        announce_proof(session, proof)
    return _answer(session, debtor, proof)


def choose_bill(place: Place, proof_id: str, bill_id: str) -> Reception:
    """The customer said which bill a slip is for."""
    with place.database.tenant(place.organisation_id) as session:
        debtor = debtor_of(session, place.conversation_id, place.language)
        proof = session.scalar(
            select(Proof).where(Proof.id == proof_id, Proof.contact_id == debtor.contact.id).with_for_update()
        )
        if proof is None:
            return Reception(Received.GONE)
        if proof.status in OPEN and not choose(session, debtor, proof, bill_id):
            return Reception(Received.GONE)
        return _answer(session, debtor, proof)


def standing(place: Place) -> Reception:
    """What to say to "I have paid" without a file: how the last slip stands, or that one is wanted."""
    with place.database.tenant_reading(place.organisation_id) as session:
        debtor = debtor_of(session, place.conversation_id, place.language)
        last = session.scalar(
            select(Proof)
            .where(
                Proof.contact_id == debtor.contact.id,
                Proof.status.in_(COUNTED),
                Proof.created_at > utc_now() - REMEMBERED,
            )
            .order_by(Proof.created_at.desc())
            .limit(1)
        )
        if last is None or (debtor.bills and last.status not in OPEN):
            return Reception(Received.SEND_IT)
        return _stands(session, last, debtor.language)


def _answer(session: Session, debtor: Debtor, proof: Proof) -> Reception:
    if proof.status == ProofStatus.REPEATED:
        first = next((row for row in earlier(session, proof) if row.contact_id == proof.contact_id), proof)
        return _stands(session, first, debtor.language, repeated=True)
    if proof.status not in OPEN:
        return _stands(session, proof, debtor.language)
    if proof.bill_id is not None:
        return Reception(Received.MATCHED, _words(session, proof, debtor.language))
    unread = proof.status == ProofStatus.READING and is_pdf(session.get_one(MediaFile, proof.media_id))
    if len(debtor.bills) > 1 and not unread:
        return Reception(Received.WHICH_BILL, {}, bill_choices(debtor.bills, debtor.language, proof.id))
    return Reception(Received.UNMATCHED)


def _stands(session: Session, proof: Proof, language: str, *, repeated: bool = False) -> Reception:
    result = ALREADY.get(ProofStatus(proof.status), Received.CHECKED_ALREADY)
    return Reception(result, _words(session, proof, language), repeated=repeated)


def _words(session: Session, proof: Proof, language: str) -> dict[str, str]:
    bill = BILLS.find(session, proof.bill_id) if proof.bill_id else None
    words = bill_words(bill, language) if bill else {}
    return {**words, "reason": proof.reason or ""}


def _came_before(session: Session, debtor: Debtor, file: MediaFile) -> bool:
    """Whether this person sent the same bytes already."""
    digest = digest_of(file)
    same = select(Proof.id).where(Proof.sha256 == digest, Proof.contact_id == debtor.contact.id)
    return digest is not None and session.scalar(same.limit(1)) is not None
