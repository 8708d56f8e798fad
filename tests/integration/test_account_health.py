"""Accounts are asked whether they work; a trouble that lasts becomes one alert, and its end is told."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from ramah.channels.content import LinkState, LinkStatus
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess
from ramah.channels.whatsapp.channel import WhatsAppChannel
from ramah.messaging.alerts import close_alert
from ramah.messaging.alerts.connections import fallback_of
from ramah.messaging.alerts.register import facts_of
from ramah.messaging.health import check_one, watch_connections
from ramah.messaging.models import Alert, ChannelAccount
from ramah.observe import Incident
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant, defaults
from tests.integration.console.contents import rows_of

CONFIG = defaults(alert_after=120)
WELL = LinkState(status=LinkStatus.CONNECTED, phone="+62 811-1234")
GONE = LinkState(status=LinkStatus.LOGGED_OUT)
BUSY = ChannelError("the provider did not answer", SendOutcome.RETRY)
REFUSED = ChannelError("the access token has expired", SendOutcome.CONFIGURATION)


@dataclass
class Asked:
    """What the stand-in provider says when it is asked, and how often that was."""

    says: LinkState | Exception = WELL
    times: list[str] = field(default_factory=list)

    def check(self, _channel: WhatsAppChannel, account: AccountAccess) -> LinkState:
        """Note the question and answer."""
        self.times.append(account.external_id)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """The provider of WhatsApp, as far as checks go."""
    asked = Asked()
    monkeypatch.setattr(WhatsAppChannel, "check", lambda channel, account: asked.check(channel, account))
    return asked


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time of day, which stands still unless it is moved."""
    with time_machine.travel(utc_now() + timedelta(seconds=1), tick=False) as standing:
        yield standing


def phone_of(database: Database, tenant: Tenant) -> ChannelAccount:
    with database.tenant_reading(tenant.id) as session:
        return session.get_one(ChannelAccount, tenant.whatsapp.id)


def check_all(database: Database) -> None:
    while check_one(database):
        pass


def test_an_answer_proves_the_account_and_the_next_question_waits_its_time(
    database: Database, kilap: Tenant, provider: Asked, clock: time_machine.Traveller
) -> None:
    check_all(database)
    check_all(database)
    phone = phone_of(database, kilap)
    assert provider.times == ["1000001"]
    assert (phone.link, phone.proved_by, phone.proved_at, phone.trouble) == ("connected", "check", utc_now(), None)
    assert phone.check_at == utc_now() + timedelta(seconds=300)
    clock.shift(301)
    check_all(database)
    assert len(provider.times) == 2


def test_many_workers_ask_once(database: Database, kilap: Tenant, stranger: Tenant, provider: Asked) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: check_all(database), range(8)))
    assert sorted(provider.times) == ["1000001", "2000002"]


def test_accounts_that_cannot_be_asked_or_are_off_are_left_alone(
    database: Database, kilap: Tenant, provider: Asked
) -> None:
    with database.tenant(kilap.id) as session:
        session.get_one(ChannelAccount, kilap.whatsapp.id).active = False
    check_all(database)
    assert provider.times == []


def test_one_failure_is_weather_and_two_in_a_row_are_a_trouble(
    database: Database, kilap: Tenant, provider: Asked, clock: time_machine.Traveller
) -> None:
    provider.says = BUSY
    check_all(database)
    assert phone_of(database, kilap).trouble is None
    clock.shift(31)
    check_all(database)
    phone = phone_of(database, kilap)
    assert (phone.trouble, phone.trouble_since) == ("the provider did not answer", utc_now())
    provider.says = WELL
    clock.shift(301)
    check_all(database)
    phone = phone_of(database, kilap)
    assert (phone.trouble, phone.trouble_since, phone.link) == (None, None, "connected")
    provider.says = BUSY
    clock.shift(301)
    check_all(database)
    assert phone_of(database, kilap).trouble is None, "an answer between two failures starts the count anew"


def test_what_somebody_must_mend_is_a_trouble_at_once(database: Database, kilap: Tenant, provider: Asked) -> None:
    provider.says = REFUSED
    check_all(database)
    assert phone_of(database, kilap).trouble == "the access token has expired"


