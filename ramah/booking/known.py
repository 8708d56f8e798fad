"""What is known about a returning customer, so that it is offered and not asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import select

from ramah.booking.erp_registry import erp_for
from ramah.booking.facts import NO_LAST_NAME
from ramah.booking.models import Draft, DraftStatus
from ramah.integrations.erp.document import AddressPart, BookingDocument, VehiclePart
from ramah.integrations.errors import IntegrationError
from ramah.people import Contact, Organisation
from ramah.store import Database, utc_now

log = structlog.get_logger()
RECENT_BOOKINGS = 10
FRESH_DAYS = timedelta(days=90)
"""How long what somebody booked with is taken as still true."""


@dataclass(frozen=True)
class KnownCustomer:
    """Name and number to fill in, cars and addresses to offer, latest first.

    ``old_plates`` are those of cars not seen for FRESH_DAYS: offered, and never completed from memory."""

    facts: Mapping[str, tuple[str, str]]
    vehicles: tuple[VehiclePart, ...] = ()
    addresses: tuple[AddressPart, ...] = ()
    old_plates: frozenset[str] = frozenset()


def recall(database: Database, organisation: Organisation, contact: Contact) -> KnownCustomer:
    """Gather what is known. An ERP that does not answer costs nothing but the offer.

    The ERP is asked by number only when the channel proved that number: anybody can type a stranger's,
    and must not be shown the stranger's cars and addresses.
    """
    documents = _own_bookings(database, organisation.id, contact.id)
    vehicles = {document.vehicle.plate: document.vehicle for document in documents if document.vehicle}
    addresses = {(d.address.street, d.address.postcode): d.address for d in documents if d.address}
    facts = _facts_of(contact, documents)
    if contact.phone and contact.phone_proved:
        _ask_erp(database, organisation, contact.phone, facts, vehicles, addresses)
    return KnownCustomer(facts, tuple(vehicles.values()), tuple(addresses.values()), _old_plates(documents))


def _old_plates(documents: list[BookingDocument]) -> frozenset[str]:
    lately = {d.vehicle.plate for d in documents if d.vehicle and d.starts_at > utc_now() - FRESH_DAYS}
    return frozenset(d.vehicle.plate for d in documents if d.vehicle) - lately


def _own_bookings(database: Database, organisation_id: str, contact_id: str) -> list[BookingDocument]:
    with database.tenant_reading(organisation_id) as session:
        stored = session.scalars(
            select(Draft.document)
            .where(Draft.contact_id == contact_id, Draft.status == DraftStatus.BOOKED)
            .order_by(Draft.updated_at.desc())
            .limit(RECENT_BOOKINGS)
        ).all()
    return [BookingDocument.model_validate(document) for document in stored if document]


def _facts_of(contact: Contact, documents: list[BookingDocument]) -> dict[str, tuple[str, str]]:
    facts: dict[str, tuple[str, str]] = {}
    if documents:
        customer = documents[0].customer
        facts["first_name"] = (customer.first_name, "known")
        facts["last_name"] = (customer.last_name or NO_LAST_NAME, "known")
        facts["phone"] = (customer.phone, "known")
    if contact.phone and contact.phone_proved:
        facts["phone"] = (contact.phone, "channel")
    return facts


def _ask_erp(
    database: Database,
    organisation: Organisation,
    phone: str,
    facts: dict[str, tuple[str, str]],
    vehicles: dict[str, VehiclePart],
    addresses: dict[tuple[str, str], AddressPart],
) -> None:
    try:
        customer = erp_for(database, organisation).find_customer(phone)
    except IntegrationError as error:
        log.warning("customer_not_recalled", organisation=organisation.slug, error=str(error))
        return
    if customer is None:
        return
    facts.setdefault("first_name", (customer.first_name, "known"))
    facts.setdefault("last_name", (customer.last_name or NO_LAST_NAME, "known"))
    for vehicle in customer.vehicles:
        vehicles.setdefault(vehicle.plate, vehicle)
    for address in customer.addresses:
        addresses.setdefault((address.street, address.postcode), address)
