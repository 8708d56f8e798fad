"""Responses of three languages made into Rasa's conditional response variations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.importer_files import LANGUAGES, SkillError, SkillFile, line_of

LANGUAGE_SLOT = "language"
DEFAULT_LANGUAGE = "id"
RESPONSE_PREFIX = "utter_"
VARIATION_KEYS = {
    "attachment",
    "buttons",
    "channel",
    "condition",
    "custom",
    "elements",
    "id",
    "image",
    "metadata",
    "quick_replies",
    "text",
}
BUTTON_KEYS = {"title", "payload", "description", "type"}


@dataclass(frozen=True)
class Wordings:
    """The variations of one response in one language, and where they stand."""

    file: SkillFile
    line: int
    variations: list[dict[str, Any]]


def merged_responses(files: Iterable[SkillFile]) -> dict[str, list[dict[str, Any]]]:
    """All responses with their variations in all languages.

    Each variation applies where the slot `language` has its language. Indonesian is said as well where
    the slot has no value.

    Raises:
        SkillError: A response lacks a language, stands in two skills, or has a key Rasa does not know.
    """
    by_name: dict[str, dict[str, Wordings]] = {}
    for file in files:
        for name, wordings in _read_responses(file).items():
            languages = by_name.setdefault(name, {})
            _refuse_second_skill(name, wordings, languages)
            languages[str(file.language)] = wordings
    return {name: _conditional(name, languages) for name, languages in by_name.items()}


def _read_responses(file: SkillFile) -> dict[str, Wordings]:
    responses = file.read().get("responses") or {}
    if not isinstance(responses, Mapping):
        raise SkillError(file.path, None, "'responses' must hold response names")
    found = {}
    for name, variations in responses.items():
        line = line_of(responses, name) or 1
        if not str(name).startswith(RESPONSE_PREFIX):
            raise SkillError(file.path, line, f"response '{name}' must begin with '{RESPONSE_PREFIX}'")
        if not isinstance(variations, list) or not variations:
            raise SkillError(file.path, line, f"response '{name}' needs at least one variation ('- text: ...')")
        found[str(name)] = Wordings(file, line, [_checked(file, name, variations, i) for i in range(len(variations))])
    return found


def _checked(file: SkillFile, name: str, variations: Any, index: int) -> dict[str, Any]:
    variation = variations[index]
    line = line_of(variations, index)
    if not isinstance(variation, Mapping):
        raise SkillError(file.path, line, f"a variation of '{name}' must have keys such as 'text'")
    _refuse_unknown_keys(file, variation, VARIATION_KEYS, f"response '{name}'")
    if not any(variation.get(key) for key in ("text", "image", "custom", "attachment", "elements")):
        raise SkillError(file.path, line, f"a variation of '{name}' says nothing")
    for button in [*(variation.get("buttons") or []), *(variation.get("quick_replies") or [])]:
        _refuse_unknown_keys(file, button, BUTTON_KEYS, f"a button of '{name}'")
        if not button.get("title") or not str(button.get("payload", "")).startswith("/"):
            raise SkillError(file.path, line, f"a button of '{name}' needs a title and a payload that begins with '/'")
    plain: dict[str, Any] = _plain(variation)
    return plain


def _refuse_unknown_keys(file: SkillFile, found: Mapping[str, Any], known: set[str], where: str) -> None:
    for key in found:
        if key not in known:
            raise SkillError(file.path, line_of(found, key), f"unknown key '{key}' in {where}")


def _refuse_second_skill(name: str, wordings: Wordings, languages: Mapping[str, Wordings]) -> None:
    for other in languages.values():
        if other.file.path.parent != wordings.file.path.parent or other.file.language == wordings.file.language:
            message = f"response '{name}' stands already in {other.file.path.name} of skill '{other.file.skill}'"
            raise SkillError(wordings.file.path, wordings.line, f"{message}, line {other.line}")


def _conditional(name: str, languages: Mapping[str, Wordings]) -> list[dict[str, Any]]:
    missing = [language for language in LANGUAGES if language not in languages]
    if missing:
        known = next(iter(languages.values()))
        files = ", ".join(f"responses.{language}.yml" for language in missing)
        raise SkillError(known.file.path, known.line, f"response '{name}' is missing in {files}")
    variations = []
    for language in LANGUAGES:
        for variation in languages[language].variations:
            condition = {"type": "slot", "name": LANGUAGE_SLOT, "value": language}
            variations.append({**variation, "condition": [*variation.get("condition", []), condition]})
    return variations + [v for v in languages[DEFAULT_LANGUAGE].variations if not {"condition", "channel"} & v.keys()]


def _plain(value: Any) -> Any:
    """Plain dictionaries, lists and strings instead of those of the YAML reader."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, str) else value
