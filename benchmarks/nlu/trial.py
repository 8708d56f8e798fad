"""One pipeline trained and asked, in the engine's own environment."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.process import ENGINE_PYTHON, PROJECT, BenchmarkError, clean_environment

HEARTBEAT_SECONDS = 20.0
LAST_LINES = 25
NOT_UNDERSTOOD = "nlu_fallback"

Span = tuple[int, int, str]


@dataclass(frozen=True)
class Answer:
    """What a model made of one message.

    Attributes:
        text: The message.
        label: Its true intent.
        intent: What the pipeline as a whole decided, `nlu_fallback` where it would rather ask.
        ranking: The intents with their confidence, the likeliest first, without `nlu_fallback`.
        annotated: The true entities: start, end, name.
        found: The entities that were found.
    """

    text: str
    label: str
    intent: str
    ranking: Sequence[tuple[str, float]]
    annotated: frozenset[Span]
    found: frozenset[Span]


@dataclass(frozen=True)
class Trial:
    """What one pipeline took and answered.

    Attributes:
        pipeline: Its name.
        labels: The intents it was trained on.
        examples: How many messages it was trained on.
        train_seconds: Time of training, without the start of the program.
        milliseconds: Median time of one message.
        memory: Bytes held while answering.
        train_memory: Most bytes held while training.
        answers: One for each message.
    """

    pipeline: str
    labels: frozenset[str]
    examples: int
    train_seconds: float
    milliseconds: float
    memory: int
    train_memory: int
    answers: Sequence[Answer]


def run_trial(pipeline: str, train: Path, test: Path, folder: Path) -> Trial:
    """Train a pipeline and let it answer; tells the progress.

    Raises:
        BenchmarkError: A file cannot be read, or training or answering failed.
    """
    common = ["--pipeline", pipeline, "--model", str(folder / f"{pipeline}.tar.gz")]
    trained = run_engine(f"{pipeline}: training", "train", [*common, "--messages", str(train)], folder)
    answered = run_engine(f"{pipeline}: answering", "answer", [*common, "--messages", str(test)], folder)
    labels = trained["labels"]
    return Trial(
        pipeline=pipeline,
        labels=frozenset(labels.values()),
        examples=trained["messages"],
        train_seconds=trained["seconds"],
        milliseconds=answered["milliseconds"],
        memory=answered["memory"],
        train_memory=trained["peak_memory"],
        answers=[answer_of(row, labels) for row in answered["answers"]],
    )


def run_engine(title: str, module: str, options: list[str], folder: Path) -> Any:
    """Run a module of `engine.evaluation` with a sign of life now and then; gives the JSON that it wrote.

    Raises:
        BenchmarkError: It failed; the message has the end of what it printed.
    """
    result, log = folder / f"{module}.json", folder / f"{module}.log"
    command = [str(ENGINE_PYTHON), "-m", f"engine.evaluation.{module}", *options, "--result", str(result)]
    started = time.monotonic()
    print(f"{title} ...", flush=True)
    with log.open("wb") as output:
        process = _started(command, output.fileno())
        try:
            while not _has_ended(process):
                print(f"{title}: {time.monotonic() - started:.0f} s so far", flush=True)
        finally:
            process.kill()
            process.wait()
    if process.returncode:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:])
        raise BenchmarkError(f"{title} failed:\n{tail}")
    return json.loads(result.read_text(encoding="utf-8"))


def _started(command: list[str], output: int) -> subprocess.Popen[bytes]:
    if not ENGINE_PYTHON.exists():
        raise BenchmarkError(f"{ENGINE_PYTHON} is missing: run `make setup`")
    environment = {**clean_environment(), "LOG_LEVEL": "WARNING"}  # at lower levels Rasa draws progress bars
    return subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=output, stderr=subprocess.STDOUT)


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(HEARTBEAT_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True


def answer_of(row: Mapping[str, Any], labels: Mapping[str, str]) -> Answer:
    """An answer as the engine wrote it, with the labels that the model's names stand for."""
    return Answer(
        text=row["text"],
        label=row["label"],
        intent=labels.get(row["intent"] or NOT_UNDERSTOOD, NOT_UNDERSTOOD),
        ranking=[(labels[name], chance) for name, chance in row["ranking"] if name in labels],
        annotated=frozenset(_span(entity) for entity in row["annotated"]),
        found=frozenset(_span(entity) for entity in row["found"]),
    )


def _span(entity: Sequence[Any]) -> Span:
    start, end, name = entity
    return start, end, name
