"""The two environments: the platform's at the root, the engine's beside the engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scripts.installer import binary, run_uv, sync
from scripts.interpreters import ENGINE, engine_python, is_platform_version, platform_request, version_of
from scripts.progress import ROOT, SetupError, step, tell
from scripts.stamps import digest, read_stamp, remove_stamp, write_stamp

RUNTIME, DEVELOPMENT = "runtime", "development"
WRONG_PYTHON = "Install Python 3.11, 3.12 or 3.13 and run again, such as `make PYTHON=python3.12 run`."


@dataclass(frozen=True)
class Environment:
    """An environment and its two lock files.

    Attributes:
        name: What people read.
        folder: Where it is.
        locks: The lock file of each kind.
    """

    name: str
    folder: Path
    locks: dict[str, Path]

    def wanted(self, development: bool) -> str:
        """The kind to install: what has been development stays so."""
        was = read_stamp(self.folder).partition(" ")[0]
        return DEVELOPMENT if development or was == DEVELOPMENT else RUNTIME

    def stamp(self, kind: str) -> str:
        """What the stamp holds when the environment is of this kind and up to date."""
        return f"{kind} {digest(self.locks[kind])}"


REQUIREMENTS = ROOT / "requirements"
PLATFORM = Environment(
    "Platform environment (.venv)",
    ROOT / ".venv",
    {RUNTIME: REQUIREMENTS / "base.txt", DEVELOPMENT: REQUIREMENTS / "dev.txt"},
)
RASA = Environment(
    "Engine environment (engine/.venv)",
    ROOT / "engine" / ".venv",
    {RUNTIME: ROOT / "engine" / "requirements.txt", DEVELOPMENT: ROOT / "engine" / "requirements-dev.txt"},
)


def prepare_platform(development: bool) -> None:
    """Make the platform's environment what its lock says.

    Raises:
        SetupError: With what to do about it.
    """
    if not is_platform_version(version_of(binary(PLATFORM.folder, "python"))):
        with step(f"{PLATFORM.name}: interpreter"):
            run_uv(["venv", "-q", "--clear", "--python", platform_request(), PLATFORM.folder], WRONG_PYTHON)
    _install(PLATFORM, development)


def prepare_engine(development: bool) -> None:
    """Make the engine's environment what its lock says.

    Raises:
        SetupError: With what to do about it.
    """
    if version_of(binary(RASA.folder, "python")) != ENGINE:
        with step(f"{RASA.name}: interpreter"):
            advice = "Remove engine/.venv and run the command again."
            run_uv(["venv", "-q", "--clear", "--python", engine_python(), RASA.folder], advice)
    _install(RASA, development)


def _install(environment: Environment, development: bool) -> None:
    kind = environment.wanted(development)
    stamp = environment.stamp(kind)
    if read_stamp(environment.folder) == stamp:
        tell(f"    {environment.name}: up to date")
        return
    with step(f"{environment.name}: {kind} packages"):
        remove_stamp(environment.folder)
        sync(environment.folder, environment.locks[kind])
        if not binary(environment.folder, "python").exists():
            raise SetupError(f"{environment.folder} has no interpreter", "Remove the folder and run again.")
        write_stamp(environment.folder, stamp)
