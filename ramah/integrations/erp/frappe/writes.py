"""Creating a document exactly once by a unique custom field, whatever happens on the way."""

from __future__ import annotations

from dataclasses import dataclass

from ramah.integrations.erp.frappe.client import Body, FrappeClient, Stamp
from ramah.integrations.erp.frappe.errors import Duplicate
from ramah.integrations.errors import (
    IntegrationError,
    Rejected,
    Unavailable,
    UncertainWrite,
)

KEY = "custom_external_ref"


@dataclass(frozen=True)
class Written:
    """The document; ``repeated`` when it had been there before."""

    stamp: Stamp
    repeated: bool

    @property
    def name(self) -> str:
        """The document's name."""
        return self.stamp.name


def find_by_key(client: FrappeClient, doctype: str, key: str, field: str = KEY) -> Stamp | None:
    """The document with this key, or None."""
    rows = client.rows(doctype, Stamp, [[field, "=", key]], most=1)
    return rows[0] if rows else None


def create_once(client: FrappeClient, doctype: str, key: str, body: Body, field: str = KEY) -> Written:
    """Find it by its key or create it.

    Raises UncertainWrite when a create got no answer and cannot be found afterwards.
    """
    found = find_by_key(client, doctype, key, field)
    return Written(found, True) if found else create_keyed(client, doctype, key, body, field)


def create_keyed(client: FrappeClient, doctype: str, key: str, body: Body, field: str = KEY) -> Written:
    """Create it (the caller has looked before); somebody else's simultaneous create counts as a repetition."""
    try:
        return Written(client.create(doctype, {**body, field: key}), False)
    except Duplicate as error:
        found = find_by_key(client, doctype, key, field)
        if found is None:  # another unique field or a forbidden name, not our key
            raise Rejected(str(error), code=error.code) from error
        return Written(found, True)
    except UncertainWrite as error:
        return _settle(client, doctype, key, field, error)


def _settle(client: FrappeClient, doctype: str, key: str, field: str, doubt: UncertainWrite) -> Written:
    """Look once whether the lost answer was a success. An answered 500 is over; a silence may still be at work."""
    try:
        found = find_by_key(client, doctype, key, field)
    except IntegrationError as error:
        raise doubt from error
    if found is not None:
        return Written(found, False)
    if doubt.code == "500":
        raise Unavailable(str(doubt), code=doubt.code) from doubt
    raise doubt
