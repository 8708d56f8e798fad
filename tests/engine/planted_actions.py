"""`python planted_actions.py PORT TOKEN`, in the platform's environment: the real action server, whose booking form
cannot be validated."""

from __future__ import annotations

import sys

import actions.booking as booking
from actions.server import build
from ramah.settings import Settings


class PlantedError(Exception):
    """What a programmer's mistake raises; its words hold the customer's."""


def fail(*_: object) -> object:
    """In place of what finds out whose conversation it is."""
    raise PlantedError("Budi, 0812 3456 7890")


def main() -> None:
    """Serve until ended."""
    port, token = int(sys.argv[1]), sys.argv[2]
    booking.place_of = fail  # type: ignore[assignment]
    config = Settings(_env_file=None, actions_token=token)  # type: ignore[call-arg, arg-type]
    build(config).run(host="127.0.0.1", port=port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
