"""`rasa shell` with the settings that a running platform uses; its conversations are kept apart."""

from __future__ import annotations

import os
import sys

from ramah.cli.processes import child_environment
from ramah.settings import settings
from scripts.progress import ROOT, tell

STORE = ROOT / "var" / "shell.db"
RASA = "engine/.venv/bin/rasa"


def main() -> None:
    """Become `rasa shell`."""
    config = settings()
    STORE.parent.mkdir(exist_ok=True)
    environment = child_environment(config, demo=config.demo, whatsapp_demo=False)
    environment |= {"RAMAH_ENGINE_STORE_URL": f"sqlite:///{STORE}", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    tell("Bookings and prices come from the action server: keep `make run` going in another terminal.")
    os.chdir(ROOT)
    verbosity = "-vv" if "--debug" in sys.argv else "--quiet"
    os.execve(RASA, [RASA, "shell", verbosity], environment)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
