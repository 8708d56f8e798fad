"""Small files of words: ``{key: {id: ..., ms: ..., en: ...}}``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import TypeAdapter
from ruamel.yaml import YAML

from ramah.channels.sentences import FALLBACK_LANGUAGE, LANGUAGES, Language

_FORMAT = TypeAdapter(dict[str, dict[Language, str]])


def words_in(path: Path, language: str) -> dict[str, str]:
    """The words of a file in a language; an unknown one is answered in English.

    Raises pydantic.ValidationError when the file is malformed."""
    spoken = language if language in LANGUAGES else FALLBACK_LANGUAGE
    return {key: entry[spoken] for key, entry in _read(path).items()}


@cache
def _read(path: Path) -> dict[str, dict[Language, str]]:
    return _FORMAT.validate_python(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
