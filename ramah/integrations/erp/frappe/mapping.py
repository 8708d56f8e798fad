"""Values as Frappe writes them: site-local times, major units, names it accepts."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from ramah.integrations.erp.document import (
    AddressPart,
    BookingDocument,
    CustomerPart,
    PlanPart,
)

COUNTRIES: dict[str, Literal["ID", "MY"]] = {"Indonesia": "ID", "Malaysia": "MY"}
COUNTRY_NAMES = {code: name for name, code in COUNTRIES.items()}
DECIMALS = {"IDR": 0, "MYR": 2}
NAME_LIMIT = 140
ANGLES = str.maketrans({"<": "‹", ">": "›"})


def harmless(text: str) -> str:
    """Angle brackets as quotation marks: Frappe strips markup from such fields and refuses document names with ``<>``
    (frappe/model/naming.py, validate_name)."""
    return text.translate(ANGLES)[:NAME_LIMIT].strip()


def site_time(moment: datetime, zone: ZoneInfo) -> str:
    """An aware time as the site's naive text."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def utc_time(text: datetime, zone: ZoneInfo) -> datetime:
    """The site's naive time as an aware one in UTC."""
    return text.replace(tzinfo=zone).astimezone(UTC)


def site_day(moment: datetime, zone: ZoneInfo) -> str:
    """The site's calendar day of an aware time."""
    return moment.astimezone(zone).date().isoformat()


def major(amount_minor: int, currency: str) -> str:
    """Minor units as an exact decimal text in major units (14990 sen -> ``149.90``; rupiah stay whole)."""
    exponent = DECIMALS[currency]
    return f"{Decimal(amount_minor).scaleb(-exponent):.{exponent}f}"


def minor(amount: Decimal, currency: str) -> int:
    """Major units as minor units, half a unit rounds up."""
    return int(amount.scaleb(DECIMALS[currency]).quantize(Decimal(1), ROUND_HALF_UP))


def display_name(customer: CustomerPart) -> str:
    """The name that staff see in lists."""
    return harmless(" ".join(filter(None, (customer.first_name, customer.last_name))))


def address_key(phone: str, address: AddressPart) -> str:
    """One key per customer, street, unit and postcode, short enough for a Data field."""
    unit = f"|{address.unit.casefold()}" if address.unit else ""
    return str(uuid5(NAMESPACE_URL, f"{phone}|{address.street.casefold()}|{address.postcode}{unit}"))


def vehicle_key(phone: str, plate: str) -> str:
    """One key per customer and plate."""
    return f"{phone}/{plate}"


def plan_name(document: BookingDocument, plan: PlanPart) -> str:
    """The name of the Subscription Plan that bills this service at this price and rhythm."""
    amount = major(document.price.amount_minor, document.price.currency)
    text = f"{plan.code} {document.service_code} {document.price.currency} {amount}".translate(ANGLES)
    return text if len(text) <= NAME_LIMIT else str(uuid5(NAMESPACE_URL, text))
