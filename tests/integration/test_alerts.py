"""Alerts reach every administrator by mail, in their language, once, however often the mail server is away."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from aiosmtpd.controller import Controller

from ramah.messaging.alerts import close_alert, open_alert, open_alerts, tell_one, worded
from ramah.messaging.models import Alert
from ramah.observe import Incident
from ramah.people import Staff
from ramah.settings import Settings
from ramah.store import Database, utc_now
from ramah.store.tenancy import TenantMissing
from tests.integration.conftest import Tenant, defaults
from tests.integration.console.contents import rows_of
from tests.integration.mail_server import Mailbox, mail_server, settings_for

FACTS = {
    "name": "WhatsApp Kilap",
    "since": "2026-03-04T05:00:00+00:00",
    "trouble": "the access token has expired",
    "state": "",
}
LANGUAGES = ("id", "ms", "en")


@pytest.fixture
def mailbox() -> Mailbox:
    """What the mail server took."""
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Controller]:
    """A mail server on loopback that wants a login."""
    with mail_server(mailbox) as running:
        yield running


@pytest.fixture
def config(server: Controller) -> Settings:
    """Settings that lead to the mail server."""
    return settings_for(server)


@pytest.fixture
def administrators(database: Database, kilap: Tenant, stranger: Tenant) -> list[str]:
    """One administrator of each language, and others who must hear nothing."""
    with database.tenant(kilap.id) as session:
        for language in LANGUAGES:
            session.add(_staff(f"{language}@kilap.example", ["agent", "admin"], language))
        session.add(_staff("left@kilap.example", ["admin"], "en", active=False))
    with database.tenant(stranger.id) as session:
        session.add(_staff("boss@stranger.example", ["admin"], "en"))
    return [f"{language}@kilap.example" for language in LANGUAGES]


def _staff(email: str, roles: list[str], language: str, *, active: bool = True) -> Staff:
    return Staff(email=email, name="Rani", password_hash="-", roles=roles, language=language, active=active)


def open_one(database: Database, tenant: Tenant, subject: str = "account-1") -> bool:
    with database.tenant(tenant.id) as session:
        return open_alert(session, "connection_lost", subject, FACTS, "https://wa.me/62811")


def the_alert(database: Database) -> Alert:
    (alert,) = rows_of(database, Alert)
    return alert


def tell_all(database: Database, config: Settings) -> int:
    return sum(1 for _ in iter(lambda: tell_one(database, config), False))


def test_every_administrator_is_told_once_in_their_language(
    database: Database, kilap: Tenant, administrators: list[str], config: Settings, mailbox: Mailbox
) -> None:
    open_one(database, kilap)
    assert tell_all(database, config) == 1
    assert mailbox.to == [f"Rani <{address}>" for address in sorted(administrators)]
    texts = {str(message["To"])[6:8]: message.get_content() for message in mailbox.messages}
    subjects = {str(message["To"])[6:8]: str(message["Subject"]) for message in mailbox.messages}
    assert subjects["id"] == "[Kilap] WhatsApp Kilap tidak tersambung"
    assert subjects["ms"] == "[Kilap] WhatsApp Kilap tidak bersambung"
    assert subjects["en"] == "[Kilap] WhatsApp Kilap is not connected"
    assert "Rabu, 4 Maret 2026, 12:00" in texts["id"]
    assert "Wednesday, 4 March 2026, 12:00: the access token has expired" in texts["en"]
    assert all("https://wa.me/62811" in text and "https://desk.example/console" in text for text in texts.values())
    assert all(message["Auto-Submitted"] == "auto-generated" for message in mailbox.messages)
    assert the_alert(database).told_at is not None


def test_many_workers_tell_once(
    database: Database, kilap: Tenant, administrators: list[str], config: Settings, mailbox: Mailbox
) -> None:
    open_one(database, kilap)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: tell_one(database, config), range(6)))
    assert len(mailbox.messages) == len(administrators)


def test_the_end_of_a_trouble_is_told_too(
    database: Database, kilap: Tenant, administrators: list[str], config: Settings, mailbox: Mailbox
) -> None:
    open_one(database, kilap)
    tell_all(database, config)
    with database.tenant(kilap.id) as session:
        assert close_alert(session, "connection_lost", "account-1")
        assert not close_alert(session, "connection_lost", "account-1")
    assert tell_all(database, config) == 1
    last = mailbox.messages[-1]
    assert str(last["Subject"]) == "[Kilap] WhatsApp Kilap sudah bersambung semula"
    assert len({str(message["Message-ID"]) for message in mailbox.messages}) == 2 * len(administrators)
    assert "wa.me" not in last.get_content()


def test_what_an_administrator_closed_is_not_told_as_over(
    database: Database, kilap: Tenant, administrators: list[str], config: Settings, mailbox: Mailbox
) -> None:
    open_one(database, kilap)
    with database.tenant(kilap.id) as session:
        close_alert(session, "connection_lost", "account-1", tell=False)
    assert tell_all(database, config) == 0
    assert mailbox.messages == []


def test_a_mail_server_that_is_away_is_tried_again_later_and_never_given_up(
    database: Database, kilap: Tenant, administrators: list[str], config: Settings, mailbox: Mailbox
) -> None:
    open_one(database, kilap)
    away = config.model_copy(update={"smtp_url": "smtp://ramah:p%40ss%3Aword@127.0.0.1:1"})
    assert tell_all(database, away) == 1
    assert the_alert(database).told_at is None
    begin = utc_now()
    with time_machine.travel(begin + timedelta(seconds=40), tick=False):
        assert tell_all(database, away) == 1
    with time_machine.travel(begin + timedelta(days=9), tick=False):
        assert tell_all(database, away) == 1, "one try, not all that were due meanwhile"
    (incident,) = rows_of(database, Incident)
    assert (incident.count, incident.subsystem) == (3, "mail")
    assert "p@ss" not in incident.message and "p%40" not in incident.message
    with time_machine.travel(begin + timedelta(days=9, hours=1), tick=False):
        assert tell_all(database, config) == 1
    assert len(mailbox.messages) == len(administrators)


def test_a_wrong_password_is_a_failure_without_the_password(
    database: Database, kilap: Tenant, administrators: list[str], config: Settings, mailbox: Mailbox
) -> None:
    open_one(database, kilap)
    wrong = config.model_copy(update={"smtp_url": (config.smtp_url or "").replace("p%40ss", "guess-77")})
    assert tell_one(database, wrong)
    (incident,) = rows_of(database, Incident)
    assert "SMTPAuthenticationError 535" in incident.message and "guess-77" not in incident.message
    assert (mailbox.messages, the_alert(database).told_at) == ([], None)


def test_one_address_that_is_refused_does_not_silence_the_others(
    database: Database, kilap: Tenant, administrators: list[str], config: Settings, mailbox: Mailbox
) -> None:
    mailbox.refuses = {"en@kilap.example": "550 no such person"}
    open_one(database, kilap)
    assert tell_all(database, config) == 1
    assert len(mailbox.messages) == 2
    (refused,) = [person.id for person in rows_of(database, Staff) if person.email == "en@kilap.example"]
    assert f"mail to staff {refused} is refused" in rows_of(database, Incident)[0].message
    assert the_alert(database).told_at is not None


def test_nobody_who_could_be_told_is_an_incident_and_tried_again(
    database: Database, kilap: Tenant, config: Settings, mailbox: Mailbox
) -> None:
    open_one(database, kilap)
    assert tell_all(database, config) == 1
    assert "no administrator" in rows_of(database, Incident)[0].message
    assert the_alert(database).told_at is None


def test_without_a_mail_server_alerts_wait_in_the_console(
    database: Database, kilap: Tenant, administrators: list[str]
) -> None:
    open_one(database, kilap)
    assert not tell_one(database, defaults())
    with database.tenant_reading(kilap.id) as session:
        assert [alert.attempts for alert in open_alerts(session)] == [0]


def test_there_are_never_two_open_alerts_for_one_thing(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: open_one(database, kilap), range(8)))
    assert sum(opened) == 1
    assert open_one(database, stranger) and open_one(database, kilap, "account-2")
    with database.tenant_reading(stranger.id) as session:
        assert len(open_alerts(session)) == 1
    with database.tenant(stranger.id) as session:
        assert not close_alert(session, "connection_lost", "account-2")


def test_an_alert_belongs_to_an_organisation(database: Database) -> None:
    with pytest.raises(TenantMissing), database.every_organisation() as session:
        open_alert(session, "connection_lost", "x", "y")


def test_a_plain_sentence_is_told_as_it_is(database: Database, kilap: Tenant) -> None:
    with database.tenant(kilap.id) as session:
        open_alert(session, "storage_full", "media\r\nBcc: a@b.example", "{not json} 3 GB left", None)
    text = worded(the_alert(database), "en", "Asia/Jakarta")
    assert (text.title, text.body) == ("Needs attention: media Bcc: a@b.example", "{not json} 3 GB left")
