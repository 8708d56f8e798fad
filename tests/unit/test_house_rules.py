"""The rules of the house that a reader would otherwise have to remember."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("ramah", "actions", "console", "worker", "engine", "scripts", "benchmarks")
LONGEST_FILE = 300
LONGEST_FUNCTION = 50
MAY_READ_ENVIRONMENT = ("ramah/settings.py", "engine/", "scripts/", "tests/", "benchmarks/")


def sources(*folders: str) -> Iterator[Path]:
    """Our own Python files."""
    for folder in folders:
        for path in sorted((PROJECT / folder).rglob("*.py")):
            if ".venv" not in path.parts and "migrations" not in path.parts:
                yield path


def name_of(path: Path) -> str:
    """The path as one reads it."""
    return path.relative_to(PROJECT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_file_is_too_long() -> None:
    lengths = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in sources(*PACKAGES, "tests")}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_too_long_and_nine_of_ten_are_short() -> None:
    lengths = {
        f"{name_of(path)}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in sources(*PACKAGES)
        for function in functions(path)
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}
    assert sorted(lengths.values())[len(lengths) * 9 // 10] <= 30


def test_no_error_is_swallowed() -> None:
    silent = [
        f"{name_of(path)}:{node.lineno}"
        for path in sources(*PACKAGES)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or all(isinstance(step, ast.Pass) for step in node.body))
    ]
    assert silent == []


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        name_of(path)
        for path in sources(*PACKAGES)
        if re.search(r"os\.environ|getenv", path.read_text(encoding="utf-8"))
    ]
    assert [name for name in readers if not name.startswith(MAY_READ_ENVIRONMENT)] == []


def test_actions_hold_no_wording() -> None:
    worded = [
        f"{name_of(path)}:{node.lineno}"
        for path in sources("actions")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "text" and isinstance(node.value, ast.Constant | ast.JoinedStr)
    ]
    assert worded == []


def test_slots_are_read_through_typed_accessors() -> None:
    readers = [name_of(p) for p in sources("actions") if "get_slot(" in p.read_text(encoding="utf-8")]
    assert readers == ["actions/slots.py"]


def test_every_package_has_its_line_in_the_architecture() -> None:
    text = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
    packages = [f"ramah.{path.parent.name}" for path in (PROJECT / "ramah").glob("*/__init__.py")] + [
        "engine",
        "actions",
        "console",
        "worker",
    ]
    assert [package for package in packages if f"`{package}`" not in text] == []


@pytest.mark.parametrize("package", ["ramah", "actions", "console", "worker", "engine"])
def test_public_functions_and_classes_say_what_they_do(package: str) -> None:
    silent = [
        f"{name_of(path)}:{node.name}"
        for path in sources(package)
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_the_engine_imports_nothing_else_of_ours() -> None:
    strangers = re.compile(r"^\s*(?:from|import) (ramah|actions|console|worker|tests)\b", re.MULTILINE)
    assert [name_of(p) for p in sources("engine") if strangers.search(p.read_text(encoding="utf-8"))] == []
