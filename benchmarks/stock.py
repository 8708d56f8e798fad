"""The rival: stock Rasa on the data of our skills, with the pipeline and policies that Rasa chooses for it."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Conversation, Message, Target
from benchmarks.ours import Customer, Engine, Script
from benchmarks.process import ENGINE_PYTHON, PROJECT, BenchmarkError, Server, clean_environment
from benchmarks.training import Training, timed_training
from tests.stack import free_ports

CACHE = PROJECT / "var" / "bench"
RASA = [str(ENGINE_PYTHON), "-m", "rasa"]
NAME_LENGTH = 16
# Training reads endpoints.yml, but calls nobody.
NO_ACTIONS = {"RAMAH_ACTIONS_URL": "http://127.0.0.1:9/webhook", "RAMAH_ACTIONS_TOKEN": "unused"}


@dataclass(frozen=True)
class StockProject:
    """The trained project, and what its training took when it was made."""

    folder: Path
    training: Training


def stock_project(epochs: int | None = None) -> StockProject:
    """The project of stock Rasa for the skills as they are now; trained where it is missing, which takes a while.

    Args:
        epochs: Passes over the data; None for Rasa's own number. Fewer understand less, and answer as fast.

    Raises:
        BenchmarkError: It could not be made or trained.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".stock-", dir=CACHE) as name:
        made = Path(name) / "project"
        made.mkdir()
        _export(made, epochs)
        place = CACHE / f"stock-{_digest(made)}"
        training = Training.kept(place)
        if training is None:
            print("Training stock Rasa on the data of our skills (once, up to an hour) ...", flush=True)
            training = timed_training([*RASA, "train"], made, NO_ACTIONS)
            training.keep(made)
            made.rename(place)
    return StockProject(place, training)


def _export(folder: Path, epochs: int | None) -> None:
    command = [str(ENGINE_PYTHON), "-m", "benchmarks.stock_export", str(folder), *([str(epochs)] if epochs else [])]
    done = subprocess.run(command, cwd=PROJECT, env=clean_environment(), capture_output=True, text=True)
    if done.returncode:
        raise BenchmarkError(f"the project of stock Rasa could not be made:\n{done.stderr[-3000:]}")


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:NAME_LENGTH]


@contextmanager
def running_stock(project: StockProject, engine: Engine, folder: Path) -> Iterator[Target]:
    """`rasa run` as it comes, conversations kept in memory, with the action server that our engine uses too."""
    (port,) = free_ports(1)
    options = ["--interface", "127.0.0.1", "--port", str(port)]
    command = [*RASA, "run", *options, "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
    health, log = f"http://127.0.0.1:{port}/", folder / "stock.log"
    with Server("stock Rasa", command, project.folder, health, log, engine.environment) as server:
        yield Target(port, "/webhooks/rest/webhook", {}, (server, *engine.target.servers[1:]))


def stock_conversation(customer: Customer, script: Script) -> Conversation:
    """What a customer posts to stock Rasa's REST channel."""
    sender = {"sender": customer.conversation_id, "metadata": customer.who}
    return [Message({**sender, "message": text}, _has_content) for text, _ in script]


def _has_content(answer: Any) -> bool:
    """Whether stock Rasa replied; it answers with an empty list when an action failed."""
    return isinstance(answer, list) and any(reply.get("text") or reply.get("custom") for reply in answer)
