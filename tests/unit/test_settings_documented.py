"""The settings, their documentation and the example file say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ramah.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
ENGINE = (ROOT / "engine" / "environment.py").read_text(encoding="utf-8")

SETTINGS = {f"RAMAH_{name.upper()}" for name in Settings.model_fields}
ENGINE_VARIABLES = set(re.findall(r"\bRAMAH_[A-Z]+(?:_[A-Z]+)*\b", ENGINE))
COMPOSE_VARIABLES = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE))
HEADINGS = re.findall(r"^### (\S+)$", DOCUMENT, re.MULTILINE)
EXAMPLES = dict(re.findall(r"^#? ?([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))


def _section(name: str) -> str:
    found = re.search(rf"^### {name}\n\n(.*?)(?=\n##|\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def test_every_setting_has_one_heading_and_no_other_has() -> None:
    assert sorted(HEADINGS) == sorted(SETTINGS | ENGINE_VARIABLES | COMPOSE_VARIABLES)


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_every_setting_says_what_it_is_and_its_default(name: str) -> None:
    section = _section(name)
    assert "Default:" in section
    assert len(section) > len("Default: `x`.") + 20


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_the_documented_default_is_the_real_one(name: str) -> None:
    shown = re.search(r"Default:\s+(?:`([^`]*)`|none|a known development value)", _section(name))
    assert shown is not None
    if shown[1] is not None:
        assert shown[1] == EXAMPLES[name]


def test_the_example_file_lists_every_setting_and_no_other() -> None:
    assert set(EXAMPLES) == SETTINGS | COMPOSE_VARIABLES


def test_the_example_file_holds_the_defaults(tmp_path: Path) -> None:
    lines = [f"{name}={value}" for name, value in EXAMPLES.items() if name in SETTINGS and value]
    file = tmp_path / "env"
    file.write_text("\n".join(lines), encoding="utf-8")
    assert Settings(_env_file=str(file)) == Settings(_env_file=None)  # type: ignore[call-arg]


def test_the_example_file_sets_nothing_by_itself() -> None:
    assert [line for line in EXAMPLE.splitlines() if line and not line.startswith("#")] == []


def test_the_containers_get_only_settings_that_exist() -> None:
    given = set(re.findall(r"(?:^ +|[{,] )(RAMAH_[A-Z_]+):(?= |$)", COMPOSE, re.MULTILINE))
    assert "RAMAH_CONSOLE_HOST" in given
    assert given <= SETTINGS | ENGINE_VARIABLES
