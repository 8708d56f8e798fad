"""What models say of examples that were held back from their training."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np

from engine.components.features import familiar_share
from engine.components.linear_model import LinearModel, LinearSettings
from engine.components.rows import Row

ROUGH_TOLERANCE = 0.03  # the folds need no more: their mistakes are the same
FOLDS = ((2000, 10), (5000, 5))
FEWEST_FOLDS = 3
SEED = 7


def folds_of(labels: Sequence[str], number: int) -> list[int]:
    """The fold of each example: those of one label are shuffled and dealt out in turn."""
    members: dict[str, list[int]] = defaultdict(list)
    for index, label in enumerate(labels):
        members[label].append(index)
    dealer, folds = random.Random(SEED), [0] * len(labels)  # noqa: S311 - no secret, and the same each time
    for turn, label in enumerate(sorted(members)):
        dealer.shuffle(members[label])
        for place, index in enumerate(members[label]):
            folds[index] = (turn + place) % number
    return folds


def held_back_scores(
    rows: Sequence[Row],
    labels: Sequence[str],
    names: Mapping[str, Row],
    settings: LinearSettings,
) -> tuple[Any, list[float]]:
    """The scores of each example by a model that was trained without it, and the share of words it knew.

    Args:
        rows: The row of each example.
        labels: The label of each example.
        names: The row of each label's name, which every model sees, in the order of the scores.
        settings: How the models are fitted; these may stop earlier.
    """
    number = next((folds for limit, folds in FOLDS if len(rows) < limit), FEWEST_FOLDS)
    folds = folds_of(labels, number)
    scores, familiar = np.zeros((len(rows), len(names))), [0.0] * len(rows)
    rough = replace(settings, tolerance=max(settings.tolerance, ROUGH_TOLERANCE))

    def judge(fold: int) -> None:
        seen = [index for index, one in enumerate(folds) if one != fold]
        seen_rows = [*(rows[index] for index in seen), *names.values()]
        model = LinearModel.trained_on(seen_rows, [*(labels[index] for index in seen), *names], rough)
        for index in (index for index, one in enumerate(folds) if one == fold):
            scores[index] = model.scores_for(list(names), rows[index])
            familiar[index] = familiar_share(rows[index].features, model.knows)

    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:  # the solver runs outside of Python's lock
        list(pool.map(judge, range(number)))
    return scores, familiar
