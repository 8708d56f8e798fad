"""What a person must look at before deciding about a proof."""

from __future__ import annotations

from enum import StrEnum


class Flag(StrEnum):
    """One reason to look twice."""

    OTHER_PERSON = "other_person"  # somebody else sent this very slip
    AMOUNT_DIFFERS = "amount_differs"
    LOOKS_ALIKE = "looks_alike"  # the picture shows what an earlier slip shows, in other bytes
    UNREADABLE = "unreadable"  # a PDF whose text cannot be read
    BILL_CLAIMED = "bill_claimed"  # another slip for the same bill waits
