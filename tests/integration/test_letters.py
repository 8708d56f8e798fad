"""Invitations and new passwords by mail: in the person's language, once, as often as it takes, to nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from ramah.messaging.letters import send_letter
from ramah.observe import Incident
from ramah.people import Staff
from ramah.people.account_models import LinkPurpose, StaffLink
from ramah.people.links import LIVES, ask_reset, make_link, owner_of
from ramah.people.passwords import NO_PASSWORD
from ramah.settings import Settings
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant, defaults
from tests.integration.console.contents import rows_of
from tests.integration.mail_server import Mailbox, mail_server, settings_for

LINK = re.compile(r"https://desk\.example/account/(join|reset)/(\S+)")


@pytest.fixture
def mailbox() -> Mailbox:
    """What the mail server took."""
    return Mailbox()


@pytest.fixture
def config(mailbox: Mailbox) -> Iterator[Settings]:
    """Settings that lead to a mail server."""
    with mail_server(mailbox) as server:
        yield settings_for(server)


def link(database: Database, kilap: Tenant, config: Settings, purpose: LinkPurpose, language: str = "en") -> str:
    with database.tenant(kilap.id) as session:
        staff = session.get_one(Staff, kilap.alice)
        staff.language = language
        return make_link(session, staff, purpose, config.encryption_key)


def text_of(mailbox: Mailbox) -> str:
    (letter,) = mailbox.messages
    return str(letter.get_content())


@pytest.mark.parametrize("language", ["id", "ms", "en"])
@pytest.mark.parametrize(("purpose", "page"), [(LinkPurpose.INVITATION, "join"), (LinkPurpose.RESET, "reset")])
def test_a_letter_leads_to_its_page_in_the_language_of_its_reader(
    database: Database,
    kilap: Tenant,
    config: Settings,
    mailbox: Mailbox,
    purpose: LinkPurpose,
    page: str,
    language: str,
) -> None:
    token = link(database, kilap, config, purpose, language)
    assert send_letter(database, config) and not send_letter(database, config), "once"
    text = text_of(mailbox)
    assert LINK.findall(text) == [(page, token)] and owner_of(database, token).purpose == purpose
    hours = str(int(LIVES[purpose].total_seconds() // 3600))
    assert "Alice" in text and "Kilap" in text and hours in text and "{" not in text
    assert {"id": "Tautan", "ms": "Pautan", "en": "link works once"}[language] in text
    assert mailbox.to == ["Alice <alice@kilap.example>"]
    assert mailbox.messages[0]["Auto-Submitted"] == "auto-generated"


def test_the_token_is_forgotten_once_the_letter_left(database: Database, kilap: Tenant, config: Settings) -> None:
    token = link(database, kilap, config, LinkPurpose.RESET)
    assert rows_of(database, StaffLink)[0].sealed is not None
    send_letter(database, config)
    (kept,) = rows_of(database, StaffLink)
    assert kept.sealed is None and kept.sent_at is not None and token not in repr(vars(kept))


def test_a_mail_server_that_is_away_is_asked_again_later_and_less_often(
    database: Database, kilap: Tenant, config: Settings, mailbox: Mailbox
) -> None:
    away = defaults(smtp_url="smtp://127.0.0.1:1", public_url="https://desk.example")
    link(database, kilap, config, LinkPurpose.INVITATION)
    waits = []
    with time_machine.travel(utc_now(), tick=False) as clock:
        for _ in range(3):
            assert send_letter(database, away) and not send_letter(database, away)
            (waiting,) = rows_of(database, StaffLink)
            waits.append(waiting.next_try_at - utc_now())
            clock.shift(waits[-1])
        assert waits == sorted(waits) and waits[0] < waits[2] <= timedelta(hours=1)
        assert send_letter(database, config)
    assert len(mailbox.messages) == 1


def test_a_refused_address_is_an_incident_and_not_asked_for_ever(
    database: Database, kilap: Tenant, config: Settings, mailbox: Mailbox
) -> None:
    mailbox.refuses["alice@kilap.example"] = "550 no such person"
    link(database, kilap, config, LinkPurpose.INVITATION)
    assert send_letter(database, config) and not send_letter(database, config)
    (kept,) = rows_of(database, StaffLink)
    assert kept.sealed is None and kept.sent_at is None
    assert [one.operation for one in rows_of(database, Incident)] == ["letters:send"]


def test_a_link_that_is_over_is_not_mailed_any_more(
    database: Database, kilap: Tenant, config: Settings, mailbox: Mailbox
) -> None:
    link(database, kilap, config, LinkPurpose.RESET)
    with time_machine.travel(utc_now() + LIVES[LinkPurpose.RESET] + timedelta(minutes=1)):
        assert not send_letter(database, config)
    assert mailbox.messages == []


def test_a_reset_goes_only_to_who_has_a_password(
    database: Database, kilap: Tenant, config: Settings, mailbox: Mailbox
) -> None:
    with database.tenant(kilap.id) as session:
        session.get_one(Staff, kilap.bob).password_hash = NO_PASSWORD
    for address in (" ALICE@kilap.example ", "bob@kilap.example", "nobody@kilap.example"):
        ask_reset(database, address, config.encryption_key)
    while send_letter(database, config):
        pass
    assert mailbox.to == ["Alice <alice@kilap.example>"]


def test_without_a_mail_server_letters_wait(database: Database, kilap: Tenant, config: Settings) -> None:
    link(database, kilap, config, LinkPurpose.INVITATION)
    assert not send_letter(database, defaults())
    assert rows_of(database, StaffLink)[0].attempts == 0
