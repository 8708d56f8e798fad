"""How well the project's own examples are understood when they are held back in turn."""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from benchmarks.nlu.figures import figures_of, likeliest
from benchmarks.nlu.trial import NOT_UNDERSTOOD, Answer, Trial, answer_of, run_engine
from benchmarks.process import ENGINE_PYTHON, PROJECT, clean_environment
from benchmarks.report import table

RESULTS = PROJECT / "results"
TABLE, PICTURE = "understanding.md", "understanding.png"
THRESHOLDS = (0.0, 0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
WORST = 40
OUTSIDE = "out_of_scope"

ByLanguage = Mapping[str, Sequence[Answer]]


def cross_validate(folds: int) -> str:
    """Cross-validate the project's data; writes table and picture to `results/` and gives the summary.

    Raises:
        BenchmarkError: Training or answering failed.
    """
    RESULTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ramah-nlu-") as name:
        rows = run_engine("own examples", "cross_validation", ["--folds", str(folds)], Path(name))["answers"]
        drawing = ["--answers", f"{name}/cross_validation.json", "--picture", str(RESULTS / PICTURE)]
        command = [str(ENGINE_PYTHON), "-m", "engine.evaluation.confusion_picture", *drawing]
        subprocess.run(command, cwd=PROJECT, env=clean_environment(), check=True)
    answers = _by_language(rows)
    parts = [summary(answers), thresholds(answers), by_intent(answers), confusions(answers), worst(answers)]
    (RESULTS / TABLE).write_text("\n\n".join(["# Own examples, held back in turn", *parts]) + "\n", encoding="utf-8")
    return "\n\n".join([*parts[:2], f"Confusions and worst examples: {RESULTS / TABLE}, {RESULTS / PICTURE}"])


def summary(answers: ByLanguage) -> str:
    """The figures of each language."""
    found = {language: figures_of(_as_trial(language, own)) for language, own in answers.items()}
    names = ("accuracy", "macro_f1", "outside_auroc", "outside_recall", "calibration_error")
    rows = [
        (language, str(len(answers[language])), *(_rounded(getattr(f, n)) for n in names))
        for language, f in found.items()
    ]
    return table(("language", "examples", *names), rows)


def thresholds(answers: ByLanguage) -> str:
    """The share answered rightly under each threshold, where asking back is right for what is out of scope."""
    rows = [
        (f"{threshold:g}", *(f"{_right_above(threshold, own):.3f}" for own in answers.values()))
        for threshold in THRESHOLDS
    ]
    return table(("threshold", *answers), rows)


def by_intent(answers: ByLanguage) -> str:
    """F1 of each intent and language, the worst first."""
    labels = sorted({answer.label for own in answers.values() for answer in own})
    scores = {label: [_f1(label, own) for own in answers.values()] for label in labels}
    order = sorted(labels, key=lambda label: sum(scores[label]))
    return table(("F1", *answers), [(label, *(f"{score:.2f}" for score in scores[label])) for label in order])


def confusions(answers: ByLanguage) -> str:
    """The pairs that are taken for one another most."""
    pairs = Counter((a.label, likeliest(a)) for own in answers.values() for a in own if likeliest(a) != a.label)
    return table(("true intent", "taken for", "times"), [(*pair, str(n)) for pair, n in pairs.most_common(WORST)])


def worst(answers: ByLanguage) -> str:
    """The examples that are taken for another intent with the most confidence."""
    wrong = [(language, a) for language, own in answers.items() for a in own if a.ranking and likeliest(a) != a.label]
    wrong.sort(key=lambda pair: -pair[1].ranking[0][1])
    rows = [
        (a.text.replace("|", "/"), lang, a.label, likeliest(a), f"{a.ranking[0][1]:.2f}") for lang, a in wrong[:WORST]
    ]
    return table(("example", "language", "true intent", "taken for", "confidence"), rows)


def _by_language(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Answer]]:
    """The answers to typed messages; what buttons and the platform send has three examples and is never typed."""
    taps = YAML(typ="safe").load((PROJECT / "data_check.yml").read_text(encoding="utf-8"))["not_typed"]
    names = {str(name): str(name) for row in rows for name in (row["label"], row["intent"] or NOT_UNDERSTOOD)}
    answers: dict[str, list[Answer]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: str(row["language"])):
        if row["label"] not in taps:
            answers[row["language"]].append(answer_of(row, names))
    return dict(answers)


def _as_trial(language: str, answers: Sequence[Answer]) -> Trial:
    return Trial(language, frozenset(a.label for a in answers), len(answers), 0.0, 0.0, 0, 0, answers)


def _right_above(threshold: float, answers: Sequence[Answer]) -> float:
    def said(answer: Answer) -> str:
        return likeliest(answer) if answer.ranking and answer.ranking[0][1] >= threshold else OUTSIDE

    return sum(said(answer) == answer.label for answer in answers) / len(answers)


def _f1(label: str, answers: Sequence[Answer]) -> float:
    """F1 of one intent among all."""
    right = sum(a.label == label == likeliest(a) for a in answers)
    both = sum((a.label == label) + (likeliest(a) == label) for a in answers)
    return 2 * right / both if both else 0.0


def _rounded(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
