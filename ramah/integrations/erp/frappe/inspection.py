"""Whether a site is set up as docs/erp.md says; a missing field would be ignored in silence when written."""

from __future__ import annotations

from typing import Any

import structlog

from ramah.integrations.erp.frappe.belongings import AddressRow, VehicleRow
from ramah.integrations.erp.frappe.bookings import OrderRow
from ramah.integrations.erp.frappe.catalogue import ItemRow, PlanRow, PriceListRow
from ramah.integrations.erp.frappe.client import FrappeClient
from ramah.integrations.erp.frappe.made import MadeRow
from ramah.integrations.erp.frappe.settings import FrappeAccess
from ramah.integrations.errors import (
    CredentialsRefused,
    IntegrationError,
    Rejected,
    Unavailable,
)

KEYED = ("custom_external_ref",)
NOTED = ("custom_customer_notes", "custom_booking_document")
VISIT = ("custom_reference", "custom_outlet", "custom_place", "custom_vehicle", *NOTED)
REQUIRED: dict[str, tuple[str, ...]] = {
    "Customer": (*KEYED, "custom_first_name", "custom_last_name"),
    "Contact": KEYED,
    "Address": (*KEYED, *AddressRow.model_fields, "custom_last_used"),
    "Customer Vehicle": (*KEYED, *VehicleRow.model_fields, "customer", "custom_last_used"),
    "Sales Order": (*KEYED, *VISIT, *MadeRow.model_fields, "custom_channel", *OrderRow.model_fields),
    "Subscription": (*KEYED, *VISIT),
    "Item": tuple(ItemRow.model_fields),
    "Price List": tuple(PriceListRow.model_fields),
    "Subscription Plan": (*PlanRow.model_fields, "custom_offered"),
}

log = structlog.get_logger(__name__)


def inspect_site(client: FrappeClient, access: FrappeAccess) -> None:
    """Raises CredentialsRefused, Unavailable, or Rejected naming what is missing."""
    user = client.method("frappe.auth.get_logged_user")
    if not user or user == "Guest":
        raise CredentialsRefused("the site treats the API key as a guest", code="Guest")
    zone = _site_zone(client)
    if zone not in {None, access.site_timezone}:
        raise Rejected(f"the site's time zone is {zone}, not {access.site_timezone}", code="site_timezone")
    for doctype, fields in REQUIRED.items():
        _inspect_fields(client, doctype, fields)


def _site_zone(client: FrappeClient) -> str | None:
    try:
        answer: Any = client.method("frappe.client.get_time_zone")
    except Unavailable:
        raise
    except IntegrationError as error:  # older sites do not let every user call it
        log.warning("erp_site_zone_unknown", reason=str(error))
        return None
    return answer.get("time_zone") if isinstance(answer, dict) else None


def _inspect_fields(client: FrappeClient, doctype: str, fields: tuple[str, ...]) -> None:
    """Filter by each field: the site refuses a filter on a column that it does not have."""
    try:
        client.probe(doctype, fields)
    except Rejected as error:
        raise Rejected(f"{doctype}: {error} (see docs/erp.md)", code=error.code) from error
