"""Confidence that is worth what it says: of messages understood with 0.7, seven in ten are understood rightly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

LEAST_OUTCOMES = 20
LEAST_OF_A_LANGUAGE = 200
SHARPNESS_LIMITS = (0.1, 10.0)
HIGHEST, LOWEST = 0.999, 1e-4
SPREAD = 0.02  # the least that right and wrong must differ in to be told apart


@dataclass(frozen=True)
class Calibration:
    """How scores become confidence, learnt from messages that a model did not see when it was trained.

    First the scores are sharpened or softened alike. Then logistic regression tells from the leading probability,
    from the share of words that are known and from the language how often such a leader is right.

    Attributes:
        sharpness: What scores are multiplied with before they become probabilities.
        lead: Weight of the leader's log-odds.
        familiar: Weight of the share of known words, 0 to 1.
        bias: The constant.
        languages: What is added for each language.
    """

    sharpness: float = 1.0
    lead: float = 1.0
    familiar: float = 0.0
    bias: float = 0.0
    languages: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def learnt_from(
        cls, scores: Any, right: Sequence[int], familiar: Sequence[float], languages: Sequence[str | None]
    ) -> Calibration:
        """Learn from held-back messages.

        Args:
            scores: Log-odds, messages x intents.
            right: The index of each message's true intent.
            familiar: The share of each message's words that were known.
            languages: The language of each message, None where it is not known.
        """
        sharpness = _best_sharpness(scores, np.array(right))
        probabilities = _softmax(sharpness * scores)
        outcomes = probabilities.argmax(axis=1) == np.array(right)
        if min(outcomes.sum(), (~outcomes).sum()) < LEAST_OUTCOMES:
            return cls(sharpness=sharpness)
        return _with_trust(sharpness, probabilities.max(axis=1), outcomes, familiar, languages)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Calibration:
        """The calibration that `as_dict` has written."""
        return cls(**data)

    def as_dict(self) -> dict[str, Any]:
        """What is to be stored as JSON."""
        return asdict(self)

    def confidences(self, scores: Any, familiar: float, language: str | None) -> Any:
        """The confidence of each intent, in the order of the scores.

        The leader gets what it deserves; the others share the rest in proportion, but never more than their own part.
        """
        probabilities = _softmax(self.sharpness * scores[np.newaxis])[0]
        leader = int(probabilities.argmax())
        before = float(probabilities[leader])
        after = self._trust(before, familiar, language)
        share = after / before if after < before else (1 - after) / max(1 - before, LOWEST)
        confidences = probabilities * share
        confidences[leader] = after
        return confidences

    def _trust(self, probability: float, familiar: float, language: str | None) -> float:
        odds = self.lead * _log_odds(probability) + self.familiar * familiar + self.bias
        odds += self.languages.get(language or "", 0.0)
        return float(1 / (1 + np.exp(-odds)))


def _with_trust(
    sharpness: float, leading: Any, outcomes: Any, familiar: Sequence[float], languages: Sequence[str | None]
) -> Calibration:
    from sklearn.linear_model import LogisticRegression

    counts = Counter(language for language in languages if language)
    own = sorted(language for language, count in counts.items() if count >= LEAST_OF_A_LANGUAGE)
    flags = [[float(language == one) for one in own] for language in languages]
    table = np.column_stack([_log_odds(leading), np.array(familiar), np.array(flags).reshape(len(flags), len(own))])
    regression = LogisticRegression(C=10.0, max_iter=500).fit(table, outcomes)
    lead, known, *rest = (float(weight) for weight in regression.coef_[0])
    return Calibration(
        sharpness=sharpness,
        lead=max(lead, SPREAD),
        familiar=known,
        bias=float(regression.intercept_[0]),
        languages=dict(zip(own, rest, strict=True)),
    )


def _best_sharpness(scores: Any, right: Any) -> float:
    """The factor under which the true intents are likeliest."""
    from scipy.optimize import minimize_scalar

    def surprise(sharpness: float) -> float:
        return float(-np.log(_softmax(sharpness * scores)[np.arange(len(right)), right] + 1e-9).mean())

    return float(minimize_scalar(surprise, bounds=SHARPNESS_LIMITS, method="bounded").x)


def _softmax(scores: Any) -> Any:
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def _log_odds(probability: Any) -> Any:
    limited = np.clip(probability, LOWEST, HIGHEST)
    return np.log(limited / (1 - limited))
