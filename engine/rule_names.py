"""Writes beside a trained model which rule of which file its memorised states come from: the model forgets it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from rasa.core.policies.rule_policy import RULE_SNIPPET_ACTION_NAME, RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.training_data.structures import StoryGraph, StoryStep
from rasa.shared.importers.importer import TrainingDataImporter

from engine.connector.rule_names import digest_of
from engine.models import rule_names_path


def write_rule_names(root: Path, model: Path) -> int:
    """Write the names of all rules below `data/` beside a model; returns how many states have one."""
    importer = TrainingDataImporter.load_from_config(
        str(root / "config.yml"), str(root / "domain.yml"), [str(root / "data")]
    )
    names = rule_names(importer.get_stories(), importer.get_domain(), root)
    rule_names_path(model).write_text(json.dumps(names, ensure_ascii=False, indent=0), encoding="utf-8")
    return len(names)


def rule_names(stories: StoryGraph, domain: Domain, root: Path) -> dict[str, list[str]]:
    """Name and file by the digest of each state that the rule policy memorises; of several the first."""
    steps = {step.block_name: step for step in stories.story_steps}
    names: dict[str, list[str]] = {}
    for rule, key in _keys(stories, domain):
        step = steps.get(rule)
        names.setdefault(digest_of(key), [rule, _file_of(step, root)])
    return names


def _keys(stories: StoryGraph, domain: Domain) -> Iterator[tuple[str, str]]:
    policy = RulePolicy(
        RulePolicy.get_default_config(),
        None,
        Resource("names"),
        ExecutionContext(GraphSchema({})),  # type: ignore[arg-type]  # nothing is stored
    )
    generator = TrainingDataGenerator(stories, domain, augmentation_factor=0, use_story_concatenation=False)
    for tracker in generator.generate():
        if not tracker.is_rule_tracker:
            continue
        states, actions = policy.featurizer.training_states_and_labels([tracker], domain, omit_unset_slots=True)
        for state, action in zip(states, actions, strict=True):
            key = policy._create_feature_key(state)
            if key and action[0] != RULE_SNIPPET_ACTION_NAME:
                yield tracker.sender_id, key


def _file_of(step: StoryStep | None, root: Path) -> str:
    source = Path(step.source_name) if step and step.source_name else None
    if source is None:
        return ""
    return source.relative_to(root.resolve()).as_posix() if root.resolve() in source.parents else source.name
