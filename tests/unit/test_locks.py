"""The lock files serve every machine: hashed, and with no address of a package index."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scripts.static_assets import CONSOLE, assets

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted([*(ROOT / "requirements").glob("*.txt"), *(ROOT / "engine").glob("requirements*.txt")])
HASHED = [file for file in LOCKS if file.name != "constraints.txt"]
ADDRESS = re.compile(r"://|--index-url|--find-links|--extra-index-url|--trusted-host|@ file:|\bwww\.")
PINNED = re.compile(r"^[A-Za-z0-9._-]+(\[[a-z0-9,_-]+\])?==[^\s;]+( ; .+?)? \\$")
HASH = re.compile(r"^ {4}--hash=sha256:[0-9a-f]{64}( \\)?$")


def _names(lines: list[str]) -> set[str]:
    found = (re.match(r"([A-Za-z0-9][A-Za-z0-9._-]*)", line) for line in lines)
    return {match[1].lower().replace("_", "-") for match in found if match}


def _shown(file: Path) -> str:
    return str(file.relative_to(ROOT))


def test_all_lock_files_are_looked_at() -> None:
    assert {_shown(file) for file in HASHED} == {
        "engine/requirements-dev.txt",
        "engine/requirements.txt",
        "requirements/base.txt",
        "requirements/dev.txt",
        "requirements/node.txt",
        "requirements/uv.txt",
    }


@pytest.mark.parametrize("file", LOCKS, ids=_shown)
def test_a_lock_names_no_host(file: Path) -> None:
    assert ADDRESS.findall(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", HASHED, ids=_shown)
def test_every_requirement_is_pinned_and_hashed(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    strange = [line for line in lines if not PINNED.match(line) and not HASH.match(line)]
    assert strange == []
    pairs = zip(lines, [*lines[1:], ""], strict=True)
    assert [line for line, following in pairs if PINNED.match(line) and not HASH.match(following)] == []


@pytest.mark.parametrize("file", HASHED, ids=_shown)
def test_every_wanted_package_is_in_its_lock(file: Path) -> None:
    wanted = _names(file.with_suffix(".in").read_text(encoding="utf-8").splitlines())
    locked = _names([line for line in file.read_text(encoding="utf-8").splitlines() if PINNED.match(line)])
    assert wanted <= locked


def test_development_holds_the_versions_that_run() -> None:
    runtime, development = ((ROOT / "requirements" / name).read_text().splitlines() for name in ("base.txt", "dev.txt"))
    assert {line for line in runtime if PINNED.match(line)} <= {line for line in development if PINNED.match(line)}


def test_the_browser_libraries_are_pinned_and_hashed() -> None:
    text = (CONSOLE / "package-lock.json").read_text(encoding="utf-8")
    wanted = json.loads((CONSOLE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    locked = {name.removeprefix("node_modules/"): entry for name, entry in json.loads(text)["packages"].items() if name}
    assert ADDRESS.findall(text) == []
    assert {name: locked[name]["version"] for name in wanted} == wanted
    assert all(entry["integrity"].startswith("sha512-") for entry in locked.values())


def test_npm_writes_no_address_and_runs_no_script_of_a_package() -> None:
    lines = (CONSOLE / ".npmrc").read_text(encoding="utf-8").splitlines()
    assert {"omit-lockfile-registry-resolved=true", "ignore-scripts=true"} <= set(lines)
    assert not any("registry=" in line for line in lines)


def test_every_asset_comes_from_a_pinned_package_and_has_a_hash() -> None:
    package = json.loads((CONSOLE / "package.json").read_text(encoding="utf-8"))
    listed = assets()
    for kind, for_tests in (("dependencies", False), ("devDependencies", True)):
        sources = {asset.source.partition("/")[0] for asset in listed if asset.for_tests is for_tests}
        assert sources == set(package[kind])
    assert all(re.fullmatch(r"[0-9a-f]{64}", asset.sha256) for asset in listed)
    assert len({asset.target for asset in listed}) == len(listed)
    assert ADDRESS.findall((CONSOLE / "assets.json").read_text(encoding="utf-8")) == []


def test_every_vendored_file_that_a_page_uses_is_listed() -> None:
    pages = [page.read_text(encoding="utf-8") for page in (CONSOLE / "templates").rglob("*.html")]
    used = {name for page in pages for name in re.findall(r"/static/vendor/([\w.-]+)", page)}
    assert used
    assert used <= {asset.target for asset in assets()}
