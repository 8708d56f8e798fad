"""Marked words that contradict each other: marked once and once not, as two entities, or with two meanings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.data_check.examples import Example
from engine.data_check.finding import Finding
from engine.data_check.project import Defined, Project

Meaning = tuple[str, str, int]


def annotation(examples: Sequence[Example], entities: Sequence[Defined]) -> Iterator[Finding]:
    """Contradictions among the marked words of the examples."""
    known = {entity.name for entity in entities}
    for example in examples:
        yield from _malformed(example, known)
    yield from _two_meanings(examples)
    yield from _marked_and_not(examples)


def word_lists(project: Project) -> Iterator[Finding]:
    """Contradictions among the lookups and synonyms: a word in two lookups, with two meanings, or with none."""
    lookups = _words(project, "lookup")
    synonyms = _words(project, "synonym")
    for words, what in ((lookups, "lookup"), (synonyms, "synonym")):
        for word, places in words.items():
            first = places[0]
            for name, path, line in places[1:]:
                if name != first[0]:
                    message = f"'{word}' stands for {what} '{name}' here and for '{first[0]}' in {first[1]}:{first[2]}"
                    yield Finding(path, line, "annotation", word, f"{message}; keep one")
    meanings = {name.casefold() for places in synonyms.values() for name, _, _ in places}
    for word, places in lookups.items():
        if word not in synonyms and word not in meanings:
            name, path, line = places[0]
            yield Finding(
                path, line, "annotation", word, f"'{word}' of lookup '{name}' means nothing: no synonym has it"
            )


def _malformed(example: Example, known: set[str]) -> Iterator[Finding]:
    for mark in example.annotations:
        if mark.surface != mark.surface.strip() or not mark.surface:
            yield _finding(example, f"the brackets of '[{mark.surface}]' touch a space; put the space outside")
        if mark.is_glued:
            yield _finding(example, f"'[{mark.surface}]' ends in the middle of a word; mark the whole word")
        if mark.entity not in known:
            yield _finding(example, f"entity '{mark.entity}' of '[{mark.surface}]' is in no domain.yml")


def _two_meanings(examples: Sequence[Example]) -> Iterator[Finding]:
    first: dict[tuple[str, str], tuple[str, str | None, Example]] = {}
    for example in examples:
        for mark in example.annotations:
            key = (example.language, mark.surface.strip().casefold())
            entity, value, other = first.setdefault(key, (mark.entity, mark.value, example))
            if entity != mark.entity:
                yield _finding(
                    example, f"'{mark.surface}' is marked as {mark.entity} here and as {entity} in {other.place}"
                )
            elif value != mark.value:
                yield _finding(example, f"'{mark.surface}' means {mark.value} here and {value} in {other.place}")


def _marked_and_not(examples: Sequence[Example]) -> Iterator[Finding]:
    """Words that one example of an intent marks and another one of the same intent and language does not."""
    marked: dict[tuple[str, str], dict[str, Example]] = {}
    for example in examples:
        words = marked.setdefault((example.intent, example.language), {})
        for mark in example.annotations:
            words.setdefault(mark.surface.strip().casefold(), example)
    patterns = {key: _any_of(words) for key, words in marked.items() if words}
    for example in examples:
        key = (example.intent, example.language)
        match = patterns[key].search(example.unmarked) if key in patterns else None
        if match:
            other = marked[key][match.group().casefold()]
            yield _finding(example, f"'{match.group()}' is not marked in '{example.text}', but in {other.place} it is")


def _any_of(words: dict[str, Example]) -> re.Pattern[str]:
    longest_first = sorted(filter(None, words), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def _words(project: Project, key: str) -> dict[str, list[Meaning]]:
    """The words of all lookups or synonyms, each with the names that it stands under."""
    found: dict[str, list[Meaning]] = {}
    for _, path, block, line in project.nlu_blocks(key):
        for word in str(block.get("examples") or "").splitlines():
            if word.strip().startswith("- "):
                found.setdefault(word.strip()[2:].strip().casefold(), []).append((str(block[key]), path, line))
    return found


def _finding(example: Example, message: str) -> Finding:
    return Finding(example.path, example.line, "annotation", example.raw, message)
