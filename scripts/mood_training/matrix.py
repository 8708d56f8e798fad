"""Messages as a sparse matrix: a row a message, a column a feature, in plain arrays that another process can read."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ramah.mood.features import Block

SEEN_AT_LEAST = 2
"""A feature of a single message says more of that message than of its label."""

PROBLEM = "problem.json"
STARTS, COLUMNS, VALUES = "starts.int64", "columns.int64", "values.float64"


@dataclass(frozen=True)
class Matrix:
    """Compressed rows: those of row i are ``columns[starts[i]:starts[i + 1]]`` and the values beside them."""

    names: tuple[str, ...]
    starts: array[int]
    columns: array[int]
    values: array[float]

    def write(self, folder: Path, labels: Sequence[int], weights: Sequence[float], strengths: Sequence[float]) -> None:
        """Leave the matrix, a label number and weight for each row, and the regularisations to choose from."""
        problem = {
            "columns": len(self.names),
            "labels": list(labels),
            "weights": list(weights),
            "strengths": list(strengths),
        }
        (folder / PROBLEM).write_text(json.dumps(problem), encoding="utf-8")
        for name, numbers in ((STARTS, self.starts), (COLUMNS, self.columns), (VALUES, self.values)):
            (folder / name).write_bytes(numbers.tobytes())


def build_matrix(messages: Sequence[Sequence[Block]]) -> Matrix:
    """The matrix of the messages' blocks, without features that only one message has."""
    counted = Counter(feature for blocks in messages for _, features in blocks for feature in features)
    kept = {feature for feature, count in counted.items() if count >= SEEN_AT_LEAST}
    numbers = {feature: number for number, feature in enumerate(sorted(kept))}
    matrix = Matrix(tuple(numbers), array("q", [0]), array("q"), array("d"))
    for blocks in messages:
        for value, features in blocks:
            found = sorted(numbers[feature] for feature in features if feature in numbers)
            matrix.columns.extend(found)
            matrix.values.extend([value] * len(found))
        matrix.starts.append(len(matrix.columns))
    return matrix
