"""Each administrator chooses which alerts reach them, and where; what happens in conversations is told once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ramah.booking.models import Draft
from ramah.desk.alerting import set_value, watch_conversations
from ramah.desk.handover import take_over
from ramah.lib.errors import BadInput
from ramah.messaging.alerts import open_alert, tell_one, try_alert
from ramah.messaging.claims import claim_turn
from ramah.messaging.conversations import locked
from ramah.messaging.engine_client import EngineTurn
from ramah.messaging.inbox import accept
from ramah.messaging.models import Alert
from ramah.messaging.queueing import ask_for_person
from ramah.messaging.turns import finish_turn
from ramah.observe import Incident
from ramah.people import Staff
from ramah.people.alert_choices import BEGINNING, Ways, choices_of, save_choices
from ramah.settings import Settings
from ramah.store import Database
from tests.integration.conftest import Tenant, text_message
from tests.integration.console.contents import rows_of
from tests.integration.mail_server import Mailbox, mail_server, settings_for

ALL = {kind: Ways(console=True, mail=True) for kind in BEGINNING}
NONE = {kind: Ways(console=False, mail=False) for kind in BEGINNING}


@pytest.fixture
def mailbox() -> Mailbox:
    """What the mail server took."""
    return Mailbox()


@pytest.fixture
def config(mailbox: Mailbox) -> Iterator[Settings]:
    """Settings that lead to a mail server."""
    with mail_server(mailbox) as server:
        yield settings_for(server)


@pytest.fixture(autouse=True)
def administrators(database: Database, kilap: Tenant) -> None:
    """Alice and Bob may both administer."""
    with database.tenant(kilap.id) as session:
        for one in (kilap.alice, kilap.bob):
            session.get_one(Staff, one).roles = ["admin"]


def opened(database: Database) -> list[str]:
    return sorted(alert.kind for alert in rows_of(database, Alert) if alert.closed_at is None)


def wrote(database: Database, kilap: Tenant, key: str = "1") -> str:
    return accept(database, kilap.whatsapp, text_message("halo", key)).conversation_id


def turn(database: Database, **understood: object) -> None:
    claim = claim_turn(database, "w1", 60)
    assert claim is not None
    finish_turn(database, claim, EngineTurn(replies=[], understood={"intent": understood}), 1)


def test_a_mail_goes_only_to_those_who_did_not_switch_it_off(
    database: Database, kilap: Tenant, config: Settings, mailbox: Mailbox
) -> None:
    quiet = {**ALL, "incident": Ways(console=True, mail=False)}
    save_choices(database, kilap.id, kilap.alice, quiet)
    with database.tenant(kilap.id) as session:
        open_alert(session, "incident_back", "i-1", {"subsystem": "x"})
        assert choices_of(session, kilap.alice) == quiet and choices_of(session, kilap.bob) == BEGINNING
    while tell_one(database, config):
        pass
    assert mailbox.to == ["Bob <bob@kilap.example>"]


def test_where_all_switched_it_off_nobody_is_told_and_nothing_is_wrong(
    database: Database, kilap: Tenant, config: Settings, mailbox: Mailbox
) -> None:
    for one in (kilap.alice, kilap.bob):
        save_choices(database, kilap.id, one, NONE)
    with database.tenant(kilap.id) as session:
        open_alert(session, "connection_lost", "a-1", {"name": "WhatsApp"})
    while tell_one(database, config):
        pass
    assert mailbox.messages == [] and rows_of(database, Incident) == []
    assert rows_of(database, Alert)[0].told_at is not None, "it is not tried for ever"


def test_a_test_reaches_whoever_asked_for_it_alone_even_with_all_off(
    database: Database, kilap: Tenant, config: Settings, mailbox: Mailbox
) -> None:
    save_choices(database, kilap.id, kilap.bob, NONE)
    for _ in range(2):  # a second one comes too
        with database.tenant(kilap.id) as session:
            try_alert(session, kilap.bob)
        while tell_one(database, config):
            pass
    assert mailbox.to == ["Bob <bob@kilap.example>"] * 2


def test_who_asks_for_a_person_is_told_of_until_somebody_takes_them(database: Database, kilap: Tenant) -> None:
    save_choices(database, kilap.id, kilap.alice, ALL)
    conversation_id = wrote(database, kilap)
    assert not watch_conversations(database)
    with database.tenant(kilap.id) as session:
        ask_for_person(session, locked(session, conversation_id), "talk_to_person")
    assert watch_conversations(database) and not watch_conversations(database), "once"
    assert opened(database) == ["person_asked"]
    take_over(database, kilap.id, conversation_id, kilap.bob)
    assert watch_conversations(database) and opened(database) == []


@pytest.mark.parametrize(
    ("understood", "expected"),
    [
        ({"name": "nlu_fallback", "confidence": 0.9}, ["low_confidence"]),
        ({"name": "book", "confidence": 0.2}, ["low_confidence"]),
        ({"name": "book", "confidence": 0.9}, []),
    ],
)
def test_what_the_assistant_does_not_understand_is_told(
    database: Database, kilap: Tenant, understood: dict[str, object], expected: list[str]
) -> None:
    save_choices(database, kilap.id, kilap.alice, ALL)
    wrote(database, kilap)
    turn(database, **understood)
    watch_conversations(database)
    assert opened(database) == expected


@pytest.mark.parametrize(("amount", "expected"), [(2_999_999, []), (3_000_000, ["valuable_lead"])])
def test_a_lead_counts_as_of_high_value_from_the_amount_that_was_set(
    database: Database, kilap: Tenant, amount: int, expected: list[str]
) -> None:
    set_value(database, kilap.id, kilap.alice, 3_000_000)
    conversation_id = wrote(database, kilap)
    with database.tenant(kilap.id) as session:
        contact_id = locked(session, conversation_id).contact_id
        quote = {"currency": "IDR", "amount_minor": amount}
        session.add(Draft(reference="B-1", conversation_id=conversation_id, contact_id=contact_id, quote=quote))
    watch_conversations(database)
    assert opened(database) == expected
    with pytest.raises(BadInput):
        set_value(database, kilap.id, kilap.alice, 0)


def test_what_nobody_wants_to_hear_is_not_even_looked_for(database: Database, kilap: Tenant) -> None:
    conversation_id = wrote(database, kilap)
    with database.tenant(kilap.id) as session:
        ask_for_person(session, locked(session, conversation_id), "talk_to_person")
    assert not watch_conversations(database) and opened(database) == []
