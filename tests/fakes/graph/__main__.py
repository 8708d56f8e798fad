"""Run the fake as a process: ``python -m tests.fakes.graph --port 5290 --webhook http://127.0.0.1:8080/...``."""

from __future__ import annotations

import argparse
import logging
import signal
import threading

from tests.fakes.graph.accounts import Account, Habits
from tests.fakes.graph.server import GraphServer


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    arguments = _arguments()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    account = Account(
        phone_number_id=arguments.phone_id,
        name=arguments.name,
        token=arguments.token,
        app_secret=arguments.app_secret,
        verify_token=arguments.verify_token,
        webhook_url=arguments.webhook,
        display_phone_number=arguments.number,
    )
    asked_to_stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: asked_to_stop.set())
    with GraphServer([account], port=arguments.port, habits=Habits(delay=arguments.receipt_delay)) as server:
        print(f"WhatsApp customer page: {server.url}/_demo/", flush=True)
        asked_to_stop.wait()


def _arguments() -> argparse.Namespace:
    defaults = Account()
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.graph", description=__doc__)
    parser.add_argument("--port", type=int, default=5290)
    parser.add_argument("--webhook", default="", help="where to post webhooks")
    parser.add_argument("--phone-id", default=defaults.phone_number_id, help="phone_number_id of the business")
    parser.add_argument("--name", default=defaults.name, help="name of the business, as customers see it")
    parser.add_argument("--number", default=defaults.display_phone_number, help="number of the business, digits")
    parser.add_argument("--token", default=defaults.token, help="the access token to accept")
    parser.add_argument("--app-secret", default=defaults.app_secret, help="what webhooks are signed with")
    parser.add_argument("--verify-token", default=defaults.verify_token, help="for the webhook handshake")
    parser.add_argument("--receipt-delay", type=float, default=0.4, help="seconds between two receipts")
    return parser.parse_args()


if __name__ == "__main__":
    main()
