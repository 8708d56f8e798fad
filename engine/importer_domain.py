"""The skills' own parts of the domain, merged with the root domain.yml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ruamel.yaml.comments import CommentedMap

from engine.importer_files import SkillError, SkillFile, line_of

LISTS = ("intents", "entities", "actions")
MAPPINGS = ("slots", "forms")
OWNED_BY_ONE = ("intents", "slots", "forms")


def merged_domain(root: Mapping[str, Any], files: Iterable[SkillFile]) -> dict[str, Any]:
    """The root domain with the parts of all skills added.

    Raises:
        SkillError: An intent, slot or form is defined twice.
    """
    merged: dict[str, Any] = {**root}
    owners = {(section, name): "domain.yml" for section in OWNED_BY_ONE for name in _names(root.get(section) or [])}
    for file in files:
        part = file.read()
        for section in LISTS + MAPPINGS:
            _add(merged, section, part, file, owners)
    return merged


def _add(
    merged: dict[str, Any], section: str, part: CommentedMap, file: SkillFile, owners: dict[tuple[str, str], str]
) -> None:
    added = part.get(section)
    if not added:
        return
    expected = list if section in LISTS else dict
    if not isinstance(added, expected):
        wanted = "a list" if expected is list else "names with their settings"
        raise SkillError(file.path, line_of(part, section), f"'{section}' must hold {wanted}")
    if section in OWNED_BY_ONE:
        _claim(section, added, file, owners)
    if section in MAPPINGS:
        merged[section] = {**(merged.get(section) or {}), **_unwrapped(added)}
    else:
        present = set(_names(merged.get(section) or []))
        new = [_unwrapped(item) for item in added if _name(item) not in present]
        merged[section] = [*(merged.get(section) or []), *new]


def _claim(section: str, added: Any, file: SkillFile, owners: dict[tuple[str, str], str]) -> None:
    for index, name in enumerate(_names(added)):
        owner = owners.setdefault((section, name), file.skill)
        if owner != file.skill:
            line = line_of(added, index if isinstance(added, list) else name)
            where = owner if owner == "domain.yml" else f"skill '{owner}'"
            raise SkillError(file.path, line, f"{section[:-1]} '{name}' is defined already in {where}")


def refuse_shared_intents(examples: Iterable[tuple[SkillFile, CommentedMap]]) -> None:
    """Refuse examples of one intent in two skills.

    Raises:
        SkillError: Naming the second place.
    """
    owners: dict[str, SkillFile] = {}
    for file, content in examples:
        blocks = content.get("nlu") or []
        for index, block in enumerate(blocks):
            intent = block.get("intent") if isinstance(block, Mapping) else None
            if not intent:
                continue
            owner = owners.setdefault(intent, file)
            if owner.path.parent != file.path.parent:
                message = f"intent '{intent}' has examples already in skill '{owner.skill}' ({owner.path.name})"
                raise SkillError(file.path, line_of(blocks, index), message)


def _names(section: Any) -> list[str]:
    return [_name(item) for item in section]


def _name(item: Any) -> str:
    return str(next(iter(item))) if isinstance(item, Mapping) else str(item)


def _unwrapped(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _unwrapped(inner) for key, inner in value.items()}
    if isinstance(value, (list, set)):
        return [_unwrapped(inner) for inner in value]
    return str(value) if isinstance(value, str) else value


def lookups_without_examples(files: Iterable[tuple[SkillFile, CommentedMap]], annotated: set[str]) -> None:
    """Refuse lookup tables and regular expressions for entities that no example shows.

    Rasa's extractor uses a table only if at least one training example is annotated with its entity,
    and says nothing otherwise.

    Raises:
        SkillError: Naming the table.
    """
    for file, content in files:
        blocks = content.get("nlu") or []
        for index, block in enumerate(blocks):
            name = block.get("lookup") if isinstance(block, Mapping) else None
            if name and name not in annotated:
                message = f"lookup '{name}' is never used: annotate at least one example, as in [word]({name})"
                raise SkillError(file.path, line_of(blocks, index), message)
