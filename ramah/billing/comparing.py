"""One step of the worker: the next slip in the queue is compared with those that came before it.

A likeness decides nothing. The slip stays in the queue with a mark for whoever decides, and its sender is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.billing.flags import Flag
from ramah.billing.likeness import Likeness, are_near, likeness_of, show_the_same
from ramah.billing.models import Proof, ProofStatus
from ramah.billing.settling import add_flag, announce_proof
from ramah.billing.slips import COUNTED, is_pdf
from ramah.billing.telling import tell
from ramah.integrations.storage import ObjectMissing, ObjectTooLarge, Storage, StorageError
from ramah.messaging.conversations import locked
from ramah.messaging.models import MediaFile
from ramah.store import Database, utc_now

log = structlog.get_logger()
LEASE = timedelta(seconds=60)
REMEMBERED = timedelta(days=120)
MOST_COMPARED = 5_000
MOST_BYTES = 15 * 1024 * 1024


@dataclass(frozen=True)
class _Due:
    organisation_id: str
    proof_id: str
    file: MediaFile


def compare_one(database: Database, storage: Storage) -> bool:
    """Compare one slip that was not compared yet. False when there is none."""
    due = _lease(database)
    if due is None:
        return False
    try:
        found = _look(storage, due.file)
    except StorageError as error:
        # The lease is the wait; the next look comes when it ends.
        log.warning("slip_not_compared", proof=due.proof_id, error=str(error))
        return True
    with database.tenant(due.organisation_id) as session:
        proof = session.get_one(Proof, due.proof_id, with_for_update=True)
        if proof.compared_at is None:
            _note(session, proof, found)
    return True


def _lease(database: Database) -> _Due | None:
    now = utc_now()
    with database.every_organisation() as session:
        row = session.scalar(
            select(Proof)
            .where(Proof.compared_at.is_(None), Proof.status == ProofStatus.WAITING, Proof.next_try_at <= now)
            .order_by(Proof.next_try_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        row.next_try_at = now + LEASE
        return _Due(row.organisation_id, row.id, session.get_one(MediaFile, row.media_id))


def _look(storage: Storage, file: MediaFile) -> Likeness | None:
    """None for a PDF, and for a picture that nobody can read. Raises StorageError."""
    if is_pdf(file) or file.storage_key is None:
        return None
    try:
        return likeness_of(storage.get(file.storage_key, MOST_BYTES))
    except (ObjectMissing, ObjectTooLarge):
        return None


def _note(session: Session, proof: Proof, found: Likeness | None) -> None:
    locked(session, proof.conversation_id)
    proof.compared_at = utc_now()
    if found is None:
        return
    proof.likeness, proof.fingerprint = found.bits, found.grey
    same = _same_earlier(session, proof, found)
    if same is None:
        return
    proof.alike_id = same.id
    add_flag(proof, Flag.LOOKS_ALIKE)
    announce_proof(session, proof)
    if same.contact_id == proof.contact_id:
        tell(session, proof, "utter_proof_looks_the_same")
    log.info("slip_looks_alike", proof=proof.id, earlier=same.id)


def _same_earlier(session: Session, proof: Proof, found: Likeness) -> Proof | None:
    """The first slip of other bytes that shows the same, whoever sent it."""
    since: datetime = proof.created_at - REMEMBERED
    rows = session.execute(
        select(Proof.id, Proof.likeness)
        .where(
            Proof.id != proof.id,
            Proof.likeness.is_not(None),
            Proof.status.in_(COUNTED),
            Proof.created_at.between(since, proof.created_at),
        )
        .order_by(Proof.created_at.desc())
        .limit(MOST_COMPARED)
    )
    near = [row[0] for row in rows if are_near(row[1] or "0", found.bits)]
    candidates = session.scalars(select(Proof).where(Proof.id.in_(near)).order_by(Proof.created_at)) if near else ()
    return next(
        (
            one
            for one in candidates
            if one.sha256 != proof.sha256 and one.fingerprint and show_the_same(one.fingerprint, found.grey)
        ),
        None,
    )
