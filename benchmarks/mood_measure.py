"""Reads messages with a model of moods and counts what is right and how long it takes."""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from ramah.mood import read_mood
from ramah.mood.features import blocks_of_text
from scripts.mood_training.examples import HELD_OUT, LANGUAGES, read_examples
from scripts.mood_training.labelled import Labelled
from scripts.mood_training.training import ENGINE_PYTHON, TrainingFailed
from scripts.mood_training.training import train as train_model
from scripts.progress import ROOT


@dataclass(frozen=True)
class Reading:
    """The labels that were read, processor milliseconds a message, and the seconds that training took."""

    labels: list[str]
    milliseconds: float
    train_seconds: float = 0.0


def measure_ours(train: Sequence[Labelled], test: Sequence[Labelled]) -> Reading:
    """Train our model as the shipped one is, lexicon and all, and read the test messages one by one."""
    started = time.perf_counter()
    model = train_model(train)
    seconds = time.perf_counter() - started
    return _read(lambda example: model.best(blocks_of_text(example.text)), test, seconds)


def measure_baseline(train: Sequence[Labelled], test: Sequence[Labelled]) -> Reading:
    """Train and read in the engine's environment.

    Raises:
        TrainingFailed: The environment is missing, or the labels cannot be told apart.
    """
    texts = {
        "train": [example.text for example in train],
        "labels": [example.label for example in train],
        "test": [example.text for example in test],
    }
    command = [str(ENGINE_PYTHON), "-m", "benchmarks.mood_baseline"]
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(texts), capture_output=True, text=True, check=False)
    if done.returncode:
        raise TrainingFailed(f"the baseline failed:\n{done.stderr[-2000:]}")
    return Reading(**json.loads(done.stdout))


def measure_shipped() -> Iterator[tuple[str, list[str], Reading]]:
    """For each language, told and not told: what is expected of the shipped model, and what it reads."""
    for language in LANGUAGES:
        examples = [Labelled(example.text, example.mood) for example in read_examples(HELD_OUT, language)]
        expected = [example.label for example in examples]
        for told, name in ((language, language), (None, f"{language}, not told")):
            yield name, expected, _read(partial(_shipped_label, told), examples)


def _shipped_label(language: str | None, example: Labelled) -> str:
    return read_mood(example.text, language).label.value


def _read(read: Callable[[Labelled], str], examples: Sequence[Labelled], train_seconds: float = 0.0) -> Reading:
    read(examples[0])
    started = time.process_time()
    labels = [read(example) for example in examples]
    return Reading(labels, (time.process_time() - started) * 1000 / len(examples), train_seconds)


def accuracy(expected: Sequence[str], found: Sequence[str]) -> float:
    """The share that is right."""
    return sum(one == other for one, other in zip(expected, found, strict=True)) / len(expected)


def macro_f1(expected: Sequence[str], found: Sequence[str]) -> float:
    """The mean over all labels, expected or found, of the harmonic mean of precision and recall."""
    right = Counter(one for one, other in zip(expected, found, strict=True) if one == other)
    both = Counter(expected) + Counter(found)
    return sum(2 * right[label] / both[label] for label in both) / len(both)
