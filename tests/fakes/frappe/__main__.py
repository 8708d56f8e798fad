"""Run the fake site by hand: ``python -m tests.fakes.frappe --port 5290``."""

from __future__ import annotations

import argparse
from threading import Event

from tests.fakes.frappe.server import FakeFrappe


def main() -> None:
    """Serve until interrupted, and say how to connect."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--timezone", default="Asia/Kuala_Lumpur")
    options = parser.parse_args()
    with FakeFrappe(site_timezone=options.timezone, port=options.port) as fake:
        print(f"fake ERPNext at {fake.base_url}, api key {fake.api_key}, secret {fake.api_secret}", flush=True)
        try:
            Event().wait()
        except KeyboardInterrupt:
            print("bye", flush=True)


if __name__ == "__main__":
    main()
