"""One step of the worker: the next proof whose file is there is read, recognised, and put into the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.billing.debtor import debtor_of
from ramah.billing.flags import Flag
from ramah.billing.models import Proof, ProofStatus
from ramah.billing.pdf import text_of
from ramah.billing.proofs import ALREADY, Received
from ramah.billing.settling import add_flag, announce_proof, let_go, settle
from ramah.billing.slips import earlier, is_pdf
from ramah.billing.telling import tell
from ramah.integrations.storage import ObjectMissing, ObjectTooLarge, Storage, StorageError
from ramah.messaging.conversations import locked
from ramah.messaging.models import MediaFile, MediaStatus
from ramah.store import Database, utc_now

log = structlog.get_logger()
FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
LEASE = timedelta(seconds=60)
MOST_PDF_BYTES = 10 * 1024 * 1024
"""A larger PDF is kept and shown, but not read."""
LARGEST_BACKOFF = 10
REPEATED_RESPONSES = {
    Received.APPROVED_ALREADY: "utter_proof_repeated_approved",
    Received.REJECTED_ALREADY: "utter_proof_repeated_rejected",
}


@dataclass(frozen=True)
class Waiting:
    """A proof that is due, and its file as it stands."""

    organisation_id: str
    proof_id: str
    attempts: int
    file: MediaFile


def read_one(database: Database, storage: Storage) -> bool:
    """Read one proof that is due. False when none is."""
    due = _lease(database)
    if due is None:
        return False
    if due.file.status == MediaStatus.WAITING:
        _later(database, due)
    elif due.file.status == MediaStatus.STORED:
        _read(database, storage, due)
    else:
        _lost(database, due)
    return True


def _lease(database: Database) -> Waiting | None:
    now = utc_now()
    with database.every_organisation() as session:
        row = session.scalar(
            select(Proof)
            .where(Proof.status == ProofStatus.READING, Proof.next_try_at <= now)
            .order_by(Proof.next_try_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        row.next_try_at, row.attempts = now + LEASE, row.attempts + 1
        return Waiting(row.organisation_id, row.id, row.attempts, session.get_one(MediaFile, row.media_id))


def _read(database: Database, storage: Storage, due: Waiting) -> None:
    try:
        text = _pdf_text(storage, due.file) if is_pdf(due.file) else ""
    except StorageError as error:
        log.warning("proof_not_read", proof=due.proof_id, error=str(error))
        _later(database, due)
        return
    with database.tenant(due.organisation_id) as session:
        proof = _still_reading(session, due)
        if proof is None:
            return
        if text is None:
            add_flag(proof, Flag.UNREADABLE)
        debtor = debtor_of(session, proof.conversation_id)
        settle(session, debtor, proof, session.get_one(MediaFile, proof.media_id), text or "")
        if proof.status == ProofStatus.REPEATED:
            tell(session, proof, _repeated(session, proof))
    log.info("proof_read", proof=due.proof_id)


def _pdf_text(storage: Storage, file: MediaFile) -> str | None:
    """None for what has no text that can be read; a person looks at it."""
    if file.storage_key is None or (file.size or 0) > MOST_PDF_BYTES:
        return None
    try:
        return text_of(storage.get(file.storage_key, MOST_PDF_BYTES))
    except (ObjectMissing, ObjectTooLarge):
        return None


def _repeated(session: Session, proof: Proof) -> str:
    first = next((row for row in earlier(session, proof) if row.contact_id == proof.contact_id), proof)
    proof.reason = first.reason
    result = ALREADY.get(ProofStatus(first.status), Received.CHECKED_ALREADY)
    return REPEATED_RESPONSES.get(result, "utter_proof_repeated")


def _lost(database: Database, due: Waiting) -> None:
    """The file will never come; the customer is asked for it again."""
    with database.tenant(due.organisation_id) as session:
        proof = _still_reading(session, due)
        if proof is None:
            return
        locked(session, proof.conversation_id)
        let_go(session, proof)
        proof.status, proof.bill_id = ProofStatus.LOST, None
        tell(session, proof, "utter_proof_lost")
        announce_proof(session, proof)
    log.info("proof_lost", proof=due.proof_id)


def _later(database: Database, due: Waiting) -> None:
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(due.attempts - 1, LARGEST_BACKOFF))
    with database.tenant(due.organisation_id) as session:
        proof = _still_reading(session, due)
        if proof is not None:
            proof.next_try_at = utc_now() + timedelta(seconds=wait)


def _still_reading(session: Session, due: Waiting) -> Proof | None:
    proof = session.get_one(Proof, due.proof_id, with_for_update=True)
    return proof if proof.status == ProofStatus.READING else None
