"""The interface's words: English in the code and templates, Indonesian and Malay in ``console/locale``.

Each subject has its own file, ``console/locale/<language>/<subject>.po``; together they are one catalogue."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NewType

from babel.messages.pofile import read_po
from jinja2 import Environment, pass_context
from jinja2.runtime import Context

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("en", "id", "ms")
SOURCE_LANGUAGE = "en"
Marked = NewType("Marked", str)
"""English words that are translated where they are shown, not where they stand."""


def mark(words: str) -> Marked:
    """Name words for the catalogue without translating them yet."""
    return Marked(words)


def translator(language: str) -> Callable[[str], str]:
    """A function from English words to those of the language; what is not translated stays English."""
    known = catalogue(language)
    return lambda words: known.get(words, words)


@lru_cache(maxsize=8)
def catalogue(language: str) -> dict[str, str]:
    """English words -> the language's, of all subjects. Empty for English and for languages that we do not speak."""
    if language not in LANGUAGES or language == SOURCE_LANGUAGE:
        return {}
    return {words: said for path in sorted((LOCALE / language).glob("*.po")) for words, said in _said_in(path).items()}


def preferred_language(accepted: str | None) -> str:
    """The first language of an Accept-Language header that we speak, else English; browsers write the best first."""
    asked = [part.partition(";")[0].strip().lower()[:2] for part in (accepted or "").split(",")]
    return next((language for language in asked if language in LANGUAGES), SOURCE_LANGUAGE)


def install(environment: Environment) -> None:
    """Give the templates ``_`` and ``ngettext`` in the language of each rendering's own ``language``, and the filter
    ``said`` for words that were marked in Python."""
    environment.filters["said"] = _said
    environment.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]


def _said_in(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        messages = read_po(file)
    return {str(one.id): str(one.string) for one in messages if one.id and isinstance(one.id, str) and one.string}


@pass_context
def _gettext(context: Context, words: str) -> str:
    return translator(_language(context))(words)


@pass_context
def _said(context: Context, words: str | None) -> str:
    """Marked words in the reader's language. Unlike ``_`` it fills in nothing, so that a stray % does no harm."""
    return translator(_language(context))(words or "")


@pass_context
def _ngettext(context: Context, singular: str, plural: str, count: int) -> str:
    """Indonesian and Malay have one form for every number; their catalogues translate the plural words."""
    return _gettext(context, plural if count != 1 or catalogue(_language(context)) else singular)


def _language(context: Context) -> str:
    found: Any = context.get("language", SOURCE_LANGUAGE)
    return str(found)
