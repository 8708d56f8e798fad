"""Set the project up: `python3 -m scripts.bootstrap [--dev]`. Does only what is missing."""

from __future__ import annotations

import argparse
import sys
import time

from scripts.environments import prepare_engine, prepare_platform
from scripts.progress import SetupError, tell
from scripts.static_assets import prepare_assets


def main() -> int:
    """Run the steps in order and return the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m scripts.bootstrap", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also install what checks and tests need")
    parser.add_argument("--assets-only", action="store_true", help="only the browser libraries")
    arguments = parser.parse_args()
    started = time.monotonic()
    try:
        _prepare(arguments.dev, arguments.assets_only)
    except SetupError as error:
        tell(f"\nSet-up stopped: {error}.\nNext: {error.next_step}")
        return 1
    except KeyboardInterrupt:
        tell("\nSet-up interrupted; run the command again to go on where it stopped.")
        return 130
    tell(f"    Set-up complete in {time.monotonic() - started:.1f} s")
    return 0


def _prepare(development: bool, assets_only: bool) -> None:
    if not assets_only:
        prepare_platform(development)
        prepare_engine(development)
    prepare_assets(with_tests=development)


if __name__ == "__main__":
    sys.exit(main())
