"""All checks over the skills' YAML, in one list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.data_check.annotation import annotation, word_lists
from engine.data_check.balance import balance
from engine.data_check.claims import claims
from engine.data_check.code_names import read_code
from engine.data_check.dead_rules import dead_rules
from engine.data_check.duplicates import duplicates, near_duplicates
from engine.data_check.finding import Finding
from engine.data_check.project import Project
from engine.data_check.responses import responses
from engine.data_check.settings import Settings, read_settings, without_reviewed
from engine.data_check.unused import unused


def findings(root: Path) -> list[Finding]:
    """What somebody has to look at, without what was reviewed.

    Raises:
        SkillError: A file cannot be read as what its name says.
    """
    settings = read_settings(root)
    return without_reviewed(_all(Project(root), settings), settings)


def _all(project: Project, settings: Settings) -> Iterator[Finding]:
    examples = project.examples
    yield from duplicates(examples)
    yield from near_duplicates(examples)
    yield from balance(examples, project.defined("intents"), settings)
    yield from claims([example for example in examples if settings.is_judged(example.intent)])
    yield from annotation(examples, project.defined("entities"))
    yield from word_lists(project)
    yield from responses(project)
    yield from unused(project, read_code(project.root))
    yield from dead_rules(project, settings)
