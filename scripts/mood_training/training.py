"""From labelled messages to a model of weights."""

from __future__ import annotations

import json
import subprocess
import tempfile
from array import array
from collections.abc import Sequence
from pathlib import Path

from ramah.mood.features import blocks_of_text
from ramah.mood.linear import LinearModel, quantised
from scripts.mood_training.labelled import Labelled
from scripts.mood_training.matrix import Matrix, build_matrix
from scripts.progress import ROOT

ENGINE_PYTHON = ROOT / "engine" / ".venv" / "bin" / "python"
STRENGTHS = (1.0, 0.3, 3.0)
"""Regularisations to choose from, scikit-learn's C; the first where nothing can be chosen."""


class TrainingFailed(Exception):
    """The messages have fewer than two labels, or the engine's environment is missing or failed."""


def train(
    examples: Sequence[Labelled], strengths: Sequence[float] = STRENGTHS, most_features: int | None = None
) -> LinearModel:
    """A model that tells the labels of the examples apart.

    ``most_features`` keeps only those that move the scores most.

    Raises:
        TrainingFailed: There is nothing to tell apart, or fitting failed; the message says what to do.
    """
    labels = sorted({example.label for example in examples})
    if len(labels) < 2:
        raise TrainingFailed(f"{len(labels)} label(s) in {len(examples)} messages; there must be two at least")
    matrix = build_matrix([blocks_of_text(example.text) for example in examples])
    numbers = [labels.index(example.label) for example in examples]
    with tempfile.TemporaryDirectory(prefix="ramah-mood-") as name:
        folder = Path(name)
        matrix.write(folder, numbers, [example.weight for example in examples], strengths)
        _run(folder)
        return _model(folder, matrix, labels, most_features)


def _run(folder: Path) -> None:
    if not ENGINE_PYTHON.exists():
        raise TrainingFailed(f"{ENGINE_PYTHON.relative_to(ROOT)} is missing; run `make setup`")
    command = [str(ENGINE_PYTHON), "-m", "scripts.mood_training.fit", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise TrainingFailed(f"fitting failed:\n{done.stderr[-2000:]}")


def _model(folder: Path, matrix: Matrix, labels: Sequence[str], most_features: int | None) -> LinearModel:
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    found = array("d")
    found.frombytes((folder / "weights.float64").read_bytes())
    width = len(labels)
    rows = {name: found[at * width : (at + 1) * width] for at, name in enumerate(matrix.names)}
    kept = sorted(rows, key=lambda name: (-max(map(abs, rows[name])), name))[:most_features]
    weights = {name: rows[name].tolist() for name in kept}
    return quantised(labels, answer["intercepts"], weights, {"strength": answer["strength"]})
