"""Run the end-to-end stories with `rasa test` on the newest model, and look at what it reports.

`rasa test` ends with success where it finds no model or no story, so its report is read afterwards.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

from scripts.progress import ROOT, tell

STORIES = ROOT / "tests" / "stories"
OUT = ROOT / "var" / "results" / "stories"
REPORT = OUT / "story_report.json"
COMMAND = ("engine/.venv/bin/rasa", "test", "core", "--e2e", "--fail-on-prediction-errors", "--no-plot")
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
PATIENCE = 1700.0


def main() -> int:
    """Return the exit code: 0 when every story in the folder was predicted right."""
    shutil.rmtree(OUT, ignore_errors=True)
    command = [*COMMAND, "--stories", str(STORIES), "--out", str(OUT), "--model", "models"]
    environment = {**os.environ, **QUIET}
    status = subprocess.run(command, cwd=ROOT, env=environment, timeout=PATIENCE, check=False).returncode
    if status:
        tell("Stories failed. The differences are in var/results/stories/failed_test_stories.yml.")
        return status
    return _judge(_listed())


def _listed() -> int:
    """How many stories the files hold."""
    files = sorted(STORIES.rglob("test_*.yml"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return sum(line.strip().startswith("- story:") for line in lines)


def _judge(listed: int) -> int:
    if not REPORT.is_file():
        tell("`rasa test` wrote no report; train a model first: `make train`.")
        return 1
    accuracy = json.loads(REPORT.read_text(encoding="utf-8"))["conversation_accuracy"]
    correct, total = int(accuracy["correct"]), int(accuracy["total"])
    tell(f"{correct} of {listed} stories passed")
    return 0 if listed == correct == total else 1


if __name__ == "__main__":
    sys.exit(main())
