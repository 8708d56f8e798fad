"""What becomes of a proof once its file is there: the same slip again, or a bill to propose."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.billing.bills import UNPAID, BillView
from ramah.billing.debtor import Debtor
from ramah.billing.embedded import BILLS
from ramah.billing.flags import Flag
from ramah.billing.matching import Certainty, Match, amount_of, chosen, propose
from ramah.billing.models import BillStatus, Proof, ProofStatus
from ramah.billing.slip import SlipText, read_slip
from ramah.billing.slips import OPEN, digest_of, earlier
from ramah.messaging.conversations import locked
from ramah.messaging.live import announce
from ramah.messaging.models import MediaFile

ABOUT_THE_FILE = (Flag.OTHER_PERSON, Flag.UNREADABLE, Flag.LOOKS_ALIKE)


def settle(session: Session, debtor: Debtor, proof: Proof, file: MediaFile, pdf_text: str = "") -> None:
    """The file is stored and read: recognise it, or put the proof into the queue with a proposal."""
    locked(session, proof.conversation_id)
    if not recognise(session, proof, file):
        if earlier(session, proof):
            add_flag(proof, Flag.OTHER_PERSON)
        propose_bill(session, debtor, proof, pdf_text)
        proof.status = ProofStatus.WAITING
        announce_proof(session, proof)


def recognise(session: Session, proof: Proof, file: MediaFile) -> bool:
    """Whether this person sent the same bytes before; then the proof waits for nobody.

    The caller holds the conversation's lock: chat and page both lead here, and the same slip on both at once is one."""
    proof.sha256 = digest_of(file)
    if not any(other.contact_id == proof.contact_id for other in earlier(session, proof)):
        return False
    let_go(session, proof)
    proof.status, proof.bill_id = ProofStatus.REPEATED, None
    announce_proof(session, proof)
    return True


def propose_bill(session: Session, debtor: Debtor, proof: Proof, pdf_text: str = "") -> None:
    """Read amount and reference, and propose a bill. One that the customer chose stays."""
    read = _read(debtor, proof, pdf_text)
    named = BILLS.find(session, proof.bill_id) if proof.bill_id and proof.certainty == Certainty.CHOSEN else None
    kept = named if named and named.status in UNPAID else None
    assign(
        session,
        proof,
        chosen(kept, read) if kept else propose(_as_this_proof_finds_them(session, debtor, proof), read),
        read,
    )


def choose(session: Session, debtor: Debtor, proof: Proof, bill_id: str) -> bool:
    """Somebody said which bill it is for. False when that is none of the debtor's unpaid bills."""
    bill = next((bill for bill in _as_this_proof_finds_them(session, debtor, proof) if bill.id == bill_id), None)
    if bill is None:
        return False
    name_bill(session, debtor, proof, bill)
    return True


def name_bill(session: Session, debtor: Debtor, proof: Proof, bill: BillView) -> None:
    """The slip is for this bill: the customer or an operator said so, or it was sent on the bill's own page."""
    read = _read(debtor, proof, "")
    assign(session, proof, chosen(bill, read), read)
    announce_proof(session, proof)


def assign(session: Session, proof: Proof, match: Match, read: SlipText) -> None:
    """Write a proposal into the proof; the bill counts as claimed from here on."""
    bill = match.bill
    if proof.bill_id is not None and (bill is None or bill.id != proof.bill_id):
        let_go(session, proof)
    proof.bill_id, proof.certainty = (bill.id if bill else None), match.certainty
    kept = [flag for flag in proof.flags if flag in ABOUT_THE_FILE]
    proof.flags = [*kept, *match.flags]
    amount = amount_of(read, bill)
    if amount is not None:
        proof.amount_minor, proof.currency = amount, read.currency
    proof.reference = read.reference or proof.reference
    if bill is not None:
        BILLS.mark(session, bill.id, BillStatus.CLAIMED)
    session.flush()


def let_go(session: Session, proof: Proof) -> None:
    """The proof proves nothing (for this bill): the bill is open again, unless another slip for it waits."""
    bill = BILLS.find(session, proof.bill_id) if proof.bill_id else None
    if bill and bill.status is BillStatus.CLAIMED and not _claimed_by_others(session, proof, bill.id):
        BILLS.mark(session, bill.id, BillStatus.OPEN)


def add_flag(proof: Proof, flag: Flag) -> None:
    """Mark something to look at, once."""
    if flag not in proof.flags:
        proof.flags = [*proof.flags, flag]


def announce_proof(session: Session, proof: Proof) -> None:
    """Tell open pages that the queue changed."""
    announce(session, proof.organisation_id, proof.conversation_id, "payment")


def _read(debtor: Debtor, proof: Proof, pdf_text: str) -> SlipText:
    said = read_slip(proof.said, debtor.currency, typed=True)
    found = read_slip(pdf_text, debtor.currency, typed=False)
    return SlipText(
        currency=debtor.currency,
        amounts=tuple(dict.fromkeys((*said.amounts, *found.amounts))),
        reference=said.reference or found.reference,
        compact=f"{said.compact} {found.compact}",
        numbers=said.numbers,
    )


def _as_this_proof_finds_them(session: Session, debtor: Debtor, proof: Proof) -> list[BillView]:
    """The unpaid bills; that which only this proof claims counts as open."""
    return [
        replace(bill, status=BillStatus.OPEN)
        if bill.id == proof.bill_id and not _claimed_by_others(session, proof, bill.id)
        else bill
        for bill in debtor.bills
    ]


def _claimed_by_others(session: Session, proof: Proof, bill_id: str) -> bool:
    others = select(Proof.id).where(Proof.bill_id == bill_id, Proof.id != proof.id, Proof.status.in_(OPEN))
    return session.scalar(others.limit(1)) is not None
