"""Slots, entities, responses, intents, actions and forms that nothing uses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ruamel.yaml import YAML

from engine.data_check.code_names import CodeNames
from engine.data_check.finding import Finding
from engine.data_check.project import Defined, Project
from engine.data_check.responses import responses_of
from engine.data_check.used_names import used_actions, used_entities, used_intents, used_slots


def unused(project: Project, code: CodeNames) -> Iterator[Finding]:
    """What stands in a domain or among the responses, but in no rule, example, form or code."""
    actions = used_actions(project) | _in_configuration(project)
    said = {name: next(iter(languages.values())) for name, languages in responses_of(project).items()}
    yield from _left_over("intent", project.defined("intents"), used_intents(project), code)
    yield from _left_over("entity", project.defined("entities"), used_entities(project), code)
    yield from _left_over("slot", project.defined("slots"), used_slots(project), code)
    yield from _left_over("form", project.defined("forms"), actions, code)
    yield from _left_over("action", project.defined("actions"), actions, code)
    yield from _left_over("response", said.values(), actions, code)
    yield from _without_code(project, code)


def _left_over(kind: str, defined: Iterable[Defined], used: Collection[str], code: CodeNames) -> Iterator[Finding]:
    for item in defined:
        if item.name not in used and not code.mention(item.name):
            message = f"{kind} '{item.name}' is used nowhere: no rule, form, example, button or code has it; remove it"
            yield Finding(item.path, item.line, "unused", item.name, message)


def _without_code(project: Project, code: CodeNames) -> Iterator[Finding]:
    for action in project.defined("actions"):
        if action.name.startswith("action_") and not code.implement(action.name):
            message = f"action '{action.name}' has no code in actions/; whoever runs it gets no answer"
            yield Finding(action.path, action.line, "no-code", action.name, message)


def _in_configuration(project: Project) -> set[str]:
    """The action that the policies fall back to."""
    path = project.root / "config.yml"
    content = YAML(typ="safe").load(path.read_text(encoding="utf-8")) if path.exists() else {}
    policies = (content or {}).get("policies") or []
    return {str(policy.get("core_fallback_action_name")) for policy in policies}
