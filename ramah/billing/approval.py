"""What a person decides about a proof, once: the first one wins and the second is told."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.billing.debtor import debtor_of
from ramah.billing.embedded import BILLS
from ramah.billing.models import BillStatus, Proof, ProofStatus
from ramah.billing.settling import announce_proof, choose, let_go
from ramah.billing.telling import tell
from ramah.lib.errors import BadInput, NotFound, Refused
from ramah.messaging.conversations import locked
from ramah.people import Staff
from ramah.people.audit import Subject, record
from ramah.store import Database, utc_now

LONGEST_REASON = 300
DONE = {ProofStatus.APPROVED: "approved", ProofStatus.REJECTED: "rejected"}


def approve(database: Database, organisation_id: str, proof_id: str, staff_id: str, bill_id: str | None = None) -> None:
    """The money is there: the bill is paid and the customer is told. ``bill_id`` is needed where none is proposed,
    and puts another one in the place of the proposal.

    Raises NotFound, Refused (decided already, or the bill is paid) and BadInput (no bill)."""
    with database.tenant(organisation_id) as session:
        proof = _undecided(session, proof_id)
        if bill_id and bill_id != proof.bill_id:
            debtor = debtor_of(session, proof.conversation_id)
            if not choose(session, debtor, proof, bill_id):
                raise BadInput("This bill is not open for this customer; load the page again.")
        if proof.bill_id is None:
            raise BadInput("Choose the bill that this slip pays.")
        BILLS.mark(session, proof.bill_id, BillStatus.PAID)
        _decide(session, proof, ProofStatus.APPROVED, staff_id)
        tell(session, proof, "utter_proof_approved")


def reject(database: Database, organisation_id: str, proof_id: str, staff_id: str, reason: str) -> None:
    """The slip proves nothing: its bill is open again and the customer is told why.

    Raises NotFound, Refused (decided already) and BadInput (no reason)."""
    said = " ".join(reason.split())
    if not said or len(said) > LONGEST_REASON:
        raise BadInput(f"Write a reason of at most {LONGEST_REASON} characters; the customer reads it.")
    with database.tenant(organisation_id) as session:
        proof = _undecided(session, proof_id)
        let_go(session, proof)
        proof.reason = said
        _decide(session, proof, ProofStatus.REJECTED, staff_id)
        tell(session, proof, "utter_proof_rejected")


def _undecided(session: Session, proof_id: str) -> Proof:
    """The proof, its row locked. Raises NotFound and Refused."""
    proof = session.scalar(select(Proof).where(Proof.id == proof_id).with_for_update())
    if proof is None:
        raise NotFound("There is no such slip.")
    if proof.status in DONE:
        who = session.scalar(select(Staff.name).where(Staff.id == proof.decided_by)) or "Somebody"
        raise Refused(f"{who} has {DONE[ProofStatus(proof.status)]} this slip already.")
    if proof.status != ProofStatus.WAITING:
        raise Refused("The file of this slip is not read yet; look again in a moment.")
    # Everybody who decides or reads locks in this order: the proof, its conversation, its bill.
    locked(session, proof.conversation_id)
    return proof


def _decide(session: Session, proof: Proof, status: ProofStatus, staff_id: str) -> None:
    after = {"status": status.value, "bill_id": proof.bill_id, "reason": proof.reason}
    about = Subject("payment", proof.id, proof.reference or "")
    record(session, f"payment.{DONE[status]}", about, old={"status": str(proof.status)}, new=after, staff_id=staff_id)
    proof.status, proof.decided_by, proof.decided_at = status, staff_id, utc_now()
    announce_proof(session, proof)
