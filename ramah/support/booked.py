"""Which booking a complaint is about: those that this person made here, and the one that the words name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.booking.catalogue import normal
from ramah.booking.models import Draft, DraftStatus

MOST = 8


@dataclass(frozen=True)
class BookedVisit:
    """A booking as far as a complaint must know it. ``starts_at`` is in the outlet's own time."""

    reference: str
    service: str
    starts_at: datetime | None
    car: str
    plate: str


def booked_visits(session: Session, contact_id: str) -> list[BookedVisit]:
    """The person's bookings, latest first."""
    booked = (DraftStatus.BOOKED, DraftStatus.SUBMITTING)
    statement = select(Draft).where(Draft.contact_id == contact_id, Draft.status.in_(booked))
    return [visit_of(draft) for draft in session.scalars(statement.order_by(Draft.updated_at.desc()).limit(MOST))]


def visit_named(text: str, visits: Sequence[BookedVisit]) -> BookedVisit | None:
    """The one booking that the words name: by reference or plate, else by a service or car that only it has."""
    words, letters = f" {normal(text)} ", normal(text).replace(" ", "")
    for visit in visits:
        if any(len(mark) > 3 and mark in letters for mark in (_letters(visit.reference), _letters(visit.plate))):
            return visit
    for name in ("service", "car"):
        named = [visit for visit in visits if getattr(visit, name) and f" {normal(getattr(visit, name))} " in words]
        if len(named) == 1:
            return named[0]
    return None


def _letters(text: str) -> str:
    return normal(text).replace(" ", "")


def visit_of(draft: Draft) -> BookedVisit:
    """A booking from its document."""
    document = draft.document or {}
    vehicle = document.get("vehicle") or {}
    starts = document.get("starts_at")
    return BookedVisit(
        reference=draft.reference,
        service=str(document.get("service_name", "")),
        starts_at=datetime.fromisoformat(starts) if starts else None,
        car=str(vehicle.get("model", "")),
        plate=str(vehicle.get("plate", "")),
    )
