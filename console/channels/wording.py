"""Words of the channels' pages in the reader's language."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter
from ruamel.yaml import YAML

_FILE = Path(__file__).with_name("devices.yml")
_FORMAT = TypeAdapter(dict[str, dict[str, str]])
FALLBACK = "en"


def words(language: str) -> dict[str, str]:
    """All words of a language; English for one that we do not speak."""
    known = _all()
    return known.get(language, known[FALLBACK])


@lru_cache(maxsize=1)
def _all() -> dict[str, dict[str, str]]:
    return _FORMAT.validate_python(YAML(typ="safe").load(_FILE.read_text(encoding="utf-8")))
