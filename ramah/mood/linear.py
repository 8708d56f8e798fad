"""A linear model over named features: what each feature says for each label, kept in a small file.

The file is gzip: a line of JSON, the features one a line, then a byte for each feature and label. A weight is
``(byte - 128) * scale``; steps of that size are finer than what training can tell apart."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

ZERO = 128
LARGEST = 127
FORMAT = 1


class WeightsUnreadable(Exception):
    """The file of weights is of another format, cut short or damaged; train anew and it is written afresh."""


@dataclass(frozen=True)
class LinearModel:
    """Labels, what each starts with, and a row of bytes for each feature, a byte for each label."""

    labels: tuple[str, ...]
    intercepts: tuple[float, ...]
    scale: float
    rows: Mapping[str, bytes]
    notes: Mapping[str, float]

    def scores(self, blocks: Iterable[tuple[float, Sequence[str]]]) -> list[float]:
        """What speaks for each label, as log-odds. Features that training did not see say nothing."""
        totals = list(self.intercepts)
        for value, features in blocks:
            found = [row for row in map(self.rows.get, features) if row is not None]
            if not found:
                continue
            zero, unit = ZERO * len(found), value * self.scale
            for label, column in enumerate(zip(*found, strict=True)):
                totals[label] += unit * (sum(column) - zero)
        return totals

    def best(self, blocks: Iterable[tuple[float, Sequence[str]]]) -> str:
        """The label for which most speaks."""
        scores = self.scores(blocks)
        return self.labels[scores.index(max(scores))]

    def to_bytes(self) -> bytes:
        """The file's content; the same model gives the same bytes."""
        names = sorted(self.rows)
        header = {
            "format": FORMAT,
            "labels": self.labels,
            "intercepts": self.intercepts,
            "scale": self.scale,
            "features": len(names),
            "notes": dict(self.notes),
        }
        lines = "\n".join([json.dumps(header, sort_keys=True), *names, ""]).encode()
        buffer = BytesIO()
        with gzip.GzipFile(filename="", fileobj=buffer, mode="wb", mtime=0) as file:
            file.write(lines + b"".join(self.rows[name] for name in names))
        return buffer.getvalue()


def quantised(
    labels: Sequence[str],
    intercepts: Sequence[float],
    weights: Mapping[str, Sequence[float]],
    notes: Mapping[str, float] | None = None,
) -> LinearModel:
    """A model with its weights rounded to bytes; a feature whose weights all round to nothing is left out."""
    scale = max((abs(weight) for row in weights.values() for weight in row), default=0.0) / LARGEST or 1.0
    rows = {name: bytes(ZERO + round(weight / scale) for weight in row) for name, row in weights.items()}
    nothing = bytes([ZERO] * len(labels))
    kept = {name: row for name, row in rows.items() if row != nothing}
    return LinearModel(tuple(labels), tuple(intercepts), scale, kept, dict(notes or {}))


def from_bytes(content: bytes) -> LinearModel:
    """The model that ``to_bytes`` wrote.

    Raises:
        WeightsUnreadable: It is no such file.
    """
    try:
        head, _, rest = gzip.decompress(content).partition(b"\n")
        return _from_parts(json.loads(head), rest)
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise WeightsUnreadable(f"the weights cannot be read ({error}); train anew") from error


def _from_parts(header: Mapping[str, Any], rest: bytes) -> LinearModel:
    if header["format"] != FORMAT:
        raise ValueError(f"format {header['format']}, not {FORMAT}")
    count, width = header["features"], len(header["labels"])
    *names, packed = rest.split(b"\n", count)
    if len(packed) != count * width:
        raise ValueError(f"{len(packed)} bytes of weights, not {count * width}")
    rows = {name.decode(): packed[at * width : (at + 1) * width] for at, name in enumerate(names)}
    return LinearModel(
        tuple(header["labels"]), tuple(header["intercepts"]), float(header["scale"]), rows, dict(header["notes"])
    )
