"""What a summary of older turns keeps, and how the store gives it back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from engine.connector.spoken_language import remembered_speech
from engine.history import KEPT_TURNS, MAXIMUM_EVENTS, compacted, shortened
from engine.tracker_store import DurableTrackerStore, StoredTracker

DOMAIN = Domain.from_dict(
    {
        "slots": {
            "name": {"type": "any", "mappings": [{"type": "custom"}]},
            "wants_news": {"type": "any", "initial_value": True, "mappings": [{"type": "custom"}]},
            "language_chosen": {"type": "any", "mappings": [{"type": "custom"}]},
        },
        "forms": {"booking_form": {"required_slots": ["name"]}},
    }
)
LISTEN = "action_listen"


@pytest.fixture
def store(store_url: str) -> Iterator[DurableTrackerStore]:
    opened = DurableTrackerStore(DOMAIN, store_url)
    yield opened
    opened.engine.dispose()


def turn(number: int, *more: Event, language: str | None = None) -> list[Event]:
    parsed = {"text": f"{number}", "language": {"name": language, "evidence": 2}} if language else {"text": "x"}
    message = UserUttered(f"{number}", {"name": "inform"}, [], parsed, message_id=f"m{number}")
    return [message, *more, BotUttered("ok"), ActionExecuted(LISTEN)]


def conversation(*first: Event) -> StoredTracker:
    """A conversation that is long by dull turns after these events."""
    events = [ActionExecuted(LISTEN), *first, *(event for number in range(100, 130) for event in turn(number))]
    return StoredTracker.from_events("c1", events, DOMAIN.slots)


def saved_and_read(store: DurableTrackerStore, tracker: StoredTracker) -> StoredTracker:
    async def scenario() -> Any:
        await store.save(tracker)
        short = compacted(await store.retrieve("c1"), remembered_speech)
        for event in turn(500):
            short.update(event, DOMAIN)
        await store.save(short)
        return await DurableTrackerStore(DOMAIN, store.engine.url.render_as_string(False)).retrieve("c1")

    read: StoredTracker = asyncio.run(scenario())
    return read


def test_a_short_history_stays_as_it_is() -> None:
    tracker = StoredTracker.from_events("c1", turn(1), DOMAIN.slots)
    assert compacted(tracker, remembered_speech) is tracker


def test_a_long_one_keeps_its_last_turns_and_its_slots(store: DurableTrackerStore) -> None:
    read = saved_and_read(store, conversation(*turn(1, SlotSet("name", "Budi"), SlotSet("wants_news", None))))
    assert (read.get_slot("name"), read.get_slot("wants_news")) == ("Budi", None)
    assert sum(isinstance(event, UserUttered) for event in read.events) == KEPT_TURNS + 1
    assert len(read.events) < MAXIMUM_EVENTS


def test_the_store_still_has_every_event_once(store: DurableTrackerStore) -> None:
    long = conversation()
    saved_and_read(store, long)
    whole = asyncio.run(store.retrieve_full_tracker("c1"))
    assert [event.type_name for event in whole.events] == [event.type_name for event in [*long.events, *turn(500)]]


def test_a_summary_of_a_summary_keeps_what_the_first_one_kept(store: DurableTrackerStore) -> None:
    tracker = saved_and_read(store, conversation(*turn(1, SlotSet("name", "Budi"))))
    again = shortened(tracker, remembered_speech, kept_turns=1)
    assert again.get_slot("name") == "Budi"
    assert sum(isinstance(event, UserUttered) for event in again.events) == 1


def test_a_form_that_was_put_aside_stays_open_and_aside(store: DurableTrackerStore) -> None:
    read = saved_and_read(
        store, conversation(*turn(1, ActiveLoop("booking_form"), ActionExecutionRejected("booking_form")))
    )
    assert (read.active_loop.name, read.active_loop.rejected) == ("booking_form", True)


def test_a_paused_conversation_is_shortened_too_and_stays_paused(store: DurableTrackerStore) -> None:
    read = saved_and_read(store, conversation(*turn(1, ConversationPaused())))
    assert read.is_paused()
    assert len(read.events) < MAXIMUM_EVENTS


def test_a_failed_save_leaves_the_older_summary(store: DurableTrackerStore) -> None:
    async def scenario() -> DialogueStateTracker | None:
        await store.save(conversation(*turn(1, SlotSet("name", "Budi"))))
        short = compacted(await store.retrieve("c1"), remembered_speech)
        short.update(turn(129)[0], DOMAIN)  # a message that was handled before
        with pytest.raises(Exception, match="IntegrityError"):
            await store.save(short)
        return await store.retrieve("c1")

    assert len(asyncio.run(scenario()).events) == len(conversation(*turn(1, SlotSet("name", "Budi"))).events)


def test_a_summary_remembers_which_languages_were_spoken() -> None:
    spoken = [
        event for number, name in enumerate(("ms", "en", "id", "id", "id")) for event in turn(number, language=name)
    ]
    memory = remembered_speech(StoredTracker.from_events("c1", spoken, DOMAIN.slots))
    assert memory == {"speech": [["en", False], ["ms", False], ["id", False], ["id", False], ["id", False]]}
    summarised = compacted(conversation(*spoken), remembered_speech)
    assert remembered_speech(summarised) == memory


def test_a_conversation_without_speech_has_nothing_to_remember() -> None:
    assert remembered_speech(StoredTracker.from_events("c1", [ActionExecuted(LISTEN)], DOMAIN.slots)) == {}
