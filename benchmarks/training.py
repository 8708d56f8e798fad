"""How long a training takes: our own anew each time, the rival's once, kept beside its model."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.process import ENGINE_PYTHON, PROJECT, BenchmarkError, clean_environment

SOURCES = ("config.yml", "domain.yml", "data")
NOTE = "training.json"


@dataclass(frozen=True)
class Training:
    """One training: the clock's and the processor's seconds, and the day on which it was measured."""

    seconds: float
    processor_seconds: float
    day: str

    def keep(self, folder: Path) -> None:
        """Write it down beside what was trained."""
        (folder / NOTE).write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def kept(cls, folder: Path) -> Training | None:
        """What was written down, or None."""
        note = folder / NOTE
        return cls(**json.loads(note.read_text(encoding="utf-8"))) if note.is_file() else None


def timed_training(command: list[str], folder: Path, environment: Mapping[str, str]) -> Training:
    """Run a training that leaves its model in ``folder``/models.

    Raises:
        BenchmarkError: It failed or left no model.
    """
    worked, started = _children_time(), time.monotonic()
    done = subprocess.run(
        command, cwd=folder, env={**clean_environment(), **environment}, capture_output=True, text=True
    )
    seconds = time.monotonic() - started
    if done.returncode or not any((folder / "models").glob("*.tar.gz")):
        raise BenchmarkError(f"{' '.join(command)} failed:\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}")
    return Training(seconds, _children_time() - worked, f"{datetime.now(UTC):%Y-%m-%d}")


def train_ours(folder: Path) -> tuple[Path, Training]:
    """Train our assistant from the project's own files in another folder; gives the model."""
    folder.mkdir(parents=True)
    for name in SOURCES:
        source = PROJECT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    command = [str(ENGINE_PYTHON), "-m", "engine.train", "--force"]
    training = timed_training(command, folder, {"PYTHONPATH": str(PROJECT)})
    return next((folder / "models").glob("*.tar.gz")), training


def _children_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
