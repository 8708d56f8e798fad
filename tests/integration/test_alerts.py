"""Alerts reach every administrator by mail, in their language, once, however often the mail server is away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from ramah.messaging.alerts import close_alert, open_alert, open_alerts, tell_one, worded
from ramah.messaging.models import Alert
from ramah.observe import Incident
from ramah.people import Staff
from ramah.settings import Settings
from ramah.store import Database, utc_now
from ramah.store.tenancy import TenantMissing
from tests.integration.conftest import Tenant, defaults
from tests.integration.console.contents import rows_of

FACTS = {
    "name": "WhatsApp Kilap",
    "since": "2026-03-04T05:00:00+00:00",
    "trouble": "the access token has expired",
    "state": "",
}
LANGUAGES = ("id", "ms", "en")


@dataclass
class Mailbox:
    """A mail server that keeps what it takes; ``refuses`` is its answer to recipients, by address."""

    messages: list[EmailMessage] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take the recipient of somebody who logged in, or not."""
        if not session.authenticated:
            return "530 log in first"
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep the message."""
        found = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.messages.append(found)
        return "250 OK"

    @property
    def to(self) -> list[str]:
        """Who got something."""
        return [str(message["To"]) for message in self.messages]


def _is_known(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"ramah", b"p@ss:word")
    return AuthResult(success=known, handled=known)


@pytest.fixture
def mailbox() -> Mailbox:
    """What the mail server took."""
    return Mailbox()


class AnyPort(Controller):
    """Serves on a free port, which it knows once it listens."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd has few types


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Controller]:
    """A mail server on loopback that wants a login."""
    controller = AnyPort(
        mailbox,
        hostname="127.0.0.1",
        port=0,
        auth_require_tls=False,
        authenticator=_is_known,
        loop=asyncio.new_event_loop(),
    )
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def config(server: Controller) -> Settings:
    """Settings that lead to the mail server."""
    return defaults(
        smtp_url=f"smtp://ramah:p%40ss%3Aword@127.0.0.1:{server.port}",
        mail_from="Ramah <ramah@kilap.example>",
        public_url="https://desk.example",
    )


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
