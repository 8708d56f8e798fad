"""One log format for every process: readable lines in development, JSON in production."""

from __future__ import annotations

import logging
import sys

import structlog

from ramah.settings import Settings


def configure_logs(config: Settings) -> None:
    """Send structlog and the standard library's loggers to standard output in one shape."""
    level = logging.getLevelNamesMapping()[config.log_level]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if config.log_json
        else structlog.dev.ConsoleRenderer(
            # Plain: the fancy one prints local variables, and with them what customers wrote.
            colors=False,
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if config.log_json else structlog.processors.StackInfoRenderer(),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
    )
    logging.basicConfig(level=level, stream=sys.stdout, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for noisy in ("httpx", "httpcore", "sanic.access", "rasa_sdk.executor"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
