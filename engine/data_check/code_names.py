"""The names that the platform's Python code mentions, so that what only code uses does not count as unused."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

FOLDERS = ("actions", "ramah", "worker", "console", "engine/connector", "engine/components")
SHORTEST_PATTERN = 5


class CodeNames:
    """Strings and string patterns in code.

    Args:
        strings: All string constants.
        patterns: What an f-string may become, such as ``utter_ask_.+``.
        implemented: The same for names that code gives to its actions.
    """

    def __init__(self, strings: set[str], patterns: set[str], implemented: set[str]) -> None:
        self._strings = strings
        self._pattern = re.compile("|".join(sorted(patterns)) or r"(?!)")
        self._implemented = re.compile("|".join(sorted(implemented)) or r"(?!)")

    def mention(self, name: str) -> bool:
        """Whether code uses the name, other than to name an action by it."""
        return name in self._strings or bool(self._pattern.fullmatch(name))

    def implement(self, action: str) -> bool:
        """Whether code has an action of this name."""
        return bool(self._implemented.fullmatch(action))


def read_code(root: Path) -> CodeNames:
    """The names in the Python files of the platform."""
    strings: set[str] = set()
    patterns: set[str] = set()
    implemented: set[str] = set()
    for path in _python_files(root):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {target: value for statement in tree.body for target, value in _constant(statement)}
        nodes = list(ast.walk(tree))
        naming = {id(node): node for owner in nodes for node in _naming(owner)}
        for node in naming.values():
            named = constants.get(node.id) if isinstance(node, ast.Name) else None
            implemented.update(_pattern_of(named or node))
        for node in nodes:
            if id(node) in naming:
                continue
            if isinstance(node, ast.JoinedStr):
                patterns.update(_pattern_of(node))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings.add(node.value)
    return CodeNames(strings, patterns, implemented)


def _python_files(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted((root / folder).rglob("*.py"))


def _naming(owner: ast.AST) -> Iterator[ast.AST]:
    """The strings by which an action says its own name: what `name` returns, or the attribute `action`."""
    if isinstance(owner, ast.FunctionDef) and owner.name == "name":
        yield from ast.walk(owner)
    if isinstance(owner, ast.ClassDef):
        for statement in owner.body:
            if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                if any(isinstance(target, ast.Name) and target.id == "action" for target in targets):
                    yield statement.value


def _constant(statement: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    """The name and value of a module's constant."""
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        yield statement.targets[0].id, statement.value


def _pattern_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        fixed = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        if len(fixed) >= SHORTEST_PATTERN and re.fullmatch(r"\w+", fixed):
            parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w*" for part in node.values]
            yield "".join(parts)
