"""Make sure that there is a Chromium for the browser tests; print its path."""

from __future__ import annotations

import os
import shutil
import sys

from scripts.progress import SetupError, run, tell

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = "Install Chromium (apt-get install chromium, dnf install chromium, brew install --cask chromium)."
QUIETLY = {"DEBIAN_FRONTEND": "noninteractive"}


def browser() -> str | None:
    """The path of a Chromium on this machine, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def main() -> int:
    """Find or install a browser and return the exit code."""
    try:
        tell(browser() or _installed())
    except SetupError as error:
        tell(f"The browser tests cannot run: {error}.\nNext: {error.next_step}")
        return 1
    return 0


def _installed() -> str:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SetupError("there is no Chromium and this user cannot install one", ADVICE)
    environment = {**os.environ, **QUIETLY}
    run(["apt-get", "update", "-q"], ADVICE, environment=environment, patience=300)
    run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"], ADVICE, environment=environment)
    found = browser()
    if not found:
        raise SetupError("chromium was installed but is not on the PATH", ADVICE)
    return found


if __name__ == "__main__":
    sys.exit(main())
