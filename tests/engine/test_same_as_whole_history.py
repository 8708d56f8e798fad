"""A shortened history behaves as the whole one: for every story, and for random conversations on the real model."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from pathlib import Path

import pytest
from random_talk import RandomTalk
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.training_data import loading
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.nlu.training_data.loading import load_data
from running_engine import ROOT
from two_histories import TwoHistories, state_of

from engine.connector import spoken_language
from engine.connector.assistant import Assistant
from engine.history import KEPT_TURNS, shortened
from engine.models import newest_model
from engine.stored_tracker import StoredTracker

STORIES = sorted((ROOT / "tests/stories").glob("test_*.yml"))
TURNS = 40
SEEDS = range(6)


@pytest.fixture(scope="module")
def real_model() -> Path:
    """The project's own model, trained if the files have changed."""
    subprocess.run([sys.executable, "-m", "engine.train"], cwd=ROOT, check=True, timeout=600)
    found = newest_model(ROOT)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def both(real_model: Path, tmp_path_factory: pytest.TempPathFactory) -> TwoHistories:
    return TwoHistories(real_model, f"sqlite:///{tmp_path_factory.mktemp('histories')}/engine.db")


@pytest.fixture
def assistant(both: TwoHistories) -> Assistant:
    return both.assistant


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """What people write, of every intent, in all languages."""
    files = sorted(ROOT.glob("data/*/nlu.*.yml"))
    return [message.get("text") for file in files for message in load_data(str(file)).intent_examples]


def stories_in(files: list[Path], domain: Domain) -> list[list[Event]]:
    """The events of each story."""
    graph = StoryGraph(loading.load_data_from_files([str(file) for file in files], domain))
    generator = TrainingDataGenerator(
        graph, domain, remove_duplicates=False, use_story_concatenation=False, augmentation_factor=0
    )
    return [list(tracker.events) for tracker in generator.generate_story_trackers()]


def differences(assistant: Assistant, events: list[Event], kept_turns: int) -> list[str]:
    """Where predictions or state differ when the history is shortened before every message of a conversation."""
    slots = assistant.processor.domain.slots
    whole, short = (StoredTracker.from_events("c", [], slots) for _ in range(2))
    found = []
    for number, event in enumerate(events):
        if isinstance(event, UserUttered) and whole.latest_action_name == "action_listen":
            short = shortened(short, spoken_language.remembered_speech, kept_turns)
        if isinstance(event, ActionExecuted) and whole.latest_message.text:
            theirs, ours = (assistant.processor._predict_next_with_tracker(one) for one in (whole, short))
            if theirs.probabilities != ours.probabilities:
                found.append(f"event {number}: another prediction before {event.action_name}")
        for tracker in (whole, short):
            tracker.update(event)
        if state_of(whole) != state_of(short):
            found.append(f"event {number}: another state after {event}")
    assert len(short.events) < len(whole.events) or len(events) < 40
    return found


@pytest.mark.parametrize("file", STORIES, ids=lambda file: file.stem)
def test_every_story_is_predicted_alike(assistant: Assistant, file: Path) -> None:
    stories = stories_in([file], assistant.processor.domain)
    assert stories
    assert [differences(assistant, events, kept_turns=1) for events in stories] == [[] for _ in stories]


@pytest.mark.parametrize("language", ["id", "ms", "en"])
def test_all_stories_of_a_language_one_after_another_are_predicted_alike(assistant: Assistant, language: str) -> None:
    files = [file for file in STORIES if file.stem.endswith(f"_{language}")]
    stories = stories_in(files, assistant.processor.domain)
    # Every story begins with a listening that nothing predicts.
    assert differences(assistant, [event for story in stories for event in story[1:]], KEPT_TURNS) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_conversation_goes_alike(
    both: TwoHistories, texts: list[str], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if seed % 2:
        monkeypatch.setattr("engine.history.MAXIMUM_EVENTS", 0)  # shortened before every turn
    dice, name = random.Random(seed), f"random-{seed}"
    talk = RandomTalk(name, both.assistant.processor.domain, texts)
    both.actions.behaviour = talk.answer

    async def scenario() -> None:
        for number in range(TURNS):
            short, whole = await both.turn(talk.message(number, dice), seed=dice.randrange(2**31))
            assert short == whole, f"seed {seed}, turn {number}"
        kept, complete = await both.lengths(name)
        assert kept < complete

    asyncio.run(scenario())


def test_nothing_of_ours_reverts_a_message() -> None:
    """Reverting replays the whole history, and with a summary it would go back behind it."""
    folders = [ROOT / name for name in ("engine", "actions", "data")]
    sources = [path for folder in folders for kind in ("*.py", "*.yml") for path in folder.rglob(kind)]
    ours = [path for path in [*sources, ROOT / "domain.yml"] if ".venv" not in path.parts]
    assert len(ours) > 50
    words = (
        "UserUtteranceReverted",
        "ActionReverted",
        "action_default_fallback",
        "action_revert",
        "action: action_back\n",
    )
    assert [path for path in ours if any(word in path.read_text(encoding="utf-8") for word in words)] == []
