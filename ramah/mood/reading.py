"""Settles on a mood: what the trained model says, with what the lexicon says beside it.

The lexicon's weights are among the model's features already. Its reading counts once more here, because a clear word
of the lexicon was chosen by people, while the model has seen few messages of each kind."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import structlog

from ramah.mood.features import blocks_of
from ramah.mood.lexicon import lexicon
from ramah.mood.linear import LinearModel, WeightsUnreadable, from_bytes
from ramah.mood.moods import CALM, Mood, MoodLabel
from ramah.mood.weighing import URGENT, weigh
from ramah.mood.words import parse

CLEAR_WEIGHT = 0.4
"""Below this weight the lexicon is not sure; about one clear word."""

SURE_FROM = 0.4
"""A mood less probable than this is none."""

LEXICON_COUNTS, CALM_LEXICON_COUNTS = 3.0, 0.1
MOST_WITHOUT_LEXICON = 0.6
"""The highest score of a mood that only the model reads; it takes plain words to call somebody furious."""

URGENT_FROM = 0.5

log = structlog.get_logger()


def read_mood(text: str, language: str | None) -> Mood:
    """The mood of a message. ``language`` (id, ms, en or None) settles words that mean different things."""
    known = lexicon()
    message = parse(text, known)
    if not message.clauses and not message.signs:
        return CALM
    weights = weigh(message, language, known)
    by_lexicon = settle(weights)
    model = trained()
    if model is None:
        return by_lexicon
    chances = _chances(model.scores(blocks_of(text, message, known, weights)), model, by_lexicon)
    return _decided(chances, by_lexicon)


@cache
def trained() -> LinearModel | None:
    """The model that `scripts.train_mood` wrote; None, and a line in the log, where its file is missing or damaged."""
    try:
        return from_bytes(resources.files("ramah.mood").joinpath("data", "weights.gz").read_bytes())
    except (OSError, WeightsUnreadable) as error:
        log.warning("mood_by_lexicon_alone", error=str(error))
        return None


def settle(weights: Mapping[str, float]) -> Mood:
    """The mood by the lexicon alone."""
    urgent = weights.get(URGENT, 0.0) >= URGENT_FROM
    moods = {says: weight for says, weight in weights.items() if says != URGENT}
    troubled = {says: weight for says, weight in moods.items() if says != MoodLabel.JOY and weight >= CLEAR_WEIGHT}
    # Praise beside a complaint is courtesy, or it is meant bitterly.
    chosen = troubled or moods
    label = max(chosen, key=lambda says: chosen[says], default=MoodLabel.NEUTRAL)
    if chosen.get(label, 0.0) < CLEAR_WEIGHT:
        return Mood(MoodLabel.NEUTRAL, 0.0, urgent)
    return Mood(MoodLabel(label), round(1.0 - math.exp(-1.4 * chosen[label]), 3), urgent)


def _chances(scores: Sequence[float], model: LinearModel, by_lexicon: Mood) -> dict[MoodLabel, float]:
    """How probable each mood is."""
    scaled = {MoodLabel(name): s / model.notes["temperature"] for name, s in zip(model.labels, scores, strict=True)}
    calm = by_lexicon.label is MoodLabel.NEUTRAL
    scaled[by_lexicon.label] += CALM_LEXICON_COUNTS if calm else LEXICON_COUNTS * by_lexicon.score
    most = max(scaled.values())
    odds = {label: math.exp(score - most) for label, score in scaled.items()}
    total = sum(odds.values())
    return {label: odd / total for label, odd in odds.items()}


def _decided(chances: Mapping[MoodLabel, float], by_lexicon: Mood) -> Mood:
    label = max(chances, key=lambda one: chances[one])
    if label is MoodLabel.NEUTRAL or chances[label] < SURE_FROM:
        return Mood(MoodLabel.NEUTRAL, 0.0, by_lexicon.urgent)
    if label is by_lexicon.label:
        return by_lexicon
    return Mood(label, round(min(chances[label], MOST_WITHOUT_LEXICON), 3), by_lexicon.urgent)
