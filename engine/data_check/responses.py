"""Responses that lack a language, or that know other variables in one language than in another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from engine.data_check.finding import Finding
from engine.data_check.project import Defined, Project
from engine.importer_files import LANGUAGES, line_of

_VARIABLE = re.compile(r"(?<!\{)\{(\w+)\}(?!\})|\{\{\{(\w+)\}\}\}")


def responses(project: Project) -> Iterator[Finding]:
    """What is not the same in all three languages."""
    for name, languages in responses_of(project).items():
        first = next(iter(languages.values()))
        missing = [language for language in LANGUAGES if language not in languages]
        if missing:
            files = ", ".join(f"responses.{language}.yml" for language in missing)
            yield _finding(first, f"response '{name}' is missing in {files}")
        yield from _different_variables(name, languages)


def responses_of(project: Project) -> dict[str, dict[str, Defined]]:
    """Each response by its name and language."""
    found: dict[str, dict[str, Defined]] = {}
    for file, path, content in project.contents("responses"):
        section = content.get("responses") or {}
        for name, variations in section.items():
            place = Defined(str(name), path, line_of(section, name) or 1, variations)
            found.setdefault(str(name), {})[str(file.language)] = place
    return found


def variables_of(value: Any) -> set[str]:
    """The variables in the texts, buttons and pictures of a response."""
    if isinstance(value, str):
        return {first or second for first, second in _VARIABLE.findall(value)}
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return set().union(*(variables_of(item) for item in inner))


def _different_variables(name: str, languages: dict[str, Defined]) -> Iterator[Finding]:
    variables = {language: variables_of(place.body) for language, place in languages.items()}
    everywhere = set().union(*variables.values())
    for language, place in languages.items():
        lacking = sorted(everywhere - variables[language])
        if lacking:
            others = ", ".join(other for other in languages if set(lacking) & variables[other])
            words = ", ".join("{" + word + "}" for word in lacking)
            yield _finding(place, f"response '{name}' says {words} in {others}, but not in {language}")


def _finding(place: Defined, message: str) -> Finding:
    return Finding(place.path, place.line, "response", place.name, message)
