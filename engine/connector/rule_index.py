"""Finding the rules that may fit a conversation without comparing all of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.policies.rule_policy import SHOULD_NOT_BE_SET
from rasa.shared.core.constants import PREVIOUS_ACTION, USER
from rasa.shared.core.domain import State
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

Turn = tuple[str | None, str | None]


class RuleIndex:
    """The rules of a policy by what their last turn asks for: the intent and the action before.

    Args:
        lookup: The rules as Rasa memorises them: states as JSON, and the action that follows.
    """

    def __init__(self, lookup: Mapping[str, str]) -> None:
        self._all = dict(lookup)
        self._by_turn: dict[Turn, dict[str, str]] = defaultdict(dict)
        for key, action in lookup.items():
            states = json.loads(key)
            self._by_turn[_turn(states[-1]) if states else (None, None)][key] = action

    def candidates(self, states: Sequence[State]) -> dict[str, str]:
        """The rules that the last state does not rule out; all of them at the start of a conversation."""
        if not states or not states[-1].get(PREVIOUS_ACTION):
            return self._all
        intent, action = _turn(states[-1])
        turns = {(one, other) for one in (intent, None) for other in (action, None)}
        return {key: rule for turn in turns for key, rule in self._by_turn.get(turn, {}).items()}


def _turn(state: Mapping[str, Any]) -> Turn:
    return _asked(state, USER, INTENT), _asked(state, PREVIOUS_ACTION, ACTION_NAME)


def _asked(state: Mapping[str, Any], part: str, key: str) -> str | None:
    """What a state holds, None where it does not matter: unset, or asked to be unset."""
    value = (state.get(part) or {}).get(key)
    return str(value) if value and value != SHOULD_NOT_BE_SET else None
