"""The figures of a trial: how often it is right, and how much its confidence is worth."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.nlu.trial import NOT_UNDERSTOOD, Answer, Trial

OUTSIDE_LABELS = frozenset({"out_of_scope", "oos", "nlu_fallback", "out of scope", "outofscope", "out-of-scope"})
CALIBRATION_BINS = 10
FALSE_ALARMS = 0.03


@dataclass(frozen=True)
class Figures:
    """What a trial is worth; None where the messages do not tell.

    Attributes:
        accuracy: Share of messages whose likeliest intent is the true one.
        macro_f1: F1 of the likeliest intent, every true intent with the same weight.
        answered: Share of messages that the pipeline as a whole answers with the true intent.
        asked: Share of messages that it does not answer but asks about (`nlu_fallback`).
        entity_f1: F1 of the entities, right only with both ends and the name.
        outside_auroc: How well confidence tells out-of-scope messages from others; 0.5 is chance.
        outside_recall: Share of out-of-scope messages found when 3 % of the others are taken for such.
        calibration_error: Expected difference between confidence and being right, over ten steps of confidence.
    """

    accuracy: float | None
    macro_f1: float | None
    answered: float | None
    asked: float | None
    entity_f1: float | None
    outside_auroc: float | None
    outside_recall: float | None
    calibration_error: float | None


def figures_of(trial: Trial) -> Figures:
    """All figures of a trial.

    A message of an out-of-scope label that was not trained has no intent to be found: it counts for `outside_...`
    alone. Every other message counts for the intents, also one whose label was never trained.
    """
    outside = [answer for answer in trial.answers if is_outside(answer.label)]
    inside = [answer for answer in trial.answers if not is_outside(answer.label)]
    classified = [a for a in trial.answers if a.label in trial.labels or not is_outside(a.label)]
    alarms = [1 - inside_confidence(answer) for answer in inside]
    found = [1 - inside_confidence(answer) for answer in outside]
    both = bool(alarms and found)
    return Figures(
        accuracy=_share(likeliest(answer) == answer.label for answer in classified),
        macro_f1=macro_f1([(answer.label, likeliest(answer)) for answer in classified]),
        answered=_share(answer.intent == answer.label for answer in classified),
        asked=_share(answer.intent == NOT_UNDERSTOOD for answer in classified),
        entity_f1=_entity_f1(trial.answers),
        outside_auroc=auroc(found, alarms) if both else None,
        outside_recall=recall_at(FALSE_ALARMS, found, alarms) if both else None,
        calibration_error=calibration_error([(_confidence(a), likeliest(a) == a.label) for a in classified]),
    )


def is_outside(label: str) -> bool:
    """Whether a label stands for messages that belong to no intent."""
    return label.strip().lower() in OUTSIDE_LABELS


def likeliest(answer: Answer) -> str:
    """The first intent of the ranking; `nlu_fallback` when there is none."""
    return answer.ranking[0][0] if answer.ranking else NOT_UNDERSTOOD


def inside_confidence(answer: Answer) -> float:
    """The highest confidence of an intent that is not out of scope."""
    return max((chance for name, chance in answer.ranking if not is_outside(name)), default=0.0)


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float | None:
    """The mean F1 over the true labels.

    Args:
        pairs: The true and the predicted label of each message.
    """
    if not pairs:
        return None
    right = Counter(label for label, guess in pairs if label == guess)
    labels, guesses = Counter(label for label, _ in pairs), Counter(guess for _, guess in pairs)
    return sum(2 * right[label] / (labels[label] + guesses[label]) for label in labels) / len(labels)


def auroc(found: Sequence[float], alarms: Sequence[float]) -> float:
    """The chance that a message to be found scores above one that is not; ties count half."""
    others = sorted(alarms)
    wins = sum((bisect_left(others, score) + bisect_right(others, score)) / 2 for score in found)
    return wins / (len(found) * len(others))


def recall_at(share: float, found: Sequence[float], alarms: Sequence[float]) -> float:
    """The share found by the lowest threshold that takes at most this share of the others for such."""
    others = sorted(alarms, reverse=True)
    limit = others[math.floor(share * len(others))]
    return sum(score > limit for score in found) / len(found)


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """The expected calibration error.

    Args:
        pairs: Confidence, 0 to 1, and whether it was right.
    """
    if not pairs:
        return None
    steps: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in pairs:
        steps.setdefault(min(int(confidence * CALIBRATION_BINS), CALIBRATION_BINS - 1), []).append((confidence, right))
    gaps = (abs(sum(c for c, _ in step) - sum(right for _, right in step)) for step in steps.values())
    return sum(gaps) / len(pairs)


def _confidence(answer: Answer) -> float:
    return answer.ranking[0][1] if answer.ranking else 0.0


def _share(hits: Iterable[bool]) -> float | None:
    flags = list(hits)
    return sum(flags) / len(flags) if flags else None


def _entity_f1(answers: Sequence[Answer]) -> float | None:
    annotated = sum(len(answer.annotated) for answer in answers)
    if not annotated:
        return None
    right = sum(len(answer.annotated & answer.found) for answer in answers)
    return 2 * right / (annotated + sum(len(answer.found) for answer in answers))
