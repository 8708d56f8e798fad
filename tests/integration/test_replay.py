"""Replay reads kept envelopes again: nothing that is stored changes, what was lost comes back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import delete, update

from ramah.cli.replay import run
from ramah.cli.tables import metadata
from ramah.lib.errors import BadInput, NotFound
from ramah.messaging.conversations import locked
from ramah.messaging.hands import change_hands
from ramah.messaging.inbox import accept
from ramah.messaging.models import (
    Conversation,
    Envelope,
    EnvelopeStatus,
    HandledBy,
    Inbound,
    Interaction,
    MediaFile,
    Outbound,
)
from ramah.messaging.replay import Chosen, how_many, replay
from ramah.messaging.turn_runner import TurnRunner
from ramah.settings import settings
from ramah.store import Database, utc_now
from tests.integration.conftest import ScriptedEngine, Tenant, text_message
from tests.integration.console.contents import everything, rows_of
from tests.integration.days import (
    ZONE,
    answer_all,
    body,
    live_through,
    number_of,
    picture,
    post,
    proof_of,
    send_all,
    typed,
)

TOUCHED = {"envelopes": ("attempts",), "channel_accounts": ("check_at", "proved_at", "proved_by")}
"""What a replay may change: how often an envelope was read, and when an account is asked how it stands."""


def standing(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, without what a replay may change."""
    names = {table.name: [column.name for column in table.columns] for table in metadata().sorted_tables}
    return {
        name: [
            {key: value for key, value in zip(names[name], row, strict=True) if key not in TOUCHED.get(name, ())}
            for row in rows
        ]
        for name, rows in everything(database).items()
    }


