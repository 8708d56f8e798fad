"""A bot that works on weekdays from 8 to 17, the moments of a Monday, and customers who write to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from ramah.messaging.hours.keeping import Owner, checked_plan
from ramah.messaging.hours.managing import save_plan
from ramah.messaging.inbox import accept
from ramah.messaging.models import Conversation, Outbound
from ramah.messaging.turn_runner import TurnRunner
from ramah.store import Database
from tests.integration.conftest import Tenant, text_message

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
"""Monday 12:00 in Jakarta."""
EVENING, NIGHT = NOON + timedelta(hours=7), NOON + timedelta(hours=15)
MORNING = NOON + timedelta(hours=21)
WEEKDAYS = [[{"opens": "08:00", "closes": "17:00"}]] * 5 + [[], []]


def keep_hours(database: Database, tenant: Tenant, owner_id: str = "default", **changes: Any) -> None:
    """Weekdays from 8 to 17 in Jakarta."""
    plan = checked_plan(**{"enabled": True, "zone": "Asia/Jakarta", "week": WEEKDAYS, **changes})
    save_plan(database, Owner(tenant.id, owner_id), plan)


def run_all(runner: TurnRunner) -> None:
    """All turns that are due."""
    while runner.run_one():
        pass


def write(database: Database, tenant: Tenant, text: str, key: str, **more: Any) -> str:
    """A customer writes; returns the conversation's id."""
    message = text_message(text, key).model_copy(update=more)
    return accept(database, tenant.whatsapp, message).conversation_id


def said(database: Database, tenant: Tenant) -> list[str]:
    """What was written to customers."""
    with database.tenant_reading(tenant.id) as session:
        return [row.content["text"] for row in session.scalars(select(Outbound).order_by(Outbound.position))]


def conversation(database: Database, tenant: Tenant, conversation_id: str) -> Conversation:
    """The conversation as it is stored now."""
    with database.tenant_reading(tenant.id) as session:
        return session.get_one(Conversation, conversation_id)
