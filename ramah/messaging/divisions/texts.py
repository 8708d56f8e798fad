"""What customers read in the queue: the organisation's own words, else the defaults of ``words.yml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sqlalchemy.orm import Session

from ramah.lib.errors import BadInput
from ramah.messaging.models import QueueSettings

WORDS = Path(__file__).parent / "words.yml"
LANGUAGES = ("id", "ms", "en")
FALLBACK = "id"
LONGEST_TEXT = 600
PLACEHOLDERS = frozenset({"division", "queue_number", "check_keyword", "agent", "divisions"})
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True)
class Texts:
    """The words of one organisation in one language."""

    language: str
    own: Mapping[str, str]
    check_keyword: str

    def say(self, name: str, **values: object) -> str:
        """One of the texts that an organisation may word itself, filled in."""
        text = self.own.get(name) or spoken(self.language)["texts"][name]
        return filled(text, {"check_keyword": self.check_keyword, **values})

    def word(self, name: str, **values: object) -> str:
        """One of the smaller words around them."""
        return filled(str(spoken(self.language)[name]), values)


def texts_of(session: Session, organisation_id: str, language: str | None) -> Texts:
    """The words for a reader of ``language``."""
    return texts_from(session.get(QueueSettings, organisation_id), language)


def texts_from(settings: QueueSettings | None, language: str | None) -> Texts:
    """The same from settings that are read already; None: nobody has set anything."""
    known = language if language in LANGUAGES else FALLBACK
    if settings is None:
        return Texts(known, {}, "#")
    return Texts(known, settings.texts.get(known, {}), settings.check_queue_keyword)


def filled(text: str, values: Mapping[str, object]) -> str:
    """The text with its ``{names}`` replaced; what is not known stays as it stands."""
    return _PLACEHOLDER.sub(lambda match: str(values.get(match.group(1), match.group(0))), text)


def default_texts(language: str) -> dict[str, str]:
    """Name -> default, in the order in which a page shows them."""
    return {str(name): str(text) for name, text in spoken(language)["texts"].items()}


def checked_texts(given: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Own words as they are kept: without blanks and without what is the default anyway. Raises BadInput."""
    kept: dict[str, dict[str, str]] = {}
    for language, texts in given.items():
        if language not in LANGUAGES:
            raise BadInput(f"there are no texts in {language!r}")
        defaults = default_texts(language)
        own = {name: _checked(name, text, defaults) for name, text in texts.items() if text.strip()}
        kept[language] = {name: text for name, text in own.items() if text != defaults[name]}
    return kept


def _checked(name: str, text: str, defaults: Mapping[str, str]) -> str:
    if name not in defaults:
        raise BadInput(f"there is no text {name!r}")
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise BadInput(f"a text is longer than {LONGEST_TEXT} characters")
    unknown = sorted(set(_PLACEHOLDER.findall(text)) - PLACEHOLDERS)
    if unknown:
        raise BadInput(f"{{{unknown[0]}}} is no value that a text may have; there are {_listed()}")
    return text


def _listed() -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS))


def spoken(language: str) -> dict[str, Any]:
    """Everything that is worded in a language."""
    found: dict[str, Any] = _words()["languages"][language if language in LANGUAGES else FALLBACK]
    return found


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(WORDS.read_text(encoding="utf-8"))
    return found
