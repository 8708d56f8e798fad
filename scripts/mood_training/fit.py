"""Fits the weights of a matrix; a program of its own because scikit-learn lives in the engine's environment.

`engine/.venv/bin/python -m scripts.mood_training.fit FOLDER` reads what ``matrix.Matrix.write`` left there and writes
weights beside it. One logistic regression for each label against the rest, rare labels counting as much as frequent
ones. The regularisation is chosen by macro F1 on messages left out of training."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

SEED = 20
FOLDS = 3
MANY_ROWS = 6000
"""From here on one fold tells the regularisations apart well enough."""


def main() -> int:
    """Fit what lies in the folder; returns the exit code."""
    folder = Path(sys.argv[1])
    problem = json.loads((folder / "problem.json").read_text(encoding="utf-8"))
    rows, labels, weights = read_rows(folder, problem), np.array(problem["labels"]), np.array(problem["weights"])
    strength = chosen_strength(rows, labels, weights, problem["strengths"])
    weights_found, intercepts = fit(rows, labels, weights, strength)
    weights_found.astype("<f8").tofile(folder / "weights.float64")
    answer = {"intercepts": intercepts.tolist(), "strength": strength}
    (folder / "answer.json").write_text(json.dumps(answer), encoding="utf-8")
    return 0


def read_rows(folder: Path, problem: dict[str, Any]) -> Any:
    """The matrix in compressed rows."""
    starts = np.fromfile(folder / "starts.int64", dtype=np.int64)
    columns = np.fromfile(folder / "columns.int64", dtype=np.int64)
    values = np.fromfile(folder / "values.float64", dtype=np.float64)
    return csr_matrix((values, columns, starts), shape=(len(starts) - 1, problem["columns"]))


def chosen_strength(rows: Any, labels: Any, weights: Any, strengths: list[float]) -> float:
    """The regularisation with the best macro F1 on left-out messages; the first where there are too few to tell."""
    if len(strengths) == 1 or np.bincount(labels).min() < FOLDS:
        return strengths[0]
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(rows, labels))
    folds = folds[:1] if len(labels) >= MANY_ROWS else folds
    return max(strengths, key=lambda strength: _left_out_f1(rows, labels, weights, strength, folds))


def _left_out_f1(rows: Any, labels: Any, weights: Any, strength: float, folds: list[Any]) -> float:
    found = []
    for kept, left_out in folds:
        coefficients, intercepts = fit(rows[kept], labels[kept], weights[kept], strength)
        scores = rows[left_out] @ coefficients + intercepts
        found.append(f1_score(labels[left_out], scores.argmax(axis=1), average="macro"))
    return float(np.mean(found))


def fit(rows: Any, labels: Any, weights: Any, strength: float) -> tuple[Any, Any]:
    """Weights (features x labels) and intercepts; each label's messages weigh as much in all as any other's."""
    total = np.bincount(labels, weights=weights)
    balanced = weights * (weights.sum() / (len(total) * total))[labels]
    found = [_fit_one(rows, labels == label, balanced, strength) for label in range(len(total))]
    return np.stack([row for row, _ in found], axis=1), np.array([intercept for _, intercept in found])


def _fit_one(rows: Any, has_label: Any, weights: Any, strength: float) -> tuple[Any, float]:
    model = LogisticRegression(C=strength, solver="liblinear", max_iter=300, random_state=SEED)
    model.fit(rows, has_label, weights)
    return model.coef_[0], float(model.intercept_[0])


if __name__ == "__main__":
    raise SystemExit(main())
