"""The files of the skill folders, and errors that name the file and the line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.shared.exceptions import RasaException
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError

LANGUAGES = ("id", "ms", "en")
EXPECTED_NAMES = (
    "domain.yml, rules.yml, stories.yml, and nlu.<language>.yml and responses.<language>.yml "
    f"with one of {', '.join(LANGUAGES)} as the language"
)
TOP_LEVEL_KEYS = {
    "domain": {"version", "intents", "entities", "slots", "actions", "forms"},
    "rules": {"version", "rules", "stories"},
    "stories": {"version", "stories"},
    "nlu": {"version", "nlu"},
    "responses": {"version", "responses"},
}
FILES_KEPT = 256
_NAME = re.compile(r"^(?P<kind>domain|rules|stories|nlu|responses)(\.(?P<language>[^.]+))?\.(yml|yaml)$")
_IN_LANGUAGES = {"nlu", "responses"}


class SkillError(RasaException):
    """Something in a skill's files that a designer has to put right.

    Args:
        path: The file.
        line: The line, counted from 1; None when the whole file is meant.
        message: What is wrong and what to do.
    """

    def __init__(self, path: str | Path, line: int | None, message: str) -> None:
        super().__init__(f"{_shown(path)}{f':{line}' if line else ''}: {message}")


@dataclass(frozen=True)
class SkillFile:
    """One file of a skill.

    Attributes:
        path: Where it is.
        kind: domain, rules, stories, nlu or responses.
        language: id, ms or en for NLU and responses, otherwise None.
    """

    path: Path
    kind: str
    language: str | None

    @property
    def skill(self) -> str:
        """The name of the skill, which is the name of its folder."""
        return self.path.parent.name

    def text(self) -> str:
        """The file as text.

        Raises:
            SkillError: It is not UTF-8.
        """
        try:
            return self.path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise SkillError(self.path, None, "the file is not UTF-8 text") from error

    def read(self) -> CommentedMap:
        """The file's content, whose parts know their lines; not to be changed.

        Raises:
            SkillError: It is not YAML, no mapping, or has keys that do not belong there.
        """
        content = _content(self.path, self.text())
        for key in content:
            if key not in TOP_LEVEL_KEYS[self.kind]:
                allowed = ", ".join(sorted(TOP_LEVEL_KEYS[self.kind]))
                raise SkillError(self.path, line_of(content, key), f"'{key}' does not belong here; allowed: {allowed}")
        return content


def find_skill_files(paths: str | Sequence[str] | None) -> list[SkillFile]:
    """All files of all skills under the paths, in a stable order.

    Raises:
        SkillError: A YAML file has a name that no skill file has.
    """
    given = [paths] if isinstance(paths, (str, Path)) else list(paths or [])
    found = {path.resolve() for root in given if root for path in _yaml_files(Path(root))}
    return [_classified(path) for path in sorted(found)]


def line_of(parent: Any, key: Any) -> int | None:
    """The line of a key or list item, counted from 1, if the parent still knows it."""
    positions = getattr(parent, "lc", None)
    if positions is None or not positions.data or key not in positions.data:
        return None
    return int(positions.data[key][0]) + 1


def _yaml_files(root: Path) -> Iterable[Path]:
    if root.is_file():
        return [root]
    return [path for path in root.rglob("*") if path.suffix in (".yml", ".yaml") and path.is_file()]


def _classified(path: Path) -> SkillFile:
    match = _NAME.match(path.name)
    if not match:
        raise SkillError(path, None, f"a skill folder holds {EXPECTED_NAMES}")
    kind, language = match["kind"], match["language"]
    if kind in _IN_LANGUAGES and language not in LANGUAGES:
        wrong = f"'{language}' is not a language of this assistant" if language else "the language is missing"
        raise SkillError(path, None, f"{wrong}; name it {kind}.<{'|'.join(LANGUAGES)}>.yml")
    if kind not in _IN_LANGUAGES and language:
        raise SkillError(path, None, f"name it {kind}.yml; {kind} are the same in all languages")
    return SkillFile(path, kind, language)


@lru_cache(maxsize=FILES_KEPT)
def _content(path: Path, text: str) -> CommentedMap:
    """What a file says; kept, because Rasa asks its importer for everything several times."""
    try:
        content = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise SkillError(path, mark.line + 1 if mark else None, str(error.problem or error.context)) from error
    if content is None:
        return CommentedMap()
    if not isinstance(content, CommentedMap):
        raise SkillError(path, 1, "the file must hold keys and values")
    return content


def _shown(path: str | Path) -> Path:
    """The path as a designer knows it: below the project where it can be."""
    absolute = Path(path).resolve()
    return absolute.relative_to(Path.cwd()) if Path.cwd() in absolute.parents else absolute
