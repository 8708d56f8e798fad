"""The compose file: no secrets, a health check for every process, only the console faces the world."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONCE = {name for name, service in SERVICES.items() if service.get("restart") == "no"}
SECRET_NAME = re.compile(r"PASSWORD|_PASS$|SECRET|TOKEN|_KEY$|AUTH$")
REQUIRED = r"\$\{[A-Z_]+:\?[^}]+\}"
IMAGES = ("platform", "engine")


def _environment() -> list[tuple[str, str, str | None]]:
    return [
        (service, name, value)
        for service, contents in SERVICES.items()
        for name, value in contents.get("environment", {}).items()
    ]


def test_every_part_is_there() -> None:
    assert set(SERVICES) - ONCE == {
        "console", "actions", "worker", "engine", "postgres", "redis", "rabbitmq", "minio",
    }  # fmt: skip


def test_every_secret_comes_from_outside_and_is_required() -> None:
    secrets = [(service, name, value) for service, name, value in _environment() if SECRET_NAME.search(name)]
    assert secrets
    assert [entry for entry in secrets if not re.fullmatch(REQUIRED, entry[2] or "")] == []


def test_no_password_stands_in_an_address_or_a_command() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert re.findall(rf"://[^/@\s]*:(?!{REQUIRED}@)[^/@\s]+@", text) == []
    assert re.findall(rf"--requirepass,? (?!\"{REQUIRED}\")", text) == []


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONCE))
def test_every_process_has_a_health_check(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "retries", "start_period"} <= set(check)


def test_only_the_console_is_published() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"console"}


def test_the_engine_and_the_stores_cannot_reach_the_internet() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    closed = {name for name, service in SERVICES.items() if service["networks"] == ["inside"]}
    assert closed == {"engine", "postgres", "redis", "rabbitmq", "minio"}


def test_the_engine_holds_no_secret_of_the_platform() -> None:
    given = set(SERVICES["engine"]["environment"])
    assert given.isdisjoint({"RAMAH_SECRET_KEY", "RAMAH_DATABASE_URL", "POSTGRES_PASSWORD"})


def test_dependencies_wait_for_health() -> None:
    for service in SERVICES.values():
        for name, wait in service.get("depends_on", {}).items():
            wanted = "service_completed_successfully" if name in ONCE else "service_healthy"
            assert wait == {"condition": wanted}


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_is_built_in_stages_from_hashed_locks_for_an_ordinary_user(image: str) -> None:
    text = (ROOT / "deploy" / f"{image}.Dockerfile").read_text(encoding="utf-8")
    assert len(re.findall(r"^FROM ", text, re.MULTILINE)) >= 3
    assert text.count("--require-hashes") == 2
    last_stage = text[text.rindex("\nFROM ") :]
    assert re.search(r"^USER ramah$", last_stage, re.MULTILINE)


@pytest.mark.parametrize("image", IMAGES)
def test_everything_that_an_image_copies_is_there(image: str) -> None:
    text = (ROOT / "deploy" / f"{image}.Dockerfile").read_text(encoding="utf-8")
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
    missing = [name for line in lines for name in line.split() if not (ROOT / name).exists()]
    assert missing == []


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_holds_no_local_settings(image: str) -> None:
    ignored = (ROOT / "deploy" / f"{image}.Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert {".env", ".git", "var", "models"} <= set(ignored)
