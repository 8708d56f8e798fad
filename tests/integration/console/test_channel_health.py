"""The health of the channels: what each account's rows say, and what an administrator is told to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from html import unescape

import pytest

from ramah.channels.content import LinkState, LinkStatus
from ramah.desk.channels.health import Advice, Health, Report, channel_health
from ramah.messaging.accounts import connect_account
from ramah.messaging.links import note_link, prove
from ramah.messaging.models import ChannelAccount, Envelope, Outbound, RateBucket
from ramah.messaging.parcels import account_key
from ramah.people import Staff
from ramah.store import Database, utc_now
from tests.databases import backends
from tests.integration.conftest import Tenant
from tests.integration.console.served import ServedConsole
from tests.integration.console.signed import signature
from tests.integration.console.test_message_log import came, went
from tests.integration.console.visitors import StaffMember, logged_in
from tests.integration.test_envelopes import body_of
from tests.integration.test_statement_counts import statements

BOTH = pytest.mark.parametrize("database", backends(), indirect=True)
PAGE = "/console/channels/health"


@pytest.fixture
def admin(console: ServedConsole, database: Database, kilap: Tenant) -> Iterator[StaffMember]:
    """Alice, who administers."""
    with database.tenant(kilap.id) as session:
        session.get_one(Staff, kilap.alice).roles = ["admin"]
    member = logged_in(console, database, kilap.id, kilap.alice)
    with closing(member.client):
        yield member


def report_of(database: Database, tenant: Tenant) -> Report:
    with database.tenant_reading(tenant.id) as session:
        return channel_health(session, utc_now())


def health_of(database: Database, tenant: Tenant, account: ChannelAccount) -> Health:
    return next(one for one in report_of(database, tenant).accounts if one.account.id == account.id)


def change(database: Database, account: ChannelAccount, **values: object) -> None:
    with database.tenant(account.organisation_id) as session:
        row = session.get_one(ChannelAccount, account.id)
        for name, value in values.items():
            setattr(row, name, value)


@BOTH
def test_it_counts_what_came_went_failed_and_waits(database: Database, kilap: Tenant) -> None:
    conversation_id = came(database, kilap.whatsapp, "halo")
    went(database, kilap, conversation_id, "satu", "read")
    went(database, kilap, conversation_id, "dua", "failed", "131047")
    went(database, kilap, conversation_id, "tiga", "queued")
    went(database, kilap, conversation_id, "nanti", "queued")
    with database.tenant(kilap.id) as session:
        rows = {row.content["text"]: row for row in session.query(Outbound)}
        rows["nanti"].next_try_at = utc_now() + timedelta(hours=1)
        rows["tiga"].created_at = utc_now() - timedelta(hours=3)
        session.add(RateBucket(key=account_key(kilap.whatsapp), free_at=utc_now() + timedelta(minutes=1)))
    found = health_of(database, kilap, kilap.whatsapp)
    assert (sum(found.came), sum(found.went), sum(found.failed)) == (1, 4, 1)
    assert found.came[-1] + found.came[-2] == 1 and sum(found.went[-2:]) == 3
    assert [(one.code, one.count) for one in found.reasons] == [("131047", 1)]
    assert found.waiting is not None and found.waiting.count == 1
    assert found.last_in and found.last_out and found.paced_until is not None
    assert Advice.READ_REASONS in found.advice and Advice.START_WORKER not in found.advice
    other = health_of(database, kilap, kilap.webchat)
    assert (sum(other.came), other.last_in, other.waiting, other.paced_until) == (0, None, None, None)


@BOTH
def test_it_asks_ten_things_however_many_accounts_there_are(database: Database, kilap: Tenant) -> None:
    with database.tenant(kilap.id) as session:
        for number in range(9):
            connect_account(session, "whatsapp", f"N{number}", f"90{number}", {})
    came(database, kilap.whatsapp, "halo")
    with database.tenant_reading(kilap.id) as session, statements(database) as sent:
        assert len(channel_health(session, utc_now()).accounts) == 11
    assert len(sent) == 10


@BOTH
def test_it_says_since_when_a_link_stands(database: Database, kilap: Tenant) -> None:
    with database.tenant(kilap.id) as session:
        prove(session, kilap.whatsapp, "send")
    first = health_of(database, kilap, kilap.whatsapp).account.link_since
    change(database, kilap.whatsapp, proved_at=utc_now() - timedelta(hours=1))
    with database.tenant(kilap.id) as session:
        prove(session, session.get_one(ChannelAccount, kilap.whatsapp.id), "send")
    assert first is not None and health_of(database, kilap, kilap.whatsapp).account.link_since == first
    with database.tenant(kilap.id) as session:
        note_link(session, kilap.whatsapp, LinkState(status=LinkStatus.LOGGED_OUT), "check")
    lost = health_of(database, kilap, kilap.whatsapp)
    assert lost.account.link_since is not None and lost.account.link_since > first
    assert lost.advice[0] is Advice.LINK_AGAIN


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"link": "connected", "proved_at": utc_now()}, []),
        ({"link": "scan_qr", "proved_at": utc_now()}, [Advice.SCAN_CODE]),
        ({"link": "disconnected", "trouble": "lost", "proved_at": None}, [Advice.WAIT_FOR_GATEWAY]),
        ({"link": "connected", "trouble": "token expired"}, [Advice.CHECK_SETTINGS]),
        ({"link": "connected", "proved_at": utc_now() - timedelta(days=9)}, [Advice.TRY_A_MESSAGE]),
        (
            {"link": "connected", "proved_at": utc_now(), "paused_until": utc_now() + timedelta(hours=1)},
            [Advice.WAIT_FOR_PROVIDER],
        ),
        ({"link": "failed", "trouble": "broken", "active": False}, []),
    ],
)
def test_it_says_what_to_do_next(
    database: Database, kilap: Tenant, values: dict[str, object], advice: list[Advice]
) -> None:
    change(database, kilap.whatsapp, **values)
    assert list(health_of(database, kilap, kilap.whatsapp).advice) == advice


def test_a_message_that_does_not_leave_asks_for_the_worker(database: Database, kilap: Tenant) -> None:
    went(database, kilap, came(database, kilap.whatsapp, "halo"), "lama", "queued")
    with database.tenant(kilap.id) as session:
        session.query(Outbound).one().created_at = utc_now() - timedelta(minutes=6)
    assert Advice.START_WORKER in health_of(database, kilap, kilap.whatsapp).advice


def test_wrong_signatures_and_numbers_of_nobody_are_shown(
    admin: StaffMember, console: ServedConsole, database: Database, kilap: Tenant
) -> None:
    address = f"{console.url}/webhooks/whatsapp/{kilap.whatsapp.public_key}"
    for _ in range(3):
        answer = admin.client.post(address, content=b"{}", headers={"x-hub-signature-256": "sha256=00"})
        assert answer.status_code == 401
    refused = health_of(database, kilap, kilap.whatsapp).refused
    # Written at once, and the others of these seconds with the next one after them.
    assert refused is not None and refused.count == 1
    body = body_of("halo").replace(b"1000001", b"5555555")
    assert admin.client.post(address, content=body, headers=signature(body)).status_code == 200
    page = unescape(admin.get(PAGE).text)
    assert "5555555" in page and "wrong signature" in page and "/webhooks/whatsapp/kilap-phone" in page
    with database.tenant(kilap.id) as session:
        session.add(Envelope(channel_account_id=kilap.whatsapp.id, digest="d", body=b"x", status="failed", headers={}))
    assert Advice.READ_ENVELOPES in health_of(database, kilap, kilap.whatsapp).advice


def test_the_page_is_for_administrators_of_the_organisation(
    admin: StaffMember, bob: StaffMember, charlie: StaffMember, database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    went(database, kilap, came(database, kilap.whatsapp, "halo"), "dua", "failed", "131047")
    page = unescape(admin.get(PAGE).text)
    assert "24 hours: 1 in, 1 out, 1 of them not delivered" in page
    assert f"/console/messages?channel={kilap.whatsapp.id}&status=failed" in page
    assert "<html" not in admin.get(PAGE, headers={"hx-request": "true"}).text
    assert bob.get(PAGE).status_code == 403
    with database.tenant(stranger.id) as session:
        session.get_one(Staff, stranger.alice).roles = ["admin"]
    assert kilap.whatsapp.id not in charlie.get(PAGE).text
