"""One log format for every process: readable lines in development, JSON in production."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from ramah.lib.spans import current_recorder
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
    logging.setLogRecordFactory(_with_trace)
    logging.basicConfig(
        level=level, stream=sys.stdout, format="%(asctime)s %(levelname)s %(name)s %(message)s%(trace)s"
    )
    for noisy in ("httpx", "httpcore", "sanic.access", "rasa_sdk.executor"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _with_trace(*parts: Any, **named: Any) -> logging.LogRecord:
    """A line of a library's log that names the trace in which it is written, as our own lines do."""
    record, recorder = logging.LogRecord(*parts, **named), current_recorder()
    record.trace = f" trace_id={recorder.context.trace_id}" if recorder else ""
    return record
