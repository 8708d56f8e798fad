"""The table that `python -m benchmarks.nlu` prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.nlu.figures import Figures, figures_of, is_outside
from benchmarks.nlu.trial import Trial
from benchmarks.report import MEGABYTE, table

NONE = "-"
QUALITIES: tuple[tuple[str, Callable[[Figures], float | None]], ...] = (
    ("intent accuracy (likeliest)", lambda figures: figures.accuracy),
    ("intent macro F1 (likeliest)", lambda figures: figures.macro_f1),
    ("answered rightly, fallback on", lambda figures: figures.answered),
    ("not answered (fallback)", lambda figures: figures.asked),
    ("entity F1", lambda figures: figures.entity_f1),
    ("out-of-scope AUROC", lambda figures: figures.outside_auroc),
    ("out-of-scope recall at 3 % false alarms", lambda figures: figures.outside_recall),
    ("expected calibration error", lambda figures: figures.calibration_error),
)


def comparison(trials: Sequence[Trial]) -> str:
    """A Markdown table: a row for each figure, a column for each pipeline."""
    figures = [figures_of(trial) for trial in trials]
    rows = [(name, *(_rounded(value(one)) for one in figures)) for name, value in QUALITIES]
    rows += [
        ("train seconds", *(f"{trial.train_seconds:.1f}" for trial in trials)),
        ("milliseconds a message (median)", *(f"{trial.milliseconds:.2f}" for trial in trials)),
        ("memory while answering, MiB", *(f"{trial.memory / MEGABYTE:.0f}" for trial in trials)),
        ("peak memory of training, MiB", *(f"{trial.train_memory / MEGABYTE:.0f}" for trial in trials)),
    ]
    return table(("figure", *(trial.pipeline for trial in trials)), rows)


def remarks(trials: Sequence[Trial]) -> list[str]:
    """What one must know to read the table."""
    trial = trials[0]
    strange = [a.label for a in trial.answers if a.label not in trial.labels and not is_outside(a.label)]
    lines = [f"{trial.examples} examples of {len(trial.labels)} intents; {len(trial.answers)} messages asked."]
    if strange:
        lines.append(
            f"{len(strange)} messages carry {len(set(strange))} labels that were never trained; they are wrong."
        )
    if not any(answer.annotated for answer in trial.answers):
        lines.append("No entities are annotated in the messages asked.")
    return lines


def _rounded(value: float | None) -> str:
    return NONE if value is None else f"{value:.3f}"
