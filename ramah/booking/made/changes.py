"""A confirmed change reaches the ERP, exactly once; while the ERP does not answer, the wish is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update

from ramah.booking.context import BookingContext, Place
from ramah.booking.erp_registry import erp_for
from ramah.booking.facts import HOME
from ramah.booking.made.cancelling import BOOKING as CALLED_OFF
from ramah.booking.made.cancelling import CANCELLATION_STEPS
from ramah.booking.made.models import BookingChange, ChangeKind, ChangeStatus
from ramah.booking.made.moving import BOOKING as MOVED
from ramah.booking.made.moving import MOVE_STEPS, new_start
from ramah.booking.made.naming import outlet_of
from ramah.booking.made.owned import Owned
from ramah.booking.made.picking import Desk, is_too_late, open_desk, remembered_booking
from ramah.booking.made.telling import words_of
from ramah.integrations.erp.port import BookingStatus, BookingSummary
from ramah.integrations.errors import Conflict, IntegrationError, Unavailable, UncertainWrite
from ramah.observe import record_incident
from ramah.store import utc_now

RETRY_FIRST = timedelta(seconds=30)
RETRY_SOON = timedelta(seconds=5)
SLOT_TAKEN, NOT_OPEN = "slot_taken", "not_open"


class Changed(StrEnum):
    """What came of a change."""

    MOVED = "moved"
    CANCELLED = "cancelled"
    PENDING = "pending"
    TAKEN = "taken"
    TOO_LATE = "too_late"
    NOT_OPEN = "not_open"
    FAILED = "failed"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Change:
    """How a change went, and the variables of the response that says so."""

    result: Changed
    variables: Mapping[str, str]


@dataclass(frozen=True)
class Wish:
    """A confirmed change: to ``starts_at``, or off with a ``reason`` where that is None."""

    booking: BookingSummary
    starts_at: datetime | None = None
    reason: str = ""

    @property
    def kind(self) -> ChangeKind:
        """Whether it moves or calls off."""
        return ChangeKind.MOVE if self.starts_at is not None else ChangeKind.CANCEL


def move_booking(place: Place, facts: Mapping[str, str], memory: Mapping[str, Any]) -> Change:
    """Write a complete and confirmed move. Safe to repeat."""
    if any(not facts.get(step) for step in MOVE_STEPS):
        return Change(Changed.NOTHING, {})
    return _carry_out(
        place, facts[MOVED], memory, lambda booking, context: Wish(booking, new_start(facts, booking, context))
    )


def cancel_booking(place: Place, facts: Mapping[str, str], memory: Mapping[str, Any]) -> Change:
    """Write a confirmed cancellation. Safe to repeat."""
    if any(not facts.get(step) for step in CANCELLATION_STEPS):
        return Change(Changed.NOTHING, {})
    reason = str(memory.get("reason") or "")
    return _carry_out(place, facts[CALLED_OFF], memory, lambda booking, _: Wish(booking, reason=reason))


def _carry_out(
    place: Place, booking_id: str, memory: Mapping[str, Any], wish_for: Callable[[BookingSummary, BookingContext], Wish]
) -> Change:
    desk = open_desk(place, "booking:change", memory)
    booking = _own(desk.owned, booking_id) if desk else None
    if desk is None or booking is None:
        return Change(Changed.FAILED, {"reference": _reference(memory)})
    wish = wish_for(booking, desk.context)
    if _is_done(wish):
        return _told(_good(wish), wish, desk.context)
    if is_too_late(booking, desk.context):
        return _told(Changed.TOO_LATE, wish, desk.context)
    return _told(_write(place, wish, desk), wish, desk.context)


def _reference(memory: Mapping[str, Any]) -> str:
    booking = remembered_booking(memory)
    return booking.reference if booking else ""


def _own(owned: Owned, booking_id: str) -> BookingSummary | None:
    return next((one for one in owned.bookings if one.booking_id == booking_id), None)


def _is_done(wish: Wish) -> bool:
    if wish.starts_at is None:
        return wish.booking.status is BookingStatus.CANCELLED
    return wish.booking.status is BookingStatus.BOOKED and wish.booking.starts_at == wish.starts_at


def _good(wish: Wish) -> Changed:
    return Changed.MOVED if wish.starts_at is not None else Changed.CANCELLED


def _told(result: Changed, wish: Wish, context: BookingContext) -> Change:
    """A move is told with the new time, everything else with the booking's own."""
    moved = result in (Changed.MOVED, Changed.PENDING, Changed.TAKEN) and wish.starts_at is not None
    shown = wish.booking.model_copy(update={"starts_at": wish.starts_at}) if moved else wish.booking
    return Change(result, words_of(shown, context))


