"""The rival: the project of `rasa init`, untouched, with the pipeline and policies that Rasa chooses for it."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.measure import Conversation, Message, Target
from benchmarks.process import ENGINE_PYTHON, PROJECT, BenchmarkError, Server, clean_environment
from tests.stack import free_ports

CACHE = PROJECT / "var" / "bench" / "stock"
RASA = [str(ENGINE_PYTHON), "-m", "rasa"]
SHORT = ("hello", "I am great", "bye")
SENDERS = count(1)


def stock_project() -> Path:
    """The trained project; made by `rasa init` where it is missing, which takes a minute or two.

    Raises:
        BenchmarkError: `rasa init` failed.
    """
    if not any((CACHE / "models").glob("*.tar.gz")):
        CACHE.parent.mkdir(parents=True, exist_ok=True)
        print("Making and training the stock project (once) ...", flush=True)
        with tempfile.TemporaryDirectory(prefix=".stock-", dir=CACHE.parent) as folder:
            _make(Path(folder) / "project")
            (Path(folder) / "project").rename(CACHE)
    return CACHE


def _make(folder: Path) -> None:
    folder.mkdir()
    command = [*RASA, "init", "--no-prompt", "--init-dir", str(folder)]
    done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True)
    if not any((folder / "models").glob("*.tar.gz")):
        raise BenchmarkError(f"rasa init failed:\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}")


@contextmanager
def running_stock(folder: Path) -> Iterator[Target]:
    """`rasa run` as it comes, conversations kept in memory; gives its REST channel until the block ends."""
    (port,) = free_ports(1)
    options = ["--interface", "127.0.0.1", "--port", str(port)]
    command = [*RASA, "run", *options, "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
    with Server("stock Rasa", command, stock_project(), f"http://127.0.0.1:{port}/", folder / "stock.log") as server:
        yield Target(port, "/webhooks/rest/webhook", {}, (server,))


def stock_conversations(number: int) -> list[Conversation]:
    """Short conversations, each of a new sender: a greeting, an answer, a goodbye."""
    return [_conversation(f"bench-{next(SENDERS)}") for _ in range(number)]


def _conversation(sender: str) -> Conversation:
    return [Message({"sender": sender, "message": text}, _has_text) for text in SHORT]


def _has_text(answer: Any) -> bool:
    return isinstance(answer, list) and any(reply.get("text") for reply in answer)
