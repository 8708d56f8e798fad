"""What happens by the clock: messages that are sent later, and snoozed conversations that wake."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from ramah.desk.handover import close, take_over
from ramah.desk.models import ScheduledMessage
from ramah.desk.scheduling import Later, cancel, planned, schedule, send_due
from ramah.desk.snoozing import snooze, wake_due
from ramah.lib.errors import BadInput, Refused
from ramah.messaging.inbox import accept
from ramah.messaging.models import Conversation, Outbound, ThreadNote
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant, text_message

HOUR = timedelta(hours=1)


@pytest.fixture
def thread(database: Database, kilap: Tenant) -> str:
    """A conversation that Alice has."""
    found = accept(database, kilap.whatsapp, text_message("halo")).conversation_id
    take_over(database, kilap.id, found, kilap.alice)
    return found


def plan(database: Database, tenant: Tenant, thread: str, *, unless_answered: bool = False, key: str = "k") -> str:
    later = Later(utc_now() + HOUR, unless_answered)
    return schedule(database, tenant.id, thread, tenant.alice, "sudah siap ya kak", key, later)


def let_it_be_due(database: Database, tenant: Tenant) -> None:
    with database.tenant(tenant.id) as session:
        for row in session.scalars(select(ScheduledMessage)):
            row.due_at = utc_now() - timedelta(seconds=1)


def sent(database: Database, tenant: Tenant) -> list[str]:
    with database.tenant_reading(tenant.id) as session:
        return [row.content["text"] for row in session.scalars(select(Outbound).order_by(Outbound.position))]


def last_line(database: Database, tenant: Tenant) -> str:
    with database.tenant_reading(tenant.id) as session:
        return session.scalars(select(ThreadNote.kind).order_by(ThreadNote.id.desc())).first() or ""


def test_a_planned_message_leaves_at_its_time_and_once(database: Database, kilap: Tenant, thread: str) -> None:
    assert plan(database, kilap, thread) == plan(database, kilap, thread)
    assert not send_due(database)
    with database.tenant_reading(kilap.id) as session:
        assert [one.text for one in planned(session, thread)] == ["sudah siap ya kak"]
    let_it_be_due(database, kilap)
    together = Barrier(6)

    def worker(_: int) -> None:
        together.wait(60)
        send_due(database)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(worker, range(6)))
    assert sent(database, kilap) == ["sudah siap ya kak"]
    assert not send_due(database)


@pytest.mark.parametrize(("unless_answered", "expected"), [(True, []), (False, ["sudah siap ya kak"])])
def test_the_customers_message_cancels_it_only_if_chosen(
    database: Database, kilap: Tenant, thread: str, unless_answered: bool, expected: list[str]
) -> None:
    plan(database, kilap, thread, unless_answered=unless_answered)
    accept(database, kilap.whatsapp, text_message("sudah belum?", key="2"))
    with database.tenant_reading(kilap.id) as session:
        assert [one.answered for one in planned(session, thread)] == [unless_answered]
    let_it_be_due(database, kilap)
    assert send_due(database)
    assert sent(database, kilap) == expected


def test_a_time_after_the_window_has_closed_is_refused_with_the_reason(
    database: Database, kilap: Tenant, thread: str
) -> None:
    late = Later(utc_now() + timedelta(hours=30))
    with pytest.raises(Refused, match=r"could not be sent then.*window of 24 hours"):
        schedule(database, kilap.id, thread, kilap.alice, "halo", "k", late)
    with pytest.raises(BadInput):
        schedule(database, kilap.id, thread, kilap.alice, "halo", "k", Later(utc_now() - HOUR))
    assert not send_due(database)


def test_a_cancelled_one_is_not_sent(database: Database, kilap: Tenant, thread: str) -> None:
    message = plan(database, kilap, thread)
    for _ in range(2):
        cancel(database, kilap.id, thread, kilap.bob, message)
    let_it_be_due(database, kilap)
    assert not send_due(database)
    assert sent(database, kilap) == []


@pytest.mark.parametrize("how", ["closed", "window"])
def test_one_that_cannot_go_is_told_to_colleagues(database: Database, kilap: Tenant, thread: str, how: str) -> None:
    plan(database, kilap, thread)
    if how == "closed":
        close(database, kilap.id, thread, kilap.alice)
    else:
        with database.tenant(kilap.id) as session:
            session.get_one(Conversation, thread).last_inbound_at = utc_now() - timedelta(hours=30)
    let_it_be_due(database, kilap)
    assert send_due(database)
    assert sent(database, kilap) == []
    assert last_line(database, kilap) == "schedule_refused"


def test_a_snoozed_conversation_wakes_at_its_time(database: Database, kilap: Tenant, thread: str) -> None:
    assert snooze(database, kilap.id, thread, kilap.alice, utc_now() + HOUR)
    assert not wake_due(database)
    with database.tenant(kilap.id) as session:
        session.get_one(Conversation, thread).snoozed_until = utc_now() - timedelta(seconds=1)
    assert wake_due(database)
    assert not wake_due(database)
    assert last_line(database, kilap) == "awake"


def test_one_that_waits_for_a_person_or_is_a_colleagues_is_not_snoozed(
    database: Database, kilap: Tenant, thread: str
) -> None:
    with pytest.raises(Refused, match="colleague"):
        snooze(database, kilap.id, thread, kilap.bob)
    with pytest.raises(BadInput):
        snooze(database, kilap.id, thread, kilap.alice, utc_now() + timedelta(days=400))
