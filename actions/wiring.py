"""What actions need of the platform, opened on first use: nothing happens at import."""

from __future__ import annotations

from functools import lru_cache

from rasa_sdk import Tracker

from actions import slots
from ramah.booking.context import Place
from ramah.messaging.conversations import organisation_of
from ramah.settings import settings
from ramah.store import Database


@lru_cache(maxsize=1)
def database() -> Database:
    """The platform's database."""
    return Database(settings().database_url)


def place_of(tracker: Tracker) -> Place:
    """Where this turn happens. Blocks on the database; call it in a thread."""
    conversation_id = str(tracker.sender_id)
    return Place(
        database=database(),
        organisation_id=organisation_of(database(), conversation_id),
        conversation_id=conversation_id,
        language=slots.language(tracker),
    )
