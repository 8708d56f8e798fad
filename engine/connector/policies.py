"""Rasa's rule and memoization policies without the work that cannot change their answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.graph import GraphNode
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker

from engine.connector.recent_turns import RecentTurns
from engine.connector.rule_index import RuleIndex
from engine.connector.watch import current_watch


class LeanMemoizationPolicy(MemoizationPolicy):
    """The memoization policy, which does not work out the conversation's states where there are no stories."""

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """The action that a story of the training data has here, if one does."""
        if not self.lookup:
            return self._prediction(self._default_predictions(domain))
        return super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)


class LeanRulePolicy(RulePolicy):
    """The rule policy, which does not look for rules on the literal text where no rule has one.

    The core fallback answers a message that no rule knows. After any action that no rule continues, the
    assistant listens; Rasa would run the fallback action again and again until a limit stops it.
    """

    @cached_property
    def _indexes(self) -> dict[int, RuleIndex]:
        return {}

    @cached_property
    def _longest_rule(self) -> int:
        keys = [*self.lookup[RULES], *self.lookup[RULES_FOR_LOOP_UNHAPPY_PATH]]
        return max((len(json.loads(key)) for key in keys), default=1)

    def _prediction_states(
        self, tracker: DialogueStateTracker, domain: Domain, *more: Any, **named: Any
    ) -> list[State]:
        """The states that rules are compared with: as many as the longest rule has."""
        states: list[State] = super()._prediction_states(
            RecentTurns(tracker, self._longest_rule), domain, *more, **named
        )
        return states

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        """The rules that fit the conversation; only those are compared whose last turn may be the present one."""
        index = self._indexes.get(id(lookup))
        if index is None:
            index = self._indexes[id(lookup)] = RuleIndex(lookup)
        fitting: set[str] = super()._get_possible_keys(index.candidates(states), states)
        return fitting

    @cached_property
    def _has_rules_on_text(self) -> bool:
        return any('"text"' in key for key in self.lookup[RULES])

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input and not self._has_rules_on_text:
            return None, None, False
        found: tuple[str | None, str | None, bool] = super()._find_action_from_rules(
            tracker, domain, use_text_for_last_user_input
        )
        if found[0] is None and tracker.latest_action_name != ACTION_LISTEN_NAME:
            return ACTION_LISTEN_NAME, found[1], found[2]
        if found[0] and found[1]:
            current_watch().rule = (found[1], found[0])
        return found


LEAN = {MemoizationPolicy: LeanMemoizationPolicy, RulePolicy: LeanRulePolicy}

# A turn reports the policies under the names that config.yml gives them.
for _stock, _lean in LEAN.items():
    _lean.__name__ = _stock.__name__


def make_lean(nodes: Iterable[GraphNode]) -> None:
    """Turn the loaded policies into their lean selves. config.yml keeps the names that Rasa's checks know."""
    for node in nodes:
        lean = LEAN.get(type(node._component))
        if lean:
            node._component.__class__ = lean
            node._fn = getattr(lean, node._fn_name)
