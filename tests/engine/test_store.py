"""The durable tracker store, on both databases, and replicas that share it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.agent import Agent
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.utils.endpoints import EndpointConfig
from running_engine import ACTIONS_TOKEN, texts

from engine.connector.assistant import Assistant
from engine.connector.failures import FailureKind, TurnFailure
from engine.connector.requests import TurnRequest
from engine.connector.turn import take_turn
from engine.tracker_store import DurableTrackerStore, StoredTracker, TrackerStoreError


@pytest.fixture
def store(store_url: str) -> Iterator[DurableTrackerStore]:
    opened = DurableTrackerStore(None, store_url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def replicas(model: Path, store_url: str, action_server: Any) -> Iterator[tuple[Assistant, Assistant]]:
    """Two engines on one database."""
    headers = {"Authorization": f"Bearer {ACTIONS_TOKEN}"}
    stores = [DurableTrackerStore(None, store_url) for _ in range(2)]
    endpoint = EndpointConfig(action_server.url, headers=headers)
    agents = [Agent.load(model, tracker_store=store, action_endpoint=endpoint) for store in stores]
    yield Assistant(agents[0]), Assistant(agents[1])
    for store in stores:
        store.engine.dispose()


def message(text: str, payload: str | None = None, message_id: str = "m1") -> TurnRequest:
    return TurnRequest(conversation_id="c1", message_id=message_id, text=text, payload=payload, channel="web")


def uttered(message_id: str) -> UserUttered:
    return UserUttered("halo", {"name": "greet"}, [], {"text": "halo"}, message_id=message_id)


def rows(store: DurableTrackerStore) -> int:
    with store.engine.connect() as connection:
        return connection.execute(sa.text("SELECT count(*) FROM events")).scalar()


def test_what_was_saved_is_read_back(store: DurableTrackerStore) -> None:
    async def scenario() -> None:
        tracker = await store.get_or_create_tracker("c1", append_action_listen=False)
        tracker.update(uttered("m1"))
        await store.save(tracker)
        tracker.update(ActionExecuted("utter_greet"))
        await store.save(tracker)
        reread = await DurableTrackerStore(None, store.engine.url.render_as_string(False)).retrieve("c1")
        assert [event.type_name for event in reread.events] == ["user", "action"]
        assert await store.keys() == ["c1"]

    asyncio.run(scenario())


def test_an_unknown_conversation_has_no_tracker(store: DurableTrackerStore) -> None:
    assert asyncio.run(store.retrieve("nobody")) is None


def test_a_tracker_changed_elsewhere_is_not_saved_over(store: DurableTrackerStore) -> None:
    async def scenario() -> None:
        first, second = [await store.get_or_create_tracker("c1", append_action_listen=False) for _ in range(2)]
        first.update(uttered("m1"))
        second.update(uttered("m2"))
        await store.save(first)
        with pytest.raises(TrackerStoreError, match="changed"):
            await store.save(second)
        assert rows(store) == 1

    asyncio.run(scenario())


def test_a_message_is_stored_once(store: DurableTrackerStore) -> None:
    async def scenario() -> None:
        tracker = await store.get_or_create_tracker("c1", append_action_listen=False)
        tracker.update(uttered("m1"))
        await store.save(tracker)
        tracker.update(uttered("m1"))
        with pytest.raises(TrackerStoreError):
            await store.save(tracker)
        assert rows(store) == 1

    asyncio.run(scenario())


def test_a_tracker_of_rasas_own_tools_can_be_saved(store: DurableTrackerStore) -> None:
    async def scenario() -> None:
        tracker = await store.get_or_create_tracker("c1", append_action_listen=False)
        tracker.update(uttered("m1"))
        await store.save(tracker)
        copied = tracker.copy()
        assert not isinstance(copied, StoredTracker)
        copied.update(SlotSet("name", "Budi"))
        await store.save(copied)
        assert rows(store) == 2

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "${RAMAH_ENGINE_STORE_URL}",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://root@localhost/x",
        "no url",
        "sqlite:////proc/nowhere/x.db",
        "postgresql://root@127.0.0.1:1/nowhere",
    ],
)
def test_an_unusable_address_is_an_error(url: str | None) -> None:
    with pytest.raises(TrackerStoreError):
        DurableTrackerStore(None, url)


def test_the_error_does_not_tell_the_password() -> None:
    with pytest.raises(TrackerStoreError) as caught:
        DurableTrackerStore(None, "postgresql://root:hunter2@127.0.0.1:1/nowhere")
    assert "hunter2" not in str(caught.value)


def test_sqlite_is_set_up_for_several_processes(tmp_path: Path) -> None:
    store = DurableTrackerStore(None, f"sqlite:///{tmp_path}/new/engine.db")
    with store.engine.connect() as connection:
        pragmas = {n: connection.exec_driver_sql(f"PRAGMA {n}").scalar() for n in ("journal_mode", "foreign_keys")}
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1}


def test_replicas_take_turns_on_one_conversation(replicas: tuple[Assistant, Assistant]) -> None:
    async def scenario() -> None:
        first, second = replicas
        await take_turn(first, message("x", "/book_service", "m1"))
        answer = await take_turn(second, message("Budi Santoso", None, "m2"))
        assert texts(answer) == ["Nomor platnya?"]
        answer = await take_turn(first, message("B 1", None, "m3"))
        assert texts(answer) == ["Sudah dipesan, Budi Santoso!"]
        assert (await take_turn(second, message("B 1", None, "m3")))["repeated"] is True

    asyncio.run(scenario())


def test_one_message_in_two_replicas_at_once_is_stored_once(replicas: tuple[Assistant, Assistant]) -> None:
    kinds: list[FailureKind] = []

    async def attempt(assistant: Assistant) -> dict[str, Any]:
        try:
            return await take_turn(assistant, message("x", "/control"))
        except TurnFailure as failure:
            kinds.append(failure.kind)
            return await take_turn(assistant, message("x", "/control"))

    async def scenario() -> None:
        answers = await asyncio.gather(*[attempt(assistant) for assistant in replicas])
        assert sorted(answer["repeated"] for answer in answers) == [False, True]
        assert answers[0]["replies"] == answers[1]["replies"]
        assert set(kinds) <= {FailureKind.TRACKER_STORE}

    asyncio.run(scenario())


def test_turns_of_one_conversation_wait_for_each_other(replicas: tuple[Assistant, Assistant]) -> None:
    async def scenario() -> None:
        requests = [message("x", "/greet", f"m{n}") for n in range(10)]
        answers = await asyncio.gather(*[take_turn(replicas[0], request) for request in requests])
        assert all(texts(answer) for answer in answers)

    asyncio.run(scenario())


def test_a_form_left_for_ten_days_is_still_open(replicas: tuple[Assistant, Assistant]) -> None:
    first, second = replicas
    asyncio.run(take_turn(first, message("x", "/book_service", "m1")))
    with first.store.engine.begin() as connection:
        for event_id, data in connection.execute(sa.text("SELECT id, data FROM events")).all():
            event = json.loads(data)
            event["timestamp"] -= 10 * 24 * 3600
            aged = {"data": json.dumps(event), "timestamp": event["timestamp"], "id": event_id}
            connection.execute(sa.text("UPDATE events SET data = :data, timestamp = :timestamp WHERE id = :id"), aged)
    assert texts(asyncio.run(take_turn(second, message("Budi Santoso", None, "m2")))) == ["Nomor platnya?"]


@pytest.mark.parametrize("operation", ["retrieve", "save"])
def test_a_store_that_fails_fails_the_turn(
    replicas: tuple[Assistant, Assistant], monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    def broken(*_: Any) -> None:
        raise sa.exc.OperationalError("statement", {}, Exception("gone"))

    assistant = replicas[0]
    monkeypatch.setattr(assistant.store, {"retrieve": "_last_event_id", "save": "_insert"}[operation], broken)
    with pytest.raises(TurnFailure) as caught:
        asyncio.run(take_turn(assistant, message("x", "/greet")))
    assert (caught.value.kind, caught.value.operation) == (FailureKind.TRACKER_STORE, operation)
    monkeypatch.undo()
    assert asyncio.run(take_turn(assistant, message("x", "/greet")))["repeated"] is False


def test_the_thousandth_turn_works_on_as_short_a_history_as_the_fiftieth(
    replicas: tuple[Assistant, Assistant],
) -> None:
    async def longest_history(first: int, last: int) -> int:
        longest = 0
        for number in range(first, last):
            await take_turn(replicas[0], message("x", "/greet", f"m{number}"))
            tracker = await replicas[0].store.retrieve("c1")
            longest = max(longest, len(tracker.events))
        return longest

    async def scenario() -> None:
        early = await longest_history(0, 50)
        assert await longest_history(50, 150) <= early
        whole = await replicas[0].store.retrieve_full_tracker("c1")
        assert sum(isinstance(event, UserUttered) for event in whole.events) == 150

    asyncio.run(scenario())
