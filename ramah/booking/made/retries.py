"""Changes that an ERP could not take at once: tried again by the worker until they are in or too old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select

from ramah.booking.context import Place, load_context
from ramah.booking.made.changes import Changed, Wish, close_wish, conflict_result, write_to_erp
from ramah.booking.made.models import BookingChange, ChangeKind, ChangeStatus
from ramah.booking.made.telling import words_of
from ramah.integrations.erp.port import BookingSummary
from ramah.integrations.errors import Conflict, IntegrationError, Unavailable, UncertainWrite
from ramah.messaging.conversations import locked
from ramah.messaging.inbox import request_say
from ramah.messaging.queueing import ask_for_person
from ramah.observe import record_incident
from ramah.store import Database, utc_now

log = structlog.get_logger()
LEASE = timedelta(seconds=60)
LONGEST_WAIT = 300.0


@dataclass(frozen=True)
class PendingChange:
    """A confirmed change that the ERP has not taken yet."""

    id: str
    place: Place
    wish: Wish
    attempts: int
    told_pending: bool
    age: timedelta


def retry_change(database: Database, give_up_after: timedelta) -> bool:
    """Try one due change again. False when none is due."""
    pending = _claim(database)
    if pending is None:
        return False
    try:
        words = _write(pending)
    except (Unavailable, UncertainWrite) as error:
        _wait_or_give_up(pending, error, give_up_after)
    except IntegrationError as error:
        _give_up(pending, error)
    else:
        close_wish(pending.place, pending.id, ChangeStatus.DONE)
        _tell(pending, words)
        log.info("change_retried", reference=pending.wish.booking.reference, attempts=pending.attempts)
    return True


def _claim(database: Database) -> PendingChange | None:
    now = utc_now()
    with database.every_organisation() as session:
        row = session.scalar(
            select(BookingChange)
            .where(
                BookingChange.status == ChangeStatus.PENDING,
                BookingChange.next_try_at <= now,
                or_(BookingChange.lease_until.is_(None), BookingChange.lease_until < now),
            )
            .order_by(BookingChange.next_try_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        row.lease_until, row.attempts = now + LEASE, row.attempts + 1
        return _pending(database, row, now)


def _pending(database: Database, row: BookingChange, now: datetime) -> PendingChange:
    wish = Wish(BookingSummary.model_validate(row.booking), row.starts_at, row.reason)
    place = Place(database, row.organisation_id, row.conversation_id)
    return PendingChange(row.id, place, wish, row.attempts, row.told_pending, now - row.created_at)


def _write(pending: PendingChange) -> dict[str, str]:
    """Write it; the variables of what is said then."""
    place, wish = pending.place, pending.wish
    context = load_context(place.database, place.organisation_id, place.conversation_id, None)
    write_to_erp(place, wish, context)
    return words_of(wish.booking.model_copy(update={"starts_at": wish.starts_at or wish.booking.starts_at}), context)


def _wait_or_give_up(pending: PendingChange, error: IntegrationError, give_up_after: timedelta) -> None:
    begins = min(filter(None, (pending.wish.booking.starts_at, pending.wish.starts_at)))
    if pending.age > give_up_after or begins <= utc_now():
        _give_up(pending, error)
        return
    wait = error.retry_after or min(LONGEST_WAIT, 5.0 * 2.0 ** min(pending.attempts - 1, 10))
    with pending.place.database.tenant(pending.place.organisation_id) as session:
        row = session.get_one(BookingChange, pending.id)
        row.next_try_at, row.lease_until = utc_now() + timedelta(seconds=wait), None
        row.error = str(error)[:500]


def _give_up(pending: PendingChange, error: IntegrationError) -> None:
    place, wish = pending.place, pending.wish
    record_incident(place.database, place.organisation_id, error, "booking:change", place.conversation_id)
    close_wish(place, pending.id, ChangeStatus.FAILED, str(error))
    taken = isinstance(error, Conflict) and conflict_result(error) is Changed.TAKEN
    response = "utter_change_taken_later" if taken else "utter_change_failed"
    with place.database.tenant(place.organisation_id) as session:
        conversation = locked(session, place.conversation_id)
        request_say(
            session, conversation, f"change-failed-{pending.id}", response, {"reference": wish.booking.reference}
        )
        ask_for_person(session, conversation, "change_failed")


def _tell(pending: PendingChange, words: dict[str, str]) -> None:
    """Only who was told to wait is told that the waiting is over."""
    if not pending.told_pending:
        return
    place = pending.place
    response = "utter_moved_later" if pending.wish.kind is ChangeKind.MOVE else "utter_cancelled_later"
    with place.database.tenant(place.organisation_id) as session:
        conversation = locked(session, place.conversation_id)
        request_say(session, conversation, f"changed-{pending.id}", response, words)
