"""How many sentences of people whom the training never heard are understood.

The floors lie a bit under what was measured. The sentences are for comparing pipelines: writing them, or such that
differ by a word, among the examples would make the comparison worthless.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from rasa.core.agent import Agent
from ruamel.yaml import YAML

from engine.data_check.examples import example_of
from engine.data_check.project import Project
from engine.data_check.settings import read_settings
from engine.importer_files import LANGUAGES
from engine.models import newest_model
from engine.quiet import configure_logging

ROOT = Path(__file__).resolve().parents[3]
SENTENCES_EACH, OUT_OF_SCOPE, OUTSIDE = 25, "out_of_scope", 60
NOT_UNDERSTOOD = "nlu_fallback"
FLOORS = {"id": 0.84, "ms": 0.81, "en": 0.755}

Sentence = tuple[str, str]


@pytest.fixture(scope="module")
def agent() -> Agent:
    subprocess.run([sys.executable, "-m", "engine.train"], cwd=ROOT, check=True, timeout=600)
    configure_logging()
    return Agent.load(str(newest_model(ROOT)))


@pytest.fixture(scope="module")
def project() -> Project:
    return Project(ROOT)


def held_out(language: str) -> list[Sentence]:
    """The intents and sentences of a language."""
    content = YAML(typ="safe").load(Path(__file__).with_name(f"heldout.{language}.yml").read_text(encoding="utf-8"))
    return [(intent, sentence) for intent, block in content.items() for sentence in block.strip().splitlines()]


def understood(agent: Agent, text: str) -> tuple[str, str]:
    """The intent and the likeliest one; what is not understood counts as out of scope, where it is answered alike."""
    parsed = asyncio.run(agent.parse_message(text))
    names = [parsed["intent"]["name"], *(guess["name"] for guess in parsed.get("intent_ranking") or [])]
    likeliest = next((name for name in names if name not in (None, NOT_UNDERSTOOD)), OUT_OF_SCOPE)
    return OUT_OF_SCOPE if names[0] in (None, NOT_UNDERSTOOD) else names[0], likeliest


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_understands_people_whom_the_training_never_heard(agent: Agent, language: str) -> None:
    sentences = held_out(language)
    answers = [understood(agent, sentence) for _, sentence in sentences]
    pairs = [(intent, answer) for (intent, _), (answer, _) in zip(sentences, answers, strict=True)]
    confused = Counter(pair for pair in pairs if pair[0] != pair[1])
    right = 1 - sum(confused.values()) / len(pairs)
    guessed = sum(intent == guess for (intent, _), (_, guess) in zip(sentences, answers, strict=True)) / len(pairs)
    print(f"{language}: right {right:.3f}, likeliest {guessed:.3f} of {len(pairs)}; {confused.most_common(12)}")
    assert right >= FLOORS[language], confused.most_common(20)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_typed_intent_has_its_sentences(project: Project, language: str) -> None:
    counts = Counter(intent for intent, _ in held_out(language))
    settings = read_settings(ROOT)
    typed = {intent.name for intent in project.defined("intents") if settings.is_typed(intent.name)}
    few = {intent: counts[intent] for intent in typed if counts[intent] < SENTENCES_EACH}
    assert not few
    assert counts[OUT_OF_SCOPE] >= OUTSIDE


def test_no_sentence_stands_among_the_examples(project: Project) -> None:
    known = {example.normalised for example in project.examples}
    sentences = [sentence for language in LANGUAGES for _, sentence in held_out(language)]
    assert [sentence for sentence in sentences if example_of("", 0, "", "", sentence).normalised in known] == []
