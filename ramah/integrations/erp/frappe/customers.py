"""Customers and the people behind them."""

from __future__ import annotations

from dataclasses import dataclass

from ramah.integrations.erp.document import CustomerPart
from ramah.integrations.erp.frappe.client import FrappeClient, Row
from ramah.integrations.erp.frappe.mapping import display_name, harmless
from ramah.integrations.erp.frappe.phonebook import ContactDocument, contact_by_phone
from ramah.integrations.erp.frappe.settings import FrappeAccess
from ramah.integrations.erp.frappe.writes import KEY, create_keyed, create_once


class CustomerRow(Row):
    """A Customer with Ramah's custom fields."""

    customer_name: str
    custom_external_ref: str | None = None
    custom_first_name: str | None = None
    custom_last_name: str | None = None
    language: str | None = None
    customer_primary_contact: str | None = None


@dataclass(frozen=True)
class Person:
    """A customer's document, with the contact through which staff entered it (None for our own)."""

    row: CustomerRow
    contact: ContactDocument | None = None

    @property
    def first_name(self) -> str:
        """What staff noted of this person, else what Ramah did."""
        return (self.contact and self.contact.first_name) or self.row.custom_first_name or self.row.customer_name

    @property
    def last_name(self) -> str | None:
        """The last name, None for people with a single name."""
        known = self.contact if self.contact and self.contact.first_name else None
        return (known.last_name if known else self.row.custom_last_name) or None


def find_person(client: FrappeClient, phone: str) -> Person | None:
    """By our key, else by any contact with that number."""
    rows = client.rows("Customer", CustomerRow, [[KEY, "=", phone]], most=1)
    if rows:
        return Person(rows[0])
    contact = contact_by_phone(client, phone)
    if contact is None:
        return None
    rows = client.rows("Customer", CustomerRow, [["name", "=", contact.customer]], most=1)
    return Person(rows[0], contact) if rows else None


def write_customer(client: FrappeClient, access: FrappeAccess, customer: CustomerPart) -> str:
    """Create the Customer with its Contact, or bring what Ramah noted up to date; returns the Customer's name."""
    person = find_person(client, customer.phone)
    if person is None:
        body = {**_names(customer), "customer_name": display_name(customer), "customer_type": "Individual"}
        body |= {"customer_group": access.customer_group, "territory": access.territory}
        name = create_keyed(client, "Customer", customer.phone, body).name
        _write_contact(client, name, customer, primary=None)
        return name
    _adopt(client, person, customer)
    _write_contact(client, person.row.name, customer, primary=person.row.customer_primary_contact)
    return person.row.name


def _adopt(client: FrappeClient, person: Person, customer: CustomerPart) -> None:
    row = person.row
    if row.custom_external_ref not in {None, customer.phone}:
        return  # a second person of the same customer, who is known by the first one's number
    noted = {**_names(customer), KEY: customer.phone}
    changed = {key: value for key, value in noted.items() if (getattr(row, key) or None) != value}
    if not changed:
        return
    if row.custom_first_name and row.customer_name == _shown(row):  # staff have not renamed it
        changed["customer_name"] = display_name(customer)
    if person.contact is not None:  # before the customer, which a repetition then still finds by this contact
        client.update("Contact", person.contact.name, {KEY: customer.phone})
    client.update("Customer", row.name, changed)


def _write_contact(client: FrappeClient, customer_name: str, customer: CustomerPart, primary: str | None) -> None:
    """The Contact carries the phone; linking it as primary fills the Customer's read-only mobile number."""
    if primary:
        return
    body = {
        "first_name": harmless(customer.first_name),
        "last_name": harmless(customer.last_name or ""),
        "phone_nos": [{"phone": customer.phone, "is_primary_mobile_no": 1}],
        "links": [{"link_doctype": "Customer", "link_name": customer_name}],
    }
    contact = create_once(client, "Contact", customer.phone, body).name
    client.update("Customer", customer_name, {"customer_primary_contact": contact})


def _names(customer: CustomerPart) -> dict[str, object]:
    return {
        "custom_first_name": customer.first_name,
        "custom_last_name": customer.last_name,
        "language": customer.language,
    }


def _shown(row: CustomerRow) -> str:
    return harmless(" ".join(filter(None, (row.custom_first_name, row.custom_last_name))))
