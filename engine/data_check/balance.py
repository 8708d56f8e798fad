"""Intents with too few examples, and intents and languages that outweigh the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from engine.data_check.examples import Example
from engine.data_check.finding import Finding
from engine.data_check.project import Defined
from engine.data_check.settings import Settings
from engine.importer_files import LANGUAGES


def balance(examples: Sequence[Example], intents: Sequence[Defined], settings: Settings) -> Iterator[Finding]:
    """What lacks examples, by intent and language, and what has far more than the rest."""
    counts = Counter((example.intent, example.language) for example in examples)
    typed = [intent for intent in intents if settings.is_typed(intent.name)]
    for intent in typed:
        yield from _of_intent(intent, counts, examples, settings)
    for language in LANGUAGES:
        yield from _of_language(language, typed, counts, examples, settings)


def _of_intent(
    intent: Defined, counts: Counter[tuple[str, str]], examples: Sequence[Example], settings: Settings
) -> Iterator[Finding]:
    numbers = {language: counts[intent.name, language] for language in LANGUAGES}
    for language, number in numbers.items():
        where = _first(examples, intent.name, language) or (intent.path, intent.line)
        if number == 0:
            yield Finding(
                *where, "missing-language", intent.name, f"intent '{intent.name}' has no example in {language}"
            )
        elif number < settings.minimum_examples:
            message = (
                f"intent '{intent.name}' has {number} examples in {language}; {settings.minimum_examples} are needed"
            )
            yield Finding(*where, "too-few", intent.name, message)
    fewest, most = min(numbers, key=lambda key: numbers[key]), max(numbers, key=lambda key: numbers[key])
    if numbers[fewest] and numbers[most] > settings.between_languages * numbers[fewest]:
        where = _first(examples, intent.name, fewest) or (intent.path, intent.line)
        message = f"intent '{intent.name}' has {numbers[fewest]} examples in {fewest} and {numbers[most]} in {most}"
        yield Finding(*where, "unequal-languages", intent.name, f"{message}; write more in {fewest}")


def _of_language(
    language: str,
    typed: Sequence[Defined],
    counts: Counter[tuple[str, str]],
    examples: Sequence[Example],
    settings: Settings,
) -> Iterator[Finding]:
    numbers = {intent.name: counts[intent.name, language] for intent in typed if counts[intent.name, language]}
    if not numbers:
        return
    fewest = min(numbers, key=lambda key: numbers[key])
    for intent, number in numbers.items():
        if number > settings.largest_share * numbers[fewest]:
            where = _first(examples, intent, language) or ("", 1)
            message = f"intent '{intent}' has {number} examples in {language}, but '{fewest}' only {numbers[fewest]}"
            yield Finding(*where, "unequal-intents", intent, f"{message}: it will win too often")


def _first(examples: Sequence[Example], intent: str, language: str) -> tuple[str, int] | None:
    """Where the first example of an intent in a language stands."""
    for example in examples:
        if (example.intent, example.language) == (intent, language):
            return example.path, example.line
    return None
