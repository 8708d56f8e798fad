"""The few words of this channel's own, by language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import TypeAdapter
from ruamel.yaml import YAML

from ramah.channels.sentences import LANGUAGES, Language

FALLBACK_LANGUAGE: Language = "id"
_FILE = Path(__file__).with_name("words.yml")
_FORMAT = TypeAdapter(dict[str, dict[Language, str]])


def words(language: str | None) -> dict[str, str]:
    """All of them in a language (``ms``, or ``en-GB``); Indonesian for one that we do not speak.

    Raises pydantic.ValidationError when the file is malformed."""
    main = (language or "").partition("-")[0].lower()
    spoken = main if main in LANGUAGES else FALLBACK_LANGUAGE
    return {key: entry[spoken] for key, entry in _read().items()}


@cache
def _read() -> dict[str, dict[Language, str]]:
    return _FORMAT.validate_python(YAML(typ="safe").load(_FILE.read_text(encoding="utf-8")))
