"""`python -m engine.serve`: the Rasa server with our connector and nothing else."""

from __future__ import annotations

from engine.quiet import configure_logging, silence

silence()

import asyncio  # noqa: E402
import logging  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
from functools import partial  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402
from urllib.parse import urlsplit  # noqa: E402

from engine.environment import EngineEnvironment, EnvironmentProblem, read_environment  # noqa: E402
from engine.light_start import components_of_model, leave_out_tensorflow  # noqa: E402
from engine.models import newest_model  # noqa: E402

CREDENTIALS = "credentials.yml"
ENDPOINTS = "endpoints.yml"
EXCHANGE = "ramah.events"
QUEUE = "ramah_events"
CANNOT_START = 2

logger = logging.getLogger("engine.serve")


def main() -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code."""
    try:
        environment = read_environment()
        model = _model(environment)
        leave_out_tensorflow(components_of_model(model))
        app = _application(environment, model)
    except (EnvironmentProblem, _start_problems()) as error:
        print(str(error), file=sys.stderr)
        return CANNOT_START
    logger.info("Engine on http://%s:%s with %s", environment.host, environment.port, model.name)
    app.run(host=environment.host, port=environment.port, workers=1, access_log=False, motd=False)
    return 0


def _start_problems() -> Any:
    from rasa.shared.exceptions import RasaException

    return RasaException


def _wanted_model(environment: EngineEnvironment) -> Path | None:
    return Path(environment.model) if environment.model else newest_model(Path.cwd())


def _model(environment: EngineEnvironment) -> Path:
    model = _wanted_model(environment)
    if model is None or not model.is_file():
        where = f"RAMAH_ENGINE_MODEL names {environment.model}" if environment.model else "models/ holds no model"
        raise EnvironmentProblem(f"The engine cannot start: {where}. Train one with `python -m engine.train`.")
    return model


def _application(environment: EngineEnvironment, model: Path) -> Any:
    """The Sanic application; the model and the stores are loaded when it starts."""
    import rasa.core.run as rasa_run
    from rasa.core.utils import AvailableEndpoints

    from engine.connector.health import add_health
    from engine.connector.model_change import ModelChange

    configure_logging()
    sys.path.insert(1, os.getcwd())
    endpoints = AvailableEndpoints.read_endpoints(ENDPOINTS)
    endpoints.event_broker = _broker(environment.broker_url) or endpoints.event_broker
    channels = rasa_run.create_http_input_channels(None, CREDENTIALS)
    app = rasa_run.configure_app(channels, enable_api=False, port=environment.port, endpoints=endpoints)
    app.ctx.model_change = ModelChange(app, partial(_wanted_model, environment))
    add_health(app)
    app.register_middleware(_only_our_routes, "request")
    app.register_listener(partial(rasa_run.load_agent_on_start, str(model), endpoints, None), "before_server_start")
    app.register_listener(_report_readiness, "before_server_start")
    app.register_listener(_watch_models, "after_server_start")
    app.register_listener(_stop_watching, "before_server_stop")
    app.register_listener(rasa_run.close_resources, "after_server_stop")
    return app


async def _only_our_routes(request: Any) -> Any:
    """Hide Rasa's own greeting page: every route but those of health and figures needs the token."""
    from sanic.response import empty

    from engine.connector.health import PATHS

    if request.path.startswith("/webhooks/ramah/") or request.path in PATHS:
        return None

    return empty(status=404)


async def _report_readiness(app: Any, _: Any) -> None:
    """Say at the start why the engine will refuse to serve, if it will."""
    from engine.connector.assistant import assistant_of
    from engine.connector.failures import TurnFailure

    try:
        assistant = assistant_of(app)
    except TurnFailure as failure:
        logger.error("The engine refuses to serve: %s", failure.detail)
    else:
        logger.info("The engine is ready: model %s, conversations in %s.", assistant.model, assistant.store.place)


async def _watch_models(app: Any, _: Any) -> None:
    """Serve a newer model as soon as it is there."""
    app.ctx.watching_models = asyncio.create_task(app.ctx.model_change.watch())


async def _stop_watching(app: Any, _: Any) -> None:
    task = getattr(app.ctx, "watching_models", None)
    if task:
        task.cancel()
        await asyncio.wait([task])


def _broker(url: str | None) -> Any:
    """The event broker's part of the endpoints; Rasa takes host, port and user from separate settings."""
    if not url:
        return None
    from rasa.utils.endpoints import EndpointConfig

    parts = urlsplit(url)
    port = parts.port or 5672
    return EndpointConfig(
        type="pika",
        url=f"{parts.scheme}://{parts.hostname}:{port}{parts.path}",  # Rasa logs it: no password in here
        port=port,
        username=parts.username or "guest",
        password=parts.password or "guest",
        queues=[QUEUE],
        exchange_name=EXCHANGE,
        connection_attempts=3,
        retry_delay_in_seconds=1,
    )


if __name__ == "__main__":
    sys.exit(main())
