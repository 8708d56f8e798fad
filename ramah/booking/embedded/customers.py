"""Customers of the embedded ERP: one per number, with the cars and addresses they used."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.booking.embedded.models import ErpAddress, ErpCustomer, ErpVehicle
from ramah.integrations.erp.document import AddressPart, BookingDocument, VehiclePart
from ramah.integrations.erp.port import CustomerRecord
from ramah.store import utc_now


def upsert_customer(session: Session, document: BookingDocument) -> ErpCustomer:
    """Create or update the customer of a booking, with its car and address."""
    part = document.customer
    customer = session.scalar(select(ErpCustomer).where(ErpCustomer.phone == part.phone))
    if customer is None:
        customer = ErpCustomer(phone=part.phone, first_name=part.first_name, language=part.language)
        session.add(customer)
    customer.first_name, customer.last_name, customer.language = part.first_name, part.last_name, part.language
    session.flush()
    if document.vehicle:
        _upsert_vehicle(session, customer, document.vehicle)
    if document.address:
        _upsert_address(session, customer, document.address)
    session.flush()
    return customer


def customer_record(row: ErpCustomer) -> CustomerRecord:
    """The customer as the port hands it out, latest used first."""
    return CustomerRecord(
        erp_name=row.id,
        first_name=row.first_name,
        last_name=row.last_name,
        phone=row.phone,
        vehicles=tuple(VehiclePart.model_validate(_columns(car, VehiclePart)) for car in row.vehicles),
        addresses=tuple(AddressPart.model_validate(_columns(place, AddressPart)) for place in row.addresses),
    )


def _columns(row: object, part: type[VehiclePart] | type[AddressPart]) -> dict[str, object]:
    return {name: getattr(row, name) for name in part.model_fields}


def _upsert_vehicle(session: Session, customer: ErpCustomer, part: VehiclePart) -> None:
    row = session.scalar(
        select(ErpVehicle).where(ErpVehicle.customer_id == customer.id, ErpVehicle.plate == part.plate)
    )
    if row is None:
        row = ErpVehicle(customer_id=customer.id, plate=part.plate)
        session.add(row)
    row.make, row.model, row.year, row.size = part.make, part.model, part.year, part.size
    row.colour, row.used_at = part.colour or row.colour, utc_now()


def _upsert_address(session: Session, customer: ErpCustomer, part: AddressPart) -> None:
    row = session.scalar(
        select(ErpAddress).where(
            ErpAddress.customer_id == customer.id,
            ErpAddress.street == part.street,
            ErpAddress.postcode == part.postcode,
        )
    )
    if row is None:
        row = ErpAddress(customer_id=customer.id, street=part.street, postcode=part.postcode)
        session.add(row)
    row.city, row.landmark, row.country, row.used_at = part.city, part.landmark, part.country, utc_now()
    row.unit, row.neighbourhood, row.district = part.unit, part.neighbourhood, part.district
    row.latitude, row.longitude = part.latitude, part.longitude
