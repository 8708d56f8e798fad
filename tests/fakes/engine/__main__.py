"""Run the stand-in as a process: ``python -m tests.fakes.engine --port 5205 --memory engine.db --token secret``."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.fakes.engine.memory import Memory
from tests.fakes.engine.server import EngineServer


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.engine", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--memory", type=Path, required=True, help="the file that survives a kill")
    parser.add_argument("--token", required=True)
    parser.add_argument("--before", type=float, default=0.0, help="seconds that a turn takes until it is done")
    parser.add_argument("--after", type=float, default=0.0, help="seconds until the answer leaves then")
    given = parser.parse_args()
    EngineServer(Memory(given.memory), given.token, port=given.port, before=given.before, after=given.after).serve()


if __name__ == "__main__":
    main()
