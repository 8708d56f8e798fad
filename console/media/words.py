"""The words of a file's page, in the language that the reader's browser asks for."""

from __future__ import annotations

from functools import lru_cache

from pydantic import TypeAdapter
from ruamel.yaml import YAML

from console.render import TEMPLATES

_FORMAT = TypeAdapter(dict[str, dict[str, str]])


@lru_cache(maxsize=1)
def _all() -> dict[str, dict[str, str]]:
    text = (TEMPLATES / "media" / "words.yml").read_text(encoding="utf-8")
    return _FORMAT.validate_python(YAML(typ="safe").load(text))


def words_in(language: str) -> dict[str, str]:
    """All words by name. Raises KeyError for a language that is not spoken here."""
    return _all()[language]
