"""The names that rules, forms, responses and examples use."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from engine.data_check.project import Project
from engine.data_check.responses import responses_of, variables_of

SECTIONS = ("condition", "steps")


def steps_of(rule: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The conditions and steps of a rule or story, with what stands below `or`."""
    for section in SECTIONS:
        for step in rule.get(section) or []:
            yield from step.get("or") or [step]


def used_intents(project: Project) -> set[str]:
    """The intents of rules, stories and slot mappings, and those that buttons send."""
    used = {str(step["intent"]) for rule in project.rules() for step in steps_of(rule.body) if "intent" in step}
    used |= {payload.lstrip("/").split("{")[0] for payload in _payloads(project)}
    return used | _in_mappings(project, "intent")


def used_actions(project: Project) -> set[str]:
    """The actions, forms and responses that rules and stories run, and those that Rasa derives for forms."""
    used = {str(step["action"]) for rule in project.rules() for step in steps_of(rule.body) if step.get("action")}
    used |= {
        str(step["active_loop"]) for rule in project.rules() for step in steps_of(rule.body) if "active_loop" in step
    }
    for form in project.defined("forms"):
        used.add(f"validate_{form.name}")
        for slot in _required(form.body):
            used |= {f"{ask}_ask_{form.name}_{slot}" for ask in ("action", "utter")}
            used |= {f"{ask}_ask_{slot}" for ask in ("action", "utter")}
    return used


def used_slots(project: Project) -> set[str]:
    """The slots of forms, conditions and steps, and those that responses name."""
    used = {slot for form in project.defined("forms") for slot in _required(form.body)}
    for rule in project.rules():
        for step in steps_of(rule.body):
            for item in step.get("slot_was_set") or []:
                used |= set(item) if isinstance(item, Mapping) else {str(item)}
    for languages in responses_of(project).values():
        for place in languages.values():
            used |= variables_of(place.body)
            for variation in place.body:
                used |= {str(item.get("name")) for item in variation.get("condition") or []}
    return used


def used_entities(project: Project) -> set[str]:
    """The entities of examples, word lists, buttons and slot mappings."""
    used = {mark.entity for example in project.examples for mark in example.annotations}
    for key in ("lookup", "regex"):
        used |= {str(block[key]) for _, _, block, _ in project.nlu_blocks(key)}
    for payload in _payloads(project):
        used |= _keys_of(payload)
    return used | _in_mappings(project, "entity")


def _keys_of(payload: str) -> set[str]:
    """The entities in a button's payload, whose braces are doubled."""
    body = payload[payload.find("{") :].replace("{{", "{").replace("}}", "}") if "{" in payload else "{}"
    try:
        return set(json.loads(body))
    except json.JSONDecodeError:
        return set()


def _payloads(project: Project) -> Iterator[str]:
    for languages in responses_of(project).values():
        for place in languages.values():
            for variation in place.body:
                yield from (str(button.get("payload") or "") for button in variation.get("buttons") or [])


def _in_mappings(project: Project, key: str) -> set[str]:
    mappings = [item for slot in project.defined("slots") for item in (slot.body or {}).get("mappings") or []]
    names = [mapping.get(key) for mapping in mappings]
    return {str(name) for value in names if value for name in (value if isinstance(value, list) else [value])}


def _required(form: Any) -> list[str]:
    return [str(slot) for slot in (form or {}).get("required_slots") or []]
