"""Organisations, outlets, staff and contacts. The ground floor of the domain."""

from ramah.people.alert_choices import AlertChoice
from ramah.people.contact_changes import ContactChange
from ramah.people.contact_imports import ContactImport, RejectedRow
from ramah.people.contact_pairs import ContactMerge, DistinctContacts
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
    "AlertChoice",
    "ClosedDay",
    "Contact",
    "ContactChange",
    "ContactImport",
    "ContactMerge",
    "DistinctContacts",
    "Identity",
    "KnownPerson",
    "OpeningHours",
    "Organisation",
    "Outlet",
    "RejectedRow",
    "Staff",
    "StaffPreferences",
    "StaffSession",
    "resolve_contact",
]
