"""The lean rule policy finds what Rasa's own finds, for every moment of the stories."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from typing import Any

import pytest
from random_talk import RandomTalk
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.loading import load_data
from running_engine import ROOT
from two_histories import TwoHistories

from engine.connector.policies import LeanRulePolicy
from engine.models import newest_model
from engine.tracker_store import StoredTracker

TURNS = 60


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> TwoHistories:
    subprocess.run([sys.executable, "-m", "engine.train"], cwd=ROOT, check=True, timeout=600)
    model = newest_model(ROOT)
    assert model is not None
    return TwoHistories(model, f"sqlite:///{tmp_path_factory.mktemp('policies')}/engine.db")


@pytest.fixture
def policy(both: TwoHistories) -> LeanRulePolicy:
    nodes = both.assistant.processor.graph_runner._nodes.values()
    return next(node._component for node in nodes if isinstance(node._component, LeanRulePolicy))


def states_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Everything that a tracker's copy must share with it.

    All but the action that is wanted next: it is forgotten when its turn has come, and Rasa's copy wants it again.
    """
    loop = tracker.active_loop
    return {
        "slots": {name: (slot.value, slot.has_been_set) for name, slot in tracker.slots.items()},
        "loop": vars(loop) if loop else None,
        "paused": tracker.is_paused(),
        "message": tracker.latest_message,
        "bot": tracker.latest_bot_utterance,
        "action": tracker.latest_action,
        "events": list(tracker.events),
    }


def test_the_same_rules_apply_at_every_moment_of_random_conversations(
    both: TwoHistories, policy: LeanRulePolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[bool] = []
    lean, lean_states = LeanRulePolicy._get_possible_keys, LeanRulePolicy._prediction_states

    def watched(self: LeanRulePolicy, lookup: dict[str, str], states: list[Any]) -> set[str]:
        found = lean(self, lookup, states)
        compared.append(found == RulePolicy._get_possible_keys(self, lookup, states))
        return found

    def watched_states(self: LeanRulePolicy, tracker: DialogueStateTracker, *more: Any, **named: Any) -> list[Any]:
        # What is remembered of the conversation from turn to turn is what its whole history gives.
        found = lean_states(self, tracker, *more, **named)
        whole = RulePolicy._prediction_states(self, tracker, *more, **named)
        compared.append(found == whole[-self._longest_rule :])
        if isinstance(tracker, StoredTracker):
            compared.append(states_of(tracker.copy()) == states_of(DialogueStateTracker.copy(tracker)))
        return found

    monkeypatch.setattr(LeanRulePolicy, "_get_possible_keys", watched)
    monkeypatch.setattr(LeanRulePolicy, "_prediction_states", watched_states)
    dice = random.Random(7)
    domain = both.assistant.processor.domain
    texts = [one.get("text") for one in load_data(str(ROOT / "data/general/nlu.id.yml")).intent_examples]
    talk = RandomTalk("rules", domain, texts)
    both.actions.behaviour = talk.answer

    async def scenario() -> DialogueStateTracker:
        for number in range(TURNS):
            await both.turn(talk.message(number, dice), seed=dice.randrange(2**31))
        return await both._complete("rules")

    tracker = asyncio.run(scenario())
    assert len(compared) > 4 * TURNS
    assert all(compared)
    monkeypatch.undo()
    for prior, _ in tracker.generate_all_prior_trackers():
        whole = RulePolicy._prediction_states(policy, prior, domain)
        recent = policy._prediction_states(prior, domain)
        assert recent == whole[-policy._longest_rule :]
        assert policy._get_possible_keys(policy.lookup["rules"], recent) == RulePolicy._get_possible_keys(
            policy, policy.lookup["rules"], whole
        )
