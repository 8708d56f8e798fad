"""Files that may be slips: which of a message's files, and who sent the same one before."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.billing.models import Proof, ProofStatus
from ramah.channels.content import MediaKind
from ramah.messaging.models import Inbound, MediaFile, MediaStatus

PDF = "application/pdf"
COUNTED = (ProofStatus.WAITING, ProofStatus.APPROVED, ProofStatus.REJECTED, ProofStatus.READING)
OPEN = (ProofStatus.READING, ProofStatus.WAITING)


def slip_in(session: Session, conversation_id: str, inbound_id: int) -> MediaFile | None:
    """The first picture or PDF of a message of this conversation."""
    files = session.scalars(
        select(MediaFile)
        .where(MediaFile.conversation_id == conversation_id, MediaFile.inbound_id == inbound_id)
        .order_by(MediaFile.created_at, MediaFile.id)
    )
    return next((file for file in files if may_be_slip(file)), None)


def may_be_slip(file: MediaFile) -> bool:
    """Whether a file can prove a payment: a picture, also one sent as a document, or a PDF."""
    return file.kind == MediaKind.IMAGE or is_pdf(file) or _type(file).startswith("image/")


def is_pdf(file: MediaFile) -> bool:
    """Whether it is a PDF: by content once it is stored, before that by what its sender said."""
    named_so = file.status != MediaStatus.STORED and (file.filename or "").lower().endswith(".pdf")
    return _type(file) == PDF or named_so


def digest_of(file: MediaFile) -> str | None:
    """The sha256 of a file: proved once it is stored, before that its provider's word, which fetching checks."""
    said = (file.remote or {}).get("sha256")
    return file.sha256 or (said.lower()[:64] if isinstance(said, str) else None)


def said_with(session: Session, inbound_id: int | None) -> str:
    """The words that came with a file."""
    found = session.scalar(select(Inbound.text).where(Inbound.id == inbound_id)) if inbound_id else None
    return found or ""


def earlier(session: Session, proof: Proof) -> list[Proof]:
    """Other proofs of the same bytes, the oldest first, whoever sent them."""
    if proof.sha256 is None:
        return []
    found = select(Proof).where(Proof.sha256 == proof.sha256, Proof.status.in_(COUNTED))
    return [row for row in session.scalars(found.order_by(Proof.created_at)) if row.id != proof.id]


def _type(file: MediaFile) -> str:
    return (file.mime_type or file.claimed_type or "").partition(";")[0].strip().lower()