def test_a_provider_that_wants_fewer_questions_is_left_in_peace(
    database: Database, kilap: Tenant, provider: Asked, clock: time_machine.Traveller
) -> None:
    provider.says = ChannelError("too many", SendOutcome.WAIT, retry_after=900)
    for _ in range(3):
        check_all(database)
        clock.shift(301)
    assert len(provider.times) == 1
    assert phone_of(database, kilap).trouble is None


def test_a_fault_of_ours_is_an_incident_and_the_others_are_asked(
    database: Database, kilap: Tenant, stranger: Tenant, provider: Asked
) -> None:
    provider.says = ZeroDivisionError("ours")
    check_all(database)
    assert len(provider.times) == 2
    assert {row.operation for row in rows_of(database, Incident)} == {"check:whatsapp"}
    assert phone_of(database, kilap).trouble is None


def test_a_trouble_that_lasts_opens_one_alert_and_its_end_closes_it(
    database: Database, kilap: Tenant, stranger: Tenant, provider: Asked, clock: time_machine.Traveller
) -> None:
    check_all(database)
    provider.says = GONE
    clock.shift(301)
    check_all(database)
    clock.shift(119)
    assert not watch_connections(database, CONFIG)
    clock.shift(2)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: watch_connections(database, CONFIG), range(6)))
    assert sorted(row.subject for row in rows_of(database, Alert)) == sorted([kilap.whatsapp.id, stranger.whatsapp.id])
    (alert,) = (row for row in rows_of(database, Alert) if row.organisation_id == kilap.id)
    assert (alert.kind, alert.link_url, alert.closed_at) == ("connection_lost", "https://wa.me/628111234", None)
    assert facts_of(alert)["name"] == "Phone"
    assert facts_of(alert)["state"] == "logged_out"
    clock.shift(3600)
    assert not watch_connections(database, CONFIG)
    provider.says = WELL
    check_all(database)
    assert watch_connections(database, CONFIG)
    assert not watch_connections(database, CONFIG)
    assert [(row.closed_at, row.told_at) for row in rows_of(database, Alert)] == [(utc_now(), None)] * 2


def test_an_alert_closed_by_hand_comes_back_with_the_next_trouble_only(
    database: Database, kilap: Tenant, provider: Asked, clock: time_machine.Traveller
) -> None:
    provider.says = REFUSED
    check_all(database)
    clock.shift(121)
    watch_connections(database, CONFIG)
    with database.tenant(kilap.id) as session:
        assert close_alert(session, "connection_lost", kilap.whatsapp.id, tell=False)
    assert not watch_connections(database, CONFIG)
    for provider.says in (WELL, REFUSED):
        clock.shift(301)
        check_all(database)
        watch_connections(database, CONFIG)
    clock.shift(121)
    assert watch_connections(database, CONFIG)
    assert len(rows_of(database, Alert)) == 2


def test_an_account_that_is_switched_off_is_no_trouble(
    database: Database, kilap: Tenant, provider: Asked, clock: time_machine.Traveller
) -> None:
    provider.says = REFUSED
    check_all(database)
    clock.shift(121)
    assert watch_connections(database, CONFIG)
    with database.tenant(kilap.id) as session:
        session.execute(update(ChannelAccount).values(active=False))
    assert watch_connections(database, CONFIG)
    assert rows_of(database, Alert)[0].closed_at is not None


@pytest.mark.parametrize(
    ("fallback", "linked", "wanted"),
    [
        ("https://example.com/help", "+62811", "https://example.com/help"),
        (None, "+62 811", "https://wa.me/62811"),
        (None, None, None),
    ],
)
def test_customers_are_sent_elsewhere_meanwhile(
    kilap: Tenant, fallback: str | None, linked: str | None, wanted: str | None
) -> None:
    account = kilap.whatsapp
    account.fallback_url, account.linked_phone = fallback, linked
    assert fallback_of(account) == wanted


def test_a_long_outage_keeps_its_first_moment(
    database: Database, kilap: Tenant, provider: Asked, clock: time_machine.Traveller
) -> None:
    provider.says = REFUSED
    check_all(database)
    began = utc_now()
    for _ in range(3):
        clock.shift(301)
        check_all(database)
    assert phone_of(database, kilap).trouble_since == began
