"""Choosing and filling the response for the conversation's language, loudly when there is none."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator

from engine.connector.failures import FailureKind
from engine.connector.spans import SHORTEST_STEP
from engine.connector.watch import current_watch, record_missing, record_trouble

logger = logging.getLogger(__name__)

LANGUAGE_SLOT = "language"
DEFAULT_LANGUAGE = "id"
LIST_LABEL = "utter_list_label"
MEANING = "utter_meaning_"
_FILLED_KEYS = ("text", "image", "custom", "buttons", "attachment", "quick_replies")
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{(\w+)\}")


class Wording(TemplatedNaturalLanguageGenerator):
    """Rasa's response templates, most specific first, with every gap logged and noted.

    A conversation without a language speaks Indonesian. Of the variations that fit, those with the
    most conditions win, so that "Malay and upset" is preferred to "Malay".
    """

    def generate_from_slots(
        self, utter_action: str, filled_slots: dict[str, Any], output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Render one response; None when no variation fits.

        An action that has just changed the language names it; its slot is set only after it has spoken.
        """
        language = kwargs.get(LANGUAGE_SLOT) or filled_slots.get(LANGUAGE_SLOT) or DEFAULT_LANGUAGE
        slots, watch = {**filled_slots, LANGUAGE_SLOT: language}, current_watch()
        watch.saying = utter_action
        with watch.spans.span(f"render {utter_action}", SHORTEST_STEP):
            message: dict[str, Any] | None = super().generate_from_slots(utter_action, slots, output_channel, **kwargs)
        if watch.responses and message is not None:
            watch.responses[-1].setdefault("response", utter_action)
        if message is None:
            logger.error("No text for response '%s' in '%s' on '%s'.", utter_action, language, output_channel)
            record_missing(utter_action)
        elif self._is_in_another_language(utter_action, message, language):
            logger.error("Response '%s' has no text in '%s' and was said in Indonesian.", utter_action, language)
            detail = f"no text in '{language}' for {utter_action}: it was said in Indonesian"
            record_trouble(FailureKind.UNKNOWN_RESPONSE, utter_action, detail)
        return message

    def _is_in_another_language(self, utter_action: str, message: Mapping[str, Any], language: str) -> bool:
        """Whether the text is the Indonesian one that is said where nothing else fits."""
        if language == DEFAULT_LANGUAGE or _depends_on_language(message):
            return False
        return any(map(_depends_on_language, self.responses[utter_action]))

    def list_label(self, language: str) -> str | None:
        """What stands on the button that opens a list of choices; None where the YAML has no such response."""
        chosen = self._random_response_for(LIST_LABEL, "", {LANGUAGE_SLOT: language})
        return chosen["text"] if chosen else None

    def _random_response_for(
        self, utter_action: str, output_channel: str, filled_slots: dict[str, Any]
    ) -> dict[str, Any] | None:
        if not self.responses.get(utter_action):
            return None
        fitting = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, filled_slots
        )
        most = max((_conditions(variation) for variation in fitting), default=0)
        preferred = [variation for variation in fitting if _conditions(variation) == most]
        chooser = TemplatedNaturalLanguageGenerator({utter_action: preferred})
        chosen: dict[str, Any] | None = chooser._random_response_for(utter_action, output_channel, filled_slots)
        return chosen

    def _fill_response(
        self, response: dict[str, Any], filled_slots: dict[str, Any] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        """Fill the placeholders; Rasa's own filling trips over customers' words such as `0[`."""
        slots = filled_slots or {}
        variables = {**slots, **{name: self._meant(value, slots) for name, value in kwargs.items()}}
        unknown: list[str] = []
        filled = {key: _fill(response[key], variables, unknown) for key in _FILLED_KEYS if key in response}
        used = {name: str(variables.get(name)) for name in _PLACEHOLDER.findall(str(response.get("text"))) if name}
        current_watch().responses.append({"template": response.get("text"), "variables": used})
        if unknown:
            logger.error("A response lacks the variables %s: %r", sorted(set(unknown)), response.get("text"))
            detail = f"a text lacks the variables {', '.join(sorted(set(unknown)))}"
            record_trouble(FailureKind.LACKS_VARIABLES, current_watch().saying, detail)
        return {**response, **filled}

    def _meant(self, value: Any, slots: dict[str, Any]) -> Any:
        """A variable that names the title of a meaning stands for that title, in the conversation's language."""
        if not (isinstance(value, str) and value.startswith(MEANING) and value in self.responses):
            return value
        chosen = self._random_response_for(value, "", slots)
        return chosen["text"] if chosen else value


def _depends_on_language(variation: Mapping[str, Any]) -> bool:
    return any(condition.get("name") == LANGUAGE_SLOT for condition in variation.get("condition") or [])


def _conditions(variation: Mapping[str, Any]) -> int:
    return len(variation.get("condition") or [])


def _fill(template: Any, variables: Mapping[str, Any], unknown: list[str]) -> Any:
    """Fill `{name}` in every string of a template; `{{` and `}}` stand for single braces."""
    if isinstance(template, Mapping):
        return {key: _fill(value, variables, unknown) for key, value in template.items()}
    if isinstance(template, list):
        return [_fill(value, variables, unknown) for value in template]
    if not isinstance(template, str):
        return template

    def value_of(match: re.Match[str]) -> str:
        name = match.group(1)
        if name is None:
            return match.group(0)[0]
        if variables.get(name) is None:
            unknown.append(name)
            return ""
        return str(variables[name])

    return _PLACEHOLDER.sub(value_of, template)
