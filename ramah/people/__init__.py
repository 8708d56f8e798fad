"""Organisations, outlets, staff and contacts. The ground floor of the domain."""

from ramah.people.contact_changes import ContactChange
from ramah.people.contacts import KnownPerson, resolve_contact
from ramah.people.models import (
    ClosedDay,
    Contact,
    Identity,
    OpeningHours,
    Organisation,
    Outlet,
    Staff,
    StaffSession,
)
from ramah.people.preferences import StaffPreferences

__all__ = [
    "ClosedDay",
    "Contact",
    "ContactChange",
    "Identity",
    "KnownPerson",
    "OpeningHours",
    "Organisation",
    "Outlet",
    "Staff",
    "StaffPreferences",
    "StaffSession",
    "resolve_contact",
]
