"""A small sound project that a test breaks in one place."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

from engine.data_check.check import findings
from engine.data_check.finding import Finding

Change = Callable[[Path], None]
LANGUAGES = ("id", "ms", "en")
DOMAIN = """intents: [greet, order, nudge]
entities: [size]
slots:
  size: {type: text, mappings: [{type: from_entity, entity: size}]}
  dish: {type: text, mappings: [{type: custom}]}
forms:
  order_form: {required_slots: [size, dish]}
actions: [action_serve]
"""
RULES = """rules:
- rule: Greeting
  condition:
  - active_loop: null
  steps:
  - intent: greet
  - action: utter_greet
- rule: Ordering
  steps:
  - intent: order
  - action: order_form
  - active_loop: order_form
- rule: Nudged
  steps:
  - intent: nudge
  - action: action_serve
"""
RESPONSES = """responses:
  utter_greet:
  - text: "Hello {name}"
"""
EXAMPLES = {
    "greet": ("hello there", "good morning friends", "hi everybody", "nice evening greetings"),
    "order": ("one [large](size) pizza", "bring noodles quickly", "I'm hungry, feed me", "soup and bread, waiter"),
}
SETTINGS = """minimum_examples: 2
not_typed: {nudge: sent by a timer}
"""
ACTIONS = """class Serve:
    def name(self) -> str:
        return "action_serve"
"""


def sound_project(root: Path) -> Path:
    """Write the project into a folder; nothing is wrong with it."""
    skill = root / "data/food"
    files = {
        "domain.yml": "version: '3.1'\n",
        "data_check.yml": SETTINGS,
        "actions/food.py": ACTIONS,
        "data/food/domain.yml": DOMAIN,
        "data/food/rules.yml": RULES,
    }
    skill.mkdir(parents=True)
    (root / "actions").mkdir()
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    for language in LANGUAGES:
        (skill / f"responses.{language}.yml").write_text(RESPONSES, encoding="utf-8")
        (skill / f"nlu.{language}.yml").write_text(_examples(language), encoding="utf-8")
    return root


def replace(name: str, old: str, new: str) -> Change:
    """Replace a text in a file of the project."""

    def change(root: Path) -> None:
        path = root / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def add(name: str, text: str) -> Change:
    """Add lines at the end of a file of the project."""

    def change(root: Path) -> None:
        path = root / name
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    return change


def remove(name: str) -> Change:
    """Remove a file of the project."""
    return lambda root: (root / name).unlink()


def found_after(root: Path, *changes: Change) -> list[Finding]:
    """What the checks find when the sound project was changed in this way."""
    for change in changes:
        change(root)
    return findings(root)


def _examples(language: str) -> str:
    """Words of one language get its name, so that the languages do not repeat each other."""
    blocks = (
        [f"- intent: {intent}\n  examples: |\n", *(f"    - {text} {language}\n" for text in texts)]
        for intent, texts in EXAMPLES.items()
    )
    return "nlu:\n" + "".join(itertools.chain.from_iterable(blocks))
