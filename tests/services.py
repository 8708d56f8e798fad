"""Services that tests use where they answer, and must use where they are required. Standard library only.

Both environments import this: the platform's tests and the engine's.
"""

from __future__ import annotations

import os
import socket
from urllib.parse import urlsplit

REQUIRED = "RAMAH_TEST_REQUIRE_SERVICES"
PATIENCE = 2.0
# Variable, where the service is on a developer's machine, and its port where the address names none.
POSTGRES = ("RAMAH_TEST_POSTGRES_URL", "postgresql://root@127.0.0.1:5432/postgres", 5432)
REDIS = ("RAMAH_TEST_REDIS_URL", "redis://127.0.0.1:6379/15", 6379)
BROKER = ("RAMAH_TEST_BROKER_URL", "amqp://guest:guest@127.0.0.1:5672", 5672)


class ServiceMissing(Exception):
    """A service is required and does not answer."""


def address_of(service: tuple[str, str, int]) -> str | None:
    """The URL of the service if it answers, else None.

    Raises:
        ServiceMissing: It does not answer, and RAMAH_TEST_REQUIRE_SERVICES=1 says that it must.
    """
    variable, usual, usual_port = service
    url = os.environ.get(variable) or usual
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or usual_port), PATIENCE).close()
    except OSError as error:
        if os.environ.get(REQUIRED) == "1":
            raise ServiceMissing(
                f"{parts.hostname}:{parts.port or usual_port} does not answer; see {variable}"
            ) from error
        return None
    return url
