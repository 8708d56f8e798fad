"""Organisations, outlets, staff and contacts. The ground floor of the domain."""

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

__all__ = [
    "ClosedDay",
    "Contact",
    "Identity",
    "KnownPerson",
    "OpeningHours",
    "Organisation",
    "Outlet",
    "Staff",
    "StaffSession",
    "resolve_contact",
]
