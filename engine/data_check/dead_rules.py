"""Rules that can never run, or that say what another rule says already."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rasa.shared.core.constants import DEFAULT_ACTION_NAMES, DEFAULT_INTENTS

from engine.data_check.finding import Finding
from engine.data_check.project import Defined, Project
from engine.data_check.responses import responses_of
from engine.data_check.settings import Settings
from engine.data_check.used_names import steps_of

Steps = Sequence[Mapping[str, Any]]


def dead_rules(project: Project, settings: Settings) -> Iterator[Finding]:
    """What keeps each rule from running: an intent, action, form or slot that is not there, or another rule."""
    rules = project.rules()
    known = _Known(project, settings)
    for rule in rules:
        for reason in known.missing_in(rule.body):
            yield _finding(rule, reason)
    yield from _shadowed(rules)


class _Known:
    """The names that rules may use."""

    def __init__(self, project: Project, settings: Settings) -> None:
        self._intents = {intent.name for intent in project.defined("intents")} | set(DEFAULT_INTENTS)
        self._with_examples = {example.intent for example in project.examples} | set(settings.not_typed or {})
        self._with_examples |= set(DEFAULT_INTENTS)
        self._forms = {form.name for form in project.defined("forms")}
        actions = {action.name for action in project.defined("actions")}
        self._actions = actions | self._forms | set(responses_of(project)) | set(DEFAULT_ACTION_NAMES)
        self._slots = {slot.name for slot in project.defined("slots")} | {"requested_slot"}

    def missing_in(self, rule: Mapping[str, Any]) -> Iterator[str]:
        for step in steps_of(rule):
            yield from self._missing_in_step(step)

    def _missing_in_step(self, step: Mapping[str, Any]) -> Iterator[str]:
        intent, action, form = step.get("intent"), step.get("action"), step.get("active_loop")
        if intent and intent not in self._intents:
            yield f"its intent '{intent}' is in no domain.yml"
        elif intent and intent not in self._with_examples:
            yield f"its intent '{intent}' has no examples, so no message is understood as it"
        if action and action not in self._actions:
            yield f"its action '{action}' is in no domain.yml and among no responses"
        if form and form not in self._forms:
            yield f"its form '{form}' is in no domain.yml"
        for item in step.get("slot_was_set") or []:
            name = next(iter(item)) if isinstance(item, Mapping) else item
            if name not in self._slots:
                yield f"its slot '{name}' is in no domain.yml"


def _shadowed(rules: Sequence[Defined]) -> Iterator[Finding]:
    earlier: dict[str, list[Defined]] = {}
    for rule in rules:
        others = earlier.setdefault(_condition(rule.body), [])
        for other in others:
            if _same_situation(_steps(other.body), _steps(rule.body)):
                where = f"rule '{other.name}' in {other.path}:{other.line}"
                yield _finding(rule, f"{where} answers the same intent under the same condition; keep one")
                break
        others.append(rule)


def _same_situation(one: Steps, other: Steps) -> bool:
    """Whether two rules cannot be told apart by what happens before they want different things."""
    for first, second in zip(one, other, strict=False):
        if first != second:
            return "action" in first and "action" in second
    rest = [*one[len(other) :], *other[len(one) :]]
    return not rest or "action" in rest[0]


def _condition(rule: Mapping[str, Any]) -> str:
    kind = "rule" if "rule" in rule else str(rule.get("story"))
    return json.dumps([kind, sorted(json.dumps(item, sort_keys=True) for item in rule.get("condition") or [])])


def _steps(rule: Mapping[str, Any]) -> Steps:
    return [json.loads(json.dumps(step)) for step in rule.get("steps") or []]


def _finding(rule: Defined, reason: str) -> Finding:
    return Finding(rule.path, rule.line, "dead-rule", rule.name, f"rule '{rule.name}' never runs: {reason}")
