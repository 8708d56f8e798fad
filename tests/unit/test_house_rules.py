"""The rules of the house that no linter knows, and that each of them catches what it is there for."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = ("actions", "console", "worker")
CODE = ("ramah", *PROCESSES, "engine", "scripts", "deploy", "benchmarks", "tests")
PROJECT_TEXT = (*CODE, "data", "docs", "requirements", ".ci")
TEXT_FILES = {".py", ".yml", ".yaml", ".md", ".txt", ".in", ".toml", ".ini", ".sh", ".html", ".js", ".css", ".json", ""}
NOT_OURS = {"__pycache__", "node_modules", "vendor", "models", "results"}
# Written once by Alembic from the models, then kept as a record of what ran.
MIGRATIONS = "ramah/store/migrations/versions/"
LONGEST_FILE = 300
LONGEST_FUNCTION = 50
# The settings read it for the platform. The engine and the set-up have an interpreter of their own, and tests
# have variables that nobody runs the product with.
READERS_OF_THE_ENVIRONMENT = ("ramah/settings.py", "engine/", "scripts/", "tests/")
# A home folder, a checkout or a temporary folder of somebody's machine; not a path inside a URL or a container.
MACHINE_PATH = re.compile(r"(?<![\w.$}{/<-])/(?:home|Users|root|work|tmp)/\w|[A-Z]:\\Users\\")

Check = Callable[[ast.AST], list[int]]


def _files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file() and not any(map(_is_made, file.relative_to(ROOT).parts[1:-1])):
                yield file


def _is_made(folder: str) -> bool:
    """Environments, caches and results: made from what is ours."""
    return folder in NOT_OURS or folder.startswith(".")


def _shown(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _modules(*folders: str) -> dict[str, ast.Module]:
    files = (file for file in _files(*folders) if file.suffix == ".py")
    return {_shown(file): ast.parse(file.read_text(encoding="utf-8")) for file in files}


def _found(check: Check, modules: dict[str, ast.Module]) -> list[str]:
    return [f"{name}:{line}" for name, module in modules.items() for line in check(module)]


def _long_functions(tree: ast.AST) -> list[int]:
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return [node.lineno for node in functions if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION]


def _swallowed_errors(tree: ast.AST) -> list[int]:
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    return [node.lineno for node in handlers if node.type is None or all(map(_does_nothing, node.body))]


def _does_nothing(statement: ast.stmt) -> bool:
    is_remark = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass) or is_remark


def _environment_reads(tree: ast.AST) -> list[int]:
    names = {"environ", "environb", "getenv"}
    attributes = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in names]
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "os"]
    return attributes + [node.lineno for node in imports if names & {alias.name for alias in node.names}]


def _commits(tree: ast.AST) -> list[int]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [node.lineno for node in calls if isinstance(node.func, ast.Attribute) and node.func.attr == "commit"]


def _sentences(tree: ast.AST) -> list[int]:
    """Where words for a customer are written in Python: a literal text or title, or one said without a name."""
    return [
        node.lineno
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for node in (*_literal_words(call), *_said_positionally(call))
    ]


def _literal_words(call: ast.Call) -> list[ast.expr]:
    named: list[tuple[str, ast.expr]] = [(word.arg, word.value) for word in call.keywords if word.arg]
    for entry in (node for value in (*call.args, *dict(named).values()) for node in ast.walk(value)):
        if isinstance(entry, ast.Dict):
            named += [(_name_of(key), value) for key, value in zip(entry.keys, entry.values, strict=True)]
    return [
        value for name, value in named if name in {"text", "title"} and isinstance(value, (ast.Constant, ast.JoinedStr))
    ]


def _name_of(key: ast.expr | None) -> str:
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""


def _said_positionally(call: ast.Call) -> list[ast.expr]:
    said = isinstance(call.func, ast.Attribute) and call.func.attr == "utter_message"
    return call.args if said else []


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {_shown(file): len(file.read_text(encoding="utf-8").splitlines()) for file in _python_of_ours()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def _python_of_ours() -> Iterator[Path]:
    return (file for file in _files(*CODE) if file.suffix == ".py" and not _shown(file).startswith(MIGRATIONS))


def test_no_function_is_longer_than_a_screen() -> None:
    modules = {name: module for name, module in _modules(*CODE).items() if not name.startswith(MIGRATIONS)}
    assert _found(_long_functions, modules) == []


def test_no_error_is_swallowed() -> None:
    assert _found(_swallowed_errors, _modules(*CODE)) == []


def test_only_the_settings_read_the_environment() -> None:
    modules = _modules(*CODE)
    others = {name: modules[name] for name in modules if not name.startswith(READERS_OF_THE_ENVIRONMENT)}
    assert _found(_environment_reads, others) == []


def test_only_the_store_ends_a_transaction() -> None:
    modules = _modules("ramah", *PROCESSES)
    assert _found(_commits, {name: modules[name] for name in modules if not name.startswith("ramah/store/")}) == []


def test_no_sentence_for_a_customer_is_written_in_an_action() -> None:
    assert _found(_sentences, _modules("actions")) == []


def test_nothing_names_a_folder_of_somebodys_machine() -> None:
    own = Path(__file__)
    files = [file for file in (*_files(*PROJECT_TEXT), *_at_the_root()) if file.suffix in TEXT_FILES and file != own]
    assert len(files) > 100
    lines = [(file, line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    assert [f"{_shown(file)}: {line}" for file, line in lines if MACHINE_PATH.search(line)] == []


def _at_the_root() -> list[Path]:
    """The project's own files there; not what a person keeps beside them, such as .env."""
    return [file for file in ROOT.iterdir() if file.is_file() and file.name != ".env" and file.suffix in TEXT_FILES]


