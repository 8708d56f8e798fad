"""The engine imports Rasa, what comes with it, and itself: training is repeatable without the rest of us.

The engine's modules live in another environment than the import contract's, so they are read, not imported.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "engine"
OURS = {"ramah", "actions", "console", "worker", "scripts", "tests", "benchmarks", "deploy"}
SECRETS_OF_OTHERS = re.compile(r"RAMAH_(?:SECRET_KEY|DATABASE_URL|REDIS_URL|WHATSAPP\w*|ERP\w*)")


def _sources() -> list[Path]:
    return [file for file in sorted(ENGINE.rglob("*.py")) if ".venv" not in file.parts]


def _imports(tree: ast.AST) -> Iterator[str]:
    """The first part of every imported name, also of those imported by a literal name at run time."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]
        elif isinstance(node, ast.Call) and _is_import_by_name(node.func):
            yield from (str(word.value).partition(".")[0] for word in node.args[:1] if isinstance(word, ast.Constant))


def _is_import_by_name(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in {"import_module", "__import__"}


def _trespasses(source: str) -> set[str]:
    return OURS & set(_imports(ast.parse(source)))


def test_the_engine_imports_nothing_else_of_ours() -> None:
    sources = _sources()
    assert len(sources) > 10
    trespasses = {file.relative_to(ROOT).as_posix(): _trespasses(file.read_text(encoding="utf-8")) for file in sources}
    assert {name: found for name, found in trespasses.items() if found} == {}


def test_the_engine_knows_no_secret_of_channels_or_erp() -> None:
    named = {file.name: SECRETS_OF_OTHERS.findall(file.read_text(encoding="utf-8")) for file in _sources()}
    assert {name: found for name, found in named.items() if found} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import ramah.settings",
        "from ramah import settings",
        "def f():\n    from worker.loops import run",
        "import importlib\nimportlib.import_module('actions.server')",
        "__import__('console')",
    ],
)
def test_a_trespass_is_seen_however_it_is_written(source: str) -> None:
    assert len(_trespasses(source)) == 1


@pytest.mark.parametrize("source", ["import rasa", "from engine.models import newest_model", "import ramahtamah"])
def test_what_belongs_to_the_engine_may_be_imported(source: str) -> None:
    assert _trespasses(source) == set()
