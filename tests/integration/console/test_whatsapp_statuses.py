"""Delivery statuses reach the right message, in whatever order they come."""

from __future__ import annotations

from html import unescape
from itertools import permutations
from typing import Any

import httpx
import pytest

from ramah.channels.content import Outgoing
from ramah.channels.sentences import explain
from ramah.messaging.conversations import locked
from ramah.messaging.models import Author, Outbound, OutboundStatus, ParkedReceipt
from ramah.messaging.outbox import Writer, write_outbound
from ramah.store import Database
from tests.integration.conftest import Tenant, make_tenant
from tests.integration.console.contents import count, rows_of
from tests.integration.console.signed import deliver
from tests.integration.console.visitors import StaffMember
from tests.unit.channels.whatsapp.recorded import with_value

EXPIRED = {"code": 131047, "title": "Re-engagement message", "error_data": {"details": "More than 24 hours"}}


@pytest.fixture
def stranger(database: Database) -> Tenant:
    """Another tenant, with a Meta app of its own."""
    return make_tenant(database, "stranger", "2000002", app_secret="theirs")


@pytest.fixture
def sent_message(database: Database, kilap: Tenant, conversation_id: str) -> str:
    """A message of the bot that WhatsApp took as ``wamid.OURS``; returns its id."""
    with database.tenant(kilap.id) as session:
        conversation = locked(session, conversation_id)
        (row,) = write_outbound(session, conversation, Writer(Author.BOT, 0), Outgoing(text="Siap"), "k")
        row.provider_id, row.status = "wamid.OURS", OutboundStatus.SENT
        return row.id


def status(name: str, **more: Any) -> dict[str, Any]:
    errors = {"errors": [EXPIRED]} if name == "failed" else {}
    return {"id": "wamid.OURS", "status": name, "timestamp": "1760000009", "recipient_id": "1", **errors, **more}


def report(client: httpx.Client, *items: dict[str, Any]) -> None:
    answer = deliver(client, with_value({"statuses": list(items)}, "status_sent"))
    assert answer.status_code == 200


def state(database: Database) -> tuple[str, str | None]:
    (row,) = rows_of(database, Outbound)
    return row.status, row.error_code


@pytest.mark.usefixtures("sent_message")
@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "read"])))
def test_ticks_never_run_backwards(anybody: httpx.Client, database: Database, order: tuple[str, ...]) -> None:
    for name in order:
        report(anybody, status(name))
        report(anybody, status(name))
    assert state(database) == ("read", None)


@pytest.mark.usefixtures("sent_message")
@pytest.mark.parametrize(
    ("order", "settled"),
    [
        (["failed"], ("failed", "131047")),
        (["failed", "sent"], ("failed", "131047")),
        (["failed", "delivered"], ("delivered", None)),
        (["delivered", "failed"], ("delivered", None)),
        (["read", "failed", "sent"], ("read", None)),
        (["sent", "played"], ("read", None)),
    ],
)
def test_a_failure_counts_only_while_delivery_is_not_proved(
    anybody: httpx.Client, database: Database, order: list[str], settled: tuple[str, str | None]
) -> None:
    report(anybody, *[status(name) for name in order])
    assert state(database) == settled


def test_a_status_finds_a_message_whose_sending_was_never_answered(
    anybody: httpx.Client, database: Database, kilap: Tenant, sent_message: str
) -> None:
    with database.tenant(kilap.id) as session:
        row = session.get_one(Outbound, sent_message)
        row.provider_id, row.status = None, OutboundStatus.UNCERTAIN
    report(anybody, status("delivered", biz_opaque_callback_data=sent_message))
    (stored,) = rows_of(database, Outbound)
    assert (stored.status, stored.provider_id) == ("delivered", "wamid.OURS")


@pytest.mark.usefixtures("sent_message")
def test_a_status_of_an_unknown_message_waits_for_it(anybody: httpx.Client, database: Database) -> None:
    report(anybody, status("delivered", id="wamid.LATER"))
    report(anybody, status("delivered", id="wamid.LATER", timestamp="1760000010"))
    assert state(database) == ("sent", None)
    assert count(database, ParkedReceipt) == 1


@pytest.mark.usefixtures("sent_message")
def test_another_organisation_cannot_move_our_ticks(
    anybody: httpx.Client, database: Database, stranger: Tenant
) -> None:
    theirs = {"display_phone_number": "1", "phone_number_id": stranger.whatsapp.external_id}
    body = with_value({"metadata": theirs, "statuses": [status("read")]}, "status_sent")
    assert deliver(anybody, body).json() == {"stored": 0}
    assert state(database) == ("sent", None)


@pytest.mark.usefixtures("sent_message")
def test_operators_see_the_tick_and_the_reason_of_a_failure(
    alice: StaffMember, anybody: httpx.Client, conversation_id: str
) -> None:
    thread = f"/console/conversations/{conversation_id}"
    report(anybody, status("failed"))
    page = alice.get(f"{thread}/messages", params={"after": 99}).text
    assert 'data-status="failed"' in page
    assert explain("whatsapp", "131047", None, "en").sentence in unescape(page)
    report(anybody, status("read"))
    assert 'data-status="read"' in alice.get(thread).text
