"""The words of a bill's public page, in the reader's language."""

from __future__ import annotations

from functools import lru_cache

from pydantic import TypeAdapter
from ruamel.yaml import YAML

from console.render import TEMPLATES

_FORMAT = TypeAdapter(dict[str, dict[str, str]])


@lru_cache(maxsize=1)
def _all() -> dict[str, dict[str, str]]:
    text = (TEMPLATES / "payments" / "words.yml").read_text(encoding="utf-8")
    return _FORMAT.validate_python(YAML(typ="safe").load(text))


def words_in(language: str) -> dict[str, str]:
    """All words by name. Raises KeyError for a language that the page does not speak."""
    return _all()[language]
