"""Bookings that an ERP could not take at once: tried again by the worker until they are in or too old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import structlog
from sqlalchemy import or_, select

from ramah.booking.catalogue import in_language
from ramah.booking.erp_registry import catalogue_of, erp_for
from ramah.booking.models import Draft, DraftStatus
from ramah.booking.submission import mark_booked
from ramah.integrations.erp.document import BookingDocument
from ramah.integrations.errors import (
    Conflict,
    IntegrationError,
    Unavailable,
    UncertainWrite,
)
from ramah.lib.wording import clock, long_date
from ramah.messaging.conversations import locked
from ramah.messaging.inbox import request_say
from ramah.messaging.queueing import ask_for_person
from ramah.observe import record_incident
from ramah.people import Organisation, Outlet
from ramah.store import Database, utc_now

log = structlog.get_logger()
LEASE = timedelta(seconds=60)
LONGEST_WAIT = 300.0


@dataclass(frozen=True)
class Pending:
    """A confirmed booking that the ERP has not taken yet."""

    organisation_id: str
    draft_id: str
    conversation_id: str
    document: BookingDocument
    attempts: int
    told_pending: bool
    confirmed_at_age: timedelta


def retry_one(database: Database, give_up_after: timedelta) -> bool:
    """Try one due booking again. False when none is due."""
    pending = _claim(database)
    if pending is None:
        return False
    try:
        receipt = _book(database, pending)
    except (Unavailable, UncertainWrite) as error:
        _wait_or_give_up(database, pending, error, give_up_after)
    except IntegrationError as error:
        _give_up(database, pending, error)
    else:
        mark_booked(database, pending.organisation_id, pending.draft_id, receipt)
        _tell(database, pending)
        log.info("booking_retried", reference=pending.document.reference, attempts=pending.attempts)
    return True


def _claim(database: Database) -> Pending | None:
    now = utc_now()
    with database.every_organisation() as session:
        row = session.scalar(
            select(Draft)
            .where(
                Draft.status == DraftStatus.SUBMITTING,
                Draft.next_try_at <= now,
                or_(Draft.lease_until.is_(None), Draft.lease_until < now),
            )
            .order_by(Draft.next_try_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        row.lease_until, row.attempts = now + LEASE, row.attempts + 1
        return Pending(
            organisation_id=row.organisation_id,
            draft_id=row.id,
            conversation_id=row.conversation_id,
            document=BookingDocument.model_validate(row.document),
            attempts=row.attempts,
            told_pending=row.told_pending,
            confirmed_at_age=now - row.updated_at,
        )


def _book(database: Database, pending: Pending) -> str:
    document = pending.document
    with database.tenant_reading(pending.organisation_id) as session:
        organisation = session.get_one(Organisation, pending.organisation_id)
        outlet = session.scalar(select(Outlet).where(Outlet.code == document.outlet_code))
    if outlet is None:
        raise Conflict(f"outlet {document.outlet_code} is gone")
    capacity = outlet.crews if document.place == "home" else outlet.bays
    return erp_for(database, organisation).book(document, capacity).erp_name


def _wait_or_give_up(database: Database, pending: Pending, error: IntegrationError, give_up_after: timedelta) -> None:
    if pending.confirmed_at_age > give_up_after:
        _give_up(database, pending, error)
        return
    wait = error.retry_after or min(LONGEST_WAIT, 5.0 * 2.0 ** min(pending.attempts - 1, 10))
    with database.tenant(pending.organisation_id) as session:
        row = session.get_one(Draft, pending.draft_id)
        row.next_try_at, row.lease_until = utc_now() + timedelta(seconds=wait), None
        row.error = str(error)[:500]


def _give_up(database: Database, pending: Pending, error: IntegrationError) -> None:
    record_incident(database, pending.organisation_id, error, "booking:retry", pending.conversation_id)
    with database.tenant(pending.organisation_id) as session:
        row = session.get_one(Draft, pending.draft_id)
        row.status, row.next_try_at, row.error = DraftStatus.FAILED, None, str(error)[:500]
        conversation = locked(session, pending.conversation_id)
        request_say(session, conversation, f"booking-failed-{row.id}", "utter_booking_failed", {})
        ask_for_person(session, conversation, "booking_failed")


def _tell(database: Database, pending: Pending) -> None:
    """Only who was told to wait is told that the waiting is over."""
    if not pending.told_pending:
        return
    document, language = pending.document, pending.document.customer.language
    with database.tenant_reading(pending.organisation_id) as session:
        organisation = session.get_one(Organisation, pending.organisation_id)
    service = catalogue_of(database, organisation).service(document.service_code)
    variables = {
        "reference": document.reference,
        "service": in_language(service.names, language) if service else document.service_name,
        "date": long_date(_local_day(document), language),
        "time": clock(document.starts_at.timetz()),
    }
    with database.tenant(pending.organisation_id) as session:
        conversation = locked(session, pending.conversation_id)
        key = f"booked-{pending.draft_id}"
        request_say(session, conversation, key, "utter_booking_confirmed_later", variables)


def _local_day(document: BookingDocument) -> date:
    return document.starts_at.date()
