"""Submission: a confirmed draft becomes a validated document, then a booking in the ERP, exactly once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from pydantic import ValidationError

from ramah.booking.availability import zone_of
from ramah.booking.context import BookingContext, Place, load_context
from ramah.booking.drafts import DraftView, current_draft, view
from ramah.booking.erp_registry import erp_for
from ramah.booking.facts import CANCEL, HOME, NO_LAST_NAME, SUBSCRIPTION, missing_steps
from ramah.booking.field_names import field_list
from ramah.booking.models import Draft, DraftStatus
from ramah.booking.summary import price_of, summary
from ramah.integrations.erp.document import BookingDocument
from ramah.integrations.erp.port import Erp
from ramah.integrations.errors import (
    Conflict,
    IntegrationError,
    Unavailable,
    UncertainWrite,
)
from ramah.lib.errors import BadInput
from ramah.observe import record_incident
from ramah.people import Contact, Outlet
from ramah.store import Database, utc_now

RETRY_FIRST = timedelta(seconds=30)


class Submitted(StrEnum):
    """What came of a submission."""

    CONFIRMED = "confirmed"
    PENDING = "pending"
    TAKEN = "taken"
    DROPPED = "dropped"
    FAILED = "failed"
    INCOMPLETE = "incomplete"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Submission:
    """The end of a form: how it went, and the variables of the response that says so (``missing`` names what an
    incomplete one lacks)."""

    result: Submitted
    kind: str
    variables: Mapping[str, str]


def submit(place: Place, draft_id: str | None) -> Submission:
    """Book the confirmed draft. Safe to repeat: the draft's id is the ERP's idempotency key."""
    context = load_context(place.database, place.organisation_id, place.conversation_id, place.language)
    with place.database.tenant_reading(place.organisation_id) as session:
        found = current_draft(session, place.conversation_id, draft_id)
        draft = view(found) if found else None
    if draft is None:
        return Submission(Submitted.NOTHING, "one_time", {})
    if draft.facts.get("confirmation") == CANCEL:
        _set_status(place, draft, DraftStatus.DROPPED)
        return _outcome(Submitted.DROPPED, draft, context)
    if draft.status is DraftStatus.BOOKED:
        return _outcome(Submitted.CONFIRMED, draft, context)
    missing = missing_steps(draft.facts, context.shape(context.catalogue.service(draft.facts.get("service"))))
    if missing:
        named = _outcome(Submitted.INCOMPLETE, draft, context)
        words = {**named.variables, "missing": field_list(missing, context.language)}
        return Submission(named.result, named.kind, words)
    return _book(place, draft, context)


def _book(place: Place, draft: DraftView, context: BookingContext) -> Submission:
    try:
        document = build_document(draft, context)
    except (ValidationError, BadInput) as error:
        record_incident(place.database, place.organisation_id, error, "booking:document", place.conversation_id)
        _set_status(place, draft, DraftStatus.FAILED)
        return _outcome(Submitted.FAILED, draft, context)
    _keep_document(place, draft, document)
    try:
        receipt_name = _write(erp_for(place.database, context.organisation), document, context)
    except (Unavailable, UncertainWrite) as error:
        _note_pending(place, draft, error)
        return _outcome(Submitted.PENDING, draft, context)
    except Conflict:
        _reopen_without_time(place, draft)
        return _outcome(Submitted.TAKEN, draft, context)
    except IntegrationError as error:
        record_incident(place.database, place.organisation_id, error, "booking:erp", place.conversation_id)
        _set_status(place, draft, DraftStatus.FAILED)
        return _outcome(Submitted.FAILED, draft, context)
    mark_booked(place.database, place.organisation_id, draft.id, receipt_name)
    return _outcome(Submitted.CONFIRMED, draft, context)


def build_document(draft: DraftView, context: BookingContext) -> BookingDocument:
    """The validated document of a complete draft. Raises ValidationError or BadInput."""
    facts = draft.facts
    outlet = context.outlet(facts.get("outlet"))
    service = context.catalogue.service(facts.get("service"))
    price = price_of(draft, context)
    if outlet is None or service is None or price is None:
        gone = [name for name, part in (("outlet", outlet), ("service", service), ("price", price)) if part is None]
        raise BadInput(f"no longer on offer: {', '.join(gone)}")
    return BookingDocument.model_validate(
        {
            "booking_id": draft.id,
            "reference": draft.reference,
            "organisation": context.organisation.slug,
            "kind": facts["booking_kind"],
            "service_code": service.code,
            "service_name": service.names.get("en", service.code),
            "outlet_code": outlet.code,
            "place": facts["place"],
            "starts_at": _starts_at(facts, outlet),
            "minutes": service.minutes,
            "timezone": outlet.timezone,
            "customer": _customer(facts, context.language),
            "vehicle": _vehicle(facts),
            "address": _address(facts, outlet),
            "plan": _plan(facts, context),
            "price": price,
            "notes": facts.get("notes"),
            "channel": context.channel,
            "created_at": context.now,
        }
    )


def _starts_at(facts: Mapping[str, str], outlet: Outlet) -> datetime:
    day, moment = date.fromisoformat(facts["appointment_date"]), time.fromisoformat(facts["appointment_time"])
    return datetime.combine(day, moment, tzinfo=zone_of(outlet))


def _customer(facts: Mapping[str, str], language: str) -> dict[str, str | None]:
    last = facts.get("last_name")
    return {
        "first_name": facts["first_name"],
        "last_name": None if last == NO_LAST_NAME else last,
        "phone": facts["phone"],
        "language": language,
    }


def _vehicle(facts: Mapping[str, str]) -> dict[str, str | int | None] | None:
    if "car_plate" not in facts:
        return None
    return {
        "make": facts.get("car_make") or facts["car_model"],
        "model": facts["car_model"],
        "year": int(facts["car_year"]),
        "plate": facts["car_plate"],
        "size": facts.get("car_size", "medium"),
        "colour": facts.get("car_colour"),
    }


def _address(facts: Mapping[str, str], outlet: Outlet) -> dict[str, str | None] | None:
    if facts.get("place") != HOME:
        return None
    return {
        "street": facts["street"],
        "city": facts["city"],
        "postcode": facts["postcode"],
        "unit": facts.get("unit"),
        "neighbourhood": facts.get("neighbourhood"),
        "district": facts.get("district"),
        "landmark": facts.get("landmark"),
        "latitude": facts.get("latitude"),
        "longitude": facts.get("longitude"),
        "country": outlet.country,
    }


def _plan(facts: Mapping[str, str], context: BookingContext) -> dict[str, str | int] | None:
    if facts["booking_kind"] != SUBSCRIPTION:
        return None
    plan = context.catalogue.plan(facts["plan"])
    if plan is None:
        raise BadInput("the plan is no longer on offer")
    return {
        "code": plan.code,
        "interval": plan.interval,
        "interval_count": plan.interval_count,
        "start_date": facts["appointment_date"],
    }


def _write(erp: Erp, document: BookingDocument, context: BookingContext) -> str:
    outlet = context.outlet(document.outlet_code)
    assert outlet is not None  # noqa: S101 - the document was built from it
    return erp.book(document, outlet.crews if document.place == HOME else outlet.bays).erp_name


def _outcome(result: Submitted, draft: DraftView, context: BookingContext) -> Submission:
    return Submission(result, draft.facts.get("booking_kind", "one_time"), summary(draft, context))


def _set_status(place: Place, draft: DraftView, status: DraftStatus) -> None:
    with place.database.tenant(place.organisation_id) as session:
        row = session.get_one(Draft, draft.id)
        row.status, row.updated_at, row.next_try_at = status, utc_now(), None
        row.current = False


def _keep_document(place: Place, draft: DraftView, document: BookingDocument) -> None:
    with place.database.tenant(place.organisation_id) as session:
        row = session.get_one(Draft, draft.id)
        row.document, row.status = document.model_dump(mode="json"), DraftStatus.SUBMITTING
        row.current = False
        # Should this process die now, the worker finishes the booking.
        row.next_try_at, row.updated_at = utc_now() + RETRY_FIRST, utc_now()


def _note_pending(place: Place, draft: DraftView, error: IntegrationError) -> None:
    record_incident(place.database, place.organisation_id, error, "booking:erp", place.conversation_id)
    with place.database.tenant(place.organisation_id) as session:
        row = session.get_one(Draft, draft.id)
        row.told_pending, row.error = True, str(error)[:500]
        row.next_try_at = utc_now() + timedelta(seconds=5)


def _reopen_without_time(place: Place, draft: DraftView) -> None:
    with place.database.tenant(place.organisation_id) as session:
        row = session.get_one(Draft, draft.id)
        row.status, row.current, row.next_try_at, row.document = DraftStatus.OPEN, True, None, None
        row.fields = {n: v for n, v in row.fields.items() if n not in ("appointment_time", "confirmation")}
        row.asked = {**row.asked, "near": draft.facts.get("appointment_time")}


def mark_booked(database: Database, organisation_id: str, draft_id: str, erp_name: str) -> None:
    """The ERP has it: close the draft and remember the customer's name and number."""
    with database.tenant(organisation_id) as session:
        row = session.get_one(Draft, draft_id)
        row.status, row.erp_name, row.next_try_at, row.updated_at = DraftStatus.BOOKED, erp_name, None, utc_now()
        contact = session.get_one(Contact, row.contact_id)
        customer = BookingDocument.model_validate(row.document).customer
        contact.first_name, contact.last_name = customer.first_name, customer.last_name
        if not contact.phone_proved:
            contact.phone = customer.phone
