"""The baseline: scikit-learn's TF-IDF of words and its logistic regression, both as they come.

A program of the engine's environment, where scikit-learn lives. It reads texts and labels from its input and writes
labels and times to its output, as JSON."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

MOST_ROUNDS = 1000


def trained_and_read(texts: dict[str, list[str]]) -> dict[str, Any]:
    """Train on ``train`` and ``labels``; the labels of ``test``, read one by one, and both times."""
    started = time.perf_counter()
    model = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=MOST_ROUNDS))
    model.fit(texts["train"], texts["labels"])
    seconds = time.perf_counter() - started
    started = time.process_time()
    labels = [str(model.predict([text])[0]) for text in texts["test"]]
    spent = (time.process_time() - started) * 1000 / len(labels)
    return {"labels": labels, "milliseconds": spent, "train_seconds": seconds}


if __name__ == "__main__":
    json.dump(trained_and_read(json.load(sys.stdin)), sys.stdout)
