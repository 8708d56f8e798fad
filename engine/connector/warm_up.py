"""A new model's first messages, which nobody waits for and nothing stores."""

from __future__ import annotations

from pathlib import Path

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import UserUttered
from ruamel.yaml import YAML

from engine.connector.assistant import Assistant

MESSAGES = Path(__file__).resolve().parents[1] / "warm_up.yml"
SENDER = "warm-up"


class WarmUpError(Exception):
    """A model does not understand messages, or knows nothing to do after one; the text says which."""


async def warm_up(assistant: Assistant) -> None:
    """Let an assistant understand a message in each language and decide what to do.

    Raises:
        WarmUpError: It made nothing of one.
        Exception: Whatever its components raise.
    """
    for language, text in YAML(typ="safe").load(MESSAGES.read_text(encoding="utf-8")).items():
        parsed = await assistant.processor.parse_message(UserMessage(text, sender_id=SENDER))
        intent = parsed.get("intent") or {}
        if not intent.get("name"):
            raise WarmUpError(f"the message in '{language}' was given no intent")
        tracker = assistant.store.init_tracker(SENDER)
        tracker.update(UserUttered(text, intent, parsed.get("entities"), parsed), assistant.processor.domain)
        if not any(assistant.processor._predict_next_with_tracker(tracker).probabilities):
            raise WarmUpError(f"nothing follows the message in '{language}'")
