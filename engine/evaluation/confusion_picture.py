"""`python -m engine.evaluation.confusion_picture`: which intents are taken for which, as a picture."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np

INCHES_AN_INTENT = 0.26
NONE = "-"


def main() -> int:
    """Draw the answers of a cross-validation, the intents' own share left white; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m engine.evaluation.confusion_picture", description=__doc__)
    parser.add_argument("--answers", type=Path, required=True, help="the JSON file of a cross-validation")
    parser.add_argument("--picture", type=Path, required=True, help="the PNG or SVG file to write")
    options = parser.parse_args()
    answers = json.loads(options.answers.read_text(encoding="utf-8"))["answers"]
    draw([(row["label"], row["ranking"][0][0] if row["ranking"] else NONE) for row in answers], options.picture)
    return 0


def draw(pairs: list[tuple[str, str]], picture: Path) -> None:
    """Draw true and likeliest intents; each square is the share of the true intent's messages."""
    mpl.use("Agg")
    from matplotlib import pyplot

    names = sorted({name for pair in pairs for name in pair})
    place = {name: index for index, name in enumerate(names)}
    shares = np.zeros((len(names), len(names)))
    for label, guess in pairs:
        shares[place[label], place[guess]] += 1
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1)
    figure, axes = pyplot.subplots(figsize=(INCHES_AN_INTENT * len(names) + 3,) * 2)
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("likeliest intent")
    axes.set_ylabel("true intent")
    figure.colorbar(image, shrink=0.6, label="share of the true intent's messages")
    figure.savefig(picture, bbox_inches="tight", dpi=110)
    pyplot.close(figure)


if __name__ == "__main__":
    sys.exit(main())
