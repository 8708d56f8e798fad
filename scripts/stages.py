"""The stages of the tests: what each runs, and whether there is anything to run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scripts.progress import ROOT

PYTHON = ".venv/bin/python"
ENGINE_PYTHON = "engine/.venv/bin/python"
PYTEST = (PYTHON, "-m", "pytest")
PARALLEL = ("-n", "2")
PYTHON_TESTS = "test_*.py"
RESULTS = ROOT / "var" / "results"
MYPY_FOLDERS = ("ramah", "actions", "console", "worker", "scripts", "tests", "benchmarks")

Command = tuple[str, ...]


@dataclass(frozen=True)
class Stage:
    """One stage.

    Attributes:
        name: What one types after `make`, but for `test-`.
        target: The make target that runs it alone.
        commands: Run in order; called late, because some depend on what is there.
        tests: The folder and file pattern without which there is nothing to run; None for "always".
        patience: Seconds until a command is ended.
    """

    name: str
    target: str
    commands: Callable[[], list[Command]]
    tests: tuple[str, str] | None = None
    patience: float = 1800.0

    def has_work(self) -> bool:
        """Whether there is anything to run."""
        if self.tests is None:
            return True
        folder, pattern = self.tests
        return any((ROOT / folder).rglob(pattern))


def _pytest_stage(name: str, *options: str) -> Stage:
    """A folder of tests that the platform's pytest runs."""
    folder = f"tests/{name}"
    return Stage(name, f"test-{name}", lambda: [(*PYTEST, folder, *options)], (folder, PYTHON_TESTS))


def _check() -> list[Command]:
    present = [folder for folder in MYPY_FOLDERS if any((ROOT / folder).rglob("*.py"))]
    return [
        (PYTHON, "-m", "ruff", "check", "."),
        (PYTHON, "-m", "ruff", "format", "--check", "."),
        (PYTHON, "-m", "mypy", *present),
        (PYTHON, "-m", "mypy", "--config-file", "engine/mypy.ini", "engine"),
        (".venv/bin/lint-imports", "--no-logo"),
        (ENGINE_PYTHON, "-m", "scripts.check_yaml"),
    ]


def _engine() -> list[Command]:
    return [(ENGINE_PYTHON, "-m", "pytest", "-c", "engine/pytest.ini", "--rootdir", ".", "tests/engine")]


def _stories() -> list[Command]:
    return [(PYTHON, "-m", "scripts.run_stories")]


STAGES = (
    Stage("check", "check", _check),
    Stage("train", "train", lambda: [(ENGINE_PYTHON, "-m", "engine.train")]),
    _pytest_stage("unit", *PARALLEL),
    _pytest_stage("contract", *PARALLEL),
    _pytest_stage("integration", *PARALLEL),
    Stage("engine", "test-engine", _engine, ("tests/engine", PYTHON_TESTS)),
    Stage("stories", "stories", _stories, ("tests/stories", "test_*.yml")),
    _pytest_stage("conversation"),
    _pytest_stage("browser"),
    _pytest_stage("resilience"),
)

# The type checker and the training have one core each; conversations mostly wait for one another's processes, and the
# engine's own tests use one core meanwhile.
LANES = (
    (("check",), ("train",)),
    (("unit",),),
    (("contract",),),
    (("integration",),),
    (("engine", "stories"), ("conversation",)),
    (("browser",),),
    (("resilience",),),
)
"""The order of the stages: step by step; the lanes of a step run at the same time, the stages of a lane in turn."""