def test_a_whole_day_replayed_changes_nothing_and_answers_nobody_twice(
    database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    live_through(database, kilap)
    live_through(database, stranger, "b")
    before = standing(database)
    for _ in range(2):
        result = replay(database, Chosen())
        assert (result.envelopes, result.brought_back, result.failures) == (8, 0, [])
        answer_all(database)
        assert send_all(database, "again") == []
    assert standing(database) == before
    assert proof_of(database, kilap).is_whole


def test_an_echo_is_known_after_its_thread_was_closed(database: Database, kilap: Tenant) -> None:
    post(database, kilap, body(number_of(kilap), messages=[typed("1")]))
    echo = {**typed("2", number_of(kilap)), "to": "62811000001"}
    post(database, kilap, body(number_of(kilap), "smb_message_echoes", message_echoes=[echo]))
    answer_all(database)
    (conversation,) = rows_of(database, Conversation)
    with database.tenant(kilap.id) as session:
        change_hands(session, locked(session, conversation.id), HandledBy.CLOSED, kilap.alice, "closed")
    before = standing(database)
    replay(database, Chosen())
    assert standing(database) == before


def test_an_edited_old_receipt_moves_no_tick_back(database: Database, kilap: Tenant) -> None:
    live_through(database, kilap)
    before = [(row.id, row.status, row.settled_at) for row in rows_of(database, Outbound)]
    replay(database, Chosen())
    assert [(row.id, row.status, row.settled_at) for row in rows_of(database, Outbound)] == before


def test_messages_that_were_deleted_by_hand_come_back_and_are_answered(database: Database, kilap: Tenant) -> None:
    post(database, kilap, body(number_of(kilap), messages=[typed("1"), picture("2")]))
    post(database, kilap, body(number_of(kilap), messages=[typed("3", "62811000002")]))
    answer_all(database)
    with database.tenant(kilap.id) as session:
        for kind in (MediaFile, Interaction, Inbound):
            session.execute(delete(kind))
    assert not proof_of(database, kilap).is_whole
    result = replay(database, Chosen())
    assert (result.messages, result.brought_back) == (3, 3)
    assert {row.external_id for row in rows_of(database, Inbound)} == {"wamid.1", "wamid.2", "wamid.3"}
    assert len(rows_of(database, MediaFile)) == 1
    answer_all(database)
    assert len(rows_of(database, Interaction)) == 3
    assert "message" not in {finding.kind for finding in proof_of(database, kilap).missing}


def test_an_old_backup_catches_up_with_its_envelopes(database: Database, kilap: Tenant) -> None:
    """A restored database knows the envelopes (copied from where they were kept) and nothing of what they held."""
    post(database, kilap, body(number_of(kilap), messages=[typed("1")]))
    with database.tenant(kilap.id) as session:
        session.execute(delete(Inbound))
        session.execute(delete(Conversation))
    replay(database, Chosen())
    answer_all(database)
    proof = proof_of(database, kilap)
    assert (proof.is_whole, proof.counts["answered"]) == (True, 1)


def test_what_could_not_be_read_is_read_once_its_fault_is_gone(
    database: Database, kilap: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("ramah.messaging.webhooks.accept_in", lambda *_: 1 / 0)
        post(database, kilap, body(number_of(kilap), messages=[typed("1")]))
        with database.tenant(kilap.id) as session:
            session.execute(update(Envelope).values(status=EnvelopeStatus.FAILED))
        result = replay(database, Chosen(failed_only=True))
        assert (len(result.failures), result.brought_back) == (1, 0)
        assert "ZeroDivisionError" in result.failures[0][1]
    assert not proof_of(database, kilap).is_whole
    assert replay(database, Chosen(failed_only=True)).brought_back == 1
    assert proof_of(database, kilap).is_whole
    assert how_many(database, Chosen(failed_only=True)) == 0


def test_only_what_was_chosen_is_read(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    begin = datetime(2026, 3, 4, 12, tzinfo=ZONE)
    for hour, tenant in enumerate((kilap, kilap, stranger)):
        with time_machine.travel(begin + timedelta(hours=hour), tick=False):
            post(database, tenant, body(number_of(tenant), messages=[typed(f"{hour}")]))
    newest = max(rows_of(database, Envelope), key=lambda row: row.received_at)
    for chosen, wanted in (
        (Chosen(), 3),
        (Chosen(since=begin + timedelta(hours=1)), 2),
        (Chosen(until=begin + timedelta(hours=1)), 1),
        (Chosen(account_key="kilap-phone"), 2),
        (Chosen(account_key="stranger-phone", since=begin, until=begin + timedelta(hours=2)), 0),
        (Chosen(envelope_id=newest.id), 1),
        (Chosen(failed_only=True), 0),
    ):
        assert how_many(database, chosen) == wanted
        assert replay(database, chosen).envelopes == wanted


def test_more_envelopes_than_fit_at_once_are_read_each_once(database: Database, kilap: Tenant) -> None:
    with time_machine.travel(utc_now(), tick=False):
        for number in range(60):
            post(database, kilap, body(number_of(kilap), messages=[typed(f"{number}", f"6281{number:06}")]))
    seen: list[int] = []
    result = replay(database, Chosen(), lambda: seen.append(1))
    assert (result.envelopes, len(seen)) == (60, 60)
    assert {row.attempts for row in rows_of(database, Envelope)} == {2}


@pytest.fixture
def at_the_terminal(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    changed = settings().model_copy(update={"database_url": url.replace("postgresql+psycopg2", "postgresql")})
    monkeypatch.setattr("ramah.cli.replay.settings", lambda: changed)


@pytest.mark.usefixtures("at_the_terminal")
def test_the_command_says_what_it_found_and_fails_while_something_cannot_be_read(
    database: Database, kilap: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    post(database, kilap, body(number_of(kilap), messages=[typed("1")]))
    assert run(None, None, None, None, failed=False) == 0
    assert "Read 1 envelopes with 1 messages and 0 receipts; 0 messages were not stored" in capsys.readouterr().out
    post(database, kilap, b"{broken")
    assert run((utc_now() - timedelta(hours=1)).isoformat(), None, "kilap-phone", None, failed=False) == 1
    assert run(None, None, None, None, failed=True) == 1
    assert "PayloadError" in capsys.readouterr().out


@pytest.mark.usefixtures("at_the_terminal", "kilap")
def test_the_command_refuses_what_it_does_not_know() -> None:
    with pytest.raises(BadInput, match="no moment"):
        run("yesterday", None, None, None, failed=False)
    with pytest.raises(NotFound, match="no account"):
        run(None, None, "nobody", None, failed=False)
    with pytest.raises(NotFound, match="no such envelope"):
        run(None, None, None, "none", failed=False)


def test_a_message_of_a_page_of_ours_needs_no_envelope(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    accept(database, kilap.webchat, text_message("halo"))
    runner.run_one()
    assert replay(database, Chosen()).envelopes == 0
    assert not runner.run_one()
    assert len(engine.turns) == 1
