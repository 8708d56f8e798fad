"""What the shipped model is trained on, and how sure it may be."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ramah.mood.features import blocks_of_text
from ramah.mood.linear import LinearModel
from scripts.mood_training.examples import LANGUAGES, TRAINED_ON, read_examples
from scripts.mood_training.labelled import Labelled, read_table
from scripts.mood_training.plain import plain_messages
from scripts.mood_training.training import train

SETS = Path(__file__).parent / "sets"
REVIEWS, POSTS = SETS / "prdect_id" / "train.csv.gz", SETS / "brighter" / "eng.train.csv.gz"
REVIEW_MOODS = {"Happy": "joy", "Love": "joy", "Sadness": "sadness", "Fear": "fear", "Anger": "anger"}
POST_MOODS = {mood: mood for mood in ("joy", "sadness", "fear", "anger", "neutral")}
REVIEW_WEIGHT, POST_WEIGHT, PLAIN_WEIGHT = 0.05, 0.02, 0.2
"""What a review or a post counts beside one of our sentences: they bring words, ours what a customer means."""

STRENGTHS = (3.0,)
MOST_FEATURES = 40_000
FOLDS = 5
TEMPERATURES = tuple(0.5 + 0.05 * step for step in range(51))


def train_shipped() -> LinearModel:
    """The model that is shipped; its notes hold the temperature that makes its probabilities honest."""
    own, outside = list(own_examples()), [*outside_examples(), *plain_examples()]
    temperature = _temperature(own, outside)
    model = train([*own, *outside], STRENGTHS, MOST_FEATURES)
    return replace(model, notes={**model.notes, "temperature": temperature})


def own_examples() -> Iterator[Labelled]:
    """Our own sentences in all languages."""
    for language in LANGUAGES:
        for example in read_examples(TRAINED_ON, language):
            yield Labelled(example.text, example.mood)


def outside_examples() -> Iterator[Labelled]:
    """Reviews in Indonesian and posts in English; what is surprise to others is no mood of ours."""
    yield from _translated(read_table(REVIEWS), REVIEW_MOODS, REVIEW_WEIGHT)
    yield from _translated(read_table(POSTS), POST_MOODS, POST_WEIGHT)


def plain_examples() -> Iterator[Labelled]:
    """What customers write about the matter itself, in all languages."""
    for language in LANGUAGES:
        for text in plain_messages(language):
            yield Labelled(text, "neutral", PLAIN_WEIGHT)


def _translated(examples: Sequence[Labelled], moods: Mapping[str, str], weight: float) -> Iterator[Labelled]:
    for example in examples:
        if example.label in moods:
            yield Labelled(example.text, moods[example.label], weight)


def _temperature(own: Sequence[Labelled], outside: Sequence[Labelled]) -> float:
    """What log-odds are divided by so that "90 % sure" is right nine times of ten on sentences left out of training."""
    told: list[tuple[Sequence[float], int]] = []
    for fold in range(FOLDS):
        kept = [example for at, example in enumerate(own) if at % FOLDS != fold]
        model = train([*kept, *outside], STRENGTHS)
        told.extend((model.scores(blocks_of_text(e.text)), model.labels.index(e.label)) for e in own[fold::FOLDS])
    return min(TEMPERATURES, key=lambda temperature: sum(_surprise(s, right, temperature) for s, right in told))


def _surprise(scores: Sequence[float], right: int, temperature: float) -> float:
    """The negative logarithm of the probability that was given to what is right."""
    scaled = [score / temperature for score in scores]
    return math.log(sum(map(math.exp, scaled))) - scaled[right]
