"""`python planted_engine.py`: the real engine with faults in it that certain words and languages set off."""

from __future__ import annotations

import sys
from typing import Any

from engine.quiet import silence

silence()

from engine.components.intent import LinearIntentClassifier  # noqa: E402
from engine.connector import wording  # noqa: E402
from engine.serve import main  # noqa: E402

BREAKS_A_COMPONENT = "rusak komponen"


class PlantedError(Exception):
    """What a programmer's mistake raises; its words hold the customer's."""


def plant() -> None:
    """Break one component, take Malay out of one response, and a variable into another."""
    _break_component()
    _break_responses()


def _break_component() -> None:
    process = LinearIntentClassifier.process

    def breaking(self: LinearIntentClassifier, messages: list[Any]) -> list[Any]:
        if any(BREAKS_A_COMPONENT in str(message.get("text")) for message in messages):
            raise PlantedError(f"cannot read {messages[0].get('text')!r}")
        return process(self, messages)

    LinearIntentClassifier.process = breaking


def _break_responses() -> None:
    class Broken(wording.Wording):
        def __init__(self, responses: dict[str, list[dict[str, Any]]]) -> None:
            kept = [one for one in responses["utter_goodbye"] if "ms" not in str(one.get("condition"))]
            asking = [{**one, "text": "Hi {nobody}!"} for one in responses["utter_greet"]]
            super().__init__({**responses, "utter_goodbye": kept, "utter_greet": asking})

    from engine.connector import assistant

    assistant.Wording = Broken


if __name__ == "__main__":
    plant()
    sys.exit(main())
