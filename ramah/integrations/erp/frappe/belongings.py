"""A customer's cars (custom doctype Customer Vehicle) and addresses, most recently used first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

import structlog
from pydantic import ValidationError

from ramah.integrations.erp.document import (
    AddressPart,
    CustomerPart,
    VehiclePart,
    VehicleSize,
)
from ramah.integrations.erp.frappe.client import Filter, FrappeClient, Row
from ramah.integrations.erp.frappe.mapping import (
    COUNTRIES,
    COUNTRY_NAMES,
    NAME_LIMIT,
    address_key,
    display_name,
    harmless,
    vehicle_key,
)
from ramah.integrations.erp.frappe.writes import create_keyed, find_by_key

PartT_co = TypeVar("PartT_co", covariant=True)
RECENT = 10
_LAST_USED = "modified desc, name asc"


log = structlog.get_logger(__name__)


class _Offered(Protocol[PartT_co]):
    """A row that may be offered as a part of the next booking."""

    @property
    def name(self) -> str: ...

    def part(self) -> PartT_co: ...


class VehicleRow(Row):
    """A Customer Vehicle."""

    make: str
    model: str
    year: int
    license_plate: str
    size: VehicleSize
    colour: str | None = None

    def part(self) -> VehiclePart:
        """The car as a booking wants it."""
        return VehiclePart(
            make=self.make,
            model=self.model,
            year=self.year,
            plate=self.license_plate,
            size=self.size,
            colour=self.colour or None,
        )


class AddressRow(Row):
    """An Address."""

    address_line1: str
    address_line2: str | None = None
    city: str
    pincode: str
    country: str
    custom_unit: str | None = None
    custom_neighbourhood: str | None = None
    custom_district: str | None = None
    custom_latitude: float | None = None
    custom_longitude: float | None = None

    def part(self) -> AddressPart:
        """The address as a booking wants it; raises ValidationError for one abroad or incomplete."""
        return AddressPart.model_validate(
            {
                "street": self.address_line1,
                "city": self.city,
                "postcode": self.pincode,
                "landmark": self.address_line2 or None,
                "unit": self.custom_unit or None,
                "neighbourhood": self.custom_neighbourhood or None,
                "district": self.custom_district or None,
                **self._pin(),
                "country": COUNTRIES.get(self.country),
            }
        )

    def _pin(self) -> dict[str, float]:
        """Degrees; Frappe keeps an empty Float as 0, and nobody lives where both are."""
        if not self.custom_latitude and not self.custom_longitude:
            return {}
        return {"latitude": self.custom_latitude or 0.0, "longitude": self.custom_longitude or 0.0}


def vehicles_of(client: FrappeClient, customer: str) -> tuple[VehiclePart, ...]:
    """The customer's cars; those that staff left incomplete are not offered."""
    rows = client.rows("Customer Vehicle", VehicleRow, [["customer", "=", customer]], order_by=_LAST_USED, most=RECENT)
    return tuple(_readable(rows))


def vehicle_named(client: FrappeClient, name: str) -> VehiclePart | None:
    """The car of this document name, or None where staff left it incomplete."""
    rows = client.rows("Customer Vehicle", VehicleRow, [["name", "=", name]], most=1)
    return next(_readable(rows), None)


def addresses_of(client: FrappeClient, customer: str) -> tuple[AddressPart, ...]:
    """The customer's addresses in countries that are served."""
    links: list[Filter] = [
        ["Dynamic Link", "link_doctype", "=", "Customer"],
        ["Dynamic Link", "link_name", "=", customer],
    ]
    rows = client.rows("Address", AddressRow, links, order_by=_LAST_USED, most=RECENT)
    return tuple(_readable(rows))


def _readable(rows: Iterable[_Offered[PartT_co]]) -> Iterator[PartT_co]:
    for row in rows:
        try:
            yield row.part()
        except ValidationError as error:
            log.info("erp_row_not_offered", name=row.name, problems=error.error_count())


def write_vehicle(client: FrappeClient, customer_name: str, phone: str, vehicle: VehiclePart, used: str) -> str:
    """Create the car or bring it up to date; ``used`` is the site's time. Returns its name."""
    body: dict[str, object] = {
        "customer": customer_name,
        "license_plate": vehicle.plate,
        "make": vehicle.make,
        "model": vehicle.model,
        "year": vehicle.year,
        "size": vehicle.size.value,
        "custom_last_used": used,
        **({"colour": vehicle.colour} if vehicle.colour else {}),
    }
    of_plate: list[Filter] = [["customer", "=", customer_name], ["license_plate", "=", vehicle.plate]]
    rows = client.rows("Customer Vehicle", Row, of_plate, most=1)  # staff may have entered it by hand
    if rows:
        client.update("Customer Vehicle", rows[0].name, body)
        return rows[0].name
    return create_keyed(client, "Customer Vehicle", vehicle_key(phone, vehicle.plate), body).name


def write_address(
    client: FrappeClient, customer_name: str, customer: CustomerPart, address: AddressPart, used: str
) -> str:
    """Create the address, linked to the customer, or bring it up to date. Returns its name."""
    key = address_key(customer.phone, address)
    body: dict[str, object] = {
        "address_line1": harmless(address.street),
        "address_line2": harmless(address.landmark or ""),
        "city": harmless(address.city),
        "pincode": address.postcode,
        "country": COUNTRY_NAMES[address.country],
        "phone": customer.phone,
        "custom_last_used": used,
        "custom_unit": harmless(address.unit or ""),
        "custom_neighbourhood": harmless(address.neighbourhood or ""),
        "custom_district": harmless(address.district or ""),
        "custom_latitude": address.latitude,
        "custom_longitude": address.longitude,
    }
    new: dict[str, object] = {
        "address_title": display_name(customer)[: NAME_LIMIT - len("-Shipping-000")],  # becomes the document's name
        "address_type": "Shipping",
        "links": [{"link_doctype": "Customer", "link_name": customer_name}],
    }
    found = find_by_key(client, "Address", key)
    if found is not None:
        client.update("Address", found.name, body)
        return found.name
    return create_keyed(client, "Address", key, {**body, **new}).name