def _write(place: Place, wish: Wish, desk: Desk) -> Changed:
    row_id = keep_wish(place, wish)
    try:
        write_to_erp(place, wish, desk.context)
    except (Unavailable, UncertainWrite) as error:
        record_incident(place.database, place.organisation_id, error, "booking:change", place.conversation_id)
        _wait(place, row_id, error)
        return Changed.PENDING
    except Conflict as error:
        close_wish(place, row_id, ChangeStatus.REFUSED, str(error))
        return conflict_result(error)
    except IntegrationError as error:
        record_incident(place.database, place.organisation_id, error, "booking:change", place.conversation_id)
        close_wish(place, row_id, ChangeStatus.FAILED, str(error))
        return Changed.FAILED
    close_wish(place, row_id, ChangeStatus.DONE)
    return _good(wish)


def write_to_erp(place: Place, wish: Wish, context: BookingContext) -> None:
    """The one call of the ERP. Raises what the ERP raises."""
    erp = erp_for(place.database, context.organisation)
    if wish.starts_at is None:
        erp.cancel(wish.booking.booking_id, wish.reason)
        return
    outlet = outlet_of(wish.booking, context)
    capacity = outlet.crews if wish.booking.place == HOME else outlet.bays
    erp.move(wish.booking.booking_id, wish.starts_at, capacity)


def conflict_result(error: Conflict) -> Changed:
    """What a conflict means to the customer: another time is wanted, or it is over."""
    return {SLOT_TAKEN: Changed.TAKEN, NOT_OPEN: Changed.NOT_OPEN}.get(error.code or "", Changed.FAILED)


def keep_wish(place: Place, wish: Wish) -> str:
    """Store the wish before the ERP is asked; should this process die then, the worker finishes it. Earlier wishes
    for the same booking that still wait are superseded."""
    with place.database.tenant(place.organisation_id) as session:
        waiting = (BookingChange.booking_id == wish.booking.booking_id, BookingChange.status == ChangeStatus.PENDING)
        same = session.scalar(
            select(BookingChange).where(
                *waiting, BookingChange.kind == wish.kind, BookingChange.starts_at.is_not_distinct_from(wish.starts_at)
            )
        )
        if same is not None:
            return same.id
        session.execute(update(BookingChange).where(*waiting).values(status=ChangeStatus.SUPERSEDED))
        row = BookingChange(
            booking_id=wish.booking.booking_id,
            conversation_id=place.conversation_id,
            kind=wish.kind,
            booking=wish.booking.model_dump(mode="json"),
            starts_at=wish.starts_at,
            reason=wish.reason,
            next_try_at=utc_now() + RETRY_FIRST,
        )
        session.add(row)
        session.flush()
        return row.id


def close_wish(place: Place, row_id: str, status: ChangeStatus, error: str | None = None) -> None:
    """The wish has come to an end."""
    with place.database.tenant(place.organisation_id) as session:
        row = session.get_one(BookingChange, row_id)
        row.status, row.next_try_at, row.lease_until = status, None, None
        row.error, row.updated_at = error and error[:500], utc_now()


def _wait(place: Place, row_id: str, error: IntegrationError) -> None:
    with place.database.tenant(place.organisation_id) as session:
        row = session.get_one(BookingChange, row_id)
        row.told_pending, row.error = True, str(error)[:500]
        row.next_try_at, row.updated_at = utc_now() + RETRY_SOON, utc_now()
