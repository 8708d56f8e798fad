"""A booking conversation on a Monday morning whose dialogue can be locked."""

from __future__ import annotations

import pytest
import time_machine

import actions.care
from ramah.messaging.accounts import find_account
from ramah.store import Database
from tests.integration.booking.conftest import clock, demo, demo_file
from tests.integration.booking.customer import Door
from tests.integration.care.locked_dialogue import LockedDialogue

__all__ = ["clock", "demo", "demo_file", "dialogue"]


@pytest.fixture
def dialogue(demo: Database, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> LockedDialogue:
    """The booking dialogue of somebody on the web chat of Kilap Auto."""
    door = Door(demo, clock, "webchat", "kilap-auto")
    customer = door.enter("visitor-1", "id")
    monkeypatch.setattr(actions.care, "place_of", lambda tracker: customer.place)
    return LockedDialogue(customer, find_account(demo, "webchat", "kilap-auto"))
