"""The settings that the engine takes from the environment, checked before anything is loaded."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

REQUIRED = {
    "RAMAH_ENGINE_TOKEN": "the secret that callers of the engine send",
    "RAMAH_ENGINE_STORE_URL": "where conversations are kept: sqlite:///<file> or postgresql://...",
    "RAMAH_ACTIONS_URL": "the action server's address, such as http://127.0.0.1:5255/webhook",
    "RAMAH_ACTIONS_TOKEN": "the secret that the action server expects",
}
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 5205
BROKER_SCHEMES = ("amqp://", "amqps://")


class EnvironmentProblem(Exception):
    """A setting is missing or unusable; the message says which and what it is for."""


@dataclass(frozen=True)
class EngineEnvironment:
    """Where the engine listens and what it loads.

    Attributes:
        host: The interface to listen on; the engine is never to face the internet.
        port: The port to listen on.
        model: A model file, or None for the newest one in models/.
        broker_url: Where stored events are published as well, or None.
    """

    host: str
    port: int
    model: str | None
    broker_url: str | None


def read_environment(environment: Mapping[str, str] = os.environ) -> EngineEnvironment:
    """Read and check the settings.

    Raises:
        EnvironmentProblem: Naming every setting that is missing or unusable.
    """
    problems = [f"{name} is not set: {use}" for name, use in REQUIRED.items() if not environment.get(name, "").strip()]
    problems += [
        f"{name} still holds '${{': a placeholder was not replaced"
        for name, value in environment.items()
        if name.startswith("RAMAH_") and "${" in value
    ]
    port = environment.get("RAMAH_ENGINE_PORT") or str(DEFAULT_PORT)
    if not port.isdecimal() or not 0 < int(port) < 65536:
        problems.append(f"RAMAH_ENGINE_PORT is no port number: '{port}'")
    broker_url = environment.get("RAMAH_BROKER_URL") or None
    if broker_url and not broker_url.startswith(BROKER_SCHEMES):
        problems.append("RAMAH_BROKER_URL must begin with amqp:// or amqps://")
    if problems:
        raise EnvironmentProblem("The engine cannot start:\n  " + "\n  ".join(problems))
    host = environment.get("RAMAH_ENGINE_HOST") or DEFAULT_HOST
    return EngineEnvironment(host, int(port), environment.get("RAMAH_ENGINE_MODEL") or None, broker_url)