def test_the_architecture_lists_every_package() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    packages = ["engine", *PROCESSES, *(init.parent.name for init in (ROOT / "ramah").glob("*/__init__.py"))]
    assert len(packages) > 10
    assert [name for name in packages if not re.search(rf"(?<![\w-]){name}(?:/|`|\.py|\b)", text)] == []


def _contracts(kind: str) -> list[dict[str, list[str]]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract for contract in settings["tool"]["importlinter"]["contracts"] if contract["type"] == kind]


def test_every_package_is_on_a_floor_of_the_import_contract() -> None:
    floors = {name.strip() for floor in _contracts("layers")[0]["layers"] for name in floor.split("|")}
    assert {f"ramah.{init.parent.name}" for init in (ROOT / "ramah").glob("*/__init__.py")} <= floors
    assert set(PROCESSES) <= floors


def test_every_channel_is_in_the_contract_that_keeps_channels_apart() -> None:
    channels = {f"ramah.channels.{init.parent.name}" for init in (ROOT / "ramah" / "channels").glob("*/__init__.py")}
    assert channels == set(_contracts("independence")[0]["modules"])


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (_long_functions, "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION),
        (_swallowed_errors, "try:\n    f()\nexcept ValueError:\n    pass"),
        (_swallowed_errors, "try:\n    f()\nexcept:\n    raise"),
        (_swallowed_errors, "try:\n    f()\nexcept ValueError:\n    ..."),
        (_environment_reads, "import os\nos.environ['HOME']"),
        (_environment_reads, "from os import getenv"),
        (_commits, "session.commit()"),
        (_sentences, "dispatcher.utter_message(text='Halo')"),
        (_sentences, "dispatcher.utter_message(text=f'Halo {name}')"),
        (_sentences, "dispatcher.utter_message('Halo')"),
        (_sentences, "dispatcher.utter_message(response='utter_hi', buttons=[{'title': 'Ya', 'payload': '/affirm'}])"),
    ],
)
def test_each_rule_catches_its_offender(check: Check, code: str) -> None:
    assert len(check(ast.parse(code))) == 1


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (_long_functions, "def f():\n" + "    x = 1\n" * (LONGEST_FUNCTION - 1)),
        (_swallowed_errors, "try:\n    f()\nexcept ValueError as error:\n    raise Other from error"),
        (_sentences, "dispatcher.utter_message(response='utter_hi', name=name)"),
        (_sentences, "Heard(text=message.text)"),
    ],
)
def test_no_rule_complains_about_what_is_right(check: Check, code: str) -> None:
    assert check(ast.parse(code)) == []


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("open('/home/ani/ramah/x')", True),
        ("cd /Users/ani/ramah", True),
        ("see C:\\Users\\ani", True),
        ("https://example.com/home/index", False),
        ("tmpfs: [/tmp, /app/var]", False),
        ("Path.home() / '.pyenv'", False),
    ],
)
def test_a_machine_path_is_told_from_an_address(line: str, caught: bool) -> None:
    assert bool(MACHINE_PATH.search(line)) is caught
