"""The files of a project, read once for all checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from engine.data_check.examples import Example, examples_of
from engine.importer_files import SkillFile, find_skill_files, line_of

ROOT_DOMAIN = "domain.yml"


@dataclass(frozen=True)
class Defined:
    """A name and where it is defined."""

    name: str
    path: str
    line: int
    body: Any = None


class Project:
    """Everything that the checks look at.

    Args:
        root: The project's folder, with domain.yml and data/.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.files = find_skill_files(str(self.root / "data"))
        self._contents = [(file, file.read()) for file in self.files]

    def shown(self, path: Path) -> str:
        """A path as a designer knows it."""
        return str(path.resolve().relative_to(self.root))

    def contents(self, *kinds: str) -> Iterator[tuple[SkillFile, str, CommentedMap]]:
        """The files of these kinds: the file, its shown path and its content."""
        for file, content in self._contents:
            if file.kind in kinds:
                yield file, self.shown(file.path), content

    @cached_property
    def examples(self) -> list[Example]:
        """All examples of all intents."""
        return [
            example
            for file, shown, content in self.contents("nlu")
            for example in examples_of(shown, str(file.language), content.get("nlu") or [])
        ]

    def nlu_blocks(self, key: str) -> Iterator[tuple[SkillFile, str, Mapping[str, Any], int]]:
        """The blocks of the NLU files that have this key: file, shown path, block and its line."""
        for file, shown, content in self.contents("nlu"):
            blocks = content.get("nlu") or []
            for index, block in enumerate(blocks):
                if key in block:
                    yield file, shown, block, line_of(blocks, index) or 1

    def defined(self, section: str) -> list[Defined]:
        """What the root domain and the skills' domains list under this heading."""
        return [item for path, content in self._domains() for item in _defined_in(path, content.get(section))]

    def rules(self) -> list[Defined]:
        """All rules and stories."""
        found = []
        for _, shown, content in self.contents("rules", "stories"):
            for section in ("rules", "stories"):
                blocks = content.get(section) or []
                for index, block in enumerate(blocks):
                    name = str(block.get("rule") or block.get("story"))
                    found.append(Defined(name, shown, line_of(blocks, index) or 1, block))
        return found

    def _domains(self) -> Iterator[tuple[str, CommentedMap]]:
        path = self.root / ROOT_DOMAIN
        if path.exists():
            yield ROOT_DOMAIN, YAML(typ="rt").load(path.read_text(encoding="utf-8")) or CommentedMap()
        for _, shown, content in self.contents("domain"):
            yield shown, content


def _defined_in(path: str, section: Any) -> Iterator[Defined]:
    if isinstance(section, Mapping):
        for name, body in section.items():
            yield Defined(str(name), path, line_of(section, name) or 1, body)
    for index, item in enumerate(section if isinstance(section, list) else []):
        name = next(iter(item)) if isinstance(item, Mapping) else item
        yield Defined(str(name), path, line_of(section, index) or 1, item)
