"""Finding a customer whom staff entered by hand, by any spelling of the phone number."""

from __future__ import annotations

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    parse,
    region_code_for_number,
)
from pydantic import BaseModel, ConfigDict

from ramah.integrations.erp.frappe.client import FrappeClient, Row

CONTACT_LIMIT = 20
LIKE_DIGITS = 9


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class PhoneRow(_Part):
    """A row of Contact Phone."""

    phone: str


class LinkRow(_Part):
    """A row of Dynamic Link."""

    link_doctype: str
    link_name: str


class ContactDocument(_Part):
    """A Contact with its child tables."""

    name: str
    first_name: str | None = None
    last_name: str | None = None
    phone_nos: tuple[PhoneRow, ...] = ()
    links: tuple[LinkRow, ...] = ()

    @property
    def customer(self) -> str | None:
        """The first Customer that this person belongs to."""
        return next((link.link_name for link in self.links if link.link_doctype == "Customer"), None)


def contact_by_phone(client: FrappeClient, phone: str) -> ContactDocument | None:
    """The contact of some Customer with this E.164 number, however it was typed (``0812-3456 7890``)."""
    digits = str(parse(phone).national_number)[-LIKE_DIGITS:]
    pattern = "%" + "%".join(digits) + "%"
    for row in client.rows("Contact", Row, [["Contact Phone", "phone", "like", pattern]], most=CONTACT_LIMIT):
        contact = ContactDocument.model_validate(client.document("Contact", row.name))
        if contact.customer and any(same_number(one.phone, phone) for one in contact.phone_nos):
            return contact
    return None


def same_number(typed: str, phone: str) -> bool:
    """Whether a number as typed is this E.164 number, read as dialled in its country."""
    try:
        number = parse(typed, region_code_for_number(parse(phone)))
    except NumberParseException:
        return False
    return format_number(number, PhoneNumberFormat.E164) == phone
