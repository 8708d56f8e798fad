"""The processes of one machine, as the settings want them."""

from __future__ import annotations

import sys
from pathlib import Path

from ramah.demo.loader import DEMO_SECRETS
from ramah.settings import Settings, inherited_environment
from ramah.supervisor import ProcessSpec

PROJECT = Path(__file__).resolve().parents[2]
ENGINE_PYTHON = PROJECT / "engine" / ".venv" / "bin" / "python"
LOOPBACK = "127.0.0.1"
WHATSAPP_PHONE_ID = "1000001"
WHATSAPP_WEBHOOK = "/webhooks/whatsapp/kilap-auto-whatsapp"
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - recognised, not bound
ENGINE_ADVICE = (
    "What to do: `make run` builds the engine's environment and trains the model when they are missing; "
    "by hand: `engine/.venv/bin/python -m engine.train`."
)


def all_processes(config: Settings, *, demo: bool, whatsapp_demo: bool) -> list[ProcessSpec]:
    """Every process in the order of dependence; all of them get the same environment."""
    environment = child_environment(config, demo=demo, whatsapp_demo=whatsapp_demo)
    actions = _local(config.actions_host, config.actions_port, "/health")
    specs = [
        _spec("actions", environment, actions, "RAMAH_ACTIONS_PORT"),
        ProcessSpec(
            "engine",
            [str(ENGINE_PYTHON), "-m", "engine.serve"],
            environment,
            _local(LOOPBACK, config.engine_port, "/webhooks/ramah/health"),
            PROJECT,
            start_patience=180.0,
            port_setting="RAMAH_ENGINE_PORT",
            advice=ENGINE_ADVICE,
        ),
        _spec("worker", environment, _local(LOOPBACK, config.worker_port, "/readyz"), "RAMAH_WORKER_PORT"),
        _spec("console", environment, console_address(config, "/readyz"), "RAMAH_CONSOLE_PORT"),
    ]
    return [*specs, _whatsapp_demo(config, environment)] if whatsapp_demo else specs


def child_environment(config: Settings, *, demo: bool, whatsapp_demo: bool) -> dict[str, str]:
    """Our own environment with what the processes must agree on.

    The engine reads the environment alone, no ``.env`` file, so what it needs is spelled out.
    """
    ours = {
        "PYTHONUNBUFFERED": "1",
        "RAMAH_DEMO": str(int(demo)),
        "RAMAH_PUBLIC_URL": public_address(config),
        "RAMAH_ENGINE_URL": _local(LOOPBACK, config.engine_port),
        "RAMAH_ENGINE_PORT": str(config.engine_port),
        "RAMAH_ENGINE_TOKEN": config.engine_token.get_secret_value(),
        "RAMAH_ENGINE_STORE_URL": config.engine_store_url,
        "RAMAH_ACTIONS_URL": _local(config.actions_host, config.actions_port, "/webhook"),
        "RAMAH_ACTIONS_TOKEN": config.actions_token.get_secret_value(),
    }
    if config.broker_url:
        ours["RAMAH_BROKER_URL"] = config.broker_url
    if whatsapp_demo:
        ours |= {"RAMAH_WHATSAPP_DEMO": "1", "RAMAH_WHATSAPP_BASE_URL": _local(LOOPBACK, config.whatsapp_demo_port)}
    return inherited_environment() | ours


def public_address(config: Settings) -> str:
    """Where people reach the console; follows the port unless it was set."""
    return config.public_url if "public_url" in config.model_fields_set else console_address(config)


def console_address(config: Settings, path: str = "") -> str:
    """Where this machine reaches the console."""
    return _local(config.console_host, config.console_port, path)


def _spec(module: str, environment: dict[str, str], health_url: str, port_setting: str) -> ProcessSpec:
    command = [sys.executable, "-m", module]
    return ProcessSpec(module, command, environment, health_url, PROJECT, port_setting=port_setting)


def _whatsapp_demo(config: Settings, environment: dict[str, str]) -> ProcessSpec:
    port = config.whatsapp_demo_port
    options = {
        "--port": str(port),
        "--webhook": console_address(config, WHATSAPP_WEBHOOK),
        "--phone-id": WHATSAPP_PHONE_ID,
        "--name": "Kilap Auto",
        "--token": DEMO_SECRETS["access_token"],
        "--app-secret": DEMO_SECRETS["app_secret"],
        "--verify-token": DEMO_SECRETS["verify_token"],
    }
    command = [sys.executable, "-m", "tests.fakes.graph", *(word for option in options.items() for word in option)]
    url = _local(LOOPBACK, port, "/_demo/")
    return ProcessSpec("whatsapp", command, environment, url, PROJECT, port_setting="RAMAH_WHATSAPP_DEMO_PORT")


def _local(host: str, port: int, path: str = "") -> str:
    host = LOOPBACK if host in EVERYWHERE else host
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{path}"
